/** Traps of trust: where a seller's key goes, and whose words an error holds. Keys themselves: secrets.test.ts. */
import { describe, expect, test } from 'vitest';
import { ANSWER, ask, CANARY, CHAT } from '../setting.ts';
import { IMPATIENT, useStage } from '../three-views.ts';
import { type Behaviour, html, json, reset, silent } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

describe('trap 16, a key sent to an address of the caller: addresses come from the configuration alone', () => {
  test('no member of the body and no header names another', async () => {
    const router = await stage.open({ policy: 'a' });
    alpha.script(json(ANSWER));
    const to = beta.base_url;
    const headers = {
      'x-base-url': to,
      'x-portkey-custom-host': to,
      'x-tollgate-base-url': to,
      'x-forwarded-host': to,
    };
    const body = { ...CHAT, base_url: to, api_base: to, upstream: to, extra_body: { base_url: to } };
    const { client, rows, moved, calls } = await router.see(() =>
      ask(router, body, { headers: { ...headers, host: 'evil.example' } }),
    );
    expect([client.status, calls]).toEqual([200, [1, 0, 0]]);
    const [call] = alpha.calls;
    expect(call?.headers).toMatchObject({ host: new URL(alpha.base_url).host, authorization: `Bearer ${CANARY}` });
    for (const name of Object.keys(headers)) expect(call?.headers).not.toHaveProperty(name);
    expect([rows[0]?.seller, moved('tollgate_attempts_total', { route: 'a' })]).toEqual(['alpha', 1]);
  });

  test('an address is no model, no path leads out, and a redirect is a failure of the seller', async () => {
    const router = await stage.open({ policy: 'a' });
    expect((await ask(router, { ...CHAT, model: beta.base_url })).status).toBe(404);
    const path = `//${new URL(beta.base_url).host}/v1/chat/completions`;
    expect((await ask(router, CHAT, { path })).status).toBe(404);
    const redirects = [301, 302, 307, 308].map((status) => json('{}', status, { location: `${beta.base_url}/x` }));
    alpha.script(...redirects);
    const before = router.entries.length;
    const { answers, rows, moved, calls } = await router.see(async () => {
      const got = [];
      for (const _ of redirects) got.push(await ask(router, CHAT));
      return got;
    }, 4);
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
      redirects.map(() => [502, undefined]),
    );
    expect([calls, router.entries.length - before]).toEqual([[4, 0, 0], 4]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(redirects.map(() => 'server_error'));
    expect(moved('tollgate_attempts_total', { result: 'server_error' })).toBe(4);
  });
});

describe('trap 18, the shape of errors: the seller’s own byte for byte, the router’s as OpenAI writes them', () => {
  const statuses: [number, number][] = [
    [400, 1],
    [404, 1],
    [413, 1],
    [422, 1],
    [429, 1],
  ];
  test.each(statuses)('a seller’s %i', async (status, attempts) => {
    const router = await stage.open({ policy: 'a' });
    const text = `{ "error" : {"message":"bad é","type":"invalid_request_error","param":"messages","code":null} }`;
    alpha.script(json(text, status, { 'x-request-id': 'req_1', 'x-secret': '1', 'set-cookie': 'a=b' }));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.status, client.text, client.headers['x-request-id']]).toEqual([status, text, 'req_1']);
    for (const name of ['x-secret', 'set-cookie']) expect(client.headers).not.toHaveProperty(name);
    expect(calls).toEqual([attempts, 0, 0]);
    expect(rows).toMatchObject([{ status, billing: 'refused', cost_usd: 0 }]);
    expect(moved('tollgate_attempts_total', { status: String(status) })).toBe(1);
  });

  const own: [string, Behaviour, number, string][] = [
    ['a page of HTML', html(503), 503, 'upstream_error'],
    ['a page of HTML with 200', html(200), 502, 'upstream_error'],
    ['a connection that breaks', reset, 502, 'upstream_unreachable'],
    ['silence', silent, 504, 'upstream_timeout'],
    ['a refusal of the router’s key', json({ error: { message: 'no' } }, 401), 502, 'upstream_refused_key'],
  ];
  test.each(own)('%s', async (_, behaviour, status, code) => {
    const router = await stage.open({ policy: 'a' }, IMPATIENT);
    alpha.script(behaviour);
    const { client, entry, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.status, client.headers['content-type']]).toEqual([status, 'application/json']);
    const { error } = JSON.parse(client.text);
    expect(error).toEqual({ message: expect.any(String), type: 'upstream_error', param: null, code });
    expect([entry.outcome, entry.status, rows.length, calls]).toEqual(['failed', status, 1, [1, 0, 0]]);
    expect(moved('tollgate_requests_total', { outcome: 'failed' })).toBe(1);
  });
});
