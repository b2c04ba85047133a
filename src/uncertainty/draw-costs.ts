/**
 * What every alternative costs in every draw: net present cost, economic and cash, and the cost up to the end of each month.
 *
 *   NPV = start + sum over months of monthly_m x discount_m, added in the order of appraise.ts, so that the figures agree
 *   with it to the last bit; cumulative costs are economic and undiscounted.
 *
 * All alternatives meet the same draws. Phased ones are spliced from the lines of their phases with the months of
 * change-over that the model holds: those are decided before the draws, as are contracts, splits and what is built.
 * Cumulative costs take 8 bytes x months x alternatives x draws; past a bound the first draws alone have them.
 */
import { changeOverAt, phaseWindow, targetsOf } from '../appraise.ts';
import { type OutageWorlds, worldAt } from '../conditions/outage-worlds.ts';
import { BlockMachine } from '../model/block-machine.ts';
import type { Model, PhasedModel, Ref, StrategyModel } from '../model/model.ts';

/** Values by draw of what varies. */
export interface DrawnWorld {
  readonly draws: number;
  readonly inputs: readonly { readonly slot: number; readonly values: Float64Array }[];
  /** Per component a number from 0 to 1 by draw, which picks its world. */
  readonly worlds: readonly { readonly component: string; readonly pool: OutageWorlds; readonly picks: Float64Array }[];
}

export interface DrawnCosts {
  /** In the order of the alternatives asked for. */
  readonly npv_usd: readonly Float64Array[];
  readonly cash_npv_usd: readonly Float64Array[];
  /** Per alternative and month; of the first draws alone where all would not fit. */
  readonly cumulative_usd: readonly (readonly Float64Array[])[];
}

/** Bytes that cumulative costs may take. */
const MOST_BYTES = 200_000_000;

export interface DrawOptions {
  /** Without them, cumulative costs are left out. */
  readonly withMonths?: boolean;
  readonly most_bytes?: number;
}

/** @param wanted positions in `alternatives(model)` */
export function drawCosts(
  model: Model,
  wanted: readonly number[],
  { draws, inputs, worlds }: DrawnWorld,
  { withMonths = true, most_bytes = MOST_BYTES }: DrawOptions = {},
): DrawnCosts {
  const varying = { slots: inputs.map(({ slot }) => slot), components: worlds.map(({ component }) => component) };
  const machine = new BlockMachine(model, varying, targetsOf(model, wanted));
  const monthly = withMonths ? Math.min(draws, Math.floor(most_bytes / (8 * model.months * wanted.length))) : 0;
  const columns = (length: number): Float64Array[] => wanted.map(() => new Float64Array(length));
  const [npv_usd, cash_npv_usd] = [columns(draws), columns(draws)];
  const cumulative_usd = wanted.map(() => Array.from({ length: model.months }, () => new Float64Array(monthly)));
  const sums = wanted.map((position) => new Sums(machine, position));

  for (let from = 0; from < draws; from += machine.block) {
    const count = Math.min(machine.block, draws - from);
    for (const { slot, values } of inputs) machine.set(slot, values, from, count);
    for (const { component, pool, picks } of worlds) {
      if (!machine.readsWorld(component)) continue;
      for (let d = 0; d < count; d++) {
        machine.setWorld(component, d, pool.factors, worldAt(pool, picks[from + d]!) * model.months);
      }
    }
    machine.run();
    const kept = Math.max(0, Math.min(count, monthly - from));
    sums.forEach((sum, i) => {
      sum.economic(npv_usd[i]!, from, count);
      sum.cash(cash_npv_usd[i]!, from, count);
      if (kept > 0) sum.cumulative(cumulative_usd[i]!, from, kept);
    });
  }
  return { npv_usd, cash_npv_usd, cumulative_usd };
}

/** Where a quantity's draws stand. */
interface Place {
  readonly offset: number;
  readonly stride: number;
}

/** One stretch of months of an alternative: a phase, or the whole of a strategy. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly changeOver: Place | undefined;
  readonly economic: { readonly start: Place; readonly monthly: Place };
  readonly cash: { readonly start: Place; readonly monthly: Place };
}

/** Adds up one alternative from the registers, block by block. */
class Sums {
  readonly #machine: BlockMachine;
  readonly #discount: Place;
  readonly #stretches: readonly Stretch[];
  readonly #isPhased: boolean;
  readonly #part: Float64Array;

  constructor(machine: BlockMachine, position: number) {
    const { model } = machine;
    const strategy = model.strategies[position];
    this.#machine = machine;
    this.#discount = machine.at(model.discount);
    this.#isPhased = strategy === undefined;
    this.#stretches =
      strategy === undefined
        ? stretchesOf(machine, model.phased[position - model.strategies.length]!)
        : [{ from: 0, until: model.months, changeOver: undefined, ...placesOf(machine, strategy) }];
    this.#part = new Float64Array(machine.block);
  }

  economic(out: Float64Array, at: number, count: number): void {
    this.#npv(out, at, count, 'economic');
  }

  cash(out: Float64Array, at: number, count: number): void {
    this.#npv(out, at, count, 'cash');
  }

  #npv(out: Float64Array, at: number, count: number, view: 'economic' | 'cash'): void {
    const r = this.#machine.registers;
    const part = this.#part;
    const discount = this.#discount;
    if (this.#isPhased) out.fill(0, at, at + count);
    for (const stretch of this.#stretches) {
      const { start, monthly } = stretch[view];
      const worth = discount.offset + (stretch.from - 1) * discount.stride;
      for (let d = 0; d < count; d++) {
        let once = r[start.offset + d]!;
        if (this.#isPhased) once += stretch.changeOver === undefined ? 0 : r[stretch.changeOver.offset + d]!;
        part[d] = stretch.from === 0 ? once : once * r[worth + d]!;
      }
      for (let m = stretch.from; m < stretch.until; m++) {
        const a = monthly.offset + m * monthly.stride;
        const b = discount.offset + m * discount.stride;
        for (let d = 0; d < count; d++) part[d] = part[d]! + r[a + d]! * r[b + d]!;
      }
      if (this.#isPhased) for (let d = 0; d < count; d++) out[at + d] = out[at + d]! + part[d]!;
      else for (let d = 0; d < count; d++) out[at + d] = part[d]!;
    }
  }

  /** Economic, undiscounted; what falls at the start of a month counts in that month. */
  cumulative(months: readonly Float64Array[], at: number, count: number): void {
    const r = this.#machine.registers;
    const part = this.#part.fill(0);
    for (const { from, until, changeOver, economic } of this.#stretches) {
      for (let d = 0; d < count; d++)
        part[d] = part[d]! + r[economic.start.offset + d]! + (changeOver === undefined ? 0 : r[changeOver.offset + d]!);
      for (let m = from; m < until; m++) {
        const column = months[m]!;
        const a = economic.monthly.offset + m * economic.monthly.stride;
        for (let d = 0; d < count; d++) {
          part[d] = part[d]! + r[a + d]!;
          column[at + d] = part[d]!;
        }
      }
    }
  }
}

function stretchesOf(machine: BlockMachine, phased: PhasedModel): Stretch[] {
  const { model } = machine;
  return phased.phases.flatMap((phase, k) => {
    const { from, until } = phaseWindow(phased, k, model.months);
    if (from >= until) return [];
    const amount = changeOverAt(phase, from)?.amount;
    const changeOver = amount === undefined ? undefined : placeOf(machine, amount);
    return [{ from, until, changeOver, ...placesOf(machine, model.strategies[phase.strategy]!) }];
  });
}

function placesOf(machine: BlockMachine, strategy: StrategyModel): Pick<Stretch, 'economic' | 'cash'> {
  for (const ref of [strategy.start, strategy.cash_start])
    if (machine.at(ref).stride !== 0) throw new Error(`what ${strategy.id} costs at the start depends on the month`);
  return {
    economic: { start: placeOf(machine, strategy.start), monthly: placeOf(machine, strategy.monthly) },
    cash: { start: placeOf(machine, strategy.cash_start), monthly: placeOf(machine, strategy.cash_monthly) },
  };
}

const placeOf = (machine: BlockMachine, ref: Ref): Place => machine.at(ref);
