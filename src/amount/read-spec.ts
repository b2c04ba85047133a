/** What stands in a file as a distribution in the field's unit, with the source that it names; a mixture may hold any of the forms. */
import type { Spec } from '../distribution.ts';
import type { Limits } from '../formula/limits.ts';
import { FormulaError } from '../formula/parse.ts';
import { converter } from '../formula/quantity.ts';
import { didYouMean } from '../nearest.ts';
import {
  DISTRIBUTION_NAMES,
  DISTRIBUTIONS,
  type Distribution,
  distribution,
  measuredColumn,
  nearestKey,
  noDistribution,
  plain,
  shortened,
  unread,
  type Written,
  wrongKey,
} from './forms.ts';
import { finite, logNormal, one, ordered, readText } from './text-forms.ts';

type Read = { spec: Spec; source?: string | undefined; as_of?: string | undefined };

export function readSpec(input: Written, unit: string, limits: Limits, depth = 0): Read {
  if (typeof input === 'number') return { spec: { is: 'point', value: finite(input, input) } };
  if (typeof input === 'string') return { spec: readText(input, unit, limits) };
  if ('dist' in input) {
    const schema = DISTRIBUTIONS.find(({ shape }) => shape.dist.value === input.dist);
    if (schema === undefined) throw noDistribution(input, didYouMean(String(input.dist), DISTRIBUTION_NAMES));
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

const noSpread = (read: unknown, value: number): FormulaError =>
  new FormulaError(`${shortened(read)} has no spread; write ${value}`);
