import { expect, test } from 'vitest';
import { amounts, direct, lines, managed, of, run, scenario } from './fixture.ts';

const HOURLY = {
  loaded_rate: '100 USD/hour',
  gateway_integration: '8 hours',
  adapter: { build: '16 hours', learning: 0.9 },
};
const phased = (...via: string[]) => ({
  id: 'later',
  kind: 'phased',
  migration: '10 hours',
  phases: via.map((id, k) => (k === via.length - 1 ? { via: id } : { via: id, for: 3 })),
});
const split = { id: 'split', kind: 'hybrid', rules: [{ share: 0.5, via: 'toll' }, { else: 'direct' }] };
const evaluated = (...via: string[]) =>
  run(
    scenario({
      strategies: [direct, managed('toll'), split, phased(...via)],
      engineering: HOURLY,
      outages: { from: 'none' },
      horizon: 12,
    }),
  );

test('what both phases need is built once: the connection of the first serves the second', () => {
  const evaluation = evaluated('toll', 'split');
  const [connected] = lines(evaluation, 'later', 'Connect to the gateway (toll)').map(({ amounts_usd }) => amounts_usd);
  expect(connected![0]).toBeCloseTo(800, 9);
  const back = amounts(evaluation, 'later', 'Built before: Connect to the gateway (toll)');
  expect(back.indexOf(-800)).toBe(3);
  expect(back.filter((amount) => amount !== 0)).toEqual([-800]);
  expect(amounts(evaluation, 'later', 'Change-over to split')[3]).toBeCloseTo(1000, 9);
});

test('what only the later phase needs is built when it begins', () => {
  const evaluation = evaluated('toll', 'direct');
  expect(lines(evaluation, 'later', 'Built before: adapters to sellers')).toEqual([]);
  expect(amounts(evaluation, 'later', 'Build: adapters to sellers')[3]).toBeCloseTo(1600, 9);
});

test('a phase that comes back builds nothing anew, and the total is that of its lines', () => {
  const evaluation = evaluated('toll', 'direct', 'toll');
  const back = amounts(evaluation, 'later', 'Built before: Connect to the gateway (toll)');
  expect(back[6]).toBeCloseTo(-800, 9);
  const { npv_usd, lines: told } = of(evaluation, 'later');
  const sum = told.reduce((all, line) => all + line.amounts_usd.reduce((a, b) => a + b, 0), 0);
  expect(sum).toBeCloseTo(npv_usd, 6);
});
