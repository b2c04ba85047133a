import { rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/router/read-config.ts';
import {
  ANSWER,
  ask,
  CANARY,
  CHAT,
  cheaper,
  content,
  DONE,
  KEY,
  ROLE,
  ROUTES,
  STOP,
  STREAM,
  sha256,
  startRouter,
  type TestRouter,
} from './setting.ts';
import { json, pause, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
beforeAll(async () => {
  upstream = await new TestUpstream().listen();
});
afterAll(() => upstream.close());

const config = (more: object = {}): object => ({
  listen: { port: 0 },
  routes: { a: ROUTES.a },
  routing: {
    policy: 'a',
    budgets: [{ name: 'day', period: 'day', hard: 1 }],
    breaker: { failures: 1, cooldown: '1 minute' },
  },
  upstreams: { alpha: { base_url: upstream.base_url } },
  log: { dir: 'log' },
  ...more,
});

describe('draining', () => {
  test('takes no more requests and lets an open stream come to its end, which is logged', async () => {
    upstream.script(upstream.events([ROLE, content('a'), 300, content('b'), STOP, DONE]));
    const router = await startRouter(config());
    let drained: Promise<void> | undefined;
    const answer = await ask(router, STREAM, {
      leaveAt: (text) => {
        if (text.includes('"a"')) drained ??= router.router.drain(5000);
        return false;
      },
    });
    expect([answer.end, answer.text.includes('"b"')]).toEqual(['whole', true]);
    await expect(ask(router, CHAT)).rejects.toThrow('ECONNREFUSED');
    await drained;
    expect(router.entries).toHaveLength(1);
  });

  test('says on an open connection that it is not ready, and turns requests away', async () => {
    upstream.script(upstream.events([ROLE, content('a'), 400, STOP, DONE]));
    const router = await startRouter(config());
    const socket = connect(router.port, '127.0.0.1');
    let heard = '';
    socket.on('data', (part) => {
      heard += part.toString();
    });
    let drained: Promise<void> | undefined;
    const open = ask(router, STREAM, {
      leaveAt: (text) => {
        if (!text.includes('"a"') || drained !== undefined) return false;
        // Half a request keeps the connection from being idle.
        socket.write('GET /ready HTTP/1.1\r\nhost: x\r\n');
        drained = pause(50).then(() => router.router.drain(3000));
        return false;
      },
    });
    await pause(250);
    socket.write('\r\n');
    await open;
    await drained;
    expect(heard).toMatch(/^HTTP\/1\.1 503/);
    socket.destroy();
  });

  test('breaks off after its limit what has not ended, and logs that too', async () => {
    upstream.script(upstream.events([ROLE, content('a')], 'stall'));
    const router = await startRouter(config());
    let drained: Promise<void> | undefined;
    const { end } = await ask(router, STREAM, {
      leaveAt: (text) => {
        if (text.includes('"a"')) drained ??= router.router.drain(150);
        return false;
      },
    });
    expect(end).toBe('broken');
    await drained;
    expect(router.entries).toMatchObject([{ outcome: 'cancelled' }]);
  });
});

describe('another configuration', () => {
  const reread = async (router: TestRouter, next: object): Promise<void> => {
    const file = join(router.dir, 'router.yaml');
    await writeFile(file, JSON.stringify(next));
    router.router.reload(await readConfig(file, {}));
  };

  test('is taken up while it runs: spend and open breakers go on to hold', async () => {
    const router = await startRouter(config({ routes: { a: ROUTES.a } }));
    upstream.script(json(ANSWER), json({ error: { message: 'x' } }, 500), json(ANSWER));
    await ask(router, CHAT);
    const spent = router.router.parts.table.state.budgets[0]?.spent_nano_usd[0];
    await ask(router, CHAT);
    const both = config({
      routes: { b: ROUTES.b, a: ROUTES.a },
      upstreams: { alpha: { base_url: upstream.base_url }, beta: { base_url: upstream.base_url } },
      routing: {
        policy: { kind: 'single' },
        budgets: [{ name: 'day', period: 'day', hard: 1 }],
        breaker: { failures: 1, cooldown: '1 minute' },
      },
    });
    await reread(router, both);
    expect(router.router.parts.table.state.budgets[0]?.spent_nano_usd[0]).toBe(spent);
    expect((await ask(router, CHAT)).status).toBe(503);
    expect((await ask(router, { ...CHAT, model: 'b' })).status).toBe(200);
    await router.router.close();
  });

  test('with the price book: both are taken up or none, and what is another is told in one line', async () => {
    const router = await startRouter(config({ cache: {}, clients: [{ name: 'web', key_sha256: sha256(KEY) }] }));
    upstream.script(json(ANSWER));
    expect((await ask(router, CHAT)).headers['x-tollgate-cost-usd']).toBe('0.006');
    const file = join(router.dir, 'router.yaml');
    const key = join(router.dir, 'key');
    await writeFile(key, `${CANARY}\n`);
    const next = config({
      routes: { a: ROUTES.a, b: ROUTES.b },
      cache: {},
      clients: [{ name: 'web', key_sha256: sha256(KEY), team: 'shop' }],
      upstreams: { alpha: { base_url: upstream.base_url, key_file: 'key' }, beta: { base_url: upstream.base_url } },
    });
    await writeFile(file, JSON.stringify(next));
    const twice = cheaper(2);
    const changes = router.router.reload(await readConfig(file, {}), twice);
    expect(changes).toBe('routes: +b; upstreams: +beta alpha; keys: +alpha; prices: +b a; clients: web');
    expect(changes).not.toContain(CANARY);
    const { headers } = await ask(router, { ...CHAT, messages: [] });
    expect([headers['x-tollgate-cost-usd'], upstream.calls.at(-1)?.headers.authorization]).toEqual([
      '0.012',
      `Bearer ${CANARY}`,
    ]);
    await writeFile(key, 'sk-next');
    expect(router.router.reload(await readConfig(file, {}))).toBe('keys: alpha');
    expect((await ask(router, { ...CHAT, messages: [] })).headers['x-tollgate-cache']).toBe('hit');
    await rm(key);
    await expect(readConfig(file, {})).rejects.toThrow(
      "the file key is not there, so the routes of alpha (a) can't be used",
    );
    expect(router.router.reload(await readConfig(file, {}, { allowMissingKeys: true }))).toBe('keys: -alpha');
    const keyless = await ask(router, { ...CHAT, messages: [{ role: 'user', content: 'Anybody?' }] });
    expect([keyless.status, JSON.parse(keyless.text).error.code]).toEqual([503, 'no_route']);
    await router.router.close();
  });

  test('that is wrong anywhere is refused as a whole', async () => {
    const router = await startRouter(config());
    upstream.script(json(ANSWER));
    await expect(reread(router, config({ models: { x: 'y' } }))).rejects.toThrow('no route or policy "y"');
    await expect(reread(router, config({ listen: { port: 1 } }))).rejects.toThrow('starting again');
    expect((await ask(router, CHAT)).status).toBe(200);
    expect([...router.router.parts.table.models.keys()]).toEqual(['alpha/m', 'a']);
    await router.router.close();
  });
});

describe('a client that is slow on purpose', () => {
  const slow = {
    listen: { port: 0, headers_timeout: '300 ms', body_timeout: '500 ms', header_bytes: 2048, headers: 10 },
  };
  const spoken = async (router: TestRouter, text: string): Promise<{ heard: string; ms: number }> => {
    const from = Date.now();
    const socket = connect(router.port, '127.0.0.1');
    let heard = '';
    socket.on('data', (part) => {
      heard += part.toString();
    });
    socket.on('error', () => undefined);
    socket.write(text);
    await new Promise((resolve) => socket.on('close', resolve));
    return { heard, ms: Date.now() - from };
  };

  test('with its headers or its body is left', async () => {
    const router = await startRouter(config(slow));
    const headers = await spoken(router, 'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n');
    expect(headers.heard).toMatch(/^HTTP\/1\.1 408/);
    const body = await spoken(
      router,
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    expect(body.ms).toBeLessThan(4000);
    const large = await spoken(router, `GET /health HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(5000)}\r\n\r\n`);
    expect(large.heard).toMatch(/^HTTP\/1\.1 431/);
    expect(router.bugs).toEqual([]);
    await router.router.close();
  });
});
