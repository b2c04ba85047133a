/** A formula as data: what the parser gives and the model executes. No text, no library, no eval. */

export const OPS = ['+', '-', '*', '/', '^', 'max', 'min', 'ceil', 'floor', 'abs', 'exp', 'log', 'sqrt', '<'] as const;
export type Op = (typeof OPS)[number];

export type Expr =
  | { readonly number: number }
  | { readonly symbol: string }
  | { readonly op: Op; readonly args: readonly Expr[] };

/** Names that formulas may use: mathjs reads `a-b` as a subtraction and `a.b` as an accessor. */
export const NAME_PATTERN = /^[a-z][a-z0-9_]*$/;

/** Every name that an expression reads, in order of first use. */
export function symbolsOf(expr: Expr): string[] {
  if ('symbol' in expr) return [expr.symbol];
  if ('number' in expr) return [];
  return [...new Set(expr.args.flatMap(symbolsOf))];
}
