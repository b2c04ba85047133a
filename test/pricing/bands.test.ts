import { expect, test } from 'vitest';
import { bandEdges, cliffAt } from '../../src/pricing/bands.ts';
import { rateCardOf } from '../../src/pricing/price-book.ts';
import { book } from './small-book.ts';

test('a band starts at the smallest prompt that pays its prices', () => {
  expect(bandEdges(book, 'acme', 'long/context')).toEqual([200_001]);
  expect(bandEdges(book, 'acme', 'dated')).toEqual([128_000]);
});

test('a model without cliffs or without a card has one band', () => {
  expect(bandEdges(book, 'acme', 'peaky')).toEqual([]);
  expect(bandEdges(book, 'acme', 'nothing')).toEqual([]);
});

test('an alias has the bands of its card while it holds', () => {
  expect(bandEdges(book, 'acme', 'long-old', '2025-12-31')).toEqual([200_001]);
  expect(bandEdges(book, 'acme', 'long-old', '2026-06-01')).toEqual([]);
});

test('a prompt falls under the highest cliff that it has reached', () => {
  const cliffs = rateCardOf(book, 'acme', 'long/context')?.periods[0]?.cliffs ?? [];
  const first = cliffs[0] as (typeof cliffs)[number];
  const second = { ...first, prompt_tokens: 400_000, rule: 'at_or_above' as const };
  const both = [second, first];
  expect(cliffAt(both, 200_000)).toBeUndefined();
  expect(cliffAt(both, 200_001)).toBe(first);
  expect(cliffAt(both, 399_999)).toBe(first);
  expect(cliffAt(both, 400_000)).toBe(second);
});
