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
import { mean, type Spec } from './distribution.ts';
import type { Expr } from './formula/expr.ts';
import { checkLimits, type Limits } from './formula/limits.ts';
import { FormulaError, parseFormula } from './formula/parse.ts';
import { converter, hasUnit, parseQuantity, shownUnit, unitOf } from './formula/quantity.ts';
import { didYouMean } from './nearest.ts';

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

const describe = (unit: string): string =>
  `a number, a quantity ("3 ${shownUnit(unit)}"), an interval ("2 to 5 ${shownUnit(unit)}") or a distribution`;

const provenance = { source: z.string().optional(), as_of: z.iso.date().optional() };
const number = z.union([z.number(), z.string()]);
const form = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ dist: z.literal(name), ...shape, ...provenance });
const threePoints = { min: number, mode: number, max: number };

const DISTRIBUTIONS = [
  form('lognormal', { p5: number, p95: number }),
  form('normal', { p5: number, p95: number }),
  form('uniform', { min: number, max: number }),
  form('triangular', threePoints),
  form('pert', threePoints),
  form('beta', { mean: number, sd: number }),
  form('discrete', { points: z.array(z.strictObject({ value: number, weight: number })).min(1) }),
  form('mixture', {
    parts: z
      .array(z.strictObject({ value: z.union([number, z.record(z.string(), z.unknown())]), weight: number }))
      .min(1),
  }),
  form('empirical', { values: z.array(number).min(1), unit: z.string().optional() }),
] as const;
const distribution = z.discriminatedUnion('dist', DISTRIBUTIONS);
type Distribution = z.infer<typeof distribution>;
const NAMES: readonly string[] = DISTRIBUTIONS.map(({ shape }) => shape.dist.value);
const plain = z.strictObject({ value: number, ...provenance });
const computed = z.strictObject({ formula: z.string(), ...provenance });
const unread = z.strictObject({ empirical: z.unknown(), ...provenance });

/** What stands for measured values in a file, until the scenario's reader puts the values in its place. */
export const measuredColumn = z.strictObject({
  file: z.string().min(1).describe('CSV file with a header, relative to the scenario'),
  column: z.string().min(1).describe('Name of the column that holds the values'),
  unit: z.string().optional().describe("Unit of the values; without it they are in the field's own unit"),
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
const isFormula = (value: unknown): boolean => typeof value === 'string' && /^\s*=/.test(value);

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

type Written = number | string | Record<string, unknown>;
type Read = { spec: Spec; source?: string | undefined; as_of?: string | undefined };

function readSpec(input: Written, unit: string, limits: Limits, depth = 0): Read {
  if (typeof input === 'number') return { spec: { is: 'point', value: finite(input, input) } };
  if (typeof input === 'string') return { spec: readText(input, unit, limits) };
  if ('dist' in input) {
    const schema = DISTRIBUTIONS.find(({ shape }) => shape.dist.value === input.dist);
    if (schema === undefined) throw noDistribution(input, didYouMean(String(input.dist), NAMES));
    const read = distribution.safeParse(input);
    if (!read.success) throw wrongKey(input, schema, read.error.issues[0]!);
    const { spec, source } = readDistribution(read.data, unit, limits, depth);
    return { spec, source: read.data.source ?? source, as_of: read.data.as_of };
  }
  if ('empirical' in input) {
    const read = unread.safeParse(input);
    if (!read.success) throw wrongKey(input, unread, read.error.issues[0]!);
    const column = measuredColumn.safeParse(input.empirical);
    if (!column.success) throw wrongKey(input.empirical, measuredColumn, column.error.issues[0]!);
    throw new FormulaError(
      `"${column.data.file}" is read with a scenario file only; write {dist: empirical, values: [...]}`,
    );
  }
  const read = plain.safeParse(input);
  if (read.success) return { ...readSpec(read.data.value, unit, limits), ...read.data };
  if ('value' in input) throw wrongKey(input, plain, read.error.issues[0]!);
  throw noDistribution(input, nearestKey(Object.keys(input), ['value', 'dist', 'source', 'as_of']));
}

const noDistribution = (input: unknown, near: string): FormulaError =>
  new FormulaError(
    `${shortened(input)} is no distribution; allowed are {value, source, as_of}, {empirical: {file, column, unit}} and {dist: ${NAMES.join(' | ')}, …}${near}`,
  );

/** The first thing wrong with an object: which key, what was found, what is allowed, the nearest right key. */
function wrongKey(input: unknown, schema: z.ZodObject, issue: z.core.$ZodIssue): FormulaError {
  const keys = Object.keys(schema.shape);
  const isMember = typeof issue.path[1] === 'number';
  const takes = `${keys[0] === 'dist' ? `{dist: ${(input as Distribution).dist}} takes ` : 'allowed are '}${keys
    .filter((key) => key !== 'dist')
    .join(', ')}${isMember ? ', each of them {value, weight}' : ''}`;
  const where = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const place = where === '' ? '' : `${where.slice(1)}: `;
  if (issue.code === 'unrecognized_keys') {
    const near = nearestKey(issue.keys, isMember ? ['value', 'weight'] : keys);
    return new FormulaError(
      `${shortened(input)}: ${place}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}${near}; ${takes}`,
    );
  }
  const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], input);
  return new FormulaError(
    `${shortened(input)}: ${place}${found === undefined ? 'is missing' : `found ${shortened(found)}`}; ${takes}`,
  );
}

const nearestKey = (found: readonly string[], known: readonly string[]): string =>
  found.map((key) => didYouMean(key, known, 1)).find((text) => text !== '') ?? '';

function shortened(input: unknown): string {
  const text = JSON.stringify(input);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const DEEPEST = 5;

function readDistribution(
  read: Distribution,
  unit: string,
  limits: Limits,
  depth: number,
): { spec: Spec; source?: string | undefined } {
  const at = (value: number | string): number => (typeof value === 'number' ? finite(value, value) : one(value, unit));
  switch (read.dist) {
    case 'lognormal':
      return { spec: logNormal(at(read.p5), at(read.p95)) };
    case 'normal':
      return { spec: { is: 'normal', ...ordered(at(read.p5), at(read.p95)) } };
    case 'uniform': {
      const [min, max] = [at(read.min), at(read.max)];
      if (min === max) throw noSpread(read, min);
      ordered(min, max);
      return { spec: { is: 'uniform', min, max } };
    }
    case 'beta':
      return { spec: beta(at(read.mean), at(read.sd)) };
    case 'discrete':
      return {
        spec: {
          is: 'discrete',
          points: read.points.map(({ value, weight }, i) => ({
            value: at(value),
            weight: weightOf(weight, `points[${i}]`),
          })),
        },
      };
    case 'mixture':
      return mixture(read.parts, unit, limits, depth);
    case 'empirical': {
      const inUnit = read.unit === undefined ? at : converter(read.unit, unit);
      const values = read.values.map((value) => (typeof value === 'string' ? at(value) : inUnit(finite(value, value))));
      return { spec: { is: 'empirical', values: values.sort((a, b) => a - b) } };
    }
    default: {
      const [min, mode, max] = [at(read.min), at(read.mode), at(read.max)];
      if (min === mode && mode === max) throw noSpread(read, min);
      if (!(min <= mode && mode <= max && min < max)) {
        throw new FormulaError(`min ${min}, mode ${mode}, max ${max} are not in order`);
      }
      return { spec: { is: read.dist, min, mode, max } };
    }
  }
}

/** Weights need not add up to 1. */
function weightOf(weight: number | string, place: string): number {
  const value = typeof weight === 'number' ? weight : one(weight, '1');
  if (value > 0 && Number.isFinite(value)) return value;
  throw new FormulaError(`${place}: the weight ${weight} is not above 0`);
}

function mixture(
  parts: Extract<Distribution, { dist: 'mixture' }>['parts'],
  unit: string,
  limits: Limits,
  depth: number,
): { spec: Spec; source?: string } {
  if (depth === DEEPEST) throw new FormulaError(`more than ${DEEPEST} mixtures stand within each other`);
  const read = parts.map(({ value, weight }, i) => {
    try {
      return { weight: weightOf(weight, 'it'), ...readSpec(value, unit, limits, depth + 1) };
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      throw new FormulaError(`parts[${i}]: ${error.message}`);
    }
  });
  const sources = [...new Set(read.flatMap(({ source }) => source ?? []))];
  return {
    spec: { is: 'mixture', parts: read.map(({ weight, spec }) => ({ weight, spec })) },
    ...(sources.length === 0 ? {} : { source: sources.join('; ') }),
  };
}

/** Between 0 and 1, whatever the field; its spread is bounded by its mean. */
function beta(mean: number, sd: number): Spec {
  if (mean > 0 && mean < 1 && sd > 0 && sd ** 2 < mean * (1 - mean)) return { is: 'beta', mean, sd };
  throw new FormulaError(
    `beta with mean ${mean} and sd ${sd} is no distribution; the mean lies between 0 and 1 and sd^2 below mean x (1 - mean)`,
  );
}

const INTERVAL = /^(?<low>.+?)\s+to\s+(?<high>.+?)(?:\s+(?<family>normal|lognormal))?$/;

function readText(text: string, unit: string, limits: Limits): Spec {
  const interval = INTERVAL.exec(text.trim())?.groups;
  if (interval === undefined) return { is: 'point', value: one(text, unit) };
  const { low = '', high = '', family } = interval;
  const highValue = one(high, unit);
  const lowValue = hasUnit(low) || !hasUnit(high) ? one(low, unit) : one(`${low} ${unitOf(high)}`, unit);
  if (family === 'normal') return { is: 'normal', ...ordered(lowValue, highValue) };
  if (limits.max === 1 && family === undefined) return share(lowValue, highValue, text);
  return logNormal(lowValue, highValue);
}

function one(text: string, unit: string): number {
  if (isFormula(text)) throw new FormulaError(`"${text}" is a part of an amount; a formula stands for a whole one`);
  try {
    return finite(parseQuantity(text, unit), text);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const { message } = error;
    const found = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const isNamed = text !== '' && (message.includes(text) || message.startsWith('unknown unit'));
    const named = isNamed ? '' : `"${found}": `;
    throw new FormulaError(`${named}${message}${/\bexpected /.test(message) ? '' : `; expected ${describe(unit)}`}`);
  }
}

function finite(value: number, found: unknown): number {
  if (!Number.isFinite(value)) throw new FormulaError(`${String(found)} is not a finite number`);
  return value;
}

function ordered(low: number, high: number): { p5: number; p95: number } {
  if (low === high) throw new FormulaError(`the interval runs from ${low} to ${high} and has no spread; write ${low}`);
  if (low > high) throw new FormulaError(`the interval runs from ${low} to ${high}; the lower bound comes first`);
  return { p5: low, p95: high };
}

const noSpread = (read: unknown, value: number): FormulaError =>
  new FormulaError(`${shortened(read)} has no spread; write ${value}`);

/** Distributions that have ends, for an interval whose ends are meant. */
const bounded = (low: number, high: number): string =>
  `{dist: uniform, min: ${low}, max: ${high}} or {dist: pert, min: ${low}, mode: …, max: ${high}}`;

function logNormal(low: number, high: number): Spec {
  const bounds = ordered(low, high);
  if (low <= 0) {
    throw new FormulaError(
      `the interval ${low} to ${high} is log-normal and needs bounds above 0; write ${
        low < 0
          ? `"${low} to ${high} normal" or ${bounded(low, high)}`
          : `${bounded(low, high)}; or "${low} to ${high} normal"`
      }`,
    );
  }
  return { is: 'lognormal', ...bounds };
}

function share(low: number, high: number, text: string): Spec {
  const bounds = ordered(low, high);
  if (low <= 0 || high >= 1) {
    throw new FormulaError(
      `the share "${text}" needs bounds between 0 and 1, both exclusive; write ${low < 0 || high > 1 ? '{dist: uniform | pert | beta, …} within them' : bounded(low, high)}`,
    );
  }
  return { is: 'logitnormal', ...bounds };
}
