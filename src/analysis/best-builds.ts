/**
 * Optional needs of one strategy: every combination of building and doing without is appraised, and the cheapest is taken; a
 * tie goes to building less. Takes a machine whose inputs hold the values to decide at, and leaves the decision in it.
 *
 * 2^k runs for k open needs, at most 2^9.
 */
import { costOf } from '../appraise.ts';
import type { Machine } from '../model/machine.ts';

export interface BestBuild {
  readonly slot: number;
  readonly built: boolean;
  /** Net present cost that the decision saves against its opposite, USD. */
  readonly saves_usd: number;
}

/** @param slots 0/1 inputs of the needs that are open */
export function bestBuilds(machine: Machine, alternative: number, slots: readonly number[]): BestBuild[] {
  if (slots.length === 0) return [];
  const decide = (plan: number): void => {
    slots.forEach((slot, bit) => {
      machine.set(slot, (plan >> bit) & 1);
    });
    machine.run();
  };
  const costs = Array.from({ length: 2 ** slots.length }, (_, plan) => {
    decide(plan);
    return costOf(machine, alternative);
  });
  const best = costs.reduce((least, cost, plan) => (cost < costs[least]! ? plan : least), 0);
  decide(best);
  return slots.map((slot, bit) => ({
    slot,
    built: ((best >> bit) & 1) === 1,
    saves_usd: costs[best ^ (1 << bit)]! - costs[best]!,
  }));
}
