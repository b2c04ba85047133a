/**
 * An amount: a number as people write it in YAML, with its unit, its range and where it comes from.
 *
 *   3                          a number, in the field's own unit
 *   120 USD/hour, 3 days       a quantity, converted to the field's unit
 *   2 to 5 USD                 a 90 % interval: log-normal, or bounded in 0..1 where the field is a share
 *   -10 to 40 ms normal        the same, normal
 *   {dist: pert, min: 1, mode: 2, max: 6}
 *   {value: 70 to 120 USD/hour, source: …, as_of: 2026-11-01}
 *   80 EUR/hour                converted at the dated rate of the price book, and told as converted
 *
 * One grammar gives the type, the JSON Schema and the messages of every such field.
 */
import * as z from 'zod';
import { mean, type Spec } from './distribution.ts';
import { FormulaError } from './formula/parse.ts';
import { hasUnit, parseQuantity } from './formula/quantity.ts';

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
  /** Where it stands in the scenario, `engineering.loaded_rate`; filled in when the file has been read. */
  path: string;
}

export interface Limits {
  readonly min?: number;
  readonly max?: number;
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
  `a number, a quantity ("3 ${shown(unit)}"), an interval ("2 to 5 ${shown(unit)}") or a distribution`;

/** Hours of work are written as hours; a share has no unit. */
const shown = (unit: string): string =>
  unit === '1' ? '%' : unit.replace('work_hour', 'hour').replace('fraction/', '%/');

const provenance = { source: z.string().optional(), as_of: z.iso.date().optional() };
const number = z.union([z.number(), z.string()]);
const objectForms = z.union([
  z.strictObject({ value: number, ...provenance }),
  z.strictObject({ dist: z.enum(['lognormal', 'normal']), p5: number, p95: number, ...provenance }),
  z.strictObject({ dist: z.literal('uniform'), min: number, max: number, ...provenance }),
  z.strictObject({ dist: z.enum(['triangular', 'pert']), min: number, mode: number, max: number, ...provenance }),
  z.strictObject({ dist: z.literal('beta'), mean: number, sd: number, ...provenance }),
]);

/** Reads what stands in the file. Throws a FormulaError that says what was found and what is allowed. */
export function readAmount(input: number | string | Record<string, unknown>, unit: string, limits: Limits): Amount {
  const currency = unit.includes('USD') ? foreignCurrency(input) : undefined;
  const { spec, source, as_of } = readSpec(
    input,
    currency === undefined ? unit : unit.replace('USD', currency),
    limits,
  );
  const central = mean(spec);
  checkLimits(spec, central, unit, limits, input);
  return { unit, spec, central, source, as_of, path: '', ...(currency === undefined ? {} : { currency }) };
}

/** EUR or CNY, where a number is written in it. */
function foreignCurrency(input: number | string | Record<string, unknown>): string | undefined {
  if (typeof input === 'number') return undefined;
  if (typeof input === 'string') return /\b(EUR|CNY)\b/.exec(input)?.[1];
  const { source: _source, as_of: _asOf, ...numbers } = input;
  return /\b(EUR|CNY)\b/.exec(JSON.stringify(Object.values(numbers)))?.[1];
}

type Read = { spec: Spec; source?: string | undefined; as_of?: string | undefined };

function readSpec(input: number | string | Record<string, unknown>, unit: string, limits: Limits): Read {
  if (typeof input === 'number') return { spec: { is: 'point', value: finite(input, input) } };
  if (typeof input === 'string') return { spec: readText(input, unit, limits) };
  const form = objectForms.safeParse(input);
  if (!form.success) {
    throw new FormulaError(
      `${JSON.stringify(input)} is no distribution; allowed are {value, source, as_of}, {dist: lognormal | normal, p5, p95}, {dist: uniform, min, max}, {dist: triangular | pert, min, mode, max}, {dist: beta, mean, sd}`,
    );
  }
  const { source, as_of } = form.data;
  const at = (value: number | string): number => (typeof value === 'number' ? value : one(value, unit));
  if ('value' in form.data) {
    const { spec } = readSpec(form.data.value, unit, limits);
    return { spec, source, as_of };
  }
  return { spec: distribution(form.data, at), source, as_of };
}

type DistributionForm = Exclude<z.infer<typeof objectForms>, { value: unknown }>;

function distribution(form: DistributionForm, at: (value: number | string) => number): Spec {
  switch (form.dist) {
    case 'lognormal':
      return logNormal(at(form.p5), at(form.p95));
    case 'normal':
      return { is: 'normal', ...ordered(at(form.p5), at(form.p95)) };
    case 'uniform': {
      const { p5, p95 } = ordered(at(form.min), at(form.max));
      return { is: 'uniform', min: p5, max: p95 };
    }
    case 'beta':
      return beta(at(form.mean), at(form.sd));
    default: {
      const [min, mode, max] = [at(form.min), at(form.mode), at(form.max)];
      if (!(min <= mode && mode <= max && min < max)) {
        throw new FormulaError(`min ${min}, mode ${mode}, max ${max} are not in order`);
      }
      return { is: form.dist, min, mode, max };
    }
  }
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

/** The unit part of `0.10 USD/hour`. */
const unitOf = (text: string): string => text.trim().replace(/^[-+]?[0-9.]+(?:e[-+]?[0-9]+)?\s*/i, '');

function one(text: string, unit: string): number {
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
  if (low >= high) throw new FormulaError(`the interval runs from ${low} to ${high}; the lower bound comes first`);
  return { p5: low, p95: high };
}

function logNormal(low: number, high: number): Spec {
  const bounds = ordered(low, high);
  if (low <= 0) {
    throw new FormulaError(
      `the interval ${low} to ${high} is log-normal and needs bounds above 0; write {dist: uniform, min: ${low}, max: ${high}}, {dist: pert, …} or "${low} to ${high} normal"`,
    );
  }
  return { is: 'lognormal', ...bounds };
}

function share(low: number, high: number, text: string): Spec {
  const bounds = ordered(low, high);
  if (low <= 0 || high >= 1) {
    throw new FormulaError(
      `the share "${text}" needs bounds between 0 and 1, both exclusive; write {dist: uniform, min: ${low}, max: ${high}} or {dist: pert, …}`,
    );
  }
  return { is: 'logitnormal', ...bounds };
}

/** A share of 7 was most likely meant as 7 %. */
const percentHint = (found: string, unit: string): string =>
  (unit === '1' || unit.startsWith('fraction/')) && /^\d+(\.\d+)?$/.test(found) && Number(found) > 1
    ? ` (did you mean "${found} %${unit.replace('fraction', '').replace('1', '')}"?)`
    : '';

function checkLimits(spec: Spec, central: number, unit: string, { min, max }: Limits, input: unknown): void {
  const [low, high] =
    spec.is === 'uniform' || spec.is === 'triangular' || spec.is === 'pert' ? [spec.min, spec.max] : [central, central];
  const found = typeof input === 'object' ? JSON.stringify(input) : String(input);
  const allowed = max === undefined ? `at least ${min}` : `between ${min} and ${max}`;
  if ((min !== undefined && low < min) || (max !== undefined && high > max)) {
    throw new FormulaError(
      `${found} is out of range; allowed is ${allowed} ${unit === '1' ? '' : shown(unit)}`.trimEnd() +
        percentHint(found, unit),
    );
  }
}
