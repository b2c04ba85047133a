import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readsToPayOff, usesToPayOff } from '../../../src/replay/caches/prompt-cache-payoff.ts';

test('five minutes at 1.25 pay off with the second use, an hour at 2 with the third', () => {
  expect(usesToPayOff(1.25, 0.1)).toBeCloseTo(1.2777777777777777, 15);
  expect(usesToPayOff(2, 0.1)).toBeCloseTo(2.111111111111111, 15);
  expect([readsToPayOff(1.25, 0.1), readsToPayOff(2, 0.1)]).toEqual([1, 2]);
});

test('a write at the price of fresh input pays off with the first read, a cheaper one at once', () => {
  expect([readsToPayOff(1, 0.5), readsToPayOff(0.9, 0.5)]).toEqual([1, 0]);
});

test('reads that are not cheaper never pay off a dearer write', () => {
  expect([readsToPayOff(1.25, 1), readsToPayOff(1, 1), usesToPayOff(1.25, 1.2)]).toEqual([
    Infinity,
    Infinity,
    Infinity,
  ]);
});

test('a tie is no saving', () => {
  expect([readsToPayOff(1.5, 0.5), readsToPayOff(1.2, 0.8), readsToPayOff(1.1, 0.9)]).toEqual([2, 2, 2]);
});

test('the reads told are the fewest that save', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 400 }), fc.integer({ min: 0, max: 99 }), (write, read) => {
      const reads = readsToPayOff(write / 100, read / 100);
      const saved = (n: number): number => 100 * (n + 1) - write - n * read;
      expect(saved(reads)).toBeGreaterThan(0);
      expect(saved(reads - 1)).toBeLessThanOrEqual(0);
    }),
  );
});

test('factors below zero are told', () => {
  expect(() => usesToPayOff(-1, 0.1)).toThrow('price factors are 0 or more, not -1 and 0.1');
});
