import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANSWER, ANSWER_USD, ask, CANARY, CHAT, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  router = await startRouter({
    routes: { a: ROUTES.a },
    routing: { policy: { kind: 'single' } },
    upstreams: { alpha: { base_url: upstream.base_url, key_env: 'TEST_KEY' } },
    clients: [{ name: 'web', key_sha256: sha256(KEY), team: 'shop' }],
  });
});

afterAll(async () => {
  await router.router.close();
  await upstream.close();
});

describe('a chat request in JSON', () => {
  test('is answered with the bytes of the seller, and its cost in the usage object alone', async () => {
    const text = `{ "id" : "x", "big": 12345678901234567890, "usage" : {"prompt_tokens": 1000, "completion_tokens": 200}, "é": "\\u00e9" }\n`;
    upstream.script(json(text));
    const { status, text: got, headers } = await ask(router, CHAT);
    expect(status).toBe(200);
    expect(got).toBe(text.replace('200}', `200,"cost":${ANSWER_USD}}`));
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-tollgate-cost-usd': String(ANSWER_USD),
      'x-tollgate-cost-status': 'exact',
      'x-tollgate-route': 'a',
      'x-tollgate-attempts': '1',
    });
    expect(Number(headers['x-tollgate-overhead-ms'])).toBeLessThan(1000);
  });

  test('reaches the seller with the model alone rewritten, the router’s key and no other header of the client', async () => {
    upstream.script(json(ANSWER));
    const body =
      '{"n":1, "model" : "alpha/m" ,"temperature":0.70, "messages":[{"role":"user","content":"\\u00fc \\"model\\":\\"a\\""}]}';
    await ask(router, body, { headers: { cookie: 'secret=1', 'x-forwarded-for': '10.0.0.1', 'openai-beta': 'x' } });
    const [call] = upstream.calls;
    expect(call?.path).toBe('/v1/chat/completions');
    expect(call?.text).toBe(body.replace('"alpha/m"', '"m"'));
    expect(call?.headers).toMatchObject({
      authorization: `Bearer ${CANARY}`,
      'accept-encoding': 'identity',
      'openai-beta': 'x',
    });
    expect(call?.headers).not.toHaveProperty('cookie');
    expect(call?.headers).not.toHaveProperty('x-forwarded-for');
  });

  test('leaves one entry in the ledger, with the counts that the seller reported', async () => {
    upstream.script(json(ANSWER));
    const before = router.entries.length;
    await ask(router, { ...CHAT, user: 'u1', metadata: { feature: 'search' } });
    const entry = await router.entry(before + 1);
    expect(entry).toMatchObject({
      outcome: 'answered',
      client: 'web',
      team: 'shop',
      user: 'u1',
      feature: 'search',
      status: 200,
    });
    expect(entry.attempts).toMatchObject([
      {
        route: 'a',
        attempt: 1,
        result: 'answered',
        billing: 'billed',
        status: 200,
        cost: { usd: ANSWER_USD, status: 'exact' },
      },
    ]);
    expect(entry.attempts[0]?.counts).toMatchObject({ input_tokens: 1000, output_tokens: 200 });
    expect(router.entries).toHaveLength(before + 1);
  });
});
