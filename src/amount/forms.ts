/**
 * The forms that an amount may have as an object: a value with its source, a formula, a distribution, a column of a file. And what
 * is said of an object that has none of them: which key, what was found, what is allowed, the nearest right key.
 */
import * as z from 'zod';
import { FormulaError } from '../formula/parse.ts';
import { didYouMean } from '../nearest.ts';

export type Written = number | string | Record<string, unknown>;

const provenance = { source: z.string().optional(), as_of: z.iso.date().optional() };
const number = z.union([z.number(), z.string()]);
const form = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ dist: z.literal(name), ...shape, ...provenance });
const threePoints = { min: number, mode: number, max: number };

export const DISTRIBUTIONS = [
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
export const distribution = z.discriminatedUnion('dist', DISTRIBUTIONS);
export type Distribution = z.infer<typeof distribution>;
export const DISTRIBUTION_NAMES: readonly string[] = DISTRIBUTIONS.map(({ shape }) => shape.dist.value);
export const plain = z.strictObject({ value: number, ...provenance });
export const computed = z.strictObject({ formula: z.string(), ...provenance });
export const unread = z.strictObject({ empirical: z.unknown(), ...provenance });

/** What stands for measured values in a file, until the scenario's reader puts the values in its place. */
export const measuredColumn = z.strictObject({
  file: z.string().min(1).describe('CSV file with a header, relative to the scenario'),
  column: z.string().min(1).describe('Name of the column that holds the values'),
  unit: z.string().optional().describe("Unit of the values; without it they are in the field's own unit"),
});

export const noDistribution = (input: unknown, near: string): FormulaError =>
  new FormulaError(
    `${shortened(input)} is no distribution; allowed are {value, source, as_of}, {empirical: {file, column, unit}} and {dist: ${DISTRIBUTION_NAMES.join(' | ')}, …}${near}`,
  );

/** The first thing wrong with an object: which key, what was found, what is allowed, the nearest right key. */
export function wrongKey(input: unknown, schema: z.ZodObject, issue: z.core.$ZodIssue): FormulaError {
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

export const nearestKey = (found: readonly string[], known: readonly string[]): string =>
  found.map((key) => didYouMean(key, known, 1)).find((text) => text !== '') ?? '';

export function shortened(input: unknown): string {
  const text = JSON.stringify(input);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
