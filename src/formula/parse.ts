/**
 * The only door to mathjs. It reads the text of a formula or of a quantity into an Expr and evaluates nothing.
 *
 * Texts come from files, so the syntax tree passes an allow-list: numbers, names, brackets, the listed operators and
 * functions. Everything else (assignment, strings, arrays, ranges, units, accessors, other functions) is refused by name.
 * `%` is refused in formulas, where mathjs takes it as "add that percentage of the left side".
 */

import type { MathNode } from 'mathjs';
import mathjs from 'mathjs/lib/browser/math.js';
import { type Expr, OPS, type Op } from './expr.ts';

const MAX_LENGTH = 2000;
const MAX_NODES = 500;
const MAX_DEPTH = 100;
const FUNCTIONS: readonly string[] = ['max', 'min', 'ceil', 'floor', 'abs', 'exp', 'log', 'sqrt'];

/** The text can't be read; the message says what was found and what is allowed. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
}

/** Reads `requests * usd_per_request`. Throws a FormulaError. Names are not resolved here. */
export function parseFormula(text: string): Expr {
  if (text.length > MAX_LENGTH)
    throw new FormulaError(`is ${text.length} characters long; at most ${MAX_LENGTH} are read`);
  if (depthOf(text) > MAX_DEPTH) throw new FormulaError(`has more than ${MAX_DEPTH} brackets within each other`);
  if (text.trim() === '') throw new FormulaError('is empty');
  if (text.includes('%')) throw new FormulaError('"%" is not allowed in a formula; write 0.05 for 5 %');
  const budget = { nodes: MAX_NODES };
  return translate(syntaxTree(text), budget);
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

function translate(node: MathNode, budget: { nodes: number }): Expr {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw new FormulaError(`has more than ${MAX_NODES} terms`);
  const args = (nodes: readonly MathNode[]): Expr[] => nodes.map((n) => translate(n, budget));

  if (mathjs.isParenthesisNode(node)) return translate(node.content, budget);
  if (mathjs.isConstantNode(node) && typeof node.value === 'number') return { number: node.value };
  if (mathjs.isSymbolNode(node)) return { symbol: node.name };
  if (mathjs.isOperatorNode(node)) {
    if (node.op === '-' && node.args.length === 1) return { op: '-', args: [{ number: 0 }, ...args(node.args)] };
    if (node.op === '+' && node.args.length === 1) return args(node.args)[0] as Expr;
    if (node.args.length === 2 && isOp(node.op)) return { op: node.op, args: args(node.args) };
    throw new FormulaError(`the operator "${node.op}" is not allowed; allowed are + - * / ^ <`);
  }
  if (mathjs.isFunctionNode(node)) {
    const name = mathjs.isSymbolNode(node.fn) ? node.fn.name : String(node.fn);
    if (!FUNCTIONS.includes(name)) {
      throw new FormulaError(`the function "${name}" is not allowed; allowed are ${FUNCTIONS.join(', ')}`);
    }
    const wanted = name === 'max' || name === 'min' ? 2 : 1;
    if (node.args.length < wanted || (wanted === 1 && node.args.length > 1)) {
      throw new FormulaError(
        `"${name}" takes ${wanted === 1 ? 'one value' : 'two values or more'}, got ${node.args.length}`,
      );
    }
    return { op: name as Op, args: args(node.args) };
  }
  throw new FormulaError(`"${String(node)}" (${node.type}) is not allowed in a formula`);
}

const isOp = (op: string): op is Op => (OPS as readonly string[]).includes(op);
