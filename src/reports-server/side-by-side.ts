/**
 * Two or three reports beside each other: what `compareReports` finds between the first and each of the others, as one row per
 * name with one value per report.
 *
 * A row that only one of the later reports changes has the first's value in the others. Prices are told at the first month in
 * which two reports differ, so that where another differs from an earlier month on its value at that row's month is not known.
 */
import type { Report } from '../report/contract.ts';
import type { Change, Value } from '../results/changes.ts';
import { type Comparison, compareReports } from '../results/compare.ts';
import { byText } from '../units.ts';

/** One per report; `absent`: it has no such thing, `elsewhere`: told in a row of an earlier month. */
export type Cell = { readonly value: Value } | 'absent' | 'elsewhere';

export interface SideRow {
  readonly name: string;
  readonly unit: string;
  readonly cells: readonly Cell[];
}

export interface Assumed {
  readonly value: number;
  readonly unit: string;
  readonly range?: string | undefined;
  readonly source: string;
}

export interface AssumptionRow {
  readonly path: string;
  readonly sides: readonly (Assumed | undefined)[];
}

export interface SideBySide {
  readonly comparisons: readonly Comparison[];
  readonly settings: readonly SideRow[];
  readonly traffic: readonly SideRow[];
  readonly prices: readonly SideRow[];
  readonly claims: readonly SideRow[];
  readonly unpriced: readonly SideRow[];
  readonly needs: readonly SideRow[];
  readonly assumptions: readonly AssumptionRow[];
  /** Assumptions that are the same in all. */
  readonly same_assumptions: number;
}

export function sideBySide(reports: readonly Report[]): SideBySide {
  const [first, ...later] = reports;
  if (first === undefined || later.length === 0) throw new Error('nothing to compare with');
  const comparisons = later.map((report) => compareReports(first, report));
  const rows = (of: (found: Comparison) => readonly Change[]): SideRow[] => mergedRows(comparisons.map(of));
  const paths = [...new Set(comparisons.flatMap(({ inputs }) => inputs.map(({ name }) => name)))].sort(byText);
  const all = new Set(reports.flatMap(({ assumptions }) => assumptions.map(({ path }) => path)));
  return {
    comparisons,
    settings: rows(({ settings }) => settings),
    traffic: rows(({ traffic }) => traffic),
    prices: rows(({ prices }) => prices),
    claims: rows(({ claims }) => claims),
    unpriced: rows(({ unpriced }) => unpriced),
    needs: rows(({ strategies }) =>
      strategies.flatMap(({ id, needs }) => needs.map((need) => ({ ...need, name: `${id}: ${need.name}` }))),
    ),
    assumptions: paths.map((path) => ({
      path,
      sides: reports.map(({ assumptions }) => assumptions.find((one) => one.path === path)),
    })),
    same_assumptions: all.size - paths.length,
  };
}

/** @param changes of each later report against the first */
export function mergedRows(changes: readonly (readonly Change[])[]): SideRow[] {
  const names = [...new Set(changes.flatMap((found) => found.map(({ name }) => name)))];
  return names.map((name) => {
    const found = changes.map((all) => all.find((one) => one.name === name));
    const one = found.find((change) => change !== undefined)!;
    const before = cell(one.before);
    const later = found.map((change, i) =>
      change !== undefined ? cell(change.after) : isTold(changes[i]!, name) ? 'elsewhere' : before,
    );
    return { name, unit: one.unit, cells: [before, ...later] };
  });
}

const cell = (value: Value | undefined): Cell => (value === undefined ? 'absent' : { value });

const MONTH = /, month (\d+)$/;
const monthOf = (name: string): number => Number(MONTH.exec(name)?.[1] ?? 1);

/** Whether the same price already differs from an earlier month on. */
const isTold = (changes: readonly Change[], name: string): boolean =>
  changes.some((one) => one.name.replace(MONTH, '') === name.replace(MONTH, '') && monthOf(one.name) < monthOf(name));
