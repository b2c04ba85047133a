import { describe, expect, it } from 'vitest';
import { fieldText, shownUnit, typedValue } from '../../src/page/typed-value.ts';

describe('what people type into a field', () => {
  it.each([
    ['150', 'USD/work_hour', 150],
    ['150 USD/hour', 'USD/work_hour', 150],
    ['$150/h', 'USD/work_hour', 150],
    ['150 usd/h', 'USD/work_hour', 150],
    ['20k', 'request/month', 20_000],
    ['1.2M requests', 'request/month', 1_200_000],
    ['20,000', 'request/month', 20_000],
    ['1 200 000.5', 'request/month', 1_200_000.5],
    ['1200000', 'request/month', 1_200_000],
    ['2e4', 'request/month', 20_000],
    ['5.5', 'fraction', 0.055],
    ['5.5 %', 'fraction', 0.055],
    ['5.5%', 'fraction/month', 0.055],
    ['\u22122 %/month', 'fraction/month', -0.02],
    ['.5', '1', 0.5],
    ['$0.40', 'USD/request', 0.4],
    ['3 m', 'request/month', 3_000_000],
    ['2', '1/year', 2],
    ['40 hours', 'hour', 40],
    ['2 per year', '1/year', 2],
  ])('reads %s in %s', (text, unit, value) => {
    expect(typedValue(text, unit)).toEqual({ value });
  });

  it.each([
    ['', 'USD/work_hour'],
    ['many', 'request/month'],
    ['150 EUR', 'USD/work_hour'],
    ['5 %', 'USD/work_hour'],
    ['1.2.3', 'request/month'],
    ['5 months', 'request/month'],
    ['--5', '1'],
    ['92,5', 'USD/work_hour'],
    ['1,20,000', 'request/month'],
    ['1e999', '1'],
  ])('says what is wrong with "%s" in %s', (text, unit) => {
    expect(typedValue(text, unit)).toHaveProperty('problem');
  });

  it('shows what it reads', () => {
    for (const [value, unit] of [
      [0.055, 'fraction'],
      [1_234_567, 'request/month'],
      [0.0004, 'USD/request'],
      [-0.02, 'fraction/month'],
      [85, 'USD/work_hour'],
    ] as const)
      expect(typedValue(fieldText(value, unit), unit)).toEqual({ value });
  });

  it('names the unit that stands behind the field', () => {
    expect(['fraction', 'fraction/month', '1/year', 'USD/work_hour', '1'].map((unit) => shownUnit(unit).text)).toEqual([
      '%',
      '%/month',
      'per year',
      'USD/hour',
      '',
    ]);
  });
});
