/**
 * What a replay has to come to on real traffic: the Azure 2023 conversation trace over a day (24 copies an hour apart, 464,784
 * requests), and the synthetic Mooncake trace through a prompt cache.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readTrace } from '../../src/io/read-trace.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { UsageCharges } from '../../src/pricing/usage-charges.ts';
import { batchesOf } from '../../src/replay/build-batches.ts';
import { hitsAt } from '../../src/replay/caches/hit-curve.ts';
import { measurePromptCurve } from '../../src/replay/caches/measure-curves.ts';
import { FIVE_MINUTES_MS, ONE_HOUR_MS } from '../../src/replay/caches/prompt-cache.ts';
import type { ReplayBatch } from '../../src/replay/columns.ts';
import type { ReplayPlan } from '../../src/replay/plan.ts';
import { replay } from '../../src/replay/replay.ts';
import type { Routes } from '../../src/routing/route.ts';
import type { RoutingInput } from '../../src/routing/routing.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { totals } from '../../src/usage/rollup.ts';
import type { UsageTable } from '../../src/usage/table.ts';
import { tracesFolder } from '../traces-folder.ts';
import { HOUR_MS, outage, plan } from './setting.ts';

const traces = tracesFolder();
const COPIES = 24;
const DAY_MS = Date.parse('2026-09-01T00:00:00Z');
const ROUTES: Routes = {
  first: { seller: 'openai', model: 'gpt-4o', tier: 'standard' },
  second: { seller: 'anthropic', model: 'claude-sonnet-4-5', tier: 'standard' },
};
const FALLBACK: RoutingInput = { policy: { kind: 'fallback', first: 'first', to: ['second'] } };
const DOWN = { from_ms: DAY_MS + 9.5 * HOUR_MS, until_ms: DAY_MS + 12.5 * HOUR_MS };
const OUTAGES = [outage('openai', DOWN.from_ms, DOWN.until_ms)];
const isIn = (time_ms: number): boolean => time_ms >= DOWN.from_ms && time_ms < DOWN.until_ms;

async function requestsOf(file: string): Promise<TraceRequest[]> {
  const requests: TraceRequest[] = [];
  await readTrace(join(traces!, file), (request) => requests.push(request));
  return requests;
}

describe.skipIf(traces === undefined)('an outage of three hours in a day of the Azure conversation trace', () => {
  let batches: ReplayBatch[];
  let book: PriceBook;
  /** Requests and tokens inside and outside the outage, counted by hand. */
  const inside = { requests: 0, input_tokens: 0, output_tokens: 0 };
  const outside = { requests: 0, input_tokens: 0, output_tokens: 0 };

  const policy = (routing: RoutingInput, settings: Partial<ReplayPlan> = {}): ReplayPlan =>
    plan(routing, { routes: ROUTES, ...settings });
  const cost_usd = (table: UsageTable): number => {
    const charges = new UsageCharges(book);
    charges.add(table, { on: '2026-09-01', has_hours: true });
    return charges.cost_usd!;
  };

  beforeAll(async () => {
    book = await readPriceBook();
    const hour = await requestsOf('azure-2023/AzureLLMInferenceTrace_conv.csv');
    const start_ms = hour[0]!.time_ms;
    const day = Array.from({ length: COPIES }, (_, copy) =>
      hour.map((request) => ({ ...request, time_ms: DAY_MS + request.time_ms - start_ms + copy * HOUR_MS })),
    ).flat();
    for (const { time_ms, input_tokens, output_tokens } of day) {
      const part = isIn(time_ms) ? inside : outside;
      part.requests++;
      part.input_tokens += input_tokens;
      part.output_tokens += output_tokens;
    }
    batches = batchesOf(day, { assign: () => 'openai/gpt-4o' });
  });

  test('loses exactly the requests in it without a fallback', () => {
    const found = replay(batches, policy({ policy: 'first' }, { outages: OUTAGES }), 1);
    expect(found.requests).toBe(COPIES * 19_366);
    expect(inside.requests).toBeGreaterThan(50_000);
    expect(found.outcomes.failed).toBe(inside.requests);
    expect(found.outcomes.served).toBe(outside.requests);
    expect(totals(found.usage)).toMatchObject(outside);
  });

  test('loses none with a fallback, and costs the prices of the fallback for exactly those requests', () => {
    const calm = replay(batches, policy(FALLBACK), 1);
    const found = replay(batches, policy(FALLBACK, { outages: OUTAGES }), 1);
    expect(found.outcomes.served).toBe(COPIES * 19_366);
    expect(found.usage.rows.filter(({ model }) => model === 'anthropic/claude-sonnet-4-5')).not.toHaveLength(0);
    // 2.5 and 10 USD/Mtok at the first, 3 and 15 at the second.
    const first_usd = (inside.input_tokens * 2.5 + inside.output_tokens * 10) / 1e6;
    const second_usd = (inside.input_tokens * 3 + inside.output_tokens * 15) / 1e6;
    expect(second_usd - first_usd).toBeGreaterThan(50);
    expect(cost_usd(found.usage) - cost_usd(calm.usage)).toBeCloseTo(second_usd - first_usd, 6);
  });

  test('with a breaker, tries the seller that is down no oftener than its probes', () => {
    const guarded = {
      ...FALLBACK,
      breaker: { failures: 5, cooldown: '30 s', cooldown_factor: 2, cooldown_cap: '5 minutes' },
    };
    const found = replay(batches, policy(guarded, { outages: OUTAGES }), 1);
    const refused = found.attempts_by.find(({ status }) => status === '503')!.attempts;
    expect(found.outcomes.served).toBe(COPIES * 19_366);
    // Five failures open it; probes follow after 30, 60, 120, 240 and then every 300 s, until three hours are over.
    expect(refused).toBeGreaterThan(5 + 4 + 30);
    expect(refused).toBeLessThanOrEqual(5 + 4 + 36);
    // After the outage the seller stays unused until the next probe, at most five minutes.
    const served = totals({
      ...found.usage,
      rows: found.usage.rows.filter(({ model }) => model.startsWith('anthropic')),
    });
    expect(served.requests).toBeGreaterThan(inside.requests);
    const rest = batches
      .flatMap(({ time_ms }) => Array.from(time_ms))
      .filter((time_ms) => time_ms >= DOWN.until_ms && time_ms < DOWN.until_ms + 300_000).length;
    expect(served.requests).toBeLessThanOrEqual(inside.requests + rest);
  });
});

describe.skipIf(traces === undefined)('the Mooncake trace through a prompt cache', () => {
  test('reads in the replay what the cache reads by itself', async () => {
    const batches = batchesOf(await requestsOf('mooncake/synthetic_trace.jsonl'), { assign: () => 'openai/gpt-4o' });
    for (const [life_ms, capacity_blocks] of [
      [FIVE_MINUTES_MS, Infinity],
      [ONE_HOUR_MS, Infinity],
      [ONE_HOUR_MS, 20_000],
    ] as const) {
      const edges = { capacities: [capacity_blocks], lives_ms: [life_ms] };
      const expected = hitsAt(measurePromptCurve(batches, { block_tokens: 512 }, edges), capacity_blocks, life_ms);
      const cache = {
        block_tokens: 512,
        life_ms,
        capacity_blocks,
        life_from: 'last_use',
        write_meter: 'input_tokens',
      } as const;
      const found = replay(batches, plan({ policy: 'first' }, { routes: ROUTES, prompt_caches: { openai: cache } }), 1);
      expect(totals(found.usage).cache_read_tokens).toBe(expected.input_tokens);
      expect(found.savings.prompt_cache.saved).toMatchObject({
        requests: expected.requests,
        prompt_tokens: expected.input_tokens,
      });
      expect(found.savings.prompt_cache.of.requests).toBe(3993);
    }
    const hour = replay(
      batches,
      plan(
        { policy: 'first' },
        {
          routes: ROUTES,
          prompt_caches: {
            openai: { block_tokens: 512, life_ms: ONE_HOUR_MS, life_from: 'last_use', write_meter: 'input_tokens' },
          },
        },
      ),
      1,
    );
    const { saved, of } = hour.savings.prompt_cache;
    expect(saved.prompt_tokens / of.prompt_tokens).toBeCloseTo(0.651, 3);
  });
});
