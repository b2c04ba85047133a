/**
 * Model + numbers -> what each alternative costs. Microseconds; imports the model and nothing else of ours, so that it
 * runs wherever the model is carried.
 *
 * Start lines fall at time 0 (for a later phase: at its first month), monthly lines at the end of their month:
 *   NPV = start + sum over months of monthly_m x discount_m
 * Example: 100 at the start and 10 a month for 2 months at 1 % a month: 100 + 10 / 1.01 + 10 / 1.0201 = 119.70395.
 */
import type { Machine } from './model/machine.ts';
import type { ChangeOver, Model, Phase, PhasedModel, Ref, StrategyModel } from './model/model.ts';

/** Which sums: with value lost and gained, or cash alone. */
export type View = 'economic' | 'cash';

const sums = (strategy: StrategyModel, view: View): { start: Ref; monthly: Ref } =>
  view === 'economic' ? strategy : { start: strategy.cash_start, monthly: strategy.cash_monthly };

/** Net present cost of every alternative, in the order of `alternatives(model)`, into `out`. Allocates nothing. */
export function appraise(machine: Machine, out: Float64Array, view: View = 'economic'): void {
  const { strategies, phased } = machine.model;
  for (let s = 0; s < strategies.length; s++) out[s] = strategyCost(machine, strategies[s]!, view);
  for (let p = 0; p < phased.length; p++) out[strategies.length + p] = phasedCost(machine, phased[p]!, view);
}

/** Net present cost of one alternative by its position in `alternatives(model)`. */
export function costOf(machine: Machine, alternative: number, view: View = 'economic'): number {
  const { strategies, phased } = machine.model;
  const strategy = strategies[alternative];
  return strategy !== undefined
    ? strategyCost(machine, strategy, view)
    : phasedCost(machine, phased[alternative - strategies.length]!, view);
}

/** Refs that the costs of the given alternatives depend on. */
export function targetsOf(model: Model, wanted: readonly number[]): Ref[] {
  const strategies = wanted.flatMap((a) =>
    a < model.strategies.length
      ? [a]
      : model.phased[a - model.strategies.length]!.phases.map((phase) => phase.strategy),
  );
  const changeOvers = wanted.flatMap((a) =>
    a < model.strategies.length
      ? []
      : model.phased[a - model.strategies.length]!.phases.flatMap((phase) => phase.change_over?.amount ?? []),
  );
  return [
    model.discount,
    ...strategies.flatMap((s) => {
      const { start, monthly, cash_start, cash_monthly } = model.strategies[s]!;
      return [start, monthly, cash_start, cash_monthly];
    }),
    ...changeOvers,
  ];
}

/** Worth, at the start, of a dollar at the beginning of a month. */
const discountAtStartOf = (machine: Machine, month: number): number =>
  month === 0 ? 1 : machine.value(machine.model.discount, month - 1);

function strategyCost(machine: Machine, strategy: StrategyModel, view: View): number {
  const { start, monthly } = sums(strategy, view);
  const { months, discount } = machine.model;
  let npv = machine.value(start);
  for (let month = 0; month < months; month++) npv += machine.value(monthly, month) * machine.value(discount, month);
  return npv;
}

function phasedCost(machine: Machine, phased: PhasedModel, view: View): number {
  let npv = 0;
  phased.phases.forEach((phase, k) => {
    npv += phaseCost(machine, phase, phaseWindow(phased, k, machine.model.months), view);
  });
  return npv;
}

/** Net present cost of one phase in a window of months; nothing where the window is empty. */
export function phaseCost(
  machine: Machine,
  phase: Phase,
  { from, until }: { readonly from: number; readonly until: number },
  view: View = 'economic',
): number {
  if (from >= until) return 0;
  const { model } = machine;
  const { start, monthly } = sums(model.strategies[phase.strategy]!, view);
  const changeOver = changeOverAt(phase, from);
  const once = machine.value(start) + (changeOver === undefined ? 0 : machine.value(changeOver.amount));
  let npv = once * discountAtStartOf(machine, from);
  for (let month = from; month < until; month++)
    npv += machine.value(monthly, month) * machine.value(model.discount, month);
  return npv;
}

/** The change-over to a phase; a phase that begins at once is changed over to from nothing. */
export const changeOverAt = (phase: Phase, from: number): ChangeOver | undefined =>
  from === 0 ? undefined : phase.change_over;

/** Months of a phase, half-open. */
export const phaseWindow = (phased: PhasedModel, phase: number, months: number): { from: number; until: number } => ({
  from: Math.min(phased.starts[phase]!, months),
  until: Math.min(phased.starts[phase + 1] ?? months, months),
});
