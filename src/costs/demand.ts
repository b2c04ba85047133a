/**
 * Demand: from what was measured in a window to every month of the horizon.
 *
 *   requests_m = requests_per_month x (1 + growth)^m, m = 0, 1, …
 *   windows_m  = requests_m / window_requests: how many measured windows fit into month m
 *
 * Absent a stated volume, requests_per_month = window_requests x 730 h / window hours. Example: 8,819 requests in
 * 0.9549 h are 6.74 million a month; at 3 % growth month 12 has 1.4258 times as many.
 * Not modelled: seasons, saturation; a mix that changes while the volume grows.
 */
import { type Amount, assumed } from '../amount.ts';
import { VOLUME_PATH } from '../input-paths.ts';
import type { Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import { HOURS_PER_MONTH, MS_PER_HOUR } from '../units.ts';
import type { UsageTable } from '../usage/table.ts';

export interface Demand {
  /** 0 in the first month. */
  readonly month: Quantity;
  readonly requests_per_month: Quantity;
  readonly requests: Quantity;
  readonly windows: Quantity;
  readonly window_requests: number;
  readonly window_hours: number;
  /** Requests of the busiest minute over those of the mean minute. */
  readonly peak_to_mean: Quantity;
}

export function declareDemand(
  sheet: Sheet,
  usage: UsageTable,
  volume: {
    readonly requests_per_month: Amount | undefined;
    readonly growth: Amount;
    /** Absent: measured. */
    readonly peak_to_mean: Amount | undefined;
  },
): Demand {
  const window_requests = usage.rows.reduce((total, row) => total + row.requests, 0);
  const window_hours = hoursOf(usage);
  const scaled = (window_requests * HOURS_PER_MONTH) / window_hours;
  const given = volume.requests_per_month;
  const requests_per_month = sheet.amount(
    given ??
      assumed(
        scaled,
        'request/month',
        VOLUME_PATH,
        `measured: ${window_requests} requests in ${round(window_hours)} h, scaled to 730 h`,
      ),
  );
  const month = sheet.series(
    Array.from({ length: sheet.model.months }, (_, i) => i),
    'month',
    'months since the start',
  );
  const growth = sheet.amount(volume.growth);
  const requests = sheet.derive(
    'requests_per_month * (1 + growth) ^ month',
    { requests_per_month, growth, month },
    'request',
    'requests_per_month x (1 + growth)^month',
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
  return { month, requests_per_month, requests, windows, window_requests, window_hours, peak_to_mean };
}

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
