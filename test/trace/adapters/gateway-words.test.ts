import { expect, test } from 'vitest';
import { readPriceBook } from '../../../src/io/read-price-book.ts';
import { resolveModel } from '../../../src/pricing/resolve.ts';
import { allEmpty, anyOf, SELLER_WORDS } from '../../../src/trace/adapters/gateway-words.ts';

test('each word for a seller stands for one that the price book has, and is written in lower case', async () => {
  const book = await readPriceBook();
  expect(Object.values(SELLER_WORDS).filter((seller) => !book.sellers.has(seller))).toEqual([]);
  expect(Object.keys(SELLER_WORDS).filter((word) => word !== word.toLowerCase() || book.sellers.has(word))).toEqual([]);
});

test('a model as these logs name it has a card', async () => {
  const book = await readPriceBook();
  const named = [
    'azure/gpt-4o',
    'ANTHROPIC/claude-sonnet-4-5-20250929',
    'anthropic/claude-sonnet-4.5',
    'gemini/gemini-2.5-flash',
  ];
  expect(named.map((name) => resolveModel(book, name)).filter((found) => 'unknown' in found)).toEqual([]);
});

test('of several names of a field the first that is filled counts, since later rules overwrite earlier ones', () => {
  expect(anyOf('model', ['a', 'b'], { cast: 'text' })).toEqual([
    { field: 'model', from: ['b'], cast: 'text', when: { column: ['b'], is_not: ['', 'null'] } },
    { field: 'model', from: ['a'], cast: 'text', when: { column: ['a'], is_not: ['', 'null'] } },
  ]);
  expect(allEmpty(['a'])).toEqual([{ column: ['a'], is: [''] }]);
});
