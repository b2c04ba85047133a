/** Traps of retries: how many, how soon, and after what none. */
import { describe, expect, test } from 'vitest';
import { ANSWER, ask, CHAT } from '../setting.ts';
import { useStage } from '../three-views.ts';
import { type Behaviour, after as delayed, json, type SeenCall } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

const error = (code: string): object => ({ error: { message: 'no', type: code, param: null, code } });
const limited =
  (headers: () => Record<string, string>): Behaviour =>
  (response, seen) =>
    json(error('rate_limit_exceeded'), 429, headers())(response, seen);
const quick = { per_route: 2, base: '1 ms' };
const lone = { policy: 'a' };

describe('trap 5, retry amplification: one budget of attempts and of time, whatever asks for another', () => {
  test('attempts are counted over retries and routes together, to the exact number at the sellers', async () => {
    const router = await stage.open({ retries: quick, limits: { attempts: 4 } });
    alpha.script(json(error('server_error'), 500));
    beta.script(json(error('server_error'), 500));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.status, client.headers['x-tollgate-attempts']]).toEqual([500, '4']);
    expect(calls).toEqual([3, 1, 0]);
    expect(rows.map(({ route, attempt }) => [route, attempt])).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['b', 4],
    ]);
    expect(moved('tollgate_attempts_total', { result: 'server_error' })).toBe(4);
  });

  test('no attempt begins when the time is spent', async () => {
    const router = await stage.open({ retries: { ...quick, per_route: 20 }, limits: { attempts: 40, time: '250 ms' } });
    alpha.script(delayed(100, json(error('server_error'), 500)));
    beta.script(delayed(100, json(error('server_error'), 500)));
    const from = Date.now();
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect(client.status).toBe(500);
    expect(Date.now() - from).toBeLessThan(2000);
    const asked = calls[0] + calls[1];
    expect(asked).toBeLessThanOrEqual(4);
    expect([rows.length, moved('tollgate_attempts_total')]).toEqual([asked, asked]);
  });
});

describe('trap 6, Retry-After: waited for in each of its forms, or passed on', () => {
  const forms: [string, () => Record<string, string>, number, number][] = [
    ['seconds', () => ({ 'retry-after': '1' }), 990, 3000],
    ['milliseconds', () => ({ 'retry-after-ms': '400', 'retry-after': '20' }), 395, 2400],
    ['an HTTP date', () => ({ 'retry-after': new Date(Date.now() + 1500).toUTCString() }), 400, 3500],
  ];
  test.each(forms)('in %s', async (_, headers, least, most) => {
    const router = await stage.open({ ...lone, retries: { per_route: 1, base: '1 ms', jitter: 'none' } });
    alpha.script(limited(headers), json(ANSWER));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.status, calls]).toEqual([200, [2, 0, 0]]);
    const [first, second] = alpha.calls as [SeenCall, SeenCall];
    expect(second.at_ms - first.at_ms).toBeGreaterThanOrEqual(least);
    expect(second.at_ms - first.at_ms).toBeLessThan(most);
    expect(rows.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['rate_limited', 429],
      ['answered', 200],
    ]);
    expect(moved('tollgate_attempts_total', { result: 'rate_limited' })).toBe(1);
    expect(moved('tollgate_overhead_seconds_sum')).toBeLessThan(0.3);
  });

  test('longer than is waited for reaches the client with the limits of the seller, byte for byte', async () => {
    const router = await stage.open({ ...lone, retries: { ...quick, retry_after_cap: '5 s' } });
    alpha.script(limited(() => ({ 'retry-after': '60', 'x-ratelimit-remaining-requests': '0' })));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect(client.headers).toMatchObject({ 'retry-after': '60', 'x-ratelimit-remaining-requests': '0' });
    expect([client.status, client.text]).toEqual([429, JSON.stringify(error('rate_limit_exceeded'))]);
    expect([calls, rows.length, moved('tollgate_attempts_total')]).toEqual([[1, 0, 0], 1, 1]);
  });

  test('keeps the route out of use for so long, and the router’s own 503 says how long that is', async () => {
    const router = await stage.open({ ...lone, breaker: { failures: 1, cooldown: '1 s' } });
    alpha.script(limited(() => ({ 'retry-after': '20' })));
    const { answers, entries, rows, moved, calls } = await router.see(
      async () => [await ask(router, CHAT), await ask(router, CHAT)],
      2,
    );
    const own = answers[1]!;
    expect(own.status).toBe(503);
    expect(JSON.parse(own.text)).toMatchObject({ error: { code: 'no_route', type: 'upstream_error', param: null } });
    expect(Number(own.headers['retry-after'])).toBeGreaterThan(15);
    expect(Number(own.headers['retry-after'])).toBeLessThanOrEqual(20);
    expect([calls, entries[1]]).toMatchObject([[1, 0, 0], { outcome: 'no_route', attempts: [] }]);
    expect(rows.filter(({ billing }) => billing === 'refused')).toMatchObject([{ outcome: 'rate_limited' }]);
    expect(moved('tollgate_requests_total', { outcome: 'no_route' })).toBe(1);
  });
});

describe('trap 7, a quota that is used up: a 429 that no waiting mends', () => {
  test('is not tried again on its route, leads to the next and opens the breaker at once', async () => {
    const router = await stage.open({ retries: quick, breaker: { failures: 100 } });
    alpha.script(json(error('insufficient_quota'), 429, { 'retry-after': '1' }));
    beta.script(json(ANSWER));
    const { answers, rows, moved, calls } = await router.see(
      async () => [await ask(router, CHAT), await ask(router, CHAT)],
      2,
    );
    expect(answers.map(({ status, headers }) => [status, headers['x-tollgate-attempts']])).toEqual([
      [200, '2'],
      [200, '1'],
    ]);
    expect(calls).toEqual([1, 2, 0]);
    expect(rows[0]).toMatchObject({ outcome: 'quota_exhausted', status: 429, billing: 'refused', cost_usd: 0 });
    expect(moved('tollgate_attempts_total', { route: 'a', result: 'quota_exhausted' })).toBe(1);
    expect(moved('tollgate_breaker_state', { route: 'a', state: 'open' })).toBe(1);
  });
});
