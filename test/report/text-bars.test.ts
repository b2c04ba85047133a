import { describe, expect, test } from 'vitest';
import { bars, curve, spelledFor } from '../../src/report/text-bars.ts';

describe('bars', () => {
  test('share a scale, in eighths of a column', () => {
    expect(bars([100, 50, 6.25, 0, null], 4, 'unicode')).toEqual(['████', '██', '▎', '', '']);
    expect(bars([100, 50, 5, 0, null], 4, 'ascii')).toEqual(['####', '##', '', '', '']);
  });

  test('below zero run to the left of a line that all share', () => {
    const drawn = bars([-50, 100, -25, 0], 13, 'unicode');
    expect(drawn).toEqual(['████│', '    │████████', '  ██│', '    │']);
    expect(bars([-50, 100], 13, 'ascii')).toEqual(['####|', '    |########']);
    expect(bars([-10, -5], 9, 'unicode')).toEqual(['████████│', '    ████│']);
  });

  test('are none where nothing is known or all is nothing', () => {
    expect(bars([0, null], 8, 'unicode')).toEqual(['', '']);
    expect(bars([], 8, 'unicode')).toEqual([]);
    expect(bars([1, -1], 0, 'unicode')).toEqual(['', '']);
  });

  test('are never wider than asked for', () => {
    for (const values of [
      [1e9, -1],
      [-1e9, 1],
      [3, 2, 1],
      [-3, -2],
      [1e-9, 1e9],
    ])
      for (const width of [4, 8, 14])
        for (const set of ['unicode', 'ascii'] as const)
          for (const bar of bars(values, width, set)) expect([...bar].length).toBeLessThanOrEqual(width);
  });
});

describe('curve', () => {
  test('has low values low, and zero within its scale', () => {
    expect(curve([0, -7, -14, -28], 10, 'unicode')).toEqual({ text: '█▇▅▁', perCharacter: 1 });
    expect(curve([100, 101], 10, 'unicode').text).toBe('██');
    expect(curve([0, 3, 6], 10, 'ascii').text).toBe('_~"');
  });

  test('shows the last of several months in one character', () => {
    const months = Array.from({ length: 60 }, (_, i) => i);
    const { text, perCharacter } = curve(months, 40, 'unicode');
    expect(perCharacter).toBe(2);
    expect([...text]).toHaveLength(30);
    expect(curve([1, 2, 3], 2, 'unicode')).toEqual({ text: '▆█', perCharacter: 2 });
  });

  test('of one month, and of nothing but zero', () => {
    expect(curve([-5], 10, 'unicode').text).toBe('▁');
    expect(curve([0, 0], 10, 'unicode').text).toBe('▁▁');
  });
});

test('ASCII spells our typography out and leaves letters alone', () => {
  expect(spelledFor('−$5 … ± 90–95 “a’s” — 直 ⟨U+202E⟩', 'ascii')).toBe('-$5 ... +/- 90-95 "a\'s" -- 直 <U+202E>');
  expect(spelledFor('−$5 …', 'unicode')).toBe('−$5 …');
});
