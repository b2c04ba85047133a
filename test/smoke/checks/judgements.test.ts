/** What single checks make of answers that the fault matrix has no upstream for. */
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/measurements/contract.ts';
import type { Judged } from '../../../src/smoke/check.ts';
import { attribution } from '../../../src/smoke/checks/attribution.ts';
import { cancel } from '../../../src/smoke/checks/cancel.ts';
import { costReported } from '../../../src/smoke/checks/cost-reported.ts';
import { cutHandling } from '../../../src/smoke/checks/cut-handling.ts';
import { errorShape } from '../../../src/smoke/checks/error-shape.ts';
import { idempotentRetries } from '../../../src/smoke/checks/idempotent-retries.ts';
import { jsonMode } from '../../../src/smoke/checks/json-mode.ts';
import { latency } from '../../../src/smoke/checks/latency.ts';
import { modelSnapshot } from '../../../src/smoke/checks/model-snapshot.ts';
import { promptCache } from '../../../src/smoke/checks/prompt-cache.ts';
import { quotaBurn } from '../../../src/smoke/checks/quota-burn.ts';
import { reachable } from '../../../src/smoke/checks/reachable.ts';
import { retryBehaviour } from '../../../src/smoke/checks/retry-behaviour.ts';
import { streaming } from '../../../src/smoke/checks/streaming.ts';
import { toolCalls } from '../../../src/smoke/checks/tool-calls.ts';
import { usageAccounting } from '../../../src/smoke/checks/usage-accounting.ts';
import type { Exchange } from '../../../src/smoke/exchange.ts';
import { exchange, ok, target } from '../setting.ts';
import { refused, rounds, says, stream, tryCheck } from './setting.ts';

const figureOf = ({ figures = [] }: Judged, name: string): Figure | undefined =>
  figures.find((one) => one.name === name);
const COST = { reports_cost: { in: 'usage', name: 'cost', unit: 'USD', usd_per_unit: 1 } } as const;
const usage = (prompt_tokens: number, more: object = {}) => ({ prompt_tokens, completion_tokens: 2, ...more });

describe('a refusal', () => {
  it('for want of room is waited out, as long as it asks', async () => {
    const { judged, waited } = await tryCheck(reachable, (_, __, n) =>
      n === 1 ? refused(429, 'slow_down', { 'retry-after': '3' }) : ok(),
    );
    expect(judged.verdict).toBe('pass');
    expect(waited).toEqual([3000]);
  });

  it('is not waited out for more than 20 s, and says nothing of the feature', async () => {
    const { judged, waited } = await tryCheck(jsonMode, () => refused(429, 'slow_down', { 'retry-after': '60' }));
    expect(judged).toMatchObject({ verdict: 'not_run', seen: 'it could not be judged: HTTP 429 (slow_down)' });
    expect(waited).toEqual([]);
  });

  it('of a feature is not_supported, and a failure where documentation has it', async () => {
    const answer = () => refused(400, 'unsupported');
    expect((await tryCheck(jsonMode, answer)).judged).toMatchObject({
      verdict: 'not_supported',
      seen: 'json mode is refused with HTTP 400 (unsupported)',
    });
    expect((await tryCheck(jsonMode, answer, { supports: { json_mode: true } })).judged.verdict).toBe('fail');
    expect((await tryCheck(jsonMode, () => refused(500))).judged.verdict).toBe('fail');
    expect((await tryCheck(modelSnapshot, answer)).judged.verdict).toBe('fail');
  });

  it('that keeps a target from being reached says where to look: address, key, model', async () => {
    const seenOf = async (answer: Exchange, more: object = {}): Promise<string> =>
      (await tryCheck(reachable, () => answer, more)).judged.seen;
    const away = (failure: string) => exchange({ status: 0, end: 'unreachable', failure });
    expect(await seenOf(away('the connection failed (ECONNREFUSED)'))).toBe(
      'expected HTTP 200, seen: the connection failed (ECONNREFUSED); nothing listens at http://127.0.0.1:9/v1',
    );
    expect(await seenOf(away('the connection failed (ENOTFOUND)'), { base_url: 'https://no.example/v1' })).toContain(
      '; no.example has no address',
    );
    expect(await seenOf(refused(404, 'model_not_found'))).toBe(
      'expected HTTP 200, seen: HTTP 404 (model_not_found); the model asked for is m',
    );
    expect(await seenOf(refused(404, 'no_such_path'), { api: 'anthropic' })).toContain(
      '; asked was http://127.0.0.1:9/v1/messages for the model m: base_url ends with the version (such as /v1), and api is anthropic, not openai',
    );
    expect(await seenOf(refused(401))).toContain('; no key was sent: key_env names');
    expect(await seenOf(refused(403), { key_env: 'MY_KEY' })).toContain('; is MY_KEY a key of http://127.0.0.1:9/v1?');
    expect(await seenOf(refused(500))).toBe('expected HTTP 200, seen: HTTP 500 (refused)');
  });

  it('repeats no message, only a code', async () => {
    const answer = exchange({ status: 400, text: '{"error":{"message":"my prompt","code":"a b"}}' });
    expect((await tryCheck(reachable, () => answer)).judged.seen).toBe(
      'expected HTTP 200, seen: HTTP 400; the model asked for is m',
    );
  });
});

describe('an answer that is used up by its limit', () => {
  const limited = (content: string) =>
    ok({ choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'length' }] });
  it('says nothing of JSON or of tools', async () => {
    expect((await tryCheck(jsonMode, () => limited('{"city": "Pa'))).judged.verdict).toBe('not_run');
    expect((await tryCheck(toolCalls, () => limited(''))).judged.verdict).toBe('not_run');
  });
});

describe('latency', () => {
  const series = (first_ms: number) => (_: unknown, __: unknown, n: number) => stream(first_ms + n, 2 * first_ms + n);
  it('is the median of differences, round by round, with its interval', async () => {
    const own = await rounds(latency, series(140), 10);
    const baseline = await rounds(latency, series(100), 10);
    const judged = latency.judge(own, baseline, target());
    expect(judged.verdict).toBe('pass');
    expect(judged.seen).toBe(
      '10 of 10 rounds were answered; first token after 146 ms, 40 ms after the baseline’s (medians)',
    );
    expect(figureOf(judged, 'added_first_token_ms')).toMatchObject({ value: 40, interval: { low: 40, high: 40 } });
    expect(figureOf(judged, 'added_total_ms')!.value).toBe(80);
    expect(figureOf(judged, 'first_token_p50_ms')).toMatchObject({ value: 145.5, interval: { low: 142, high: 149 } });
    expect(figureOf(judged, 'first_token_p95_ms')!.interval).toBeNull();
    expect(figureOf(judged, 'error_fraction')).toMatchObject({ value: 0, interval: { low: 0 }, samples: 10 });
  });

  it('has no added time without a baseline, and none of rounds that one of the two lacks', async () => {
    const own = await rounds(latency, series(140), 3);
    expect(figureOf(latency.judge(own, undefined, target()), 'added_first_token_ms')).toBeUndefined();
    const judged = latency.judge(own, own.slice(0, 2), target());
    expect(figureOf(judged, 'added_first_token_ms')).toMatchObject({ value: 0, samples: 2, interval: null });
  });

  it('leaves rounds out that were refused for want of room, and counts other failures', async () => {
    const answer = (_: unknown, __: unknown, n: number) =>
      n <= 4 ? refused(429) : n === 5 ? refused(500) : stream(100, 200);
    const judged = latency.judge(await rounds(latency, answer, 10), undefined, target());
    expect(judged.verdict).toBe('pass');
    expect(figureOf(judged, 'error_fraction')).toMatchObject({ value: 1 / 6, samples: 6 });
    const none = latency.judge(await rounds(latency, () => refused(429), 3), undefined, target());
    expect(none.verdict).toBe('not_run');
  });

  it('leaves rounds out whose limit was used up by reasoning', async () => {
    const silent = { ...stream(5, 9), events: stream(5, 9).events.slice(1, 4) };
    const usedUp = {
      ...silent,
      events: silent.events.map((one) => ({ ...one, data: one.data.replace('"stop"', '"length"') })),
    };
    expect(latency.judge(await rounds(latency, () => usedUp, 3), undefined, target()).verdict).toBe('not_run');
    expect(latency.judge(await rounds(latency, () => silent, 3), undefined, target()).verdict).toBe('fail');
    expect((await tryCheck(streaming, () => usedUp)).judged.verdict).toBe('pass');
  });

  it('fails where a first token takes more than 10 s, whoever else does too', async () => {
    const slow = await rounds(latency, series(10_500), 3);
    expect(latency.judge(slow, slow, target())).toMatchObject({ verdict: 'fail' });
  });
});

describe('usage', () => {
  const counting =
    (tokens: number, model = 'm') =>
    () =>
      says('OK', { model, usage: usage(tokens) });
  it('of another model than the baseline’s is measured as a ratio, and not judged', async () => {
    const own = await rounds(usageAccounting, counting(120, 'one-model'), 3);
    const baseline = await rounds(usageAccounting, counting(100, 'another'), 3);
    const judged = usageAccounting.judge(own, baseline, target());
    expect(judged.verdict).toBe('pass');
    expect(judged.seen).toContain('held against nothing');
    expect(figureOf(judged, 'billed_tokens_ratio')).toMatchObject({ value: 1.2, samples: 9 });
  });

  it('of the same model has to be the same, to the token', async () => {
    const own = await rounds(usageAccounting, counting(101), 1);
    const judged = usageAccounting.judge(own, await rounds(usageAccounting, counting(100), 1), target());
    expect(judged.verdict).toBe('fail');
    expect(judged.seen).toContain('the English prompt counts 101 tokens, expected the baseline’s 100');
  });
});

describe('the prompt cache', () => {
  it('that nobody tells of is not_supported, after three calls', async () => {
    const own = await rounds(promptCache, () => says('OK', { usage: usage(1800) }), 1);
    expect(own[0]).toHaveLength(3);
    expect(promptCache.judge(own, own, target()).verdict).toBe('not_supported');
  });

  it('is asked no third time once it has told', async () => {
    const told = (_: unknown, __: unknown, n: number) =>
      says('OK', { usage: usage(1800, { prompt_tokens_details: { cached_tokens: n === 2 ? 1792 : 0 } }) });
    const own = await rounds(promptCache, told, 1);
    expect(own[0]).toHaveLength(2);
    expect(promptCache.judge(own, undefined, target())).toMatchObject({ verdict: 'pass' });
  });
});

describe('a cost', () => {
  it('without a documented place is not_supported, and nothing is asked', async () => {
    const { judged, asked } = await tryCheck(costReported, () => ok());
    expect(judged.verdict).toBe('not_supported');
    expect(asked).toEqual([]);
  });

  it('below nothing is not told', async () => {
    const { judged } = await tryCheck(costReported, () => ok({ usage: usage(100, { cost: -1 }) }), COST);
    expect(judged).toMatchObject({ verdict: 'fail' });
    expect(judged.seen).toBe('expected the cost of 3 calls in usage cost, seen: 0');
  });

  it('with nothing to hold it against is told and not judged', async () => {
    const { judged } = await tryCheck(costReported, () => ok({ usage: usage(100, { cost: 0.01 }) }), COST);
    expect(judged.verdict).toBe('not_run');
    expect(judged.seen).toContain('0.0300000 USD are told for 3 calls');
  });

  it('is let off what rounding to micro-dollars does', async () => {
    const answer = () => ({ exchange: ok({ usage: usage(100, { cost: 0.00001 }) }), computed_usd: 0.0000096 });
    expect((await tryCheck(costReported, answer, COST)).judged.verdict).toBe('pass');
  });

  it('that a look-up has only later is asked for once more', async () => {
    const reports_cost = { in: 'lookup', name: 'data.usd', path: '/g/{id}', unit: 'USD', usd_per_unit: 1 } as const;
    const { judged, waited } = await tryCheck(
      costReported,
      ({ operation }, _, n) =>
        operation === 'chat'
          ? { exchange: ok(), computed_usd: 0.001 }
          : n % 3 === 2
            ? refused(404)
            : exchange({ text: '{"data":{"usd":0.001}}' }),
      { reports_cost },
    );
    expect(judged.verdict).toBe('pass');
    expect(waited).toEqual([1000, 4000, 1000, 4000, 1000, 4000]);
  });
});

describe('errors', () => {
  it('of a target that needs no key are asked without a wrong one', async () => {
    const answer = () => refused(400, 'bad');
    expect((await tryCheck(errorShape, answer)).asked).toHaveLength(3);
    const { judged, asked } = await tryCheck(errorShape, answer, { key_env: 'K' });
    expect(asked).toHaveLength(4);
    expect(judged.seen).toContain('a wrong key: expected HTTP 401 or 403, seen: HTTP 400 (bad)');
  });

  it('that take more than ten seconds are too slow', async () => {
    const { judged } = await tryCheck(errorShape, () => ({ ...refused(400), total_ms: 10_001 }));
    expect(judged.seen).toContain('told after 10001 ms, expected within 10000 ms');
  });
});

describe('refusals that a client retries', () => {
  it('are told to be refused, with what was seen of limits', async () => {
    const { judged } = await tryCheck(retryBehaviour, () => refused(400, 'too_hot'));
    expect(judged).toMatchObject({ verdict: 'pass' });
    expect(judged.seen).toContain('refused with HTTP 400 (too_hot) in 10 ms; no HTTP 429 was seen in this run');
  });

  it('that can’t be provoked are not_supported', async () => {
    expect((await tryCheck(retryBehaviour, () => ok())).judged.verdict).toBe('not_supported');
  });

  it('may tell of a reset in place of Retry-After', async () => {
    const answer = (_: unknown, __: unknown, n: number) =>
      n === 1 ? refused(429, 'slow', { 'x-ratelimit-reset-requests': '1s' }) : refused(400);
    expect((await tryCheck(retryBehaviour, answer)).judged.verdict).toBe('pass');
  });

  it('come again only to who came back too early', async () => {
    const limited = (ms: string) => refused(429, 'slow', { 'retry-after-ms': ms });
    const early = await tryCheck(reachable, () => limited('30000'));
    const earlier = [...early.judged.evidence, ...(await tryCheck(reachable, () => limited('30000'))).judged.evidence];
    expect((await tryCheck(retryBehaviour, () => refused(400), {}, earlier)).judged.verdict).toBe('pass');
    const answer = (_: unknown, __: unknown, n: number) => (n < 3 ? limited('200') : refused(400));
    const { judged } = await tryCheck(retryBehaviour, answer);
    expect(judged).toMatchObject({ verdict: 'fail' });
    expect(judged.seen).toContain('1 times HTTP 429 after a wait as long as Retry-After had said');
  });

  it('that take long look tried again', async () => {
    const { judged } = await tryCheck(retryBehaviour, () => ({ ...refused(400), total_ms: 7000 }));
    expect(judged).toMatchObject({ verdict: 'fail' });
  });
});

describe('a stream', () => {
  it('that broke off as a broken connection is told, and is no silent cut', async () => {
    const atLimit = { ...stream(5, 9), events: [] as never[] };
    const events = [
      '{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"one"},"finish_reason":"length"}]}',
      '[DONE]',
    ];
    const whole = { ...atLimit, events: events.map((data) => ({ at_ms: 5, event: undefined, data })) };
    const broken = { ...whole, end: 'cut' as const, events: whole.events.slice(0, 1) };
    const seen = await tryCheck(streaming, () => broken);
    expect(seen.judged.verdict).toBe('fail');
    const { judged } = await tryCheck(cutHandling, () => whole, {}, seen.judged.evidence);
    expect(judged).toMatchObject({ verdict: 'pass' });
    expect(judged.seen).toContain('1 of 2 streams broke off, as broken connections');
  });

  it('that is over before it can be left is not judged', async () => {
    expect((await tryCheck(cancel, () => stream(5, 9))).judged.verdict).toBe('not_run');
  });
});

describe('remaining requests', () => {
  const left = (remaining: number, most: number, total_ms = 10) => ({
    ...ok(),
    total_ms,
    headers: { 'x-ratelimit-limit-requests': String(most), 'x-ratelimit-remaining-requests': String(remaining) },
  });
  it('may stand still where they refill as fast as they are used', async () => {
    expect((await tryCheck(quotaBurn, () => left(9999, 10_000, 300))).judged.verdict).toBe('pass');
    expect((await tryCheck(quotaBurn, () => left(50, 60, 100))).judged.verdict).toBe('fail');
    expect((await tryCheck(quotaBurn, () => left(60, 60, 5000))).judged.verdict).toBe('fail');
  });

  it('are figures', async () => {
    const { judged } = await tryCheck(quotaBurn, (_, __, n) => left(50 - n, 60));
    expect(figureOf(judged, 'remaining_requests')!.value).toBe(47);
    expect(figureOf(judged, 'burned_requests')!.value).toBe(2);
  });

  it('that nobody tells are not_supported', async () => {
    expect((await tryCheck(quotaBurn, () => ok())).judged.verdict).toBe('not_supported');
  });
});

describe('idempotency', () => {
  it('is not_supported where answers differ, or are the same without a key too', async () => {
    const apart = await tryCheck(idempotentRetries, (_, __, n) => says(String(n)));
    expect(apart.judged.verdict).toBe('not_supported');
    const same = await tryCheck(idempotentRetries, () => says('123456789'));
    expect(same.judged).toMatchObject({ verdict: 'not_supported' });
    expect(same.judged.seen).toContain('without an Idempotency-Key too');
  });

  it('sends the same key twice and none with the third', async () => {
    const { judged, asked } = await tryCheck(idempotentRetries, (_, __, n) => says(n < 3 ? '1' : '2'));
    expect(judged.verdict).toBe('pass');
    const keys = asked.map(({ headers }) => headers?.['idempotency-key']);
    expect(keys[0]).toMatch(/^tollgate-smoke-\w+$/);
    expect(keys).toEqual([keys[0], keys[0], undefined]);
  });
});

describe('names that are told', () => {
  it('may be the price book’s where the target has an alias of its own', async () => {
    const answer = () => ok({ model: 'gpt-4o-mini-2024-07-18' });
    const alias = { model: 'our-fast-one', priced_as: { seller: 'openai', model: 'gpt-4o-mini' } };
    expect((await tryCheck(modelSnapshot, answer, alias)).judged.verdict).toBe('pass');
    expect(
      (await tryCheck(modelSnapshot, answer, { model: 'our-fast-one', priced_as: undefined })).judged.verdict,
    ).toBe('fail');
  });

  it('come with what headers say of the model’s end', async () => {
    const { judged } = await tryCheck(modelSnapshot, () => ({ ...ok(), headers: { sunset: 'Tue, 01 Dec 2026' } }));
    expect(judged.seen).toBe('asked for m, told m; no date of a snapshot; sunset: Tue, 01 Dec 2026');
  });
});

describe('a user', () => {
  it('is accepted where metadata is refused, and that is noted', async () => {
    const { judged } = await tryCheck(attribution, (_, { body }) =>
      typeof body === 'object' && 'metadata' in body ? refused(400, 'store_needed') : ok(),
    );
    expect(judged).toMatchObject({ verdict: 'pass' });
    expect(judged.seen).toBe(
      'a user is accepted; metadata is refused with HTTP 400 (store_needed); whether the user is kept can’t be seen from here',
    );
  });

  it('is found in what a header shows', async () => {
    const { judged } = await tryCheck(attribution, () => ({
      ...ok(),
      headers: { 'x-tollgate-user': 'tollgate-smoke-user' },
    }));
    expect(judged.seen).toContain('the user is shown again');
  });
});
