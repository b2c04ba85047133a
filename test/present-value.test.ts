import { describe, expect, it } from 'vitest';
import { discountFactors, npv, xnpv } from '../src/present-value.ts';
import { monthlyRate } from '../src/units.ts';

describe('present value', () => {
  it('of amounts at period ends is that of Excel’s NPV example', () => {
    expect(npv(0.1, [-10_000, 3_000, 4_200, 6_800])).toBeCloseTo(1188.4434123352216, 9);
  });

  const amounts = [-10_000, 2_750, 4_250, 3_250, 2_750];
  const flows = (dates: string[]) => dates.map((date, i) => ({ date, amount: amounts[i]! }));

  it('of dated amounts is that of Excel’s XNPV example, through a leap year', () => {
    const dates = ['2008-01-01', '2008-03-01', '2008-10-30', '2009-02-15', '2009-04-01'];
    expect(xnpv(0.09, flows(dates))).toBeCloseTo(2086.647602031535, 9);
  });

  it('of the same amounts six years later is that of the DAX page', () => {
    const dates = ['2014-01-01', '2014-03-01', '2014-10-30', '2015-02-15', '2015-04-01'];
    expect(xnpv(0.09, flows(dates))).toBeCloseTo(2089.5016, 4);
  });

  it('of nothing is nothing', () => {
    expect(npv(0.1, [])).toBe(0);
    expect(xnpv(0.1, [])).toBe(0);
  });

  it('of a yearly rate takes the effective monthly one: 12 % a year are 0.9489 % a month', () => {
    expect(monthlyRate(0.12)).toBeCloseTo(0.009488792934, 11);
    expect(discountFactors(monthlyRate(0.12), 12).at(-1)).toBeCloseTo(1 / 1.12, 14);
    expect(discountFactors(0.01, 2)).toEqual([1 / 1.01, expect.closeTo(1 / 1.0201, 15)]);
  });
});
