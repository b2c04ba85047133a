import { expect, test } from 'vitest';
import { substream } from '../../src/random.ts';
import { gammaCdf, gammaQuantile, logGamma } from '../../src/special-functions/gamma.ts';
import { normalQuantile } from '../../src/special-functions/normal.ts';
import { gapQuantile, weibullShape, weibullVariation } from '../../src/workload/gaps.ts';
import type { Arrivals } from '../../src/workload/schema.ts';
import { shuffle, strata } from '../../src/workload/strata.ts';

function variation(arrivals: Arrivals, count = 200_000): { mean: number; cv: number } {
  const gap = gapQuantile(arrivals);
  const random = substream(1, 'test');
  const gaps = shuffle(strata(count, random), random).map(gap);
  const mean = gaps.reduce((total, one) => total + one, 0) / count;
  return { mean, cv: Math.sqrt(gaps.reduce((total, one) => total + (one - mean) ** 2, 0) / count) / mean };
}

test('ln of the gamma function has its known values', () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  expect(logGamma(5)).toBeCloseTo(Math.log(24), 13);
  expect(logGamma(0.01)).toBeCloseTo(4.599479878042022, 12);
});

test('the incomplete gamma function has its known values', () => {
  expect(gammaCdf(1, 1)).toBeCloseTo(1 - 1 / Math.E, 14);
  expect(gammaCdf(0.5, 1)).toBeCloseTo(0.8427007929497149, 13);
  expect(gammaCdf(3, 10)).toBeCloseTo(1 - 61 * Math.exp(-10), 13);
  expect(gammaCdf(2, 0)).toBe(0);
});

test.each([0.006, 0.04, 0.25, 1, 3, 40, 400])('the gamma quantile of shape %d undoes the distribution', (shape) => {
  expect(gammaQuantile(1, 0.5)).toBeCloseTo(Math.LN2, 12);
  for (const p of [0.001, 0.1, 0.5, 0.9, 0.999, 0.999999]) {
    const x = gammaQuantile(shape, p);
    if (x > 0) expect(gammaCdf(shape, x)).toBeCloseTo(p, 10);
    else expect(p ** (1 / shape)).toBeLessThan(1e-290);
  }
});

test('normal quantiles are those of the tables, on both sides and far out', () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 13);
  expect(normalQuantile(0.025)).toBeCloseTo(-1.9599639845400545, 13);
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  expect(normalQuantile(1e-20)).toBeCloseTo(-9.26234008979841, 11);
});

test('a Weibull distribution of shape 0.5 has CV sqrt(5), of shape 1 it is exponential; shapes are found back', () => {
  expect(weibullVariation(0.5)).toBeCloseTo(Math.sqrt(5), 12);
  expect(weibullVariation(1)).toBeCloseTo(1, 12);
  expect(weibullVariation(2)).toBeCloseTo(Math.sqrt(4 / Math.PI - 1), 12);
  for (const shape of [0.2, 0.5, 1, 3, 12]) expect(weibullShape(weibullVariation(shape))).toBeCloseTo(shape, 9);
});

test.each<[Arrivals, number]>([
  [{ process: 'poisson' }, 1],
  [{ process: 'gamma', cv: 0.5 }, 0.5],
  [{ process: 'gamma', cv: 2 }, 2],
  [{ process: 'gamma', cv: 5 }, 5],
  [{ process: 'weibull', cv: 0.5 }, 0.5],
  [{ process: 'weibull', cv: 2 }, 2],
  [{ process: 'empirical', gap_ms: { values: [1, 3], counts: [1, 1] } }, 0.5],
  [{ process: 'empirical', gap_ms: { probabilities: [0, 1], values: [0, 80] } }, 1 / Math.sqrt(3)],
])('gaps of %j have mean 1 and their coefficient of variation', (arrivals, cv) => {
  const seen = variation(arrivals);
  expect(Math.abs(seen.mean - 1)).toBeLessThan(0.003);
  expect(Math.abs(seen.cv / cv - 1)).toBeLessThan(0.02);
});
