/**
 * A small table that stands for many values: an exact histogram where few values differ, else quantiles at the points that
 * matter most.
 *
 *   points: from the ends and p50, p95, p99 on, a point is added where the straight line is furthest off, weighed by width
 *   and by how far out it lies, since tails carry totals and variances
 *
 * Example: 1, 1, 2 is the histogram {values: [1, 2], counts: [2, 1]}. Units are those of the values.
 * The points beyond p99 are moved together so that the mean stays; what lies between points becomes even.
 */
import { meanOf } from './inverse.ts';
import type { Histogram, QuantileTable } from './schema.ts';

export const MAX_POINTS = 200;

/** @param digits decimals that are kept of values */
export function fitTable(values: Float64Array, digits = 0, points = MAX_POINTS): Histogram | QuantileTable {
  const sorted = values.map((value) => rounded(value, digits)).sort();
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= points) return { values: [...counts.keys()], counts: [...counts.values()] };
  return quantileTable(sorted, points);
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

const KEPT = [0.5, 0.95, 0.99];

function quantileTable(sorted: Float64Array, points: number): QuantileTable {
  const last = sorted.length - 1;
  const mean = sorted.reduce((total, value) => total + value, 0) / sorted.length;
  const chosen = [...new Set([0, ...KEPT.map((p) => Math.round(p * last)), last])].sort((a, b) => a - b);
  const spans: Span[] = chosen.slice(1).map((until, i) => span(sorted, chosen[i]!, until, mean));
  while (spans.length < points - 1) {
    let worst = 0;
    for (let i = 1; i < spans.length; i++) if (spans[i]!.error > spans[worst]!.error) worst = i;
    const { from, until, error, at } = spans[worst]!;
    if (error <= 0) break;
    spans.splice(worst, 1, span(sorted, from, at, mean), span(sorted, at, until, mean));
  }
  const places = [0, ...spans.map(({ until }) => until)];
  const probabilities = places.map((place) => Number((place / last).toFixed(7)));
  const kept = places.map((_, i) => i === 0 || probabilities[i]! > probabilities[i - 1]!);
  return withMean(
    probabilities.filter((_, i) => kept[i]),
    places.filter((_, i) => kept[i]).map((place) => sorted[place]!),
    mean,
  );
}

/** Points beyond p99 but the last are moved by a common factor, so that lines between points do not cost the mean. */
function withMean(probabilities: number[], values: number[], mean: number): QuantileTable {
  const off = mean - meanOf({ probabilities, values });
  const last = values.length - 1;
  const isTail = (i: number): boolean => probabilities[i]! > 0.99 && i < last;
  const tail = values.reduce((total, value, i) => {
    return isTail(i) ? total + (value * (probabilities[i + 1]! - probabilities[i - 1]!)) / 2 : total;
  }, 0);
  if (tail === 0) return { probabilities, values };
  const factor = Math.min(1.25, Math.max(0.8, 1 + off / tail));
  let least = 0;
  const moved = values.map((value, i) => {
    least = Math.max(least, isTail(i) ? Math.min(values[last]!, Number((value * factor).toPrecision(6))) : value);
    return least;
  });
  return { probabilities, values: moved };
}

interface Span {
  readonly from: number;
  readonly until: number;
  /** Where the line is furthest off. */
  readonly at: number;
  readonly error: number;
}

function span(sorted: Float64Array, from: number, until: number, mean: number): Span {
  const slope = (sorted[until]! - sorted[from]!) / (until - from);
  let [error, furthest, at] = [0, 0, from];
  for (let i = from + 1; i < until; i++) {
    const off = Math.abs(sorted[i]! - (sorted[from]! + slope * (i - from)));
    error += off * (1 + sorted[i]! / mean);
    if (off > furthest) [furthest, at] = [off, i];
  }
  return { from, until, at, error };
}
