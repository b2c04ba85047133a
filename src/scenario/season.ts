/**
 * Season of a window: how a span of time lies among the months of a season, and how busy that makes it. Takes the scenario's
 * `traffic.volume.season` and instants; costs/season.ts makes quantities of it.
 *
 *   season of a window = mean of the factors of its months, by its hours in each (UTC); 1 where none is stated
 *
 * Example: {december: 1.9, january: 1.4}; a window of 31 days from 16 December has 16 of them in December and 15 in January:
 * (16 x 1.9 + 15 x 1.4) / 31 = 1.6581.
 */
import type { Amount } from '../amount.ts';
import type { Window } from '../trace/request.ts';
import { addMonths, CALENDAR_MONTHS, type CalendarMonth, calendarMonthOf, type Month, monthStartMs } from '../units.ts';

export type Season = { readonly [month in CalendarMonth]?: Amount | undefined };

/** Months of the season that the horizon reaches, in the order of the year. */
export const monthsReached = (season: Season, start: Month, months: number): CalendarMonth[] => {
  const reached = new Set(Array.from({ length: months }, (_, month) => calendarMonthOf(addMonths(start, month))));
  return statedMonths(season).filter((month) => reached.has(month));
};

/** Months of the season that a window touches, in the order of the year. */
export const monthsIn = (season: Season, window: Window): CalendarMonth[] => {
  const shares = monthShares(window);
  return statedMonths(season).filter((month) => shares.has(month));
};

/** In the order of the year. */
export const statedMonths = (season: Season): CalendarMonth[] =>
  CALENDAR_MONTHS.filter((month) => season[month] !== undefined);

/** At the factors' means; 1 where none of its months has one. */
export function windowSeason(season: Season, window: Window): number {
  const [shares, reached] = [monthShares(window), monthsIn(season, window)];
  return reached.reduce(
    (sum, month) => sum + season[month]!.central * shares.get(month)!,
    shareOfOthers(shares, reached),
  );
}

/** By calendar month, the share of a window's hours that lies in it. */
export function monthShares({ from_ms, until_ms }: Window): Map<CalendarMonth, number> {
  const shares = new Map<CalendarMonth, number>();
  const total = until_ms - from_ms;
  for (let month = new Date(from_ms).toISOString().slice(0, 7); ; month = addMonths(month, 1)) {
    const next = monthStartMs(addMonths(month, 1));
    const name = calendarMonthOf(month);
    const inside = total > 0 ? (Math.min(until_ms, next) - Math.max(from_ms, monthStartMs(month))) / total : 1;
    shares.set(name, (shares.get(name) ?? 0) + inside);
    if (next >= until_ms) return shares;
  }
}

/** Share of the window in months without a factor. */
export const shareOfOthers = (shares: ReadonlyMap<CalendarMonth, number>, reached: readonly CalendarMonth[]): number =>
  [...shares].reduce((sum, [month, share]) => (reached.includes(month) ? sum : sum + share), 0);
