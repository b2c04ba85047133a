/**
 * What changed between two price books: cards added and removed, and each price cell with its old and new figure.
 *
 * A cell is named as its file writes it: `periods[from 2026-07-30].tiers.batch.usd_per_mtok.input`. Periods are matched by
 * their first day and status, cliffs by size, windows by label, so that an appended period is an addition and not a change
 * of all that follow. Sources, dates and notes are no prices and are not compared.
 */
import type { PriceBook } from './price-book.ts';
import type { PricePeriod, RateCard, SellerFile } from './rate-card.ts';

export interface ChangedCell {
  readonly card: string;
  readonly cell: string;
  /** Null where it was not, or no longer is, listed. */
  readonly old: number | null;
  readonly new: number | null;
  readonly ratio: number | null;
}

export interface BookDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedCell[];
}

export function diffBooks(a: Pick<PriceBook, 'sellers'>, b: Pick<PriceBook, 'sellers'>): BookDiff {
  const [before, after] = [cardsOf(a.sellers), cardsOf(b.sellers)];
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...before].flatMap(([name, card]) => {
      const other = after.get(name);
      return other === undefined ? [] : diffCards(name, card, other);
    }),
  };
}

export function diffCards(name: string, a: RateCard, b: RateCard): ChangedCell[] {
  const [before, after] = [cellsOf(a), cellsOf(b)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((cell) => {
    const [old, now] = [before.get(cell) ?? null, after.get(cell) ?? null];
    if (old === now) return [];
    const ratio = old === null || now === null || old === 0 ? null : now / old;
    return [{ card: name, cell, old, new: now, ratio }];
  });
}

const cardsOf = (sellers: ReadonlyMap<string, SellerFile>): Map<string, RateCard> =>
  new Map([...sellers.values()].flatMap(({ seller, cards }) => cards.map((card) => [`${seller}/${card.model}`, card])));

/** Every number of a card's periods by the path to it. */
function cellsOf(card: RateCard): Map<string, number> {
  const cells = new Map<string, number>();
  for (const period of card.periods) walk(periodName(period), period, cells);
  return cells;
}

const periodName = ({ from, status }: PricePeriod): string =>
  `periods[${from === undefined ? 'since ever' : `from ${from}`}${status === 'confirmed' ? '' : `, ${status}`}]`;

function walk(path: string, value: unknown, cells: Map<string, number>): void {
  if (typeof value === 'number') cells.set(path, value);
  else if (Array.isArray(value)) {
    for (const item of value) walk(`${path}[${nameOf(item)}]`, item, cells);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) if (key !== 'prompt_tokens') walk(`${path}.${key}`, inner, cells);
  }
}

/** A cliff by its size, a window by its label. */
function nameOf(item: unknown): string {
  const { prompt_tokens, rule, label } = (item ?? {}) as { prompt_tokens?: number; rule?: string; label?: string };
  return (
    label ?? (prompt_tokens === undefined ? String(item) : `${rule === 'above' ? 'above' : 'from'} ${prompt_tokens}`)
  );
}
