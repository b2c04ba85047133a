/**
 * How one attempt went, told once: to the ledger for people, and to the cursor, so that breakers, latencies and budgets learn
 * from it. An attempt on a kept connection that its seller had closed is told too, since it may have been heard.
 */
import { createResult } from '../routing/attempt.ts';
import type { Cursor } from '../routing/cursor.ts';
import { ANSWERED_ATTEMPT, failed } from '../routing/outcome.ts';
import { NOT_ASKED, retryAfterMs } from '../routing/retry-after.ts';
import type { Asked, Used } from './attempt-cost.ts';
import { one } from './headers.ts';
import { type AttemptEntry, FREE, nanoUsd, type RequestLedger, UNKNOWN_COST } from './ledger.ts';
import type { FailedAttempt } from './try-route.ts';
import type { UpstreamCall } from './upstream.ts';

const UNHEARD = { ttft_ms: undefined, result: 'connection', status: 0, billing: 'unknown' } as const;
const UNKNOWN: Used = { counts: undefined, cost: UNKNOWN_COST };
/** Sellers bill no refusals; of what was sent and not heard of nobody knows. */
const NOTHING: Used = { counts: undefined, cost: FREE };

export class AttemptReport {
  isMade = false;
  readonly #ledger: RequestLedger;
  readonly #cursor: Cursor;
  readonly #call: UpstreamCall;
  readonly #asked: Asked;
  readonly #now: () => number;

  constructor(ledger: RequestLedger, cursor: Cursor, call: UpstreamCall, asked: Asked, now: () => number) {
    this.#ledger = ledger;
    this.#cursor = cursor;
    this.#call = call;
    this.#asked = asked;
    this.#now = now;
  }

  swallowed(latency_ms: number): void {
    const { route, time_ms } = this.#asked;
    const { attempts, next: attempt } = this.#ledger;
    attempts.push({ route, attempt, time_ms, latency_ms, ...UNHEARD, ...UNKNOWN });
  }

  /**
   * What came is billed, whole or in part.
   * @param client_ms how long its client was waited for: that says nothing of the route
   */
  answered(result: AttemptEntry['result'], used: Used, client_ms = 0): void {
    this.#tell(result, 'billed', used, this.#call.status, NOT_ASKED, client_ms);
  }

  failed({ kind, billing, answer, call }: FailedAttempt): void {
    const { 'retry-after': retry_after, 'retry-after-ms': ms } = call.headers;
    const asked_ms = retryAfterMs({ retry_after, retry_after_ms: one(ms) }, this.#now());
    this.#tell(kind, billing, billing === 'unknown' ? UNKNOWN : NOTHING, answer?.status ?? call.status, asked_ms);
  }

  /** A bug was in the way of an end. */
  lost(): void {
    this.#tell('server_error', 'unknown', UNKNOWN, this.#call.status, NOT_ASKED);
  }

  #tell(
    how: AttemptEntry['result'],
    billing: AttemptEntry['billing'],
    { counts, cost }: Used,
    said: number,
    asked_ms: number,
    client_ms = 0,
  ): void {
    this.isMade = true;
    const { route, time_ms } = this.#asked;
    const { status, elapsed_ms: latency_ms, first_byte_ms: ttft_ms } = this.#call;
    const { attempts, next: attempt } = this.#ledger;
    attempts.push({ route, attempt, time_ms, latency_ms, ttft_ms, result: how, status, billing, counts, cost });
    const result = createResult();
    result.result = how === 'answered' ? ANSWERED_ATTEMPT : failed(how);
    result.status = said;
    result.latency_ms = latency_ms - client_ms;
    result.retry_after_ms = asked_ms;
    result.cost_nano_usd = nanoUsd(cost);
    this.#cursor.report(result, this.#now());
  }
}
