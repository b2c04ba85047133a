/** Pictures that a log counts both by the piece and by their tokens: billed once, by what the card prices. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { charge } from '../../src/pricing/charge.ts';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { UsageCharges } from '../../src/pricing/usage-charges.ts';
import { monthly, of, requests, run, book as small, usageOf } from '../costs/fixture.ts';

let book: PriceBook;
beforeAll(async () => {
  const pictures = (model: string, prices: object) => ({
    model,
    source: 'test',
    as_of: '2026-08-01',
    confidence: 'high',
    periods: [prices],
  });
  const seller = sellerFile.parse({
    seller: 'gamma',
    name: 'Gamma',
    cards: [
      pictures('by-token', { usd_per_mtok: { image_output: 40 } }),
      pictures('by-piece', { usd_per_mtok: {}, usd_per_image: 0.06 }),
      pictures('by-both', { usd_per_mtok: { image_output: 40 }, usd_per_image: 0.01 }),
    ],
  });
  book = priceBook({
    sellers: [...small.sellers.values(), seller],
    gateways: [...small.gateways.values()],
    outages: small.outages,
    digest: 'test',
  });
});

const BOTH = { images: 2, image_output_tokens: 8320 };
const traffic = (model: string, counts: object) =>
  requests(10, { seller: 'gamma', model, input_tokens: 0, output_tokens: 0, ...counts });

/** Of ten requests: as a single charge, as usage that is priced, and as a month of a scenario. */
function threeWays(model: string, counts: object): (number | null)[] {
  const one = charge(book, { seller: 'gamma', model, tier: 'standard' }, counts, '2026-12-01').charge_usd;
  const charges = new UsageCharges(book);
  charges.add(usageOf(traffic(model, counts), {}, book), { on: '2026-12-01', has_hours: false });
  const found = of(run({ traffic: monthly(10) }, traffic(model, counts), book), 'direct');
  return [one === null ? null : one * 10, charges.cost_usd, found.isUnpriced ? null : found.monthly_usd[0]!];
}
const all = (model: string, counts: object, usd: number | null): void =>
  expect(threeWays(model, counts)).toEqual(
    usd === null ? [null, null, null] : Array.from({ length: 3 }, () => expect.closeTo(usd, 9)),
  );

describe('pictures', () => {
  it('that are priced by their tokens are billed by them, however many pieces are counted', () => {
    all('by-token', BOTH, (10 * 8320 * 40) / 1e6);
    all('by-token', { image_output_tokens: 8320 }, (10 * 8320 * 40) / 1e6);
  });

  it('that are priced by their tokens and come without any are unpriced', () => {
    all('by-token', { images: 2 }, null);
  });

  it('that are priced by the piece are billed by it; tokens of theirs have no price', () => {
    all('by-piece', { images: 2 }, 1.2);
    all('by-piece', BOTH, null);
  });

  it('of a card that prices both are billed by both', () => {
    all('by-both', BOTH, (10 * 8320 * 40) / 1e6 + 0.2);
  });

  it('of gpt-image-1 are billed by their tokens', async () => {
    const shipped = await readPriceBook();
    const route = { seller: 'openai', model: 'gpt-image-1', tier: 'standard' } as const;
    expect(charge(shipped, route, { images: 1, image_output_tokens: 4160 }, '2026-12-01').charge_usd).toBeCloseTo(
      0.1664,
      9,
    );
  });
});
