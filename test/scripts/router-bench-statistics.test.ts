import { describe, expect, test } from 'vitest';
import { coverage, differences, median, quantile, ratios, spread } from '../../scripts/bench-router/statistics.mjs';

describe('quantiles', () => {
  test('are interpolated between neighbours', () => {
    expect(median([8, 1, 4, 2])).toBe(3);
    expect(quantile([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 12);
    expect(quantile([1, 2, 4, 8], 0)).toBe(1);
    expect(quantile([1, 2, 4, 8], 1)).toBe(8);
  });

  test('of nothing are no number', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('rounds', () => {
  test('a spread tells median, least and most, by value and not by text', () => {
    expect(spread([100, 9, 20])).toEqual({ median: 20, least: 9, most: 100, rounds: 3 });
  });

  test('what was not measured does not count', () => {
    expect(spread([Number.NaN, 2, undefined, 4])).toEqual({ median: 3, least: 2, most: 4, rounds: 2 });
    expect(spread([Number.NaN])).toBeUndefined();
  });

  test('ratios are taken within each round, so that a slow round does not move them', () => {
    const theirs = [100, 100, 1000];
    const ours = [120, 110, 1300];
    expect(ratios(ours, theirs)).toEqual({ median: 1.2, least: 1.1, most: 1.3, rounds: 3 });
  });

  test('differences are taken within each round', () => {
    expect(differences([3, 10, 7], [2, 8, 4])).toEqual({ median: 2, least: 1, most: 3, rounds: 3 });
  });

  test('a round that lacks one of the two is left out', () => {
    expect(ratios([1, 2], [1])).toEqual({ median: 1, least: 1, most: 1, rounds: 1 });
  });

  test('six rounds hold the true median between least and most with 96.875 %', () => {
    expect(coverage(6)).toBe(0.968_75);
    expect(coverage(1)).toBe(0);
  });
});
