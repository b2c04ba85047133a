/**
 * The contract of `inputs:`: numbers with names of their own, which formulas of the scenario read.
 *
 *   team: 6                                    a plain number
 *   salary: 120000 to 160000 USD/year          its unit is the one that is written
 *   overhead: {dist: pert, min: 1.3, mode: 1.42, max: 1.6}
 *   work_hours: {value: 1800 to 2080, unit: work_hour/year, source: …, as_of: 2026-11-01}
 *   rate: {formula: salary * overhead / work_hours, unit: USD/work_hour}
 *
 * Units are stated because nothing else says what an input is in: it is no field with a unit of its own. Amounts of money
 * in EUR or CNY become dollars as all amounts do. Formulas are read here and resolved by resolve-formulas.ts.
 */
import * as z from 'zod';
import { type Amount, type Limits, readAmount } from '../amount.ts';
import { NAME_PATTERN } from '../formula/expr.ts';
import { FormulaError } from '../formula/parse.ts';
import { hasUnit, measureOfUnit, unitOf } from '../formula/quantity.ts';
import { didYouMean } from '../nearest.ts';

type Written = number | string | Record<string, unknown>;

/** Words that formulas use themselves. */
const WORDS = new Set(
  'abs and ceil constructor end exp false floor if in log max min mod not null or pow round sqrt to true undefined xor'.split(
    ' ',
  ),
);
const KEYS = ['value', 'formula', 'unit', 'source', 'as_of'];
const NO_LIMITS: Limits = {};

const name = z
  .string()
  .regex(NAME_PATTERN, 'a name has lower-case letters, digits and underscores, starting with a letter')
  .refine((text) => !WORDS.has(text), 'a word of formulas can be no name of an input');

const namedInput = z
  .union([z.number(), z.string(), z.record(z.string(), z.unknown())], {
    error: () =>
      'expected a number, a quantity ("3 days"), an interval ("2 to 5 USD"), a distribution, a formula ("= a * b") or {value, unit, source, as_of}',
  })
  .transform((input, context): Amount => {
    try {
      return readInput(input);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      context.addIssue({ code: 'custom', message: error.message, input });
      return z.NEVER;
    }
  });

export const namedInputs = z
  .record(name, namedInput)
  .describe(
    'Numbers with names, which formulas read: 6, "120000 to 160000 USD/year", {value, unit, source, as_of} or {formula, unit, source, as_of}',
  );

function readInput(input: Written): Amount {
  if (typeof input !== 'object') return readIn(unitIn(input), input);
  const { unit, ...rest } = input;
  if (unit !== undefined && typeof unit !== 'string') throw new FormulaError('unit: expected a text such as USD/year');
  if ('dist' in rest || 'empirical' in rest) return readIn(unit ?? '1', rest);
  const wrong = Object.keys(rest).find((key) => !KEYS.includes(key));
  if (wrong !== undefined)
    throw new FormulaError(`unknown key "${wrong}"${didYouMean(wrong, KEYS, 1)}; allowed are ${KEYS.join(', ')}`);
  const { value, source, as_of } = rest;
  if ('value' in rest === 'formula' in rest) throw new FormulaError('needs either value or formula');
  if (typeof value !== 'object' || value === null) return readIn(unit ?? unitIn(value), rest);
  const said = Object.fromEntries(Object.entries({ source, as_of }).filter(([, text]) => text !== undefined));
  return readIn(unit ?? '1', { ...value, ...said });
}

/** In dollars, wherever the unit is one of money. */
function readIn(unit: string, input: Written): Amount {
  const currencies = [...new Set(unit.match(/\b(USD|EUR|CNY)\b/g))];
  if (currencies.length > 1)
    throw new FormulaError(`the unit "${unit}" has two currencies; amounts in EUR and CNY are converted by themselves`);
  checkUnit(unit);
  const [currency] = currencies;
  if (currency === undefined || currency === 'USD') return readAmount(input, unit, NO_LIMITS);
  const { formula, ...amount } = readAmount(input, unit, NO_LIMITS);
  if (formula !== undefined)
    throw new FormulaError(`a formula gives dollars; write the unit "${unit.replace(currency, 'USD')}"`);
  return { ...amount, unit: unit.replace(currency, 'USD'), currency };
}

function checkUnit(unit: string): void {
  try {
    measureOfUnit(unit);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const message = error.message.replace(/; expected .*$/, '');
    throw new FormulaError(`unit "${unit}": ${message}; expected a unit such as USD/year, work_hour, request or 1`);
  }
}

/** The unit that a text is written in; of an interval, that of a bound which has one. */
function unitIn(written: unknown): string {
  if (typeof written !== 'string' || /^\s*=/.test(written)) return '1';
  const [low = '', high] = written.replace(/\s+(normal|lognormal)\s*$/, '').split(/\s+to\s+/);
  const text = [high, low].find((side) => side !== undefined && hasUnit(side));
  if (text === undefined) return '1';
  const unit = unitOf(text).trim();
  if (unit.startsWith('%')) return unit.replace(/^%\s*/, '') === '' ? '1' : unit.replace(/^%\s*/, 'fraction');
  if (/^[A-Za-z_]+(\s*[*/]\s*[A-Za-z_]+)*$/.test(unit)) return unit;
  throw new FormulaError(`"${written}" does not begin with a number and its unit; write {value: …, unit: USD/year}`);
}
