import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER, ask, CHAT, KEY, ROUTES, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

const FREE = 'client-key-without-team';
const asFree = (headers: Record<string, string>) => ({ headers: { authorization: `Bearer ${FREE}`, ...headers } });

let upstream: TestUpstream;
let router: TestRouter;

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  router = await startRouter({
    routes: { a: ROUTES.a, b: ROUTES.b },
    routing: {
      policy: { kind: 'single' },
      policies: {
        tagged: { kind: 'conditional', when: [{ metadata: { plan: 'free' }, use: 'b' }], else: 'a' },
      },
      budgets: [{ name: 'shop', per: 'team', only: ['shop'], period: 'day', hard: 0.0000001 }],
    },
    models: { tagged: 'tagged' },
    upstreams: { alpha: { base_url: upstream.base_url }, beta: { base_url: upstream.base_url } },
    clients: [
      { name: 'web', key_sha256: sha256(KEY), team: 'lab' },
      { name: 'free', key_sha256: sha256(FREE) },
      { name: 'till', key_sha256: sha256('another'), team: 'shop' },
    ],
    log: { dir: 'log' },
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

describe('whom a request is for', () => {
  test('is said by headers before the body, and told in the ledger, the answer and the log', async () => {
    const body = {
      ...CHAT,
      user: 'old',
      safety_identifier: 'hashed',
      metadata: { feature: 'chat', experiment: 'b', release: '1' },
    };
    const headers = { 'x-tollgate-feature': 'search', 'x-tollgate-tags': 'release=42, =x, odd,region=eu=1' };
    const answer = await ask(router, body, { headers });
    expect(answer.headers).toMatchObject({
      'x-tollgate-client': 'web',
      'x-tollgate-team': 'lab',
      'x-tollgate-user': 'hashed',
      'x-tollgate-feature': 'search',
    });
    expect(await router.entry()).toMatchObject({
      user: 'hashed',
      feature: 'search',
      team: 'lab',
      tags: { release: '42', region: 'eu=1', experiment: 'b' },
    });
    await router.router.flush();
    const text = await readFile(join(router.dir, 'log', 'usage-000001.csv'), 'utf8');
    expect(text).toContain('"{""release"":""42"",""region"":""eu=1"",""experiment"":""b""}"');
    const sent = JSON.stringify(upstream.calls[0]?.headers);
    expect(sent).not.toContain('x-tollgate');
  });

  test('is no team but the key’s own, and no team of another’s key', async () => {
    const claim = { headers: { 'x-tollgate-team': 'shop' } };
    expect((await ask(router, { ...CHAT, metadata: { team: 'shop' } }, claim)).status).toBe(200);
    expect((await router.entry()).team).toBe('lab');
    expect((await ask(router, CHAT, asFree({ 'x-tollgate-team': 'shop' }))).headers['x-tollgate-team']).toBeUndefined();
    expect((await router.entry(2)).team).toBeUndefined();
    expect((await ask(router, CHAT, asFree({ 'x-tollgate-team': 'guests' }))).headers['x-tollgate-team']).toBe(
      'guests',
    );
    expect((await ask(router, CHAT, { headers: { authorization: 'Bearer another' } })).status).toBe(429);
  });

  test('is cut to the length of a name, holds no more tags than 16 and no control signs in answers', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(500)]));
    const { headers } = await ask(router, { ...CHAT, user: `ü\r\nset-cookie: x${'y'.repeat(500)}`, metadata });
    expect(headers).not.toHaveProperty('set-cookie');
    const { user, tags } = await router.entry();
    expect([user?.length, Object.keys(tags).length, tags.k0?.length]).toEqual([128, 16, 128]);
  });

  test('can be asked about by policies, whether it stands in a tag or in the body', async () => {
    const route = async (body: object, headers: Record<string, string> = {}) =>
      (await ask(router, { ...CHAT, model: 'tagged', ...body }, { headers })).headers['x-tollgate-route'];
    expect(await route({})).toBe('a');
    expect(await route({ metadata: { plan: 'free' } })).toBe('b');
    expect(await route({}, { 'x-tollgate-tags': 'plan=free' })).toBe('b');
    expect(await route({ metadata: { plan: 'free' } }, { 'x-tollgate-tags': 'plan=paid' })).toBe('a');
  });
});
