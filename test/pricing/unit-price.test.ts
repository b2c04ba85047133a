import { describe, expect, test } from 'vitest';
import type { ServiceTier } from '../../src/meters.ts';
import { type PriceOptions, unitPrice } from '../../src/pricing/unit-price.ts';
import { book } from './small-book.ts';

const cell = (model: string, tier: ServiceTier = 'standard', band_from_tokens = 0, window?: string) => ({
  seller: 'acme',
  model,
  tier,
  band_from_tokens,
  window,
});
const ON = '2026-08-01';

describe('the list price of a cell', () => {
  test('carries its source, date and place', () => {
    expect(unitPrice(book, cell('dated'), 'input_tokens', ON)).toEqual({
      usd_per_mtok: 2,
      source: 'test',
      as_of: '2026-05-01',
      cell: 'acme/dated standard since 2026-03-01 input',
      warnings: [],
    });
  });

  test('changes for the whole band at a cliff', () => {
    expect(unitPrice(book, cell('long/context', 'standard', 200_001), 'output_tokens', ON)).toMatchObject({
      usd_per_mtok: 30,
      cell: 'acme/long/context standard, prompts from 200001 tokens output',
    });
  });

  test('of a free model is 0, which is a price', () => {
    expect(unitPrice(book, cell('free'), 'input_tokens', ON)).toMatchObject({ usd_per_mtok: 0 });
  });

  test('holds in a window where the window is named, and the base price where the period has no such window', () => {
    expect(unitPrice(book, cell('peaky', 'standard', 0, 'peak'), 'input_tokens', ON)).toMatchObject({
      usd_per_mtok: 2,
    });
    expect(unitPrice(book, cell('peaky'), 'input_tokens', ON)).toMatchObject({ usd_per_mtok: 1 });
    expect(unitPrice(book, cell('dated', 'standard', 0, 'peak'), 'input_tokens', ON)).toMatchObject({
      usd_per_mtok: 2,
    });
  });
});

describe('a price that is not listed', () => {
  test('falls back for reasoning to output, and to nothing else', () => {
    expect(unitPrice(book, cell('long/context'), 'reasoning_tokens', ON)).toMatchObject({ usd_per_mtok: 15 });
    expect(unitPrice(book, cell('dated'), 'reasoning_tokens', ON)).toMatchObject({ usd_per_mtok: 9 });
    expect(unitPrice(book, cell('dated', 'standard', 128_000), 'reasoning_tokens', ON)).toMatchObject({
      usd_per_mtok: 16,
    });
  });

  test.each([
    ['a cached read without a price', cell('dated'), 'cache_read_tokens'],
    ['a cached read above a cliff that lists none', cell('long/context', 'standard', 200_001), 'cache_read_tokens'],
    ['a cache write', cell('long/context'), 'cache_write_1h_tokens'],
    ['a cached read in batch', cell('long/context', 'batch'), 'cache_read_tokens'],
    ['batch above a cliff that batch does not list', cell('long/context', 'batch', 200_001), 'input_tokens'],
    ['a tier that the card does not have', cell('long/context', 'flex'), 'input_tokens'],
    ['batch within a window', cell('peaky', 'batch', 0, 'peak'), 'input_tokens'],
    ['a model without a card', cell('nothing'), 'input_tokens'],
  ] as const)('%s is unpriced', (_, where, meter) => {
    const price = unitPrice(book, where, meter, ON);
    expect(Object.keys(price)).toEqual(['unpriced']);
    expect('unpriced' in price && price.unpriced).toContain(`acme/${where.model}`);
  });

  test('is unpriced before the first period, with the first day in the reason', () => {
    expect(unitPrice(book, cell('dated'), 'input_tokens', '2024-06-01')).toEqual({
      unpriced: 'acme/dated has no price before 2025-01-01',
    });
  });
});

test('a tier that lists the cliff is priced above it', () => {
  expect(unitPrice(book, cell('long/context', 'priority', 200_001), 'input_tokens', ON)).toMatchObject({
    usd_per_mtok: 12,
  });
});

describe('contract prices', () => {
  const options: PriceOptions = {
    overrides: { 'acme/long/context': { input: 2.5, output: 12 }, 'acme/own': { input: 1 } },
  };

  test('stand before the list at every prompt size, and are marked', () => {
    for (const band of [0, 200_001]) {
      expect(unitPrice(book, cell('long/context', 'standard', band), 'input_tokens', ON, options)).toMatchObject({
        usd_per_mtok: 2.5,
        source: 'contract',
        as_of: ON,
        cell: 'acme/long/context contract input',
      });
    }
  });

  test('leave the meters they do not name, and the other tiers, at the list price', () => {
    expect(unitPrice(book, cell('long/context'), 'cache_read_tokens', ON, options)).toMatchObject({
      usd_per_mtok: 0.3,
      source: 'test',
    });
    expect(unitPrice(book, cell('long/context', 'batch'), 'input_tokens', ON, options)).toMatchObject({
      usd_per_mtok: 1.5,
    });
  });

  test('of output price reasoning too, where the list has no reasoning price', () => {
    expect(unitPrice(book, cell('long/context'), 'reasoning_tokens', ON, options)).toMatchObject({ usd_per_mtok: 12 });
  });

  test('can price a model that the book does not have', () => {
    expect(unitPrice(book, cell('own'), 'input_tokens', ON, options)).toMatchObject({ usd_per_mtok: 1 });
    expect(unitPrice(book, cell('own'), 'output_tokens', ON, options)).toHaveProperty('unpriced');
  });
});
