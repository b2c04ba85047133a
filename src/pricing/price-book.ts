/**
 * The price book: all rate cards, fee schedules and the outage history, and the look-up of a model by its exact name.
 *
 * A price belongs to (seller, exact model id). A name is `seller/model`, where the model id may hold slashes itself; it
 * matches a card's id or an alias that holds on the date. There is no prefix matching and no search across sellers: a
 * model without its seller is unknown, and the answer offers the nearest names. It reads no files.
 */
import { nearest } from '../nearest.ts';
import type { FeeSchedule } from './fee-schedule.ts';
import type { OutageHistory, OutageRecord } from './outage-history.ts';
import type { RateCard, SellerFile } from './rate-card.ts';

export interface PriceBook {
  readonly sellers: ReadonlyMap<string, SellerFile>;
  readonly gateways: ReadonlyMap<string, FeeSchedule>;
  readonly outages: OutageHistory;
  /** Date of the youngest rate card: the date that look-ups without a date of their own mean. */
  readonly newest_on: string;
  /** SHA-256 over the content, whatever its formatting. */
  readonly digest: string;
}

export interface PriceBookFiles {
  readonly sellers: readonly SellerFile[];
  readonly gateways: readonly FeeSchedule[];
  readonly outages: OutageHistory;
  readonly digest: string;
}

export const priceBook = ({ sellers, gateways, outages, digest }: PriceBookFiles): PriceBook => ({
  sellers: new Map(sellers.map((file) => [file.seller, file])),
  gateways: new Map(gateways.map((schedule) => [schedule.gateway, schedule])),
  outages,
  newest_on: sellers
    .flatMap((file) => file.cards.map((card) => card.as_of))
    .reduce((newest, date) => (date > newest ? date : newest), ''),
  digest,
});

export type Resolved = { readonly seller: string; readonly model: string };
export type Unknown = { readonly unknown: string; readonly nearest: readonly string[] };

/** The card that `seller/model` names on a date (by default the book's newest), or the nearest names. */
export function resolveModel(book: PriceBook, text: string, on: string = book.newest_on): Resolved | Unknown {
  const slash = text.indexOf('/');
  const seller = text.slice(0, slash);
  const model = text.slice(slash + 1);
  const file = slash < 0 ? undefined : book.sellers.get(seller);
  const card = file && (cardsById(file).get(model) ?? aliased(file, model, on));
  return card === undefined ? { unknown: text, nearest: nearestModels(book, text) } : { seller, model: card.model };
}

/** The card of an exact model id; aliases are resolved by resolveModel. */
export function rateCardOf(book: PriceBook, seller: string, model: string): RateCard | undefined {
  const file = book.sellers.get(seller);
  return file && cardsById(file).get(model);
}

/** What a seller went through, or the pooled assumption where nothing is known of it. */
export function outagesOf(book: PriceBook, seller: string): OutageRecord & { readonly pooled: boolean } {
  const known = book.outages.services.find((service) => service.seller === seller);
  return { ...(known ?? book.outages.pooled), pooled: known === undefined };
}

const aliased = (file: SellerFile, id: string, on: string): RateCard | undefined =>
  file.cards.find((card) =>
    card.aliases.some(
      (alias) =>
        alias.id === id &&
        (alias.from === undefined || alias.from <= on) &&
        (alias.until === undefined || on < alias.until),
    ),
  );

/** The same model at other sellers first, then by spelling. */
function nearestModels(book: PriceBook, text: string): string[] {
  const known = [...book.sellers.values()].flatMap((file) => file.cards.map((card) => `${file.seller}/${card.model}`));
  const bare = text.slice(text.indexOf('/') + 1);
  const elsewhere = known.filter((name) => name.endsWith(`/${text}`) || name.endsWith(`/${bare}`));
  return [...new Set([...elsewhere, ...nearest(text, known), ...nearest(bare, known)])].slice(0, 3);
}

const indexes = new WeakMap<SellerFile, ReadonlyMap<string, RateCard>>();

function cardsById(file: SellerFile): ReadonlyMap<string, RateCard> {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const index = new Map(file.cards.map((card) => [card.model, card]));
  indexes.set(file, index);
  return index;
}
