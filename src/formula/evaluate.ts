/**
 * Evaluates an Expr that was parsed once: a tree of closures over a list of values, without eval. For what is asked a few
 * times at load or in a report; a model's quantities are computed by its machine (model/machine.ts), by the same operators.
 */
import type { Expr, Op } from './expr.ts';

const APPLY: Readonly<Record<Op, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => (a < b ? 1 : 0),
  max: Math.max,
  min: Math.min,
  ceil: Math.ceil,
  floor: Math.floor,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
};

/** @param placeOf where the value of a symbol stands in the list */
export function evaluatorOf(expr: Expr, placeOf: (symbol: string) => number): (values: readonly number[]) => number {
  if ('number' in expr) return () => expr.number;
  if ('symbol' in expr) {
    const place = placeOf(expr.symbol);
    return (values) => values[place]!;
  }
  const [first, ...rest] = expr.args.map((arg) => evaluatorOf(arg, placeOf));
  const apply = APPLY[expr.op];
  if (rest.length === 0) return (values) => apply(first!(values), 0);
  return (values) => rest.reduce((sum, arg) => apply(sum, arg(values)), first!(values));
}
