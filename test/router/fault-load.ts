/**
 * Requests with faults: each carries a number under which its sellers find what they are to do, attempt by attempt, and under
 * which client, ledger and sellers are held against each other when it has ended.
 */
import { request as httpRequest } from 'node:http';
import { expect } from 'vitest';
import type { RequestEntry } from '../../src/router/ledger.ts';
import { NANO_USD } from '../../src/trace/request.ts';
import { type Answer, ask, content, DONE, ROLE, STOP, type TestRouter } from './setting.ts';
import { type Behaviour, html, json, pause, reset, silent, type TestUpstream } from './upstream.ts';

export const FAULTS = [
  'none',
  '500',
  '503',
  '429',
  '400',
  'html',
  'reset',
  'silent',
  'late',
  'error in 200',
  'no JSON',
  'cut head',
  'cut in the middle',
  'cut at the end',
  'stalls',
  'error event',
  'no usage',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Two routes with a fallback, a draw and retries: what a router under faults does. */
export const FAULTY_ROUTING = {
  policy: 'a',
  policies: {
    chain: { kind: 'fallback', first: 'a', to: ['b'] },
    any: {
      kind: 'weighted',
      of: [
        { use: 'a', weight: 1 },
        { use: 'b', weight: 1 },
      ],
    },
  },
  retries: { per_route: 1, base: '1 ms', on: ['overloaded', 'rate_limited', 'connection', 'server_error'] },
  limits: { attempts: 3 },
};

export interface Asking {
  readonly model: string;
  readonly isStream: boolean;
  readonly asksForUsage: boolean;
  /** What its attempts meet, in turn; the last one holds for all further ones. */
  readonly faults: readonly Fault[];
  /** A client that does not wait. */
  readonly leaves: 'no' | 'soon' | 'at the first text';
  /** Equal texts are equal prompts; undefined: one of its own. */
  readonly text?: string;
  readonly key?: string;
}

/** Short, so that a wait is no wait. */
export const TIMEOUTS = { connect: '5 s', first_byte: '50 ms', idle: '50 ms', total: '2 s', client_idle: '1 s' };

const usageOf = (number: number) => ({ prompt_tokens: 100 + (number % 97), completion_tokens: 1 + (number % 13) });

export class FaultLoad {
  asked = 0;
  /** By number of the request: calls that reached a seller. */
  readonly calls = new Map<number, number>();
  readonly #scripts = new Map<number, Asking>();
  readonly #router: TestRouter;
  /** By number of the request: attempts that left. */
  readonly #sent: number[] = [];

  constructor(router: TestRouter) {
    this.#router = router;
  }

  behaviour(upstream: () => TestUpstream): Behaviour {
    return async (response, seen) => {
      const number = Number(seen.headers.traceparent);
      const made = this.calls.get(number) ?? 0;
      this.calls.set(number, made + 1);
      const { faults } = this.#scripts.get(number)!;
      await play(
        faults[Math.min(made, faults.length - 1)]!,
        number,
        seen.body.stream === true,
        upstream(),
      )(response, seen);
    };
  }

  /** Asks, waits for the line in the ledger, and holds both against what the sellers saw. */
  async run(asking: Asking): Promise<RequestEntry> {
    const number = this.asked++;
    this.#scripts.set(number, asking);
    const { model, isStream, asksForUsage, leaves, text = `prompt ${number}`, key } = asking;
    const stream = isStream ? { stream: true, ...(asksForUsage && { stream_options: { include_usage: true } }) } : {};
    const body = { model, messages: [{ role: 'user', content: text }], max_tokens: 20, ...stream };
    const headers = {
      traceparent: String(number),
      'x-tollgate-user': `r${number}`,
      ...(key && { authorization: `Bearer ${key}` }),
    };
    const hasText = (seen: string): boolean => seen.includes('content');
    const answer =
      leaves === 'soon'
        ? await askAndLeave(this.#router, body, headers, () => this.calls.has(number))
        : await ask(this.#router, body, { headers, ...(leaves !== 'no' && { leaveAt: hasText }) });
    const entry = await this.#entryOf(number);
    this.#check(number, asking, answer, entry);
    return entry;
  }

  async #entryOf(number: number): Promise<RequestEntry> {
    const user = `r${number}`;
    const { entries } = this.#router;
    for (let i = 0; i < 1000; i++) {
      const found = entries.findLast((entry) => entry.user === user);
      if (found !== undefined) return found;
      await pause(i < 20 ? 1 : 10);
    }
    throw new Error(`request ${number} has no line in the ledger`);
  }

  /** Calls that sellers heard of late are calls of attempts that the ledger has. */
  checkCalls(): void {
    for (const [number, calls] of this.calls)
      expect(calls, `request ${number}`).toBeLessThanOrEqual(this.#sent[number]!);
  }

  #check(number: number, { isStream, asksForUsage, leaves }: Asking, answer: Answer, entry: RequestEntry): void {
    const said = `${JSON.stringify(this.#scripts.get(number))} gave ${answer.status} ${answer.end} ${answer.text}; ${JSON.stringify(entry)}`;
    const { outcome, attempts } = entry;
    const sent = attempts.filter(({ billing }) => billing !== 'not_sent');
    this.#sent[number] = sent.length;
    const calls = this.calls.get(number) ?? 0;
    // A seller need not have heard of what was broken off.
    const isBrokenOff = attempts.some(({ result }) => result === 'cancelled' || result === 'timeout');
    if (isBrokenOff) expect(calls, said).toBeLessThanOrEqual(sent.length);
    else expect(calls, said).toBe(sent.length);
    attempts.forEach(({ billing, result, cost }, i) => {
      expect(billing === 'billed', said).toBe(result === 'answered' || result === 'truncated' || isCutShort(entry, i));
      if (billing === 'billed') expect(i, said).toBe(attempts.length - 1);
      if (billing === 'unknown') expect(cost.usd, said).toBeNull();
      if (billing === 'refused' || billing === 'not_sent') expect(cost.usd, said).toBe(0);
    });
    if (leaves !== 'no') return;
    expect(outcome, said).not.toBe('cancelled');
    const isError = answer.status !== 200 || answer.end === 'broken' || answer.text.includes('"error"');
    expect(outcome === 'answered' || outcome === 'cached', said).toBe(!isError);
    expect(answer.status === 200 ? 200 : entry.status, said).toBe(answer.status);
    if (answer.headers['x-tollgate-cost-usd'] !== undefined)
      expect(nano(Number(answer.headers['x-tollgate-cost-usd'])), said).toBe(nano(ledgerCost(entry)));
    if (outcome !== 'answered' && outcome !== 'cached') return;
    const last = attempts.at(-1);
    const told = told_usd(answer.text, isStream);
    if (outcome === 'cached') expect(told ?? 0, said).toBe(0);
    else if (last?.counts !== undefined && last.cost.status === 'exact' && (!isStream || asksForUsage))
      expect(nano(told!), said).toBe(nano(last.cost.usd!));
    expect(answer.text, said).toContain(`said ${outcome === 'cached' ? '' : number}`);
  }
}

const nano = (usd: number): number => Math.round(usd * NANO_USD * 1000);
export const ledgerCost = ({ attempts }: RequestEntry): number =>
  attempts.reduce((sum, { cost }) => sum + (cost.usd ?? 0), 0);
/** Asks, and leaves as soon as a seller is at work, unless the answer was there before. */
function askAndLeave(router: TestRouter, body: object, headers: Record<string, string>, isHeard: () => boolean) {
  return new Promise<Answer>((resolve) => {
    const request = httpRequest(
      `${router.url}/v1/chat/completions`,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json', ...headers } },
      (response) => void response.resume(),
    );
    const look = setInterval(() => isHeard() && request.destroy(), 1);
    request.on('error', () => undefined);
    request.on('close', () => {
      clearInterval(look);
      resolve({ status: 0, headers: {}, bytes: Buffer.alloc(0), text: '', end: 'broken' });
    });
    request.end(JSON.stringify(body));
  });
}

/** A stream that a client left, or that broke off, is billed in part. */
const isCutShort = ({ isStream, attempts }: RequestEntry, i: number): boolean =>
  isStream && i === attempts.length - 1 && attempts[i]!.result === 'cancelled' && attempts[i]!.billing === 'billed';

/** The cost that an answer's usage states. */
function told_usd(text: string, isStream: boolean): number | undefined {
  const bodies = isStream
    ? text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [line.slice(6)] : []))
    : [text];
  return bodies
    .map((body) => (JSON.parse(body) as { usage?: { cost?: number } }).usage?.cost)
    .findLast((cost) => cost !== undefined);
}

function play(fault: Fault, number: number, isStream: boolean, upstream: TestUpstream): Behaviour {
  const usage = usageOf(number);
  const message = { role: 'assistant', content: `said ${number}` };
  const whole = { choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
  const usageChunk = `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
  const head = [ROLE, content(`said ${number}`), content(' and more')];
  const events = [...head, STOP, usageChunk, DONE];
  const answer = isStream ? upstream.events([events.join('')]) : json(whole);
  const error = { error: { message: 'no', type: 'server_error', code: 'server_error' } };
  switch (fault) {
    case 'none':
      return answer;
    case '500':
    case '503':
    case '400':
      return json(error, Number(fault));
    case '429':
      return json(error, 429, { 'retry-after-ms': '2' });
    case 'html':
      return html(502);
    case 'reset':
      return reset;
    case 'silent':
      return silent;
    case 'late':
      return async (response, seen) => {
        await pause(10);
        await answer(response, seen);
      };
    case 'error in 200':
      return json(error);
    case 'no JSON':
      return json('<html>');
    case 'cut head':
      return (response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: appl', () => response.socket?.destroy());
      };
    case 'cut in the middle':
      return isStream ? upstream.events(head.slice(0, 2), 'cut') : cut(JSON.stringify(whole), 0.5);
    case 'cut at the end':
      return isStream ? upstream.events([head.join('')], 'cut') : cut(JSON.stringify(whole), 0.99);
    case 'stalls':
      return isStream ? upstream.events(head.slice(0, 2), 'stall') : stalls(JSON.stringify(whole));
    case 'error event':
      return isStream ? upstream.events([ROLE, `data: ${JSON.stringify(error)}\n\n`]) : json(error);
    case 'no usage':
      return isStream ? upstream.events([[...head, STOP, DONE].join('')]) : json({ choices: whole.choices });
  }
}

const begun = (text: string, share: number): [number, string] => [
  text.length,
  text.slice(0, Math.floor(share * text.length)),
];
const cut =
  (text: string, share: number): Behaviour =>
  (response) => {
    const [length, part] = begun(text, share);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
    response.write(part, () => response.socket?.destroy());
  };
const stalls =
  (text: string): Behaviour =>
  (response) => {
    const [length, part] = begun(text, 0.5);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
    response.write(part);
  };
