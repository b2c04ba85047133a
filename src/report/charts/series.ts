/**
 * The lines behind the charts: running totals and differences against the baseline, and nothing beyond that.
 *
 * A chart and the table beside it read the same series. A strategy without totals, or kept out of the ranking, has no line;
 * without a priced baseline there is no difference to draw, and the result is empty.
 */
import type { Report, ReportStrategy } from '../contract.ts';

export interface Series {
  readonly strategy: ReportStrategy;
  readonly values: readonly number[];
}

/** The same months, or null where one of them is unpriced. */
const pricedMonths = (strategy: ReportStrategy | undefined): number[] | null => {
  const known = strategy?.monthly_usd.filter((amount) => amount !== null);
  return known === undefined || known.length < strategy!.monthly_usd.length ? null : known;
};

/** Undiscounted economic cost less that of the baseline, summed up to the end of month 0, 1, …, horizon. */
export function cumulativeDifferences(report: Report): Series[] {
  const baseline = pricedMonths(report.strategies.find(({ id }) => id === report.baseline));
  if (baseline === null) return [];
  return report.strategies.flatMap((strategy) => {
    const months = strategy.unranked === undefined ? pricedMonths(strategy) : null;
    if (months === null) return [];
    const values = [0];
    for (const [month, amount] of months.entries()) values.push(values[month]! + amount - baseline[month]!);
    return [{ strategy, values }];
  });
}

export interface VolumeSweep {
  readonly volumes: readonly number[];
  readonly series: readonly Series[];
}

/** Net present cost less that of the baseline at every volume of the sweep. */
export function volumeDifferences(report: Report): VolumeSweep | null {
  const sweep = report.sweeps.find(({ driver }) => driver === 'volume');
  const baseline = sweep?.npv_usd[report.baseline];
  if (sweep === undefined || baseline === undefined) return null;
  const kept = sweep.values.map((_, i) => i).filter((i) => sweep.values[i]! > 0);
  if (kept.length < 2) return null;
  const series = report.strategies.flatMap((strategy) => {
    const costs = sweep.npv_usd[strategy.id];
    return costs === undefined ? [] : [{ strategy, values: kept.map((i) => costs[i]! - baseline[i]!) }];
  });
  return { volumes: kept.map((i) => sweep.values[i]!), series };
}
