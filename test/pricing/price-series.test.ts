import { expect, test } from 'vitest';
import { priceSeries } from '../../src/pricing/price-series.ts';
import { book } from './small-book.ts';

const cell = { seller: 'acme', model: 'dated', tier: 'standard', band_from_tokens: 0 } as const;

test('a series holds the price of the first day of each month', () => {
  expect(priceSeries(book, cell, 'input_tokens', '2026-01', 4)).toEqual({
    usd_per_mtok: [10, 10, 2, 2],
    source: 'test',
    as_of: '2026-05-01',
    cell: 'acme/dated standard since 2025-01-01 input',
    warnings: [],
  });
});

test('past a confirmed end the price goes on, with one warning for all months', () => {
  const series = priceSeries(book, cell, 'input_tokens', '2026-11', 6);
  expect(series).toMatchObject({ usd_per_mtok: [2, 2, 2, 2, 2, 2] });
  expect('warnings' in series && series.warnings.map((found) => found.code)).toEqual(['PRICE_NOT_CONFIRMED']);
});

test('announced prices enter when asked for', () => {
  expect(priceSeries(book, cell, 'input_tokens', '2026-11', 4, { announced: true })).toMatchObject({
    usd_per_mtok: [2, 2, 3, 3],
  });
});

test('a series with a gap is unpriced as a whole, and says from when', () => {
  expect(priceSeries(book, cell, 'input_tokens', '2024-11', 4)).toEqual({
    unpriced: 'acme/dated has no price before 2025-01-01 (2024-11-01)',
  });
  expect(priceSeries(book, cell, 'reasoning_tokens', '2026-11', 4)).toMatchObject({ usd_per_mtok: [9, 9, 9, 9] });
  expect(priceSeries(book, cell, 'cache_read_tokens', '2026-11', 4)).toHaveProperty('unpriced');
});

test('no month is no price', () => {
  expect(priceSeries(book, cell, 'input_tokens', '2026-11', 0)).toHaveProperty('unpriced');
});
