/**
 * Season: how busy each calendar month is, over an ordinary one.
 *
 *   season_m = factor of the calendar month that is m months after the start; 1 where none is stated
 *
 * A sum over the months that are named, each times 1 in that month and 0 in others, so that every factor is an input.
 * Example: {december: 1.9, january: 1.4, february: 0.5} from December on is 1.9, 1.4, 0.5, then 1.
 * Source: the scenario's `traffic.volume.season`. Not modelled: days that stand out within a month; a season of the mix, of
 * sizes or of the busiest minute; factors that differ from year to year.
 */
import type { Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import { monthShares, monthsIn, monthsReached, type Season, shareOfOthers } from '../scenario/season.ts';
import { addMonths, type CalendarMonth, calendarMonthOf, type Month } from '../units.ts';
import type { UsageTable } from '../usage/table.ts';

/** The factor of each month of the horizon; undefined where none of them has one. */
export function declareSeason(sheet: Sheet, season: Season, start: Month): Quantity | undefined {
  const { months } = sheet.model;
  const reached = monthsReached(season, start, months);
  if (reached.length === 0) return undefined;
  const names = Array.from({ length: months }, (_, month) => calendarMonthOf(addMonths(start, month)));
  const falls = (isIt: (name: CalendarMonth) => boolean, words: string): Quantity =>
    sheet.series(
      names.map((name) => Number(isIt(name))),
      '1',
      words,
    );
  return weighed(sheet, season, reached, 'season of the calendar month', {
    of: (month) => falls((name) => name === month, `1 in ${month}, 0 in other months`),
    rest: falls((name) => !reached.includes(name), '1 in months without a factor'),
  });
}

/** The factor of a measured window, moving with what its months' factors are; undefined where none of them has one. */
export function declareWindowSeason(
  sheet: Sheet,
  season: Season,
  window: NonNullable<UsageTable['window']>,
): Quantity | undefined {
  const [shares, reached] = [monthShares(window), monthsIn(season, window)];
  if (reached.length === 0) return undefined;
  const share = (value: number, words: string): Quantity => sheet.number(value, '1', words);
  return weighed(sheet, season, reached, 'season of the measured window', {
    of: (month) => share(shares.get(month)!, `share of the window in ${month}`),
    rest: share(shareOfOthers(shares, reached), 'share of the window in months without a factor'),
  });
}

/** Sum of factors times weights; what has no factor counts as 1. */
function weighed(
  sheet: Sheet,
  season: Season,
  months: readonly CalendarMonth[],
  words: string,
  weights: { readonly of: (month: CalendarMonth) => Quantity; readonly rest: Quantity },
): Quantity {
  return sheet.derive(
    `other_months + ${months.map((month) => `${month} * in_${month}`).join(' + ')}`,
    Object.fromEntries([
      ['other_months', weights.rest],
      ...months.flatMap((month) => [
        [month, sheet.amount(season[month]!)],
        [`in_${month}`, weights.of(month)],
      ]),
    ]),
    '1',
    words,
  );
}
