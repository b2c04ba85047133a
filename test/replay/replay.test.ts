import { describe, expect, test } from 'vitest';
import { meanMs, quantileMs } from '../../src/conditions/latency-histogram.ts';
import { BatchBuilder, batchesOf } from '../../src/replay/build-batches.ts';
import { replay } from '../../src/replay/replay.ts';
import { planOfStrategy } from '../../src/replay/scenario-plan.ts';
import { replaySpec } from '../../src/replay/schema.ts';
import { FALLBACK, HOUR_MS, MINUTE_MS, outage, plan, ROUTES, request, START_MS } from './setting.ts';

/** One request every six minutes for three hours. */
const even = batchesOf(Array.from({ length: 30 }, (_, i) => request({ time_ms: START_MS + i * 6 * MINUTE_MS })));
const hourDown = { outages: [outage('openai', START_MS + HOUR_MS, START_MS + 2 * HOUR_MS)] };

describe('an outage of an hour with ten requests in it', () => {
  test('loses exactly those ten without a fallback', () => {
    const found = replay(even, plan({ policy: 'first' }, hourDown), 1);
    expect(found.outcomes).toEqual({
      served: 20,
      served_from_cache: 0,
      failed: 10,
      refused: 0,
      abandoned: 0,
      no_route: 0,
    });
    expect(found.attempts_by).toEqual([
      { route: 'first', status: '200', attempts: 20 },
      { route: 'first', status: '503', attempts: 10 },
    ]);
    expect(found.usage.failed_requests).toBe(10);
  });

  test('serves those ten on the second route at its own model', () => {
    const found = replay(even, plan(FALLBACK, hourDown), 1);
    expect(found.outcomes.served).toBe(30);
    expect(found.served_after_failure).toBe(10);
    expect(found.usage.rows.map(({ model, requests, input_tokens }) => [model, requests, input_tokens])).toEqual([
      ['openai/large', 10, 10_000],
      ['mistral/medium', 10, 10_000],
      ['openai/large', 10, 10_000],
    ]);
  });
});

/** Requests a second apart. */
const seconds = (count: number, fields = {}) =>
  batchesOf(Array.from({ length: count }, (_, i) => request({ time_ms: START_MS + i * 1000, ...fields })));
const constant = (ms: number) => ({ mean_ms: ms, quantile: () => ms, tail: (x: number) => (ms > x ? 1 : 0) });
const latency = (first_ms: number, failure_ms = 0) => ({
  first_token: constant(first_ms),
  per_token: constant(10),
  prefill_ms_per_1000_tokens: 100,
  failure: constant(failure_ms),
  inspection_ms: 0,
  hops: [],
});
const [NONE, ALWAYS] = [undefined, { rates: new Map([[500, 1]]) }];

describe('attempts', () => {
  test('of a request that fails everywhere stay within its one budget', () => {
    const routing = {
      policy: { kind: 'fallback' as const, first: 'first', to: ['second', 'third'] },
      retries: { per_route: 9, base: '1 ms', jitter: 'none' as const },
      limits: { attempts: 4 },
    };
    const found = replay(seconds(100), plan(routing, { conditions: { errors: [ALWAYS, ALWAYS, ALWAYS] } }), 1);
    expect(found.attempts).toBe(400);
    expect(found.outcomes.failed).toBe(100);
    expect(found.reasons).toEqual({ attempts_spent: 100 });
  });

  test('do not become a storm where a budget of retries holds for all requests', () => {
    const retries = { per_route: 3, base: '1 ms', jitter: 'none' as const, on: ['server_error' as const] };
    const world = { conditions: { errors: [ALWAYS, NONE, NONE] } };
    const free = replay(seconds(1000), plan({ policy: 'first', retries }, world), 1);
    const held = replay(
      seconds(1000),
      plan({ policy: 'first', retries, retry_budget: { capacity: 10, per_request: 0.1 } }, world),
      1,
    );
    expect(free.attempts).toBe(4000);
    // Ten that were saved up, and one in ten requests.
    expect(held.attempts).toBeLessThanOrEqual(1000 + 10 + 100);
    expect(held.attempts).toBeGreaterThan(1000 + 100);
  });

  test('above a rate limit end with 429, or are held back for as long as the client waits', () => {
    // One in two seconds, bucket of one: each second request finds it empty and would have to wait one more second.
    const rate_limits = [{ requests_per_minute: 30, burst_requests: 1, per: 'route' as const }, NONE, NONE];
    const refused = replay(seconds(10), plan({ policy: 'first' }, { conditions: { rate_limits } }), 1);
    expect(refused.attempts_by).toEqual([
      { route: 'first', status: '200', attempts: 5 },
      { route: 'first', status: '429', attempts: 5 },
    ]);
    const waiting = plan(
      { policy: 'first' },
      { conditions: { rate_limits, latency: [latency(500), NONE, NONE] }, rate_limit_wait_ms: 60_000 },
    );
    const held = replay(seconds(10), waiting, 1);
    expect(held.outcomes.served).toBe(10);
    // The last of ten starts at 9 s and is let in at 18 s: 9,000 ms, then 500 + 100 ms and 200 tokens at 10 ms.
    expect(held.latency.most_ms).toBeCloseTo(9000 + 600 + 2000, 6);
  });

  test('wait as a 429 asks where retries allow it', () => {
    const rate_limits = [{ requests_per_minute: 30, burst_requests: 1, per: 'route' as const }, NONE, NONE];
    const found = replay(
      seconds(2),
      plan({ policy: 'first', retries: { per_route: 2, base: '1 ms' } }, { conditions: { rate_limits } }),
      1,
    );
    expect(found.outcomes.served).toBe(2);
    expect(found.attempts).toBe(3);
  });

  test('that time out are billed all the same, and what falls back is billed again', () => {
    const found = replay(
      seconds(10),
      plan(FALLBACK, {
        conditions: { latency: [latency(90_000), latency(500), NONE] },
        timeout_ms: 30_000,
        billed: { errors: 0, timeouts: 1 },
      }),
      1,
    );
    expect(found.outcomes.served).toBe(10);
    expect(found.billed_failures).toBe(10);
    expect(found.usage.rows.map(({ model, requests }) => [model, requests])).toEqual([
      ['mistral/medium', 10],
      ['openai/large', 10],
    ]);
    expect(found.attempts_by[0]).toEqual({ route: 'first', status: 'timeout', attempts: 10 });
    // 30 s, then 500 + 100 + 2,000 ms.
    expect(found.latency.most_ms).toBeCloseTo(32_600, 6);
  });

  test('of clients that leave are billed and abandoned; those that ask again are billed twice', () => {
    const slow = { latency: [latency(10_000), NONE, NONE] };
    const leaving = { after_ms: 5000, leaving_fraction: 1, timeout_ms: Infinity, duplicating_fraction: 0 };
    const left = replay(
      seconds(10),
      plan({ policy: 'first' }, { conditions: { ...slow, abandonment: { ...leaving, waits_for: 'answer' } } }),
      1,
    );
    expect(left.outcomes.abandoned).toBe(10);
    expect(left.usage.rows[0]!.requests).toBe(10);
    const again = { after_ms: 0, leaving_fraction: 0, timeout_ms: 5000, duplicating_fraction: 1 };
    const twice = replay(
      seconds(10),
      plan({ policy: 'first' }, { conditions: { ...slow, abandonment: { ...again, waits_for: 'answer' } } }),
      1,
    );
    expect(twice.outcomes.served).toBe(10);
    expect(twice.duplicates).toBe(10);
    expect(twice.usage.rows[0]!.requests).toBe(20);
  });
});

describe('usage', () => {
  test('on another model is counted in its tokens and its band: 1,000 and 200 at 1.15 are 1,150 and 230', () => {
    const found = replay(
      seconds(3),
      plan(
        { policy: 'second' },
        {
          token_ratios: { 'openai/large': { 'mistral/medium': 1.15 } },
          edges: { 'mistral/medium': [1100] },
        },
      ),
      1,
    );
    expect(found.usage.rows).toHaveLength(1);
    expect(found.usage.rows[0]).toMatchObject({ band: 1, input_tokens: 3 * 1150, output_tokens: 3 * 230, requests: 3 });
  });

  test('of a feature that may wait long enough goes at the batch tier, answered by its deadline', () => {
    const DAY_MS = 24 * HOUR_MS;
    const batch = { turnaround_ms: DAY_MS, waits_ms: { digest: DAY_MS, draft: HOUR_MS } };
    const trace = ['digest', 'draft', 'chat'].flatMap((feature) =>
      Array.from({ length: 5 }, () => request({ feature })),
    );
    const found = replay(
      batchesOf(trace),
      plan({ policy: 'first' }, { batch, conditions: { latency: [latency(500), NONE, NONE] } }),
      1,
    );
    expect(found.usage.rows.map(({ feature, tier, requests }) => [feature, tier, requests])).toEqual([
      ['chat', 'standard', 5],
      ['digest', 'batch', 5],
      ['draft', 'standard', 5],
    ]);
    expect(found.batch_latency.requests).toBe(5);
    expect(found.batch_latency.most_ms).toBe(DAY_MS);
    expect(found.latency.requests).toBe(10);
    expect(found.savings.batch).toMatchObject({ saved: { requests: 5 }, of: { requests: 15 } });
  });

  test('of a retry across the full hour is counted in the hour in which the attempt began', () => {
    const trace = batchesOf([
      request({ time_ms: START_MS + HOUR_MS - 1000 }),
      request({ time_ms: START_MS + HOUR_MS + 5000 }),
    ]);
    const found = replay(
      trace,
      plan(
        { policy: 'first', retries: { per_route: 1, base: '2 s', jitter: 'none', on: ['overloaded'] } },
        { outages: [outage('openai', START_MS, START_MS + HOUR_MS)] },
      ),
      1,
    );
    expect(found.usage.rows.map(({ hour, requests }) => [hour, requests])).toEqual([
      [(START_MS + HOUR_MS) / HOUR_MS, 2],
    ]);
  });

  test('spared by the response cache is told beside all requests, and as a table that can be priced', () => {
    const found = replay(
      seconds(10, { hash_chain: [1, 2] }),
      plan(FALLBACK, { response_cache: { life_from: 'insertion', life_ms: 5000 } }),
      1,
    );
    // Stored at 0 s and at 5 s; each serves the four that follow.
    expect(found.outcomes).toMatchObject({ served: 2, served_from_cache: 8 });
    expect(found.savings.response_cache).toEqual({
      saved: { requests: 8, prompt_tokens: 8000, answer_tokens: 1600 },
      of: { requests: 10, prompt_tokens: 10_000, answer_tokens: 2000 },
    });
    expect(found.avoided.rows[0]).toMatchObject({ model: 'openai/large', requests: 8, input_tokens: 8000 });
  });

  test('keeps the trace’s own split where blocks are not known', () => {
    const prompt_caches = {
      openai: {
        block_tokens: 512,
        life_ms: 300_000,
        life_from: 'last_use' as const,
        write_meter: 'cache_write_5m_tokens' as const,
      },
    };
    const trace = batchesOf([
      request({ hash_chain: [1, 2] }),
      request({ time_ms: START_MS + 1, hash_chain: [1, 2] }),
      request({ time_ms: START_MS + 2, input_tokens: 400, cache_read_tokens: 600 }),
    ]);
    const found = replay(trace, plan({ policy: 'first' }, { prompt_caches }), 1);
    expect(found.usage.rows[0]).toMatchObject({
      cache_write_5m_tokens: 1000,
      cache_read_tokens: 1000 + 600,
      input_tokens: 400,
    });
    expect(found.without_blocks).toBe(1);
  });
});

describe('a request is refused by its budget', () => {
  test('once what was spent and the attempt together pass it', () => {
    // 1,000 x 1 + 200 x 5 USD/Mtok are 0.002 USD: five fit into 0.01 USD.
    const found = replay(
      seconds(8),
      plan(
        { policy: 'first', budgets: [{ name: 'all', period: 'day', hard: '0.01 USD' }] },
        {},
        {
          prices: { first: { input_usd_per_mtok: 1, output_usd_per_mtok: 5 } },
        },
      ),
      1,
    );
    expect(found.outcomes).toMatchObject({ served: 5, refused: 3 });
    expect(found.reasons).toEqual({ over_budget: 3 });
  });
});

describe('clients', () => {
  test('that leave before a retry spare it', () => {
    const abandonment = { after_ms: 1000, leaving_fraction: 1, timeout_ms: Infinity, duplicating_fraction: 0 };
    const found = replay(
      seconds(4),
      plan(
        { policy: 'first', retries: { per_route: 2, base: '5 s', jitter: 'none', on: ['connection'] } },
        {
          conditions: {
            errors: [{ rates: new Map([[0, 1]]) }, NONE, NONE],
            abandonment: { ...abandonment, waits_for: 'answer' },
          },
        },
      ),
      1,
    );
    expect(found.outcomes.abandoned).toBe(4);
    expect(found.attempts_by).toEqual([{ route: 'first', status: 'connection', attempts: 4 }]);
    expect(found.usage.failed_requests).toBe(4);
    expect(found.usage.rows).toEqual([]);
  });

  test('of features that may wait never leave, at whatever tier the request goes', () => {
    const abandonment = {
      after_ms: 5000,
      leaving_fraction: 1,
      timeout_ms: Infinity,
      duplicating_fraction: 0,
      waits_for: 'answer' as const,
    };
    const found = replay(
      batchesOf([request({ feature: 'draft' }), request({ feature: 'chat' })]),
      plan(
        { policy: 'first' },
        {
          batch: { turnaround_ms: 24 * HOUR_MS, waits_ms: { draft: HOUR_MS } },
          conditions: { latency: [latency(10_000), NONE, NONE], abandonment },
        },
      ),
      1,
    );
    expect(found.outcomes).toMatchObject({ served: 1, abandoned: 1 });
  });

  test('are told no latency that is not known: an answer by a route that states none', () => {
    const found = replay(
      seconds(10),
      plan(FALLBACK, {
        conditions: { latency: [latency(500), NONE, NONE] },
        outages: [outage('openai', START_MS, START_MS + 5000)],
      }),
      1,
    );
    expect(found.latency.requests).toBe(5);
    expect(found.unknown_latency).toBe(5);
  });

  test('waiting for the first token alone stay for a slow answer that has begun', () => {
    const abandonment = { after_ms: 1000, leaving_fraction: 1, timeout_ms: Infinity, duplicating_fraction: 0 };
    const outcomes = (['first_token', 'answer'] as const).map((waits_for) => {
      const conditions = { latency: [latency(500), NONE, NONE], abandonment: { ...abandonment, waits_for } };
      return replay(seconds(4), plan({ policy: 'first' }, { conditions }), 1).outcomes;
    });
    expect(outcomes.map(({ served, abandoned }) => [served, abandoned])).toEqual([
      [4, 0],
      [0, 4],
    ]);
  });

  test('count against service levels: 2,600 ms to the answer, 600 ms to its first token', () => {
    const service_levels = [
      { measure: 'answer' as const, within_ms: 2000, share_fraction: undefined },
      { measure: 'first_token' as const, within_ms: 700, share_fraction: 0.99 },
      { measure: 'answer' as const, within_ms: 3000, share_fraction: undefined },
    ];
    const found = replay(
      seconds(4),
      plan({ policy: 'first' }, { conditions: { latency: [latency(500), NONE, NONE], service_levels } }),
      1,
    );
    expect(found.service_levels.map(({ missed, requests }) => [missed, requests])).toEqual([
      [4, 4],
      [0, 4],
      [0, 4],
    ]);
  });
});

describe('clients of several regions', () => {
  const fixed = (ms: number) => ({ probabilities: [0, 1], values_ms: [ms, ms] });
  const spec = (clients: object) =>
    replaySpec.parse({
      conditions: {
        clients,
        latency: {
          first: {
            first_token: fixed(100),
            per_token: fixed(0),
            hops: [
              { region: 'eu', latency: fixed(50) },
              { region: 'us', latency: fixed(250) },
            ],
          },
        },
      },
      strategies: { direct: { routing: { policy: 'first' } } },
    });
  const planned = (clients: object) =>
    planOfStrategy(spec(clients), 'direct', {
      routes: ROUTES,
      edges: {},
      prices: {},
      column_names: builder.column_names,
    });
  const builder = new BatchBuilder({ onBatch: () => undefined });
  const traffic = Array.from({ length: 4000 }, (_, i) => request({ time_ms: START_MS + i * 100 }));

  test('each wait for the hop of their own', () => {
    const { latency } = replay(
      batchesOf(traffic, { names: builder.column_names.names }),
      planned({ eu: 0.75, us: 0.25 }),
      1,
    );
    // 0.75 x 150 + 0.25 x 350 ms; the share has a standard error of 0.0068, 1.4 ms.
    expect(Math.abs(meanMs(latency) - 200)).toBeLessThan(3 * 1.4);
    expect(quantileMs(latency, 0.7) / 150).toBeCloseTo(1, 1);
    expect(quantileMs(latency, 0.8) / 350).toBeCloseTo(1, 1);
  });

  test('have shares that add up, and no hop is of a region that nobody named', () => {
    expect(() => spec({ eu: 0.75, us: 0.5 })).toThrow(/add up to 1.25/);
    expect(() => planned({ eu: 1 })).toThrow(/unknown region of clients "us"/);
  });
});
