import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { COUNT_METERS, type Counts, NO_COUNTS, SERVICE_TIERS } from '../../src/meters.ts';
import { charge } from '../../src/pricing/charge.ts';
import { Prices } from '../../src/router/prices.ts';

const book = await readPriceBook();
const cards = [...book.sellers.values()].flatMap(({ seller, cards: all }) =>
  all.map(({ model }) => ({ seller, model })),
);
const routes = Object.fromEntries(
  cards.flatMap(({ seller, model }) =>
    SERVICE_TIERS.map((tier) => [`${seller}/${model} ${tier}`, { seller, model, tier }] as const),
  ),
);
const counts = fc
  .dictionary(fc.constantFrom(...COUNT_METERS), fc.oneof(fc.nat(2000), fc.nat(1_500_000)), { maxKeys: 4 })
  .map((some): Counts => ({ ...NO_COUNTS, ...some }));

test('the cost of an attempt is the charge of the price book, at every size, tier and hour, or as unknown', () => {
  const prices = new Prices(book, routes);
  const hour = fc.integer({ min: Date.UTC(2026, 7, 1) / 3.6e6, max: Date.UTC(2026, 10, 20) / 3.6e6 });
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(routes)),
      fc.array(counts, { minLength: 1, maxLength: 4 }),
      hour,
      (name, many, at) => {
        for (const one of many) {
          const { charge_usd } = charge(book, routes[name]!, one, new Date(at * 3.6e6).toISOString());
          const cost = prices.costOf(name, one, at * 3.6e6);
          if (charge_usd === null) expect(cost).toBeNull();
          else expect(cost).toBeCloseTo(charge_usd, 12);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
