/** Every billing dimension of a card on cards built by hand: who pays what, and what stays unpriced. */
import { describe, expect, test } from 'vitest';
import { type ChargedCounts, type ChargedRoute, charge } from '../../src/pricing/charge.ts';
import { committedCharge } from '../../src/pricing/committed.ts';
import { billedAfter } from '../../src/pricing/free-quota.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { type CommittedThroughput, sellerFile } from '../../src/pricing/rate-card.ts';
import { discounted } from '../../src/pricing/volume-discount.ts';
import { outages } from './small-book.ts';

const ON = '2026-08-01';
const parse = (period: object) =>
  sellerFile.parse({
    seller: 'acme',
    name: 'Acme',
    cards: [{ model: 'm', source: 'test', as_of: ON, confidence: 'high', periods: [period] }],
  });
const usd = (period: object, counts: ChargedCounts, route: Partial<ChargedRoute> = {}, at = ON) => {
  const book = priceBook({ sellers: [parse(period)], gateways: [], outages, digest: '' });
  return charge(book, { seller: 'acme', model: 'm', tier: 'standard', ...route }, counts, at);
};
const M = 1_000_000;

describe('token meters', () => {
  const usd_per_mtok = {
    input: 1,
    audio_input: 3,
    audio_cache_read: 0.1,
    audio_output: 20,
    image_output: 40,
    citation: 2,
  };

  test.each([
    ['audio_input_tokens', 3],
    ['audio_cache_read_tokens', 0.1],
    ['audio_output_tokens', 20],
    ['image_output_tokens', 40],
    ['citation_tokens', 2],
    ['image_input_tokens', null],
    ['cache_read_tokens', null],
  ])('%s have a price of their own and no other', (meter, wanted) => {
    expect(usd({ usd_per_mtok }, { [meter]: M }).charge_usd).toBe(wanted);
  });

  test('audio and images count into the size of the prompt, answers do not', () => {
    const period = {
      usd_per_mtok: { ...usd_per_mtok, output: 1 },
      cliffs: [{ prompt_tokens: 100, usd_per_mtok: { ...usd_per_mtok, input: 9 } }],
    };
    const inputPrice = (counts: ChargedCounts) => usd(period, { input_tokens: 1, ...counts }).meters[0]?.usd_per_mtok;
    expect(inputPrice({ audio_input_tokens: 99 })).toBe(1);
    expect(inputPrice({ audio_input_tokens: 50, audio_cache_read_tokens: 50 })).toBe(9);
    expect(inputPrice({ image_input_tokens: 100 })).toBe(9);
    expect(inputPrice({ audio_output_tokens: 500, image_output_tokens: 500, output_tokens: 500 })).toBe(1);
  });
});

describe('pieces', () => {
  const period = {
    usd_per_mtok: { input: 1 },
    usd_per_request: 0.005,
    usd_per_web_search: 0.01,
    usd_per_rerank_query: 0.002,
    usd_per_ocr_page: 0.004,
    usd_per_annotation_page: 0.005,
    usd_per_image: 0.06,
    usd_per_mtok_hour_cache_storage: 4.5,
  };

  test('cost their price each, storage by million token-hours, over all requests', () => {
    const counts = { web_searches: 3, rerank_queries: 1, ocr_pages: 10, annotation_pages: 2, images: 1, requests: 2 };
    const found = usd(period, { ...counts, cache_storage_token_hours: 500_000 });
    expect(Object.fromEntries(found.meters.map((line) => [line.meter, [line.quantity, line.amount_usd]]))).toEqual({
      images: [2, 0.12],
      web_searches: [6, 0.06],
      rerank_queries: [2, 0.004],
      ocr_pages: [20, 0.08],
      annotation_pages: [4, 0.02],
      cache_storage_token_hours: [M, 4.5],
      requests: [2, 0.01],
    });
    expect(found.charge_usd).toBeCloseTo(4.794, 12);
  });

  test('that the card does not list are unpriced, never 0', () => {
    expect(usd({ usd_per_mtok: { input: 1 } }, { ocr_pages: 1 })).toMatchObject({
      charge_usd: null,
      unpriced: ['acme/m standard lists no price for OCR pages'],
    });
  });

  test('do not get the discount of another tier, and are unpriced there unless the tier lists them', () => {
    const tiers = { batch: { usd_per_mtok: { input: 0.5 }, usd_per_ocr_page: 0.002 } };
    const batch = (counts: ChargedCounts) => usd({ ...period, tiers }, counts, { tier: 'batch' }).charge_usd;
    expect(batch({ ocr_pages: 10 })).toBeCloseTo(0.025, 12);
    expect(batch({ web_searches: 1 })).toBeNull();
  });

  test('a card that sells pieces alone has no free request', () => {
    expect(usd({ usd_per_mtok: {}, usd_per_rerank_query: 0.002 }, { requests: 5 })).toMatchObject({
      charge_usd: null,
      unpriced: ['acme/m bills rerank queries, and none was counted'],
    });
  });

  test('images are priced by quality and size; where those are not named, only if all cost the same', () => {
    const images = [
      { quality: 'standard', size: '1024x1024', usd: 0.04 },
      { quality: 'hd', size: '1024x1024', usd: 0.08 },
      { quality: 'hd', size: '1024x1792', usd: 0.12 },
    ];
    const one = (image?: { quality?: string; size?: string }) =>
      usd({ usd_per_mtok: {}, images }, { images: 2 }, { image }).charge_usd;
    expect(one({ quality: 'hd', size: '1024x1792' })).toBe(0.24);
    expect(one({ quality: 'standard' })).toBe(0.08);
    expect(one({ quality: 'hd' })).toBeNull();
    expect(one()).toBeNull();
    expect(one({ quality: 'low' })).toBeNull();
  });

  test('a fee per request may depend on the search context; without one the base price holds, with a warning', () => {
    const by_search_context = { request: { low: 0.005, medium: 0.008 } };
    const one = (search_context?: 'low' | 'medium' | 'high') =>
      usd({ usd_per_mtok: {}, usd_per_request: 0.012, by_search_context }, {}, { search_context });
    expect([one('low').charge_usd, one('medium').charge_usd, one('high').charge_usd]).toEqual([0.005, 0.008, null]);
    expect(one()).toMatchObject({ charge_usd: 0.012, warnings: [{ code: 'PRICE_SEARCH_CONTEXT' }] });
  });
});

describe('factors', () => {
  const fast = { multiplier: { name: 'fast mode', factor: 6, meters: ['input', 'output'] } };
  const regions = [
    { region: 'eu', name: 'residency', factor: 1.1, meters: ['input', 'output'] },
    { region: 'eu', name: 'processing', factor: 1.5, meters: ['output'] },
  ];
  const period = {
    usd_per_mtok: { input: 5, cache_read: 0.5, output: 25 },
    cliffs: [{ prompt_tokens: 2 * M, usd_per_mtok: { input: 10, output: 50 } }],
    tiers: { fast, batch: { usd_per_mtok: { input: 2.5, output: 12.5 } } },
    regions,
  };

  test('fast mode multiplies the meters it lists, cliffs included, and leaves the others unpriced', () => {
    const counts = { input_tokens: M, output_tokens: M, reasoning_tokens: M };
    expect(usd(period, counts, { tier: 'fast' }).meters.map((line) => line.amount_usd)).toEqual([30, 150, 150]);
    expect(usd(period, { input_tokens: 3 * M }, { tier: 'fast' }).charge_usd).toBe(180);
    expect(usd(period, { cache_read_tokens: 1 }, { tier: 'fast' }).charge_usd).toBeNull();
  });

  test('of a region apply in order to the meters they list, at every tier; the others stay', () => {
    const price = (meter: string, tier: ChargedRoute['tier'] = 'standard') =>
      usd(period, { [meter]: M }, { tier, region: 'eu' }).charge_usd;
    expect(price('input_tokens')).toBeCloseTo(5.5, 12);
    expect(price('cache_read_tokens')).toBe(0.5);
    expect(price('output_tokens')).toBeCloseTo(25 * 1.1 * 1.5, 12);
    expect(price('input_tokens', 'fast')).toBeCloseTo(33, 12);
    expect(price('input_tokens', 'batch')).toBeCloseTo(2.75, 12);
  });

  test('a region that the card does not name is unpriced', () => {
    expect(usd(period, { input_tokens: 1 }, { region: 'us' }).unpriced).toEqual([
      'acme/m lists no price for region us',
    ]);
  });
});

describe('hours in another zone', () => {
  const window = {
    label: 'day',
    zone: 'Europe/Berlin',
    days: ['mon'],
    hours: ['09:00-18:00'],
    usd_per_mtok: { input: 2 },
  };
  const price = (at: string) =>
    usd({ usd_per_mtok: { input: 1 }, windows: [window] }, { input_tokens: M }, {}, at).charge_usd;

  test('follow its clocks, summer time included', () => {
    expect(['2026-07-06T06:59Z', '2026-07-06T07:00Z', '2026-07-06T16:00Z'].map(price)).toEqual([1, 2, 1]);
    expect(['2026-11-23T07:59Z', '2026-11-23T08:00Z', '2026-11-23T16:59Z', '2026-11-23T17:00Z'].map(price)).toEqual([
      1, 2, 2, 1,
    ]);
  });

  test('a zone that does not exist is refused', () => {
    expect(() => parse({ usd_per_mtok: {}, windows: [{ ...window, zone: 'Europe/Berlinn' }] })).toThrow(/no time zone/);
  });
});

describe('what belongs to a month', () => {
  const steps = (scope: 'marginal' | 'all') => [
    { measure: 'spend_usd' as const, above: 1000, scope, discount_fraction: 0.1 },
    { measure: 'spend_usd' as const, above: 10_000, scope, discount_fraction: 0.2 },
  ];

  test('volume discounts: 15,000 USD with 10 % above 1,000 and 20 % above 10,000 are 13,100, on all of it 12,000', () => {
    expect(discounted(steps('marginal'), { spend_usd: 15_000, tokens: 0 })).toBeCloseTo(13_100, 9);
    expect(discounted(steps('all'), { spend_usd: 15_000, tokens: 0 })).toBeCloseTo(12_000, 9);
    expect(discounted(steps('all'), { spend_usd: 1000, tokens: 0 })).toBe(1000);
    const tokens = [{ measure: 'tokens' as const, above: 50, scope: 'marginal' as const, discount_fraction: 0.5 }];
    expect(discounted(tokens, { spend_usd: 10, tokens: 100 })).toBeCloseTo(7.5, 12);
  });

  test('a free quota ends with its day: 1,500 and 200 searches at 1,000 free a day leave 500', () => {
    expect(billedAfter({ amount: 1000 }, [1500, 200])).toBe(500);
  });

  test('neither is taken off a single charge, and that is told', () => {
    const free_quota = [{ meter: 'web_searches', amount: 1500, per: 'day' }];
    const found = usd(
      { usd_per_mtok: {}, usd_per_web_search: 0.035, free_quota, volume_discounts: steps('all') },
      { web_searches: 1 },
    );
    expect(found.charge_usd).toBe(0.035);
    expect(found.warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'PRICE_ALLOWANCE not taken off here: 1500 web searches free per day; 10 % off above 1000 USD a month; 20 % off above 10000 USD a month',
    ]);
  });

  test('committed throughput is paid for its whole term: 63 USD an hour for 730 h are 45,990', () => {
    const offer: CommittedThroughput = {
      name: '1 month',
      unit: 'model unit',
      usd_per_unit_hour: 63,
      term_hours: 730,
      min_units: 1,
    };
    expect(committedCharge(offer, { units: 1, hours: 100 })).toEqual({ units: 1, hours: 730, charge_usd: 45_990 });
    expect(committedCharge({ ...offer, min_units: 2, term_hours: 0 }, { units: 1, hours: 10 }).charge_usd).toBe(1260);
  });
});
