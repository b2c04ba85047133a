/**
 * The price of one token meter in one cell: USD for a million tokens at one service tier, prompt size, hour and region, on
 * a date.
 *
 * A missing meter falls back along METERS[meter].billed_as alone (reasoning is billed as output). A tier that does not
 * list the meter, or not the cliff that the standard prices have, is unpriced; so are batch and other tiers within a
 * time window. A window that the period does not list leaves the base price. Own contract prices hold at the standard
 * tier for every prompt size, hour and region, and stand before the list.
 *
 * Example: claude-sonnet-4-5, input, 2026-09-01: 3.00 in the base band, 6.00 from 200,001 tokens on; batch 1.50 in the
 * base band and unpriced above, since no batch price is known there.
 */
import type { Diagnostic } from '../errors.ts';
import type { TokenMeter } from '../meters.ts';
import type { PriceBook } from './price-book.ts';
import { type PriceCell, type PriceOptions, priceTable, type Unpriced } from './price-table.ts';

export type { ContractPrices, PriceCell, PriceOptions, Unpriced } from './price-table.ts';

export interface UnitPrice {
  readonly usd_per_mtok: number;
  readonly source: string;
  readonly as_of: string;
  /** The cell in words: `openai/gpt-5 batch input`. */
  readonly cell: string;
  readonly warnings: readonly Diagnostic[];
}

export function unitPrice(
  book: PriceBook,
  cell: PriceCell,
  meter: TokenMeter,
  on: string,
  options: PriceOptions = {},
): UnitPrice | Unpriced {
  const found = priceTable(book, cell, on, options).price(meter);
  if ('unpriced' in found) return found;
  const { usd, per: _, ...rest } = found;
  return { usd_per_mtok: usd, ...rest };
}
