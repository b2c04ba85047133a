/**
 * Limits of the router's own, live: for each route what it is sent at most, for each client what it may ask. The buckets are
 * those of a replay (conditions/rate-limits.ts), so that what was simulated is what holds.
 *
 *   taken in advance:   1 request; prompt tokens + the answer that is expected
 *   settled afterwards: tokens that were not used are given back; an answer longer than expected is a debt that later
 *                       requests wait for
 *
 * A limit per key has a bucket for each client. Nothing is kept over a restart: buckets begin full, a minute's worth each.
 */
import { rateLimitRule } from '../conditions/compile-conditions.ts';
import {
  compileRateLimits,
  createRateLimitState,
  giveBack,
  NEVER,
  type RateLimitRule,
  type RateLimitState,
  type RateLimits,
  retryAfterHeaders,
  tryTake,
} from '../conditions/rate-limits.ts';
import { MS_PER_MINUTE } from '../units.ts';
import type { ApiProblem } from './api-error.ts';
import type { Client, ClientLimits, RouterConfig } from './config.ts';

/** Levels of buckets are counted in parts of one. */
const UNITS = 60_000;
const ONLY = 0;

/** One rule and its buckets. */
class Limiter {
  readonly rule: RateLimitRule;
  readonly #limits: RateLimits;
  readonly #state: RateLimitState;

  constructor(rule: RateLimitRule) {
    this.rule = rule;
    this.#limits = compileRateLimits([rule]);
    this.#state = createRateLimitState(this.#limits);
  }

  /** 0: taken; else the milliseconds until there is room, or NEVER. */
  take(key: number, tokens: number, now_ms: number): number {
    return tryTake(this.#limits, this.#state, ONLY, key, tokens, now_ms);
  }

  giveBack(key: number, tokens: number): void {
    giveBack(this.#limits, this.#state, ONLY, key, tokens);
  }

  /** What was left at the last request of the only key. */
  left(): { readonly requests: number; readonly tokens: number } {
    const { requests, tokens } = this.#state;
    return { requests: Math.max(0, requests[ONLY]! / UNITS), tokens: Math.max(0, tokens[ONLY]! / UNITS) };
  }
}

export class RouteLimits {
  readonly #limiters: ReadonlyMap<string, Limiter>;

  /** @param before whose buckets go on to hold where route and rule are the same */
  constructor({ rate_limits }: Pick<RouterConfig, 'rate_limits'>, before?: RouteLimits) {
    this.#limiters = new Map(
      Object.entries(rate_limits).map(([route, stated]) => {
        const rule = rateLimitRule(stated);
        const known = before === undefined ? undefined : before.#limiters.get(route);
        return [route, known !== undefined && isSame(known.rule, rule) ? known : new Limiter(rule)];
      }),
    );
  }

  /** 0: the attempt may be made; else the milliseconds to wait, or NEVER. */
  take(route: string, key: number, tokens: number, now_ms: number): number {
    return this.#limiters.get(route)?.take(key, tokens, now_ms) ?? 0;
  }

  settle(route: string, key: number, reserved_tokens: number, used_tokens: number): void {
    this.#limiters.get(route)?.giveBack(key, reserved_tokens - used_tokens);
  }
}

const isSame = (a: RateLimitRule, b: RateLimitRule): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a request of a client took; to be left once, when it has ended. */
export interface Seat {
  /** Limits and what is left of them, as OpenAI's clients read them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Why the request may not go on. */
  readonly problem: ApiProblem | undefined;
  leave(used_tokens: number | undefined): void;
}

const FREE_SEAT: Seat = { headers: {}, problem: undefined, leave: () => undefined };

interface Guest {
  readonly stated: ClientLimits;
  readonly limiter: Limiter | undefined;
  under_way: number;
}

export class ClientLimiter {
  readonly #guests: ReadonlyMap<string, Guest>;

  /** @param before whose buckets and requests under way go on to count */
  constructor(clients: readonly Client[] = [], before?: ClientLimiter) {
    this.#guests = new Map(
      clients.flatMap(({ name, limits }): [string, Guest][] => {
        if (limits === undefined) return [];
        const known = before === undefined ? undefined : before.#guests.get(name);
        if (known !== undefined && JSON.stringify(known.stated) === JSON.stringify(limits)) return [[name, known]];
        const { concurrent_requests: _, ...buckets } = limits;
        const isRated = buckets.requests_per_minute !== undefined || buckets.tokens_per_minute !== undefined;
        const limiter = isRated ? new Limiter(rateLimitRule({ ...buckets, per: 'route' })) : undefined;
        return [[name, { stated: limits, limiter, under_way: 0 }]];
      }),
    );
  }

  limits(client: string): boolean {
    return this.#guests.has(client);
  }

  /** @param tokens prompt and expected answer */
  enter(client: string, tokens: number, now_ms: number): Seat {
    const guest = this.#guests.get(client);
    if (guest === undefined) return FREE_SEAT;
    const { stated, limiter } = guest;
    const most = stated.concurrent_requests;
    if (most !== undefined && guest.under_way >= most) return turnedAway({}, tooMany(most));
    const wait_ms = limiter?.take(ONLY, tokens, now_ms) ?? 0;
    const headers = limiter === undefined ? {} : limitHeaders(limiter);
    if (wait_ms > 0) return turnedAway(headers, tooFast(stated, tokens, wait_ms));
    guest.under_way++;
    return {
      headers,
      problem: undefined,
      leave: (used) => {
        guest.under_way--;
        if (used !== undefined) limiter?.giveBack(ONLY, tokens - used);
      },
    };
  }
}

const turnedAway = (headers: Seat['headers'], problem: ApiProblem): Seat => ({
  headers,
  problem,
  leave: () => undefined,
});

function limitHeaders(limiter: Limiter): Record<string, string> {
  const { rule } = limiter;
  const left = limiter.left();
  const headers: Record<string, string> = {};
  const tell = (what: 'requests' | 'tokens', per_minute: number | undefined, burst: number | undefined): void => {
    if (per_minute === undefined) return;
    const missing = (burst ?? per_minute) - left[what];
    headers[`x-ratelimit-limit-${what}`] = String(per_minute);
    headers[`x-ratelimit-remaining-${what}`] = String(Math.floor(left[what] + 1e-6));
    headers[`x-ratelimit-reset-${what}`] = `${Math.max(0, Math.ceil((missing / per_minute) * MS_PER_MINUTE))}ms`;
  };
  tell('requests', rule.requests_per_minute, rule.burst_requests);
  tell('tokens', rule.tokens_per_minute, rule.burst_tokens);
  return headers;
}

const limited = (message: string, headers: Readonly<Record<string, string>>): ApiProblem => ({
  status: 429,
  type: 'rate_limit_error',
  code: 'rate_limit_exceeded',
  message,
  headers,
});

/** Nobody knows when one of them ends. */
const tooMany = (most: number): ApiProblem =>
  limited(`${most} requests of this client are under way, as many as it may have`, retryAfterHeaders(1000));

function tooFast({ tokens_per_minute, burst_tokens }: ClientLimits, tokens: number, wait_ms: number): ApiProblem {
  if (wait_ms !== NEVER)
    return limited('this client has asked for as much as it may in a minute', retryAfterHeaders(wait_ms));
  const most = (burst_tokens ?? tokens_per_minute)?.central;
  return limited(
    `the request is of some ${tokens} tokens, more than the ${most} that this client may ask for at once`,
    {
      'x-should-retry': 'false',
    },
  );
}

/** What a client is told where routes had no room. */
export const routesLimited = (wait_ms: number): ApiProblem =>
  wait_ms === NEVER
    ? limited('the request is larger than what this model’s routes are sent at once', { 'x-should-retry': 'false' })
    : limited('this model’s routes are sent as much as they may be', retryAfterHeaders(wait_ms));
