/**
 * How sure a handful of samples is: intervals that hold whatever shape the samples have, since latencies are never normal.
 *
 *   quantile   [x_(l), x_(u)] of the sorted samples, l the largest with P(Bin(n, p) < l) <= (1 - level) / 2, u its mirror
 *   share      Clopper-Pearson: beta quantiles, never shorter than the level asks for
 *   ratio      sum of own / sum of baseline; jackknife over pairs, Student's t with n - 1 degrees of freedom
 *
 * Example: of ten samples 1 to 10 the median is 5.5, and [2, 9] holds the true one with at least 95 % (97.9 %). 2 of 100
 * failed: 2 %, [0.24 %, 7.04 %]. Source: Conover, Practical Nonparametric Statistics, 3.1 and 3.2.
 * Not modelled: samples that depend on each other; calls are interleaved so that a slow minute hits all routes.
 */
import { betaCdf, betaQuantile } from '../special-functions/beta.ts';
import { sum } from '../units.ts';

export const LEVEL = 0.95;

export interface Estimate {
  readonly value: number;
  /** Undefined: there are too few samples for an interval at this level. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly n: number;
}

/** Undefined without a sample. */
export function quantileInterval(values: readonly number[], p: number, level = LEVEL): Estimate | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  const lower = ranksBelow(n, p, tail);
  const upper = ranksBelow(n, 1 - p, tail);
  const isKnown = lower >= 1 && upper >= 1;
  return {
    value: quantileOf(sorted, p),
    low: isKnown ? sorted[lower - 1] : undefined,
    high: isKnown ? sorted[n - upper] : undefined,
    n,
  };
}

export const medianInterval = (values: readonly number[], level = LEVEL): Estimate | undefined =>
  quantileInterval(values, 0.5, level);

/** Of own - baseline, round by round; a round that lacks one of the two is left out. */
export function pairedMedian(
  own: readonly (number | undefined)[],
  baseline: readonly (number | undefined)[],
  level = LEVEL,
): Estimate | undefined {
  return medianInterval(
    pairs(own, baseline).map(([a, b]) => a - b),
    level,
  );
}

/** Undefined without a trial. */
export function shareInterval(hits: number, n: number, level = LEVEL): Estimate | undefined {
  if (n === 0) return undefined;
  const tail = (1 - level) / 2;
  return {
    value: hits / n,
    low: hits === 0 ? 0 : betaQuantile(hits, n - hits + 1)(tail),
    high: hits === n ? 1 : betaQuantile(hits + 1, n - hits)(1 - tail),
    n,
  };
}

/** Of the sums, over pairs that have both; undefined without a pair, or where the baseline sums to 0. */
export function ratioInterval(
  own: readonly (number | undefined)[],
  baseline: readonly (number | undefined)[],
  level = LEVEL,
): Estimate | undefined {
  const both = pairs(own, baseline);
  const n = both.length;
  const [above, below] = [sum(both.map(([a]) => a)), sum(both.map(([, b]) => b))];
  if (n === 0 || below === 0) return undefined;
  const value = above / below;
  if (n < 2 || both.some(([, b]) => b === below)) return { value, low: undefined, high: undefined, n };
  const left = both.map(([a, b]) => n * value - (n - 1) * ((above - a) / (below - b)));
  const mean = sum(left) / n;
  const variance = sum(left.map((one) => (one - mean) ** 2)) / (n - 1);
  const half = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(variance / n);
  return { value, low: value - half, high: value + half, n };
}

/** Middle of the two nearest samples where p falls between them, as type 2 of Hyndman and Fan. */
export function quantileOf(sorted: readonly number[], p: number): number {
  const at = sorted.length * p;
  const i = Math.min(Math.ceil(at), sorted.length) - 1;
  const here = sorted[Math.max(i, 0)]!;
  return Number.isInteger(at) && i + 1 < sorted.length && i >= 0 ? (here + sorted[i + 1]!) / 2 : here;
}

/** The largest l with P(Bin(n, p) < l) <= tail; 0: none. */
function ranksBelow(n: number, p: number, tail: number): number {
  let l = 0;
  // P(Bin(n, p) <= l) = I_(1-p)(n - l, l + 1)
  while (l < n && betaCdf(n - l, l + 1, 1 - p) <= tail) l++;
  return l;
}

/** t with P(T <= t) = p > 1/2: T² / (v + T²) is Beta(1/2, v/2). */
export function studentQuantile(p: number, degrees: number): number {
  const x = betaQuantile(degrees / 2, 0.5)(2 * (1 - p));
  return Math.sqrt((degrees * (1 - x)) / x);
}

const pairs = (
  own: readonly (number | undefined)[],
  baseline: readonly (number | undefined)[],
): readonly (readonly [number, number])[] =>
  own.flatMap((a, i) => {
    const b = baseline[i];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
