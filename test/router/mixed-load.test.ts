/**
 * Half an hour of mixed load in some seconds: whole answers and streams, clients that leave, sellers that fail, budgets that
 * run out, answers from the cache. The router's clock runs fast, so that cooldowns and lives pass; sockets are real.
 *
 * 20 hours: TOLLGATE_LONG=1 npx vitest run test/router/mixed-load.test.ts
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import { type Random, substream } from '../../src/random.ts';
import { NANO_USD } from '../../src/trace/request.ts';
import { type Asking, FAULTS, FAULTY_ROUTING, FaultLoad, ledgerCost, TIMEOUTS } from './fault-load.ts';
import { ROUTES, sha256, startRouter } from './setting.ts';
import { pause, TestUpstream } from './upstream.ts';

const IS_LONG = process.env.TOLLGATE_LONG === '1';
const REQUESTS = IS_LONG ? 20_000 : 500;
const SIDE_BY_SIDE = 16;
/** Of the router's clock: half an hour for 500. */
const MS_PER_REQUEST = 3600;

const one = <T>(random: Random, of: readonly T[]): T => of[random.integer(of.length)] as T;

function draw(random: Random): Asking {
  const u = random.uniform();
  const text = random.uniform() < 0.3 ? `often ${random.integer(20)}` : undefined;
  return {
    model: one(random, ['chain', 'any', 'careful', 'a']),
    isStream: random.uniform() < 0.5,
    asksForUsage: random.uniform() < 0.5,
    faults: random.uniform() < 0.6 ? ['none'] : [one(random, FAULTS), one(random, FAULTS), 'none'],
    leaves: u < 0.05 ? 'soon' : u < 0.1 ? 'at the first text' : 'no',
    key: one(random, ['rich', 'poor']),
    ...(text !== undefined && { text }),
  };
}

const openHandles = (): string[] => process.getActiveResourcesInfo().filter((one) => /TCP|Socket|Timeout/.test(one));

test('half an hour of mixed load: nothing is lost, counted twice or left open', { timeout: 3_600_000 }, async () => {
  const before = openHandles();
  const [alpha, beta] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  const began = performance.now();
  // All of it takes as long as its share of requests has been asked.
  let asked = 0;
  let now_ms = Date.parse('2026-03-02T08:00:00Z');
  const from_ms = now_ms;
  const router = await startRouter(
    {
      routes: { a: ROUTES.a, b: ROUTES.b },
      routing: {
        ...FAULTY_ROUTING,
        policies: {
          ...FAULTY_ROUTING.policies,
          careful: { kind: 'budget_aware', budgets: ['day'], within: 'chain', above_soft: 'b' },
        },
        breaker: { failures: 4, window: '30 s', cooldown: '10 s' },
        budgets: [
          { name: 'day', per: 'key', period: 'day', soft: '0.02 USD' },
          { name: 'poor', per: 'key', only: ['poor'], period: 'day', hard: `${(REQUESTS * 0.00002).toFixed(4)} USD` },
        ],
      },
      models: { chain: 'chain', any: 'any', careful: 'careful' },
      upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
      clients: ['rich', 'poor'].map((name) => ({ name, key_sha256: sha256(name) })),
      cache: { entries: 50, life: '5 minutes' },
      log: { dir: 'log', flush: '50 ms', rotate_bytes: 60_000 },
      timeouts: TIMEOUTS,
    },
    {
      now: () => (now_ms = Math.max(now_ms, from_ms + asked * MS_PER_REQUEST + performance.now() - began)),
    },
  );
  const load = new FaultLoad(router);
  alpha.script(load.behaviour(() => alpha));
  beta.script(load.behaviour(() => beta));
  const random = substream(5, 'mixed');
  let heap = 0;
  const lane = async (): Promise<void> => {
    while (asked < REQUESTS) {
      if (++asked === Math.floor(REQUESTS / 4)) heap = process.memoryUsage().heapUsed;
      await load.run(draw(random));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  const { entries, bugs } = router;
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(50e6 + REQUESTS * 10e3);
  expect(bugs).toEqual([]);
  expect(entries.length).toBe(asked);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  load.checkCalls();
  const outcomes = new Set(entries.map(({ outcome }) => outcome));
  for (const outcome of ['answered', 'cached', 'truncated', 'failed', 'cancelled', 'refused', 'no_route'])
    expect([...outcomes]).toContain(outcome);

  await router.router.close();
  await Promise.all([alpha.close(), beta.close()]);
  const files = (await readdir(join(router.dir, 'log')))
    .filter((name) => name.startsWith('usage-'))
    .sort()
    .map((name) => join(router.dir, 'log', name));
  expect(files.length).toBeGreaterThan(1);
  let rows = 0;
  for (const file of files) {
    const { rejects } = await readTrace(file, () => void rows++);
    expect(rejects).toEqual([]);
  }
  const due = entries.reduce((sum, { attempts }) => sum + Math.max(1, attempts.length), 0);
  const cached = entries.filter(({ outcome }) => outcome === 'cached').length;
  // Readers of traces leave out what asked no seller.
  expect(rows).toBe(due - cached);
  const lines = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).flatMap(
    (text) => parse(text, { columns: true }) as Readonly<Record<string, string>>[],
  );
  expect(lines.length).toBe(due);
  expect(new Set(lines.map(({ request }) => request))).toEqual(new Set(entries.map(({ id }) => id)));
  const logged_usd = lines.reduce((sum, { cost_usd }) => sum + Number(cost_usd), 0);
  const sum_usd = entries.reduce((sum, entry) => sum + ledgerCost(entry), 0);
  expect(Math.round(logged_usd * NANO_USD)).toBe(Math.round(sum_usd * NANO_USD));
  for (let i = 0; i < 100 && openHandles().length > before.length; i++) await pause(20);
  expect(openHandles().length, openHandles().join()).toBeLessThanOrEqual(before.length);
});
