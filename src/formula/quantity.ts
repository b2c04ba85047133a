/**
 * Quantities with units: `120 USD/hour`, `3 days`, `8 %/year`, `2.5 USD/Mtok`.
 *
 * Every name in a quantity has to be a unit of the table below; dimensions are carried as exponents and compared with the
 * unit that the field expects, so that currencies never convert in silence and 3 USDD/hour is an error, not a number.
 * A month has 730 hours, a year 8,760. Effort is a measure of its own: where a field expects working hours, a day is
 * 8 hours of work and a week 40, while per-month and per-year rates keep calendar time.
 */
import { didYouMean } from '../nearest.ts';
import { HOURS_PER_MONTH, HOURS_PER_WEEK, MONTHS_PER_YEAR } from '../units.ts';
import { combine, type Dimension, type Dimensions, type Measure, nameOf, sameDimensions } from './dimensions.ts';
import type { Expr } from './expr.ts';
import { FormulaError, parseFormula } from './parse.ts';
import { slipIn } from './slips.ts';

const unit = (factor: number, dimension?: Dimension): Measure => ({
  factor,
  dimensions: dimension === undefined ? {} : { [dimension]: 1 },
});

const TIME: Record<string, Measure> = {
  ms: unit(1 / 3_600_000, 'hour'),
  s: unit(1 / 3600, 'hour'),
  second: unit(1 / 3600, 'hour'),
  minute: unit(1 / 60, 'hour'),
  hour: unit(1, 'hour'),
  day: unit(24, 'hour'),
  week: unit(HOURS_PER_WEEK, 'hour'),
  month: unit(HOURS_PER_MONTH, 'hour'),
  year: unit(HOURS_PER_MONTH * MONTHS_PER_YEAR, 'hour'),
};

const EFFORT: Record<string, Measure> = {
  work_hour: unit(1, 'work_hour'),
  hour: unit(1, 'work_hour'),
  day: unit(8, 'work_hour'),
  week: unit(40, 'work_hour'),
};

const UNITS: Record<string, Measure> = {
  ...TIME,
  work_hour: unit(1, 'work_hour'),
  USD: unit(1, 'USD'),
  EUR: unit(1, 'EUR'),
  CNY: unit(1, 'CNY'),
  tok: unit(1, 'token'),
  token: unit(1, 'token'),
  ktok: unit(1e3, 'token'),
  Mtok: unit(1e6, 'token'),
  Btok: unit(1e9, 'token'),
  req: unit(1, 'request'),
  request: unit(1, 'request'),
  kreq: unit(1e3, 'request'),
  Mreq: unit(1e6, 'request'),
  KB: unit(1e3, 'byte'),
  MB: unit(1e6, 'byte'),
  GB: unit(1e9, 'byte'),
  Wh: unit(1e-3, 'kWh'),
  kWh: unit(1, 'kWh'),
  MWh: unit(1e3, 'kWh'),
  W: { factor: 1e-3, dimensions: { kWh: 1, hour: -1 } },
  kW: { factor: 1, dimensions: { kWh: 1, hour: -1 } },
  percent: unit(0.01),
  core: unit(1),
  replica: unit(1),
  machine: unit(1),
  model: unit(1),
  incident: unit(1),
  migration: unit(1),
};
const PLURALS = new Set([
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
  'token',
  'request',
  'work_hour',
  'core',
  'replica',
  'machine',
  'model',
  'incident',
  'migration',
]);

/**
 * Reads a quantity and gives its value in the expected unit: parseQuantity('3 days', 'work_hour') is 24.
 * A text without any unit is taken in the expected unit. Throws a FormulaError that names the unknown unit or both units.
 */
export function parseQuantity(text: string, expected: string): number {
  const written = text.replace(/\s+per\s+/g, ' / ');
  try {
    return expected.startsWith('fraction/') ? parseRate(written, expected) : parseMeasure(written, expected);
  } catch (error) {
    const slip = error instanceof FormulaError ? slipIn(text) : undefined;
    throw slip === undefined ? error : new FormulaError(`"${text}": write ${slip}`);
  }
}

function parseMeasure(text: string, expected: string): number {
  const sides = sidesOf(expected);
  const target = measure(parseFormula(expected), sides);
  const found = measure(parseFormula(text.replace(/%/g, ' percent ')), sides);
  if (!hasUnit(text)) return found.factor;
  if (!sameDimensions(found.dimensions, target.dimensions)) {
    throw new FormulaError(`"${text}" ${notIn(found.dimensions, expected)}`);
  }
  return found.factor / target.factor;
}

/** Hours of work and hours of the calendar are shown alike and are not. */
function notIn(found: Dimensions, expected: string): string {
  const [is, wanted] = [inWords(nameOf(found)), inWords(expected)];
  if (is === wanted) return `counts calendar time, expected ${wanted} of work: write it by hour, day or week of work`;
  return `is ${sameDimensions(found, {}) ? '' : 'in '}${is}, expected ${wanted}`;
}

/**
 * A rate of growth or discount, expected as `fraction/month` or `fraction/year`. Given for another period it compounds:
 * 12 %/year is 0.9489 %/month, not 1 %.
 */
function parseRate(text: string, expected: string): number {
  const wanted = expected.replace('fraction/', '');
  const { share = text, period = wanted } = /^(?<share>.+)\/\s*(?<period>[a-z]+)\s*$/i.exec(text)?.groups ?? {};
  const value = parseMeasure(share, '1');
  const unit = period.replace(/s$/, '');
  if (unit === wanted) return value;
  const [from, to] = [TIME[unit], TIME[wanted]];
  if (from === undefined || to === undefined) {
    throw new FormulaError(
      `unknown period "${period}"${didYouMean(period, Object.keys(TIME))}; expected a rate such as 3 %/${wanted}`,
    );
  }
  return (1 + value) ** (to.factor / from.factor) - 1;
}

/** One of a unit as a field or a named input states it: `USD/year`, `work_hour`, `1`, `fraction/month`. */
export function measureOfUnit(text: string): Measure {
  if (text === 'fraction/month' || text === 'fraction/year') return { factor: 1, dimensions: { [text]: 1 } };
  return measure(parseFormula(text), sidesOf(text));
}

/** As people write it: hours of work are hours; a share has no unit. */
export const shownUnit = (unit: string): string =>
  unit === '1' ? '%' : unit.replace('work_hour', 'hour').replace('fraction/', '%/');

/** The unit part of `0.10 USD/hour`. */
export const unitOf = (text: string): string => text.trim().replace(/^[-+]?[0-9.]+(?:e[-+]?[0-9]+)?\s*/i, '');

/** Reads plain numbers of another unit; by one factor where the units are in proportion, as all are but yearly rates. */
export function converter(from: string, to: string): (value: number) => number {
  const convert = (value: number): number => parseQuantity(`${value} ${from}`, to);
  const factor = convert(1);
  const isInProportion = Math.abs(convert(2) / factor - 2) < 1e-12;
  return (value) => (isInProportion ? value * factor : convert(value));
}

/** Whether a quantity names any unit: `0.5` and `1e3` do not, `3 %` does. */
export const hasUnit = (text: string): boolean =>
  /%|[a-zA-Z_]{2,}|[a-zA-Z](?![0-9+-])/.test(text.replace(/[0-9.]e[+-]?[0-9]+/gi, '0'));

/** Where an expected unit means hours of work: above the line, below it, or nowhere. */
interface Sides {
  readonly expected: string;
  readonly isEffortAbove: boolean;
  readonly isEffortBelow: boolean;
}

function sidesOf(expected: string): Sides {
  const [above = '', below = ''] = expected.split('/').map((side) => side.trim());
  return { expected, isEffortAbove: above.includes('work_hour'), isEffortBelow: below.includes('work_hour') };
}

const flipped = ({ expected, isEffortAbove, isEffortBelow }: Sides): Sides => ({
  expected,
  isEffortAbove: isEffortBelow,
  isEffortBelow: isEffortAbove,
});

function measure(expr: Expr, sides: Sides): Measure {
  if ('number' in expr) return { factor: expr.number, dimensions: {} };
  if ('symbol' in expr) return unitNamed(expr.symbol, sides);
  const [a, b] = expr.args.map((arg, i) => measure(arg, expr.op === '/' && i === 1 ? flipped(sides) : sides)) as [
    Measure,
    Measure,
  ];
  switch (expr.op) {
    case '*':
      return { factor: a.factor * b.factor, dimensions: combine(a.dimensions, b.dimensions, 1) };
    case '/':
      return { factor: a.factor / b.factor, dimensions: combine(a.dimensions, b.dimensions, -1) };
    case '+':
    case '-': {
      const isNegation = expr.op === '-' && 'number' in (expr.args[0] as Expr) && a.factor === 0;
      if (!isNegation && !sameDimensions(a.dimensions, b.dimensions)) {
        throw new FormulaError(`adds ${nameOf(a.dimensions)} and ${nameOf(b.dimensions)}`);
      }
      return { factor: expr.op === '+' ? a.factor + b.factor : a.factor - b.factor, dimensions: b.dimensions };
    }
    default:
      throw new FormulaError(`"${expr.op}" is not allowed in a quantity; allowed are + - * /`);
  }
}

function unitNamed(name: string, { expected, isEffortAbove }: Sides): Measure {
  const singular = name.endsWith('s') && PLURALS.has(name.slice(0, -1)) ? name.slice(0, -1) : name;
  const found = (isEffortAbove ? EFFORT[singular] : undefined) ?? UNITS[singular];
  if (found === undefined)
    throw new FormulaError(
      `unknown unit "${name}"${didYouMean(name, [...Object.keys(UNITS), ...[...PLURALS].map((unit) => `${unit}s`)])}; expected ${inWords(expected)}`,
    );
  return found;
}

/** As people write it: hours of work are hours, the field says which are meant. */
const inWords = (unit: string): string => (unit === '1' ? 'a plain number or %' : unit.replace('work_hour', 'hour'));
