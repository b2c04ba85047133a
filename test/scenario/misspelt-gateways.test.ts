/** A misspelt gateway is told with whatever else is wrong, in one go. */
import { expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { book } from '../costs/fixture.ts';

const scenario = (more: Record<string, unknown>, gateway: unknown) => ({
  name: 'test',
  start: '2026-12',
  horizon: '12 months',
  traffic: { trace: 'none.csv' },
  baseline: 'direct',
  strategies: [
    { id: 'direct', kind: 'direct' },
    { id: 'other', kind: 'managed_gateway', gateway },
  ],
  ...more,
});

function told(raw: unknown): string[] {
  try {
    resolveScenario(raw, book);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const known = [...book.gateways.keys()];

it('a misspelt key and a misspelt gateway are told at once', () => {
  const found = told(scenario({ engineerin: {} }, `${known[0]}x`));
  expect(found).toHaveLength(2);
  expect(found[0]).toContain('unknown key "engineerin"');
  expect(found[1]).toContain(`strategies[1].gateway: there is no gateway "${known[0]}x" (did you mean "${known[0]}"`);
});

it('a misspelt gateway by itself is told once', () => {
  expect(told(scenario({}, `${known[0]}x`))).toHaveLength(1);
});

it('a gateway that the scenario defines is known', () => {
  const found = told(scenario({ engineerin: {}, gateways: { own: { name: 'Own', kind: 'managed' } } }, 'own'));
  expect(found).toHaveLength(1);
});

it('what is no name of a gateway is left to the contract', () => {
  expect(told(scenario({ strategies: [null, { gateway: 3 }] }, 'any')).join('\n')).not.toContain('there is no gateway');
});
