/**
 * The measures that every stage shares: how long a month is, how months are counted, how sums are taken.
 *
 * A month has 730 hours (8,760 / 12), the convention of cloud calculators. Calendar months are written `2026-12`.
 */

export const HOURS_PER_MONTH = 730;
export const HOURS_PER_WEEK = 168;
export const MONTHS_PER_YEAR = 12;
export const TOKENS_PER_MTOK = 1_000_000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

/** A calendar month, `YYYY-MM`. */
export type Month = string;

/** The month `count` months after `month`: addMonths('2026-12', 1) is '2027-01'. */
export function addMonths(month: Month, count: number): Month {
  const [year, ordinal] = month.split('-').map(Number) as [number, number];
  const index = year * MONTHS_PER_YEAR + (ordinal - 1) + count;
  const text = String((index % MONTHS_PER_YEAR) + 1).padStart(2, '0');
  return `${Math.floor(index / MONTHS_PER_YEAR)}-${text}`;
}

/** Months as people name them, in the order of the year. */
export const CALENDAR_MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;
export type CalendarMonth = (typeof CALENDAR_MONTHS)[number];
export const isCalendarMonth = (name: string): name is CalendarMonth =>
  (CALENDAR_MONTHS as readonly string[]).includes(name);

/** As it stands in a sentence: 'december' is 'December'. */
export const capitalised = (month: CalendarMonth): string => month.charAt(0).toUpperCase() + month.slice(1);

/** '2026-12' is 'december'. */
export const calendarMonthOf = (month: Month): CalendarMonth => CALENDAR_MONTHS[Number(month.slice(5, 7)) - 1]!;

/** The first instant of a month, in milliseconds since 1970 UTC. */
export const monthStartMs = (month: Month): number => Date.parse(`${month}-01T00:00:00Z`);

/** Whole days from one date (`YYYY-MM-DD`) to another; negative if `until` lies before `from`. */
export const daysBetween = (from: string, until: string): number =>
  Math.round(
    (Date.parse(`${until.slice(0, 10)}T00:00:00Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / MS_PER_DAY,
  );

/** The effective rate per month of a yearly rate: 12 %/year is 0.9488792934 %/month, not 1 %. */
export const monthlyRate = (yearlyFraction: number): number => (1 + yearlyFraction) ** (1 / MONTHS_PER_YEAR) - 1;

/** Sum with Neumaier's compensation: independent of order to the last few bits. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Plain code-unit order, the same on every machine (localeCompare is not). */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
