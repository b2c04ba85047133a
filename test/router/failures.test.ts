import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER, ask, CHAT, ROUTES, startRouter, type TestRouter } from './setting.ts';
import { json, reset, TestUpstream } from './upstream.ts';

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

describe('attempts', () => {
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

describe('what a request can’t do', () => {
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
