/** Threads that replay: from the build, since a thread runs built JavaScript alone. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type * as Workers from '../../src/io/replay-workers.ts';
import { batchesOf } from '../../src/replay/build-batches.ts';
import type { ReplayBatch } from '../../src/replay/columns.ts';
import { Replays } from '../../src/replay/replays.ts';
import { replaySpec } from '../../src/replay/schema.ts';
import { replayPlans } from '../../src/replay-plans.ts';
import { MINUTE_MS, ROUTES, request, START_MS } from '../replay/setting.ts';

const BUILT = path.resolve(import.meta.dirname, '../../dist/io/replay-workers.js');
let workers: typeof Workers;
beforeAll(async () => {
  if (!existsSync(BUILT)) throw new Error('dist/ is missing: run npm test, or npm run build before');
  workers = await import(pathToFileURL(BUILT).href);
});

const spec = replaySpec.parse({
  conditions: { error_rate: { first: { status: { 500: '20 %' } } } },
  strategies: {
    alone: { routing: { policy: 'first' } },
    failover: { routing: { policy: { kind: 'fallback', first: 'first', to: ['second'] } } },
    cached: { routing: { policy: 'first' }, response_cache: { life: '1 hour' } },
  },
});
const facts = { routes: ROUTES, edges: {}, prices: {} };
const job: Workers.ReplayJob = { spec, seed: 7, strategies: [], facts };
/** Twenty batches of one trace, with a new user in each. */
const batches = (): ReplayBatch[] => {
  const requests = Array.from({ length: 2000 }, (_, i) =>
    request({ time_ms: START_MS + i * MINUTE_MS, user: `u${Math.floor(i / 100)}`, hash_chain: [i % 50] }),
  );
  const [whole] = batchesOf(requests);
  return Array.from({ length: 20 }, (_, b) => {
    const cut = <A extends { subarray(from: number, until: number): A }>(column: A): A =>
      column.subarray(100 * b, 100 * (b + 1));
    const { time_ms, tenant, prompt, chain_offset, chain_length, prompt_tokens, output_tokens } = whole!;
    const { context_tokens, model, feature, user, team, tier } = whole!;
    return {
      ...whole!,
      requests: 100,
      time_ms: cut(time_ms),
      tenant: cut(tenant),
      prompt: cut(prompt),
      scope: cut(model),
      chain_offset: cut(chain_offset),
      chain_length: cut(chain_length),
      prompt_tokens: cut(prompt_tokens),
      output_tokens: cut(output_tokens),
      context_tokens: cut(context_tokens),
      model: cut(model),
      feature: cut(feature),
      user: cut(user),
      team: cut(team),
      tier: cut(tier),
      counts: whole!.counts.map((count) => (count.length === 0 ? count : cut(count))),
    };
  });
};

describe('threads that replay', () => {
  let run: Workers.ReplayWorkers | undefined;
  afterEach(() => run?.end());
  const start = (ids: readonly string[], count: number, of = job): Workers.ReplayWorkers => {
    run = new workers.ReplayWorkers(of, ids, {}, count);
    return run;
  };

  it.each([1, 2, 3])('come to what one thread comes to: %i of them', async (count) => {
    const ids = ['cached', 'alone', 'failover'];
    const all = batches();
    const here = new Replays(replayPlans(spec, ids, [], { ...facts, column_names: all[0]!.column_names }), job.seed);
    const there = start(ids, count);
    for (const batch of all) {
      here.take(batch);
      there.take(batch);
    }
    const found = await there.results();
    expect([...found.keys()]).toEqual(ids);
    expect(found).toEqual(here.results());
    expect(found.get('alone')!.outcomes.failed).toBeGreaterThan(300);
  });

  it('throw bad input as bad input: to whoever goes on feeding them, and to whoever asks for results', async () => {
    const said = {
      name: 'InputError',
      diagnostics: [
        expect.objectContaining({
          code: 'REPLAY_STRATEGY',
          message: expect.stringContaining('has no strategy "alon" (did you mean "alone"?)'),
        }),
      ],
    };
    const fed = start(['alone', 'alon'], 2);
    const feed = (): void => {
      for (;;) for (const batch of batches()) fed.take(batch);
    };
    let thrown: unknown;
    try {
      feed();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject(said);
    await fed.end();
    const asked = start(['alone', 'alon'], 2);
    asked.take(batches()[0]!);
    await expect(asked.results()).rejects.toMatchObject(said);
  });

  it('throw a bug with the place where it happened', async () => {
    const broken = start(['alone'], 1, { ...job, facts: { ...facts, routes: undefined as never } });
    broken.take(batches()[0]!);
    await expect(broken.results()).rejects.toThrow(/in a replay worker: TypeError.*\n.*at /);
  });
});
