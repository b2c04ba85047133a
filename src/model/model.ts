/**
 * The model: a sheet of quantities that lead from inputs to line items. Plain JSON, built once by prepare, evaluated
 * thousands of times by a Machine, embedded as it is in whatever has to recompute.
 *
 * One definition: a line's formula text is parsed, and what was parsed is what the machine executes. A quantity is one
 * number, or one number per month ("wide").
 */
import type { Spec } from '../distribution.ts';
import type { Op } from '../formula/expr.ts';

/** Index of a quantity in `defs`. */
export type Ref = number;

/** Beside the operators of a formula: sum over the horizon, and sum up to and including each month. */
export type ModelOp = Op | 'total' | 'running';

export type Def =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'series'; readonly values: readonly number[] }
  | { readonly is: 'input'; readonly slot: number }
  /** A component's failing time over its expectation: 1, unless draws give each month a factor of mean 1. */
  | { readonly is: 'world'; readonly component: string }
  | { readonly is: 'op'; readonly op: ModelOp; readonly a: Ref; readonly b: Ref };

/** All that a cost component handles: where the number is, what it is in, where it comes from. */
export interface Quantity {
  readonly ref: Ref;
  readonly unit: string;
  readonly source: string;
}

/** A number that analysis may vary. `central` is what deterministic views use. */
export interface Input {
  readonly path: string;
  readonly unit: string;
  readonly source: string;
  readonly as_of: string | undefined;
  readonly spec: Spec;
  central: number;
  /** The scenario states it; otherwise it is a default or a fact of the project. Known when the model is complete. */
  given: boolean;
}

export interface Line {
  readonly component: string;
  readonly label: string;
  /** `start`: once, in the first month of its window; its amount is then one number. */
  readonly timing: 'start' | 'monthly';
  readonly cash: boolean;
  readonly formula: string;
  readonly inputs: Readonly<Record<string, Quantity>>;
  readonly amount: Ref;
}

/** The four sums that appraise reads. */
export interface Sums {
  readonly start: Ref;
  readonly monthly: Ref;
  readonly cash_start: Ref;
  readonly cash_monthly: Ref;
}

export interface StrategyModel extends Sums {
  readonly id: string;
  readonly lines: readonly number[];
}

/** What changing over to a phase costs once, less what phases before it have built already. */
export interface ChangeOver {
  readonly lines: readonly number[];
  /** Their sum, all of it cash. */
  readonly amount: Ref;
}

export interface Phase {
  readonly strategy: number;
  /** Absent in the first phase; a phase that begins at once is changed over to from nothing. */
  readonly change_over: ChangeOver | undefined;
}

/** Strategies one after the other: phase k runs from `starts[k]` until `starts[k + 1]`. */
export interface PhasedModel {
  readonly id: string;
  readonly phases: readonly Phase[];
  /** First month of each phase; the first is 0. A decision: chosen once, never inside a draw. */
  starts: number[];
}

export interface Model {
  readonly months: number;
  readonly defs: Def[];
  /** Per def: whether it has one number per month. */
  readonly wide: boolean[];
  readonly inputs: Input[];
  readonly lines: Line[];
  readonly strategies: StrategyModel[];
  readonly phased: PhasedModel[];
  /** What one dollar at the end of each month is worth at the start. */
  discount: Ref;
}

/** Every alternative by id: strategies first, then phased ones. The order of every result of appraise. */
export const alternatives = (model: Model): string[] => [
  ...model.strategies.map((strategy) => strategy.id),
  ...model.phased.map((phased) => phased.id),
];
