/**
 * Which prices of a rate card hold on a date, and how old a price is.
 *
 * Confirmed periods hold from their first day until, exclusively, their last. Past a confirmed end without a confirmed
 * successor the last confirmed period goes on, with a warning that shows what is announced. Announced periods hold only
 * when asked for; cancelled ones never. Before the first period nothing is known: unpriced.
 *
 * Example: o3 cost 10/40 until 2025-06-10 and 2/8 from that day on. Gemini 3.6 Flash costs 0.75/3.75 until 2027-01-01;
 * in 2027 that goes on with a warning, and 1.50/7.50 holds only with `announced`.
 */
import { type Diagnostic, notice, warning } from '../errors.ts';
import { daysBetween } from '../units.ts';
import type { PricePeriod, RateCard } from './rate-card.ts';

export const STALE_AFTER_DAYS = 180;

export interface AsOf {
  readonly period: PricePeriod | undefined;
  readonly warnings: readonly Diagnostic[];
}

/** The period that holds on a date; `path` names the card in warnings. */
export function periodAt(
  card: RateCard,
  on: string,
  { announced = false }: { readonly announced?: boolean | undefined } = {},
  path: string = card.model,
): AsOf {
  const begun = card.periods.filter((period) => starts(period) <= on).sort(byStart);
  const future = begun.filter((period) => period.status === 'announced').at(-1);
  if (announced && future !== undefined && !hasEnded(future, on)) {
    const message = `the price announced for ${future.from} is applied: ${inWords(future)}; it is not confirmed`;
    return { period: future, warnings: [notice('PRICE_ANNOUNCED', path, message)] };
  }
  const last = begun.filter((period) => period.status === 'confirmed').at(-1);
  if (last === undefined || (!hasEnded(last, on) && future === undefined)) return { period: last, warnings: [] };
  const ended = hasEnded(last, on)
    ? `the price confirmed until ${last.until} (${inWords(last)}) goes on`
    : `the confirmed price (${inWords(last)}) is used`;
  const outlook = future === undefined ? 'no later one is known' : `announced from ${future.from}: ${inWords(future)}`;
  return { period: last, warnings: [warning('PRICE_NOT_CONFIRMED', path, `${ended}; ${outlook}`)] };
}

/** Whole days from the date of a source to a date; negative where the source is younger. */
export const ageDays = (as_of: string, on: string): number => daysBetween(as_of, on);

/** A warning about a price that was last read more than 180 days before the date, or nothing. */
export function staleWarning(as_of: string, on: string, path: string): Diagnostic | undefined {
  const age = ageDays(as_of, on);
  if (age <= STALE_AFTER_DAYS) return undefined;
  return warning('PRICE_STALE', path, `the price was read on ${as_of}, ${age} days before ${on}`);
}

const starts = (period: PricePeriod): string => period.from ?? '';
const hasEnded = (period: PricePeriod, on: string): boolean => period.until !== undefined && period.until <= on;
const byStart = (a: PricePeriod, b: PricePeriod): number => (starts(a) < starts(b) ? -1 : 1);

const inWords = (period: PricePeriod): string =>
  `${Object.entries(period.usd_per_mtok)
    .map(([key, usd]) => `${key} ${usd}`)
    .join(', ')} USD/Mtok`;
