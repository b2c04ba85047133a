/**
 * `for: best`: the months in which a phased strategy changes over at the least net present cost over the horizon.
 *
 *   V_k(t) = least over s >= t of cost of phase k in months t..s + V_k+1(s);  the plan is V_0(0)
 *
 * Every month is tried, those that leave a phase out included, and costs are appraise's own; with several searched phases
 * the plan is exact too, since a phase costs the same whatever ran before it. Of ties the earliest month is taken. Decided
 * once, at central values: chosen anew in every draw it would know the future; break-even and sweeps hold it.
 *
 * Example: 10, 20, ... 60 a month, or 15 to build, 5 to change over and 25 a month: best after 2 months, 30 + 20 + 100 = 150.
 * Method: backward dynamic programming (Bellman 1957). Not modelled: optional needs of a phase that pay only because it is
 * short, changing back.
 */
import { costOf, phaseCost, phaseWindow, targetsOf } from '../appraise.ts';
import { Machine } from '../model/machine.ts';
import type { Model, PhasedModel } from '../model/model.ts';
import { firstLeast } from './materiality.ts';

/** Months that a phase lasts; undefined for the last. */
export type PhaseLength = number | 'best' | undefined;

export interface BestSwitch {
  readonly strategy: string;
  /** The phase whose end was searched. */
  readonly phase: number;
  /** Months after the start in which the next phase begins; the horizon: never. */
  readonly month: number;
  /** Net present cost if it changed over in that month, later searched change-overs at their best. */
  readonly tried: readonly { readonly month: number; readonly npv_usd: number }[];
}

/** Decides the change-overs of one phased strategy and writes them into the model. */
export function chooseSwitches(model: Model, phased: PhasedModel, lengths: readonly PhaseLength[]): BestSwitch[] {
  if (!lengths.includes('best')) return [];
  const position = model.strategies.length + model.phased.indexOf(phased);
  return bestSwitches(new Machine(model, [], targetsOf(model, [position])), phased, lengths);
}

/** The same at the present inputs of a machine, into its own model. */
export function bestSwitches(machine: Machine, phased: PhasedModel, lengths: readonly PhaseLength[]): BestSwitch[] {
  if (!lengths.includes('best')) return [];
  const { model } = machine;
  const position = model.strategies.length + model.phased.indexOf(phased);
  const next = plan(machine, phased, lengths);
  const follow = (starts: readonly number[]): number[] => {
    const all = [...starts];
    while (all.length < phased.phases.length) all.push(next[all.length - 1]![all.at(-1)!]!);
    return all;
  };
  const chosen = follow([0]);
  const found = lengths.flatMap((length, phase): BestSwitch[] => {
    if (length !== 'best') return [];
    const before = chosen.slice(0, phase + 1);
    const tried = monthsFrom(chosen[phase]!, model.months).map((month) => {
      phased.starts = follow([...before, month]);
      return { month, npv_usd: costOf(machine, position) };
    });
    return [{ strategy: phased.id, phase, month: chosen[phase + 1]!, tried }];
  });
  phased.starts = chosen;
  return found;
}

const monthsFrom = (from: number, until: number): number[] =>
  Array.from({ length: until - from + 1 }, (_, i) => from + i);

/** Per phase and month of its beginning: when the next one begins. */
function plan(machine: Machine, phased: PhasedModel, lengths: readonly PhaseLength[]): number[][] {
  const { months } = machine.model;
  const last = phased.phases.length - 1;
  const next: number[][] = [];
  let later = monthsFrom(0, months).map((from) => phaseCost(machine, phased.phases[last]!, { from, until: months }));
  for (let k = last - 1; k >= 0; k--) {
    const phase = phased.phases[k]!;
    const length = lengths[k];
    const best = monthsFrom(0, months).map((from) => {
      const ends = length === 'best' ? monthsFrom(from, months) : [Math.min(from + (length ?? 0), months)];
      const costs = ends.map((until) => phaseCost(machine, phase, { from, until }) + later[until]!);
      const at = firstLeast(costs);
      return { until: ends[at]!, cost: costs[at]! };
    });
    next[k] = best.map(({ until }) => until);
    later = best.map(({ cost }) => cost);
  }
  return next;
}

/** The one strategy that a phased one comes to, where it changes over never or at once; else undefined. */
export function soleStrategy(model: Model, id: string): string | undefined {
  const phased = model.phased.find((one) => one.id === id);
  if (phased === undefined) return undefined;
  const running = phased.phases.filter((_, k) => {
    const { from, until } = phaseWindow(phased, k, model.months);
    return from < until;
  });
  return running.length === 1 ? model.strategies[running[0]!.strategy]!.id : undefined;
}

/** A strategy that comes to one that is not ranked stands for it in the ranking. */
export const rankedAlone = (id: string | undefined, kept: { has(id: string): boolean }): string | undefined =>
  id === undefined || kept.has(id) ? undefined : id;
