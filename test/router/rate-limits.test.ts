import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/router/read-config.ts';
import { ANSWER, ask, CHAT, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { after, json, TestUpstream } from './upstream.ts';

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
  for (const { router, bugs } of opened.splice(0)) {
    await router.close();
    expect(bugs).toEqual([]);
  }
});

const OTHER = 'client-key-2';
/** Time stands still unless a test moves it. */
const clock = { ms: 0 };

const config = (more: object) => ({
  routes: { a: ROUTES.a, b: ROUTES.b },
  routing: { policy: { kind: 'single' } },
  upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
  ...more,
});

async function started(more: object): Promise<TestRouter> {
  clock.ms = Date.UTC(2026, 10, 21, 12);
  const router = await startRouter(config(more), { now: () => clock.ms });
  opened.push(router);
  return router;
}

const limited = (limits: object, ...others: object[]) => ({
  clients: [
    { name: 'web', key_sha256: sha256(KEY), limits },
    { name: 'batch', key_sha256: sha256(OTHER), ...others[0] },
  ],
});
const asOther = { headers: { authorization: `Bearer ${OTHER}` } };

describe('a client’s limit', () => {
  test('of requests per minute lets through as many and tells the next one when to come back', async () => {
    const router = await started(limited({ requests_per_minute: '60 request/minute', burst_requests: '2 request' }));
    const [first, second, third] = [await ask(router, CHAT), await ask(router, CHAT), await ask(router, CHAT)];
    expect([first.status, second.status, third.status]).toEqual([200, 200, 429]);
    expect(first.headers).toMatchObject({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '1000ms',
    });
    expect(third.headers).toMatchObject({
      'retry-after': '1',
      'retry-after-ms': '1000',
      'x-ratelimit-remaining-requests': '0',
    });
    expect(JSON.parse(third.text)).toEqual({
      error: { message: expect.any(String), type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
    });
    expect((await ask(router, CHAT, asOther)).status).toBe(200);
    clock.ms += 999;
    expect((await ask(router, CHAT)).headers['retry-after-ms']).toBe('1');
    clock.ms += 1;
    expect((await ask(router, CHAT)).status).toBe(200);
    expect(alpha.calls).toHaveLength(4);
    expect(router.entries.map(({ outcome }) => outcome).filter((one) => one === 'limited')).toHaveLength(2);
  });

  test('of tokens per minute counts what was used: a longer answer than expected is a debt', async () => {
    const router = await started(limited({ tokens_per_minute: '2000 token/minute' }));
    const small = { ...CHAT, max_tokens: 100 };
    expect((await ask(router, small)).headers['x-ratelimit-remaining-tokens']).toBe('1898');
    await router.entry();
    expect((await ask(router, small)).headers['x-ratelimit-remaining-tokens']).toBe('698');
    await router.entry(2);
    // 2 x 1,200 tokens of 2,000: 400 are owed, and 102 are asked for.
    const { status, headers } = await ask(router, small);
    expect([status, headers['retry-after']]).toEqual([429, String(Math.ceil((502 / 2000) * 60))]);
    expect(alpha.calls).toHaveLength(2);
  });

  test('refuses a request that is larger than the bucket without telling it to come back', async () => {
    const router = await started(limited({ tokens_per_minute: '100 token/minute' }));
    const { status, headers, text } = await ask(router, { ...CHAT, max_tokens: 200 });
    expect([status, headers['retry-after'], headers['x-should-retry']]).toEqual([429, undefined, 'false']);
    expect(JSON.parse(text).error.message).toContain('202 tokens, more than the 100');
    expect(alpha.calls).toHaveLength(0);
  });

  test('of requests under way holds whatever their number, and is free again when they end or their client leaves', async () => {
    alpha.script(after(400, json(ANSWER)));
    const router = await started(limited({ concurrent_requests: 2 }));
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask(router, CHAT)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
    expect(alpha.calls).toHaveLength(2);
    expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBe('1');
    await Promise.all([1, 2].map(() => ask(router, CHAT, { leaveAfter_ms: 80 })));
    await router.entry(7);
    alpha.script(json(ANSWER));
    expect((await ask(router, CHAT)).status).toBe(200);
  });

  test('counts answers of the cache as requests and not as tokens, and holds for messages in Anthropic’s shape', async () => {
    const router = await started({
      cache: {},
      ...limited({ requests_per_minute: '3 request/minute', tokens_per_minute: '5000 token/minute' }),
    });
    await ask(router, { ...CHAT, max_tokens: 100 });
    await router.entry();
    const hit = await ask(router, { ...CHAT, max_tokens: 100 });
    expect(hit.headers).toMatchObject({ 'x-tollgate-cache': 'hit', 'x-ratelimit-remaining-requests': '1' });
    await router.entry(2);
    const third = await ask(router, { ...CHAT, max_tokens: 101 });
    expect(third.headers['x-ratelimit-remaining-tokens']).toBe(String(5000 - 1200 - 103));
    const { status, text } = await ask(router, CHAT, { path: '/v1/messages' });
    expect([status, JSON.parse(text)]).toMatchObject([429, { type: 'error', error: { type: 'rate_limit_error' } }]);
  });

  test('goes on over a new configuration that leaves it as it was, and begins anew where it is another', async () => {
    const limits = { requests_per_minute: '1 request/minute' };
    const router = await started(limited(limits));
    await ask(router, CHAT);
    const reread = async (more: object): Promise<void> => {
      const file = join(router.dir, 'router.yaml');
      await writeFile(file, JSON.stringify({ listen: { port: 0 }, ...config(more) }));
      router.router.reload(await readConfig(file, {}));
    };
    await reread({ ...limited(limits), models: { x: 'a' } });
    expect((await ask(router, CHAT)).status).toBe(429);
    await reread(limited({ requests_per_minute: '2 request/minute' }));
    expect((await ask(router, CHAT)).status).toBe(200);
  });
});

describe('a route’s limit', () => {
  test('sends no more than it says; the policy goes on as after a seller’s 429', async () => {
    const router = await started({
      routing: { policy: { kind: 'fallback', first: 'a', to: ['b'] } },
      rate_limits: { a: { requests_per_minute: '2 request/minute' } },
    });
    for (let i = 0; i < 5; i++) expect((await ask(router, CHAT)).status).toBe(200);
    expect([alpha.calls.length, beta.calls.length]).toEqual([2, 3]);
    const { attempts } = await router.entry(3);
    expect(attempts.map(({ route, result, status, billing }) => [route, result, status, billing])).toEqual([
      ['a', 'rate_limited', 429, 'not_sent'],
      ['b', 'answered', 200, 'billed'],
    ]);
    expect(attempts[0]?.cost).toEqual({ usd: 0, status: 'exact' });
  });

  test('is told to the client where no other route is left, and counts tokens as they were used', async () => {
    const router = await started({ rate_limits: { a: { tokens_per_minute: '1300 token/minute' } } });
    const small = { ...CHAT, max_tokens: 100 };
    expect((await ask(router, small)).status).toBe(200);
    const { status, headers, text } = await ask(router, small);
    expect([status, headers['retry-after'], headers['retry-after-ms']]).toEqual([429, '1', '93']);
    expect(JSON.parse(text).error.code).toBe('rate_limit_exceeded');
    expect(alpha.calls).toHaveLength(1);
    expect((await router.entry(2)).outcome).toBe('limited');
  });

  test('is waited for by retries, as long as a Retry-After would be', async () => {
    clock.ms = 0;
    const router = await startRouter(
      config({
        routing: { policy: { kind: 'single' }, retries: { per_route: 1, base: '1 ms' } },
        rate_limits: { a: { requests_per_minute: '300 request/minute', burst_requests: '1 request' } },
      }),
    );
    opened.push(router);
    const answers = [await ask(router, CHAT), await ask(router, CHAT)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [first, second] = alpha.calls;
    expect(second!.at_ms - first!.at_ms).toBeGreaterThan(150);
  });

  test('per key is each client’s own; a name that is no route is told', async () => {
    const router = await started({
      ...limited({ concurrent_requests: 9 }),
      rate_limits: { a: { requests_per_minute: '1 request/minute', per: 'key' } },
    });
    const statuses = [];
    for (const options of [{}, {}, asOther, asOther]) statuses.push((await ask(router, CHAT, options)).status);
    expect(statuses).toEqual([200, 429, 200, 429]);
    await expect(started({ rate_limits: { c: { requests_per_minute: '1 request/minute' } } })).rejects.toThrow(
      'no route "c"',
    );
    await expect(started(limited({}))).rejects.toThrow('needs a limit');
  });
});
