import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/formula/dimensions.ts';
import { dimensionsOf } from '../../src/formula/formula-units.ts';
import { FormulaError, parseFormula } from '../../src/formula/parse.ts';
import { measureOfUnit } from '../../src/formula/quantity.ts';

const UNITS: Record<string, string> = {
  salary: 'USD/year',
  budget: 'USD/month',
  work: 'work_hour/year',
  team: '1',
  growth: 'fraction/month',
  yearly: 'fraction/year',
  area: 'USD*USD',
};
const unitOf = (text: string): string =>
  nameOf(dimensionsOf(parseFormula(text), (name) => measureOfUnit(UNITS[name]!)));

describe('the unit of a formula', () => {
  it.each([
    ['salary / work', 'USD/work_hour'],
    ['salary * team + budget', 'USD/hour'],
    ['-salary', 'USD/hour'],
    ['max(0, salary - budget)', 'USD/hour'],
    ['min(salary, budget) * (team > 5)', 'USD/hour'],
    ['salary / budget', 'a plain number'],
    ['ceil(salary / budget)', 'a plain number'],
    ['round(team / 8)', 'a plain number'],
    ['exp(team) + 2 ^ team', 'a plain number'],
    ['sqrt(area)', 'USD'],
    ['area ^ 2 / pow(area, 1.5)', 'USD'],
    ['salary ^ -1', 'hour/USD'],
    ['abs(salary)', 'USD/hour'],
    ['salary > 0', 'a plain number'],
    ['2 * growth', 'fraction/month'],
  ])('%s is in %s', (text, unit) => {
    expect(unitOf(text)).toBe(unit);
  });

  it.each([
    ['salary + team', 'adds USD/hour and a plain number'],
    ['salary - work', 'subtracts USD/hour and work_hour/hour'],
    ['max(salary, 5)', 'takes the greatest of USD/hour and a plain number'],
    ['min(1, salary)', 'takes the least of a plain number and USD/hour'],
    ['salary < work', 'compares USD/hour and work_hour/hour'],
    ['growth + yearly', 'adds fraction/month and fraction/year'],
    ['ceil(salary)', 'takes ceil of USD/hour; it takes a plain number, such as a ratio'],
    ['round(salary)', 'takes round of USD/hour; it takes a plain number, such as a ratio'],
    ['exp(salary)', 'takes exp of USD/hour; it takes a plain number, such as a ratio'],
    ['2 ^ salary', 'raises to a power in USD/hour; a power is a plain number'],
    ['salary ^ team', 'raises USD/hour to a power that is no fixed number; its unit would vary'],
  ])('%s has none', (text, message) => {
    expect(() => unitOf(text)).toThrow(FormulaError);
    expect(() => unitOf(text)).toThrow(message);
  });
});
