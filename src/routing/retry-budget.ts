/**
 * A budget of retries over all requests: a token bucket that requests and time fill and retries empty.
 *
 *   tokens = min(capacity, tokens + per_request for each request + per_second x seconds);  a retry takes 1
 *
 * Example: capacity 10, 0.1 per request: when everything fails, after the first 10 retries at most one request in ten is
 * retried, so that the load on a failing route rises by 10 % and not by the number of tries. It starts full.
 * Source: Finagle's RetryBudget; retry throttling of gRPC (gRFC A6). Fallbacks take nothing: they go to another route.
 */
export interface RetryBudgetRule {
  readonly capacity: number;
  readonly per_request: number;
  readonly per_second: number;
}

export interface RetryBucket {
  tokens: number;
  /** Instant up to which time was credited; -1: not begun. */
  filled_ms: number;
}

export const createRetryBucket = (rule: RetryBudgetRule | undefined): RetryBucket => ({
  tokens: rule?.capacity ?? 0,
  filled_ms: -1,
});

export function creditRequest(bucket: RetryBucket, rule: RetryBudgetRule): void {
  bucket.tokens = Math.min(rule.capacity, bucket.tokens + rule.per_request);
}

/** Takes a token for a retry if there is one. */
export function takeRetry(bucket: RetryBucket, rule: RetryBudgetRule, now_ms: number): boolean {
  if (bucket.filled_ms < 0) bucket.filled_ms = now_ms;
  if (now_ms > bucket.filled_ms) {
    const credit = ((now_ms - bucket.filled_ms) / 1000) * rule.per_second;
    bucket.tokens = Math.min(rule.capacity, bucket.tokens + credit);
    bucket.filled_ms = now_ms;
  }
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
