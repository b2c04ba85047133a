import { describe, expect, test } from 'vitest';
import {
  age,
  ageAtStart,
  calendarMonth,
  listed,
  monthName,
  monthPoint,
  number,
  plural,
  quantity,
  roughly,
  share,
  usd,
  usdDifference,
} from '../../src/report/format.ts';

describe('money', () => {
  test.each([
    [0, '$0'],
    [-0, '$0'],
    [0.0042, '$0.0042'],
    [0.004999, '$0.0050'],
    [0.05, '$0.05'],
    [12, '$12.00'],
    [99.994, '$99.99'],
    [99.996, '$100'],
    [1234.5, '$1,235'],
    [1234567.4, '$1,234,567'],
    [-12.3, '−$12.30'],
    [-1e-9, '−$1.0e-9'],
  ])('%d is %s', (value, text) => {
    expect(usd(value)).toBe(text);
  });

  test('what is unknown is never a number', () => {
    expect(usd(null)).toBe('unpriced');
    expect(usdDifference(null)).toBe('unpriced');
  });

  test('a difference carries its sign, and zero has none', () => {
    expect([5000, -5000, 0].map(usdDifference)).toEqual(['+$5,000', '−$5,000', '$0']);
  });
});

describe('numbers', () => {
  test.each([
    [1234567, '1,234,567'],
    [0.123456, '0.1235'],
    [12.3456, '12.35'],
    [1234.56, '1,235'],
    [0.000003, '0.000003'],
    [-7.5, '−7.5'],
    [100, '100'],
  ])('%d is %s', (value, text) => {
    expect(number(value)).toBe(text);
  });

  test('labels keep three significant digits', () => {
    expect(roughly(2605978)).toBe('2,610,000');
  });

  test.each([
    [0.055, '5.5%'],
    [0.07, '7%'],
    [1, '100%'],
    [-0.021, '−2.1%'],
  ])('the share %d is %s', (value, text) => {
    expect(share(value)).toBe(text);
  });

  test.each([
    [85, 'USD/hour', '$85/hour'],
    [92.5, 'USD/hour', '$92.50/hour'],
    [0.075, 'USD/Mtok', '$0.075/Mtok'],
    [0.04, 'fraction', '4%'],
    [0.3, '1', '30%'],
    [1.2, '1', '1.2'],
    [0.04, 'fraction/month', '4%/month'],
    [2, '1/year', '2 per year'],
    [0.5, '1/year', '0.5 per year'],
    [1200, 'requests/month', '1,200 requests/month'],
    [5000, 'USD', '$5,000'],
  ])('%d in %s is %s', (value, unit, text) => {
    expect(quantity(value, unit)).toBe(text);
  });
});

describe('time and lists', () => {
  test('months have names, over the turn of a year too', () => {
    expect(monthName('2026-12')).toBe('Dec 2026');
    expect(calendarMonth('2026-12', 14)).toBe('Feb 2028');
    expect(monthName('<b>')).toBe('<b>');
  });

  test('a point in time falls into the calendar month that it is in', () => {
    expect(monthPoint('2026-12', 14.23)).toBe('month 14.2 (Feb 2028)');
    expect(monthPoint('2026-12', 1)).toBe('month 1 (Dec 2026)');
  });

  test('ages are days, then months, then years', () => {
    expect([30, -3].map(ageAtStart)).toEqual(['30 days old at the start', '3 days after the start']);
    expect([1, 12, 412, 800, -3].map(age)).toEqual([
      '1 day',
      '12 days',
      '14 months',
      '2.2 years',
      '3 days after the start',
    ]);
  });

  test('words are joined as people join them', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect([plural(1, 'month'), plural(1200, 'request')]).toEqual(['1 month', '1,200 requests']);
  });
});
