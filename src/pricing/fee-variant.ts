/** A schedule as another of its sources has it: each fee that the variant names replaces the schedule's, whole. */
import type { FeeSchedule } from './fee-schedule.ts';

export function withVariant(schedule: FeeSchedule, id: string | undefined): FeeSchedule {
  const variant = schedule.variants.find((one) => one.id === id);
  if (variant === undefined) return schedule;
  const { plans = schedule.fees.plans, ...named } = variant.fees;
  const { as_of, confidence } = variant;
  return { ...schedule, as_of, confidence, fees: { ...schedule.fees, ...named, plans } };
}
