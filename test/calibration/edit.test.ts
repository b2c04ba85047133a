import { describe, expect, it } from 'vitest';
import { betaOf, normalText, pathText, setText } from '../../src/calibration/edit.ts';
import { quantile } from '../../src/distribution.ts';
import { shareInterval } from '../../src/measurements/intervals.ts';
import { parseOverride } from '../../src/scenario/overrides.ts';

const at95 = (value: number, low: number, high: number) => ({ value, low, high, level: 0.95 });

describe('a measured value as it is written', () => {
  it('is centred on what was measured, and its 95 % interval becomes one of 90 %', () => {
    expect(normalText(at95(40, 35, 45), 'ms')).toBe('35.8039 to 44.1961 ms normal');
    expect(normalText({ value: 40, low: 35, high: 45, level: 0.9 }, 'ms')).toBe('35 to 45 ms normal');
    expect(normalText(at95(0.055, 0.055, 0.055), 'fraction')).toBe('5.5 %');
    expect(normalText(at95(0, -0.01, 0.01), 'fraction')).toBe('-0.839226 to 0.839226 % normal');
  });

  it('of a share is a beta whose 95 % interval is nearly that of the trials', () => {
    expect(betaOf(2, 100)).toEqual({ dist: 'beta', mean: 0.0247525, sd: 0.0153839 });
    const { mean, sd } = betaOf(2, 100);
    const exact = shareInterval(2, 100)!;
    expect(quantile({ is: 'beta', mean, sd }, 0.025)).toBeGreaterThan(exact.low!);
    expect(quantile({ is: 'beta', mean, sd }, 0.975)).toBeLessThan(exact.high!);
    expect(betaOf(0, 20).mean).toBeCloseTo(0.5 / 21, 6);
    expect(betaOf(20, 20).mean).toBeLessThan(1);
  });

  it('goes by a path that --set reads back, whatever is in its keys', () => {
    const keys = ['replay', 'token_ratios', 'openai/gpt-4.1', 'a b'];
    expect(pathText(keys)).toBe('replay.token_ratios["openai/gpt-4.1"]["a b"]');
    const value = { value: '1 to 2 ms normal', source: 'a = "b", c: d' };
    expect(parseOverride(setText({ keys, value }), JSON.parse)).toEqual({ path: keys, value });
  });
});
