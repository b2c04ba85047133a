import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ANSWER,
  ask,
  CHAT,
  content,
  DONE,
  ROLE,
  STOP,
  STREAM,
  startRouter,
  type TestRouter,
  USAGE,
} from './setting.ts';
import { json, pause, silent, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  router = await startRouter({
    routes: {
      a: { seller: 'alpha', model: 'm' },
      flex: { seller: 'alpha', model: 'm', tier: 'flex' },
      batch: { seller: 'alpha', model: 'm', tier: 'batch' },
    },
    routing: {
      policy: { kind: 'single' },
      policies: { cheap: { kind: 'fallback', first: 'batch', to: ['a'], same_seller: 'allow' } },
    },
    models: { cheap: 'cheap' },
    upstreams: { alpha: { base_url: upstream.base_url } },
    timeouts: { first_byte: '400 ms', idle: '5 s', client_idle: '700 ms' },
  });
});

beforeEach(() => {
  upstream.script(json(ANSWER));
  router.entries.length = 0;
});

afterAll(async () => {
  expect(router.bugs).toEqual([]);
  await router.router.close();
  await upstream.close();
});

describe('a client that takes nothing', () => {
  test('or leaves while it is still sending, leaves no trace', async () => {
    const socket = connect(router.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"model"',
    );
    await pause(100);
    socket.destroy();
    await pause(100);
    expect([upstream.calls.length, router.entries.length, router.bugs.length]).toEqual([0, 0, 0]);
  });
});

describe('tiers', () => {
  test('that a route is of are asked for, unless the client names one; a price holds for the tier that answered', async () => {
    await ask(router, { ...CHAT, model: 'flex' });
    expect(upstream.calls[0]?.body.service_tier).toBe('flex');
    await ask(router, { ...CHAT, model: 'flex', service_tier: 'default' });
    expect(upstream.calls[1]?.body.service_tier).toBe('default');
    upstream.script(json({ ...ANSWER, service_tier: 'default' }));
    const { headers } = await ask(router, { ...CHAT, model: 'flex' });
    expect(headers).toMatchObject({ 'x-tollgate-cost-status': 'exact', 'x-tollgate-cost-usd': '0.006' });
    upstream.script(json({ ...ANSWER, service_tier: 'priority' }));
    expect((await ask(router, CHAT)).headers['x-tollgate-cost-status']).toBe('unpriced');
  });

  test('that nobody waits for are passed over', async () => {
    const { headers } = await ask(router, { ...CHAT, model: 'cheap' });
    expect(headers['x-tollgate-route']).toBe('a');
    expect((await ask(router, { ...CHAT, model: 'batch' })).status).toBe(400);
    expect(upstream.calls).toHaveLength(1);
  });
});

describe('what is not known', () => {
  test('is never told as a cost of 0', async () => {
    upstream.script(silent);
    const { status, headers } = await ask(router, CHAT);
    expect([status, headers['x-tollgate-cost-status'], headers['x-tollgate-cost-usd']]).toEqual([
      504,
      'unpriced',
      undefined,
    ]);
  });

  test('usage of two answers waits for both', async () => {
    const two = [0, 1].map(
      (index) =>
        `data: ${JSON.stringify({ choices: [{ index, delta: { content: 'x' }, finish_reason: 'stop' }] })}\n\n`,
    );
    upstream.script(upstream.events([two[0]!]));
    expect((await ask(router, { ...STREAM, n: 2 })).end).toBe('broken');
    upstream.script(upstream.events(two));
    expect((await ask(router, { ...STREAM, n: 2 })).end).toBe('whole');
  });
});

describe('headers of sellers', () => {
  test('that node would not write are left out', async () => {
    upstream.script((response) => {
      const text = JSON.stringify(ANSWER);
      response.socket?.end(
        Buffer.from(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: r\u00e9\u20ac\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
        ),
      );
    });
    const { status, headers } = await ask(router, CHAT);
    expect([status, headers['x-request-id']]).toEqual([200, headers['x-tollgate-request']]);
  });
});

describe('usage that comes with the last content', () => {
  test('gains its cost there, for a client that asked', async () => {
    const last = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'b' }, finish_reason: 'stop' }], usage: USAGE })}\n\n`;
    const sent = [ROLE, content('a'), last, DONE];
    upstream.script(upstream.events(sent));
    expect((await ask(router, STREAM)).text).toBe(sent.join(''));
    const { text } = await ask(router, { ...STREAM, stream_options: { include_usage: true } });
    expect(text).toBe(sent.join('').replace('"total_tokens":1200', '"total_tokens":1200,"cost":0.006'));
    expect(STOP).not.toContain('cost');
  });
});
