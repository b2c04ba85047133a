/** What holds for every replay, whatever the traffic, the policies and the world. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COUNT_METERS, type Counts, promptTokens } from '../../src/meters.ts';
import { batchesOf } from '../../src/replay/build-batches.ts';
import type { ReplayPlan, ReplaySettings } from '../../src/replay/plan.ts';
import { Replay, replay } from '../../src/replay/replay.ts';
import type { ReplayResult } from '../../src/replay/result.ts';
import { CLOSED, HALF_OPEN } from '../../src/routing/breaker.ts';
import type { RoutingInput } from '../../src/routing/routing.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { mergeUsage } from '../../src/usage/merge.ts';
import { totals } from '../../src/usage/rollup.ts';
import { HOUR_MS, MINUTE_MS, outage, plan, request, START_MS } from './setting.ts';

const SPAN_MS = 2 * HOUR_MS;
const TEAMS = ['a', 'b', 'c'];

const requests = fc
  .array(
    fc.record({
      at_ms: fc.integer({ min: 0, max: SPAN_MS }),
      team: fc.constantFrom(...TEAMS),
      key: fc.integer({ min: 0, max: 3 }),
      input_tokens: fc.integer({ min: 0, max: 3000 }),
      cache_read_tokens: fc.constantFrom(0, 0, 100),
      output_tokens: fc.integer({ min: 0, max: 300 }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((rows) =>
    rows
      .map(
        ({ at_ms, key, ...fields }): TraceRequest =>
          request({ ...fields, time_ms: START_MS + at_ms, hash_chain: [1, 2, 3].map((b) => 10 * b + key) }),
      )
      .sort((a, b) => a.time_ms - b.time_ms),
  );

const routing = fc.record(
  {
    attempts: fc.integer({ min: 1, max: 5 }),
    time: fc.constantFrom('1 s', '60 s'),
    per_route: fc.integer({ min: 0, max: 3 }),
    failures: fc.integer({ min: 1, max: 4 }),
    last_resort: fc.boolean(),
    budget: fc.constantFrom('0.01 USD', '100 USD'),
  },
  { requiredKeys: ['attempts', 'time'] },
);

const world = fc.record({
  outages: fc.array(
    fc.record({
      component: fc.constantFrom('openai', 'mistral', 'openai/large'),
      from: fc.integer({ min: 0, max: SPAN_MS }),
      length: fc.integer({ min: 1, max: 30 * MINUTE_MS }),
      failing: fc.constantFrom(1, 0.5),
    }),
    { maxLength: 4 },
  ),
  error: fc.constantFrom(0, 0.3),
  limit: fc.constantFrom(undefined, 2),
  held_ms: fc.constantFrom(0, 20_000),
  answers_ms: fc.constantFrom(undefined, 500, 20_000),
  leaves: fc.boolean(),
  ratio: fc.constantFrom(1, 1.15),
  caches: fc.boolean(),
  waits: fc.boolean(),
});

type Routed = typeof routing extends fc.Arbitrary<infer T> ? T : never;
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const latency = (ms: number) => ({ mean_ms: ms, quantile: (u: number) => ms * (0.5 + u), tail: () => 0 });

function planOf(by: Routed, w: World): ReplayPlan {
  const input: RoutingInput = {
    policy: { kind: 'fallback', first: 'first', to: ['second'] },
    limits: { attempts: by.attempts, time: by.time },
    ...(by.per_route === undefined ? {} : { retries: { per_route: by.per_route } }),
    ...(by.failures === undefined
      ? {}
      : { breaker: { failures: by.failures, cooldown: '30 s', last_resort: by.last_resort ?? false } }),
    ...(by.budget === undefined ? {} : { budgets: [{ name: 'all', period: 'day', hard: by.budget }] }),
  };
  const route =
    w.answers_ms === undefined
      ? undefined
      : {
          first_token: latency(w.answers_ms / 2),
          per_token: latency(1),
          prefill_ms_per_1000_tokens: 10,
          failure: latency(100),
          inspection_ms: 0,
          hops: [],
        };
  const settings: Partial<ReplaySettings> = {
    edges: { 'openai/large': [1000], 'mistral/medium': [2000] },
    outages: w.outages.map(({ component, from, length, failing }) =>
      outage(component, START_MS + from, START_MS + from + length, failing),
    ),
    conditions: {
      errors: [w.error === 0 ? undefined : { rates: new Map([[500, w.error]]) }, undefined, undefined],
      rate_limits: [
        w.limit === undefined ? undefined : { requests_per_minute: w.limit, per: 'route' },
        undefined,
        undefined,
      ],
      latency: [route, route, undefined],
      abandonment: w.leaves
        ? {
            after_ms: 15_000,
            leaving_fraction: 0.5,
            timeout_ms: 16_000,
            duplicating_fraction: 0.5,
            waits_for: 'answer',
          }
        : undefined,
    },
    timeout_ms: 25_000,
    rate_limit_wait_ms: w.held_ms,
    billed: { errors: 0.5, timeouts: 1 },
    token_ratios: { 'openai/large': { 'mistral/medium': w.ratio } },
    ...(w.waits ? { batch: { turnaround_ms: HOUR_MS, waits_ms: { '': HOUR_MS } } } : {}),
    ...(w.caches
      ? {
          response_cache: { life_ms: 20 * MINUTE_MS, life_from: 'insertion', tenant: 'team', latency_ms: 3 },
          prompt_caches: {
            openai: {
              block_tokens: 512,
              life_ms: 300_000,
              life_from: 'last_use',
              write_meter: 'cache_write_5m_tokens',
            },
          },
        }
      : {}),
  };
  const price = { input_usd_per_mtok: 1, output_usd_per_mtok: 4 };
  return plan(input, settings, { prices: { first: price, second: price } });
}

/** All of a result as text, maps included. */
const bytes = (result: ReplayResult): string =>
  JSON.stringify(result, (_, value: unknown) => (value instanceof Map ? [...value] : value));

describe('every replay', () => {
  test('ends each request in one outcome, keeps the budget of attempts, respects open breakers and counts whole tokens', () => {
    fc.assert(
      fc.property(requests, routing, world, fc.integer(), (trace, by, w, seed) => {
        const compiled = planOf(by, w);
        const attemptsOf = new Map<number, number>();
        let billed = 0;
        const run: Replay = new Replay(compiled, seed, (attempt) => {
          const { batch, row, isDuplicate, isProbe, isLastResort, route, counts, isBilled } = attempt;
          if (!isDuplicate) {
            expect(attempt.attempt).toBe((attemptsOf.get(attempt.request) ?? 0) + 1);
            attemptsOf.set(attempt.request, attempt.attempt);
            const phase = run.state.breaker.phase[route];
            if (phase !== CLOSED) expect(isProbe || isLastResort).toBe(true);
            if (isProbe) expect(phase).toBe(HALF_OPEN);
          }
          if (isBilled) {
            billed++;
            const used = Object.fromEntries(COUNT_METERS.map((meter, m) => [meter, counts[m]!])) as Counts;
            const whole = batch.context_tokens[row]!;
            const expected = route === 1 && w.ratio !== 1 ? whole * w.ratio : whole;
            // Fresh and read tokens are rounded apart.
            expect(Math.abs(promptTokens(used) - expected)).toBeLessThanOrEqual(route === 1 && w.ratio !== 1 ? 1 : 0);
            for (const count of counts) expect(Number.isInteger(count) && count >= 0).toBe(true);
          } else expect(counts.every((count) => count === 0)).toBe(true);
        });
        for (const batch of batchesOf(trace)) run.take(batch);
        const found = run.result();
        const ended = Object.values(found.outcomes).reduce((total, count) => total + count, 0);
        expect(ended).toBe(trace.length);
        expect(Math.max(0, ...attemptsOf.values())).toBeLessThanOrEqual(by.attempts);
        expect([...attemptsOf.values()].reduce((a, b) => a + b, 0) + found.duplicates).toBe(found.attempts);
        expect(found.attempts_by.reduce((total, { attempts }) => total + attempts, 0)).toBe(found.attempts);
        expect(totals(found.usage).requests).toBe(billed);
        expect(billed + found.usage.failed_requests).toBe(found.attempts);
        expect(found.outcomes.served + found.billed_failures + found.duplicates).toBe(billed);
        expect([...found.usage.requests_per_minute.values()].reduce((a, b) => a + b, 0)).toBe(trace.length);
        const timed = found.latency.requests + found.batch_latency.requests + found.unknown_latency;
        if (w.answers_ms !== undefined) expect(timed).toBe(found.outcomes.served + found.outcomes.served_from_cache);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same bytes for the same seed', () => {
    fc.assert(
      fc.property(requests, routing, world, fc.integer(), (trace, by, w, seed) => {
        const batches = batchesOf(trace);
        expect(bytes(replay(batches, planOf(by, w), seed))).toBe(bytes(replay(batches, planOf(by, w), seed)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a trace in parts', () => {
  const cached = (): ReplayPlan =>
    plan(
      { policy: 'first' },
      {
        response_cache: { life_from: 'last_use', tenant: 'team' },
        conditions: {
          rate_limits: [undefined, undefined, undefined],
        },
      },
    );
  const trace = Array.from({ length: 60 }, (_, i) =>
    request({ time_ms: START_MS + i * MINUTE_MS, team: TEAMS[i % 3]!, hash_chain: [i % 4] }),
  );
  const whole = replay(batchesOf(trace), cached(), 1);
  const partOf = (isIn: (one: TraceRequest) => boolean): ReplayResult =>
    replay(batchesOf(trace.filter(isIn)), cached(), 1);

  test('adds up by tenant, since tenants share no answers', () => {
    const parts = TEAMS.map((team) => partOf((one) => one.team === team));
    expect(parts.reduce((total, { outcomes }) => total + outcomes.served_from_cache, 0)).toBe(
      whole.outcomes.served_from_cache,
    );
    expect(mergeUsage(mergeUsage(parts[0]!.usage, parts[1]!.usage), parts[2]!.usage).rows).toEqual(whole.usage.rows);
  });

  test('does not add up by time: what the first half stored is lost to the second', () => {
    const half = START_MS + 30 * MINUTE_MS;
    const parts = [partOf((one) => one.time_ms < half), partOf((one) => one.time_ms >= half)];
    expect(whole.outcomes.served_from_cache).toBe(60 - 12);
    expect(parts.map(({ outcomes }) => outcomes.served_from_cache)).toEqual([30 - 12, 30 - 12]);
  });
});
