/**
 * Rate limits of sellers: a bucket of requests and one of tokens for each route, or for each route and key, refilled
 * without steps. A request is taken where both have room, or told how long to wait.
 *
 *   level(t) = min(capacity, level + rate x elapsed); wait = largest of (needed - level) / rate, in whole milliseconds
 *   expectation, capacity of one request, Poisson arrivals of rate r that do not come back:
 *       taken share 1 / (1 + r x 60 s / requests_per_minute)          a counter with dead time
 *   any capacity, in the long run: taken per minute <= requests_per_minute, and tokens likewise
 *
 * Levels are counted in 1/60,000 of a request or token: at whole limits per minute and whole milliseconds they stay whole
 * numbers, and a wait is exact. Example: 60 a minute, capacity 2: taken at 0 and 0 ms, wait 1,000 ms, taken at 1,000 ms. At
 * 60 a minute and one request a second on average, capacity 1 takes half. Source: token buckets as OpenAI describes its
 * limits (platform.openai.com/docs/guides/rate-limits); dead-time counters from Feller, 1948. Not modelled: limits per
 * day, of input and output apart, of requests in flight (erlang.ts), and what a seller counts as a token: the caller says.
 */
export interface RateLimitRule {
  readonly requests_per_minute?: number | undefined;
  readonly tokens_per_minute?: number | undefined;
  /** Capacity of the buckets; default: what a minute brings. */
  readonly burst_requests?: number | undefined;
  readonly burst_tokens?: number | undefined;
  /** Whether all keys share one bucket (`route`). */
  readonly per: 'route' | 'key';
}

export interface RateLimits {
  readonly first: Int32Array;
  readonly perKey: Uint8Array;
  readonly requests_per_minute: Float64Array;
  readonly tokens_per_minute: Float64Array;
  /** In 1/60,000 of one. */
  readonly request_capacity: Float64Array;
  readonly token_capacity: Float64Array;
}

/** One entry per bucket. */
export interface RateLimitState {
  readonly requests: Float64Array;
  readonly tokens: Float64Array;
  readonly at_ms: Float64Array;
}

const UNITS = 60_000;
/** Longer than any wait: a request that is larger than its bucket. */
export const NEVER = Number.POSITIVE_INFINITY;
/** Rounding of fractions of a millisecond must not turn a request away that waited as told. */
const SLACK = 1e-3;

/** @param rules one per route; undefined: without a limit */
export function compileRateLimits(rules: readonly (RateLimitRule | undefined)[], keys: number): RateLimits {
  const first = new Int32Array(rules.length + 1);
  rules.forEach((rule, route) => {
    first[route + 1] = first[route]! + (rule === undefined ? 0 : rule.per === 'key' ? keys : 1);
  });
  const column = (of: (rule: RateLimitRule) => number): Float64Array =>
    Float64Array.from(rules, (rule) => (rule === undefined ? NEVER : of(rule)));
  return {
    first,
    perKey: Uint8Array.from(rules, (rule) => (rule?.per === 'key' ? 1 : 0)),
    requests_per_minute: column((rule) => rule.requests_per_minute ?? NEVER),
    tokens_per_minute: column((rule) => rule.tokens_per_minute ?? NEVER),
    request_capacity: column((rule) =>
      rule.requests_per_minute === undefined ? NEVER : UNITS * (rule.burst_requests ?? rule.requests_per_minute),
    ),
    token_capacity: column((rule) =>
      rule.tokens_per_minute === undefined ? NEVER : UNITS * (rule.burst_tokens ?? rule.tokens_per_minute),
    ),
  };
}

/** All buckets full. */
export function createRateLimitState(limits: RateLimits): RateLimitState {
  const buckets = limits.first.at(-1)!;
  const state = {
    requests: new Float64Array(buckets),
    tokens: new Float64Array(buckets),
    at_ms: new Float64Array(buckets).fill(Number.NEGATIVE_INFINITY),
  };
  for (let route = 0; route + 1 < limits.first.length; route++) {
    state.requests.fill(limits.request_capacity[route]!, limits.first[route]!, limits.first[route + 1]!);
    state.tokens.fill(limits.token_capacity[route]!, limits.first[route]!, limits.first[route + 1]!);
  }
  return state;
}

/**
 * Takes one request of so many tokens: 0 where it was taken, else the whole milliseconds until there is room if nobody
 * else takes it, or NEVER. An instant before the last one refills nothing.
 */
export function tryTake(
  limits: RateLimits,
  state: RateLimitState,
  route: number,
  key: number,
  tokens: number,
  now_ms: number,
): number {
  const begin = limits.first[route]!;
  if (begin === limits.first[route + 1]!) return 0;
  const bucket = limits.perKey[route] === 1 ? begin + key : begin;
  const { requests, tokens: levels, at_ms } = state;
  const request_rate = limits.requests_per_minute[route]!;
  const token_rate = limits.tokens_per_minute[route]!;
  const request_capacity = limits.request_capacity[route]!;
  const token_capacity = limits.token_capacity[route]!;
  const elapsed = now_ms - at_ms[bucket]!;
  if (elapsed > 0) {
    requests[bucket] = Math.min(request_capacity, requests[bucket]! + request_rate * elapsed);
    levels[bucket] = Math.min(token_capacity, levels[bucket]! + token_rate * elapsed);
    at_ms[bucket] = now_ms;
  }
  const needed = tokens * UNITS;
  const request_gap = UNITS - requests[bucket]!;
  const token_gap = needed - levels[bucket]!;
  if (request_gap <= SLACK && token_gap <= SLACK) {
    requests[bucket] = requests[bucket]! - UNITS;
    levels[bucket] = levels[bucket]! - needed;
    return 0;
  }
  if (request_capacity < UNITS || needed > token_capacity) return NEVER;
  const request_wait = request_gap > SLACK ? (request_gap - SLACK) / request_rate : 0;
  const token_wait = token_gap > SLACK ? (token_gap - SLACK) / token_rate : 0;
  // Where time went back, room counts from the latest instant that was seen.
  return Math.ceil(Math.max(request_wait, token_wait) + Math.max(0, -elapsed));
}

/** Gives tokens back that were reserved (the longest answer) and not used. */
export function giveBack(
  limits: RateLimits,
  state: RateLimitState,
  route: number,
  key: number,
  unused_tokens: number,
): void {
  const begin = limits.first[route]!;
  if (begin === limits.first[route + 1]!) return;
  const bucket = limits.perKey[route] === 1 ? begin + key : begin;
  state.tokens[bucket] = Math.min(limits.token_capacity[route]!, state.tokens[bucket]! + unused_tokens * UNITS);
}

/** What a seller answers beside a 429: whole seconds, and milliseconds in a header of their own. */
export const retryAfterHeaders = (
  wait_ms: number,
): { readonly 'retry-after': string; readonly 'retry-after-ms': string } => ({
  'retry-after': String(Math.ceil(wait_ms / 1000)),
  'retry-after-ms': String(Math.ceil(wait_ms)),
});

/** Expected share taken by a bucket of one request under Poisson arrivals that do not come back. */
export const takenFraction = (requests_per_minute: number, arrivals_per_minute: number): number =>
  1 / (1 + arrivals_per_minute / requests_per_minute);

/** Infinite levels (no limit, no instant yet) are null in JSON. */
export interface RateLimitStateJson {
  readonly requests: readonly (number | null)[];
  readonly tokens: readonly (number | null)[];
  readonly at_ms: readonly (number | null)[];
}

export const rateLimitStateToJson = (state: RateLimitState): RateLimitStateJson => {
  const plain = (levels: Float64Array) => Array.from(levels, (level) => (Number.isFinite(level) ? level : null));
  return { requests: plain(state.requests), tokens: plain(state.tokens), at_ms: plain(state.at_ms) };
};

export const rateLimitStateFromJson = (json: RateLimitStateJson): RateLimitState => ({
  requests: Float64Array.from(json.requests, (level) => level ?? NEVER),
  tokens: Float64Array.from(json.tokens, (level) => level ?? NEVER),
  at_ms: Float64Array.from(json.at_ms, (at) => at ?? -NEVER),
});
