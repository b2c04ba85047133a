/**
 * Makes calls over the network: one pool of connections a target, one limit of time a call, everything that comes with the
 * time at which it came. What a target does wrong is an exchange that says so, never an exception. Keys go into headers
 * here and nowhere else.
 */
import { createParser } from 'eventsource-parser';
import { Pool } from 'undici';
import type { End } from '../measurements/contract.ts';
import type { Call, Caller, Exchange, ExchangeEvent } from './exchange.ts';
import type { Target } from './target.ts';

const MOST_BYTES = 16_777_216;
const WRONG_KEY = 'tollgate-smoke-wrong-key';

export interface LiveCaller extends Caller {
  /** Breaks off what is under way. */
  readonly close: () => Promise<void>;
}

export function liveCaller(target: Target, key: string | undefined): LiveCaller {
  const { origin, pathname } = new URL(target.base_url);
  const pool = new Pool(origin, {
    connect: { timeout: target.timeout_ms },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 10_000,
  });
  const base = pathname.replace(/\/$/, '');
  return {
    call: (call) => new LiveCall(target, key).make(pool, base, call),
    close: () => pool.destroy(),
  };
}

class LiveCall {
  readonly #target: Target;
  readonly #key: string | undefined;
  readonly #started_ms = Date.now();
  readonly #from = performance.now();
  readonly #abort = new AbortController();
  readonly #events: ExchangeEvent[] = [];
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Exchange['headers'] = {};
  #first_byte_ms: number | undefined;
  #why: 'timeout' | 'cancelled' | undefined;

  constructor(target: Target, key: string | undefined) {
    this.#target = target;
    this.#key = key;
  }

  async make(pool: Pool, base: string, call: Call): Promise<Exchange> {
    const timer = setTimeout(() => this.#leave('timeout'), call.timeout_ms);
    try {
      const body =
        call.body === undefined ? null : typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
      const answer = await pool.request({
        path: base + call.path,
        method: call.method,
        headers: this.#sent(call),
        body,
        signal: this.#abort.signal,
      });
      this.#status = answer.statusCode;
      this.#headers = answer.headers;
      if (call.leave_after_events === 0) this.#leave('cancelled');
      const parser = call.isStream ? this.#parser(call.leave_after_events) : undefined;
      for await (const part of answer.body as AsyncIterable<Buffer>) {
        this.#first_byte_ms ??= this.#elapsed();
        this.#keep(part);
        parser?.feed(part);
      }
      return this.#exchange('whole', undefined);
    } catch (error) {
      return this.#exchange(this.#endOf(error), failureOf(error, this.#why));
    } finally {
      clearTimeout(timer);
    }
  }

  #sent({ method, isStream, headers, key: which }: Call): Record<string, string> {
    const { headers: own, key_header, key_prefix } = this.#target;
    const key = which === 'own' ? this.#key : which === 'wrong' ? WRONG_KEY : undefined;
    return {
      ...own,
      ...headers,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      accept: isStream ? 'text/event-stream' : 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'tollgate-smoke',
      ...(key === undefined ? {} : { [key_header]: `${key_prefix}${key}` }),
    };
  }

  #parser(most: number | undefined) {
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent: ({ event, data }) => {
        this.#events.push({ at_ms: this.#elapsed(), event, data });
        if (this.#events.length === most) this.#leave('cancelled');
      },
    });
    return { feed: (part: Buffer) => parser.feed(decoder.decode(part, { stream: true })) };
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} bytes`);
    this.#parts.push(part);
  }

  #leave(why: 'timeout' | 'cancelled'): void {
    this.#why ??= why;
    this.#abort.abort();
  }

  #elapsed = (): number => performance.now() - this.#from;

  #endOf(error: unknown): End {
    if (this.#why !== undefined) return this.#why;
    const { code } = error as { readonly code?: unknown };
    return code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : this.#status === 0 ? 'unreachable' : 'cut';
  }

  #exchange(end: End, failure: string | undefined): Exchange {
    return {
      started_ms: this.#started_ms,
      end,
      status: this.#status,
      headers: this.#headers,
      text: Buffer.concat(this.#parts).toString('utf8'),
      events: this.#events,
      first_byte_ms: this.#first_byte_ms,
      total_ms: this.#elapsed(),
      failure,
    };
  }
}

/** The code alone: messages of sockets name hosts. */
function failureOf(error: unknown, why: 'timeout' | 'cancelled' | undefined): string {
  if (why === 'timeout') return 'there was no answer in time';
  if (why === 'cancelled') return 'the answer was left';
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  const told = code ?? cause?.code;
  return `the connection failed${typeof told === 'string' ? ` (${told})` : ''}`;
}
