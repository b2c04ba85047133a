import { describe, expect, it } from 'vitest';
import { sampledOutages } from '../../src/sampled-outages.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { book, direct, managed, scenario } from '../costs/fixture.ts';

const YEARS_MS = Date.UTC(2100, 0);
const asked = (seed: number) =>
  resolveScenario(
    scenario({
      seed,
      strategies: [direct, managed('toll')],
      routes: { large: { seller: 'acme', model: 'large' }, twin: { seller: 'beta', model: 'twin' } },
    }),
    book,
  );
const downFraction = (seed: number, component: string): number =>
  sampledOutages(asked(seed), book)
    .filter((one) => one.component === component)
    .reduce((total, { from_ms, until_ms }) => total + until_ms - from_ms, 0) / YEARS_MS;

describe('sampled outages', () => {
  it('are one world: equal for equal seeds, another for another', () => {
    expect(sampledOutages(asked(1), book)).toEqual(sampledOutages(asked(1), book));
    expect(sampledOutages(asked(1), book)).not.toEqual(sampledOutages(asked(2), book));
  });

  it('take as long as the records say: 0.29 %, 0.37 % and the pooled 0.1 % of a gateway, over 130 years', () => {
    const mean = (component: string): number =>
      [1, 2, 3, 4].reduce((total, seed) => total + downFraction(seed, component), 0) / 4;
    // Some 13,000 incidents each, of variation 1.3: a standard error of about 1.5 %.
    expect(mean('acme/large') / 0.0029).toBeCloseTo(1, 1);
    expect(mean('beta/twin') / 0.0037).toBeCloseTo(1, 1);
    expect(mean('toll') / 0.001).toBeCloseTo(1, 1);
  });

  it('touch models and gateways, never a seller as a whole', () => {
    const names = new Set(sampledOutages(asked(1), book).map(({ component }) => component));
    expect([...names].sort()).toEqual(['acme/large', 'beta/twin', 'toll']);
  });
});
