/**
 * When requests come: the weight of each hour of a workload, from the hour of the day and the weekend. Takes the parts of
 * a spec that matter here; gives plain weights, not yet scaled to a rate.
 */
import { MS_PER_DAY, MS_PER_HOUR } from '../units.ts';

export interface Profile {
  readonly daily_profile?: readonly number[] | undefined;
  readonly weekend_factor?: number | undefined;
}

/** One weight for each hour of the duration; what a class says of itself goes before what the workload says. */
export function hourWeights(
  spec: Profile & { readonly start: string; readonly duration_hours: number },
  own: Profile,
): number[] {
  const start_ms = Date.parse(`${spec.start}T00:00:00Z`);
  const daily = own.daily_profile ?? spec.daily_profile;
  const weekend = own.weekend_factor ?? spec.weekend_factor ?? 1;
  return Array.from({ length: spec.duration_hours }, (_, hour) => {
    const isWeekend = WEEKEND.has(weekday(start_ms + hour * MS_PER_HOUR));
    return (daily?.[hour % 24] ?? 1) * (isWeekend ? weekend : 1);
  });
}

const WEEKEND: ReadonlySet<number> = new Set([0, 6]);

/** 0 is Sunday; 1970-01-01 was a Thursday. */
const weekday = (time_ms: number): number => (Math.floor(time_ms / MS_PER_DAY) + 4) % 7;
