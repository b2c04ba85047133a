/**
 * How the rate of a class moves over the window: profile, rate series, growth and bursts multiplied, as steps of constant
 * weight. Only the shape counts; the number of requests is settled elsewhere, so that a share of it falls in each step.
 *
 *   weight of an instant = profile x rate of the series x (1 + growth)^(t / 730 h) x (factor in a burst, else 1)
 *
 * Example: growth 0.1 a month makes the rate after 730 hours 1.1 times that of the start. Growth moves hour by hour. A
 * series that is shorter than the window starts again; bursts that overlap count once.
 * Source of the change of time: Daley and Vere-Jones, An Introduction to the Theory of Point Processes, 2003, 7.4.
 */
import type { Random } from '../random.ts';
import { HOURS_PER_MONTH, MS_PER_DAY, MS_PER_HOUR } from '../units.ts';
import { durationHours, type Profile, startMs, stepMs, weightAt } from './profile.ts';
import type { WorkloadSpec } from './schema.ts';

/** Steps of constant weight from the start of the window on. */
export interface Intensity {
  /** End of each step, milliseconds after the start, rising. */
  readonly ends_ms: Float64Array;
  /** Share of the requests that falls before the end of each step; the last is 1. */
  readonly shares: Float64Array;
}

/** A burst, milliseconds after the start of the window. */
export interface Burst {
  readonly from_ms: number;
  readonly until_ms: number;
}

/** As many bursts as the spec says, one at random in each equal part of the window. */
export function burstsOf(spec: WorkloadSpec, random: Random): Burst[] {
  if (spec.bursts === undefined) return [];
  const window_ms = durationHours(spec) * MS_PER_HOUR;
  const count = Math.round((spec.bursts.per_day * window_ms) / MS_PER_DAY);
  const length_ms = spec.bursts.minutes * 60_000;
  return Array.from({ length: count }, (_, i) => {
    const from_ms = Math.floor(((i + random.uniform()) * window_ms) / count);
    return { from_ms, until_ms: from_ms + length_ms };
  });
}

/** undefined: no step of the window has a weight. */
export function intensityOf(spec: WorkloadSpec, own: Profile, bursts: readonly Burst[]): Intensity | undefined {
  const start_ms = startMs(spec);
  const ends_ms = stepEnds(spec, start_ms, bursts);
  const growth_per_ms = Math.log1p(spec.growth ?? 0) / (HOURS_PER_MONTH * MS_PER_HOUR);
  const shares = new Float64Array(ends_ms.length);
  let total = 0;
  let burst = 0;
  for (let i = 0, from = 0; i < ends_ms.length; from = ends_ms[i++]!) {
    const until = ends_ms[i]!;
    const middle = (from + until) / 2;
    while (burst < bursts.length && bursts[burst]!.until_ms <= middle) burst++;
    const inBurst = burst < bursts.length && bursts[burst]!.from_ms <= middle;
    const weight =
      weightAt(start_ms + middle, spec, own) *
      rateAt(spec, middle) *
      Math.exp(growth_per_ms * middle) *
      (inBurst ? spec.bursts!.factor : 1);
    shares[i] = total += weight * (until - from);
  }
  if (total === 0) return undefined;
  for (let i = 0; i < shares.length; i++) shares[i] = shares[i]! / total;
  return { ends_ms, shares };
}

/** Requests that a rate series makes in the window. */
export function requestsOfRates(spec: WorkloadSpec): number {
  const rates = spec.rates!;
  const step_ms = stepMs(rates);
  const window_ms = durationHours(spec) * MS_PER_HOUR;
  let total = 0;
  for (let at = 0; at * step_ms < window_ms; at++) {
    const length_ms = Math.min(step_ms, window_ms - at * step_ms);
    total += (rates.requests_per_second[at % rates.requests_per_second.length]! * length_ms) / 1000;
  }
  return total;
}

function rateAt({ rates }: WorkloadSpec, at_ms: number): number {
  if (rates === undefined) return 1;
  return rates.requests_per_second[Math.floor(at_ms / stepMs(rates)) % rates.requests_per_second.length]!;
}

/** Clock hours, steps of the series and bursts; two ends never coincide. */
function stepEnds(spec: WorkloadSpec, start_ms: number, bursts: readonly Burst[]): Float64Array {
  const window_ms = durationHours(spec) * MS_PER_HOUR;
  const ends = new Set<number>([window_ms]);
  const add = (end: number): void => {
    if (end > 0 && end < window_ms) ends.add(end);
  };
  for (let end = MS_PER_HOUR - (start_ms % MS_PER_HOUR); end < window_ms; end += MS_PER_HOUR) add(end);
  if (spec.rates !== undefined) {
    const step_ms = stepMs(spec.rates);
    for (let step = 1; step * step_ms < window_ms; step++) add(step * step_ms);
  }
  for (const { from_ms, until_ms } of bursts) {
    add(from_ms);
    add(until_ms);
  }
  return Float64Array.from(ends).sort();
}

/** The instant, in milliseconds after the start, before which a share of the requests falls; shares must rise from call to call. */
export function timeChange({ ends_ms, shares }: Intensity): (share: number) => number {
  let step = 0;
  return (share) => {
    while (step < shares.length - 1 && shares[step]! <= share) step++;
    const from = step === 0 ? 0 : shares[step - 1]!;
    const from_ms = step === 0 ? 0 : ends_ms[step - 1]!;
    const width = shares[step]! - from;
    return width === 0 ? from_ms : from_ms + ((share - from) / width) * (ends_ms[step]! - from_ms);
  };
}

/** The share of the requests that falls before an instant: the way back. Instants must rise from call to call. */
export function shareBefore({ ends_ms, shares }: Intensity): (at_ms: number) => number {
  let step = 0;
  return (at_ms) => {
    while (step < shares.length - 1 && ends_ms[step]! <= at_ms) step++;
    const from = step === 0 ? 0 : shares[step - 1]!;
    const from_ms = step === 0 ? 0 : ends_ms[step - 1]!;
    return from + ((at_ms - from_ms) / (ends_ms[step]! - from_ms)) * (shares[step]! - from);
  };
}
