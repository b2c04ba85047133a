/**
 * What is compared of two traces: totals, quantiles of lengths, how gaps and counts spread, how prompt and answer go
 * together. Takes times in rising order and lengths beside them; gives plain numbers.
 *
 *   gap CV          standard deviation of the gaps over their mean (n - 1 under the root)
 *   Fano factor     variance of the requests in windows of 10 s over their mean; 1 is Poisson; the last, cut one is left out
 *   busiest minute  most requests in a minute, counted from the first request, over the mean per minute
 *   rank correlation  Pearson's of the ranks, ties at their mean rank (Spearman)
 *
 * Example: times 0, 1, 3, 4 s have gaps 1, 2, 1 s: mean 4/3, standard deviation 0.5774, CV 0.4330.
 * Quantiles are of type 7 (Hyndman and Fan, 1996). undefined: too few values to tell.
 */
import { orderOf } from './strata.ts';

export interface Sizes {
  readonly total: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface TraceStatistics {
  readonly requests: number;
  readonly duration_ms: number;
  readonly input: Sizes;
  readonly output: Sizes;
  readonly input_to_output: number | undefined;
  readonly gap_cv: number | undefined;
  readonly fano_10s: number | undefined;
  readonly busiest_minute_to_mean: number | undefined;
  readonly rank_correlation: number | undefined;
}

export interface Sample {
  /** Rising. */
  readonly times_ms: Float64Array;
  readonly input_tokens: Float64Array;
  readonly output_tokens: Float64Array;
}

export function traceStatistics({ times_ms, input_tokens, output_tokens }: Sample): TraceStatistics {
  const [input, output] = [sizesOf(input_tokens), sizesOf(output_tokens)];
  const duration_ms = times_ms.length === 0 ? 0 : times_ms.at(-1)! - times_ms[0]!;
  const minutes = windowCounts(times_ms, 60_000);
  return {
    requests: times_ms.length,
    duration_ms,
    input,
    output,
    input_to_output: output.total === 0 ? undefined : input.total / output.total,
    gap_cv: gapVariation(times_ms),
    fano_10s: fanoFactor(times_ms, 10_000),
    busiest_minute_to_mean:
      duration_ms < 60_000
        ? undefined
        : minutes.reduce((most, count) => Math.max(most, count), 0) / ((times_ms.length * 60_000) / duration_ms),
    rank_correlation: rankCorrelation(input_tokens, output_tokens),
  };
}

export function sizesOf(values: Float64Array): Sizes {
  const sorted = values.slice().sort();
  let total = 0;
  for (const value of values) total += value;
  const at = (p: number): number => quantileOf(sorted, p);
  return { total, mean: values.length === 0 ? 0 : total / values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Of sorted values; 0 if there are none. */
export function quantileOf(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) return 0;
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  const from = sorted[low]!;
  return from + (h - low) * ((sorted[low + 1] ?? from) - from);
}

export function gapVariation(times_ms: Float64Array): number | undefined {
  const gaps = times_ms.length - 1;
  if (gaps < 2) return undefined;
  const mean = (times_ms.at(-1)! - times_ms[0]!) / gaps;
  let squares = 0;
  for (let i = 1; i <= gaps; i++) squares += (times_ms[i]! - times_ms[i - 1]! - mean) ** 2;
  return mean === 0 ? undefined : Math.sqrt(squares / (gaps - 1)) / mean;
}

export function fanoFactor(times_ms: Float64Array, window_ms: number): number | undefined {
  const all = windowCounts(times_ms, window_ms);
  const counts = all.slice(0, all.length - 1);
  if (counts.length < 2) return undefined;
  const mean = counts.reduce((total, count) => total + count, 0) / counts.length;
  const variance = counts.reduce((total, count) => total + (count - mean) ** 2, 0) / (counts.length - 1);
  return mean === 0 ? undefined : variance / mean;
}

/** Requests in each window from the first request on; the last window is cut short. */
export function windowCounts(times_ms: Float64Array, window_ms: number): Float64Array {
  if (times_ms.length === 0) return new Float64Array(0);
  const counts = new Float64Array(Math.floor((times_ms.at(-1)! - times_ms[0]!) / window_ms) + 1);
  for (const time of times_ms) counts[Math.floor((time - times_ms[0]!) / window_ms)]!++;
  return counts;
}

export function rankCorrelation(a: Float64Array, b: Float64Array): number | undefined {
  const [x, y] = [meanRanks(a), meanRanks(b)];
  const centre = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [dx, dy] = [x[i]! - centre, y[i]! - centre];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

function meanRanks(values: Float64Array): Float64Array {
  const ranks = new Float64Array(values.length);
  const order = orderOf(values);
  for (let from = 0, until = 0; from < order.length; from = until) {
    while (until < order.length && values[order[until]!] === values[order[from]!]) until++;
    for (let i = from; i < until; i++) ranks[order[i]!] = (from + until - 1) / 2;
  }
  return ranks;
}
