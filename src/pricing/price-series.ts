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
import { type CountMeter, perOf, type TokenMeter } from '../meters.ts';
import { addMonths, type Month } from '../units.ts';
import type { PriceBook } from './price-book.ts';
import { type PriceCell, type PriceOptions, priceTable, type Unpriced } from './price-table.ts';

interface SeriesOrigin {
  readonly source: string;
  readonly as_of: string;
  /** The cell of the first month, in words. */
  readonly cell: string;
  readonly warnings: readonly Diagnostic[];
}

export interface PriceSeries extends SeriesOrigin {
  readonly usd_per_mtok: readonly number[];
}

/** USD for `per` tokens or pieces. */
export interface MeterSeries extends SeriesOrigin {
  readonly usd: readonly number[];
  readonly per: number;
}

export function priceSeries(
  book: PriceBook,
  cell: PriceCell,
  meter: TokenMeter,
  start: Month,
  months: number,
  options: PriceOptions = {},
): PriceSeries | Unpriced {
  const found = meterSeries(book, cell, meter, start, months, options);
  if ('unpriced' in found) return found;
  const { usd, per: _, ...origin } = found;
  return { usd_per_mtok: usd, ...origin };
}

/** The same of any meter, pieces included. */
export function meterSeries(
  book: PriceBook,
  cell: PriceCell,
  meter: CountMeter,
  start: Month,
  months: number,
  options: PriceOptions = {},
): MeterSeries | Unpriced {
  const usd: number[] = [];
  const warnings = new Map<string, Diagnostic>();
  let first: { source: string; as_of: string; cell: string } | undefined;
  for (let month = 0; month < months; month += 1) {
    const on = `${addMonths(start, month)}-01`;
    const price = priceTable(book, cell, on, options).price(meter);
    if (price === undefined) throw new Error(`${meter} has neither a price nor a reason`);
    if ('unpriced' in price) return { unpriced: `${price.unpriced} (${on})` };
    usd.push(price.usd);
    for (const found of price.warnings) warnings.set(`${found.code} ${found.path} ${found.message}`, found);
    first ??= { source: price.source, as_of: price.as_of, cell: price.cell };
  }
  if (first === undefined) return { unpriced: `a horizon of ${months} months has no price` };
  return { usd, per: perOf(meter), ...first, warnings: [...warnings.values()] };
}
