/** One check against answers that are given in turn, on a virtual clock; no network, no cap. */
import type { Judged, PairedCheck, Probe, Seen, TargetCheck } from '../../../src/smoke/check.ts';
import type { Asked } from '../../../src/smoke/dialect.ts';
import { anthropic } from '../../../src/smoke/dialects/anthropic.ts';
import { openai } from '../../../src/smoke/dialects/openai.ts';
import type { Call, Exchange } from '../../../src/smoke/exchange.ts';
import type { Target } from '../../../src/smoke/target.ts';
import { exchange, ok, START_MS, target } from '../setting.ts';

export interface Given {
  readonly exchange: Exchange;
  readonly computed_usd?: number | undefined;
}
export type Answer = (asked: Asked, call: Call, n: number) => Exchange | Given;

export interface Tried {
  readonly judged: Judged;
  readonly asked: readonly Asked[];
  readonly waited: readonly number[];
}

export async function tryCheck(
  check: TargetCheck,
  answer: Answer,
  more: Partial<Target> = {},
  before: readonly Seen[] = [],
): Promise<Tried> {
  const { probe, asked, waited } = probing(answer, more, before);
  return { judged: await check.run(probe), asked, waited };
}

/** The rounds of one target, for judging. */
export async function rounds(check: PairedCheck, answer: Answer, count: number, more: Partial<Target> = {}) {
  const { probe } = probing(answer, more, []);
  const seen: (readonly Seen[])[] = [];
  for (let round = 0; round < count; round++) seen.push(await check.round({ ...probe, round }));
  return seen;
}

function probing(answer: Answer, more: Partial<Target>, before: readonly Seen[]) {
  const of = target(more);
  const dialect = of.api === 'anthropic' ? anthropic : openai;
  const asked: Asked[] = [];
  const waited: number[] = [];
  const earlier: Seen[] = [...before];
  let now = START_MS;
  const probe: Probe = {
    target: of,
    dialect,
    ask: async (one) => {
      asked.push(one);
      const given = answer(one, dialect.call(one, of), asked.length);
      const { exchange: came, computed_usd } =
        'exchange' in given ? given : { exchange: given, computed_usd: undefined };
      const timed = { ...came, started_ms: now };
      now += timed.total_ms;
      const seen = { id: `e${asked.length}`, exchange: timed, told: dialect.read(timed, one, of), computed_usd };
      earlier.push(seen);
      return seen;
    },
    wait: async (ms) => {
      waited.push(ms);
      now += ms;
    },
    random: () => 0.25,
    round: undefined,
    earlier: () => earlier,
  };
  return { probe, asked, waited };
}

export const refused = (status: number, code = 'refused', headers: Record<string, string> = {}): Exchange =>
  exchange({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    text: JSON.stringify({ error: { message: 'no', type: 'error', code } }),
  });

/** A chat that says so much. */
export const says = (content: string, more: object = {}): Exchange =>
  ok({ choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }], ...more });

const chunk = (choices: object[], more: object = {}) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  model: 'm',
  choices,
  ...more,
});

/** A stream of one word, whole, at these times. */
export const stream = (first_ms: number, total_ms: number): Exchange =>
  exchange({
    headers: { 'content-type': 'text/event-stream' },
    total_ms,
    events: [
      chunk([{ index: 0, delta: { content: 'Monday' }, finish_reason: null }]),
      chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
      chunk([], { usage: { prompt_tokens: 10, completion_tokens: 1 } }),
      '[DONE]',
    ].map((data, i) => ({
      at_ms: i === 0 ? first_ms : total_ms,
      event: undefined,
      data: typeof data === 'string' ? data : JSON.stringify(data),
    })),
  });
