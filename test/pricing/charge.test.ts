import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type ServiceTier, TOKEN_METERS } from '../../src/meters.ts';
import { type ChargedCounts, charge } from '../../src/pricing/charge.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { book, outages } from './small-book.ts';

const ON = '2026-08-01';
const long = { seller: 'acme', model: 'long/context', tier: 'standard' } as const;
const route = (model: string, tier: ServiceTier = 'standard') => ({ seller: 'acme', model, tier });

/** A book of one model at the given prices. */
const priced = (usd_per_mtok: object, tiers: object = {}) => {
  const card = { model: 'm', source: 'test', as_of: ON, confidence: 'high', periods: [{ usd_per_mtok, tiers }] };
  const seller = sellerFile.parse({ seller: 'acme', name: 'Acme', cards: [card] });
  return priceBook({ sellers: [seller], gateways: [], outages, digest: '' });
};

describe('worked examples', () => {
  test('a cliff re-prices the whole request: 1.53 USD, neither 0.765 (flat) nor 0.915 (only what lies above)', () => {
    const { charge_usd } = charge(book, long, { input_tokens: 250_000, output_tokens: 1000 }, ON);
    expect(charge_usd).toBeCloseTo(1.53, 12);
  });

  test('gpt-4 at 30/60: 1,000 in and 500 out cost 0.06, 30,000 of them 1,800', () => {
    const counts = { input_tokens: 1000, output_tokens: 500 };
    const gpt4 = priced({ input: 30, output: 60 });
    expect(charge(gpt4, route('m'), counts, ON).charge_usd).toBeCloseTo(0.06, 12);
    expect(charge(gpt4, route('m'), { ...counts, requests: 30_000 }, ON).charge_usd).toBeCloseTo(1800, 9);
  });

  test('5,000 in and 800 out at 4/20 cost 0.036, in batch half of it', () => {
    const opus = priced({ input: 4, output: 20 }, { batch: { usd_per_mtok: { input: 2, output: 10 } } });
    const counts = { input_tokens: 5000, output_tokens: 800 };
    expect(charge(opus, route('m'), counts, ON).charge_usd).toBeCloseTo(0.036, 12);
    expect(charge(opus, route('m', 'batch'), counts, ON).charge_usd).toBeCloseTo(0.018, 12);
  });

  test('llm-cost-engine.com: 10,000 messages a day, 200 in of which 30 % cached, 350 out, 30 days: 1,706.40', () => {
    const counts = { input_tokens: 140, cache_read_tokens: 60, output_tokens: 350, requests: 300_000 };
    const result = charge(priced({ input: 3, cache_read: 0.3, output: 15 }), route('m'), counts, ON);
    expect(result.charge_usd).toBeCloseTo(1706.4, 9);
    expect(result.meters.map((line) => line.quantity)).toEqual([42_000_000, 18_000_000, 105_000_000]);
    expect(result.meters[2]?.amount_usd).toBeCloseTo(1575, 9);
  });
});

describe('the band of a request', () => {
  test('is decided by input, cache reads and cache writes together', () => {
    const counts = { input_tokens: 1, cache_read_tokens: 200_000 };
    expect(charge(book, long, counts, ON).meters[0]).toMatchObject({ usd_per_mtok: 6 });
    expect(charge(book, long, { ...counts, cache_read_tokens: 199_999 }, ON).meters[0]).toMatchObject({
      usd_per_mtok: 3,
    });
  });

  test('is that of one request, however many there are', () => {
    const { meters } = charge(book, long, { input_tokens: 150_000, requests: 2 }, ON);
    expect(meters).toMatchObject([{ quantity: 300_000, usd_per_mtok: 3 }]);
    expect(meters[0]?.amount_usd).toBeCloseTo(0.9, 12);
  });

  test('starts at exactly the size where the seller says "at or above"', () => {
    const inputOf = (input_tokens: number) =>
      charge(book, route('dated'), { input_tokens }, ON).meters[0]?.usd_per_mtok;
    expect([inputOf(127_999), inputOf(128_000), inputOf(128_001)]).toEqual([2, 4, 4]);
  });
});

describe('time', () => {
  const counts = { input_tokens: 1_000_000 };

  test('at an instant the window applies', () => {
    expect(charge(book, route('peaky'), counts, '2026-11-20T02:30Z')).toMatchObject({ charge_usd: 2, warnings: [] });
    expect(charge(book, route('peaky'), counts, '2026-11-20T04:00Z')).toMatchObject({ charge_usd: 1, warnings: [] });
    expect(charge(book, route('peaky'), counts, '2026-11-21T02:30Z')).toMatchObject({ charge_usd: 1 });
  });

  test('at a date the base prices do, with a warning that shows the window', () => {
    const { charge_usd, warnings } = charge(book, route('peaky'), counts, '2026-11-20');
    expect(charge_usd).toBe(1);
    expect(warnings.map((found) => found.code)).toEqual(['PRICE_WINDOW']);
    expect(warnings[0]?.message).toContain('01:00-04:00, 06:00-10:00 UTC): input 2, output 4 USD/Mtok');
  });

  test('the date of an instant is that of UTC', () => {
    const input = (at: string) => charge(book, route('dated'), { input_tokens: 1000 }, at).meters[0]?.usd_per_mtok;
    expect(input('2026-03-01T00:30:00+02:00')).toBe(10);
    expect(input('2026-03-01T00:30:00Z')).toBe(2);
  });

  test.each(['yesterday', '2026-11-20T02:30', '2026-13-01', '20 Nov 2026', ''])('"%s" is refused', (at) => {
    expect(() => charge(book, long, {}, at)).toThrow(InputError);
  });

  test('the age of the price is counted to the date that is asked about', () => {
    expect(charge(book, route('dated'), counts, '2026-08-01')).toMatchObject({ as_of: '2026-05-01', age_days: 92 });
  });
});

describe('what is not priced', () => {
  test('makes the charge unknown, and leaves the amounts that are known', () => {
    const result = charge(book, long, { input_tokens: 1000, cache_write_1h_tokens: 10 }, ON);
    expect(result.charge_usd).toBeNull();
    expect(result.meters).toMatchObject([
      { meter: 'input_tokens', amount_usd: 0.003 },
      { meter: 'cache_write_1h_tokens', usd_per_mtok: null, amount_usd: null },
    ]);
    expect(result.unpriced).toEqual(['acme/long/context standard lists no price for cache write tokens (1 h)']);
  });

  test('is also a date before the first price and a model without a card, even with nothing to charge', () => {
    expect(charge(book, route('dated'), {}, '2020-01-01').charge_usd).toBeNull();
    expect(charge(book, route('nothing'), { output_tokens: 1 }, ON)).toMatchObject({
      charge_usd: null,
      source: null,
      as_of: null,
      age_days: null,
      unpriced: ['acme/nothing has no rate card'],
    });
  });

  test('does not matter where no such token was used', () => {
    expect(charge(book, long, { cache_write_1h_tokens: 0 }, ON)).toMatchObject({ charge_usd: 0, unpriced: [] });
  });
});

test('a price per request is charged for each request', () => {
  const { charge_usd, meters } = charge(book, route('rerank'), { requests: 500 }, ON);
  expect(charge_usd).toBe(1);
  expect(meters).toMatchObject([{ meter: 'requests', quantity: 500, usd_per_mtok: null, usd_per_request: 0.002 }]);
});

test('contract prices win, are marked, and name both sources', () => {
  const overrides = { 'acme/long/context': { input: 1 } };
  const result = charge(book, long, { input_tokens: 1_000_000, output_tokens: 0 }, ON, { overrides });
  expect(result).toMatchObject({ charge_usd: 1, source: 'contract', age_days: 0 });
  const both = charge(book, long, { input_tokens: 1000, output_tokens: 1000 }, ON, { overrides });
  expect(both).toMatchObject({ source: 'contract; test', as_of: ON });
});

test('counts that are no counts are refused, all at once, with their numbers', () => {
  const counts = { input_tokens: -5, output_tokens: 1.5, reasoning_tokens: Number.NaN, requests: -1 };
  expect(() => charge(book, long, counts, ON)).toThrow(InputError);
  try {
    charge(book, long, counts, ON);
  } catch (error) {
    const found = (error as InputError).diagnostics;
    expect(found.map(({ path, message }) => `${path} ${message.split(' ')[0]}`)).toEqual([
      'input_tokens -5',
      'output_tokens 1.5',
      'reasoning_tokens NaN',
      'requests -1',
    ]);
  }
});

describe('for any usage', () => {
  const tokens = fc.nat({ max: 60_000 });
  const usage = fc.record({
    input_tokens: tokens,
    cache_read_tokens: tokens,
    output_tokens: tokens,
    reasoning_tokens: tokens,
  });
  const amount = (counts: ChargedCounts): number => charge(book, long, counts, ON).charge_usd ?? Number.NaN;

  test('within a band charges add up', () => {
    fc.assert(
      fc.property(usage, usage, (a, b) => {
        const both = Object.fromEntries(TOKEN_METERS.map((m) => [m, (Object(a)[m] ?? 0) + (Object(b)[m] ?? 0)]));
        fc.pre((both.input_tokens ?? 0) + (both.cache_read_tokens ?? 0) <= 200_000);
        expect(amount(both)).toBeCloseTo(amount(a) + amount(b), 10);
      }),
    );
  });

  test('more tokens never cost less, cliffs included', () => {
    const many = fc.record({ input_tokens: fc.nat({ max: 400_000 }), output_tokens: fc.nat({ max: 50_000 }) });
    fc.assert(
      fc.property(many, fc.nat({ max: 100_000 }), fc.nat({ max: 1000 }), (counts, input, output) => {
        const more = { input_tokens: counts.input_tokens + input, output_tokens: counts.output_tokens + output };
        expect(amount(more)).toBeGreaterThanOrEqual(amount(counts));
      }),
    );
  });

  test('one unpriced token makes the charge unknown', () => {
    fc.assert(
      fc.property(usage, fc.integer({ min: 1, max: 1000 }), (counts, unpriced) => {
        expect(charge(book, long, { ...counts, cache_write_5m_tokens: unpriced }, ON).charge_usd).toBeNull();
      }),
    );
  });

  test('so many identical requests cost so many times one', () => {
    fc.assert(
      fc.property(usage, fc.integer({ min: 1, max: 5000 }), (counts, requests) => {
        expect(amount({ ...counts, requests }) / requests).toBeCloseTo(amount(counts), 10);
      }),
    );
  });
});
