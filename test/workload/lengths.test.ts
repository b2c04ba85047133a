import { expect, test } from 'vitest';
import { substream } from '../../src/random.ts';
import { fitTable } from '../../src/workload/fit-table.ts';
import { inverseOf, meanOf } from '../../src/workload/inverse.ts';
import { lengths, outputsFor } from '../../src/workload/lengths.ts';
import type { Tokens } from '../../src/workload/schema.ts';
import { rankCorrelation, sizesOf } from '../../src/workload/statistics.ts';

const MIXTURE: Tokens = {
  mixture: [
    { share: 0.25, tokens: { values: [10], counts: [1] } },
    { share: 0.75, tokens: { p50: 350, p95: 1200 } },
  ],
};

test.each<[string, Tokens, number]>([
  ['log-normal', { p50: 350, p95: 1200 }, 463.3],
  ['a quantile table', { probabilities: [0, 0.5, 1], values: [0, 10, 30] }, 12.5],
  ['a histogram', { values: [1, 2, 10], counts: [2, 1, 1] }, 3.5],
  ['a mixture', MIXTURE, 2.5 + 0.75 * 463.3],
])('the mean of %s is its closed form, and the draws keep it', (_, tokens, mean) => {
  expect(meanOf(tokens)).toBeCloseTo(mean, 0);
  for (const seed of [1, 2, 3]) {
    const drawn = sizesOf(lengths(8192, inverseOf(tokens), 0, substream(seed, 'test')));
    expect(Math.abs(drawn.mean / mean - 1)).toBeLessThan(0.01);
  }
});

test('a quantile lies on the line between its neighbours', () => {
  const inverse = inverseOf({ probabilities: [0, 0.5, 1], values: [0, 10, 30] });
  expect([0, 0.25, 0.5, 0.75].map(inverse)).toEqual([0, 5, 10, 20]);
});

test('a histogram gives each value as often as it was counted', () => {
  const drawn = lengths(4000, inverseOf({ values: [1, 2, 10], counts: [2, 1, 1] }), 0, substream(7, 'test'));
  expect([1, 2, 10].map((value) => drawn.filter((one) => one === value).length)).toEqual([2000, 1000, 1000]);
});

test('quantiles of a block hardly move with the seed', () => {
  const drawn = [1, 2, 3, 4].map((seed) =>
    sizesOf(lengths(8192, inverseOf({ p50: 350, p95: 1200 }), 1, substream(seed, 'test'))),
  );
  for (const { p50, p95 } of drawn) {
    expect(Math.abs(p50 / 350 - 1)).toBeLessThan(0.005);
    expect(Math.abs(p95 / 1200 - 1)).toBeLessThan(0.005);
  }
});

test.each([-1, -0.5, 0, 0.3, 0.8, 1])('rank correlation %d is met, and the distribution of outputs kept', (rho) => {
  const inputs = lengths(8192, inverseOf({ p50: 1000, p95: 9000 }), 1, substream(1, 'inputs'));
  const inverse = inverseOf({ p50: 100_000, p95: 400_000 });
  const outputs = outputsFor(inputs, inverse, 1, rho, substream(1, 'outputs'));
  expect(rankCorrelation(inputs, outputs)).toBeCloseTo(rho, 1);
  expect(Math.abs(rankCorrelation(inputs, outputs)! - rho)).toBeLessThan(0.03);
  const free = outputsFor(inputs, inverse, 1, 0, substream(1, 'outputs'));
  expect(sizesOf(outputs).p95 / sizesOf(free).p95).toBeCloseTo(1, 2);
});

test('few distinct values make an exact histogram, many a table of at most 200 points with their mean', () => {
  expect(fitTable(Float64Array.of(2, 1, 1))).toEqual({ values: [1, 2], counts: [2, 1] });
  const values = lengths(20_000, inverseOf({ p50: 900, p95: 20_000 }), 1, substream(3, 'test'));
  const table = fitTable(values);
  if ('counts' in table) throw new Error('expected a table of quantiles');
  expect(table.values.length).toBeLessThanOrEqual(200);
  expect(table.values.at(-1)).toBe(Math.max(...values));
  expect(Math.abs(meanOf(table) / sizesOf(values).mean - 1)).toBeLessThan(0.002);
  expect(inverseOf(table)(0.95) / sizesOf(values).p95).toBeCloseTo(1, 2);
});
