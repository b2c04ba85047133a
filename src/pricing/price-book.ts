/**
 * The price book: all rate cards, fee schedules and the outage history, and the look-up of a card by seller and exact id.
 *
 * Names as clients write them are resolve.ts's business. It reads no files.
 */
import type { Equivalents } from './equivalents.ts';
import type { FeeSchedule } from './fee-schedule.ts';
import type { ExchangeRates } from './fx.ts';
import type { OutageHistory, OutageRecord } from './outage-history.ts';
import type { RateCard, SellerFile } from './rate-card.ts';

export interface PriceBook {
  readonly sellers: ReadonlyMap<string, SellerFile>;
  readonly gateways: ReadonlyMap<string, FeeSchedule>;
  readonly outages: OutageHistory;
  readonly exchange_rates: ExchangeRates;
  /** Offers of the same model at several sellers. */
  readonly equivalents: Equivalents;
  /** Date of the youngest rate card: the date that look-ups without a date of their own mean. */
  readonly newest_on: string;
  /** SHA-256 over the content, whatever its formatting. */
  readonly digest: string;
}

export interface PriceBookFiles {
  readonly sellers: readonly SellerFile[];
  readonly gateways: readonly FeeSchedule[];
  readonly outages: OutageHistory;
  readonly exchange_rates?: ExchangeRates;
  readonly equivalents?: Equivalents;
  readonly digest: string;
}

export const priceBook = ({
  sellers,
  gateways,
  outages,
  equivalents = [],
  exchange_rates = { rates: [] },
  digest,
}: PriceBookFiles): PriceBook => ({
  sellers: new Map(sellers.map((file) => [file.seller, file])),
  gateways: new Map(gateways.map((schedule) => [schedule.gateway, schedule])),
  outages,
  exchange_rates,
  equivalents,
  newest_on: sellers
    .flatMap((file) => file.cards.map((card) => card.as_of))
    .reduce((newest, date) => (date > newest ? date : newest), ''),
  digest,
});

/** The card of an exact model id; other names are resolved in resolve.ts. */
export function rateCardOf(book: PriceBook, seller: string, model: string): RateCard | undefined {
  const file = book.sellers.get(seller);
  return file && cardsById(file).get(model);
}

/** What a seller went through, or the pooled assumption where nothing is known of it. */
export function outagesOf(book: PriceBook, seller: string): OutageRecord & { readonly pooled: boolean } {
  const known = book.outages.services.find((service) => service.seller === seller);
  return { ...(known ?? book.outages.pooled), pooled: known === undefined };
}

const indexes = new WeakMap<SellerFile, ReadonlyMap<string, RateCard>>();

function cardsById(file: SellerFile): ReadonlyMap<string, RateCard> {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const index = new Map(file.cards.map((card) => [card.model, card]));
  indexes.set(file, index);
  return index;
}
