/** What holds for every card: generated cards, generated usage. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  COUNT_METERS,
  type CountMeter,
  METERS,
  PIECE_METERS,
  promptTokens,
  TOKEN_METERS,
  unitPriceField,
} from '../../src/meters.ts';
import { charge } from '../../src/pricing/charge.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { UsageCharges } from '../../src/pricing/usage-charges.ts';
import { outages } from './small-book.ts';

const ON = '2026-08-01';
type Usage = Partial<Record<CountMeter, number>>;

const EDGE = 100_000;
const keys = TOKEN_METERS.map((meter) => METERS[meter].price_key);
const price = fc.integer({ min: 0, max: 40_000 }).map((n) => n / 1000);
const tokenPrices = fc.record(Object.fromEntries(keys.map((key) => [key, price])), { requiredKeys: [] });
const fullPrices = fc.record(Object.fromEntries(keys.map((key) => [key, price])));
const pieces = fc.record(Object.fromEntries(PIECE_METERS.map((meter) => [unitPriceField(meter), price])));
const period = (prices: fc.Arbitrary<object>) =>
  fc.tuple(prices, prices, pieces).map(([base, above, each]) => ({
    usd_per_mtok: base,
    cliffs: [{ prompt_tokens: EDGE, usd_per_mtok: above }],
    ...each,
  }));

const bookOf = (one: object) => {
  const card = { model: 'm', source: 'test', as_of: ON, confidence: 'high', periods: [one] };
  const seller = sellerFile.parse({ seller: 'acme', name: 'Acme', cards: [card] });
  return priceBook({ sellers: [seller], gateways: [], outages, digest: '' });
};
const route = { seller: 'acme', model: 'm', tier: 'standard' } as const;
const amount = (one: object, usage: Usage): number | null => charge(bookOf(one), route, usage, ON).charge_usd;

const few = fc.nat({ max: 8000 });
const below: fc.Arbitrary<Usage> = fc.record(
  Object.fromEntries(COUNT_METERS.map((meter) => [meter, few])) as Record<CountMeter, typeof few>,
);
const full = period(fullPrices);
const plus = (a: Usage, b: Usage): Usage =>
  Object.fromEntries(COUNT_METERS.map((meter) => [meter, (a[meter] ?? 0) + (b[meter] ?? 0)]));
const promptOf = (usage: Usage): number => promptTokens({ ...plus(usage, {}) } as Record<CountMeter, number>);

/** Equal but for the last bits of sums. */
const near = (found: number | null, wanted: number): void => {
  expect(found).not.toBeNull();
  expect(Math.abs(found! - wanted)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted)));
};

test('within a band the charge of two usages is the sum of their charges', () => {
  fc.assert(
    fc.property(full, below, below, (one, a, b) => {
      fc.pre(promptOf(plus(a, b)) <= EDGE);
      near(amount(one, plus(a, b)), amount(one, a)! + amount(one, b)!);
    }),
  );
});

test('within a band one more of anything never costs less', () => {
  fc.assert(
    fc.property(
      full,
      below,
      fc.constantFrom(...COUNT_METERS),
      fc.integer({ min: 1, max: 9000 }),
      (one, usage, meter, n) => {
        const more = plus(usage, { [meter]: n });
        fc.pre(promptOf(more) <= EDGE);
        expect(amount(one, more)!).toBeGreaterThanOrEqual(amount(one, usage)!);
      },
    ),
  );
});

test('the meters of a request may be charged apart', () => {
  fc.assert(
    fc.property(full, below, (one, usage) => {
      fc.pre(promptOf(usage) <= EDGE);
      const apart = COUNT_METERS.map((meter) => amount(one, { [meter]: usage[meter] ?? 0 })!);
      near(
        amount(one, usage),
        apart.reduce((total, part) => total + part, 0),
      );
    }),
  );
});

test('past the cliff every token is priced above it, none below', () => {
  fc.assert(
    fc.property(full, below, (one, usage) => {
      const long = plus(usage, { input_tokens: EDGE + 1 });
      const above = { ...one, usd_per_mtok: one.cliffs[0]!.usd_per_mtok, cliffs: [] };
      near(amount(one, long), amount(above, long)!);
    }),
  );
});

test('batch and cache cost more than list only where the card says so', () => {
  fc.assert(
    fc.property(full, fullPrices, below, (one, batch, usage) => {
      fc.pre(promptOf(usage) <= EDGE);
      const { usd_per_mtok } = one as { usd_per_mtok: Record<string, number> };
      const capped = Object.fromEntries(
        keys.map((key) => [key, Math.min(Number(Object(batch)[key]), usd_per_mtok[key]!)]),
      );
      const tokens = Object.fromEntries(TOKEN_METERS.map((meter) => [meter, usage[meter] ?? 0]));
      const withBatch = bookOf({ ...one, cliffs: [], tiers: { batch: { usd_per_mtok: capped } } });
      const list = charge(withBatch, route, tokens, ON).charge_usd!;
      const inBatch = charge(withBatch, { ...route, tier: 'batch' }, tokens, ON).charge_usd!;
      expect(inBatch).toBeLessThanOrEqual(list * (1 + 1e-12));
      const cached = {
        ...one,
        cliffs: [],
        usd_per_mtok: { ...usd_per_mtok, cache_read: Math.min(usd_per_mtok.cache_read!, usd_per_mtok.input!) },
      };
      const n = usage.input_tokens ?? 0;
      expect(amount(cached, { cache_read_tokens: n })!).toBeLessThanOrEqual(amount(cached, { input_tokens: n })!);
    }),
  );
});

test('a meter without a price never gives a number, in a charge or in a table of usage', () => {
  fc.assert(
    fc.property(
      period(tokenPrices),
      fc.constantFrom(...TOKEN_METERS),
      fc.integer({ min: 1, max: 9000 }),
      (one, meter, n) => {
        const { price_key, billed_as } = METERS[meter];
        const listed = Object(one.usd_per_mtok);
        const isPriced =
          listed[price_key] !== undefined ||
          (billed_as !== undefined && listed[METERS[billed_as].price_key] !== undefined);
        expect(amount(one, { [meter]: n }) !== null).toBe(isPriced);
      },
    ),
  );
});

test('a table of usage costs what its rows cost one by one', () => {
  fc.assert(
    fc.property(full, fc.array(below, { minLength: 1, maxLength: 6 }), (one, usages) => {
      const fitting = usages.filter((usage) => promptOf(usage) <= EDGE);
      const rows = fitting.map((usage, i) => ({
        ...(plus(usage, {}) as Record<CountMeter, number>),
        hour: 495_000 + i,
        model: 'acme/m',
        feature: '',
        band: 0,
        tier: 'standard' as const,
        requests: 1,
      }));
      const charges = new UsageCharges(bookOf(one));
      const edges = { 'acme/m': [EDGE + 1] };
      charges.add(
        { edges, rows, window: undefined, failed_requests: 0, requests_per_minute: new Map() },
        { on: ON, has_hours: true },
      );
      near(
        charges.cost_usd,
        fitting.reduce((total, usage) => total + amount(one, usage)!, 0),
      );
    }),
  );
});
