/** What an alternative costs month by month and by component, read off a machine: economic and undiscounted, as a report tells it. */
import { changeOverAt, phaseWindow } from '../appraise.ts';
import type { Machine } from '../model/machine.ts';
import type { ChangeOver, Ref } from '../model/model.ts';

interface Stretch {
  readonly strategy: number;
  readonly from: number;
  readonly until: number;
  readonly changeOver: ChangeOver | undefined;
}

function stretchesOf({ model }: Machine, position: number): Stretch[] {
  const { strategies, phased, months } = model;
  if (position < strategies.length) return [{ strategy: position, from: 0, until: months, changeOver: undefined }];
  const plan = phased[position - strategies.length]!;
  return plan.phases.flatMap((phase, k) => {
    const { from, until } = phaseWindow(plan, k, months);
    return from < until ? [{ strategy: phase.strategy, from, until, changeOver: changeOverAt(phase, from) }] : [];
  });
}

/** Start lines fall into the first month of their window. */
export function monthlyCosts(machine: Machine, position: number): number[] {
  const { model } = machine;
  const costs = new Array<number>(model.months).fill(0);
  for (const { strategy, from, until, changeOver } of stretchesOf(machine, position)) {
    const { start, monthly } = model.strategies[strategy]!;
    costs[from]! += machine.value(start);
    if (changeOver !== undefined) costs[from]! += machine.value(changeOver.amount);
    for (let month = from; month < until; month++) costs[month]! += machine.value(monthly, month);
  }
  return costs;
}

/** Components without a line that costs or gains anything are left out. */
export function componentSums(machine: Machine, position: number): Record<string, number> {
  const { lines, strategies } = machine.model;
  const sums: Record<string, number> = {};
  const add = (component: string, amount: number): void => {
    if (amount !== 0) sums[component] = (sums[component] ?? 0) + amount;
  };
  const total = (ref: Ref, from: number, until: number): number => {
    let sum = 0;
    for (let month = from; month < until; month++) sum += machine.value(ref, month);
    return sum;
  };
  for (const { strategy, from, until, changeOver } of stretchesOf(machine, position)) {
    for (const index of strategies[strategy]!.lines) {
      const { component, amount, timing } = lines[index]!;
      add(component, timing === 'start' ? machine.value(amount) : total(amount, from, until));
    }
    for (const index of changeOver?.lines ?? []) add(lines[index]!.component, machine.value(lines[index]!.amount));
  }
  return sums;
}
