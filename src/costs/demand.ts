/**
 * Demand: from what was measured in a window to every month of the horizon.
 *
 *   requests_m = requests_per_month x (1 + growth)^m x season_m, m = 0, 1, …
 *   windows_m  = requests_m / window_requests: how many measured windows fit into month m
 *
 * season_m is the factor of its calendar month, so that requests_per_month is the volume of an ordinary month. Absent a stated
 * volume, requests_per_month = window_requests x 730 h / window hours / season of the window; traffic that is made up or whose
 * clock is relative counts as that of ordinary months.
 * Example: 8,819 requests in 0.9549 h are 6.74 million a month; at 3 % growth month 12 has 1.4258 times as many. 1,000 requests
 * at 10 % of growth and {december: 1.9, january: 1.4, february: 0.5} from December on are 1,900, 1,540, 605 and 1,331. 950
 * requests measured in a December of 1.9 are 500 in an ordinary month, and draws of that factor move the ordinary month.
 * Not modelled: saturation; a mix that changes while the volume grows or with the season.
 */
import { type Amount, assumed } from '../amount.ts';
import { VOLUME_PATH } from '../input-paths.ts';
import type { Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import { monthsIn, type Season, windowSeason } from '../scenario/season.ts';
import { type CalendarMonth, HOURS_PER_MONTH, type Month, MS_PER_HOUR } from '../units.ts';
import { hasDates, type UsageTable } from '../usage/table.ts';
import { declareSeason, declareWindowSeason } from './season.ts';

export interface Demand {
  /** 0 in the first month. */
  readonly month: Quantity;
  /** Of an ordinary month at the start. */
  readonly requests_per_month: Quantity;
  /** Months with a factor that the volume was measured in: what is an ordinary month follows from their factors. */
  readonly measured_in: readonly CalendarMonth[];
  readonly requests: Quantity;
  readonly windows: Quantity;
  readonly window_requests: number;
  readonly window_hours: number;
  /** Requests of the busiest minute over those of the mean minute. */
  readonly peak_to_mean: Quantity;
}

export interface Volume {
  readonly requests_per_month: Amount | undefined;
  readonly growth: Amount;
  readonly season: Season;
  /** The first month of the horizon. */
  readonly start: Month;
  /** Made-up traffic has dates that mean nothing. */
  readonly isMadeUp: boolean;
  /** Absent: measured. */
  readonly peak_to_mean: Amount | undefined;
}

export function declareDemand(sheet: Sheet, usage: UsageTable, volume: Volume): Demand {
  const window_requests = usage.rows.reduce((total, row) => total + row.requests, 0);
  const window_hours = hoursOf(usage);
  const given = volume.requests_per_month;
  const measured = given === undefined ? measuredIn(usage, volume.isMadeUp) : undefined;
  const requests_per_month =
    given === undefined ? measuredVolume(sheet, usage, window_requests, volume.season, measured) : sheet.amount(given);
  const month = sheet.series(
    Array.from({ length: sheet.model.months }, (_, i) => i),
    'month',
    'months since the start',
  );
  const growth = sheet.amount(volume.growth);
  const season = declareSeason(sheet, volume.season, volume.start);
  const requests =
    season === undefined
      ? sheet.derive(
          'requests_per_month * (1 + growth) ^ month',
          { requests_per_month, growth, month },
          'request',
          'requests_per_month x (1 + growth)^month',
        )
      : sheet.derive(
          'requests_per_month * (1 + growth) ^ month * season',
          { requests_per_month, growth, month, season },
          'request',
          'requests_per_month x (1 + growth)^month x season of the calendar month',
        );
  const counted = sheet.number(window_requests, 'request', 'requests in the measured window');
  const windows = sheet.derive(
    'requests / window_requests',
    { requests, window_requests: counted },
    '1',
    'requests of the month / requests in the measured window',
  );
  const peak_to_mean = sheet.amount(
    volume.peak_to_mean ??
      assumed(
        peakToMean(usage, window_hours),
        '1',
        'traffic.peak_to_mean',
        'measured: busiest minute over the mean minute',
      ),
  );
  return {
    month,
    requests_per_month,
    measured_in: measured === undefined ? [] : monthsIn(volume.season, measured),
    requests,
    windows,
    window_requests,
    window_hours,
    peak_to_mean,
  };
}

/** The measured window scaled to a month, over the season that it fell into; at the factors' means the input itself. */
function measuredVolume(
  sheet: Sheet,
  usage: UsageTable,
  requests: number,
  season: Season,
  window: UsageTable['window'],
): Quantity {
  const hours = hoursOf(usage);
  const scaled = (requests * HOURS_PER_MONTH) / hours;
  const measured = `measured: ${requests} requests in ${round(hours)} h, scaled to 730 h`;
  const factor = window && declareWindowSeason(sheet, season, window);
  if (window === undefined || factor === undefined)
    return sheet.amount(assumed(scaled, 'request/month', VOLUME_PATH, measured));
  const at_means = windowSeason(season, window);
  const words = `${measured}, over the season of ${round(at_means)} that it fell into`;
  const ordinary = sheet.amount(assumed(scaled / at_means, 'request/month', VOLUME_PATH, words));
  return sheet.derive(
    'ordinary * (at_means / factor)',
    { ordinary, at_means: sheet.number(at_means, '1', 'season of the window at its means'), factor },
    'request/month',
    words,
  );
}

/** The window whose calendar months are known. */
export const measuredIn = (usage: UsageTable, isMadeUp: boolean): UsageTable['window'] =>
  isMadeUp || !hasDates(usage) ? undefined : usage.window;

/** Hours between the first and the last request; at least a minute, so that a single request has a rate. */
export const hoursOf = (usage: UsageTable): number =>
  Math.max(((usage.window?.until_ms ?? 0) - (usage.window?.from_ms ?? 0)) / MS_PER_HOUR, 1 / 60);

/** Whether it covers a day or more, hour by hour, so that the hours say which share falls into a price window. */
export const tellsHours = (usage: UsageTable): boolean =>
  hoursOf(usage) >= 24 && (usage.buckets?.longest_ms ?? 0) <= MS_PER_HOUR;

function peakToMean(usage: UsageTable, hours: number): number {
  let peak = 0;
  let total = 0;
  for (const requests of usage.requests_per_minute.values()) {
    peak = Math.max(peak, requests);
    total += requests;
  }
  return total === 0 ? 1 : Math.max(1, peak / (total / (hours * 60)));
}

const round = (value: number): number => Number(value.toPrecision(4));
