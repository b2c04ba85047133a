import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ANSWER, ANSWER_USD, ask, CHAT, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, silent, TestUpstream } from './upstream.ts';

let alpha: TestUpstream;
const opened: TestRouter[] = [];
let dir: string;
const clock = { ms: 0 };
const OTHER = 'client-key-2';

beforeAll(async () => {
  alpha = await new TestUpstream().listen();
  return () => alpha.close();
});

beforeEach(async () => {
  alpha.script(json(ANSWER));
  dir = await mkdtemp(join(tmpdir(), 'budgets-'));
  clock.ms = Date.UTC(2026, 10, 30, 12);
});

afterEach(async () => {
  for (const { router } of opened.splice(0)) await router.close();
});

async function started(budgets: object[], more: object = {}): Promise<TestRouter> {
  const router = await startRouter(
    {
      routes: { a: ROUTES.a },
      routing: { policy: { kind: 'single' }, budgets },
      upstreams: { alpha: { base_url: alpha.base_url } },
      clients: [
        { name: 'web', key_sha256: sha256(KEY), team: 'shop' },
        { name: 'batch', key_sha256: sha256(OTHER), team: 'lab' },
      ],
      timeouts: { first_byte: '2 s' },
      log: { dir, flush: '20 ms' },
      ...more,
    },
    { now: () => clock.ms },
  );
  opened.push(router);
  return router;
}

const SMALL = { ...CHAT, max_tokens: 400 };
const asOther = { headers: { authorization: `Bearer ${OTHER}` } };
const statusOf = async (router: TestRouter, options = {}): Promise<number> =>
  (await ask(router, SMALL, options)).status;
const stop = async (): Promise<void> => opened.pop()!.router.close();

describe('what budgets have spent', () => {
  test('holds on after a start, for each client, team and user by name, whatever their order was', async () => {
    const budgets = [
      { name: 'key', per: 'key', period: 'day', hard: 0.007 },
      { name: 'user', per: 'user', period: 'month', hard: 0.013 },
      { name: 'all', period: 'total', hard: 1 },
    ];
    const first = await started(budgets);
    expect(await statusOf(first, { headers: { 'x-tollgate-user': 'u1' } })).toBe(200);
    await stop();
    const second = await started([...budgets].reverse());
    expect(second.router.restored).toEqual(['key', 'user', 'all']);
    expect(await statusOf(second)).toBe(429);
    const user = (name: string) => ({ headers: { ...asOther.headers, 'x-tollgate-user': name } });
    expect(await statusOf(second, user('u2'))).toBe(200);
    expect(second.router.parts.table.state.budgets[0]?.spent_nano_usd[0]).toBeCloseTo(2 * ANSWER_USD * 1e9, 0);
    await stop();
    clock.ms += 86_400_000;
    const third = await started(budgets);
    // Another day and another month: only the total goes on.
    expect(await statusOf(third)).toBe(200);
    expect(third.router.parts.table.state.budgets[2]?.spent_nano_usd[0]).toBeCloseTo(3 * ANSWER_USD * 1e9, 0);
    const text = await readFile(join(dir, 'budgets.json'), 'utf8');
    expect(text).not.toContain(KEY);
  });

  test('is there after a crash too, with what was out at that moment as spent', async () => {
    const budgets = [{ name: 'day', period: 'day', hard: 0.0125 }];
    const first = await started(budgets);
    await statusOf(first);
    alpha.script(silent);
    const lost = ask(first, SMALL);
    // What a killed process leaves behind, with half of a writing that never came to be.
    const file = join(dir, 'budgets.json');
    const left = await vi.waitFor(async () => {
      const text = await readFile(file, 'utf8');
      expect(text).toMatch(/"spent_nano_usd":[1-9]\d*,"reserved_nano_usd":[1-9]/);
      return text;
    }, 10_000);
    await lost;
    await stop();
    dir = await mkdtemp(join(tmpdir(), 'budgets-'));
    await writeFile(join(dir, 'budgets.json'), left);
    await writeFile(join(dir, 'budgets.json.next'), left.slice(0, 40));
    alpha.script(json(ANSWER));
    const second = await started(budgets);
    expect(second.router.parts.table.state.budgets[0]?.spent_nano_usd[0]).toBeGreaterThan(2 * ANSWER_USD * 1e9);
    expect(await statusOf(second)).toBe(429);
    expect(alpha.calls).toHaveLength(0);
    await stop();
    expect(await readdir(dir)).toEqual(['budgets.json', 'usage-000001.csv']);
  });

  test('that is not known stops the start, by the file’s name', async () => {
    await writeFile(join(dir, 'budgets.json'), '{"version":1,"budgets":[{"name":"day"}]}');
    await expect(started([{ name: 'day', period: 'day', hard: 1 }])).rejects.toThrow(/budgets\.json: is not what/);
  });

  test('of another budget of the same name does not count', async () => {
    await started([{ name: 'day', period: 'day', hard: 1 }]);
    await statusOf(opened[0]!);
    await stop();
    const second = await started([{ name: 'day', per: 'team', period: 'day', hard: 1 }]);
    expect(second.router.restored).toEqual([]);
    expect(second.router.parts.table.state.budgets[0]?.spent_nano_usd[0]).toBe(0);
  });

  test('goes on although the clock was set back', async () => {
    const budgets = [{ name: 'day', period: 'day', hard: 0.007 }];
    await statusOf(await started(budgets));
    await stop();
    clock.ms -= 86_400_000;
    expect(await statusOf(await started(budgets))).toBe(429);
  });
});
