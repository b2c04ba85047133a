/**
 * Retries on the same route: whether one may be made and how long to wait before it.
 *
 *   ceiling(n) = min(cap, base x factor^(n - 1))        n: the retry's number, from 1
 *   full jitter: u x ceiling    equal: ceiling / 2 + u x ceiling / 2    none: ceiling, u uniform in [0, 1)
 *   wait = max(backoff, Retry-After)
 *
 * Example: base 500 ms, factor 2, cap 5 s: ceilings 500, 1,000, 2,000, 4,000, 5,000 ms; equal jitter with u = 0.5 waits
 * 750 ms before the second. A Retry-After longer than its own cap is not cut short: the route is left instead, since to ask
 * before the time that was named fails for certain and prolongs the limit.
 * Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015.
 * Not modelled: hedged requests, waits that adapt to the load.
 */
export interface RetryRule {
  readonly per_route: number;
  readonly on: number;
  readonly base_ms: number;
  readonly factor: number;
  readonly cap_ms: number;
  readonly jitter: 'full' | 'equal' | 'none';
  readonly retry_after_cap_ms: number;
}

export const ceiling = (rule: RetryRule, retry: number): number =>
  Math.min(rule.cap_ms, rule.base_ms * rule.factor ** (retry - 1));

/** The wait before a retry; -1 where the route asks for longer than is waited for. */
export function waitBefore(rule: RetryRule, retry: number, u: number, retry_after_ms: number): number {
  if (retry_after_ms > rule.retry_after_cap_ms) return -1;
  const most = ceiling(rule, retry);
  const backoff = rule.jitter === 'full' ? u * most : rule.jitter === 'equal' ? (most + u * most) / 2 : most;
  return Math.max(backoff, retry_after_ms);
}
