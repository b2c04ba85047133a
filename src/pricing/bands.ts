/**
 * Price cliffs by prompt size. A cliff re-prices the whole request, so usage is kept by band: a band starts at the
 * smallest prompt that pays its prices.
 *
 *   above 200,000        -> the band starts at 200,001
 *   at or above 128,000  -> the band starts at 128,000
 *
 * Edges are collected over all periods and tiers of a card, so that one usage table serves every date.
 */
import { type PriceBook, rateCardOf } from './price-book.ts';
import type { Cliff } from './rate-card.ts';
import { resolveModel } from './resolve.ts';

/** The smallest prompt that pays the prices of a cliff. */
export const cliffEdge = (cliff: Cliff): number =>
  cliff.rule === 'above' ? cliff.prompt_tokens + 1 : cliff.prompt_tokens;

/** The cliff that a prompt of this size falls under, the highest it has reached. */
export function cliffAt(cliffs: readonly Cliff[], prompt_tokens: number): Cliff | undefined {
  const reached = cliffs.filter((cliff) => cliffEdge(cliff) <= prompt_tokens);
  return reached.reduce<Cliff | undefined>(
    (highest, cliff) => (highest === undefined || cliffEdge(cliff) > cliffEdge(highest) ? cliff : highest),
    undefined,
  );
}

/** Prompt sizes from which a new band starts, ascending; empty for a model without cliffs or without a card. */
export function bandEdges(book: PriceBook, seller: string, model: string, on: string = book.newest_on): number[] {
  const found = resolveModel(book, `${seller}/${model}`, on);
  const card = 'unknown' in found ? undefined : rateCardOf(book, found.seller, found.model);
  const cliffs = (card?.periods ?? [])
    .filter((period) => period.status !== 'cancelled')
    .flatMap((period) => [...period.cliffs, ...Object.values(period.tiers).flatMap((tier) => tier?.cliffs ?? [])]);
  return rising(cliffs.map(cliffEdge));
}

/**
 * Edges of every model that has cliffs, under each name that a trace may use for it.
 * @param sizes prompt sizes at which requests are told apart for another reason: edges of every model
 */
export function allBandEdges(book: PriceBook, sizes: readonly number[] = []): Record<string, readonly number[]> {
  const names = [...book.sellers.values()].flatMap(({ seller, cards }) =>
    cards.flatMap(({ model, aliases }) => [model, ...aliases.map(({ id }) => id)].map((id) => ({ seller, id }))),
  );
  return Object.fromEntries(
    names
      .map(({ seller, id }) => [`${seller}/${id}`, rising([...bandEdges(book, seller, id), ...sizes])] as const)
      .filter(([, edges]) => edges.length > 0),
  );
}

/** Every prompt size at which any price of the book changes, ascending: what an engine has to group by. */
export const sizeEdges = (book: PriceBook, sizes: readonly number[] = []): number[] =>
  rising([...Object.values(allBandEdges(book)).flat(), ...sizes]);

const rising = (edges: readonly number[]): number[] => [...new Set(edges)].sort((a, b) => a - b);
