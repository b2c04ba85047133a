/** Traps of streams: where an answer may still come from elsewhere, how one ends, and what is told of its usage. */
import { describe, expect, test } from 'vitest';
import { ANSWER_USD, ask, content, DONE, ROLE, STOP, STREAM, USAGE_CHUNK } from '../setting.ts';
import { IMPATIENT, useStage } from '../three-views.ts';
import { type Behaviour, json, silent } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

const WHOLE = [ROLE, content('Hel'), content('lo'), STOP, USAGE_CHUNK, DONE];
const PLAIN = WHOLE.filter((one) => one !== USAGE_CHUNK).join('');
const BEGUN = ROLE + content('Hel');

describe('trap 1, failover after the first byte: before it another route answers, after it none does', () => {
  const early: [string, () => Behaviour][] = [
    ['an error in the first event', () => alpha.events([`data: {"error":{"message":"no","code":"server_error"}}\n\n`])],
    ['an `error` event after a role', () => alpha.events([ROLE, `event: error\ndata: {"message":"no"}\n\n`])],
    ['a stream that ends after a role', () => alpha.events([ROLE])],
    ['a stream of nothing but its end', () => alpha.events([DONE])],
    ['a connection that breaks after a role', () => alpha.events([ROLE], 'cut')],
    ['an error in JSON with the status 200', () => json({ error: { message: 'no', type: 'server_error' } })],
    ['a seller that stalls before the first byte', () => silent],
    ['a seller that stalls after a role', () => alpha.events([ROLE], 'stall')],
    ['an overload', () => json({ error: { message: 'busy' } }, 503)],
  ];
  test.each(early)('%s leads to the next route, and the client sees one answer', async (_, behaviour) => {
    const router = await stage.open({}, IMPATIENT);
    alpha.script(behaviour());
    beta.script(beta.events(WHOLE));
    const { client, entry, rows, moved, calls } = await router.see(() => ask(router, STREAM));
    expect([client.status, client.text, client.end]).toEqual([200, PLAIN, 'whole']);
    expect(client.headers).toMatchObject({ 'x-tollgate-route': 'b', 'x-tollgate-attempts': '2' });
    expect(calls).toEqual([1, 1, 0]);
    expect(entry.outcome).toBe('answered');
    expect(rows.map(({ route, outcome }) => [route, outcome === 'answered'])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect([moved('tollgate_attempts_total'), moved('tollgate_requests_total', { outcome: 'answered' })]).toEqual([
      2, 1,
    ]);
  });

  test('a seller’s error after the first content is passed on as it came, and nobody else is asked', async () => {
    const router = await stage.open({ retries: { per_route: 2, base: '1 ms' } });
    const error = `data: {"error":{"message":"gone","code":502}}\n\n`;
    alpha.script(alpha.events([ROLE, content('Hel'), error]));
    beta.script(beta.events(WHOLE));
    const { client, rows, moved, calls } = await router.see(() => ask(router, STREAM));
    expect(client.text).toBe(BEGUN + error);
    expect(calls).toEqual([1, 0, 0]);
    expect(rows).toMatchObject([{ route: 'a', outcome: 'truncated', status: 502 }]);
    expect(moved('tollgate_attempts_total', { route: 'b' })).toBe(0);
    expect(moved('tollgate_requests_total', { outcome: 'answered' })).toBe(0);
  });
});

describe('trap 2, a cut stream taken for an answer: it ends in an error and a broken connection', () => {
  const broken: [string, () => Behaviour][] = [
    ['ends early', () => alpha.events([ROLE, content('Hel')])],
    ['is cut', () => alpha.events([ROLE, content('Hel')], 'cut')],
    ['stalls', () => alpha.events([ROLE, content('Hel')], 'stall')],
    ['breaks within an event', () => alpha.events([ROLE, content('Hel'), 'data: {"choi'], 'cut')],
  ];
  test.each(broken)('a stream that %s is `truncated`, and costs what came', async (_, behaviour) => {
    const router = await stage.open({}, IMPATIENT);
    alpha.script(behaviour());
    beta.script(beta.events(WHOLE));
    const { client, entry, rows, moved, calls } = await router.see(() => ask(router, STREAM));
    expect([client.end, client.text.slice(0, BEGUN.length)]).toEqual(['broken', BEGUN]);
    const rest = client.text.slice(BEGUN.length).replace(/^data: \{"choi/, '');
    expect(rest).toMatch(/^event: error\ndata: \{.*"code":"stream_truncated".*\}\n\n$/);
    expect(calls).toEqual([1, 0, 0]);
    expect(entry.outcome).toBe('truncated');
    expect(rows).toMatchObject([{ outcome: 'truncated', status: 502, billing: 'billed', cost_status: 'estimated' }]);
    expect(rows[0]?.cost_usd).toBeGreaterThan(0);
    expect(moved('tollgate_requests_total', { outcome: 'truncated' })).toBe(1);
    expect(moved('tollgate_cost_usd_total', { status: 'estimated' })).toBeCloseTo(Number(rows[0]?.cost_usd), 12);
  });
});

describe('trap 3, an error inside a 200: it counts against the route and leads to the next', () => {
  const bodies: [string, Behaviour][] = [
    ['an error object', json({ error: { message: 'no', code: 'server_error' } })],
    ['an error in words', json({ error: 'no' })],
    ['null', json(null)],
    ['no JSON', json('<html>')],
    ['nothing', json('')],
    ['a list', json([])],
  ];
  test.each(bodies)('%s', async (_, behaviour) => {
    const router = await stage.open({ breaker: { failures: 1 } });
    alpha.script(behaviour);
    beta.script(json({ id: 'x', choices: [], usage: { prompt_tokens: 10, completion_tokens: 1 } }));
    const chat = { ...STREAM, stream: false };
    const { answers, rows, moved, calls } = await router.see(
      async () => [await ask(router, chat), await ask(router, chat)],
      2,
    );
    expect(answers.map(({ status, headers }) => [status, headers['x-tollgate-attempts']])).toEqual([
      [200, '2'],
      [200, '1'],
    ]);
    expect(calls).toEqual([1, 2, 0]);
    expect(rows[0]).toMatchObject({ route: 'a', status: 502, billing: 'unknown', cost_status: 'unpriced' });
    expect(rows[0]).not.toHaveProperty('cost_usd');
    expect(moved('tollgate_attempts_total', { route: 'a', result: 'server_error', billing: 'unknown' })).toBe(1);
    expect(moved('tollgate_breaker_state', { route: 'a', state: 'open' })).toBe(1);
  });
});

describe('trap 8, usage missing in streams: it is asked for, and what is absent is not 0', () => {
  test('a client that did not ask for usage gets none, and its cost is exact', async () => {
    const router = await stage.open();
    alpha.script(alpha.events(WHOLE));
    const { client, rows, moved, calls } = await router.see(() => ask(router, STREAM));
    expect([client.text, client.end, calls]).toEqual([PLAIN, 'whole', [1, 0, 0]]);
    expect(alpha.calls[0]?.body.stream_options).toEqual({ include_usage: true });
    expect(rows).toMatchObject([
      { input_tokens: 1000, output_tokens: 200, cost_usd: ANSWER_USD, cost_status: 'exact' },
    ]);
    expect(moved('gen_ai_client_token_usage_sum', { gen_ai_token_type: 'output' })).toBe(200);
  });

  test('a seller that reports none leaves an estimate, never nothing', async () => {
    const router = await stage.open();
    alpha.script(alpha.events([ROLE, content('x'.repeat(300)), STOP, DONE]));
    const { client, rows, moved, calls } = await router.see(() => ask(router, STREAM));
    expect([client.end, calls]).toEqual(['whole', [1, 0, 0]]);
    expect(rows).toMatchObject([{ output_tokens: 100, cost_status: 'estimated' }]);
    expect(rows[0]?.cost_usd).toBeGreaterThan(0);
    expect(moved('tollgate_cost_usd_total', { status: 'exact' })).toBe(0);
    expect(moved('gen_ai_client_token_usage_sum', { gen_ai_token_type: 'output' })).toBe(100);
  });
});
