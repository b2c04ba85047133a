/** The fees that the book ships, through the model. */
import { describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { amounts, direct, book as fixture, type Input, managed, monthly, run } from '../costs/fixture.ts';

const shipped = await readPriceBook();
const book = { ...fixture, gateways: shipped.gateways };
/** `usd` of tokens a month through a gateway, at a dollar per thousand requests. */
const through = (usd: number, id: string, own: Input = {}, question: Input = {}) =>
  run(
    {
      traffic: monthly(usd * 1000),
      prices: { 'acme/large': { input: 1, output: 0 } },
      strategies: [direct, managed(id, own)],
      ...question,
    },
    undefined,
    book,
  );
const first = (usd: number, id: string, label: string, own: Input = {}, question: Input = {}) =>
  amounts(through(usd, id, own, question), id, label)[0]!;

describe('OpenRouter', () => {
  test.each([
    [5, 0.16],
    [10, 0.08],
    [14.55, 0.055],
    [1000, 0.055],
  ])('a top-up of %d USD costs %d of it', (top_up, share) => {
    expect(first(top_up, 'openrouter', 'Credit purchase fee', { top_up }) / top_up).toBeCloseTo(share, 4);
  });

  test('crypto pays 5 % without a minimum', () => {
    expect(first(5, 'openrouter', 'Credit purchase fee', { payment_method: 'crypto' })).toBeCloseTo(0.25, 9);
  });

  test('own keys: a million requests free, or nothing free as an upper bound where the allowance is in list dollars', () => {
    const own = { billing: 'own_keys' };
    expect(first(2000, 'openrouter', 'Fee on own keys', own)).toBeCloseTo(50, 6);
    expect(first(2000, 'openrouter', 'Fee on own keys', { ...own, fee_variant: 'byok-list-dollars' })).toBeCloseTo(
      100,
      6,
    );
  });
});

test('Cloudflare takes 5 % since 2026-05-19 and nothing before', () => {
  const fees = amounts(
    through(100, 'cloudflare', {}, { start: '2026-04', horizon: 4 }),
    'cloudflare',
    'Credit purchase fee',
  ).map((usd) => Math.round(usd * 1e6) / 1e6);
  expect(fees).toEqual([0, 0, 5, 5]);
});

test('Vercel gives 5 USD until credit is bought, and cards take 2.9 % + 0.30 USD, as an assumption', () => {
  expect(first(4, 'vercel', 'Monthly credit')).toBeCloseTo(-4, 9);
  expect(first(4, 'vercel', 'Payment processing')).toBeCloseTo(0, 9);
  expect(amounts(through(105, 'vercel'), 'vercel', 'Monthly credit').map((usd) => Math.round(usd))).toEqual([-5, 0]);
  expect(first(105, 'vercel', 'Payment processing')).toBeCloseTo(3.2, 9);
  expect(first(1000, 'vercel', 'Fee per request', { fee_variant: 'team-zdr' })).toBeCloseTo(100, 6);
});

test('Portkey costs 49 and 9 for each further 100,000 logs, and past 3 million nobody knows', () => {
  const plan = (requests: number) =>
    first(requests / 1000, 'portkey', 'Subscription') + first(requests / 1000, 'portkey', 'Overage');
  expect([100_000, 100_001, 3_000_000].map(plan)).toEqual([49, 58, 310]);
  expect(through(3_000.001, 'portkey').alternatives[1]?.excluded).toMatch(/no published price/);
});

test('Kong costs 25 and 100 per model; past a million requests two readings differ', () => {
  expect(first(10, 'kong', 'Fee per model')).toBe(100);
  expect(through(1500, 'kong').alternatives[1]?.isUnpriced).toBe(true);
  expect(first(1500, 'kong', 'Overage', { fee_variant: 'overage-20' })).toBe(20);
  expect(first(1500, 'kong', 'Overage', { fee_variant: 'overage-200' })).toBe(200);
});

test('AIPower gives 10 calls, or 50 by its article', () => {
  expect(first(1, 'aipower', 'Free requests at signup')).toBeCloseTo(-0.01, 9);
  expect(first(1, 'aipower', 'Free requests at signup', { fee_variant: 'fifty-free-calls' })).toBeCloseTo(-0.05, 9);
});

test('Requesty adds 5 % that no listed price shows, and its fee on own keys is not published', () => {
  expect(first(106, 'requesty', 'Markup on tokens')).toBeCloseTo(5.3, 9);
  expect(through(1, 'requesty', { billing: 'own_keys' }).alternatives[1]?.isUnpriced).toBe(true);
});

test('a fee of 5 % costs as much as a plan of 49 USD at 980 USD a month', () => {
  expect(first(980, 'llmgateway', 'Credit purchase fee')).toBeCloseTo(first(80, 'portkey', 'Subscription'), 9);
});

test('sellers’ signup offers are dated, of low confidence and convertible', () => {
  const offers = ['deepseek', 'alibaba', 'siliconflow'].flatMap((id) => shipped.sellers.get(id)?.terms?.signup ?? []);
  expect(offers.map(({ credit, tokens }) => tokens ?? credit)).toEqual([
    { value: 5, currency: 'USD' },
    70_000_000,
    { value: 14, currency: 'CNY' },
  ]);
  for (const { as_of, confidence } of offers) expect([as_of, confidence]).toEqual(['2026-06-16', 'low']);
});
