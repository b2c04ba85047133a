import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import {
  ANSWER,
  ask,
  CHAT,
  content,
  KEY,
  ROLE,
  ROUTES,
  STREAM,
  sha256,
  startRouter,
  type TestRouter,
} from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

let alpha: TestUpstream;
let beta: TestUpstream;
const opened: TestRouter[] = [];

beforeAll(async () => {
  [alpha, beta] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  return async () => {
    await Promise.all([alpha.close(), beta.close()]);
  };
});

beforeEach(() => {
  alpha.script(json(ANSWER));
  beta.script(json(ANSWER));
});

afterEach(async () => {
  for (const { router } of opened.splice(0)) await router.close();
});

async function logged(log: object, more: object = {}): Promise<TestRouter> {
  const router = await startRouter({
    routes: { a: ROUTES.a, b: ROUTES.b },
    routing: { policy: { kind: 'fallback', to: ['b'] } },
    upstreams: { alpha: { base_url: alpha.base_url, key_env: 'TEST_KEY' }, beta: { base_url: beta.base_url } },
    clients: [{ name: 'web', key_sha256: sha256(KEY), team: 'shop' }],
    log: { dir: 'log', ...log },
    ...more,
  });
  opened.push(router);
  return router;
}

const files = async ({ dir }: TestRouter): Promise<string[]> =>
  (await readdir(join(dir, 'log'))).filter((name) => name.startsWith('usage-')).sort();
const textOf = async (router: TestRouter, name: string): Promise<string> => {
  await router.router.flush();
  return readFile(join(router.dir, 'log', name), 'utf8');
};

async function requestsIn(router: TestRouter): Promise<TraceRequest[]> {
  await router.router.flush();
  const found: TraceRequest[] = [];
  const paths = (await files(router)).map((name) => join(router.dir, 'log', name));
  const { format, rejects } = await readTrace(paths[0]!, (request) => void found.push({ ...request }));
  expect([format, rejects]).toEqual(['tollgate', []]);
  return found;
}

const busy = json({ error: { message: 'busy' } }, 503);

describe('the usage log', () => {
  test.each(['csv', 'jsonl'])(
    'in %s is a trace that reads back as what was served, attempt by attempt',
    async (format) => {
      const router = await logged({ format });
      alpha.script(busy, json(ANSWER), alpha.events([ROLE, content('a'.repeat(30))]));
      await ask(router, { ...CHAT, user: '=cmd()', metadata: { feature: 'sea"rch,\n' } });
      await ask(router, CHAT, { headers: { 'x-tollgate-user': 'u2', 'x-tollgate-feature': 'chat' } });
      await ask(router, STREAM);
      await router.entry(3);
      const found = await requestsIn(router);
      expect(
        found.map(({ seller, status, input_tokens, output_tokens, team }) => [
          seller,
          status,
          input_tokens,
          output_tokens,
          team,
        ]),
      ).toEqual([
        ['alpha', 503, 0, 0, 'shop'],
        ['beta', 200, 1000, 200, 'shop'],
        ['alpha', 200, 1000, 200, 'shop'],
        ['alpha', 502, 2, 10, 'shop'],
      ]);
      expect(found[2]).toMatchObject({ user: 'u2', feature: 'chat', model: 'm', tier: 'standard' });
      expect(found[1]?.latency_ms).toBeGreaterThanOrEqual(0);
    },
  );

  test('can have a row per request instead', async () => {
    const router = await logged({ rows: 'request' });
    alpha.script(busy);
    await ask(router, CHAT);
    await router.entry();
    expect(await requestsIn(router)).toMatchObject([{ seller: 'beta', status: 200, input_tokens: 1000 }]);
  });

  test('goes on behind the last whole line of a process that died', async () => {
    const first = await logged({});
    await ask(first, CHAT);
    await first.router.flush();
    const [name] = await files(first);
    const file = join(first.dir, 'log', name!);
    const whole = await readFile(file, 'utf8');
    await opened.pop()!.router.close();
    await appendFile(file, '2026-01-01T00:00:00.000Z,alpha,m,stan');
    const second = await logged({ dir: join(first.dir, 'log') });
    expect(await readFile(file, 'utf8')).toBe(whole);
    await ask(second, CHAT);
    await second.entry();
    await second.router.flush();
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect([lines.length, lines.filter((line) => line.startsWith('time,')).length]).toEqual([4, 1]);
  });

  test('begins another file where the columns of the old one are others, and where it is full', async () => {
    const first = await logged({ rotate_bytes: 1024 });
    await writeFile(join(first.dir, 'log', 'usage-000002.csv'), 'a,b\n1,2\n');
    for (let i = 0; i < 8; i++) {
      await ask(first, CHAT);
      await first.entry(i + 1);
      await first.router.flush();
    }
    const names = await files(first);
    expect(names).toContain('usage-000003.csv');
    expect(await textOf(first, 'usage-000002.csv')).toBe('a,b\n1,2\n');
    for (const name of names.filter((one) => one !== 'usage-000002.csv')) {
      const text = await textOf(first, name);
      expect(text.startsWith('time,')).toBe(true);
      expect(text.endsWith('\n')).toBe(true);
    }
  });

  test('holds prompts only where that is asked for, and hashes of them without their text', async () => {
    const secret = { ...CHAT, messages: [{ role: 'user', content: 'my-private-words '.repeat(400) }] };
    const plain = await logged({ hash_chain: true });
    await ask(plain, secret);
    await ask(plain, { ...secret, messages: [...secret.messages, { role: 'user', content: 'more' }] });
    await plain.entry(2);
    const [first, second] = await requestsIn(plain);
    expect(await textOf(plain, 'usage-000001.csv')).not.toContain('my-private-words');
    expect(first?.hash_chain).toHaveLength(4);
    expect(second?.hash_chain?.slice(0, 3)).toEqual(first?.hash_chain?.slice(0, 3));
    const open = await logged({ prompts: true });
    await ask(open, secret);
    await open.entry();
    expect(await textOf(open, 'usage-000001.csv')).toContain('my-private-words');
  });
});
