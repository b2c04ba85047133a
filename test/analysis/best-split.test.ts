import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestSplit, MOST_PLANS, type SplitPlan } from '../../src/analysis/best-split.ts';
import { reportContract } from '../../src/report/contract.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import { book, direct, type Input, managed, monthly, of, requests, run, scenario } from '../costs/fixture.ts';
import { problemsOf } from '../problems.ts';
import { reportOf } from '../report-of.ts';

const one = (cost: (plan: SplitPlan) => number) => (plans: readonly SplitPlan[]) => plans.map(cost);

describe('the best split', () => {
  it('is the plan of least cost, of ties the one that comes first', () => {
    const cost = one((plan) => [10, 7, 9, 8][plan[0]! * 2 + plan[1]!]!);
    expect(bestSplit(2, 2, cost)).toEqual({ plan: [0, 1], cost: 7, pure: [10, 8], tried: 4, exact: true });
    expect(
      bestSplit(
        3,
        2,
        one(() => 5),
      ).plan,
    ).toEqual([0, 0, 0]);
  });

  it('tries every plan while there are not too many', () => {
    const arbitrary = fc.record({ groups: fc.integer({ min: 1, max: 5 }), ways: fc.integer({ min: 2, max: 3 }) });
    fc.assert(
      fc.property(arbitrary, fc.infiniteStream(fc.integer({ min: 0, max: 50 })), ({ groups, ways }, random) => {
        const costs = new Map<string, number>();
        const cost = (plan: SplitPlan): number => {
          const key = plan.join();
          if (!costs.has(key)) costs.set(key, random.next().value as number);
          return costs.get(key)!;
        };
        const found = bestSplit(groups, ways, one(cost));
        expect(found.tried).toBe(ways ** groups);
        expect(found.cost).toBe(Math.min(...costs.values()));
        expect(costs.get(found.plan.join())).toBe(found.cost);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('of many groups moves one at a time, says so, and finds what adds up', () => {
    const saved = [3, -1, 4, -1, 5, -9, 2, -6, 5, 3];
    const found = bestSplit(
      10,
      2,
      one((plan) => 100 - plan.reduce((sum, way, i) => sum + way * saved[i]!, 0)),
    );
    expect(2 ** 10).toBeGreaterThan(MOST_PLANS);
    expect(found).toMatchObject({ plan: [1, 0, 1, 0, 1, 0, 1, 0, 1, 1], cost: 78, exact: false });
    expect(found.tried).toBeLessThan(2 ** 10);
  });

  it('takes nothing that can’t be had', () => {
    const no = Number.POSITIVE_INFINITY;
    expect(
      bestSplit(
        1,
        2,
        one(([way]) => (way === 0 ? no : 3)),
      ),
    ).toMatchObject({ plan: [1], cost: 3 });
    expect(
      bestSplit(
        1,
        2,
        one(() => no),
      ),
    ).toMatchObject({ plan: [0], cost: no });
  });
});

const traffic = [
  ...requests(6),
  ...requests(4, { seller: 'beta', model: 'twin' }),
  ...requests(5, { feature: 'digest' }),
];
const engineering = (hours: number): Input => ({
  loaded_rate: 100,
  adapter: { build: hours, upkeep: 0, learning: 1 },
  gateway_integration: 0,
});
/** 11 USD a month with acme, which gives 20 % off, and 4 with beta; an adapter of 2 USD for each; a markup of 5 % without. */
const searched = (own: Input = {}): Input => ({
  horizon: 3,
  traffic: monthly(15_000),
  prices: { 'acme/large': { input: 1, output: 0 }, 'beta/twin': { input: 1, output: 0 } },
  contracts: { acme: { discount: '20 %' } },
  engineering: engineering(0.02),
  strategies: [direct, managed('markup'), { id: 'mixed', kind: 'hybrid', split: { between: ['direct', 'markup'] } }],
  ...own,
});
const written = (rules: object[], own: Input = {}): Input =>
  searched({ ...own, strategies: [direct, managed('markup'), { id: 'mixed', kind: 'hybrid', rules }] });

/** All plans of two models between two strategies, as one would write them. */
const PLANS = [
  [{ else: 'direct' }],
  [{ model: 'beta/twin', via: 'markup' }, { else: 'direct' }],
  [{ model: 'acme/large', via: 'markup' }, { else: 'direct' }],
  [{ else: 'markup' }],
];

describe('a hybrid whose split is searched', () => {
  it.each([
    ['a contract with one seller', {}],
    ['no contract', { contracts: {} }],
    ['a dear adapter', { engineering: engineering(9) }],
    ['much traffic', { traffic: monthly(5_000_000) }],
  ])('is never worse than any rules that could be written: %s', (_, own) => {
    const found = run(searched(own), traffic);
    const costs = PLANS.map((rules) => of(run(written(rules, own), traffic), 'mixed').npv_usd);
    expect(of(found, 'mixed').npv_usd).toBe(Math.min(...costs));
    expect(of(found, 'mixed').split).toMatchObject({ tried: 4, exact: true, by: 'model' });
  });

  it('sends each model where the whole is cheapest', () => {
    const found = run(searched(), traffic);
    expect(of(found, 'mixed').split).toMatchObject({
      routes: [
        { of: 'acme/large', via: 'direct' },
        { of: 'beta/twin', via: 'markup' },
      ],
      plan: [0, 1],
    });
    // three months: 11 less 20 % and 4 with 5 % on top, one adapter; against two adapters, or a markup on all
    expect(of(found, 'mixed').npv_usd).toBeCloseTo(26.4 + 12.6 + 2, 9);
    expect(of(found, 'direct').npv_usd).toBeCloseTo(26.4 + 12 + 4, 9);
    expect(of(found, 'markup').npv_usd).toBeCloseTo(47.25, 9);
    expect(found.recommendation?.strategy).toBe('mixed');
    expect(run(searched({ materiality: 0.04 }), traffic).recommendation).toMatchObject({
      strategy: 'direct',
      immaterial: 'mixed',
    });
    expect(found.diagnostics.map(({ code }) => code)).not.toContain('WITHOUT_EFFECT');
  });

  it('that goes one way is told as that and not ranked', () => {
    const found = run(searched({ engineering: engineering(0) }), traffic);
    const mixed = of(found, 'mixed');
    expect(mixed).toMatchObject({ comes_to: 'direct', npv_usd: of(found, 'direct').npv_usd });
    expect(found.recommendation).toMatchObject({ strategy: 'direct', next_best: 'markup' });
    expect(found.break_even.some(({ a, b }) => a === 'mixed' || b === 'mixed')).toBe(false);
  });

  it('by feature, with a third strategy that nobody would take, stays the same', () => {
    const split = (between: string[]) => ({ id: 'mixed', kind: 'hybrid', split: { between, by: 'feature' } });
    const dear = { ...managed('toll'), id: 'dear', top_up: 1 };
    const two = run(searched({ strategies: [direct, managed('markup'), dear, split(['direct', 'markup'])] }), traffic);
    const three = run(
      searched({ strategies: [direct, managed('markup'), dear, split(['direct', 'markup', 'dear'])] }),
      traffic,
    );
    expect(of(three, 'mixed').split?.routes).toEqual(of(two, 'mixed').split?.routes);
    expect(of(three, 'mixed').npv_usd).toBe(of(two, 'mixed').npv_usd);
    expect(of(two, 'mixed').split?.routes.map((route) => route.of)).toEqual(['', 'digest']);
  });

  it('passes over what constraints exclude', () => {
    const found = run(
      searched({
        contracts: {},
        gateways: { markup: { data_residency: ['us'], free_credit_usd: 1000 } },
        constraints: { data_residency: ['eu'] },
      }),
      traffic,
    );
    expect(of(found, 'mixed').split?.routes.every(({ via }) => via === 'direct')).toBe(true);
    expect(of(found, 'mixed').excluded).toBeUndefined();
  });

  it('over usage without a price searches only where the scenario accepts it', () => {
    const unlisted = [...traffic, ...requests(3, { model: 'nobody' })];
    const found = run(searched(), unlisted);
    expect(of(found, 'mixed')).toMatchObject({ isUnpriced: true, split: { plan: [0, 0, 0] } });
    const accepted = run(searched({ accept_unpriced: true }), unlisted);
    expect(of(accepted, 'mixed')).toMatchObject({ isUnpriced: false });
    expect(of(accepted, 'mixed').split?.routes.find((route) => route.of === 'beta/twin')?.via).toBe('markup');
  });

  it('is reported with what goes where', () => {
    const evaluation = run(searched(), traffic);
    const report = reportOf(evaluation, book);
    expect(reportContract.parse(report)).toEqual(report);
    expect(renderMarkdown(report)).toMatch(/mixed, Split by model: .* over .*: the cheapest of all 4 plans/);
  });
});

describe('bad input', () => {
  const told = (own: object): string[] =>
    problemsOf(() =>
      resolveScenario(
        scenario({ strategies: [direct, managed('toll'), { id: 'mixed', kind: 'hybrid', ...own }] }),
        book,
      ),
    );

  it.each<[object, string | RegExp]>([
    [{}, /^strategies\[2\]\.rules: is missing; add rules that end with `else`, or `split: /],
    [{ rules: [] }, /^strategies\[2\]\.rules: is missing/],
    [
      { rules: [{ else: 'direct' }], split: { between: ['direct', 'toll'] } },
      "strategies[2].split: can't stand beside rules: it finds them",
    ],
    [
      { split: { between: ['direct', 'tol'] } },
      'strategies[2].split.between[1]: there is no strategy "tol" (did you mean "toll"?); allowed are direct, toll',
    ],
    [{ split: { between: ['toll', 'toll'] } }, 'strategies[2].split.between: names a strategy twice'],
  ])('%j is named', (own, message) => {
    const found = told(own);
    expect(found.length).toBe(1);
    if (typeof message === 'string') expect(found[0]).toBe(message);
    else expect(found[0]).toMatch(message);
  });

  it('in the baseline is named', () => {
    const strategies = [direct, managed('toll'), { id: 'm', kind: 'hybrid', split: { between: ['direct', 'toll'] } }];
    expect(() => resolveScenario(scenario({ strategies, baseline: 'm' }), book)).toThrow(
      /can't be searched in the baseline/,
    );
  });
});
