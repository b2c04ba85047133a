/**
 * Committed throughput: capacity that is reserved by the hour and paid whether it is used or not.
 *
 *   charge = units x hours x USD per unit and hour, for at least min_units and term_hours
 *
 * Example: one model unit at 63 USD an hour (0.0175 USD a second) with a term of 730 h, used for 100 h: 45,990 USD.
 * Source of the example: BerriAI/litellm, Bedrock 1-month commitment. Not modelled: what throughput a unit carries, since
 * sellers give it per model and prompt mix; the discount that a longer term brings is another offer of the card.
 */
import type { CommittedThroughput } from './rate-card.ts';

export interface CommittedCharge {
  readonly units: number;
  readonly hours: number;
  readonly charge_usd: number;
}

export function committedCharge(offer: CommittedThroughput, wanted: { units: number; hours: number }): CommittedCharge {
  const units = Math.max(wanted.units, offer.min_units);
  const hours = Math.max(wanted.hours, offer.term_hours);
  return { units, hours, charge_usd: units * hours * offer.usd_per_unit_hour };
}
