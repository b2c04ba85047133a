import { describe, expect, it } from 'vitest';
import { warnOfFewDraws } from '../../src/decision/enough-draws.ts';
import { column, combine, normalColumn } from './columns.ts';

const abouts = (found: ReturnType<typeof warnOfFewDraws>): string[] => found.map(({ about }) => about);
const of = (...costs: Float64Array[]) => ({ ids: ['a', 'b', 'c'].slice(0, costs.length), costs });

describe('a warning of too few draws', () => {
  it('says nothing where the draws settle everything that is said', () => {
    const a = normalColumn(20_000, 100, 10, 'a');
    expect(
      warnOfFewDraws(
        of(
          a,
          a.map((cost) => cost + 5),
        ),
      ),
    ).toEqual([]);
  });

  it('tells which two are not told apart on average, and how many draws would', () => {
    // Differences -3, 1, -3, 1, ...: mean -1, se sqrt(4 n / (n - 1) / n), so 1.96 se < 1 from about 15.4 draws on.
    const steps = Float64Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -3 : 1));
    const base = new Float64Array(10).fill(1000);
    const found = warnOfFewDraws(
      of(
        combine((x, y) => x + y, base, steps),
        base,
      ),
      { fraction_precision: 0.5 },
    );
    const [first] = found;
    expect(first).toMatchObject({ about: 'mean_difference', strategies: ['a', 'b'], value: 1, draws: 10 });
    expect(first!.se).toBeCloseTo(2 / 3, 12);
    expect(first!.needed_draws).toBe(Math.ceil(10 * (1.959963984540054 * (2 / 3)) ** 2));
    expect(first!.message).toContain('a is cheaper than b by 1 on average');
    const more = Float64Array.from({ length: 20 }, (_, i) => 1000 + steps[i % 10]!);
    expect(
      abouts(warnOfFewDraws(of(more, new Float64Array(20).fill(1000)), { fraction_precision: 0.5 })),
    ).not.toContain('mean_difference');
  });

  it('a difference of exactly 0 on average has no number of draws that tells it apart', () => {
    const found = warnOfFewDraws(of(column(1, 3, 1, 3), column(3, 1, 3, 1)), { fraction_precision: 0.5 });
    expect(found[0]).toMatchObject({ about: 'mean_difference', value: 0, needed_draws: null });
    expect(found[0]!.message).toContain('no number of draws');
  });

  it('a strategy and its copy are a tie, which no draws change', () => {
    const a = normalColumn(20_000, 100, 1, 'a');
    expect(warnOfFewDraws(of(a, a.slice()))).toEqual([]);
  });

  it('strategies that tie in some draws alone are still to be told apart', () => {
    const found = warnOfFewDraws(of(column(1, 1, 3, 2), column(1, 1, 2, 3.5)), { fraction_precision: 1 });
    expect(found[0]).toMatchObject({ about: 'mean_difference', strategies: ['a', 'b'], value: 0.125 });
  });

  it('tells a share of cheapest that is not known to a percentage point: 400 draws at a half, 2,500 needed', () => {
    const a = Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 0 : 10));
    const found = warnOfFewDraws(of(a, new Float64Array(400).fill(6))).find((one) => one.about === 'cheapest_fraction');
    expect(found).toMatchObject({ strategies: ['a'], value: 0.5, se: 0.025, needed_draws: 2_500 });
  });

  it('a share of 1 in 100 draws is not known to be 1: it may be 0.97', () => {
    const [a, b] = [new Float64Array(100).fill(1), new Float64Array(100).fill(2)];
    const found = warnOfFewDraws(of(a, b)).find((one) => one.about === 'cheapest_fraction');
    expect(found).toMatchObject({ value: 1, se: 0, needed_draws: 300 });
    expect(found!.message).toContain('0.97');
  });

  it('tells the two between which being most often cheapest is not settled', () => {
    const a = Float64Array.from({ length: 1000 }, (_, i) => (i % 100 < 51 ? 0 : 10));
    const found = warnOfFewDraws(of(a, new Float64Array(1000).fill(6))).find(
      (one) => one.about === 'most_often_cheapest',
    );
    expect(found).toMatchObject({ strategies: ['a', 'b'], value: expect.closeTo(0.02, 12) });
    expect(found!.se).toBeCloseTo(Math.sqrt((1 - 0.0004) / 1000), 12);
    expect(found!.needed_draws).toBeGreaterThan(9_000);
  });

  it('tells a mean of the dearest 5 % that rests on few draws or is loose', () => {
    const few = normalColumn(100, 100, 1, 'few');
    const loose = normalColumn(1000, 0, 2, 'heavy').map((z) => Math.exp(z));
    const [one] = warnOfFewDraws(of(few)).filter(({ about }) => about === 'cvar');
    expect(one).toMatchObject({ strategies: ['a'], draws: 100, needed_draws: 400 });
    const [other] = warnOfFewDraws(of(loose)).filter(({ about }) => about === 'cvar');
    expect(other!.se / other!.value).toBeGreaterThan(0.05);
    expect(other!.needed_draws).toBeGreaterThan(1000);
  });
});
