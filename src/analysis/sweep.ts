/** Net present cost of every alternative along one driver: what the cost-against-volume chart draws. */
import { appraise } from '../appraise.ts';
import { Machine } from '../model/machine.ts';
import { alternatives, type Model } from '../model/model.ts';
import { Decisions } from './decisions.ts';
import type { DriverRange } from './drivers.ts';

export interface Sweep {
  readonly driver: DriverRange['driver'];
  readonly unit: string;
  readonly values: readonly number[];
  readonly npv_usd: Readonly<Record<string, readonly number[]>>;
}

export function sweep(model: Model, range: DriverRange, wanted: readonly string[]): Sweep {
  const ids = alternatives(model);
  const all = ids.map((_, position) => position);
  const decisions = new Decisions(model);
  const machine = new Machine(model, [...range.slots, ...decisions.slots(all)]);
  const costs = new Float64Array(ids.length);
  const npv_usd: Record<string, number[]> = Object.fromEntries(wanted.map((id) => [id, []]));
  for (const x of range.grid) {
    for (const slot of range.slots) machine.set(slot, x);
    decisions.settle(machine, all);
    appraise(machine, costs);
    ids.forEach((id, i) => {
      npv_usd[id]?.push(costs[i]!);
    });
  }
  return { driver: range.driver, unit: range.unit, values: range.grid, npv_usd };
}
