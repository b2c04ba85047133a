/** Claims may name any input that the scenario states, whether a line reads it or not. */
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../src/claims/claims-of.ts';
import { COMPONENTS } from '../../src/report/contract.ts';
import { type Input, requests, run } from '../costs/fixture.ts';

const judged = (own: Input, text: string, over: readonly unknown[] = []) =>
  claimsOf(run({ ...own, claims: [{ text: 'x', source: 'y', claim: text, over }] }), COMPONENTS)[0]!;
const inputs = {
  threshold: { dist: 'uniform', min: 0.5, max: 3.5, unit: 'USD' },
  twice: { formula: 'threshold * 2', unit: 'USD' },
};

describe('a named input that only a claim reads', () => {
  it('has its value and its unit', () => {
    const found = judged({ inputs }, 'input.inputs.threshold == 2 and npv_usd.direct < input.inputs.threshold');
    expect(found.verdict).toBe('holds');
    expect(found.evidence[0]).toEqual({ name: 'input.inputs.threshold', unit: 'USD', value: 2 });
  });

  it('can be varied', () => {
    const found = judged({ inputs }, 'input.inputs.threshold < 1.25', [
      { path: 'inputs.threshold', from: 0.5, to: 3.5 },
    ]);
    expect(found.verdict).toBe('holds_where');
    expect(found.region!.boundary[0]!.x).toBeCloseTo(1.25, 6);
    expect(found.over[0]).toMatchObject({ at: 2, unit: 'USD' });
  });

  it('that is a formula follows what it reads', () => {
    const found = judged({ inputs }, 'input.inputs.twice < 2.5', [{ path: 'inputs.threshold', from: 0.5, to: 3.5 }]);
    expect(found.region!.boundary[0]!.x).toBeCloseTo(1.25, 6);
  });

  it('is among the inputs of the model, and one that nothing names is not', () => {
    const paths = run({
      inputs,
      claims: [{ text: 'x', source: 'y', claim: 'input.inputs.threshold > 0' }],
    }).prepared.model.inputs.map(({ path }) => path);
    expect(paths).toContain('inputs.threshold');
    expect(run({ inputs }).prepared.model.inputs.map(({ path }) => path)).not.toContain('inputs.threshold');
  });
});

describe('figures of replays', () => {
  const routes = { large: { seller: 'acme', model: 'large' } };
  const replay = {
    conditions: {
      latency: { large: { first_token: { p50: '100 ms', p95: '100 ms' }, per_token: { p50: '10 ms', p95: '10 ms' } } },
      outages: [{ component: 'acme', from: '2026-11-01', until: '2026-11-16' }],
      sla: [{ measure: 'answer', within: '500 ms' }],
    },
    strategies: { direct: { routing: { policy: 'large' } } },
  };
  const own = { routes, replay, outages: { from: 'replay' } };
  const value = (name: string, setting: Input = own) =>
    claimsOf(
      run({ ...setting, claims: [{ text: 'x', source: 'y', claim: `${name} >= 0` }] }, requests(10)),
      COMPONENTS,
    )[0]!.evidence[0]!.value;

  it('say how many requests are lost: five of ten in an outage that holds for half of the window', () => {
    expect(value('lost_fraction.direct')).toBe(0.5);
  });

  it('say how long answers took and how many came late: 100 tokens of 10 ms each, after 100 ms', () => {
    expect(value('replayed_p50_ms.direct')).toBeCloseTo(1100, -2);
    expect(value('replayed_first_token_p95_ms.direct')).toBeCloseTo(100, -1);
    expect(value('late_fraction.direct')).toBe(1);
  });

  it('are not known of a strategy that is not replayed, and the claim can’t be said', () => {
    expect(value('lost_fraction.direct', {})).toBeNull();
    expect(judged({}, 'late_fraction.direct < 0.5').verdict).toBe('unknown');
  });
});
