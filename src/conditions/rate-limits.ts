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

/** Buckets stand in one list: first those of routes, then for each key one of every route that is limited per key. */
export interface RateLimits {
  /** The route's bucket, of key 0 where each key has its own; NO_BUCKET: no limit. */
  readonly first: Int32Array;
  /** From one key's bucket to the next one's; 0 where all keys share it. */
  readonly stride: Int32Array;
  /** Routes that are limited per key. */
  readonly keyed: Int32Array;
  /** How many buckets stand before those of keys. */
  readonly shared: number;
  readonly keys: number;
  readonly requests_per_minute: Float64Array;
  readonly tokens_per_minute: Float64Array;
  /** In 1/60,000 of one. */
  readonly request_capacity: Float64Array;
  readonly token_capacity: Float64Array;
}

/** One entry per bucket; they grow with the highest key seen. */
export interface RateLimitState {
  requests: Float64Array;
  tokens: Float64Array;
  at_ms: Float64Array;
}

const NO_BUCKET = -1;
const UNITS = 60_000;
/** Longer than any wait: a request that is larger than its bucket. */
export const NEVER = Number.POSITIVE_INFINITY;
/** Rounding of fractions of a millisecond must not turn a request away that waited as told. */
const SLACK = 1e-3;

/**
 * @param rules one per route; undefined: without a limit
 * @param keys for which there is room at first
 */
export function compileRateLimits(rules: readonly (RateLimitRule | undefined)[], keys = 1): RateLimits {
  const routes = [...rules.keys()];
  const common = routes.filter((route) => rules[route]?.per === 'route');
  const keyed = routes.filter((route) => rules[route]?.per === 'key');
  const column = (of: (rule: RateLimitRule) => number): Float64Array =>
    Float64Array.from(rules, (rule) => (rule === undefined ? NEVER : of(rule)));
  return {
    first: Int32Array.from(rules, (rule, route) => {
      if (rule === undefined) return NO_BUCKET;
      return rule.per === 'route' ? common.indexOf(route) : common.length + keyed.indexOf(route);
    }),
    stride: Int32Array.from(rules, (rule) => (rule?.per === 'key' ? keyed.length : 0)),
    keyed: Int32Array.from(keyed),
    shared: common.length,
    keys,
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
  const { first, stride, shared, request_capacity, token_capacity } = limits;
  const state = {
    requests: new Float64Array(shared),
    tokens: new Float64Array(shared),
    at_ms: new Float64Array(shared).fill(Number.NEGATIVE_INFINITY),
  };
  first.forEach((bucket, route) => {
    if (bucket === NO_BUCKET || stride[route] !== 0) return;
    state.requests[bucket] = request_capacity[route]!;
    state.tokens[bucket] = token_capacity[route]!;
  });
  addKeys(limits, state, limits.keys);
  return state;
}

/** Full buckets for all keys below `keys`. */
function addKeys(limits: RateLimits, state: RateLimitState, keys: number): void {
  const { shared, keyed } = limits;
  const before = state.at_ms.length;
  const buckets = shared + keys * keyed.length;
  const larger = (old: Float64Array, full: (route: number) => number): Float64Array => {
    const grown = new Float64Array(buckets);
    grown.set(old);
    for (let bucket = before; bucket < buckets; bucket++)
      grown[bucket] = full(keyed[(bucket - shared) % keyed.length]!);
    return grown;
  };
  state.requests = larger(state.requests, (route) => limits.request_capacity[route]!);
  state.tokens = larger(state.tokens, (route) => limits.token_capacity[route]!);
  state.at_ms = larger(state.at_ms, () => Number.NEGATIVE_INFINITY);
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
  const first = limits.first[route]!;
  if (first === NO_BUCKET) return 0;
  const bucket = first + key * limits.stride[route]!;
  if (bucket >= state.at_ms.length) addKeys(limits, state, Math.max(16, 2 ** Math.ceil(Math.log2(key + 1))));
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
  const first = limits.first[route]!;
  if (first === NO_BUCKET) return;
  const bucket = first + key * limits.stride[route]!;
  // A key that took nothing has a full bucket.
  if (bucket >= state.tokens.length) return;
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
