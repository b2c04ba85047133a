/**
 * The price of one cell in each month of a horizon: the price that holds on the first day of the month.
 *
 * A month that is unpriced makes the whole series unpriced: a gap is never filled. A price that changes within a month
 * counts from the next month on.
 *
 * Example: Gemini 3.6 Flash, input, from 2026-11 for four months: 0.75 each, with one warning that 1.50 is announced for
 * 2027-01-01; asked for announced prices: 0.75, 0.75, 1.50, 1.50.
 */
import type { Diagnostic } from '../errors.ts';
import type { TokenMeter } from '../meters.ts';
import { addMonths, type Month } from '../units.ts';
import type { PriceBook } from './price-book.ts';
import { type PriceCell, type PriceOptions, type Unpriced, unitPrice } from './unit-price.ts';

export interface PriceSeries {
  readonly usd_per_mtok: readonly number[];
  readonly source: string;
  readonly as_of: string;
  /** The cell of the first month, in words. */
  readonly cell: string;
  readonly warnings: readonly Diagnostic[];
}

export function priceSeries(
  book: PriceBook,
  cell: PriceCell,
  meter: TokenMeter,
  start: Month,
  months: number,
  options: PriceOptions = {},
): PriceSeries | Unpriced {
  const usd_per_mtok: number[] = [];
  const warnings = new Map<string, Diagnostic>();
  let first: { source: string; as_of: string; cell: string } | undefined;
  for (let month = 0; month < months; month += 1) {
    const on = `${addMonths(start, month)}-01`;
    const price = unitPrice(book, cell, meter, on, options);
    if ('unpriced' in price) return { unpriced: `${price.unpriced} (${on})` };
    usd_per_mtok.push(price.usd_per_mtok);
    for (const found of price.warnings) warnings.set(`${found.code} ${found.path} ${found.message}`, found);
    first ??= { source: price.source, as_of: price.as_of, cell: price.cell };
  }
  if (first === undefined) return { unpriced: `a horizon of ${months} months has no price` };
  return { usd_per_mtok, ...first, warnings: [...warnings.values()] };
}
