import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER, ask, CHAT, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, silent, TestUpstream } from './upstream.ts';

let alpha: TestUpstream;
let gamma: TestUpstream;
const opened: TestRouter[] = [];

beforeAll(async () => {
  [alpha, gamma] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  return async () => {
    await Promise.all([alpha.close(), gamma.close()]);
  };
});

beforeEach(() => {
  alpha.script(json(ANSWER));
  gamma.script(json({ ...ANSWER, model: 'mystery' }));
});

afterEach(async () => {
  for (const { router } of opened.splice(0)) await router.close();
});

const OTHER = 'client-key-2';

async function budgeted(budgets: object[], more: object = {}): Promise<TestRouter> {
  const router = await startRouter({
    routes: { a: ROUTES.a, g: ROUTES.g },
    routing: { policy: { kind: 'single' }, budgets },
    upstreams: { alpha: { base_url: alpha.base_url }, gamma: { base_url: gamma.base_url } },
    clients: [
      { name: 'web', key_sha256: sha256(KEY), team: 'shop' },
      { name: 'batch', key_sha256: sha256(OTHER), team: 'lab' },
    ],
    timeouts: { first_byte: '700 ms' },
    ...more,
  });
  opened.push(router);
  return router;
}

/** 5 bytes of a prompt, 2 tokens, and 400 tokens out: 0.000006 + 0.006 USD reserved at alpha. */
const SMALL = { ...CHAT, max_tokens: 400 };

describe('a hard budget', () => {
  test('gives back what a refused attempt had reserved, and keeps what nobody knows', async () => {
    alpha.script(json({ error: { message: 'no' } }, 400), silent);
    const router = await budgeted([{ name: 'day', period: 'day', hard: 1 }]);
    const state = router.router.parts.table.state.budgets[0]!;
    await ask(router, SMALL);
    expect([state.spent_nano_usd[0], state.reserved_nano_usd[0]]).toEqual([0, 0]);
    expect((await ask(router, SMALL)).status).toBe(504);
    expect(state.spent_nano_usd[0]).toBeGreaterThan(0.006e9);
    expect(state.reserved_nano_usd[0]).toBe(0);
  });

  test('that one client names holds for that client alone', async () => {
    const clients = [
      { name: 'web', key_sha256: sha256(KEY), budgets: ['tight'] },
      { name: 'batch', key_sha256: sha256(OTHER) },
    ];
    const router = await budgeted([{ name: 'tight', per: 'key', period: 'day', hard: 0.001 }], { clients });
    expect((await ask(router, SMALL)).status).toBe(429);
    expect((await ask(router, SMALL, { headers: { authorization: `Bearer ${OTHER}` } })).status).toBe(200);
  });
});

describe('clients', () => {
  test('without a key, with a wrong one or with one in another header are turned away and reach nobody', async () => {
    const router = await budgeted([]);
    for (const authorization of ['', 'Bearer nobody', KEY, `Basic ${KEY}`]) {
      const { status, text } = await ask(router, CHAT, { headers: { authorization, 'x-api-key': KEY } });
      expect([status, JSON.parse(text).error.code]).toEqual([401, 'invalid_api_key']);
    }
    expect(alpha.calls).toHaveLength(0);
  });

  test('reach the models that they are allowed, and see no others', async () => {
    const clients = [{ name: 'web', key_sha256: sha256(KEY), models: ['a'] }];
    const router = await budgeted([], { clients });
    expect((await ask(router, CHAT)).status).toBe(200);
    expect((await ask(router, { ...CHAT, model: 'g' })).status).toBe(404);
    const listed = await fetch(`${router.url}/v1/models`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(((await listed.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(['a']);
    expect((await fetch(`${router.url}/v1/models`)).status).toBe(401);
  });
});
