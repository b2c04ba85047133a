/**
 * How long one attempt on a route takes, to the first token and to the last, and what a request takes over its retries.
 *
 *   first token   max(0, inspection + hop(region, prompt) + first_token + prefill x prompt_tokens / 1000)
 *   answer        first token + output_tokens x per_token
 *   request       the waits before each attempt + the time of each failed one + that of the answer
 *   expected      (E - P) failure + P answer + sum over k = 1 .. n - 1 of p^k wait_k, E and P as in retries.ts
 *
 * The hop is signed: a gateway with a better line may save time. The row of the own region goes before those of any
 * region, and among them the one with the largest `from_prompt_tokens` that the prompt reaches.
 * Example: inspection 5, hop 20, first token 500, prefill 40 per 1,000 tokens, 2,000 prompt tokens, 100 answer tokens at
 * 15 ms: 605 ms and 2,105 ms. p = 0.1, n = 3, failure 300 ms, waits 500 and 1,000 ms: 33 + 0.999 x 2,105 + 60 = 2,195.895.
 * Source: elementary; hops and inspection as gateways and their users publish them. The uniforms are the caller's, so that
 * strategies compare on the same luck. Not modelled: batching at the seller, queues (erlang.ts), streams that stall.
 */
import type { LatencySpread } from './latency-spread.ts';
import { answered, expectedAttempts } from './retries.ts';

export interface Hop {
  /** Index of the client's region; undefined: any. */
  readonly region?: number | undefined;
  readonly from_prompt_tokens: number;
  readonly spread: LatencySpread;
}

export interface RouteLatency {
  readonly first_token: LatencySpread;
  readonly per_token: LatencySpread;
  readonly prefill_ms_per_1000_tokens: number;
  /** From the start of a failed attempt to its error. */
  readonly failure: LatencySpread;
  /** Of guardrails and such; 0 on direct access. */
  readonly inspection_ms: number;
  readonly hops: readonly Hop[];
}

/** The hop that applies, or undefined: none is added. */
export function hopOf(hops: readonly Hop[], region: number, prompt_tokens: number): LatencySpread | undefined {
  let found: Hop | undefined;
  for (const hop of hops) {
    if (hop.from_prompt_tokens > prompt_tokens || (hop.region !== undefined && hop.region !== region)) continue;
    const isNearer =
      found === undefined ||
      (found.region === undefined && hop.region !== undefined) ||
      (found.region === hop.region && hop.from_prompt_tokens > found.from_prompt_tokens);
    if (isNearer) found = hop;
  }
  return found?.spread;
}

export function firstTokenMs(
  route: RouteLatency,
  region: number,
  prompt_tokens: number,
  u_first: number,
  u_hop: number,
): number {
  const hop_ms = hopOf(route.hops, region, prompt_tokens)?.quantile(u_hop) ?? 0;
  const seller_ms = route.first_token.quantile(u_first) + (route.prefill_ms_per_1000_tokens * prompt_tokens) / 1000;
  return Math.max(0, route.inspection_ms + hop_ms + seller_ms);
}

/** From the first token on. */
export const streamMs = (route: RouteLatency, output_tokens: number, u_token: number): number =>
  output_tokens * route.per_token.quantile(u_token);

/** Expected milliseconds to the first token, where no draw of it falls below 0. */
export const meanFirstTokenMs = (route: RouteLatency, region: number, prompt_tokens: number): number =>
  route.inspection_ms +
  (hopOf(route.hops, region, prompt_tokens)?.mean_ms ?? 0) +
  route.first_token.mean_ms +
  (route.prefill_ms_per_1000_tokens * prompt_tokens) / 1000;

/** @param wait_ms before the second attempt, the third, and so on */
export const expectedRequestMs = (
  error_rate: number,
  attempts: number,
  failure_ms: number,
  answer_ms: number,
  wait_ms: readonly number[],
): number =>
  (expectedAttempts(error_rate, attempts) - answered(error_rate, attempts)) * failure_ms +
  answered(error_rate, attempts) * answer_ms +
  wait_ms.slice(0, attempts - 1).reduce((total, wait, i) => total + error_rate ** (i + 1) * wait, 0);
