/**
 * The only door to mathjs. It reads the text of a formula or of a quantity into an Expr and evaluates nothing.
 *
 * Texts come from files, so the syntax tree passes an allow-list: numbers, names, brackets, the listed operators and
 * functions. Everything else (assignment, strings, arrays, ranges, units, accessors, other functions) is refused by name.
 * `%` is refused in formulas, where mathjs takes it as "add that percentage of the left side".
 *
 * Written for people and expressed by the operators of the model: a > b is b < a, a <= b is 1 - (b < a), a == b is neither
 * less nor greater; a comparison is 1 or 0. round(x) is floor(x + 0.5), so that halves go up, -2.5 to -2. `a ? b : c` is
 * refused, since as a sum of both branches it would take a value from a branch that has none.
 */

import type { MathNode } from 'mathjs';
import mathjs from 'mathjs/lib/browser/math.js';
import { type Expr, OPS, type Op } from './expr.ts';

const MAX_LENGTH = 2000;
const MAX_NODES = 500;
const MAX_DEPTH = 100;
const FUNCTIONS: readonly string[] = ['max', 'min', 'ceil', 'floor', 'round', 'abs', 'exp', 'log', 'sqrt', 'pow'];
const TWO_OR_MORE: readonly string[] = ['max', 'min'];

/** The text can't be read; the message says what was found and what is allowed. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
}

export interface Reading {
  /** Whether `2 days` is 2 x days; quantities are written so, formulas need their operators. Default: yes. */
  readonly multiplies_silently?: boolean;
}

/** Reads `requests * usd_per_request`. Throws a FormulaError. Names are not resolved here. */
export function parseFormula(text: string, reading: Reading = {}): Expr {
  if (text.length > MAX_LENGTH)
    throw new FormulaError(`is ${text.length} characters long; at most ${MAX_LENGTH} are read`);
  if (depthOf(text) > MAX_DEPTH) throw new FormulaError(`has more than ${MAX_DEPTH} brackets within each other`);
  if (text.trim() === '') throw new FormulaError('is empty');
  if (text.includes('%')) throw new FormulaError('"%" is not allowed in a formula; write 0.05 for 5 %');
  return translate(syntaxTree(text), { nodes: MAX_NODES, reading });
}

/** Brackets within brackets; the parser takes stack for each. */
function depthOf(text: string): number {
  let [open, deepest] = [0, 0];
  for (const character of text) {
    if ('([{'.includes(character)) open += 1;
    else if (')]}'.includes(character)) open -= 1;
    deepest = Math.max(deepest, open);
  }
  return deepest;
}

function syntaxTree(text: string): MathNode {
  try {
    return mathjs.parse(text);
  } catch (error) {
    throw new FormulaError(`can't be read: ${(error as Error).message}`);
  }
}

interface Budget {
  nodes: number;
  readonly reading: Reading;
}

function translate(node: MathNode, budget: Budget): Expr {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw new FormulaError(`has more than ${MAX_NODES} terms`);
  const args = (nodes: readonly MathNode[]): Expr[] => nodes.map((n) => translate(n, budget));

  if (mathjs.isParenthesisNode(node)) return translate(node.content, budget);
  if (mathjs.isConstantNode(node) && typeof node.value === 'number') return { number: node.value };
  if (mathjs.isSymbolNode(node)) return { symbol: node.name };
  if (mathjs.isOperatorNode(node)) {
    if (node.op === '-' && node.args.length === 1) return { op: '-', args: [{ number: 0 }, ...args(node.args)] };
    if (node.op === '+' && node.args.length === 1) return args(node.args)[0] as Expr;
    if (node.implicit && budget.reading.multiplies_silently === false)
      throw new FormulaError(`nothing stands between ${node.args.map((one) => `"${String(one)}"`).join(' and ')}`);
    if (node.args.length === 2 && isOp(node.op)) return { op: node.op, args: args(node.args) };
    const compared = COMPARISONS[node.op];
    if (compared !== undefined && node.args.length === 2) {
      const [a, b] = args(node.args) as [Expr, Expr];
      return compared(a, b);
    }
    throw new FormulaError(`the operator "${node.op}" is not allowed; allowed are + - * / ^ < <= > >= == !=`);
  }
  if (mathjs.isFunctionNode(node)) {
    const name = mathjs.isSymbolNode(node.fn) ? node.fn.name : String(node.fn);
    if (!FUNCTIONS.includes(name)) {
      throw new FormulaError(`the function "${name}" is not allowed; allowed are ${FUNCTIONS.join(', ')}`);
    }
    const count = node.args.length;
    const [isRight, wanted] = TWO_OR_MORE.includes(name)
      ? [count >= 2, 'two values or more']
      : name === 'pow'
        ? [count === 2, 'two values']
        : [count === 1, 'one value'];
    if (!isRight) throw new FormulaError(`"${name}" takes ${wanted}, got ${count}`);
    if (name === 'pow') return { op: '^', args: args(node.args) };
    if (name === 'round') return { op: 'floor', args: [{ op: '+', args: [...args(node.args), { number: 0.5 }] }] };
    return { op: name as Op, args: args(node.args) };
  }
  if (mathjs.isConditionalNode(node))
    throw new FormulaError('"a ? b : c" is not allowed; write (x < y) * b + (x >= y) * c, or max and min');
  if (mathjs.isRelationalNode(node))
    throw new FormulaError(`"${shortened(node)}" compares more than two sides at once; write (a < b) * (b < c)`);
  throw new FormulaError(`"${shortened(node)}" (${node.type}) is not allowed in a formula`);
}

const less = (a: Expr, b: Expr): Expr => ({ op: '<', args: [a, b] });
const not = (a: Expr): Expr => ({ op: '-', args: [{ number: 1 }, a] });
const neither = (a: Expr, b: Expr): Expr => ({ op: '*', args: [not(less(a, b)), not(less(b, a))] });

const COMPARISONS: Readonly<Record<string, (a: Expr, b: Expr) => Expr>> = {
  '>': (a, b) => less(b, a),
  '<=': (a, b) => not(less(b, a)),
  '>=': (a, b) => not(less(a, b)),
  '==': neither,
  '!=': (a, b) => not(neither(a, b)),
};

function shortened(node: MathNode): string {
  const text = String(node);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const isOp = (op: string): op is Op => (OPS as readonly string[]).includes(op);
