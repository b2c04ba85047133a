import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cvarOfSorted, quantiles, summarise, summariseAll } from '../../src/decision/summary.ts';
import { normalQuantile } from '../../src/special-functions/normal.ts';
import { column } from './columns.ts';

const oneTo = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i + 1);
/** A sample without noise: quantiles at the middles of n equal shares. */
const evenSample = (n: number, quantile: (p: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n));

describe('conditional value at risk', () => {
  it.each([
    [0.5, 8],
    [0.8, 9.5],
    [0.85, 29 / 3],
    [0.9, 10],
    [0.95, 10],
  ])('of losses 1 to 10 at %f is %f: the outcome on the boundary counts in part', (level, expected) => {
    expect(cvarOfSorted(oneTo(10), level)).toBeCloseTo(expected, 12);
  });

  it('of losses 1 to 100 at 0.95 is 98', () => {
    expect(cvarOfSorted(oneTo(100), 0.95)).toBeCloseTo(98, 12);
  });

  it.each([
    [0.9, 1.754983319324869],
    [0.95, 2.0627128075074257],
    [0.975, 2.3378027922014133],
    [0.99, 2.665214220345806],
  ])('of a standard normal cost at %f is %f', (level, expected) => {
    expect(cvarOfSorted(evenSample(200_000, normalQuantile), level)).toBeCloseTo(expected, 4);
  });

  it('of a log-normal cost (0, 1) at 0.95 is 8.557227', () => {
    const sample = evenSample(400_000, (p) => Math.exp(normalQuantile(p)));
    expect(Math.abs(cvarOfSorted(sample, 0.95) - 8.557226866796718)).toBeLessThan(1e-3);
  });

  it('lies between the mean and the dearest outcome and never falls as the level rises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 0.999, noNaN: true })),
        (values, levels) => {
          const sorted = Float64Array.from(values).sort();
          const [low, high] = levels.sort((a, b) => a - b).map((level) => cvarOfSorted(sorted, level)) as [
            number,
            number,
          ];
          const slack = 1e-9 * 1e6;
          expect(low).toBeLessThanOrEqual(high + slack);
          expect(high).toBeLessThanOrEqual(sorted.at(-1)! + slack);
          expect(cvarOfSorted(sorted, 0)).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 6);
        },
      ),
    );
  });
});

describe('the level of CVaR', () => {
  it.each([-0.1, 1, 95, Number.NaN])('can not be %f', (level) => {
    expect(() => cvarOfSorted(column(1, 2), level)).toThrow('level');
  });
});

describe('a summary of draws', () => {
  it('has type 7 quantiles: 1, 2, 3, 4, 10 has P50 = 3 and P95 = 8.8', () => {
    expect(summarise(column(10, 1, 3, 2, 4))).toEqual({
      draws: 5,
      mean: 4,
      se: Math.sqrt(12.5 / 5),
      p5: 1.2,
      p50: 3,
      p95: expect.closeTo(8.8, 12),
      cvar95: 10,
    });
  });

  it('of several strategies stands under their ids', () => {
    const found = summariseAll({ ids: ['a', 'b'], costs: [column(1, 3), column(4, 4)] });
    expect(found.map(({ id, mean, se }) => [id, mean, se])).toEqual([
      ['a', 2, 1],
      ['b', 4, 0],
    ]);
  });

  it('takes quantiles at any share, the ends included', () => {
    expect([...quantiles(column(10, 1, 3, 2, 4), [0, 0.25, 0.9, 1])]).toEqual([1, 2, expect.closeTo(7.6, 12), 10]);
  });

  it('leaves the draws in their order', () => {
    const costs = column(3, 1, 2);
    summarise(costs);
    expect([...costs]).toEqual([3, 1, 2]);
  });

  it('of costs far from zero keeps the error of the mean exact', () => {
    expect(summarise(column(1e9, 1e9 + 2)).se).toBe(1);
  });

  it('refuses what is not a number, and a single draw', () => {
    expect(() => summarise(column(1, Number.NaN))).toThrow('draw 1');
    expect(() => summarise(column(1))).toThrow('two draws');
  });
});
