/**
 * Optional needs along a driver: at each value the cheaper of building and doing without, strategy by strategy, as at the
 * scenario's own value. A phased alternative takes the decisions of its phases.
 *
 * Up to 6 open needs of a strategy are decided anew (64 combinations); beyond that the scenario's decision is held.
 */
import { costOf } from '../appraise.ts';
import { buildPath } from '../input-paths.ts';
import type { Machine } from '../model/machine.ts';
import type { Model } from '../model/model.ts';

const MOST_OPEN = 6;

export class Decisions {
  /** Per strategy: slots of its 0/1 inputs. */
  readonly #open: readonly (readonly number[])[];
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
    this.#open = model.strategies.map(({ id }) => {
      const prefix = buildPath(id, '');
      const slots = model.inputs.flatMap((input, slot) => (input.path.startsWith(prefix) ? [slot] : []));
      return slots.length > MOST_OPEN ? [] : slots;
    });
  }

  /** Slots that decisions of the given alternatives vary. */
  slots(alternatives: readonly number[]): number[] {
    return [...new Set(alternatives.flatMap((one) => this.#strategies(one)))].flatMap((one) => this.#open[one]!);
  }

  /** Decides for the alternatives at the machine's present inputs and runs it; gives which decisions were taken. */
  settle(machine: Machine, alternatives: readonly number[]): number {
    let taken = 1;
    for (const strategy of new Set(alternatives.flatMap((one) => this.#strategies(one)))) {
      const slots = this.#open[strategy]!;
      if (slots.length === 0) continue;
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let plan = 0; plan < 2 ** slots.length; plan++) {
        decide(machine, slots, plan);
        machine.run();
        const cost = costOf(machine, strategy);
        if (cost < least) {
          least = cost;
          best = plan;
        }
      }
      decide(machine, slots, best);
      taken = taken * 2 ** slots.length + best;
    }
    machine.run();
    return taken;
  }

  #strategies(alternative: number): readonly number[] {
    const { strategies, phased } = this.#model;
    if (alternative < strategies.length) return [alternative];
    return phased[alternative - strategies.length]!.phases.map(({ strategy }) => strategy);
  }
}

function decide(machine: Machine, slots: readonly number[], plan: number): void {
  slots.forEach((slot, bit) => {
    machine.set(slot, (plan >> bit) & 1);
  });
}
