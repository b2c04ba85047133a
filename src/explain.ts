/**
 * Reads line items from the registers that appraise summed, so that what is shown is what was computed. A phased
 * alternative shows the lines of its phases, each within its window.
 */
import { changeOverAt, phaseWindow } from './appraise.ts';
import type { Machine } from './model/machine.ts';
import type { Line, Quantity } from './model/model.ts';

export interface ExplainedLine {
  readonly line: Line;
  /** Months in which it applies, half-open. */
  readonly from: number;
  readonly until: number;
  /** One amount per month of the horizon, 0 outside the window. */
  readonly amounts_usd: readonly number[];
  readonly inputs: Readonly<Record<string, ExplainedInput>>;
}

export interface ExplainedInput {
  readonly value?: number;
  readonly values?: readonly number[];
  readonly unit: string;
  readonly source: string;
}

/** Line items of one alternative, by its position in `alternatives(model)`. Lines that are 0 throughout are left out. */
export function explain(machine: Machine, alternative: number): ExplainedLine[] {
  const { strategies, phased, months } = machine.model;
  const strategy = strategies[alternative];
  const lines =
    strategy !== undefined
      ? strategy.lines.map((line) => explainLine(machine, line, 0, months))
      : explainPhases(machine, alternative - strategies.length);
  return lines.filter((line) => line.amounts_usd.some((amount) => amount !== 0));

  function explainPhases(of: Machine, index: number): ExplainedLine[] {
    const plan = phased[index]!;
    return plan.phases.flatMap((phase, k) => {
      const { from, until } = phaseWindow(plan, k, months);
      if (from >= until) return [];
      const own = strategies[phase.strategy]!.lines.map((line) => explainLine(of, line, from, until));
      const changeOver = changeOverAt(phase, from)?.lines ?? [];
      return [...own, ...changeOver.map((line) => explainLine(of, line, from, until))];
    });
  }
}

function explainLine(machine: Machine, index: number, from: number, until: number): ExplainedLine {
  const { model } = machine;
  const line = model.lines[index]!;
  const amounts = new Array<number>(model.months).fill(0);
  if (line.timing === 'start') amounts[from] = machine.value(line.amount);
  else for (let month = from; month < until; month++) amounts[month] = machine.value(line.amount, month);
  const inputs = Object.fromEntries(
    Object.entries(line.inputs).map(([name, quantity]) => [name, explainInput(machine, quantity)]),
  );
  return { line, from, until, amounts_usd: amounts, inputs };
}

function explainInput(machine: Machine, quantity: Quantity): ExplainedInput {
  const { unit, source, ref } = quantity;
  if (!machine.model.wide[ref]) return { value: machine.value(ref), unit, source };
  return {
    values: Array.from({ length: machine.model.months }, (_, month) => machine.value(ref, month)),
    unit,
    source,
  };
}
