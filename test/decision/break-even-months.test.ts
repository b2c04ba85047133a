import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakEvenMonths } from '../../src/decision/break-even-months.ts';

/** One column per month from one curve per draw. */
const byMonth = (...curves: number[][]): Float64Array[] =>
  curves[0]!.map((_, month) => Float64Array.from(curves, (curve) => curve[month]!));
const months = (count: number, cost: (month: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => cost(i + 1));

/** 20,000 to build and 1,500 a month against 5.5 % of a bill of 50,000 that falls by a share each month. */
const own = (n: number): number => 20_000 + 1_500 * n;
const fee =
  (fall: number) =>
  (n: number): number =>
    50_000 * 0.055 * (fall === 0 ? n : (1 - (1 - fall) ** n) / fall);

describe('the month from which a strategy is cheaper', () => {
  it('is 17 where costs are equal at the end of month 16', () => {
    const found = breakEvenMonths(
      byMonth(months(36, own), months(36, own)),
      byMonth(months(36, fee(0)), months(36, fee(0))),
    );
    expect(found.for_good).toMatchObject({
      never_fraction: 0,
      from_start_fraction: 0,
      p5_month: 17,
      p50_month: 17,
      p95_month: 17,
    });
    expect(found.for_good.fraction_by_month[16]).toBe(1);
    expect(found.first_crossing.p50_month).toBe(17);
    expect(found.lost_again_fraction).toBe(0);
  });

  it('prices that fall by 5, 2 and 1 % a month: never, never, and from month 20 to 108', () => {
    const curves = [0.05, 0.02, 0.01];
    const at = (horizon: number) =>
      breakEvenMonths(
        byMonth(...curves.map(() => months(horizon, own))),
        byMonth(...curves.map((fall) => months(horizon, fee(fall)))),
      );
    const short = at(100);
    expect(short.for_good.never_fraction).toBeCloseTo(2 / 3, 15);
    expect(short.for_good.fraction_by_month.findIndex((share) => share > 0) + 1).toBe(20);
    expect(short.for_good.p50_month).toBe(Number.POSITIVE_INFINITY);
    expect(short.for_good.p5_month).toBe(20);
    const long = at(120);
    expect(long.for_good.never_fraction).toBe(1);
    expect(long.first_crossing.fraction_by_month[19]).toBeCloseTo(1 / 3, 15);
    expect(long.lost_again_fraction).toBeCloseTo(1 / 3, 15);
    expect(at(108).lost_again_fraction).toBe(0);
    expect(at(109).lost_again_fraction).toBeCloseTo(1 / 3, 15);
  });

  it('cheaper from the start is an outcome of its own, lost or not', () => {
    const found = breakEvenMonths(
      byMonth([1, 2, 3], [1, 9, 9], [1, 9, 9], [9, 9, 9]),
      byMonth([2, 4, 6], [2, 4, 6], [2, 9, 10], [9, 9, 9]),
    );
    expect(found.for_good).toMatchObject({ from_start_fraction: 0.25, never_fraction: 0.5, later_fraction: 0.25 });
    expect(found.first_crossing).toMatchObject({ from_start_fraction: 0.75, never_fraction: 0.25 });
    expect(found.for_good.fraction_by_month).toEqual(Float64Array.of(0.25, 0, 0.25));
    expect(found.lost_again_fraction).toBe(0.25);
  });

  it('a quantile is the first month that this share of the draws has reached', () => {
    const found = breakEvenMonths(byMonth([9, 9, 1], [9, 9, 9]), byMonth([5, 5, 5], [5, 5, 5]));
    expect(found.for_good).toMatchObject({ p5_month: 3, p50_month: 3, p95_month: Number.POSITIVE_INFINITY });
  });

  it('of a strategy and its copy never comes', () => {
    const curve = byMonth([1, 2], [3, 4]);
    expect(breakEvenMonths(curve, curve)).toMatchObject({
      for_good: { never_fraction: 1, p5_month: Number.POSITIVE_INFINITY },
      first_crossing: { never_fraction: 1 },
    });
  });

  it('crosses no later than it stays, and the outcomes add up to 1', () => {
    const curve = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(curve, curve), { minLength: 2, maxLength: 10 }), (worlds) => {
        const found = breakEvenMonths(byMonth(...worlds.map(([a]) => a)), byMonth(...worlds.map(([, b]) => b)));
        for (const one of [found.for_good, found.first_crossing]) {
          expect(one.from_start_fraction + one.later_fraction + one.never_fraction).toBeCloseTo(1, 12);
          expect(one.fraction_by_month.reduce((a, b) => a + b, one.never_fraction)).toBeCloseTo(1, 12);
        }
        expect(found.first_crossing.p50_month).toBeLessThanOrEqual(found.for_good.p50_month);
        const stays = ([a, b]: [number[], number[]]): boolean => a.at(-1)! < b.at(-1)!;
        expect(1 - found.for_good.never_fraction).toBeCloseTo(worlds.filter(stays).length / worlds.length, 12);
      }),
    );
  });
});
