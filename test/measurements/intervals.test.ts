import { describe, expect, it } from 'vitest';
import {
  medianInterval,
  pairedMedian,
  quantileInterval,
  quantileOf,
  ratioInterval,
  shareInterval,
  studentQuantile,
} from '../../src/measurements/intervals.ts';
import { substream } from '../../src/random.ts';
import { normalQuantile } from '../../src/special-functions/normal.ts';

const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const SEEDS = oneTo(400);

/** Share of seeded runs whose interval holds the truth. */
function coverage(holds: (random: () => number) => boolean): number {
  return (
    SEEDS.filter((seed) => {
      const random = substream(seed, 'coverage');
      return holds(() => random.uniform());
    }).length / SEEDS.length
  );
}

describe('intervals', () => {
  it('of the median are the worked example: of ten samples the second and the ninth', () => {
    expect(medianInterval(oneTo(10))).toEqual({ value: 5.5, low: 2, high: 9, n: 10 });
  });

  it('of the median need six samples at 95 %', () => {
    expect(medianInterval(oneTo(5))).toEqual({ value: 3, low: undefined, high: undefined, n: 5 });
    expect(medianInterval(oneTo(6))).toMatchObject({ low: 1, high: 6 });
    expect(medianInterval([])).toBeUndefined();
  });

  it('of a high quantile are open until samples reach beyond it', () => {
    expect(quantileInterval(oneTo(20), 0.95)).toMatchObject({ value: 19.5, low: undefined, high: undefined });
    expect(quantileInterval(oneTo(100), 0.95)).toEqual({ value: 95.5, low: 90, high: 100, n: 100 });
  });

  it('of a share are those of Clopper and Pearson', () => {
    const found = shareInterval(2, 100)!;
    expect(found.value).toBe(0.02);
    expect(found.low).toBeCloseTo(0.002431, 6);
    expect(found.high).toBeCloseTo(0.070384, 6);
    expect(shareInterval(0, 100)).toMatchObject({ value: 0, low: 0 });
    expect(shareInterval(0, 100)!.high).toBeCloseTo(1 - 0.025 ** (1 / 100), 9);
    expect(shareInterval(7, 7)).toMatchObject({ value: 1, high: 1 });
  });

  it('of a paired difference leave out a round that lacks one of the two', () => {
    const own = [41, undefined, 43, 44, 45, 46, 47, 48];
    const baseline = [1, 2, undefined, 4, 5, 6, 7, 8];
    expect(pairedMedian(own, baseline)).toEqual({ value: 40, low: 40, high: 40, n: 6 });
  });

  it('of a ratio are a point where every pair has the same', () => {
    const found = ratioInterval([1.055, 2.11, 3.165], [1, 2, 3])!;
    expect(found.value).toBeCloseTo(1.055, 12);
    expect(found.high! - found.low!).toBeLessThan(1e-12);
    expect(ratioInterval([1], [2])).toEqual({ value: 0.5, low: undefined, high: undefined, n: 1 });
    expect(ratioInterval([1, 2], [0, 0])).toBeUndefined();
  });

  it('use Student’s t', () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062, 4);
    expect(studentQuantile(0.975, 9)).toBeCloseTo(2.26216, 5);
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966, 5);
  });

  it('take the middle of two samples where the quantile falls between them', () => {
    expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantileOf([1, 2, 3], 0.5)).toBe(2);
    expect(quantileOf([1, 2, 3], 1)).toBe(3);
    expect(quantileOf([1], 0)).toBe(1);
  });

  it('hold the truth as often as they say', () => {
    const normal = (random: () => number): number => normalQuantile(random());
    const skewed = (random: () => number): number => Math.exp(normal(random));
    const many = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw);
    const median = coverage((random) => {
      const { low, high } = medianInterval(many(25, () => skewed(random)))!;
      return low! <= 1 && 1 <= high!;
    });
    const share = coverage((random) => {
      const { low, high } = shareInterval(many(200, random).filter((one) => one < 0.02).length, 200)!;
      return low! <= 0.02 && 0.02 <= high!;
    });
    const ratio = coverage((random) => {
      const baseline = many(30, () => skewed(random));
      const { low, high } = ratioInterval(
        baseline.map((one) => one * (1.055 + 0.01 * normal(random))),
        baseline,
      )!;
      return low! <= 1.055 && 1.055 <= high!;
    });
    for (const found of [median, share]) expect(found).toBeGreaterThanOrEqual(0.945);
    expect(ratio).toBeGreaterThan(0.9);
  });
});
