/**
 * A strategy's net present cost taken apart: into components, these into lines, each with its formula and the values of its
 * inputs, so that somebody can work it out again by hand.
 *
 *   line     total = sum of amount_m;  NPV = sum of amount_m x factor_m
 *   factor   end of month m (from 0): discount_m; a start line in month m: 1 if m = 0, else discount_(m - 1)
 *
 * Example: 100 at the start and 10 a month for 2 months at 1 % a month: total 120, NPV 100 + 9.90099 + 9.80296 = 119.70395.
 * Takes an answer's lines as they were explained; nothing is computed that appraise does not sum.
 */
import type { Answer } from '../evaluate.ts';
import type { ExplainedLine } from '../explain.ts';
import type { Machine } from '../model/machine.ts';
import { COMPONENTS, type Component } from '../report/contract.ts';
import { sum } from '../units.ts';
import type { Account, AccountLine, Series } from './contract.ts';

/** Worth, at the start, of a dollar at the end of each month. */
export const factorsOf = (machine: Machine): number[] =>
  Array.from({ length: machine.model.months }, (_, month) => machine.value(machine.model.discount, month));

export function accountOf(found: Answer['alternatives'][number], title: string, factors: readonly number[]): Account {
  const lines = found.lines.map((line) => lineOf(line, factors));
  const of = (wanted: (line: AccountLine) => boolean, what: 'total_usd' | 'npv_usd'): number =>
    sum(lines.filter(wanted).map((line) => line[what]));
  return {
    strategy: found.id,
    title,
    npv_usd: of(() => true, 'npv_usd'),
    cash_npv_usd: of(({ cash }) => cash, 'npv_usd'),
    total_usd: of(() => true, 'total_usd'),
    cash_usd: of(({ cash }) => cash, 'total_usd'),
    components: COMPONENTS.filter((name) => lines.some(({ component }) => component === name)).map((component) => ({
      component,
      total_usd: of((line) => line.component === component, 'total_usd'),
      npv_usd: of((line) => line.component === component, 'npv_usd'),
    })),
    lines,
  };
}

function lineOf({ line, from, until, amounts_usd, inputs }: ExplainedLine, factors: readonly number[]): AccountLine {
  const isStart = line.timing === 'start';
  const once = amounts_usd[from]!;
  const window = amounts_usd.slice(from, until);
  return {
    component: line.component as Component,
    label: line.label,
    cash: line.cash,
    timing: line.timing,
    months: { from, until },
    formula: line.formula,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { value, values, unit, source }]) => [
        name,
        { value: value ?? seriesOf((values ?? []).slice(from, isStart ? from + 1 : until)), unit, source },
      ]),
    ),
    amounts_usd: isStart ? once : seriesOf(window),
    total_usd: sum(amounts_usd),
    npv_usd: isStart
      ? once * (from === 0 ? 1 : factors[from - 1]!)
      : sum(window.map((amount, i) => amount * factors[from + i]!)),
  };
}

/** One number where all months have the same. */
const seriesOf = (values: readonly number[]): Series =>
  values.length > 0 && values.every((value) => value === values[0]) ? values[0]! : [...values];
