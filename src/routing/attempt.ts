/** How one attempt went, as whoever made it tells. One object can serve all attempts. */
import { ANSWERED_ATTEMPT } from './outcome.ts';
import { UNPRICED } from './route-price.ts';

export interface AttemptResult {
  /** ANSWERED_ATTEMPT, or `failed(kind)`. */
  result: number;
  /** HTTP status; 0: none. */
  status: number;
  /** Of an answer, as latency-aware policies compare it; below 0: not known. */
  latency_ms: number;
  /** What the route asked to wait, by `retryAfterMs`; below 0: nothing. */
  retry_after_ms: number;
  /** What the attempt cost, in nano-dollars; below 0: not known, and then what was reserved stays spent. */
  cost_nano_usd: number;
}

export const createResult = (): AttemptResult => ({
  result: ANSWERED_ATTEMPT,
  status: 0,
  latency_ms: -1,
  retry_after_ms: -1,
  cost_nano_usd: UNPRICED,
});
