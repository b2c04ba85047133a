import { expect, test } from 'vitest';
import { readAmount } from '../../src/amount.ts';
import { parseQuantity } from '../../src/formula/quantity.ts';
import { slipIn } from '../../src/formula/slips.ts';

test.each([
  ['50k', '50000'],
  ['1.5 M', '1500000'],
  ['1.000.000', '1000000, without separators'],
  ['1,000,000 request/month', '1000000, without separators'],
  ["1'000'000", '1000000, without separators'],
  ['1_000', '1000, without separators'],
  ['12,5 USD', '12.5, with a point'],
  ['$100/hour', 'USD behind the number instead of $'],
  ['90 €/hour', 'EUR behind the number instead of €'],
])('%s is answered with what to write', (text, instead) => {
  expect(slipIn(text)).toBe(instead);
  expect(() => parseQuantity(text, 'request/month')).toThrow(`write ${instead}`);
});

test('what is no such slip keeps its own message', () => {
  expect(slipIn('5 parsecs')).toBeUndefined();
  expect(() => parseQuantity('5 parsecs', 'USD')).toThrow(/^unknown unit "parsecs"/);
});

test('a number with a point and three digits is read as it stands', () => {
  expect(parseQuantity('1.000', 'request/month')).toBe(1);
});

test('per reads as a stroke, in quantities, rates and intervals', () => {
  expect(parseQuantity('120 USD per hour', 'USD/work_hour')).toBe(120);
  expect(parseQuantity('3 % per month', 'fraction/month')).toBe(0.03);
  expect(parseQuantity('12 % per year', 'fraction/month')).toBeCloseTo(1.12 ** (1 / 12) - 1, 15);
  expect(readAmount('70 to 120 USD per hour', 'USD/work_hour', { min: 0 }).spec).toEqual({
    is: 'lognormal',
    p5: 70,
    p95: 120,
  });
});

test('money by the calendar where money for work is wanted is not said to be in the unit that is wanted', () => {
  expect(() => parseQuantity('9000 USD/month', 'USD/work_hour')).toThrow(
    '"9000 USD/month" counts calendar time, expected USD/hour of work: write it by hour, day or week of work',
  );
  expect(() => parseQuantity('2 %', 'USD')).toThrow('"2 %" is a plain number, expected USD');
});

test('limits of a rate are told in the unit in which rates are written', () => {
  expect(() => readAmount('900 %/month', 'fraction/month', { min: -0.99, max: 2 })).toThrow(
    '900 %/month is out of range; allowed is between -99 and 200 %/month',
  );
  expect(() => readAmount(5, 'fraction/month', { min: -0.99, max: 2 })).toThrow('(did you mean "5 %/month"?)');
});
