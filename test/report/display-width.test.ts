import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutTo, linesOf, padEndTo, padStartTo, widthOf } from '../../src/report/display-width.ts';

describe('width in columns', () => {
  test.each([
    ['', 0],
    ['direct', 6],
    ['−$36,000 · ▇▁', 13],
    ['直接', 4],
    ['게이트웨이', 10],
    ['ｆｕｌｌ', 8],
    ['ﾊﾝｶｸ', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['𠀀', 2],
    ['naïve', 5],
  ])('of %j is %d', (text, width) => expect(widthOf(text)).toBe(width));
});

describe('cut and padded', () => {
  test.each([
    ['gateway', 7, 'gateway'],
    ['gateway', 6, 'gatew…'],
    ['直接接続', 8, '直接接続'],
    ['直接接続', 6, '直接…'],
    ['直接接続', 5, '直接…'],
    ['a  b', 3, 'a…'],
  ])('%j in %d columns is %j', (text, width, shown) => expect(cutTo(text, width)).toBe(shown));

  test('the mark may be longer', () => expect(cutTo('gateway', 6, '...')).toBe('gat...'));

  test('padding counts columns, not characters', () => {
    expect(padEndTo('直接', 6)).toBe('直接  ');
    expect(padStartTo('直接', 6)).toBe('  直接');
  });
});

describe('lines', () => {
  test('break at spaces, and within words that are too long', () => {
    expect(linesOf('the quick brown', 9)).toEqual(['the quick', 'brown']);
    expect(linesOf('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(linesOf('直接接続', 5)).toEqual(['直接', '接続']);
    expect(linesOf('', 5)).toEqual([]);
  });

  test('are never wider than asked for and lose nothing but spaces', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'W', '直', 'é', '-', '🚀', 'e\u0301') }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 30 }), (parts, width) => {
        const lines = linesOf(parts.join(' '), width);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(parts.join(''));
      }),
    );
  });
});
