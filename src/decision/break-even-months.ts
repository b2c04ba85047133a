/**
 * When one strategy has paid back against another: the month as a distribution over draws.
 *
 *   first crossing   the first month at whose end a has cost less than b in total
 *   for good         the first month from which on that holds until the horizon's end
 *
 * Months count from 1 and are whole; "never" and "from the start" (month 1) are outcomes with their shares. Quantiles are of
 * type 1, the least month that this share of draws has reached, with never as +Infinity: nothing is interpolated between
 * a month and never. A tie is not cheaper.
 * Example: 20,000 to build and 1,500 a month against a fee of 2,750 a month: equal after 16 months, cheaper from month 17.
 * Where the fee falls 1 % a month, cheaper from month 20 on and no longer after month 108: at 120 months that is a crossing
 * that is lost again. Not modelled: anything past the horizon.
 */
import { drawCount, isTie, shareError, TIE_FRACTION } from './draws.ts';

export interface MonthDistribution {
  readonly from_start_fraction: number;
  readonly from_start_se: number;
  /** In a month after the first. */
  readonly later_fraction: number;
  readonly later_se: number;
  readonly never_fraction: number;
  readonly never_se: number;
  readonly p5_month: number;
  readonly p50_month: number;
  readonly p95_month: number;
  /** Position 0 is month 1, that is from the start; with `never_fraction` they add up to 1. */
  readonly fraction_by_month: Float64Array;
}

export interface BreakEvenMonths {
  readonly first_crossing: MonthDistribution;
  readonly for_good: MonthDistribution;
  /** Draws in which a was cheaper in total at some month and is not at the end. */
  readonly lost_again_fraction: number;
}

/**
 * @param a cumulative costs up to the end of each month: one column of draws per month
 * @param b the same of the other strategy, in the same worlds
 */
export function breakEvenMonths(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  tie = TIE_FRACTION,
): BreakEvenMonths {
  if (a.length !== b.length) throw new Error(`costs of ${a.length} months against ${b.length} months`);
  const names = [...a, ...b].map((_, i) => `month ${(i % a.length) + 1} of ${i < a.length ? 'a' : 'b'}`);
  const n = drawCount(names, [...a, ...b]);
  const crossed = new Uint32Array(a.length);
  const stayed = new Uint32Array(a.length);
  let lost = 0;
  for (let i = 0; i < n; i++) {
    let first = -1;
    let since = -1;
    for (let m = 0; m < a.length; m++) {
      const [x, y] = [a[m]![i]!, b[m]![i]!];
      if (x > y || isTie(x, y, tie)) since = -1;
      else {
        if (first < 0) first = m;
        if (since < 0) since = m;
      }
    }
    if (first >= 0) crossed[first]! += 1;
    if (since >= 0) stayed[since]! += 1;
    if (first >= 0 && since < 0) lost += 1;
  }
  return {
    first_crossing: distribution(crossed, n),
    for_good: distribution(stayed, n),
    lost_again_fraction: lost / n,
  };
}

function distribution(counts: Uint32Array, n: number): MonthDistribution {
  const reached = counts.reduce((total, count) => total + count, 0);
  const [start, later, never] = [counts[0]! / n, (reached - counts[0]!) / n, (n - reached) / n];
  const quantile = (percent: number): number => {
    let seen = 0;
    for (const [month, count] of counts.entries()) {
      seen += count;
      if (seen * 100 >= n * percent) return month + 1;
    }
    return Number.POSITIVE_INFINITY;
  };
  return {
    from_start_fraction: start,
    from_start_se: shareError(start, n),
    later_fraction: later,
    later_se: shareError(later, n),
    never_fraction: never,
    never_se: shareError(never, n),
    p5_month: quantile(5),
    p50_month: quantile(50),
    p95_month: quantile(95),
    fraction_by_month: Float64Array.from(counts, (count) => count / n),
  };
}
