import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatorOf } from '../../src/formula/evaluate.ts';
import { parseFormula } from '../../src/formula/parse.ts';
import { Machine } from '../../src/model/machine.ts';
import { Sheet } from '../../src/model/sheet.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';

const NAMES = ['a', 'b', 'c'];
const byClosures = (text: string, values: readonly number[]): number =>
  evaluatorOf(parseFormula(text), (name) => NAMES.indexOf(name))(values);
const byMathjs = (text: string, values: readonly number[]): number =>
  evaluateWithMathjs(text, Object.fromEntries(NAMES.map((name, i) => [name, values[i]!])));
const inputOf = (sheet: Sheet, path: string, central: number) =>
  sheet.input({
    path,
    central,
    unit: '1',
    source: '',
    as_of: undefined,
    spec: { is: 'point', value: central },
    given: true,
  });
function byMachine(text: string, values: readonly number[]): number {
  const sheet = new Sheet(1);
  const inputs = Object.fromEntries(NAMES.map((name, i) => [name, inputOf(sheet, name, values[i]!)]));
  const { ref } = sheet.derive(text, inputs, '1');
  return new Machine(sheet.model).value(ref);
}

const FORMULAS = [
  'a + b - c * 2',
  '-a ^ 2 / b',
  'a ^ b ^ 2',
  'pow(a, 2) - sqrt(abs(b))',
  'max(a, b, c) - min(a, b)',
  'ceil(a) + floor(b) + exp(c / 10) + log(1 + abs(a))',
  '(a > b) * c + (a <= b) * -c',
  '(a >= 2) + (a < 2) + (a == b) + (a != b)',
  'round(abs(a) * 3)',
];

describe('a formula is worth the same to closures, to the model and to mathjs:', () => {
  it.each(FORMULAS)('%s', (text) => {
    const value = fc.integer({ min: -40, max: 40 }).map((n) => n / 8);
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        fc.pre(b !== 0);
        const found = byClosures(text, [a, b, c]);
        expect(byMachine(text, [a, b, c]) === found || Number.isNaN(found)).toBe(true);
        const expected = byMathjs(text, [a, b, c]);
        if (Number.isFinite(expected)) expect(found).toBeCloseTo(expected, 9);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('but for halves below 0, which round goes up from', () => {
    expect(byClosures('round(a)', [2.5])).toBe(3);
    expect(byClosures('round(a)', [-2.5])).toBe(-2);
    expect(byMathjs('round(a)', [-2.5])).toBe(-3);
  });
});
