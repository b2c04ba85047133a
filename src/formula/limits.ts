/**
 * What an amount may be: a field's least and greatest value, asked of its distribution. One with ends has them within the
 * limits; one without ends (normal, log-normal) has its mean there and hardly any of itself above the greatest value.
 * Throws a FormulaError that says what was found and what is allowed. Draws are not asked.
 */
import { cdf, mean, type Spec } from '../distribution.ts';
import { FormulaError } from './parse.ts';
import { shownUnit } from './quantity.ts';

export interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** @param found as the message shows it */
export function checkLimits(spec: Spec, central: number, unit: string, { min, max }: Limits, found: string): void {
  const [low, high] = bounds(spec, central);
  const isRate = unit.startsWith('fraction/');
  const shown = (value: number | undefined): string =>
    isRate ? String(Number(((value ?? 0) * 100).toPrecision(12))) : String(value);
  const allowed = max === undefined ? `at least ${shown(min)}` : `between ${shown(min)} and ${shown(max)}`;
  if ((min !== undefined && low < min) || (max !== undefined && high > max)) {
    throw new FormulaError(
      `${found} is out of range; allowed is ${allowed} ${unit === '1' ? '' : shownUnit(unit)}`.trimEnd() +
        percentHint(found, unit),
    );
  }
  const beyond = max === undefined ? 0 : 1 - cdf(spec, max);
  if (beyond > 1e-6) {
    throw new FormulaError(
      `${found} lies above ${max} with a probability of ${beyond.toPrecision(2)}; write it without "normal" or "lognormal", or as {dist: uniform | pert | beta, …}`,
    );
  }
}

/** A share of 7 was most likely meant as 7 %. */
const percentHint = (found: string, unit: string): string =>
  (unit === '1' || unit.startsWith('fraction/')) && /^\d+(\.\d+)?$/.test(found) && Number(found) > 1
    ? ` (did you mean "${found} %${unit.replace('fraction', '').replace('1', '')}"?)`
    : '';

/** What a distribution can't go beyond; of one without ends, its mean. */
function bounds(spec: Spec, central: number): [low: number, high: number] {
  switch (spec.is) {
    case 'uniform':
    case 'triangular':
    case 'pert':
      return [spec.min, spec.max];
    case 'discrete': {
      const values = spec.points.map(({ value }) => value);
      return [Math.min(...values), Math.max(...values)];
    }
    case 'empirical':
      return [spec.values[0]!, spec.values.at(-1)!];
    case 'mixture': {
      const parts = spec.parts.map((part) => bounds(part.spec, mean(part.spec)));
      return [Math.min(...parts.map(([low]) => low)), Math.max(...parts.map(([, high]) => high))];
    }
    default:
      return [central, central];
  }
}
