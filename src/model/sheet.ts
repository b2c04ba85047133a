/**
 * Builds a model. Cost components declare quantities and lines here and compute nothing themselves. Equal quantities are
 * one quantity, shared by all strategies and evaluated once.
 */
import type { Amount, AmountFormula } from '../amount.ts';
import type { Expr } from '../formula/expr.ts';
import { parseFormula } from '../formula/parse.ts';
import { apply } from './machine.ts';
import type { Def, Input, Line, Model, ModelOp, Quantity, Ref, StrategyModel } from './model.ts';

const UNARY: ReadonlySet<ModelOp> = new Set(['ceil', 'floor', 'abs', 'exp', 'log', 'sqrt', 'total', 'running']);

export class Sheet {
  readonly model: Model;
  readonly #known = new Map<string, Ref>();
  readonly #slots = new Map<string, number>();
  readonly #parsed = new Map<string, Expr>();

  constructor(months: number) {
    this.model = { months, defs: [], wide: [], inputs: [], lines: [], strategies: [], phased: [], discount: 0 };
  }

  /** A fact: one number that nothing varies. */
  number(value: number, unit: string, source: string): Quantity {
    return { ref: this.#add({ is: 'number', value }, false), unit, source };
  }

  /** A fact per month; a series of equal values is one number. */
  series(values: readonly number[], unit: string, source: string): Quantity {
    const first = values[0];
    if (first === undefined || values.length !== this.model.months) {
      throw new Error(`a series of ${values.length} values in a model of ${this.model.months} months`);
    }
    if (values.every((value) => value === first)) return this.number(first, unit, source);
    return { ref: this.#add({ is: 'series', values }, true), unit, source };
  }

  /** An input that analysis may vary; the same path is the same input. */
  input(input: Input): Quantity {
    let slot = this.#slots.get(input.path);
    if (slot === undefined) {
      slot = this.model.inputs.push(input) - 1;
      this.#slots.set(input.path, slot);
    }
    return { ref: this.#add({ is: 'input', slot }, false), unit: input.unit, source: input.source };
  }

  /** An amount of the scenario or of a schedule, as an input under its path. */
  amount(amount: Amount): Quantity {
    const { path, unit, spec, central, as_of, formula } = amount;
    if (path === '') throw new Error(`an amount in ${unit} has no path`);
    if (amount.currency !== undefined) throw new Error(`${path} is still in ${amount.currency}`);
    if (Number.isNaN(central)) throw new Error(`${path} is not resolved`);
    const own = this.input({ path, unit, spec, central, as_of, source: amount.source ?? 'scenario', given: false });
    return formula === undefined ? own : this.#computed(own, central, formula);
  }

  /**
   * A formula over named inputs, by what it gives over what it gives at their means, times an input of its own: draws move it
   * through the inputs that it reads, break-even and sweeps by its own path. At a mean of 0 it is the formula alone.
   */
  #computed(own: Quantity, central: number, { text, inputs = {}, factor = 1 }: AmountFormula): Quantity {
    const { unit, source } = own;
    const scaled = (value: Quantity, by: number): Quantity =>
      by === 1 ? value : this.derive('value * factor', { value, factor: this.number(by, '', '') }, unit, source);
    const read = Object.entries(inputs).map(([name, input]) => [name, scaled(this.amount(input.amount), input.factor)]);
    const value = { ...scaled(this.derive(text, Object.fromEntries(read), unit, source), factor), unit, source };
    if (central === 0) return value;
    const at_means = this.number(central, unit, source);
    return this.derive('own * (value / at_means)', { own, value, at_means }, unit, source);
  }

  /** Failing time of a seller or a gateway over its expectation: 1 wherever outage worlds are not drawn. */
  world(component: string): Quantity {
    const source = `failing time of ${component} over its expectation; draws give each month its own`;
    return { ref: this.#add({ is: 'world', component }, false), unit: '1', source };
  }

  /** A quantity computed from others: `derive('a * b', {a, b}, 'USD', 'spend')`. */
  derive(
    formula: string,
    inputs: Readonly<Record<string, Quantity>>,
    unit: string,
    source = `derived: ${formula}`,
  ): Quantity {
    return { ref: this.#compile(this.#parse(formula), inputs, formula), unit, source };
  }

  /** Sum over the horizon. */
  total(quantity: Quantity): Quantity {
    return {
      ...quantity,
      ref: this.#op('total', quantity.ref, quantity.ref),
      source: `sum over the horizon of: ${quantity.source}`,
    };
  }

  /** Sum up to and including each month. */
  running(quantity: Quantity): Quantity {
    return {
      ...quantity,
      ref: this.#op('running', quantity.ref, quantity.ref),
      source: `sum so far of: ${quantity.source}`,
    };
  }

  /** Sum of quantities of one unit; 0 of none. */
  sum(quantities: readonly Quantity[], unit: string, source: string): Quantity {
    return { ref: this.sumRefs(quantities.map((q) => q.ref)), unit, source };
  }

  sumRefs(refs: readonly Ref[]): Ref {
    return refs.length === 0 ? this.number(0, '', '').ref : refs.reduce((a, b) => this.#op('+', a, b));
  }

  /** Declares a line; its amount is what its formula gives. */
  line(line: Omit<Line, 'amount'>): { index: number; amount: Quantity } {
    const amount = this.derive(line.formula, line.inputs, 'USD', line.label);
    if (line.timing === 'start' && this.model.wide[amount.ref]) {
      throw new Error(`the start line "${line.label}" has one amount per month`);
    }
    return { index: this.model.lines.push({ ...line, amount: amount.ref }) - 1, amount };
  }

  /** Closes a strategy: the sums that appraise reads. */
  strategy(id: string, lines: readonly number[]): StrategyModel {
    const pick = (wanted: (line: Line) => boolean): Ref =>
      this.sumRefs(
        lines
          .map((i) => this.model.lines[i]!)
          .filter(wanted)
          .map((line) => line.amount),
      );
    const strategy: StrategyModel = {
      id,
      lines,
      start: pick((line) => line.timing === 'start'),
      monthly: pick((line) => line.timing === 'monthly'),
      cash_start: pick((line) => line.timing === 'start' && line.cash),
      cash_monthly: pick((line) => line.timing === 'monthly' && line.cash),
    };
    this.model.strategies.push(strategy);
    return strategy;
  }

  #parse(text: string): Expr {
    let expr = this.#parsed.get(text);
    if (expr === undefined) {
      expr = parseFormula(text);
      this.#parsed.set(text, expr);
    }
    return expr;
  }

  #compile(expr: Expr, inputs: Readonly<Record<string, Quantity>>, text: string): Ref {
    if ('number' in expr) return this.number(expr.number, '', '').ref;
    if ('symbol' in expr) {
      const quantity = Object.hasOwn(inputs, expr.symbol) ? inputs[expr.symbol] : undefined;
      if (quantity === undefined) throw new Error(`formula "${text}" has no input "${expr.symbol}"`);
      return quantity.ref;
    }
    const args = expr.args.map((arg) => this.#compile(arg, inputs, text));
    if (UNARY.has(expr.op)) return this.#op(expr.op, args[0]!, args[0]!);
    return args.reduce((a, b) => this.#op(expr.op, a, b));
  }

  #op(op: ModelOp, a: Ref, b: Ref): Ref {
    const { defs, wide } = this.model;
    const [left, right] = [defs[a]!, defs[b]!];
    const folds = op !== 'total' && op !== 'running';
    if (folds && left.is === 'number' && right.is === 'number') {
      return this.number(apply(op, left.value, right.value), '', '').ref;
    }
    if (op === '+' && left.is === 'number' && left.value === 0) return b;
    if (op === '+' && right.is === 'number' && right.value === 0) return a;
    return this.#add({ is: 'op', op, a, b }, op === 'running' || (op !== 'total' && (wide[a]! || wide[b]!)));
  }

  #add(def: Def, isWide: boolean): Ref {
    const key = JSON.stringify(def);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const ref = this.model.defs.push(def) - 1;
    this.model.wide.push(isWide);
    this.#known.set(key, ref);
    return ref;
  }
}
