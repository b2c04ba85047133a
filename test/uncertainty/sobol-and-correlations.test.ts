import { describe, expect, it } from 'vitest';
import { cumulative } from '../../src/analysis/break-even.ts';
import { type Input, managed, monthly, run } from '../costs/fixture.ts';
import { costs, drawn, sure } from './drawn.ts';

const direct = { id: 'direct', kind: 'direct' };
const own: Input = {
  horizon: 12,
  traffic: monthly(50_000, 0.02),
  engineering: { loaded_rate: 100 },
  needs: { budgets: 'required', dashboards: 'required' },
  strategies: [direct, managed('able')],
};
const [build, upkeep] = ['engineering.effort.budgets.build', 'engineering.effort.budgets.upkeep'];
const correlations = [{ between: [build!, upkeep!] as const, rank_correlation: 0.8 }];

describe("Sobol' indices", () => {
  it('of a sum share out the whole variance, none of it twice, and tell how far they are', () => {
    const seen: number[] = [];
    const found = sure(own, { draws: 100, sobol: 4096, onProgress: (done, of) => seen.push(done / of) }).sobol!;
    expect(found).toMatchObject({ strategy: 'able', versus: 'direct', base_draws: 4096 });
    const { indices, evaluations } = found.found;
    expect(indices.map(({ id }) => id)).toContain(build);
    expect(evaluations).toBe(4096 * (2 + indices.length));
    const all = indices.reduce((total, { first_order }) => total + first_order, 0);
    expect(Math.abs(all - 1)).toBeLessThan(0.03);
    for (const { first_order, total } of indices) expect(Math.abs(total - first_order)).toBeLessThan(0.02);
    expect(seen.at(-1)).toBe(1);
    expect(seen.length).toBe(2 + indices.length);
  });

  it('of correlated inputs are those of the group', () => {
    const { indices } = sure(own, { draws: 100, sobol: 256, correlations }).sobol!.found;
    expect(indices.map(({ inputs }) => [...inputs].sort())).toContainEqual([build, upkeep]);
    expect(indices.flatMap(({ inputs }) => inputs).filter((input) => input === build).length).toBe(1);
  });

  it('count the outage worlds of each component', () => {
    const outages = { outages: { from: 'history' }, value: { per_request: 1 } };
    const { indices } = sure({ ...own, ...outages }, { draws: 100, sobol: 256 }).sobol!.found;
    const total = (id: string): number => indices.find((index) => index.id === id)?.total ?? 0;
    // Both strategies reach acme; only the gateway can fail by itself, and only it falls back.
    expect(total('outage worlds of gateway able')).toBeGreaterThan(0.05);
    expect(indices.some(({ id }) => id === 'outage worlds of acme')).toBe(true);
  });
});

describe('correlated inputs', () => {
  it('that rise together spread what they cost together wider, and leave its mean', () => {
    const spread = (options: object) => sure(own, { draws: 2000, ...options }).strategies[0]!.npv;
    const [apart, together] = [spread({}), spread({ correlations })];
    expect(together.se).toBeGreaterThan(1.02 * apart.se);
    expect(Math.abs(together.mean / apart.mean - 1)).toBeLessThan(1e-3);
  });
});

describe('cumulative costs', () => {
  const phased = { id: 'later', kind: 'phased', migration: 30, phases: [{ via: 'able', for: 5 }, { via: 'direct' }] };
  const points: Input = { ...own, engineering: { loaded_rate: 0 }, strategies: [direct, managed('able'), phased] };

  it('are those of the months of the report, also where a strategy follows another', () => {
    for (const scenario of [points, { ...own, strategies: points.strategies }]) {
      const evaluation = run(scenario);
      const { model } = evaluation.prepared;
      for (const input of model.inputs) Object.assign(input, { spec: { is: 'point', value: input.central } });
      const { cumulative_usd } = costs(evaluation, { draws: 3 });
      evaluation.alternatives.forEach(({ monthly_usd }, i) => {
        cumulative(monthly_usd)
          .slice(1)
          .forEach((sum, month) => {
            expect(cumulative_usd[i]![month]![2]! / sum).toBeCloseTo(1, 12);
          });
      });
    }
  });

  it('are kept for the first draws alone where all would take too much memory', () => {
    const evaluation = run(own);
    const all = costs(evaluation, { draws: 100 });
    const few = costs(evaluation, { draws: 100 }, { most_bytes: 8 * 12 * 2 * 40 });
    expect(few.cumulative_usd.flat().map(({ length }) => length)).toEqual(new Array(24).fill(40));
    expect([...few.cumulative_usd[1]![11]!]).toEqual([...all.cumulative_usd[1]![11]!.subarray(0, 40)]);
    expect(few.npv_usd).toEqual(all.npv_usd);
  });

  it('are left out where only whole costs are asked for', () => {
    expect(
      costs(run(own), { draws: 100 }, { withMonths: false })
        .cumulative_usd.flat()
        .every((x) => x.length === 0),
    ).toBe(true);
    expect(drawn(own, { draws: 100 }).uncertainty?.differences[0]?.by_month.p50.length).toBe(12);
  });
});
