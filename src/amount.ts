/**
 * An amount: a number as people write it in YAML, with its unit, its range and where it comes from.
 *
 *   3                          a number, in the field's own unit
 *   120 USD/hour, 3 days       a quantity, converted to the field's unit
 *   2 to 5 USD                 a 90 % interval: log-normal, or bounded in 0..1 where the field is a share
 *   -10 to 40 ms normal        the same, normal
 *   {dist: pert, min: 1, mode: 2, max: 6}         also uniform, triangular, normal, lognormal, beta
 *   {dist: discrete, points: [{value: 0, weight: 3}, {value: 9, weight: 1}]}
 *   {dist: mixture, parts: [{value: 2 to 5, weight: 3}, {value: 20 to 50, weight: 1}]}      any of these as a part
 *   {dist: empirical, values: [12, 9, 31], unit: ms}
 *   {empirical: {file: measured.csv, column: x}}   the same from a file: whoever reads the scenario puts the values there
 *   {value: 70 to 120 USD/hour, source: …, as_of: 2026-11-01}
 *   80 EUR/hour                converted at the dated rate of the price book, and told as converted
 *   = salary * overhead / work_hours              a formula over named inputs; the scenario resolves it
 *   {formula: salary * overhead / work_hours, source: …}
 *
 * One grammar gives the type, the JSON Schema and the messages of every such field.
 */
import * as z from 'zod';
import { computed, plain, shortened, type Written, wrongKey } from './amount/forms.ts';
import { readSpec } from './amount/read-spec.ts';
import { describe, isFormula } from './amount/text-forms.ts';
import { mean, type Spec } from './distribution.ts';
import type { Expr } from './formula/expr.ts';
import { checkLimits, type Limits } from './formula/limits.ts';
import { FormulaError, parseFormula } from './formula/parse.ts';

export { measuredColumn } from './amount/forms.ts';
export type { Limits } from './formula/limits.ts';

export interface Amount {
  /** The field's unit; `central` and `spec` are in it. */
  readonly unit: string;
  readonly spec: Spec;
  /** The mean: what deterministic views use. */
  readonly central: number;
  /** Who says so; filled in with the file it was read from where it says nothing itself. */
  source: string | undefined;
  readonly as_of: string | undefined;
  /** Written in EUR or CNY: `spec` and `central` are in it until the scenario converts them at a dated rate. */
  readonly currency?: string;
  /** Computed from named inputs: `spec` is then one number, the formula at their means, once the scenario has resolved it. */
  readonly formula?: AmountFormula;
  /** Where it stands in the scenario, `engineering.loaded_rate`; filled in when the file has been read. */
  path: string;
}

export interface AmountFormula {
  readonly text: string;
  readonly expr: Expr;
  readonly limits: Limits;
  /** Per name that it reads; absent until resolved. */
  readonly inputs?: Readonly<Record<string, FormulaInput>>;
  /** Converts what it gives in base units into the amount's unit. */
  readonly factor?: number;
}

export interface FormulaInput {
  readonly amount: Amount;
  /** Converts the input into base units: 1 / 8,760 for USD/year. */
  readonly factor: number;
}

export const SHARE: Limits = { min: 0, max: 1 };
export const NON_NEGATIVE: Limits = { min: 0 };

/** A field of the contract that holds an amount in `unit`, within `limits` (by default not negative). */
export const amount = (unit: string, description: string, limits: Limits = NON_NEGATIVE) =>
  z
    .union([z.number(), z.string(), z.record(z.string(), z.unknown())], {
      error: () => `expected ${describe(unit)}`,
    })
    .transform((input, context): Amount => {
      try {
        return readAmount(input, unit, limits);
      } catch (error) {
        if (!(error instanceof FormulaError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, input });
        return z.NEVER;
      }
    })
    .meta({ description: `${description} [${unit}]` });

/** An amount that was not written but stated by the project, with its source. */
export const assumed = (value: number, unit: string, path: string, source: string): Amount => ({
  unit,
  spec: { is: 'point', value },
  central: value,
  source,
  as_of: undefined,
  path,
});

/** Reads what stands in the file. Throws a FormulaError that says what was found and what is allowed. */
export function readAmount(input: number | string | Record<string, unknown>, unit: string, limits: Limits): Amount {
  const formula = readFormula(input, limits);
  if (formula !== undefined) return { unit, spec: UNRESOLVED, central: Number.NaN, path: '', ...formula };
  const currency = unit.includes('USD') ? foreignCurrency(input) : undefined;
  const { spec, source, as_of } = readSpec(
    input,
    currency === undefined ? unit : unit.replace('USD', currency),
    limits,
  );
  const central = mean(spec);
  checkLimits(spec, central, unit, limits, typeof input === 'object' ? shortened(input) : String(input));
  return { unit, spec, central, source, as_of, path: '', ...(currency === undefined ? {} : { currency }) };
}

const UNRESOLVED: Spec = { is: 'point', value: Number.NaN };

/** The formula that stands in place of an amount, or as the value of one. */
function readFormula(input: Written, limits: Limits): Pick<Amount, 'source' | 'as_of' | 'formula'> | undefined {
  const own: Written = typeof input === 'string' && isFormula(input) ? { formula: input } : input;
  if (typeof own !== 'object' || !('formula' in own || isFormula(own.value))) return undefined;
  const schema = 'formula' in own ? computed : plain;
  const read = schema.safeParse(own);
  if (!read.success) throw wrongKey(own, schema, read.error.issues[0]!);
  const { source, as_of } = read.data;
  const text = String('formula' in read.data ? read.data.formula : read.data.value)
    .replace(/^\s*=/, '')
    .trim();
  try {
    return { source, as_of, formula: { text, expr: parseFormula(text, { multiplies_silently: false }), limits } };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new FormulaError(`${shortened(`= ${text}`)}: ${error.message}`);
  }
}

/** EUR or CNY, where a number is written in it. */
function foreignCurrency(input: number | string | Record<string, unknown>): string | undefined {
  if (typeof input === 'number') return undefined;
  if (typeof input === 'string') return /\b(EUR|CNY)\b/.exec(input)?.[1];
  const { source: _source, as_of: _asOf, ...numbers } = input;
  return /\b(EUR|CNY)\b/.exec(JSON.stringify(Object.values(numbers)))?.[1];
}
