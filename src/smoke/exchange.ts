/**
 * One call to a target and what came back, with its times: the only thing that checks see of the world. A caller makes it:
 * over the network, or on a virtual clock.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { End } from '../measurements/contract.ts';

export const CALLED = ['chat', 'embeddings', 'images', 'models', 'cost_lookup'] as const;
export type Called = (typeof CALLED)[number];

export interface Call {
  readonly operation: Called;
  /** Path behind the target's base address: /chat/completions. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** Sent as JSON; a string is sent as it stands, for bodies that are none. */
  readonly body: Readonly<Record<string, unknown>> | string | undefined;
  readonly isStream: boolean;
  /** Beside those of the target: attribution, an idempotency key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which key goes with it. */
  readonly key: 'own' | 'wrong' | 'none';
  /** Leaves the answer after so many events with content; 0: once the head is there. */
  readonly leave_after_events?: number;
  readonly timeout_ms: number;
}

export interface ExchangeEvent {
  readonly at_ms: number;
  readonly event: string | undefined;
  readonly data: string;
}

export interface Exchange {
  /** Milliseconds since 1970. */
  readonly started_ms: number;
  readonly end: End;
  /** 0 where no head came. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Whole body as text; of a stream, what came of it. */
  readonly text: string;
  /** Of a stream, in order. Times count from the start of the call, as do those below. */
  readonly events: readonly ExchangeEvent[];
  readonly first_byte_ms: number | undefined;
  readonly total_ms: number;
  /** The failure in words, without addresses or keys. */
  readonly failure: string | undefined;
}

/** Makes calls to one target. Never throws for what a target does. */
export interface Caller {
  readonly call: (call: Call) => Promise<Exchange>;
}
