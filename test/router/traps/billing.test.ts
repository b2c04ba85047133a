/** Traps of billing: what is paid twice, what is told of it, and which tokens are which. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countsOf } from '../../../src/router/reported-usage.ts';
import { ANSWER, ANSWER_USD, ask, CHAT, content, DONE, ROLE, STOP, STREAM, USAGE, USAGE_CHUNK } from '../setting.ts';
import { IMPATIENT, useStage } from '../three-views.ts';
import { type Behaviour, html, json, reset, silent } from '../upstream.ts';

const stage = useStage();
const { alpha, beta } = stage;

describe('trap 4, double billing on retry: every attempt says whether it may be billed', () => {
  const failures: [string, Behaviour, string, string, string][] = [
    ['an overload', json({ error: { message: 'busy' } }, 503), 'overloaded', 'refused', 'exact'],
    ['a rate limit', json({ error: { message: 'slow' } }, 429), 'rate_limited', 'refused', 'exact'],
    ['a bad gateway', html(502), 'server_error', 'unknown', 'unpriced'],
    ['a gateway’s timeout', html(504), 'timeout', 'unknown', 'unpriced'],
    ['silence', silent, 'timeout', 'unknown', 'unpriced'],
    ['a connection that breaks', reset, 'connection', 'unknown', 'unpriced'],
  ];
  test.each(failures)('%s', async (_, behaviour, result, billing, cost_status) => {
    const router = await stage.open({}, IMPATIENT);
    alpha.script(behaviour);
    beta.script(json(ANSWER));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.status, calls]).toEqual([200, [1, 1, 0]]);
    expect(rows).toMatchObject([
      { route: 'a', outcome: result, billing, cost_status },
      { route: 'b', outcome: 'answered', billing: 'billed', cost_status: 'exact' },
    ]);
    expect(client.headers['x-tollgate-cost-status']).toBe(billing === 'unknown' ? 'estimated' : 'exact');
    expect(moved('tollgate_attempts_total', { route: 'a', billing })).toBe(1);
    expect(moved('tollgate_unpriced_attempts_total', { route: 'a' })).toBe(billing === 'unknown' ? 1 : 0);
  });

  test('attempts of one request carry one key, and what may be billed is not tried again on its route', async () => {
    const router = await stage.open({ retries: { per_route: 2, base: '1 ms' } }, IMPATIENT);
    alpha.script(silent);
    beta.script(json({ error: { message: 'busy' } }, 503), json(ANSWER));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.status, client.headers['x-tollgate-attempts'], calls]).toEqual([200, '3', [1, 2, 0]]);
    const keys = [...alpha.calls, ...beta.calls].map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(rows.map(({ billing }) => billing)).toEqual(['unknown', 'refused', 'billed']);
    expect(moved('tollgate_attempts_total')).toBe(3);
    await ask(router, CHAT, { headers: { 'idempotency-key': 'mine' } });
    expect(beta.calls.at(-1)?.headers['idempotency-key']).toBe('mine');
  });
});

describe('trap 9, cost lost on the way: header, body, log and metrics tell one figure', () => {
  test('of a whole answer', async () => {
    const router = await stage.open();
    alpha.script(json(ANSWER));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect(JSON.parse(client.text)).toEqual({ ...ANSWER, usage: { ...USAGE, cost: ANSWER_USD } });
    expect(client.headers['x-tollgate-cost-usd']).toBe(String(ANSWER_USD));
    expect([rows[0]?.cost_usd, moved('tollgate_cost_usd_total', { status: 'exact' })]).toEqual([
      ANSWER_USD,
      ANSWER_USD,
    ]);
    expect(calls).toEqual([1, 0, 0]);
  });

  test('of a stream, in the usage that the client asked for', async () => {
    const router = await stage.open();
    alpha.script(alpha.events([ROLE, content('a'), STOP, USAGE_CHUNK, DONE]));
    const { client, rows, moved, calls } = await router.see(() =>
      ask(router, { ...STREAM, stream_options: { include_usage: true } }),
    );
    const priced = USAGE_CHUNK.replace('"total_tokens":1200', `"total_tokens":1200,"cost":${ANSWER_USD}`);
    expect(client.text).toBe([ROLE, content('a'), STOP, priced, DONE].join(''));
    expect([rows[0]?.cost_usd, moved('tollgate_cost_usd_total')]).toEqual([ANSWER_USD, ANSWER_USD]);
    expect(calls).toEqual([1, 0, 0]);
  });

  test('a cost that the seller reports stays in the body as it is', async () => {
    const router = await stage.open();
    const text = JSON.stringify({ ...ANSWER, usage: { ...USAGE, cost: 0.0123 } });
    alpha.script(json(text));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    expect([client.text, client.headers['x-tollgate-cost-usd'], calls]).toEqual([text, '0.006', [1, 0, 0]]);
    expect([rows[0]?.cost_usd, moved('tollgate_cost_usd_total')]).toEqual([ANSWER_USD, ANSWER_USD]);
  });
});

describe('trap 10, cached tokens priced twice: they are a part of the prompt, and the parts sum to it', () => {
  test('an answer of 100 fresh and 900 cached tokens costs each once', async () => {
    const router = await stage.open();
    const usage = { prompt_tokens: 1000, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 900 } };
    alpha.script(json({ ...ANSWER, usage }));
    const { client, rows, moved, calls } = await router.see(() => ask(router, CHAT));
    const usd = (100 * 3 + 900 * 0.3) / 1e6;
    expect(Number(client.headers['x-tollgate-cost-usd'])).toBeCloseTo(usd, 12);
    expect(rows).toMatchObject([{ input_tokens: 100, cache_read_tokens: 900, cost_status: 'exact' }]);
    expect(moved('tollgate_cost_usd_total')).toBeCloseTo(usd, 12);
    const meters = ['input_tokens', 'cache_read_tokens'].map((meter) => moved('tollgate_usage_total', { meter }));
    expect([meters, calls]).toEqual([
      [100, 900],
      [1, 0, 0],
    ]);
  });

  test('usage that contradicts itself is no exact cost', async () => {
    const router = await stage.open();
    const usage = { prompt_tokens: 10, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 900 } };
    alpha.script(json({ ...ANSWER, usage }));
    const { client, rows, moved } = await router.see(() => ask(router, CHAT));
    expect([client.headers['x-tollgate-cost-status'], rows[0]?.cost_status]).toEqual(['estimated', 'estimated']);
    expect(moved('tollgate_cost_usd_total', { status: 'exact' })).toBe(0);
  });

  test('whatever is cached or written, the parts of a prompt sum to what the seller billed', () => {
    const part = fc.nat(2_000_000);
    fc.assert(
      fc.property(part, part, part, part, (fresh, cached, written, told) => {
        const openai = countsOf('openai', {
          prompt_tokens: fresh + cached + written,
          completion_tokens: told,
          prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
        })!;
        const claude = countsOf('anthropic', {
          input_tokens: fresh,
          cache_read_input_tokens: cached,
          cache_creation_input_tokens: written,
          output_tokens: told,
        })!;
        expect(openai).toMatchObject({ input_tokens: fresh, cache_read_tokens: cached, output_tokens: told });
        expect(claude).toEqual(openai);
      }),
    );
  });
});
