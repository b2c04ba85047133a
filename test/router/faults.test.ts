/**
 * What a broken connection may never do: make a part of an answer pass for the whole, cost a request its line in the ledger,
 * or stand in the way of the next one. Each position of each answer is tried.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Break, CutUpstream, inChunks, untilClosed, withLength } from './cut-upstream.ts';
import { type Answer, ask, CHAT, ROUTES, startRouter, type TestRouter } from './setting.ts';

const USAGE = { prompt_tokens: 100, completion_tokens: 20 };
const JSON_ANSWER = JSON.stringify({ choices: [{ index: 0, message: { content: 'Grüße' } }], usage: USAGE });
const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (text: string, finish_reason: string | null = null): string =>
  event({ choices: [{ index: 0, delta: { content: text }, finish_reason }] });
const EVENTS = [delta('Grü'), delta('ße'), delta('', 'stop'), event({ choices: [], usage: USAGE }), 'data: [DONE]\n\n'];
/** Each position by each break, not one of the two in turn, and each with a request behind it: TOLLGATE_LONG=1 npx vitest run test/router/faults.test.ts */
const IS_LONG = process.env.TOLLGATE_LONG === '1';
const [JSON_TYPE, SSE_TYPE] = ['application/json', 'text/event-stream'];

const ANSWERS: Readonly<Record<string, Buffer>> = {
  'json-length': withLength(JSON_TYPE, JSON_ANSWER),
  ...(IS_LONG ? { 'json-chunked': inChunks(JSON_TYPE, [JSON_ANSWER.slice(0, 40), JSON_ANSWER.slice(40)]) } : {}),
  'json-closed': untilClosed(JSON_TYPE, JSON_ANSWER),
  'sse-chunked': inChunks(SSE_TYPE, EVENTS),
  'sse-closed': untilClosed(SSE_TYPE, EVENTS.join('')),
};
/** 100 tokens in and 20 out at alpha. */
const WHOLE_USD = 0.0006;

let upstream: CutUpstream;
let router: TestRouter;

beforeAll(async () => {
  upstream = await new CutUpstream(ANSWERS).listen();
  router = await startRouter({
    routes: { a: ROUTES.a },
    routing: { policy: 'a' },
    upstreams: { alpha: { base_url: upstream.base_url } },
  });
});

afterAll(async () => {
  await router.router.close();
  await upstream.close();
  expect(router.bugs).toEqual([]);
});

/** Text of the answer as a client of either kind reads it, and whether it was told that something is amiss. */
function read({ status, text, end, headers }: Answer): { readonly said: string; readonly isTold: boolean } {
  const isStream = String(headers['content-type']).startsWith(SSE_TYPE);
  if (!isStream) {
    if (status !== 200) return { said: '', isTold: true };
    const { choices } = JSON.parse(text) as { choices: { message: { content: string } }[] };
    return { said: choices[0]!.message.content, isTold: false };
  }
  const events = text.split('\n\n').filter((one) => one.startsWith('data: {'));
  const said = events.map((one) => JSON.parse(one.slice(6)).choices?.[0]?.delta.content ?? '').join('');
  return { said, isTold: end === 'broken' || text.includes('event: error') };
}

const asked = (name: string, most: number, how: Break) =>
  ask(
    router,
    { ...CHAT, user: `${name}/${most}/${how}`, ...(name.startsWith('sse') ? { stream: true } : {}) },
    { headers: { traceparent: `${name} ${most} ${how}` } },
  );

/** One position: what the client saw, and the one line that the ledger has of it. */
async function cutAt(name: string, most: number, how: Break): Promise<void> {
  const answer = await asked(name, most, how);
  const { said, isTold } = read(answer);
  const at = `${name} cut after ${most} bytes by ${how}`;
  expect(isTold || said === 'Grüße', `${at}: a short answer passed for the whole: ${JSON.stringify(said)}`).toBe(true);
  const entries = router.entries.filter(({ user }) => user === `${name}/${most}/${how}`);
  expect(entries.length, at).toBe(1);
  const { outcome, attempts } = entries[0]!;
  const last = attempts.at(-1)!;
  expect(outcome, at).toBe(!isTold ? 'answered' : answer.status === 200 ? 'truncated' : 'failed');
  expect(last.billing, at).toBe(answer.status === 200 ? 'billed' : 'unknown');
  if (outcome === 'answered') expect(last.cost.status === 'estimated' || last.cost.usd === WHOLE_USD, at).toBe(true);
  else if (outcome === 'truncated') expect(last.cost, at).toMatchObject({ status: 'estimated' });
  else expect([answer.headers['x-tollgate-cost-usd'], last.cost.usd], at).toEqual([undefined, null]);
  if (!IS_LONG && most % 3 > 0) return;
  const next = await asked(name, Number.POSITIVE_INFINITY, how);
  expect([read(next), next.end], `${at}: the next request`).toEqual([{ said: 'Grüße', isTold: false }, 'whole']);
}

describe('an answer whose connection breaks at any of its bytes', () => {
  test.each(Object.keys(ANSWERS))('%s: is whole, or told to be none', { timeout: 600_000 }, async (name) => {
    const before = { entries: router.entries.length, calls: upstream.calls };
    const positions = [...ANSWERS[name]!.keys()].flatMap((most) => {
      const both = [[most, 'end'] as const, [most, 'reset'] as const];
      return IS_LONG ? both : [both[most % 2]!];
    });
    const left = [...positions];
    const lane = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await cutAt(name, next[0], next[1]);
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    const behind = positions.filter(([most]) => IS_LONG || most % 3 === 0);
    expect(router.entries.length - before.entries).toBe(positions.length + behind.length);
    const attempts = router.entries.slice(before.entries).flatMap((entry) => entry.attempts);
    expect(attempts.filter(({ billing }) => billing !== 'not_sent').length).toBe(upstream.calls - before.calls);
  });
});
