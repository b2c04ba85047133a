/**
 * When requests come by the clock: the weight of each hour of a workload, from the hour of the day and the weekend; its
 * start and its length. Takes the parts of a spec that matter here; gives plain weights, not yet scaled to a rate.
 */
import { MS_PER_DAY, MS_PER_HOUR } from '../units.ts';

export interface Profile {
  readonly daily_profile?: readonly number[] | undefined;
  readonly weekend_factor?: number | undefined;
}

export interface RateSeries {
  readonly step_minutes?: number | undefined;
  readonly step_seconds?: number | undefined;
  readonly requests_per_second: readonly number[];
}

export interface Calendar extends Profile {
  readonly start: string;
  readonly duration_hours?: number | undefined;
  readonly rates?: RateSeries | undefined;
}

/** A day starts at midnight UTC. */
export const startMs = ({ start }: Calendar): number => Date.parse(start.length === 10 ? `${start}T00:00:00Z` : start);

export const stepMs = ({ step_minutes, step_seconds }: RateSeries): number =>
  step_minutes === undefined ? 1000 * step_seconds! : 60_000 * step_minutes;

/** As stated; else the length of the rate series, else a week. */
export function durationHours({ duration_hours, rates }: Calendar): number {
  if (duration_hours !== undefined) return duration_hours;
  return rates === undefined ? 168 : (rates.requests_per_second.length * stepMs(rates)) / MS_PER_HOUR;
}

/** One weight for each hour of the duration; what a class says of itself goes before what the workload says. */
export function hourWeights(spec: Calendar, own: Profile): number[] {
  const start_ms = startMs(spec);
  return Array.from({ length: Math.ceil(durationHours(spec)) }, (_, hour) =>
    weightAt(start_ms + hour * MS_PER_HOUR, spec, own),
  );
}

/** The weight of an instant. */
export function weightAt(time_ms: number, spec: Profile, own: Profile): number {
  const daily = own.daily_profile ?? spec.daily_profile;
  const weekend = own.weekend_factor ?? spec.weekend_factor ?? 1;
  return (daily?.[hourOfDay(time_ms)] ?? 1) * (WEEKEND.has(weekday(time_ms)) ? weekend : 1);
}

const WEEKEND: ReadonlySet<number> = new Set([0, 6]);

const hourOfDay = (time_ms: number): number => Math.floor((time_ms % MS_PER_DAY) / MS_PER_HOUR);

/** 0 is Sunday; 1970-01-01 was a Thursday. */
const weekday = (time_ms: number): number => (Math.floor(time_ms / MS_PER_DAY) + 4) % 7;
