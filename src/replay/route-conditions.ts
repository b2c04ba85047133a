/**
 * What an attempt on a route meets: what was seen there at its instant, where that was recorded; else in this order an
 * outage, the seller's rate limit, an error, latency, the client's own timeout. Fields tell the last attempt; nothing is
 * allocated.
 *
 *   fails for an outage with the failing share of that instant; 429 with Retry-After where the bucket has no room; else an
 *   error by its rate; else an answer after `latency_ms`, cut at the timeout
 *
 * Exact: outages and limits at the attempt's instant. Not modelled: outages that begin while an answer is under way, time
 * that a failure takes where no `failure` is stated (0), limits that count the answer's true length (it is known here).
 */
import type { CompiledConditions } from '../conditions/compile-conditions.ts';
import {
  ANSWERS,
  compileErrors,
  createErrorState,
  drawError,
  type ErrorModel,
  type ErrorState,
} from '../conditions/errors-in-bursts.ts';
import {
  compileRateLimits,
  createRateLimitState,
  NEVER,
  type RateLimitState,
  type RateLimits,
  tryTake,
} from '../conditions/rate-limits.ts';
import { firstTokenMs, type RouteLatency, streamMs } from '../conditions/route-latency.ts';
import type { Luck } from '../routing/luck.ts';
import { CONNECTION, OK, TIMED_OUT } from './outcomes.ts';
import type { ReplayPlan } from './plan.ts';
import { RecordedHealth, UNSEEN } from './recorded-health.ts';
import { RouteOutages } from './route-outages.ts';

const OUTAGE_STATUS = 503;
const LIMITED_STATUS = 429;

export class RouteConditions {
  status = OK;
  /** Of an answer or a failure, waits for a limit included; below 0: not known. */
  latency_ms = -1;
  first_token_ms = -1;
  retry_after_ms = -1;
  /** Where the client is; set before `meet`. -1: not known, hops of any region apply. */
  region = -1;
  /** Time that the attempt was held back for a limit. */
  held_ms = 0;

  /** 1: the route's latency is stated or was seen. */
  readonly hasLatency: Uint8Array;
  /** 1: something beside outages may happen on the route, or its latency is stated. */
  readonly #isEventful: Uint8Array;
  readonly #outages: RouteOutages;
  readonly #hasOutages: Uint8Array;
  readonly #limits: RateLimits;
  readonly #limitState: RateLimitState;
  readonly #isLimited: Uint8Array;
  readonly #errors: ErrorModel;
  readonly #errorState: ErrorState;
  readonly #latency: CompiledConditions['latency'];
  readonly #recorded: RecordedHealth;
  readonly #timeout_ms: number;
  readonly #wait_ms: number;

  /** @param keys for which there is room at first, for limits that are per key */
  constructor(plan: ReplayPlan, keys: number) {
    const {
      conditions = {},
      recorded = [],
      routing,
      timeout_ms = Number.POSITIVE_INFINITY,
      rate_limit_wait_ms = 0,
    } = plan;
    const { length } = routing.routes;
    const { rate_limits = Array.from({ length }, () => undefined) } = conditions;
    const { errors = Array.from({ length }, () => undefined) } = conditions;
    this.#outages = new RouteOutages(plan.timeline, plan.in_the_way);
    this.#hasOutages = Uint8Array.from({ length }, (_, route) => (this.#outages.strikes(route) ? 1 : 0));
    this.#limits = compileRateLimits(rate_limits, keys);
    this.#limitState = createRateLimitState(this.#limits);
    this.#isLimited = Uint8Array.from(rate_limits, (rule) => (rule === undefined ? 0 : 1));
    this.#errors = compileErrors(errors);
    this.#errorState = createErrorState(this.#errors);
    this.#latency = conditions.latency ?? Array.from({ length }, () => undefined);
    this.#recorded = new RecordedHealth(routing.routes, recorded);
    this.hasLatency = Uint8Array.from(this.#latency, (latency, route) =>
      latency === undefined && !this.#recorded.hasLatency[route] ? 0 : 1,
    );
    this.#timeout_ms = timeout_ms;
    this.#wait_ms = rate_limit_wait_ms;
    this.#isEventful = Uint8Array.from({ length }, (_, route) =>
      this.#isLimited[route] === 1 ||
      this.#errors.first[route] !== this.#errors.first[route + 1] ||
      this.#latency[route] !== undefined ||
      this.#recorded.knows(route)
        ? 1
        : 0,
    );
  }

  /** Whether an attempt is answered for certain and nothing is known of its latency: there is no need to meet anything. */
  isQuiet(route: number, now_ms: number): boolean {
    return (
      this.#isEventful[route] === 0 && (this.#hasOutages[route] === 0 || this.#outages.failing(route, now_ms) === 0)
    );
  }

  /** Of a route that was found quiet last: until when it is. */
  quietUntil(route: number): number {
    return this.#hasOutages[route] === 0 ? Number.POSITIVE_INFINITY : this.#outages.until(route);
  }

  meet(route: number, key: number, prompt_tokens: number, output_tokens: number, now_ms: number, luck: Luck): void {
    this.status = OK;
    this.latency_ms = -1;
    this.first_token_ms = -1;
    this.retry_after_ms = -1;
    this.held_ms = 0;
    const seen = this.#recorded.at(route, now_ms);
    if (seen !== UNSEEN) {
      this.#repeat(seen);
      return;
    }
    const latency = this.#latency[route];
    if (this.#hasOutages[route] === 1) {
      const failing = this.#outages.failing(route, now_ms);
      if (failing > 0 && (failing >= 1 || luck.uniform() < failing)) {
        this.#fail(OUTAGE_STATUS, latency, luck);
        return;
      }
    }
    if (this.#isLimited[route] === 1 && !this.#take(route, key, prompt_tokens + output_tokens, now_ms)) {
      this.#fail(LIMITED_STATUS, latency, luck);
      return;
    }
    const error = drawError(this.#errors, this.#errorState, route, now_ms + this.held_ms, luck);
    if (error !== ANSWERS) {
      this.#fail(error === 0 ? CONNECTION : error, latency, luck);
      return;
    }
    if (latency !== undefined) this.#answer(latency, prompt_tokens, output_tokens, luck);
  }

  #repeat(seen: number): void {
    const { status, latency_ms, first_token_ms, retry_after_ms } = this.#recorded;
    this.status = status[seen]!;
    this.latency_ms = latency_ms[seen]!;
    this.first_token_ms = first_token_ms[seen]!;
    this.retry_after_ms = retry_after_ms[seen]!;
    if (this.latency_ms <= this.#timeout_ms) return;
    this.status = TIMED_OUT;
    this.latency_ms = this.#timeout_ms;
    if (this.first_token_ms > this.#timeout_ms) this.first_token_ms = -1;
  }

  #answer(latency: RouteLatency, prompt_tokens: number, output_tokens: number, luck: Luck): void {
    const first_ms = firstTokenMs(latency, this.region, prompt_tokens, luck.uniform(), luck.uniform());
    const answer_ms = first_ms + streamMs(latency, output_tokens, luck.uniform());
    this.first_token_ms = this.held_ms + first_ms;
    this.latency_ms = this.held_ms + answer_ms;
    if (answer_ms <= this.#timeout_ms) return;
    this.status = TIMED_OUT;
    this.latency_ms = this.held_ms + this.#timeout_ms;
    if (first_ms > this.#timeout_ms) this.first_token_ms = -1;
  }

  /** Waits as long as is allowed for room in the bucket. */
  #take(route: number, key: number, tokens: number, now_ms: number): boolean {
    for (;;) {
      const wait_ms = tryTake(this.#limits, this.#limitState, route, key, tokens, now_ms + this.held_ms);
      if (wait_ms === 0) return true;
      if (wait_ms === NEVER) return false;
      if (this.held_ms + wait_ms > this.#wait_ms) {
        this.retry_after_ms = wait_ms;
        return false;
      }
      this.held_ms += wait_ms;
    }
  }

  #fail(status: number, latency: RouteLatency | undefined, luck: Luck): void {
    this.status = status;
    if (latency !== undefined) this.latency_ms = this.held_ms + latency.failure.quantile(luck.uniform());
  }
}
