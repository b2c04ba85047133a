/** Strategies that are replayed: what they would have used is what they cost, and nothing is expected on top. */
import { describe, expect, it } from 'vitest';
import { quantileMs } from '../../src/conditions/latency-histogram.ts';
import { amounts, direct, lines, managed, of, requests, run } from './fixture.ts';

const OWN = 0.0045; // 1,000 x 3 + 100 x 15 per million tokens
const OTHER = 0.006; // 1,000 x 4 + 100 x 20
const routes = {
  large: { seller: 'acme', model: 'large' },
  twin: { seller: 'beta', model: 'twin' },
};
const CHAIN = { policy: { kind: 'fallback', first: 'large', to: ['twin'] } };
/** Over the first five of ten requests, which come every 81.1 hours from 2026-11-02 on. */
const OUTAGE = { component: 'acme', from: '2026-11-01', until: '2026-11-16' };
const backup = { ...direct, id: 'backup' };
const both = { strategies: [direct, backup], routes };
const tokensOf = (found: ReturnType<typeof run>, id: string): number =>
  of(found, id)
    .lines.filter(({ line }) => line.component === 'token_charges')
    .reduce((total, { amounts_usd }) => total + amounts_usd[0]!, 0);
const codes = (found: ReturnType<typeof run>): string[] => found.diagnostics.map(({ code }) => code);

describe('a replayed strategy', () => {
  it('costs what the traffic cost where its policy changes nothing', () => {
    const plain = run({ strategies: [direct] }, requests(1000));
    const replayed = run(
      { strategies: [direct], routes, replay: { strategies: { direct: { routing: { policy: 'large' } } } } },
      requests(1000),
    );
    expect(of(replayed, 'direct').npv_usd).toBe(of(plain, 'direct').npv_usd);
  });

  it('pays for a fallback at its price, and for nothing that was lost', () => {
    const found = run({
      ...both,
      outages: { from: 'replay', recovered_later: 0.4 },
      value: { per_request: 0.05 },
      replay: {
        conditions: { outages: [OUTAGE] },
        strategies: { direct: { routing: { policy: 'large' } }, backup: { routing: CHAIN } },
      },
    });
    expect(tokensOf(found, 'direct')).toBeCloseTo(5 * OWN, 12);
    expect(tokensOf(found, 'backup')).toBeCloseTo(5 * OWN + 5 * OTHER, 12);
    // 5 lost x 0.6 that do not come back x 0.05
    expect(amounts(found, 'direct', 'Requests that fail')[0]).toBeCloseTo(0.15, 12);
    expect(amounts(found, 'backup', 'Requests that fail')[0]).toBe(0);
    expect(lines(found, 'direct', 'Requests lost in outages')).toEqual([]);
  });

  it('grows with the volume, window by window', () => {
    const found = run({
      ...both,
      traffic: { trace: 'none.csv', volume: { requests_per_month: 100, growth: 0.1 } },
      outages: { from: 'replay' },
      replay: { conditions: { outages: [OUTAGE] }, strategies: { backup: { routing: CHAIN } } },
    });
    const byMonth = of(found, 'backup').monthly_usd;
    expect(byMonth[0]).toBeCloseTo(10 * (5 * OWN + 5 * OTHER), 10);
    expect(byMonth[1]).toBeCloseTo(11 * (5 * OWN + 5 * OTHER), 10);
  });

  it('leaves stated outages to the replay command where costs take them from history', () => {
    const found = run({
      ...both,
      needs: { fallback: 'required' },
      outages: { from: 'history' },
      value: { per_request: 0.05 },
      replay: { conditions: { outages: [OUTAGE] }, strategies: { backup: { routing: CHAIN } } },
    });
    expect(codes(found)).toContain('REPLAY_OUTAGES_APART');
    expect(found.replays.get('backup')!.result.outcomes.served).toBe(10);
    // The chain of the policy is what the expectation falls back to.
    expect(lines(found, 'backup', 'Fallback from acme to beta/twin')).toHaveLength(1);
    expect(lines(found, 'direct', 'Fallback')).toEqual([]);
  });

  it('does not expect errors on top of those that it met', () => {
    const own = {
      ...both,
      outages: { from: 'none', error_rate: 0.2, attempts: 3, billed_share: 1 },
      replay: {
        conditions: { error_rate: { large: { status: { 500: 0.2 } } } },
        strategies: { backup: { routing: CHAIN } },
      },
    };
    const found = run(own);
    expect(lines(found, 'direct', 'Failed attempts')).toHaveLength(1);
    expect(lines(found, 'backup', 'Failed attempts')).toEqual([]);
  });
});

describe('a response cache', () => {
  const same = requests(10).map((one) => ({ ...one, hash_chain: [7] }));
  const cached = (cache: object, own: object = {}) => ({
    strategies: [direct],
    routes,
    replay: { strategies: { direct: { routing: { policy: 'large' }, response_cache: cache } } },
    ...own,
  });

  it('is paid for by the answer and saves what it spares, beside its baseline', () => {
    const found = run(cached({ fee: { per_hit: 0.001, per_month: 2 } }), same);
    expect(tokensOf(found, 'direct')).toBeCloseTo(OWN, 12);
    expect(amounts(found, 'direct', 'Response cache, per answer')[0]).toBeCloseTo(9 * 0.001, 12);
    expect(amounts(found, 'direct', 'Response cache, per month')[0]).toBe(2);
    const [first] = found.replay_savings.get('direct')!;
    expect(first).toEqual({
      saver: 'response_cache',
      of_usd: expect.closeTo(10 * OWN, 12),
      saved_usd: expect.closeTo(9 * OWN, 12),
    });
  });

  it('of a gateway leaves the gateway all requests to charge for', () => {
    const strategies = [direct, managed('perrequest')];
    const spec = (run_by: string) => ({
      strategies,
      routes,
      gateways: {
        perrequest: { name: 'P', kind: 'managed', billing: 'own_keys', fees: { plans: [], per_request: 0.01 } },
      },
      replay: {
        strategies: { perrequest: { routing: { policy: 'large' }, response_cache: { run_by } } },
      },
    });
    expect(amounts(run(spec('own'), same), 'perrequest', 'Fee per request')[0]).toBeCloseTo(0.01, 12);
    expect(amounts(run(spec('gateway'), same), 'perrequest', 'Fee per request')[0]).toBeCloseTo(0.1, 12);
  });

  it('stands on a stated share where no prompt is known', () => {
    const found = run(cached({ hit_share: 0.2, fee: { per_hit: 0.001 } }));
    expect(tokensOf(found, 'direct')).toBeCloseTo(0.8 * 10 * OWN, 12);
    expect(amounts(found, 'direct', 'Response cache, per answer')[0]).toBeCloseTo(0.2 * 10 * 0.001, 12);
    const input = found.prepared.model.inputs.find(({ path }) => path.endsWith('hit_share'));
    expect(input).toMatchObject({
      path: 'replay.strategies.direct.response_cache.hit_share',
      given: true,
      central: 0.2,
    });
  });

  it('saves nothing where neither prompts nor a share are known, and says so', () => {
    const found = run(cached({}));
    expect(tokensOf(found, 'direct')).toBeCloseTo(10 * OWN, 12);
    expect(codes(found)).toContain('CACHE_WITHOUT_PROMPTS');
  });

  it('is counted, and not assumed, where prompts are known', () => {
    expect(tokensOf(run(cached({ hit_share: 0.2 }), same), 'direct')).toBeCloseTo(OWN, 12);
  });

  it('goes before the prompt cache, which works on what is left', () => {
    const found = run({
      strategies: [direct],
      routes,
      replay: {
        prompt_caches: { acme: { block_tokens: 100, write_meter: 'input_tokens', read_share: 0.5 } },
        strategies: { direct: { routing: { policy: 'large' }, response_cache: { hit_share: 0.2 } } },
      },
    });
    // 8 requests are sent: 8 x 1,000 tokens, of which half at 0.3 in place of 3.
    expect(tokensOf(found, 'direct')).toBeCloseTo(8 * OWN - (8 * 500 * 2.7) / 1e6, 12);
  });
});

describe('savings', () => {
  it('follow each other, each beside what the one before left', () => {
    const traffic = requests(10).map((one, i) => ({
      ...one,
      hash_chain: [1, i < 5 ? 7 : 10 + i],
      feature: i === 9 ? 'digest' : 'chat',
    }));
    const found = run(
      {
        strategies: [direct],
        routes,
        replay: {
          prompt_caches: { acme: { block_tokens: 500, life: '10000 hours', write_meter: 'input_tokens' } },
          strategies: {
            direct: {
              routing: { policy: 'large' },
              response_cache: {},
              batch: { waits: { digest: '24 hours' } },
            },
          },
        },
      },
      traffic,
    );
    const [response, prompt, batch] = found.replay_savings.get('direct')!;
    expect(response).toEqual({
      saver: 'response_cache',
      of_usd: expect.closeTo(10 * OWN, 12),
      saved_usd: expect.closeTo(4 * OWN, 12),
    });
    // Six are sent; five of them read 500 tokens at 0.3 in place of 3.
    expect(prompt).toEqual({
      saver: 'prompt_cache',
      of_usd: expect.closeTo(6 * OWN, 12),
      saved_usd: expect.closeTo((5 * 500 * 2.7) / 1e6, 12),
    });
    expect(batch!.of_usd).toBeCloseTo(prompt!.of_usd! - prompt!.saved_usd!, 12);
    expect(batch!.of_usd! - batch!.saved_usd!).toBeCloseTo(tokensOf(found, 'direct'), 12);
  });
});

describe('what a replay relies on', () => {
  const priced = {
    loaded_rate: 100,
    effort: { fallback: { build: 10, upkeep: 0 } },
    adapter: { build: 4, upkeep: 0, learning: 1 },
  };
  const chained = (own: object) =>
    run({ ...both, engineering: priced, ...own, replay: { strategies: { backup: { routing: CHAIN } } } });

  it('is built, though a need for it is optional or missing', () => {
    for (const needs of [{ fallback: 'optional' }, {}]) {
      const found = chained({ needs });
      expect(amounts(found, 'backup', 'Build: Outage fallback')[0]).toBe(1000);
      expect(amounts(found, 'direct', 'Build: Outage fallback')[0]).toBe(0);
    }
    const [choice] = chained({ needs: { fallback: 'optional' } }).prepared.choices.get('backup')!;
    expect(choice).toMatchObject({ answer: 'built', reason: 'the replay of the strategy relies on it' });
    expect(lines(chained({ already_built: ['fallback'] }), 'backup', 'Build: Outage fallback')).toEqual([]);
  });

  it('has an adapter to every seller that its policy names, used or not', () => {
    const found = chained({});
    expect(found.replays.get('backup')!.result.usage.rows.every(({ model }) => model === 'acme/large')).toBe(true);
    expect(amounts(found, 'backup', 'Build: adapters')[0]).toBe(800);
    expect(amounts(found, 'direct', 'Build: adapters')[0]).toBe(400);
  });
});

describe('what has no effect in a replay', () => {
  const told = (own: object, code: string) => run({ ...both, ...own }).diagnostics.filter((one) => one.code === code);

  it('is told: features that nobody has, outages outside the traffic, shares beside hashes, models that are left', () => {
    const batch = { waits: { digst: '24 hours' } };
    const [idle] = told(
      { replay: { strategies: { direct: { routing: { policy: 'large' }, batch } } } },
      'WITHOUT_EFFECT',
    );
    expect(idle).toMatchObject({ path: 'replay.strategies.direct.batch.waits.digst' });
    const outages = [{ component: 'acme', from: '2025-01-01', until: '2025-01-02' }];
    const strategies = { direct: { routing: { policy: 'large' } } };
    const [outage] = told(
      { outages: { from: 'replay' }, replay: { conditions: { outages }, strategies } },
      'WITHOUT_EFFECT',
    );
    expect(outage!.message).toMatch(/no request meets it/);
    const [moved] = told({ replay: { strategies: { direct: { routing: { policy: 'twin' } } } } }, 'REPLAY_MOVES_MODEL');
    expect(moved!.message).toMatch(/^10 requests \(100 %\) that count under acme\/large/);
  });
});

describe('what a replay tells of answers', () => {
  it('counts latency against the replayed baseline, and late answers at their price', () => {
    const fixed = (ms: number) => ({
      first_token: { probabilities: [0, 1], values_ms: [ms, ms] },
      per_token: { probabilities: [0, 1], values_ms: [0, 0] },
    });
    const found = run({
      ...both,
      value: { per_request: 0.05, latency: { churn_per_100ms: 0.001 }, sla_miss: 0.01 },
      replay: {
        conditions: {
          latency: { large: fixed(500), twin: fixed(900) },
          sla: [{ measure: 'answer', within: '800 ms' }],
        },
        strategies: { direct: { routing: { policy: 'large' } }, backup: { routing: { policy: 'twin' } } },
      },
    });
    // 10 x 0.05 x 0.001 x 4
    expect(amounts(found, 'backup', 'Churn from latency')[0]).toBeCloseTo(0.002, 12);
    expect(amounts(found, 'backup', 'Answers later than 800 ms')[0]).toBeCloseTo(0.1, 12);
    expect(amounts(found, 'direct', 'Answers later than 800 ms')[0]).toBe(0);
  });

  it('waits for every call of a task', () => {
    const fixed = {
      first_token: { probabilities: [0, 1], values_ms: [500, 500] },
      per_token: { probabilities: [0, 1], values_ms: [0, 0] },
    };
    const own = {
      ...both,
      value: { per_request: 0.05, latency: { churn_per_100ms: 0.001 } },
      strategies: [direct, { ...backup, hop_latency: '40 ms' }],
      replay: { conditions: { latency: { large: fixed } }, strategies: { direct: { routing: { policy: 'large' } } } },
    };
    const once = run({ ...own, traffic: { trace: 'none.csv' } });
    const often = run({ ...own, traffic: { trace: 'none.csv', calls_per_task: 8 } });
    const churn = (found: typeof once): number => amounts(found, 'backup', 'Churn from added latency')[0]!;
    expect(churn(once)).toBeCloseTo(10 * 0.05 * 0.001 * 0.4, 12);
    expect(churn(often)).toBeCloseTo(8 * churn(once), 12);
    const { task_latency } = often.replays.get('direct')!;
    expect(quantileMs(task_latency!, 0.95) / 4000).toBeCloseTo(1, 1);
  });

  it('values a quality below the baseline’s', () => {
    const quality = { large: 0.9, twin: 0.8 };
    const found = run({
      ...both,
      value: { quality: 0.04 },
      replay: {
        strategies: {
          direct: { routing: { policy: 'large', quality } },
          backup: { routing: { policy: 'twin', quality } },
        },
      },
    });
    expect(amounts(found, 'backup', 'Quality below')[0]).toBeCloseTo(10 * 0.04 * 0.1, 12);
    expect(amounts(found, 'direct', 'Quality below')[0]).toBeCloseTo(0, 12);
  });

  it('says what it relies on and nobody pays for, and which names are no strategy', () => {
    const found = run({
      ...both,
      replay: { strategies: { backup: { routing: CHAIN }, bakcup: { routing: { policy: 'large' } } } },
    });
    const told = (code: string) => found.diagnostics.find((one) => one.code === code);
    expect(told('REPLAY_CAPABILITY')).toMatchObject({ path: 'replay.strategies.backup' });
    expect(told('REPLAY_CAPABILITY')!.message).toMatch(/relies on fallback.*counted as built/);
    expect(told('REPLAY_ALONE')!.message).toMatch(/did you mean "?backup/);
    expect(told('NOT_REPLAYED')!.message).toMatch(/direct/);
    const paid = run({
      ...both,
      needs: { fallback: 'required' },
      replay: { strategies: { backup: { routing: CHAIN } } },
    });
    expect(codes(paid)).not.toContain('REPLAY_CAPABILITY');
  });
});
