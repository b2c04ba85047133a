import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ANSWER_USD,
  type Answer,
  ask,
  CHAT,
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
  USAGE_CHUNK,
} from './setting.ts';
import { after, type Behaviour, json, pause, silent, TestUpstream } from './upstream.ts';

let alpha: TestUpstream;
let beta: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  [alpha, beta] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  router = await startRouter({
    routes: { a: ROUTES.a, b: ROUTES.b },
    routing: {
      policy: { kind: 'fallback', first: 'a', to: ['b'] },
      policies: { only_a: { kind: 'single', route: 'a' } },
      retries: { per_route: 1, on: ['overloaded'], base: '1 ms' },
    },
    upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
    models: { lone: 'only_a' },
    clients: [{ name: 'web', key_sha256: sha256(KEY) }],
    timeouts: { connect: '500 ms', first_byte: '700 ms', idle: '600 ms', total: '2500 ms' },
  });
});

beforeEach(() => {
  alpha.script();
  beta.script();
  router.entries.length = 0;
  router.bugs.length = 0;
});

afterAll(async () => {
  await router.router.close();
  await Promise.all([alpha.close(), beta.close()]);
});

const WHOLE = [ROLE, content('Hel'), content('lo'), STOP, USAGE_CHUNK, DONE];
const without = (text: string): string => WHOLE.filter((one) => one !== text).join('');
const withUsage = { ...STREAM, stream_options: { include_usage: true } };
/** Everything that had an end is reported. */
const calls = (): number[] => [alpha.calls.length, beta.calls.length];

describe('a stream', () => {
  test('reaches the client byte for byte, less the usage chunk that it did not ask for', async () => {
    alpha.script(alpha.events(WHOLE));
    const { status, headers, text, end } = await ask(router, STREAM);
    expect([status, end, text]).toEqual([200, 'whole', without(USAGE_CHUNK)]);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-tollgate-route': 'a',
      'x-accel-buffering': 'no',
    });
    expect(alpha.calls[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const { outcome, attempts, ttft_ms } = await router.entry();
    expect(outcome).toBe('answered');
    expect(attempts[0]).toMatchObject({ cost: { usd: ANSWER_USD, status: 'exact' }, billing: 'billed' });
    expect(ttft_ms).toBeGreaterThan(0);
  });

  test('tells its cost in the usage chunk that the client asked for, and changes nothing else', async () => {
    alpha.script(alpha.events(WHOLE));
    const { text } = await ask(router, withUsage);
    const rewritten = USAGE_CHUNK.replace('"total_tokens":1200}', `"total_tokens":1200,"cost":${ANSWER_USD}}`);
    expect(text).toBe(WHOLE.join('').replace(USAGE_CHUNK, rewritten));
  });

  test('keeps other options of the stream when it asks for usage', async () => {
    alpha.script(alpha.events(WHOLE));
    await ask(router, { ...STREAM, stream_options: { include_obfuscation: false } });
    expect(alpha.calls[0]?.body.stream_options).toEqual({ include_obfuscation: false, include_usage: true });
  });

  test('whose seller reports no usage costs an estimate, never nothing', async () => {
    alpha.script(alpha.events([ROLE, content('x'.repeat(300)), STOP, DONE]));
    await ask(router, STREAM);
    const [attempt] = (await router.entry()).attempts;
    expect(attempt?.cost.status).toBe('estimated');
    expect(attempt?.counts?.output_tokens).toBe(100);
    expect(attempt?.cost.usd).toBeGreaterThan(0);
  });

  test('that is split into single bytes comes out the same, whatever characters it holds', async () => {
    const text = [ROLE, content('żółć 日本語 👩‍🚀'), STOP, USAGE_CHUNK, DONE].join('');
    const bytes = Buffer.from(text);
    alpha.script(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.socket?.setNoDelay(true);
      for (let i = 0; i < bytes.length; i++) {
        response.write(bytes.subarray(i, i + 1));
        if (i % 8 === 0) await pause(0);
      }
      response.end();
    });
    const answer = await ask(router, STREAM);
    expect(answer.text).toBe(text.replace(USAGE_CHUNK, ''));
    expect((await router.entry()).attempts[0]?.cost).toEqual({ usd: ANSWER_USD, status: 'exact' });
  });

  test('keeps comments, CRLF, events of several data lines and fields that nobody knows', async () => {
    const multi = `id: 1\r\nevent: message\r\ndata: {"choices":\r\ndata: [{"index":0,"delta":{"content":"a"}}]}\r\nfoo: bar\r\n\r\n`;
    const sent = [
      ': waiting\n\n',
      ': one\r\n',
      ROLE.replaceAll('\n', '\r\n'),
      multi,
      STOP,
      'retry: 10\n\n',
      USAGE_CHUNK,
      DONE,
    ];
    alpha.script(alpha.events(sent));
    const { text } = await ask(router, STREAM);
    expect(text).toBe(sent.filter((one) => one !== USAGE_CHUNK).join(''));
    expect((await router.entry()).outcome).toBe('answered');
  });

  test('lets comments through while it waits for an event', async () => {
    const sent = [ROLE, content('a'), ': still here\n', 120, ': still here\n', 120, content('b'), STOP, DONE];
    alpha.script(alpha.events(sent));
    const seen: number[] = [];
    const from = Date.now();
    await ask(router, STREAM, {
      leaveAt: (text) => {
        if (text.endsWith('here\n')) seen.push(Date.now() - from);
        return false;
      },
    });
    expect(seen).toHaveLength(2);
  });

  test('whose last event has no empty line behind it is whole', async () => {
    alpha.script(alpha.events([ROLE, content('a'), STOP, 'data: [DONE]']));
    const { text, end } = await ask(router, STREAM);
    expect([text.endsWith('data: [DONE]'), end]).toEqual([true, 'whole']);
    expect((await router.entry()).outcome).toBe('answered');
  });
});

describe('before the first content', () => {
  const early: [string, () => Behaviour, number][] = [
    [
      'an error in the first event',
      () => alpha.events([`data: {"error":{"message":"no","code":"server_error"}}\n\n`]),
      1,
    ],
    ['an `error` event after a role', () => alpha.events([ROLE, `event: error\ndata: {"message":"no"}\n\n`]), 1],
    ['a stream that ends after a role', () => alpha.events([ROLE]), 1],
    ['a stream of nothing but its end', () => alpha.events([DONE]), 1],
    ['a connection that breaks after a role', () => alpha.events([ROLE], 'cut'), 1],
    ['an error in JSON with the status 200', () => json({ error: { message: 'no', type: 'server_error' } }), 1],
    ['a seller that stalls before the first byte', () => silent, 1],
    ['a seller that stalls after a role', () => alpha.events([ROLE], 'stall'), 1],
    ['an overload, which is retried', () => json({ error: { message: 'busy' } }, 503), 2],
  ];
  test.each(early)('%s leads to the next route, and the client sees one answer', async (_, behaviour, tries) => {
    alpha.script(behaviour());
    beta.script(beta.events(WHOLE));
    const { status, text, end, headers } = await ask(router, STREAM);
    expect([status, text, end]).toEqual([200, without(USAGE_CHUNK), 'whole']);
    expect(headers['x-tollgate-route']).toBe('b');
    expect(headers['x-tollgate-attempts']).toBe(String(tries + 1));
    expect(calls()).toEqual([tries, 1]);
    const { outcome, attempts } = await router.entry();
    expect(outcome).toBe('answered');
    expect(attempts.map(({ route, result }) => [route, result === 'answered'])).toEqual([
      ...Array.from({ length: tries }, () => ['a', false]),
      ['b', true],
    ]);
  });
});

describe('after the first content', () => {
  const broken: [string, () => Behaviour][] = [
    ['ends early', () => alpha.events([ROLE, content('Hel')])],
    ['is cut', () => alpha.events([ROLE, content('Hel')], 'cut')],
    ['stalls', () => alpha.events([ROLE, content('Hel')], 'stall')],
    ['breaks within an event', () => alpha.events([ROLE, content('Hel'), 'data: {"choi'], 'cut')],
  ];
  test.each(broken)(
    'a stream that %s is never begun again: an error event, a broken connection, `truncated`',
    async (_, behaviour) => {
      alpha.script(behaviour());
      beta.script(beta.events(WHOLE));
      const { text, end } = await ask(router, STREAM);
      expect(end).toBe('broken');
      const started = ROLE + content('Hel');
      expect(text.startsWith(started)).toBe(true);
      const rest = text.slice(started.length);
      expect(rest.replace(/^data: \{"choi/, '')).toMatch(/^event: error\ndata: \{.*"code":"stream_truncated".*\}\n\n$/);
      expect(calls()).toEqual([1, 0]);
      const { outcome, attempts } = await router.entry();
      expect(outcome).toBe('truncated');
      expect(attempts).toHaveLength(1);
      expect(attempts[0]).toMatchObject({ result: 'truncated', billing: 'billed', cost: { status: 'estimated' } });
      expect(attempts[0]?.cost.usd).toBeGreaterThan(0);
    },
  );

  test('an error of the seller is passed on as it came, and the request is not a success', async () => {
    const error = `data: {"error":{"message":"gone","code":502}}\n\n`;
    alpha.script(alpha.events([ROLE, content('Hel'), error]));
    const { text } = await ask(router, STREAM);
    expect(text).toBe(ROLE + content('Hel') + error);
    expect((await router.entry()).outcome).toBe('truncated');
    expect(calls()).toEqual([1, 0]);
  });

  test('the whole attempt has a time, however lively the stream is', async () => {
    const lively = Array.from({ length: 60 }, () => [content('x'), 50]).flat();
    alpha.script(alpha.events([ROLE, ...lively, STOP, DONE]));
    const from = Date.now();
    const { end } = await ask(router, STREAM);
    expect(end).toBe('broken');
    expect(Date.now() - from).toBeLessThan(4500);
    for (let i = 0; i < 50 && alpha.brokenOff === 0; i++) await pause(10);
    expect(alpha.brokenOff).toBe(1);
  });
});

describe('a client that leaves', () => {
  const gone = async (answer: Promise<Answer>): Promise<void> => {
    await answer;
    for (let i = 0; i < 100 && alpha.brokenOff === 0; i++) await pause(10);
    expect(alpha.brokenOff).toBe(1);
    expect(calls()).toEqual([1, 0]);
    expect(await router.entry()).toMatchObject({ outcome: 'cancelled' });
    expect(router.bugs).toEqual([]);
  };

  test('before the seller’s headers ends the seller’s work', async () => {
    alpha.script(after(600, json({})));
    await gone(ask(router, CHAT, { leaveAfter_ms: 80 }));
    const [attempt] = (await router.entry()).attempts;
    expect(attempt).toMatchObject({ result: 'cancelled', billing: 'unknown', cost: { usd: null } });
  });

  test('before the first token of a stream ends it too', async () => {
    alpha.script(alpha.events([ROLE, 500, content('x')]));
    await gone(ask(router, STREAM, { leaveAfter_ms: 80 }));
  });

  test('in the middle of a stream ends it after a few chunks, and what was made is estimated', async () => {
    const lively = Array.from({ length: 200 }, () => [content('four'), 5]).flat();
    alpha.script(alpha.events([ROLE, ...lively, STOP, DONE]));
    await gone(ask(router, STREAM, { leaveAt: (text) => text.split('four').length > 3 }));
    expect(alpha.chunks).toBeLessThan(60);
    const [attempt] = (await router.entry()).attempts;
    expect(attempt).toMatchObject({ billing: 'billed', cost: { status: 'estimated' } });
    expect(attempt?.cost.usd).toBeGreaterThan(0);
  });
});
