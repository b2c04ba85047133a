/** A second opinion on formulas: mathjs evaluates the text, without the project's parser and machine. */
import { compile, type EvalFunction } from 'mathjs/number';

const compiled = new Map<string, EvalFunction>();

export function evaluateWithMathjs(formula: string, inputs: Readonly<Record<string, number>>): number {
  let code = compiled.get(formula);
  if (code === undefined) {
    code = compile(formula) as unknown as EvalFunction;
    compiled.set(formula, code);
  }
  return Number(code.evaluate(new Map(Object.entries(inputs))));
}
