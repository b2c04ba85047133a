import { describe, expect, test } from 'vitest';
import { outagesOf, rateCardOf } from '../../src/pricing/price-book.ts';
import { resolveModel } from '../../src/pricing/resolve.ts';
import { book } from './small-book.ts';

describe('resolveModel', () => {
  test('splits at the first slash, so that model ids may hold slashes', () => {
    expect(resolveModel(book, 'acme/long/context')).toEqual({ seller: 'acme', model: 'long/context' });
  });

  test('resolves an alias only while it holds', () => {
    expect(resolveModel(book, 'acme/long-old', '2025-12-31')).toMatchObject({ model: 'long/context', rule: 'alias' });
    expect(resolveModel(book, 'acme/long-old', '2026-01-01')).toMatchObject({ unknown: 'acme/long-old' });
    expect(resolveModel(book, 'acme/long-0')).toMatchObject({ model: 'long/context', rule: 'alias' });
  });

  test('does not match prefixes', () => {
    expect(resolveModel(book, 'acme/dated-2026-03-01')).toMatchObject({ unknown: 'acme/dated-2026-03-01' });
    expect(resolveModel(book, 'acme/date')).toMatchObject({ unknown: 'acme/date' });
  });

  test('a model without its seller is unknown, and the sellers of that model are offered', () => {
    expect(resolveModel(book, 'peaky')).toEqual({ unknown: 'peaky', nearest: expect.arrayContaining(['acme/peaky']) });
  });

  test('offers at most three nearest names of a misspelt one', () => {
    const found = resolveModel(book, 'acme/datd');
    expect(found).toMatchObject({ unknown: 'acme/datd' });
    expect('nearest' in found && found.nearest[0]).toBe('acme/dated');
    expect('nearest' in found && found.nearest.length).toBeLessThanOrEqual(3);
  });

  test('an empty text and a lone slash are unknown', () => {
    expect(resolveModel(book, '')).toMatchObject({ unknown: '' });
    expect(resolveModel(book, '/')).toMatchObject({ unknown: '/' });
  });
});

test('the newest date of a book is that of its youngest card', () => {
  expect(book.newest_on).toBe('2026-08-01');
});

test('a card is found by its exact id, not by an alias', () => {
  expect(rateCardOf(book, 'acme', 'dated')?.as_of).toBe('2026-05-01');
  expect(rateCardOf(book, 'acme', 'long-0')).toBeUndefined();
  expect(rateCardOf(book, 'nobody', 'dated')).toBeUndefined();
});

test('a seller without a history gets the pooled assumption, marked as such, never 0', () => {
  expect(outagesOf(book, 'acme')).toMatchObject({
    pooled: true,
    hours_per_month: { full: 1, partial: 2, degraded: 3 },
  });
});
