import { describe, expect, it } from 'vitest';
import { type BreakEven, cumulative } from '../../src/analysis/break-even.ts';
import { MATERIALITY } from '../../src/analysis/materiality.ts';
import { recommend } from '../../src/analysis/recommendation.ts';
import type { Evaluation } from '../../src/evaluate.ts';
import { amounts, direct, managed, monthly, of, requests, run } from '../costs/fixture.ts';

function breakEven(found: Evaluation, driver: BreakEven['driver'], a: string, b: string): BreakEven {
  const one = found.break_even.find((each) => each.driver === driver && each.a === a && each.b === b);
  if (one === undefined) throw new Error(`no break-even of ${a} and ${b} along ${driver}`);
  return one;
}

/** 1,000 tokens at 1 USD per million: a request costs 0.001 USD. */
const price = { 'acme/large': { input: 1, output: 0 } };
const priced = (own: object) => run({ traffic: monthly(500_000), prices: price, ...own });
const relative = (value: number, expected: number): number => Math.abs(value / expected - 1);

describe('break-even over volume', () => {
  const between = (fee: string) =>
    breakEven(
      priced({
        strategies: [direct, managed('cut'), managed('plans', { plan: 'flat' })],
        gateways: { cut: { kind: 'managed', fees: { token_markup: fee } } },
      }),
      'volume',
      'cut',
      'plans',
    );

  it('of a fee of 5 % and a plan of 49 USD lies at 980 USD of spend a month', () => {
    const { crossings, complete } = between('5 %');
    expect(crossings.length).toBe(1);
    expect(relative(crossings[0]!.value, 980_000)).toBeLessThan(1e-6);
    expect(crossings[0]).toMatchObject({ kind: 'continuous', below: -1, above: 1 });
    expect(complete).toBe(true);
  });

  it('of a fee of 5.5 % lies at 891 USD', () => {
    expect(relative(between('5.5 %').crossings[0]!.value, (49 / 0.055) * 1000)).toBeLessThan(1e-6);
  });

  it('stops where a gateway publishes no price any more', () => {
    const plan = { id: 'small', usd_per_month: 10, included_requests: 1_000_000 };
    const found = breakEven(
      priced({
        strategies: [direct, managed('bounded', { plan: 'small' })],
        gateways: { bounded: { kind: 'managed', fees: { plans: [plan] } } },
      }),
      'volume',
      'direct',
      'bounded',
    );
    expect(relative(found.range.until, 1_000_000)).toBeLessThan(1e-9);
    expect(found.range.from).toBe(5_000);
  });

  it('against whole blocks of overage has every crossing', () => {
    // 49 + 9 per 100,000 past 100,000 against 0.1 % of a spend of 0.1 USD a request: 49 + 9 n = requests x 0.0001
    const found = breakEven(
      run({
        traffic: monthly(30_000),
        prices: { 'acme/large': { input: 100, output: 0 } },
        strategies: [direct, managed('cut'), managed('plans')],
        gateways: { cut: { kind: 'managed', fees: { token_markup: 0.001 } } },
      }),
      'volume',
      'cut',
      'plans',
    );
    const cut = (volume: number) => volume * 1e-4;
    const plans = (volume: number) => 49 + 9 * Math.ceil(Math.max(0, volume - 100_000) / 100_000);
    for (const { value } of found.crossings) {
      const [below, above] = [value * (1 - 1e-6), value * (1 + 1e-6)];
      expect(Math.sign(cut(below) - plans(below))).not.toBe(Math.sign(cut(above) - plans(above)));
    }
    let changes = 0;
    for (let volume = 325; volume < 3_000_000; volume += 50) {
      if (Math.sign(cut(volume) - plans(volume)) !== Math.sign(cut(volume + 50) - plans(volume + 50))) changes += 1;
    }
    expect(found.complete).toBe(true);
    expect(found.crossings.length).toBe(changes);
  });
});

describe('break-even over the other drivers', () => {
  it('markup: where it costs as much as the plan', () => {
    const found = breakEven(
      priced({ strategies: [direct, managed('markup'), managed('plans', { plan: 'flat' })] }),
      'markup',
      'markup',
      'plans',
    );
    // 49 of 500 USD
    expect(found.crossings.map(({ value }) => value)).toEqual([expect.closeTo(0.098, 9)]);
    expect(found.subjects).toEqual(['markup']);
    expect(found.at).toBe(0.05);
  });

  it('hourly rate: where the hours saved pay the fee', () => {
    // eight hours of an adapter against 2 x 5 % of 500 USD
    const found = breakEven(
      priced({
        strategies: [direct, managed('markup')],
        engineering: { loaded_rate: 100, adapter: { build: 8, upkeep: 0 }, gateway_integration: 0 },
      }),
      'hourly_rate',
      'direct',
      'markup',
    );
    expect(found.crossings).toEqual([{ value: expect.closeTo(50 / 8, 9), kind: 'continuous', below: -1, above: 1 }]);
  });

  it('month: 20,000 to build against 5.5 % of 50,000 less 1,500 to run pays back at 16', () => {
    const found = breakEven(
      run({
        horizon: 36,
        traffic: monthly(50_000_000),
        prices: price,
        strategies: [direct, managed('cut')],
        gateways: { cut: { kind: 'managed', fees: { token_markup: 0.055 } } },
        engineering: { loaded_rate: 100, adapter: { build: 200, upkeep: 15 }, gateway_integration: 0 },
        needs: {},
      }),
      'month',
      'direct',
      'cut',
    );
    // the connection to the gateway takes the upkeep of an adapter too: 20,000 against 2,750 a month
    expect(found.crossings.map(({ value }) => value)).toEqual([expect.closeTo(20_000 / 2_750, 9)]);
  });

  it('month: of two that start alike and never part says that they cost the same', () => {
    const twins = priced({ strategies: [direct, { id: 'again', kind: 'direct' }] });
    expect(of(twins, 'direct').npv_usd).toBe(of(twins, 'again').npv_usd);
    for (const found of twins.break_even) {
      expect(found.crossings).toEqual([]);
      expect(found.nearest.difference).toBe(0);
    }
    expect(twins.break_even.map(({ driver }) => driver).sort()).toEqual(['hourly_rate', 'month', 'volume']);
  });

  it('knows the cumulative cost at the end of each month', () => {
    expect(cumulative([5, 1, 2])).toEqual([0, 5, 6, 8]);
  });
});

describe('sweeps', () => {
  it('give at the scenario’s own volume what the evaluation gives', () => {
    const found = priced({ strategies: [direct, managed('toll')] });
    const volume = found.sweeps.find(({ driver }) => driver === 'volume')!;
    const middle = volume.values.length >> 1;
    expect(volume.values[middle]).toBeCloseTo(500_000, 6);
    for (const id of ['direct', 'toll']) {
      expect(relative(volume.npv_usd[id]![middle]!, of(found, id).npv_usd)).toBeLessThan(1e-12);
      expect(volume.npv_usd[id]!.length).toBe(volume.values.length);
    }
  });
});

describe('the recommendation', () => {
  const candidate = (id: string, npv_usd: number | null, own: object = {}) => ({
    id,
    npv_usd,
    cash_npv_usd: npv_usd,
    isExcluded: false,
    phases: [] as string[],
    ...own,
  });

  it('is the least cost, against the baseline', () => {
    expect(recommend([candidate('a', 100), candidate('b', 90), candidate('c', 95)], 'a')).toEqual({
      strategy: 'b',
      versus: 'a',
      saving_usd: 10,
      next_best: 'c',
      margin_usd: 5,
      cash_only_strategy: 'b',
      immaterial: null,
    });
  });

  it('that is the baseline is told against the next best', () => {
    expect(recommend([candidate('a', 80), candidate('b', 90)], 'a')).toMatchObject({ versus: 'b', saving_usd: 10 });
  });

  it('is none where a price is missing, and passes over what is excluded', () => {
    expect(recommend([candidate('a', 1), candidate('b', null)], 'a')).toBeUndefined();
    expect(recommend([candidate('a', 1), candidate('b', null, { isExcluded: true })], 'a')?.strategy).toBe('a');
    expect(recommend([candidate('a', 1, { isExcluded: true })], 'a')).toBeUndefined();
  });

  it('names a phased alternative only if it beats the best of its phases by 2 %', () => {
    expect(MATERIALITY).toBe(0.02);
    const phased = (npv_usd: number) => candidate('p', npv_usd, { phases: ['a', 'b'] });
    const others = [candidate('a', 100), candidate('b', 120)];
    expect(recommend([...others, phased(98)], 'b')?.strategy).toBe('p');
    expect(recommend([...others, phased(98.1)], 'b')).toMatchObject({ strategy: 'a', immaterial: 'p', saving_usd: 20 });
  });

  it('does not put one immaterial phased alternative in the place of another', () => {
    const phased = (id: string, npv_usd: number) => candidate(id, npv_usd, { phases: ['a', 'b'] });
    const found = recommend([candidate('a', 100), candidate('b', 120), phased('p', 98.5), phased('q', 99)], 'b');
    expect(found).toMatchObject({ strategy: 'a', immaterial: 'p' });
  });

  it('by cash alone may differ', () => {
    const found = priced({
      strategies: [direct, managed('able')],
      outages: { from: 'history', response: 0 },
      value: { per_request: 1 },
      gateways: { able: { fees: { token_markup: 0.1 }, downtime: 0 } },
    });
    expect(found.recommendation).toMatchObject({ strategy: 'able', cash_only_strategy: 'direct' });
    expect(amounts(found, 'able', 'Markup')[0]).toBeCloseTo(50, 9);
    expect(requests(1).length).toBe(1);
  });
});

describe('optional needs along a driver', () => {
  it('are decided anew, so that both cost the same at the value that is told', () => {
    const own = {
      strategies: [direct, managed('cut')],
      gateways: { cut: { kind: 'managed', fees: { token_markup: '5 %' }, capabilities: { budgets: true } } },
      needs: { budgets: { need: 'optional', absence: '40 USD/month' } },
      engineering: {
        loaded_rate: 100,
        effort: { budgets: { build: '2 hours', upkeep: 0 } },
        adapter: { build: 0, upkeep: 0 },
        gateway_integration: 0,
      },
    };
    const { crossings } = breakEven(priced(own), 'hourly_rate', 'direct', 'cut');
    expect(crossings.length).toBeGreaterThan(0);
    for (const { value } of crossings) {
      const at = priced({ ...own, engineering: { ...own.engineering, loaded_rate: value } });
      const [a, b] = at.alternatives.map((one) => one.npv_usd) as [number, number];
      expect(Math.abs(a - b) / a).toBeLessThan(1e-6);
    }
  });
});
