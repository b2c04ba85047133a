/**
 * The unit algebra of formulas over quantities whose units are known: what `salary * overhead / work_hours` is in.
 *
 *   a * b, a / b        exponents add up, or are taken away
 *   a + b, a - b, max, min, a < b     both sides in the same dimensions; 0 is in any
 *   a ^ b, sqrt(a)      b is a plain number; one that stands there as a number, unless a is plain too
 *   exp, log, ceil, floor, round      of plain numbers: 2.4 hours are 144 minutes, and round to another time
 *
 * Takes a formula and the measure of each symbol; gives dimensions or throws a FormulaError. It converts nothing: whoever
 * evaluates multiplies each value by its measure's factor first, so that USD/month and USD/year add up.
 */
import { combine, type Dimensions, type Measure, nameOf, sameDimensions } from './dimensions.ts';
import type { Expr } from './expr.ts';
import { FormulaError } from './parse.ts';

export function dimensionsOf(expr: Expr, measureOf: (symbol: string) => Measure): Dimensions {
  if ('number' in expr) return {};
  if ('symbol' in expr) return measureOf(expr.symbol).dimensions;
  const rounded = expr.op === 'floor' ? roundedIn(expr.args[0]!) : undefined;
  if (rounded !== undefined) return plain(dimensionsOf(rounded, measureOf), 'round');
  const known = expr.args.map((arg) => ({ arg, dimensions: dimensionsOf(arg, measureOf) }));
  const [a, b] = known as [Operand, Operand];
  switch (expr.op) {
    case '*':
      return combine(a.dimensions, b.dimensions, 1);
    case '/':
      return combine(a.dimensions, b.dimensions, -1);
    case '+':
    case '-':
    case 'max':
    case 'min':
      return alike(known, IN_WORDS[expr.op]);
    case '<':
      alike(known, 'compares');
      return {};
    case 'abs':
      return a.dimensions;
    case '^':
      return power(a, b);
    case 'sqrt':
      return combine({}, a.dimensions, 0.5);
    default:
      return plain(a.dimensions, expr.op);
  }
}

interface Operand {
  readonly arg: Expr;
  readonly dimensions: Dimensions;
}

const IN_WORDS = {
  '+': 'adds',
  '-': 'subtracts',
  max: 'takes the greatest of',
  min: 'takes the least of',
} as const;

const isZero = (expr: Expr): boolean => 'number' in expr && expr.number === 0;

function alike(all: readonly Operand[], verb: string): Dimensions {
  const [first, ...rest] = all.filter(({ arg }) => !isZero(arg));
  for (const other of rest)
    if (!sameDimensions(first!.dimensions, other.dimensions))
      throw new FormulaError(`${verb} ${nameOf(first!.dimensions)} and ${nameOf(other.dimensions)}`);
  return first?.dimensions ?? {};
}

function power(base: Operand, exponent: Operand): Dimensions {
  if (!sameDimensions(exponent.dimensions, {}))
    throw new FormulaError(`raises to a power in ${nameOf(exponent.dimensions)}; a power is a plain number`);
  if (sameDimensions(base.dimensions, {})) return {};
  const value = constant(exponent.arg);
  if (value === undefined)
    throw new FormulaError(`raises ${nameOf(base.dimensions)} to a power that is no fixed number; its unit would vary`);
  return combine({}, base.dimensions, value);
}

/** A number, or one with a minus before it. */
function constant(expr: Expr): number | undefined {
  if ('number' in expr) return expr.number;
  if ('symbol' in expr || expr.op !== '-' || !isZero(expr.args[0]!)) return undefined;
  const inner = constant(expr.args[1]!);
  return inner === undefined ? undefined : -inner;
}

/** What round was taken of, where floor holds the sum that round(x) was read as. */
function roundedIn(expr: Expr): Expr | undefined {
  if (!('op' in expr) || expr.op !== '+') return undefined;
  const [value, half] = expr.args as [Expr, Expr];
  return 'number' in half && half.number === 0.5 ? value : undefined;
}

function plain(dimensions: Dimensions, taken: string): Dimensions {
  if (sameDimensions(dimensions, {})) return {};
  throw new FormulaError(`takes ${taken} of ${nameOf(dimensions)}; it takes a plain number, such as a ratio`);
}
