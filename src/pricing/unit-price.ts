/**
 * The price of one cell: what a seller asks for a million tokens of one meter, at one service tier, prompt size and
 * hour, on a date.
 *
 * A missing meter falls back along METERS[meter].billed_as alone (reasoning is billed as output). A tier that does not
 * list the meter, or not the cliff that the standard prices have, is unpriced; so are batch and other tiers within a
 * time window. A window that the period does not list leaves the base price. Own contract prices hold at the standard
 * tier for every prompt size and hour, and stand before the list.
 *
 * Example: claude-sonnet-4-5, input, 2026-09-01: 3.00 in the base band, 6.00 from 200,001 tokens on; batch 1.50 in the
 * base band and unpriced above, since no batch price is known there.
 */
import type { Diagnostic } from '../errors.ts';
import { METERS, type ServiceTier, type TokenMeter } from '../meters.ts';
import { periodAt } from './as-of.ts';
import { cliffAt, cliffEdge } from './bands.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import type { PricePeriod, RateCard, TokenPrices } from './rate-card.ts';

export interface PriceCell {
  readonly seller: string;
  /** Exact id of a card; aliases are resolved before. */
  readonly model: string;
  readonly tier: ServiceTier;
  /** Smallest prompt of the band, 0 for the base band. */
  readonly band_from_tokens: number;
  /** Label of the time window, absent outside all windows. */
  readonly window?: string | undefined;
}

/** Negotiated prices by `seller/model`, in USD per million tokens; meters not listed stay at the list price. */
export type ContractPrices = Readonly<Record<string, TokenPrices>>;

export interface PriceOptions {
  /** Apply announced prices from their first day on. */
  readonly announced?: boolean | undefined;
  readonly overrides?: ContractPrices | undefined;
}

export interface UnitPrice {
  readonly usd_per_mtok: number;
  readonly source: string;
  readonly as_of: string;
  /** The cell in words: `openai/gpt-5 batch input`. */
  readonly cell: string;
  readonly warnings: readonly Diagnostic[];
}

export interface Unpriced {
  readonly unpriced: string;
}

export function unitPrice(
  book: PriceBook,
  cell: PriceCell,
  meter: TokenMeter,
  on: string,
  { announced, overrides }: PriceOptions = {},
): UnitPrice | Unpriced {
  const name = `${cell.seller}/${cell.model}`;
  const contract = cell.tier === 'standard' ? overrides?.[name] : undefined;
  const found = listTable(book, cell, name, on, announced);
  for (const { price_key } of billingChain(meter)) {
    const agreed = contract?.[price_key];
    if (agreed !== undefined) {
      const words = `${name} contract ${price_key}`;
      return { usd_per_mtok: agreed, source: 'contract', as_of: on, cell: words, warnings: [] };
    }
    const usd_per_mtok = 'unpriced' in found ? undefined : found.prices[price_key];
    if (usd_per_mtok !== undefined && !('unpriced' in found)) {
      const { card, warnings } = found;
      const words = `${found.words} ${price_key}`;
      return { usd_per_mtok, source: card.source, as_of: card.as_of, cell: words, warnings };
    }
  }
  return 'unpriced' in found
    ? found
    : { unpriced: `${found.words} lists no price for ${METERS[meter].label.toLowerCase()}` };
}

/** The meter, then those it is billed as where it has no price of its own. */
function billingChain(meter: TokenMeter): readonly (typeof METERS)[TokenMeter][] {
  const own = METERS[meter];
  return own.billed_as === undefined ? [own] : [own, ...billingChain(own.billed_as)];
}

interface Table {
  readonly prices: TokenPrices;
  readonly words: string;
  readonly card: RateCard;
  readonly warnings: readonly Diagnostic[];
}

function listTable(
  book: PriceBook,
  cell: PriceCell,
  name: string,
  on: string,
  announced: boolean | undefined,
): Table | Unpriced {
  const card = rateCardOf(book, cell.seller, cell.model);
  if (card === undefined) return { unpriced: `${name} has no rate card` };
  const { period, warnings } = periodAt(card, on, { announced }, name);
  if (period === undefined) return { unpriced: `${name} has no ${firstDay(card)}` };
  const chosen = tableOf(period, cell, name);
  if ('unpriced' in chosen) return chosen;
  const since = period.from === undefined ? '' : ` since ${period.from}`;
  const kind = period.status === 'announced' ? ' announced' : '';
  return { ...chosen, words: `${chosen.words}${since}${kind}`, card, warnings };
}

/** Which of a period's price tables a cell reads. Nothing is carried over from another table. */
function tableOf(
  period: PricePeriod,
  { tier, band_from_tokens, window: label }: PriceCell,
  name: string,
): { prices: TokenPrices; words: string } | Unpriced {
  const cliff = cliffAt(period.cliffs, band_from_tokens);
  const size = cliff === undefined ? '' : `, prompts from ${cliffEdge(cliff)} tokens`;
  const window = period.windows.find((candidate) => candidate.label === label);
  if (window !== undefined) {
    const words = `${name} ${tier}, ${window.label}${size}`;
    if (tier !== 'standard' || cliff !== undefined) return { unpriced: `${words} is not listed` };
    return { prices: window.usd_per_mtok, words };
  }
  const words = `${name} ${tier}${size}`;
  if (tier === 'standard') return { prices: cliff?.usd_per_mtok ?? period.usd_per_mtok, words };
  const offer = period.tiers[tier];
  const own = offer && cliffAt(offer.cliffs, band_from_tokens);
  const isListed = offer !== undefined && edgeOf(own) >= edgeOf(cliff);
  return isListed ? { prices: (own ?? offer).usd_per_mtok, words } : { unpriced: `${words} is not listed` };
}

const edgeOf = (cliff: Parameters<typeof cliffEdge>[0] | undefined): number =>
  cliff === undefined ? 0 : cliffEdge(cliff);

const firstDay = (card: RateCard): string => {
  const confirmed = card.periods.filter((period) => period.status === 'confirmed');
  const first = confirmed.map((period) => period.from ?? '').sort()[0];
  return first === undefined ? 'confirmed price' : `price before ${first}`;
};
