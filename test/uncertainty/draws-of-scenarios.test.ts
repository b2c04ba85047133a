import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { uncertainty as contract } from '../../src/report/uncertainty-contract.ts';
import { book, type Input, managed, monthly, of, run } from '../costs/fixture.ts';
import { reportOf } from '../report-of.ts';
import { costs, drawn, mean, reported, sd, sure } from './drawn.ts';

const direct = { id: 'direct', kind: 'direct' };
const copy = { ...direct, id: 'copy' };
/** Hours of many kinds at one rate: costs are a sum. */
const hours: Input = {
  engineering: { loaded_rate: 100 },
  needs: { fallback: 'required', budgets: 'required', dashboards: 'required' },
};
const both = { strategies: [direct, managed('able')] };
const months = { horizon: 12, traffic: monthly(50_000, 0.02) };
/** Everything is a number: hours are uncertain and cost nothing. */
const free = { ...both, ...months, needs: hours.needs };

describe('draws', () => {
  it('give a strategy and its copy the same cost in every draw', () => {
    const found = sure({ ...hours, ...months, strategies: [direct, copy] }, { draws: 200 });
    const [difference] = found.differences;
    expect(difference?.npv).toMatchObject({ mean: 0, se: 0, p5: 0, p95: 0, tie_fraction: 1, a_cheaper_fraction: 0 });
    expect(Object.values(difference!.by_month).flat()).toEqual(new Array(36).fill(0));
    expect(found.strategies.map(({ standing }) => [standing.sole_fraction, standing.tied_fraction])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(found.strategies[0]!.npv.se).toBeGreaterThan(0);
    expect(found.break_even_months[0]?.first_crossing.never_fraction).toBe(1);
    expect(found.perfect_information?.value).toBe(0);
  });

  it('of what costs nothing average to what single numbers say', () => {
    const evaluation = drawn({ ...free, outages: { from: 'history' } }, { draws: 150, incidents: 'expected' });
    const { strategies, varied } = evaluation.uncertainty!;
    expect(varied).toBeGreaterThan(0);
    for (const { id, npv, cash } of strategies) {
      const { npv_usd, cash_npv_usd } = of(evaluation, id);
      expect(Math.abs(npv.mean / npv_usd - 1)).toBeLessThan(1e-9);
      expect(Math.abs(cash.mean / cash_npv_usd - 1)).toBeLessThan(1e-9);
      expect(npv.p95).toBe(npv.p5);
    }
  });

  it('are not made where nothing is uncertain, or none are asked for', () => {
    const adapter = { build: 3, upkeep: 0, learning: 0.9 };
    const points = { ...months, engineering: { loaded_rate: 0, adapter } };
    expect(drawn(points, { draws: 200 }).uncertainty).toBeUndefined();
    expect(reported(drawn(points, { draws: 200 }))).toBeUndefined();
    const uncertain = { ...points, engineering: { loaded_rate: 0, adapter: { ...adapter, build: '3 to 4 hours' } } };
    expect(drawn(uncertain, { draws: 200 }).uncertainty?.varied).toBe(1);
    expect(drawn(uncertain, {}).uncertainty).toBeUndefined();
    expect(drawn(uncertain, { draws: 0 }).uncertainty).toBeUndefined();
  });

  it('err by 1 / sqrt n where they are plain, and at least 10 times less in a Latin hypercube of a sum', () => {
    const evaluation = run({ ...hours, ...months });
    const spread = (method: 'plain' | 'latin-hypercube', draws: number): number =>
      sd(Array.from({ length: 60 }, (_, seed) => mean(costs(evaluation, { method, draws, seed }).npv_usd[0]!)));
    const [few, many] = [spread('plain', 100), spread('plain', 1600)];
    // The ratio of two standard deviations of 60 values each: 4 with a relative error of 0.13.
    expect(few / many).toBeGreaterThan(2.6);
    expect(few / many).toBeLessThan(6);
    expect(many / spread('latin-hypercube', 1600)).toBeGreaterThan(10);
  });

  it('of the same seed are the same bytes, of another seed nearly the same median', () => {
    const own = { ...hours, ...months, ...both, outages: { from: 'history' }, value: { per_request: 0.05 } };
    const report = (seed: number) => reportOf(drawn({ ...own, seed }, { draws: 1000, sobol: 64 }), book);
    expect(renderJson(report(1))).toBe(renderJson(report(1)));
    const [one, other] = [report(1), report(2)].map(({ uncertainty }) => uncertainty!);
    one!.strategies.forEach(({ npv_usd }, i) => {
      const again = other!.strategies[i]!.npv_usd;
      expect(again.p50).not.toBe(npv_usd.p50);
      // The median of a normal sample errs sqrt(pi / 2) times as much as its mean.
      expect(Math.abs(again.p50 - npv_usd.p50)).toBeLessThan(
        4 * Math.sqrt(Math.PI / 2) * Math.hypot(npv_usd.se, again.se),
      );
    });
  });

  it('come in the shape of report.json', () => {
    const evaluation = drawn(
      { ...hours, ...months, strategies: [direct, managed('able'), managed('toll')] },
      { draws: 300, sobol: 64 },
    );
    const found = reported(evaluation);
    expect(contract.parse(found)).toEqual(found);
    expect(found).toMatchObject({ draws: 300, method: 'latin_hypercube', seed: 1, incidents: 'expected' });
    expect(found?.strategies.map(({ id }) => id)).toEqual(['direct', 'able', 'toll']);
    expect(found?.differences.map(({ strategy, versus }) => [strategy, versus])).toEqual([
      ['able', 'direct'],
      ['toll', 'direct'],
    ]);
    expect(found?.sobol).toMatchObject({ strategy: 'able', versus: 'direct', base_draws: 64 });
    expect(found?.tornado).toMatchObject({ strategy: 'able', versus: 'direct' });
  });

  it('measure a baseline that is recommended by the next best', () => {
    const found = sure(
      { ...hours, ...months, baseline: 'toll', strategies: [direct, managed('toll')] },
      { draws: 200 },
    );
    expect(found.best).toBe('toll');
    expect(found.differences.map(({ strategy, versus }) => [strategy, versus])).toEqual([
      ['toll', 'direct'],
      ['direct', 'toll'],
    ]);
    const [there, back] = found.differences;
    expect(there!.npv.mean).toBeCloseTo(-back!.npv.mean, 9);
    expect(found.tornado).toMatchObject({ strategy: 'toll', versus: 'direct' });
  });

  it('leave out what is not ranked: excluded, or come to one of its phases', () => {
    const phased = { id: 'later', kind: 'phased', phases: [{ via: 'toll', for: 'best' }, { via: 'direct' }] };
    const evaluation = drawn(
      {
        ...hours,
        ...months,
        strategies: [direct, managed('toll'), managed('gift'), phased],
        gateways: { gift: { data_residency: ['us'] } },
        constraints: { data_residency: ['eu'] },
      },
      { draws: 200 },
    );
    expect(of(evaluation, 'later').comes_to).toBe('toll');
    expect(of(evaluation, 'gift').excluded).toBeDefined();
    expect(evaluation.uncertainty?.strategies.map(({ id }) => id)).toEqual(['direct', 'toll']);
  });

  it('that are too few for what they say are told', () => {
    const codes = (draws: number) =>
      drawn(
        { ...hours, ...months, strategies: [direct, managed('able')], gateways: { able: { downtime: 0 } } },
        { draws },
      )
        .diagnostics.filter(({ code }) => code === 'FEW_DRAWS')
        .map(({ path }) => path);
    expect(codes(100).length).toBeGreaterThan(0);
    expect(codes(2000)).toEqual([]);
  });
});
