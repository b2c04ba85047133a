/**
 * Numbers, quantities and intervals as texts: `3 days`, `2 to 5 USD`, `-10 to 40 ms normal`. An interval holds 90 %; it is
 * log-normal, logit-normal where the field is a share, or normal where it says so. Gives values in the field's unit.
 */
import type { Spec } from '../distribution.ts';
import type { Limits } from '../formula/limits.ts';
import { FormulaError } from '../formula/parse.ts';
import { hasUnit, parseQuantity, shownUnit, unitOf } from '../formula/quantity.ts';

export const describe = (unit: string): string =>
  `a number, a quantity ("3 ${shownUnit(unit)}"), an interval ("2 to 5 ${shownUnit(unit)}") or a distribution`;

const INTERVAL = /^(?<low>.+?)\s+to\s+(?<high>.+?)(?:\s+(?<family>normal|lognormal))?$/;

export function readText(text: string, unit: string, limits: Limits): Spec {
  const interval = INTERVAL.exec(text.trim())?.groups;
  if (interval === undefined) return { is: 'point', value: one(text, unit) };
  const { low = '', high = '', family } = interval;
  const highValue = one(high, unit);
  const lowValue = hasUnit(low) || !hasUnit(high) ? one(low, unit) : one(`${low} ${unitOf(high)}`, unit);
  if (family === 'normal') return { is: 'normal', ...ordered(lowValue, highValue) };
  if (limits.max === 1 && family === undefined) return share(lowValue, highValue, text);
  return logNormal(lowValue, highValue);
}

export const isFormula = (value: unknown): boolean => typeof value === 'string' && /^\s*=/.test(value);

export function one(text: string, unit: string): number {
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

export function finite(value: number, found: unknown): number {
  if (!Number.isFinite(value)) throw new FormulaError(`${String(found)} is not a finite number`);
  return value;
}

export function ordered(low: number, high: number): { p5: number; p95: number } {
  if (low === high) throw new FormulaError(`the interval runs from ${low} to ${high} and has no spread; write ${low}`);
  if (low > high) throw new FormulaError(`the interval runs from ${low} to ${high}; the lower bound comes first`);
  return { p5: low, p95: high };
}

/** Distributions that have ends, for an interval whose ends are meant. */
const bounded = (low: number, high: number): string =>
  `{dist: uniform, min: ${low}, max: ${high}} or {dist: pert, min: ${low}, mode: …, max: ${high}}`;

export function logNormal(low: number, high: number): Spec {
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
