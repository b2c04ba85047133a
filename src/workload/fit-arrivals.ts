/**
 * Which arrivals reproduce a trace best, told by trying: each process under no rate series and under series of several
 * step lengths is fitted, made up with a few seeds, and held against the trace.
 *
 *   gaps of a candidate: the trace's gaps after the change of time by its rate series
 *   misfit = |ln(gap CV made / real)| + |ln(Fano factor made / real)|, root mean square over the seeds
 *
 * Example: CV 10 % too high and Fano factor 5 % too low is a misfit of 0.0953 + 0.0513 = 0.1466.
 * The best gamma and Weibull candidates are tried with other CVs too, since a window shows fewer long gaps than it has.
 * The simplest of the candidates within 0.01 of the best is taken. Independent gaps alone lose what gaps have in common;
 * a series of rates brings it back down to its step.
 */
import { substream } from '../random.ts';
import { arrivals } from './arrivals.ts';
import { fitTable } from './fit-table.ts';
import { gapQuantile } from './gaps.ts';
import { type Intensity, shareBefore } from './intensity.ts';
import type { RateSeries } from './profile.ts';
import type { Arrivals } from './schema.ts';
import { fanoFactor, gapVariation } from './statistics.ts';

export interface FittedArrivals {
  /** One for each class. */
  readonly arrivals: readonly Arrivals[];
  readonly rates: RateSeries | undefined;
  readonly misfit: number;
  readonly gap_cv: number;
  readonly fano_10s: number;
}

const STEPS_S = [10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const MAX_STEPS = 400;
/** Seeds of a candidate; fewer for long traces, so that about `DRAWS` requests are made. */
const SEEDS = 10;
const DRAWS = 150_000;
const MATERIAL = 0.01;
/** How many of the best candidates are tried with other coefficients of variation. */
const TUNED = 2;
const CV_FACTORS = [0.7, 0.85, 1.15, 1.3];
const PROCESSES = ['poisson', 'gamma', 'weibull', 'empirical'] as const;

/** @param classes times of each class after the start of the window, rising */
export function fitArrivals(classes: readonly Float64Array[], duration_ms: number): FittedArrivals[] {
  const all = joined(classes);
  const real = { gap_cv: gapVariation(all), fano_10s: fanoFactor(all, 10_000) };
  const seeds = Math.max(2, Math.min(SEEDS, Math.floor(DRAWS / all.length)));
  const tried = (fitted: readonly Arrivals[], rates: RateSeries | undefined): FittedArrivals => {
    const intensity = intensityUnder(rates, duration_ms);
    const made = Array.from({ length: seeds }, (_, seed) => trial(fitted, classes, intensity, seed + 1));
    const mean = (pick: (one: Seen) => number): number => made.reduce((t, one) => t + pick(one), 0) / seeds;
    const off = (one: Seen): number => misfit(one.gap_cv, real.gap_cv) + misfit(one.fano_10s, real.fano_10s);
    return {
      arrivals: fitted,
      rates,
      misfit: Math.sqrt(mean((one) => off(one) ** 2)),
      gap_cv: mean((one) => one.gap_cv ?? Number.NaN),
      fano_10s: mean((one) => one.fano_10s ?? Number.NaN),
    };
  };
  const candidates = seriesOf(all, duration_ms).flatMap((rates) => {
    const intensity = intensityUnder(rates, duration_ms);
    const gaps = classes.map((times) => operationalGaps(times, intensity));
    return PROCESSES.map((process) =>
      tried(
        gaps.map((own) => processOf(process, own)),
        rates,
      ),
    );
  });
  const byMisfit = (a: FittedArrivals, b: FittedArrivals): number => a.misfit - b.misfit;
  const tunable = candidates.filter((one) => one.arrivals.some((own) => 'cv' in own));
  const tuned = [...tunable].sort(byMisfit).slice(0, TUNED);
  candidates.push(
    ...tuned.flatMap((one) =>
      CV_FACTORS.map((factor) =>
        tried(
          one.arrivals.map((own) => ('cv' in own ? { ...own, cv: boundedVariation(own.cv * factor) } : own)),
          one.rates,
        ),
      ),
    ),
  );
  const best = Math.min(...candidates.map((one) => one.misfit));
  const chosen = candidates.find((one) => one.misfit <= best + MATERIAL)!;
  return [chosen, ...candidates.filter((one) => one !== chosen).sort(byMisfit)];
}

type Seen = { readonly gap_cv: number | undefined; readonly fano_10s: number | undefined };

/** 0 where the trace is too short to tell. */
const misfit = (made: number | undefined, real: number | undefined): number =>
  real === undefined || real === 0 ? 0 : Math.min(10, Math.abs(Math.log((made ?? 1e-9) / real)));

function trial(
  fitted: readonly Arrivals[],
  classes: readonly Float64Array[],
  intensity: Intensity,
  seed: number,
): Seen {
  const made = joined(
    classes.map((times, i) =>
      joined([...arrivals(times.length, gapQuantile(fitted[i]!), intensity, substream(seed, `fit/${i}`))]),
    ),
  );
  return { gap_cv: gapVariation(made), fano_10s: fanoFactor(made, 10_000) };
}

function processOf(process: (typeof PROCESSES)[number], gaps: Float64Array): Arrivals {
  if (process === 'poisson' || gaps.length < 3) return { process: 'poisson' };
  if (process === 'empirical') return { process, gap_ms: fitTable(gaps, 3) };
  const mean = gaps.reduce((total, gap) => total + gap, 0) / gaps.length;
  const variance = gaps.reduce((total, gap) => total + (gap - mean) ** 2, 0) / (gaps.length - 1);
  const cv = Math.sqrt(variance) / mean;
  return { process, cv: boundedVariation(cv) };
}

const boundedVariation = (cv: number): number => Number(Math.min(50, Math.max(0.05, cv)).toPrecision(4));

/** Gaps in the time in which the rate is even, scaled to the mean gap of the window so that they read as milliseconds. */
function operationalGaps(times_ms: Float64Array, intensity: Intensity): Float64Array {
  const shareAt = shareBefore(intensity);
  const window_ms = intensity.ends_ms.at(-1)!;
  const shares = times_ms.map((time) => shareAt(time) * window_ms);
  return shares.slice(1).map((share, i) => share - shares[i]!);
}

/** No series first, then from the longest step to the shortest that still makes a small table. */
function seriesOf(times_ms: Float64Array, duration_ms: number): (RateSeries | undefined)[] {
  const steps = STEPS_S.filter((step) => duration_ms / 1000 / step <= MAX_STEPS && duration_ms / 1000 / step >= 2);
  return [
    undefined,
    ...steps
      .slice(0, 3)
      .reverse()
      .map((step) => seriesBy(times_ms, duration_ms, step)),
  ];
}

/** Rates to a thousandth; the last step is cut by the end of the window. */
export function seriesBy(times_ms: Float64Array, duration_ms: number, step_seconds: number): RateSeries {
  const counts = new Array<number>(Math.ceil(duration_ms / 1000 / step_seconds - 1e-9)).fill(0);
  for (const time of times_ms) counts[Math.min(counts.length - 1, Math.floor(time / 1000 / step_seconds))]!++;
  const requests_per_second = counts.map((count, i) => {
    const length_s = Math.min(step_seconds, duration_ms / 1000 - i * step_seconds);
    return Number((count / length_s).toPrecision(5));
  });
  return step_seconds % 60 === 0
    ? { step_minutes: step_seconds / 60, requests_per_second }
    : { step_seconds, requests_per_second };
}

function intensityUnder(rates: RateSeries | undefined, duration_ms: number): Intensity {
  if (rates === undefined) return { ends_ms: Float64Array.of(duration_ms), shares: Float64Array.of(1) };
  const step_ms = 1000 * (rates.step_seconds ?? 60 * rates.step_minutes!);
  const ends_ms = Float64Array.from(rates.requests_per_second, (_, i) => Math.min(duration_ms, (i + 1) * step_ms));
  const shares = new Float64Array(ends_ms.length);
  let total = 0;
  for (let i = 0; i < shares.length; i++)
    shares[i] = total += rates.requests_per_second[i]! * (ends_ms[i]! - (ends_ms[i - 1] ?? 0));
  return { ends_ms, shares: shares.map((share) => share / total) };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.sort();
}
