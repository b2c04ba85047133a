/** A replay that is watched takes the long way for every request: both ways have to end in the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf } from '../../src/replay/build-batches.ts';
import type { ReplaySettings } from '../../src/replay/plan.ts';
import { Replay } from '../../src/replay/replay.ts';
import type { RoutingInput } from '../../src/routing/routing.ts';
import { setDown, stateToJson } from '../../src/routing/state.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { MINUTE_MS, outage, plan, ROUTES, request, START_MS } from './setting.ts';

const SPAN_MS = 90 * MINUTE_MS;

const requests = fc
  .array(
    fc.record({
      at_ms: fc.nat(SPAN_MS),
      key: fc.nat(4),
      model: fc.constantFrom('large', 'medium', 'unheard-of'),
      feature: fc.constantFrom('chat', 'digest'),
      service_tier: fc.constantFrom('standard' as const, 'priority' as const, 'batch' as const),
      input_tokens: fc.nat(3000),
      output_tokens: fc.nat(300),
    }),
    { minLength: 1, maxLength: 150 },
  )
  .map((rows) =>
    rows
      .map(
        ({ at_ms, key, ...fields }): TraceRequest =>
          request({ ...fields, time_ms: START_MS + at_ms, hash_chain: [key] }),
      )
      .sort((a, b) => a.time_ms - b.time_ms),
  );

const setting = fc.record({
  policy: fc.constantFrom<RoutingInput['policy']>(
    'first',
    { kind: 'single' },
    { kind: 'fallback', to: ['third'] },
    {
      kind: 'weighted',
      of: [
        { use: 'first', weight: 1 },
        { use: 'second', weight: 1 },
      ],
    },
  ),
  breaker: fc.boolean(),
  retry_budget: fc.boolean(),
  cache: fc.boolean(),
  prompt_cache: fc.boolean(),
  errors: fc.constantFrom(0, 0.3),
  ratio: fc.constantFrom(1, 1.15),
  waits: fc.boolean(),
  down: fc.boolean(),
  from_ms: fc.nat(SPAN_MS),
  length_ms: fc.nat(30 * MINUTE_MS),
});

function planOf(of: typeof setting extends fc.Arbitrary<infer T> ? T : never) {
  const routing: RoutingInput = {
    policy: of.policy,
    retries: { per_route: 1 },
    ...(of.breaker ? { breaker: { failures: 3, rate: 0.4, min_requests: 5, cooldown: '30 s', window: '60 s' } } : {}),
    ...(of.retry_budget ? { retry_budget: { capacity: 2, per_request: 0.2 } } : {}),
  };
  const settings: Partial<ReplaySettings> = {
    routes: { ...ROUTES, second: { seller: 'mistral', model: 'medium', tier: 'flex' } },
    edges: { 'openai/large': [1000] },
    outages: [outage('openai', START_MS + of.from_ms, START_MS + of.from_ms + of.length_ms + 1, 0.7)],
    conditions: {
      errors: [undefined, of.errors === 0 ? undefined : { rates: new Map([[500, of.errors]]) }, undefined],
    },
    response_cache: of.cache ? { life_ms: 10 * MINUTE_MS, life_from: 'insertion', tenant: 'all' } : undefined,
    prompt_caches: of.prompt_cache
      ? { openai: { block_tokens: 512, life_ms: MINUTE_MS, life_from: 'last_use', write_meter: 'input_tokens' } }
      : {},
    token_ratios: { large: { 'openai/large': of.ratio } },
    batch: of.waits ? { turnaround_ms: 1000, waits_ms: { digest: 5000 } } : undefined,
  };
  return plan(routing, settings);
}

test('the short way ends in what the long way ends in, states of the policies included', () => {
  fc.assert(
    fc.property(requests, setting, (rows, of) => {
      const compiled = planOf(of);
      const ends = [undefined, () => {}].map((onAttempt) => {
        const run = new Replay(compiled, 7, onAttempt);
        if (of.down) setDown(run.state, 2, true);
        for (const batch of batchesOf(rows)) run.take(batch);
        return { result: run.result(), state: stateToJson(run.state) };
      });
      expect(ends[0]).toEqual(ends[1]);
    }),
    { numRuns: 100 },
  );
});
