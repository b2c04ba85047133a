/**
 * A pool of seeded worlds of outages of one component: for each world and month of the horizon the factor by which failing
 * hours differ from the expected ones. Multiplied onto expected hours it spreads them as incidents do, in count and in
 * heavy-tailed length.
 *
 *   raw factor   failing hours sampled in the month (hours x failing fraction, incidents in scope) / expected a month
 *   factor       raw factor / mean of all raw factors of the pool, so that the pool keeps the expectation exactly
 *
 * Months have 730 hours; each world begins in equilibrium, so that raw factors have mean 1 in every month. Example: three
 * incidents a month, short beside their gaps, of a squared length of twice the mean's square: variance 2/3, no incident in
 * 4.98 % of the months (compound Poisson with exponential lengths of 100: mean 300, variance 60,000).
 * Source: outage-renewal.ts. Not modelled: several components in one incident; give what they share a name of its own.
 */
import { substream } from '../random.ts';
import { HOURS_PER_MONTH, MS_PER_HOUR } from '../units.ts';
import { expectedFailing, inScope, type OutageRenewal, sampleOutages } from './outage-renewal.ts';

export interface OutageWorlds {
  readonly worlds: number;
  readonly months: number;
  /** World after world, each with its months in order. */
  readonly factors: Float64Array;
}

export interface OutageWorldsRequest {
  readonly renewal: OutageRenewal;
  /** Draws from a stream of its own, so that another component moves nothing. */
  readonly component: string;
  readonly worlds: number;
  readonly months: number;
  readonly seed: number;
  /** Raw factors spread around their mean of 1 by chance. */
  readonly raw?: boolean;
}

const MS_PER_MONTH = HOURS_PER_MONTH * MS_PER_HOUR;

/** A component that never fails has factors of 1. */
export function outageWorlds({ renewal, component, worlds, months, seed, raw }: OutageWorldsRequest): OutageWorlds {
  const factors = new Float64Array(worlds * months).fill(1);
  const expected_hours = expectedFailing(renewal) * HOURS_PER_MONTH;
  if (expected_hours === 0) return { worlds, months, factors };
  for (let world = 0; world < worlds; world++) {
    const random = substream(seed, `outage world ${world} of ${component}`);
    const span = { from_ms: 0, until_ms: months * MS_PER_MONTH };
    const incidents = inScope(sampleOutages(renewal, component, span, random), renewal, component, random);
    const hours = factors.subarray(world * months, (world + 1) * months).fill(0);
    for (const { from_ms, until_ms, failing_fraction } of incidents)
      addHours(hours, from_ms / MS_PER_MONTH, until_ms / MS_PER_MONTH, failing_fraction);
  }
  const mean = factors.reduce((total, hours) => total + hours, 0) / factors.length;
  const unit = raw === true || mean === 0 ? expected_hours : mean;
  return { worlds, months, factors: mean === 0 ? factors.fill(raw === true ? 0 : 1) : factors.map((h) => h / unit) };
}

/** Spreads one incident over the months that it touches; times in months. */
function addHours(hours: Float64Array, from: number, until: number, failing_fraction: number): void {
  const last = Math.min(hours.length, Math.ceil(until));
  for (let month = Math.floor(from); month < last; month++) {
    const share = Math.min(until, month + 1) - Math.max(from, month);
    if (share > 0) hours[month] = hours[month]! + share * HOURS_PER_MONTH * failing_fraction;
  }
}

/** The world that a share in (0, 1) stands for. */
export const worldAt = ({ worlds }: OutageWorlds, share: number): number =>
  Math.min(worlds - 1, Math.floor(share * worlds));
