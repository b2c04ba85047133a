/** Estimates as figures of measurements.json; an interval only where there are enough samples for one. */
import type { Figure } from '../../measurements/contract.ts';
import { type Estimate, LEVEL } from '../../measurements/intervals.ts';

type Unit = 'ms' | 'USD' | 'fraction' | 'token' | '1';

/** None where there is no estimate. */
export function estimated(name: string, unit: Unit, estimate: Estimate | undefined, how: string): readonly Figure[] {
  if (estimate === undefined) return [];
  const { value, low, high, n } = estimate;
  const interval = low === undefined || high === undefined ? null : { low, high, level: LEVEL };
  return [{ name, unit, value, interval, samples: n, how }];
}

/** A number that is read off, not estimated. */
export const counted = (name: string, unit: Unit, value: number, samples: number, how: string): Figure => ({
  name,
  unit,
  value,
  interval: null,
  samples,
  how,
});
