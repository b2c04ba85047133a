import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ResponseCache } from '../../src/router/response-cache.ts';
import {
  ANSWER,
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
import { json, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  router = await startRouter({
    routes: { a: ROUTES.a },
    routing: { policy: { kind: 'single' } },
    upstreams: { alpha: { base_url: upstream.base_url } },
    clients: [{ name: 'web', key_sha256: sha256(KEY) }],
    cache: { entries: 100, life: '1 minute' },
  });
});

afterAll(async () => {
  await router.router.close();
  await upstream.close();
});

let nonce = 0;
beforeEach(() => {
  upstream.script(json(ANSWER));
  nonce++;
});
const fresh = (base: object): object => ({ ...base, seed: nonce });

describe('the response cache', () => {
  test('answers the same request again without the seller, says so and costs nothing', async () => {
    const first = await ask(router, fresh(CHAT));
    const { seed, ...rest } = fresh(CHAT) as Record<string, unknown>;
    const again = await ask(router, { seed, ...rest, stream: false });
    expect(upstream.calls).toHaveLength(1);
    expect([first.headers['x-tollgate-cache'], again.headers['x-tollgate-cache']]).toEqual(['miss', 'hit']);
    expect([again.headers['x-tollgate-cost-usd'], again.headers['x-tollgate-attempts']]).toEqual(['0', '0']);
    expect(again.text).toBe(first.text.replace('"cost":0.006', '"cost":0'));
    expect(router.entries.at(-1)).toMatchObject({ outcome: 'cached', attempts: [] });
  });

  test('tells requests apart by every member', async () => {
    await ask(router, fresh(CHAT));
    for (const other of [{ temperature: 0 }, { user: 'u' }, { messages: [{ role: 'user', content: 'Hello ' }] }])
      expect((await ask(router, { ...fresh(CHAT), ...other })).headers['x-tollgate-cache']).toBe('miss');
    expect((await ask(router, { ...fresh(CHAT), model: 'alpha/m' })).headers['x-tollgate-cache']).toBe('miss');
  });

  test('keeps no failures', async () => {
    upstream.script(json({ error: { message: 'no' } }, 400), json({ error: { message: 'no' } }), json(ANSWER));
    expect((await ask(router, fresh(CHAT))).status).toBe(400);
    expect((await ask(router, fresh(CHAT))).status).toBe(502);
    expect((await ask(router, fresh(CHAT))).headers['x-tollgate-cache']).toBe('miss');
  });

  test('gives a whole stream back as bytes, with cost 0, and a broken one to nobody', async () => {
    const body = fresh({ ...STREAM, stream_options: { include_usage: true } });
    upstream.script(
      upstream.events([ROLE, content('a')], 'cut'),
      upstream.events([ROLE, content('a'), STOP, USAGE_CHUNK, DONE]),
    );
    expect((await ask(router, body)).end).toBe('broken');
    const whole = await ask(router, body);
    const again = await ask(router, body);
    expect(upstream.calls).toHaveLength(2);
    expect(again.headers).toMatchObject({ 'x-tollgate-cache': 'hit', 'content-type': 'text/event-stream' });
    expect(again.text).toBe(whole.text.replace('"cost":0.006', '"cost":0'));
  });

  test('is passed over by no-cache and by no-store', async () => {
    await ask(router, fresh(CHAT));
    for (const control of ['no-cache', 'no-store'])
      expect(
        (await ask(router, fresh(CHAT), { headers: { 'cache-control': control } })).headers['x-tollgate-cache'],
      ).not.toBe('hit');
    expect(upstream.calls).toHaveLength(3);
  });
});

describe('what is kept', () => {
  const answer = (bytes: number) => ({ status: 200, content_type: 'x', bytes: Buffer.alloc(bytes), route: 'a' });

  test('goes by number, by bytes and by age, the least recently used first', () => {
    const cache = new ResponseCache({ entries: 2, bytes: 100, life_ms: 1000 });
    cache.put('a', answer(10), 0);
    cache.put('b', answer(10), 0);
    expect(cache.get('a', 1)).toBeDefined();
    cache.put('c', answer(10), 0);
    expect([cache.get('a', 2), cache.get('b', 2), cache.get('c', 2)].map((one) => one !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    expect(cache.get('a', 1000)).toBeUndefined();
    cache.put('d', answer(11), 0);
    expect(cache.get('d', 1)).toBeUndefined();
  });
});
