/**
 * A cost in one row: mean with its standard error, quantiles, and the mean of the dearest 5 %.
 *
 *   quantile, type 7   h = (n - 1) p; x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h]), x sorted, counted from 0
 *   CVaR at level a    the mean of the dearest share 1 - a; the outcome on its boundary counts in part
 *
 * Example: 1, 2, 3, 4, 10 has P50 3 and P95 8.8. Losses 1 to 10 have CVaR 29/3 at 0.85: (10 + 9 / 2) / 1.5, where the plain
 * mean of all from the quantile on says 9.5. Units: those of the costs.
 * Sources: Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, definition 7; Rockafellar and Uryasev,
 * Conditional Value-at-Risk for General Loss Distributions, 2002. Not modelled: errors of the quantiles.
 */
import { type CostDraws, drawCount, type Mean, meanOf } from './draws.ts';

export interface Summary extends Mean {
  readonly draws: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly cvar95: number;
}

export function summarise(costs: Float64Array): Summary {
  const draws = drawCount(['cost'], [costs]);
  const sorted = costs.slice().sort();
  return {
    draws,
    ...meanOf(costs),
    p5: quantileOfSorted(sorted, 0.05),
    p50: quantileOfSorted(sorted, 0.5),
    p95: quantileOfSorted(sorted, 0.95),
    cvar95: cvarOfSorted(sorted, 0.95),
  };
}

export const summariseAll = ({ ids, costs }: CostDraws): (Summary & { readonly id: string })[] =>
  ids.map((id, s) => ({ id, ...summarise(costs[s]!) }));

/** Type 7. */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  const value = sorted[low]!;
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return h === low || next === value ? value : value + (h - low) * (next - value);
}

/** Type 7 at each share: what a chart of the distribution draws. */
export function quantiles(costs: Float64Array, shares: readonly number[]): Float64Array {
  const sorted = costs.slice().sort();
  return Float64Array.from(shares, (share) => quantileOfSorted(sorted, share));
}

export function cvarOfSorted(sorted: Float64Array, level: number): number {
  if (!(level >= 0 && level < 1)) throw new Error(`a level of CVaR lies from 0 to below 1, not at ${level}`);
  const n = sorted.length;
  const tail = n * (1 - level);
  const whole = Math.min(n, Math.floor(tail));
  let total = 0;
  for (let i = n - whole; i < n; i++) total += sorted[i]!;
  const part = whole < n ? (tail - whole) * sorted[n - whole - 1]! : 0;
  return (total + part) / tail;
}
