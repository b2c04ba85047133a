/**
 * From an outcome to the lines of its chart: running differences from the baseline, undiscounted, and the months at which
 * they pass zero, linear within a month. An alternative without a price, or kept out of the ranking, has no line; without a
 * priced baseline there is none.
 *
 * Example: against a baseline of 100 a month, 20 at once and 95 a month gives 15, 10, 5, 0: the same at month 4.
 */
import { findCrossings } from '../analysis/crossings.ts';
import type { Outcome } from '../whatif/what-if.ts';
import type { DifferenceLine } from './chart-cumulative.ts';

export function differenceLines({ alternatives }: Outcome, baseline: string): DifferenceLine[] {
  const base = alternatives.find(({ id }) => id === baseline);
  if (base === undefined || base.npv_usd === null) return [];
  const zero = running(base.monthly_usd);
  return alternatives.flatMap(({ id, npv_usd, monthly_usd, excluded, comes_to, unranked }, index) => {
    if (npv_usd === null || unranked !== undefined) return [];
    const own = running(monthly_usd);
    const values = own.map((value, month) => value - zero[month]!);
    const isFaint = excluded !== undefined || comes_to !== undefined;
    return [{ id, index, values, crossings: id === baseline ? [] : crossings(own, zero), isFaint }];
  });
}

function running(monthly: readonly number[]): number[] {
  const sums = [0];
  for (const amount of monthly) sums.push(sums.at(-1)! + amount);
  return sums;
}

function crossings(own: readonly number[], other: readonly number[]): number[] {
  const months = own.length - 1;
  if (months < 2) return [];
  const at = (sums: readonly number[], x: number): number => {
    const month = Math.min(Math.floor(x), months - 1);
    return sums[month]! + (x - month) * (sums[month + 1]! - sums[month]!);
  };
  const grid = Array.from({ length: months }, (_, month) => month + 1);
  return findCrossings((x) => ({ a: at(own, x), b: at(other, x), signature: 0 }), grid).crossings.map(
    ({ value }) => value,
  );
}
