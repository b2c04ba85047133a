import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER, ask, CHAT, ROUTES, startRouter, type TestRouter } from './setting.ts';
import { after, type Behaviour, html, json, reset, silent, TestUpstream } from './upstream.ts';

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
  alpha.script();
  beta.script();
});

afterEach(async () => {
  for (const { router, bugs } of opened.splice(0)) {
    await router.close();
    expect(bugs).toEqual([]);
  }
});

const CHAIN = { kind: 'fallback', first: 'a', to: ['b'] };

async function routed(routing: object, more: object = {}): Promise<TestRouter> {
  const router = await startRouter({
    routes: { a: ROUTES.a, b: ROUTES.b },
    routing: { policy: CHAIN, ...routing },
    upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
    timeouts: { connect: '700 ms', first_byte: '700 ms', idle: '700 ms', total: '2 s' },
    ...more,
  });
  opened.push(router);
  return router;
}

const error = (code: string, message = 'no'): object => ({ error: { message, type: code, param: null, code } });
const quick = { per_route: 2, base: '1 ms' };

describe('an error inside a 200', () => {
  const bodies: [string, Behaviour][] = [
    ['an error object', json(error('server_error'))],
    ['null', json(null)],
    ['no JSON', json('<html>')],
    ['nothing', json('')],
    ['a list', json([])],
  ];
  test.each(bodies)('%s counts against the route and leads to the next', async (_, behaviour) => {
    const router = await routed({ breaker: { failures: 1 } });
    alpha.script(behaviour);
    beta.script(json(ANSWER));
    expect((await ask(router, CHAT)).headers['x-tollgate-route']).toBe('b');
    expect((await ask(router, CHAT)).headers['x-tollgate-attempts']).toBe('1');
    expect([alpha.calls.length, beta.calls.length]).toEqual([1, 2]);
    expect((await router.entry(1)).attempts[0]).toMatchObject({ billing: 'unknown', cost: { usd: null } });
  });
});

describe('attempts', () => {
  test('are counted over retries and routes together, to the exact number at the sellers', async () => {
    const router = await routed({ retries: quick, limits: { attempts: 4 } });
    alpha.script(json(error('server_error'), 500));
    beta.script(json(error('server_error'), 500));
    const { status, headers } = await ask(router, CHAT);
    expect([status, headers['x-tollgate-attempts']]).toEqual([500, '4']);
    expect([alpha.calls.length, beta.calls.length]).toEqual([3, 1]);
  });

  test('of one request carry one idempotency key, the client’s own where it sends one', async () => {
    const router = await routed({ retries: quick });
    alpha.script(json(error('server_error'), 500));
    beta.script(json(ANSWER));
    await ask(router, CHAT);
    const keys = new Set([...alpha.calls, ...beta.calls].map(({ headers }) => headers['idempotency-key']));
    expect([alpha.calls.length, keys.size]).toEqual([3, 1]);
    await ask(router, CHAT, { headers: { 'idempotency-key': 'mine' } });
    expect(beta.calls.at(-1)?.headers['idempotency-key']).toBe('mine');
  });

  test('that time out may have been billed, and are not tried again on the same route by default', async () => {
    const router = await routed({ retries: quick });
    alpha.script(silent);
    beta.script(json(ANSWER));
    expect((await ask(router, CHAT)).status).toBe(200);
    expect([alpha.calls.length, beta.calls.length]).toEqual([1, 1]);
    const { attempts } = await router.entry();
    expect(attempts.map(({ result, billing }) => [result, billing])).toEqual([
      ['timeout', 'unknown'],
      ['answered', 'billed'],
    ]);
  });

  test('on a connection that broke without a byte are tried again only where the policy says so', async () => {
    alpha.script(reset, json(ANSWER));
    const first = await ask(await routed({ policy: 'a' }), CHAT);
    expect([first.status, alpha.calls.length]).toEqual([502, 1]);
    expect(first.text).toContain('upstream_unreachable');
    alpha.script(reset, json(ANSWER));
    const second = await ask(await routed({ policy: 'a', retries: { per_route: 1, on: ['connection'] } }), CHAT);
    expect([second.status, alpha.calls.length]).toEqual([200, 2]);
  });

  test('where no connection stands were not sent', async () => {
    const router = await routed(
      { policy: 'a' },
      { upstreams: { alpha: { base_url: 'http://127.0.0.1:9/v1' }, beta: { base_url: beta.base_url } } },
    );
    expect((await ask(router, CHAT)).status).toBe(502);
    expect((await router.entry()).attempts[0]).toMatchObject({
      result: 'connection',
      billing: 'not_sent',
      cost: { usd: 0 },
    });
  });
});

describe('Retry-After', () => {
  const forms: [string, () => Record<string, string>][] = [
    ['seconds', () => ({ 'retry-after': '1' })],
    ['milliseconds', () => ({ 'retry-after-ms': '1000' })],
    ['an HTTP date', () => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() })],
  ];
  test.each(forms)('in %s is waited for', async (_, headers) => {
    const router = await routed({ retries: { per_route: 1, base: '1 ms', jitter: 'none' } });
    alpha.script((response, seen) => json(error('rate_limit_exceeded'), 429, headers())(response, seen), json(ANSWER));
    expect((await ask(router, CHAT)).status).toBe(200);
    const [first, second] = alpha.calls;
    expect(second!.at_ms - first!.at_ms).toBeGreaterThanOrEqual(900);
    expect(second!.at_ms - first!.at_ms).toBeLessThan(2600);
  });

  test('longer than the policy waits sends the request on, and is passed on where there is nowhere to go', async () => {
    const router = await routed({ policy: 'a', retries: { per_route: 2, base: '1 ms', retry_after_cap: '5 s' } });
    alpha.script(
      json(error('rate_limit_exceeded'), 429, { 'retry-after': '60', 'x-ratelimit-remaining-requests': '0' }),
    );
    const { status, headers, text } = await ask(router, CHAT);
    expect([status, headers['retry-after'], headers['x-ratelimit-remaining-requests']]).toEqual([429, '60', '0']);
    expect(text).toBe(JSON.stringify(error('rate_limit_exceeded')));
    expect(alpha.calls).toHaveLength(1);
  });

  test('keeps the route out of use for so long, and the router’s own answer says how long that is', async () => {
    const router = await routed({ policy: 'a', breaker: { failures: 1, cooldown: '1 s' } });
    alpha.script(json(error('rate_limit_exceeded'), 429, { 'retry-after': '20' }));
    await ask(router, CHAT);
    const { status, headers, text } = await ask(router, CHAT);
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'no_route', type: 'upstream_error', param: null } });
    expect(Number(headers['retry-after'])).toBeGreaterThan(15);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(20);
    expect(alpha.calls).toHaveLength(1);
    expect(await router.entry(2)).toMatchObject({ outcome: 'no_route', attempts: [] });
  });
});

describe('a quota that is used up', () => {
  test('is not tried again on its route, leads to the next and opens the breaker at once', async () => {
    const router = await routed({ retries: quick, breaker: { failures: 100 } });
    alpha.script(json(error('insufficient_quota'), 429));
    beta.script(json(ANSWER));
    await ask(router, CHAT);
    await ask(router, CHAT);
    expect([alpha.calls.length, beta.calls.length]).toEqual([1, 2]);
    expect((await router.entry(1)).attempts[0]).toMatchObject({
      result: 'quota_exhausted',
      billing: 'refused',
      cost: { usd: 0 },
    });
  });
});

describe('errors of sellers', () => {
  test('with a status of the client’s are passed on byte for byte, and tried nowhere else', async () => {
    const router = await routed({ retries: quick });
    const text = `{ "error" : {"message":"bad","type":"invalid_request_error","param":"messages","code":null} }`;
    alpha.script(json(text, 400, { 'x-request-id': 'req_1' }));
    const answer = await ask(router, CHAT);
    expect([answer.status, answer.text, answer.headers['x-request-id']]).toEqual([400, text, 'req_1']);
    expect([alpha.calls.length, beta.calls.length]).toEqual([1, 0]);
  });

  test('as a page of HTML become an error that programs read, with the same status', async () => {
    const router = await routed({ policy: 'a' });
    alpha.script(html(503));
    const { status, text, headers } = await ask(router, CHAT);
    expect([status, headers['content-type']]).toEqual([503, 'application/json']);
    expect(JSON.parse(text)).toEqual({
      error: { message: 'the seller answered 503', type: 'upstream_error', param: null, code: 'upstream_error' },
    });
  });

  test('are followed nowhere: a redirect is a failure of the seller', async () => {
    const router = await routed({ policy: 'a' });
    alpha.script(json('{}', 302, { location: beta.base_url }));
    expect((await ask(router, CHAT)).status).toBe(502);
    expect(beta.calls).toHaveLength(0);
  });
});

describe('where every route is open', () => {
  test('a probe is let through after the cooldown, one at a time', async () => {
    const router = await routed({ policy: 'a', breaker: { failures: 1, cooldown: '400 ms' } });
    alpha.script(json(error('server_error'), 500), after(300, json(ANSWER)));
    await ask(router, CHAT);
    expect((await ask(router, CHAT)).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 450));
    const together = await Promise.all([1, 2, 3].map(() => ask(router, CHAT)));
    expect(together.map(({ status }) => status).sort()).toEqual([200, 503, 503]);
    expect(alpha.calls).toHaveLength(2);
    expect((await ask(router, CHAT)).status).toBe(200);
  });

  test('weights of 0 alone are refused before anything starts', async () => {
    await expect(routed({ policy: { kind: 'weighted', of: [{ use: 'a', weight: 0 }] } })).rejects.toThrow(
      'weights sum to 0',
    );
  });
});

describe('what a request can’t do', () => {
  test('name another address, in the body, a header or the path', async () => {
    const router = await routed({});
    alpha.script(json(ANSWER));
    const headers = { 'x-base-url': beta.base_url, host: 'evil.example', 'x-portkey-custom-host': beta.base_url };
    await ask(router, { ...CHAT, base_url: beta.base_url, api_base: beta.base_url }, { headers });
    expect([alpha.calls.length, beta.calls.length]).toEqual([1, 0]);
    expect(alpha.calls[0]?.headers.host).toBe(new URL(alpha.base_url).host);
    expect((await ask(router, CHAT, { path: `//${new URL(beta.base_url).host}/v1/chat/completions` })).status).toBe(
      404,
    );
    expect((await ask(router, { ...CHAT, model: beta.base_url })).status).toBe(404);
    expect(beta.calls).toHaveLength(0);
  });

  const bad: [string, string | object, Record<string, string>, number, string][] = [
    ['be of another type', CHAT, { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['be no JSON', '{"model":', {}, 400, 'invalid_json'],
    ['be a list', '[1]', {}, 400, 'invalid_json'],
    ['name no model', { messages: [] }, {}, 400, 'model_missing'],
    ['name a model twice', '{"model":"a","model":"b"}', {}, 400, 'duplicate_key'],
    ['hide a second model in an escape', '{"model":"a","mod\\u0065l":"b"}', {}, 400, 'duplicate_key'],
    ['nest without end', `{"model":"a","x":${'['.repeat(5000)}${']'.repeat(5000)}}`, {}, 400, 'json_too_deep'],
    ['be longer than the limit', { ...CHAT, pad: 'x'.repeat(70_000) }, {}, 413, 'request_too_large'],
    ['ask for a model that nobody has', { ...CHAT, model: 'alpha/n' }, {}, 404, 'model_not_found'],
  ];
  test.each(bad)('%s', async (_, body, headers, status, code) => {
    const router = await routed({}, { listen: { port: 0, body_bytes: 65_536 } });
    const answer = await ask(router, body, { headers });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error).toMatchObject({ code, type: 'invalid_request_error' });
    expect(alpha.calls).toHaveLength(0);
  });
});

describe('answers that are compressed although nobody asked', () => {
  test('are read and passed on as they are without it', async () => {
    const { gzipSync } = await import('node:zlib');
    const router = await routed({ policy: 'a' });
    alpha.script((response) => {
      const bytes = gzipSync(JSON.stringify(ANSWER));
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'content-length': bytes.length,
        connection: 'x-hop',
        'x-hop': '1',
      });
      response.end(bytes);
    });
    const { status, headers, text } = await ask(router, CHAT);
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('x-hop');
    expect(JSON.parse(text)).toMatchObject({ choices: ANSWER.choices });
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text));
  });
});
