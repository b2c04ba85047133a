/**
 * One request and the limits of routes: an attempt for which a route has no room ends as the seller's 429 would and is not
 * sent; what an attempt did not use of its route's tokens goes back.
 */
import { NEVER } from '../conditions/rate-limits.ts';
import { createResult } from '../routing/attempt.ts';
import type { Cursor } from '../routing/cursor.ts';
import { failed } from '../routing/outcome.ts';
import type { RoutingRequest } from '../routing/request.ts';
import { NOT_ASKED } from '../routing/retry-after.ts';
import type { RouterParts } from './exchange.ts';
import { FREE, type RequestLedger, tokensUsed } from './ledger.ts';

const HELD = { result: 'rate_limited', status: 429, billing: 'not_sent', counts: undefined, cost: FREE } as const;

export class RouteRoom {
  /** The last attempt was held back: for so long. */
  limited_ms: number | undefined;
  readonly #parts: RouterParts;
  readonly #ledger: RequestLedger;
  readonly #request: RoutingRequest;

  constructor(parts: RouterParts, ledger: RequestLedger, request: RoutingRequest) {
    this.#parts = parts;
    this.#ledger = ledger;
    this.#request = request;
  }

  /** Whether the attempt that the cursor has begun may be sent; else it is reported. */
  isLetIn(cursor: Cursor, route: string): boolean {
    const { routeLimits, now } = this.#parts;
    const time_ms = now();
    const wait_ms = routeLimits.take(route, this.#request.key, this.#tokens, time_ms);
    this.limited_ms = wait_ms === 0 ? undefined : wait_ms;
    if (wait_ms === 0) return true;
    const { attempts, next: attempt } = this.#ledger;
    attempts.push({ route, attempt, time_ms, latency_ms: 0, ttft_ms: undefined, ...HELD });
    const result = createResult();
    result.result = failed('rate_limited');
    result.status = 429;
    result.retry_after_ms = wait_ms === NEVER ? NOT_ASKED : wait_ms;
    result.cost_nano_usd = 0;
    cursor.report(result, time_ms);
    return false;
  }

  /** After an attempt that was sent. */
  settle(route: string): void {
    const used = tokensUsed(this.#ledger.attempts.slice(-1));
    if (used !== undefined) this.#parts.routeLimits.settle(route, this.#request.key, this.#tokens, used);
  }

  get #tokens(): number {
    return this.#request.prompt_tokens + this.#request.output_tokens;
  }
}
