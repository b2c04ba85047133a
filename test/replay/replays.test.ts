import { describe, expect, test } from 'vitest';
import { BatchBuilder, batchesOf } from '../../src/replay/build-batches.ts';
import { BATCH_ROWS } from '../../src/replay/columns.ts';
import type { ReplayPlan } from '../../src/replay/plan.ts';
import { replay } from '../../src/replay/replay.ts';
import { Replays } from '../../src/replay/replays.ts';
import type { ReplayResult } from '../../src/replay/result.ts';
import { Names } from '../../src/routing/names.ts';
import type { RoutingInput } from '../../src/routing/routing.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { mergeUsage } from '../../src/usage/merge.ts';
import { FALLBACK, MINUTE_MS, outage, plan, request, START_MS } from './setting.ts';

const TEAMS = ['a', 'b', 'c'];
const LIMIT = { requests_per_minute: 1, burst_requests: 1, per: 'key' } as const;
const BY_NAME: RoutingInput = {
  policy: {
    kind: 'conditional',
    when: [
      { user: ['u40', 'u1'], use: 'second' },
      { model: 'mistral/late', use: 'third' },
    ],
    else: 'first',
  },
};
const settings = {
  keys: 'user',
  conditions: { rate_limits: [LIMIT, undefined, undefined] },
} as const;

describe('several strategies at once', () => {
  const trace = Array.from({ length: 3 * BATCH_ROWS }, (_, i) =>
    request({
      time_ms: START_MS + 1000 * i,
      user: `u${i % (2 + Math.floor(i / 1000))}`,
      ...(i > 2.5 * BATCH_ROWS ? { seller: 'mistral', model: 'late' } : {}),
      hash_chain: [i % 900],
    }),
  );

  test('come to what each comes to alone, though plans are made before any name is known', () => {
    const names = new Names();
    const plans = new Map<string, ReplayPlan>([
      ['limited', plan({ policy: 'first' }, settings)],
      ['by name', plan(BY_NAME, settings, { names })],
      ['cached', plan(FALLBACK, { response_cache: { life_from: 'insertion', life_ms: 5 * MINUTE_MS } })],
    ]);
    const run = new Replays(plans, 3);
    const models: (readonly string[])[] = [];
    const builder = new BatchBuilder({
      names,
      onBatch: (batch) => {
        models.push([...batch.column_names.models]);
        run.take(batch);
      },
    });
    for (const one of trace) builder.add(one);
    builder.end();
    expect(models).toHaveLength(3);
    for (const known of models) expect(known).toEqual(['unassigned', 'mistral/late', 'openai/large']);

    const batches = batchesOf(trace);
    const known = batches[0]!.column_names.names;
    const results = run.results();
    expect([...results.keys()]).toEqual(['limited', 'by name', 'cached']);
    expect(results.get('limited')).toEqual(replay(batches, plan({ policy: 'first' }, settings), 3));
    expect(results.get('by name')).toEqual(replay(batches, plan(BY_NAME, settings, { names: known }), 3));
    expect(results.get('cached')).toEqual(replay(batches, plans.get('cached')!, 3));
    const routes = new Set(results.get('by name')!.attempts_by.map(({ route }) => route));
    expect(routes).toEqual(new Set(['first', 'second', 'third']));
    expect(results.get('limited')!.outcomes.failed).toBeGreaterThan(1000);
    expect(results.get('cached')!.outcomes.served_from_cache).toBe(0);
  });
});

describe('a trace in parts', () => {
  /** One every ten seconds for an hour, by three teams; the first seller is down from the 25th to the 35th minute. */
  const trace = Array.from({ length: 360 }, (_, i) =>
    request({ time_ms: START_MS + 10_000 * i, team: TEAMS[i % 3]!, hash_chain: [i % 40] }),
  );
  const down = outage('openai', START_MS + 25 * MINUTE_MS, START_MS + 35 * MINUTE_MS);
  const guarded = plan(
    { ...FALLBACK, breaker: { failures: 3, cooldown: '8 minutes', cooldown_cap: '8 minutes' } },
    { outages: [down], response_cache: { life_from: 'last_use', life_ms: 30 * MINUTE_MS, tenant: 'team' } },
  );
  const partsOf = (how: ReplayPlan, key: (one: TraceRequest) => unknown): ReplayResult[] =>
    [...new Set(trace.map(key))].map((part) => replay(batchesOf(trace.filter((one) => key(one) === part)), how, 1));
  const sum = (parts: readonly ReplayResult[], count: (one: ReplayResult) => number): number =>
    parts.reduce((total, part) => total + count(part), 0);
  const errors = ({ attempts_by }: ReplayResult): number =>
    attempts_by.filter(({ status }) => status === '503').reduce((total, { attempts }) => total + attempts, 0);

  test('is another trace where it is cut in time: the second half has no answers and knows of no outage', () => {
    const whole = replay(batchesOf(trace), guarded, 1);
    const halves = partsOf(guarded, ({ time_ms }) => time_ms < START_MS + 30 * MINUTE_MS);
    expect(sum(halves, ({ requests }) => requests)).toBe(whole.requests);
    // 120 prompts, each asked for every twenty minutes: once unanswered in the hour, once in each half.
    expect(whole.outcomes.served_from_cache).toBe(240);
    expect(sum(halves, errors)).toBeGreaterThan(errors(whole));
    expect(sum(halves, ({ outcomes }) => outcomes.served_from_cache)).toBe(120);
  });

  test('adds up exactly where it is cut by team, and teams share neither cache nor limit', () => {
    const apart = plan(
      { policy: 'first' },
      {
        keys: 'team',
        outages: [down],
        conditions: { rate_limits: [LIMIT, undefined, undefined] },
        response_cache: { life_from: 'insertion', life_ms: 30 * MINUTE_MS, tenant: 'team' },
      },
    );
    const whole = replay(batchesOf(trace), apart, 1);
    const parts = partsOf(apart, ({ team }) => team);
    expect(parts).toHaveLength(3);
    expect(whole.outcomes.served_from_cache).toBeGreaterThan(0);
    expect(whole.attempts_by.map(({ status }) => status)).toEqual(['200', '429', '503']);
    for (const outcome of ['served', 'served_from_cache', 'failed'] as const)
      expect(sum(parts, ({ outcomes }) => outcomes[outcome])).toBe(whole.outcomes[outcome]);
    whole.attempts_by.forEach((one, i) => {
      expect(sum(parts, ({ attempts_by }) => attempts_by[i]!.attempts)).toBe(one.attempts);
    });
    const [a, b, c] = parts.map(({ usage }) => usage);
    const merged = mergeUsage(mergeUsage(a!, b!), c!);
    expect(merged.rows).toEqual(whole.usage.rows);
    expect(merged.failed_requests).toBe(whole.usage.failed_requests);
  });

  test('does not add up by team where all share one limit', () => {
    const shared = plan({ policy: 'first' }, { conditions: { rate_limits: [{ ...LIMIT, per: 'route' }] } });
    const whole = replay(batchesOf(trace), shared, 1);
    const parts = partsOf(shared, ({ team }) => team);
    expect(sum(parts, ({ outcomes }) => outcomes.served)).toBeGreaterThan(2 * whole.outcomes.served);
  });
});
