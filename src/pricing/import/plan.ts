/**
 * What an import would change in a book from a day on: new cards, cards whose prices differ, cards that agree.
 *
 * A card is compared with the period that holds on that day, in those cells alone that the file lists. Where one differs, a
 * period of the file's figures is to be appended; a figure that only the old period lists is not carried over, since it says
 * nothing of the new price, and is shown as no longer listed. Takes imported cards, writes nothing.
 */
import { periodAt } from '../as-of.ts';
import { type ChangedCell, diffCards } from '../book-diff.ts';
import { type PriceBook, rateCardOf } from '../price-book.ts';
import { type PricePeriod, pricePeriod, type RateCard, rateCard } from '../rate-card.ts';
import { resolveModel } from '../resolve.ts';
import type { ImportedCard, ImportedPeriod } from './imported.ts';

export interface PlannedCard {
  readonly seller: string;
  /** The book's own id where it has the card. */
  readonly model: string;
  readonly kind: 'new' | 'changed' | 'same';
  readonly periods: readonly PricePeriod[];
  readonly changes: readonly ChangedCell[];
}

export interface ImportPlan {
  readonly cards: readonly PlannedCard[];
  /** Cards that no period of the file covers on the day, or whose figures break the contract. */
  readonly refused: readonly string[];
}

export function planImport(book: PriceBook, cards: readonly ImportedCard[], from: string): ImportPlan {
  const refused: string[] = [];
  const planned = new Map<string, PlannedCard>();
  for (const card of cards) {
    const plan = planCard(book, card, from);
    if (typeof plan === 'string') refused.push(plan);
    else {
      const name = `${plan.seller}/${plan.model}`;
      if (planned.has(name)) refused.push(`${card.seller}/${card.model}: another row of the file is ${name} too`);
      else planned.set(name, plan);
    }
  }
  return { cards: [...planned.values()], refused };
}

function planCard(book: PriceBook, card: ImportedCard, from: string): PlannedCard | string {
  const name = `${card.seller}/${card.model}`;
  const parsed = card.periods.map((period) => pricePeriod.safeParse(period));
  const broken = parsed.find((one) => !one.success);
  if (broken !== undefined) return `${name}: ${broken.error?.issues[0]?.message ?? 'breaks the contract'}`;
  const periods = parsed.flatMap((one) => one.data ?? []);
  const found = resolveModel(book, name, from);
  const isKnown = !('unknown' in found) && found.seller === card.seller && (found.rule ?? 'alias') === 'alias';
  if (!isKnown) return { seller: card.seller, model: card.model, kind: 'new', periods, changes: [] };
  const now = periodAt(asCard(card.model, periods), from).period;
  if (now === undefined) return `${name}: the file has no price on ${from}`;
  const held = periodAt(rateCardOf(book, found.seller, found.model)!, from).period;
  const base = { seller: found.seller, model: found.model };
  const next: PricePeriod = { ...now, from, until: undefined };
  const changes = diffCards(
    `${found.seller}/${found.model}`,
    asCard(found.model, held === undefined ? [] : [{ ...held, from: undefined, until: undefined }]),
    asCard(found.model, [{ ...now, from: undefined, until: undefined }]),
  ).map((cell) => ({ ...cell, cell: cell.cell.replace('periods[since ever].', '') }));
  const differs = changes.some((cell) => cell.new !== null && !isEqual(cell.old, cell.new));
  return differs
    ? { ...base, kind: 'changed', periods: [next], changes }
    : { ...base, kind: 'same', periods: [], changes: [] };
}

/** The same to a billionth: prices per token and per million differ in their last bits. */
const isEqual = (old: number | null, now: number): boolean =>
  old !== null && Math.abs(old - now) <= 1e-9 * Math.max(Math.abs(old), Math.abs(now));

const asCard = (model: string, periods: readonly (PricePeriod | ImportedPeriod)[]): RateCard => ({
  ...rateCard.parse({
    model,
    periods: [{ usd_per_mtok: {} }],
    source: 'import',
    as_of: '1970-01-01',
    confidence: 'low',
  }),
  periods: periods as PricePeriod[],
});
