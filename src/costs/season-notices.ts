/**
 * What a reader of a season has to know: months that the horizon does not reach, and, where the volume is measured, which
 * month it is taken to be one of. Takes scenario and usage, gives notices.
 */
import { type Diagnostic, notice } from '../errors.ts';
import { VOLUME_PATH } from '../input-paths.ts';
import type { Scenario } from '../scenario/schema.ts';
import { monthShares, monthsIn, monthsReached, type Season, statedMonths, windowSeason } from '../scenario/season.ts';
import { type CalendarMonth, capitalised } from '../units.ts';
import type { UsageTable } from '../usage/table.ts';
import { measuredIn } from './demand.ts';

export function seasonNotices({ traffic, start, horizon }: Scenario, usage: UsageTable): Diagnostic[] {
  const { season, requests_per_month } = traffic.volume;
  if (season === undefined) return [];
  const isMeasured = requests_per_month === undefined;
  const window = isMeasured ? measuredIn(usage, traffic.synthetic !== undefined) : undefined;
  const reached = monthsReached(season, start, horizon);
  const inWindow = window === undefined ? [] : monthsIn(season, window);
  const idle = statedMonths(season).filter((month) => !reached.includes(month) && !inWindow.includes(month));
  return [
    ...(idle.length === 0
      ? []
      : [
          notice(
            'WITHOUT_EFFECT',
            'traffic.volume.season',
            `the horizon does not reach ${inWords(idle)}: what is stated of it moves nothing`,
          ),
        ]),
    ...(isMeasured ? [notice('SEASON_MEASURED', VOLUME_PATH, measuredAs(season, window))] : []),
  ];
}

function measuredAs(season: Season, window: UsageTable['window']): string {
  if (window === undefined)
    return 'the traffic has no calendar month (it is made up, or its clock is relative): it is taken as that of an ordinary month';
  const months = [...monthShares(window).keys()];
  const measured = `the traffic was measured in ${inWords(months)}`;
  return monthsIn(season, window).length > 0
    ? `${measured}, at ${Number(windowSeason(season, window).toPrecision(4))} times an ordinary month, and is divided by that`
    : `${measured}, which has no factor: it is taken as that of an ordinary month`;
}

const inWords = (months: readonly CalendarMonth[]): string => months.map(capitalised).join(', ');
