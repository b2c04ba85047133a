/** What a change of a scenario may and may not change, over random scenarios. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/evaluate.ts';
import { sum } from '../../src/units.ts';
import { direct, type Input, managed, of, requests, run } from '../costs/fixture.ts';

const proxy = { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' };
const mixed = { id: 'mixed', kind: 'hybrid', rules: [{ model: 'beta/twin', via: 'keys' }, { else: 'direct' }] };
const ALL = [
  direct,
  managed('markup'),
  managed('toll'),
  managed('keys'),
  managed('plans'),
  managed('metered'),
  managed('able'),
  proxy,
];

/** Prompts of two sellers and of all sizes, cliffs included. */
const traffic = [
  ...requests(6, { input_tokens: 900, output_tokens: 200 }),
  ...requests(3, { seller: 'beta', model: 'twin', input_tokens: 4000, output_tokens: 50 }),
  ...requests(2, { input_tokens: 200_000, output_tokens: 300 }),
  ...requests(1, { input_tokens: 200_001, output_tokens: 300 }),
  ...requests(2, { model: 'stepped', input_tokens: 1500, output_tokens: 10 }),
];

const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
const asked = fc.record({
  start: fc.constantFrom('2026-12', '2027-01', '2028-02'),
  horizon: fc.integer({ min: 1, max: 30 }),
  discount_rate: share(0.3),
  volume: fc.double({ min: 1, max: 5e6, noNaN: true }),
  growth: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  rate: fc.double({ min: 1, max: 300, noNaN: true }),
  value: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  extra: fc.subarray(ALL.slice(1), { minLength: 1 }),
  hasHybrid: fc.boolean(),
  hasOutages: fc.boolean(),
  needs: fc.subarray(['routing_policy', 'rate_limit_handling', 'budgets', 'attribution', 'guardrails']),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const strategiesOf = ({ extra, hasHybrid }: Asked): Input[] => {
  const named = [direct, ...extra];
  return hasHybrid && extra.some(({ id }) => id === 'keys') ? [...named, mixed] : named;
};
const inputOf = (one: Asked, own: Input = {}): Input => ({
  start: one.start,
  horizon: one.horizon,
  discount_rate: one.discount_rate,
  traffic: { trace: 'none.csv', volume: { requests_per_month: one.volume, growth: one.growth } },
  engineering: { loaded_rate: one.rate },
  outages: { from: one.hasOutages ? 'history' : 'none' },
  value: { per_request: one.value },
  needs: Object.fromEntries(one.needs.map((need) => [need, 'required'])),
  strategies: strategiesOf(one),
  ...own,
});
const evaluated = (one: Asked, own: Input = {}): Evaluation => run(inputOf(one, own), traffic);
const costs = (found: Evaluation): Record<string, number> =>
  Object.fromEntries(found.alternatives.map(({ id, npv_usd }) => [id, npv_usd]));
const near = (found: number, expected: number, scale = Math.abs(expected)): void =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(scale, 1e-3));
const check = (property: (one: Asked) => void): void =>
  fc.assert(fc.property(asked, property), { numRuns: 8, seed: 20261121 });

describe('over random scenarios', () => {
  it('the order of the strategies changes no cost and no recommendation', () => {
    check((one) => {
      const [found, turned] = [evaluated(one), evaluated(one, { strategies: strategiesOf(one).reverse() })];
      for (const [id, npv_usd] of Object.entries(costs(turned))) near(npv_usd, costs(found)[id]!);
      expect(turned.recommendation?.saving_usd).toBeCloseTo(found.recommendation!.saving_usd!, 4);
    });
  });

  it('other names of the strategies change no cost', () => {
    check((one) => {
      const named = strategiesOf({ ...one, hasHybrid: false });
      const found = evaluated(one, { strategies: named });
      const other = evaluated(one, {
        strategies: named.map((spec) => ({ ...spec, id: `z-${spec.id}` })),
        baseline: 'z-direct',
      });
      for (const [id, npv_usd] of Object.entries(costs(found))) expect(costs(other)[`z-${id}`]).toBe(npv_usd);
    });
  });

  it('a strategy costs what it costs alone, whatever stands beside it', () => {
    check((one) => {
      const found = costs(evaluated({ ...one, hasHybrid: false }));
      for (const spec of one.extra)
        near(costs(evaluated(one, { strategies: [direct, spec] }))[spec.id]!, found[spec.id]!);
    });
  });

  it('a copy differs by exactly nothing', () => {
    check((one) => {
      const copies = one.extra.map((spec) => ({ ...spec, id: `${spec.id}-copy` }));
      const found = costs(evaluated(one, { strategies: [direct, ...one.extra, ...copies] }));
      for (const { id } of one.extra) expect(found[`${id}-copy`]).toBe(found[id]);
    });
  });

  it('twice the volume gives exactly twice what is proportional to it', () => {
    const isProportional =
      /^(Input tokens|Output tokens|Markup on tokens|Fee per request|Requests lost|Failed attempts)/;
    check((one) => {
      const [found, twice] = [evaluated(one), evaluated({ ...one, volume: 2 * one.volume })];
      for (const { id, lines } of found.alternatives) {
        const other = of(twice, id).lines;
        for (const { line, amounts_usd } of lines.filter(({ line: one }) => isProportional.test(one.label))) {
          const doubled = other.filter((one) => one.line.label === line.label);
          expect(doubled.map((one) => one.amounts_usd)).toEqual([amounts_usd.map((usd) => usd * 2)]);
        }
      }
    });
  });

  it('twice the hourly rate gives twice the engineering and nothing else', () => {
    check((one) => {
      const [found, twice] = [evaluated(one), evaluated({ ...one, rate: 2 * one.rate })];
      for (const { id, lines } of found.alternatives) {
        lines.forEach(({ line, amounts_usd }, i) => {
          const factor = line.component === 'engineering' ? 2 : 1;
          expect(of(twice, id).lines[i]!.amounts_usd).toEqual(amounts_usd.map((usd) => usd * factor));
        });
      }
    });
  });

  it('each measured request twice gives the same costs at the same stated volume', () => {
    check((one) => {
      const input = inputOf(one, { outages: { from: 'none' } });
      const [found, twice] = [costs(run(input, traffic)), costs(run(input, [...traffic, ...traffic]))];
      // a gateway of one's own is sized by the busiest minute over the mean one, which stays
      for (const [id, npv_usd] of Object.entries(twice)) near(npv_usd, found[id]!);
    });
  });

  it('a longer horizon leaves the earlier months as they are', () => {
    check((one) => {
      const [found, longer] = [evaluated(one), evaluated({ ...one, horizon: one.horizon + 7 })];
      for (const { id, monthly_usd } of found.alternatives)
        expect(of(longer, id).monthly_usd.slice(0, one.horizon)).toEqual(monthly_usd);
    });
  });

  it('without a discount the present value is the sum of the months', () => {
    check((one) => {
      for (const { npv_usd, monthly_usd } of evaluated({ ...one, discount_rate: 0 }).alternatives)
        near(npv_usd, sum(monthly_usd), sum(monthly_usd.map(Math.abs)));
    });
  });

  it('a yearly rate of 20 % takes a sixth off what comes at the end of the twelfth month', () => {
    check((one) => {
      const found = evaluated({ ...one, horizon: 12, discount_rate: 0.2 });
      const before = evaluated({ ...one, horizon: 11, discount_rate: 0.2 });
      for (const { id, npv_usd, monthly_usd } of found.alternatives)
        near(npv_usd - of(before, id).npv_usd, monthly_usd[11]! / 1.2, Math.abs(npv_usd));
    });
  });

  it('one more need makes nothing cheaper, and nothing dearer for who is given it', () => {
    check((one) => {
      const [found, more] = [evaluated(one), evaluated({ ...one, needs: [...new Set([...one.needs, 'budgets'])] })];
      for (const { id, npv_usd } of found.alternatives) {
        const other = of(more, id).npv_usd;
        if (id === 'able' || one.needs.includes('budgets')) near(other, npv_usd);
        else expect(other).toBeGreaterThan(npv_usd);
      }
    });
  });

  it('an optional need costs the least of built and done without', () => {
    check((one) => {
      const at = (need: string, absence: number) =>
        costs(evaluated(one, { needs: { fallback: { need, ...(need === 'optional' ? { absence } : {}) } } }));
      const [optional, built, without] = [at('optional', 0), at('required', 0), at('none', 0)];
      for (const [id, npv_usd] of Object.entries(optional))
        near(npv_usd, Math.min(built[id]!, without[id]!), Math.abs(built[id]!));
    });
  });

  it('a break-even that is put back gives equal costs', () => {
    let tried = 0;
    check((one) => {
      const found = evaluated({ ...one, hasHybrid: false });
      for (const { a, b, driver, crossings } of found.break_even) {
        const crossing = crossings.find(({ kind }) => kind === 'continuous');
        if (crossing === undefined || driver === 'month' || driver === 'markup') continue;
        const at = driver === 'volume' ? { volume: crossing.value } : { rate: crossing.value };
        const again = costs(evaluated({ ...one, hasHybrid: false, ...at }));
        expect(Math.abs(again[a]! - again[b]!)).toBeLessThanOrEqual(1e-6 * Math.max(Math.abs(again[a]!), 1e-3));
        tried += 1;
      }
    });
    expect(tried).toBeGreaterThan(10);
  });
});
