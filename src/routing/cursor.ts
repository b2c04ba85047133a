/**
 * Walks one request through its attempts: begin, then next and report in turn until next gives an outcome.
 *
 *   begin(request, now)   asks the policy for the order of routes
 *   next(now)             the route to try now; or WAIT: ask again at `not_before_ms`; or the request's outcome
 *   report(result, now)   how the attempt went; breaker, latency and budgets learn from it
 *
 * After a failure the same route is tried again while retries, attempts, time and the retry budget allow it, else the next
 * route of the order that the failure leads to and whose breaker lets it in. Attempts are counted over retries and
 * fallbacks together, so five layers of three tries make at most `limits.attempts`, not 243. A request that was answered or
 * whose answer was cut after its first byte is never tried again.
 *
 * A cursor is used again for the next request and allocates nothing. Requests that overlap need a cursor each and share the
 * state. Time and randomness are arguments; jitter has a stream of its own, so that retries don't move later draws.
 */
import type { Random } from '../random.ts';
import type { AttemptResult } from './attempt.ts';
import {
  admission,
  answered,
  BLOCKED,
  beginProbe,
  CLOSED,
  LAST_RESORT,
  NO_PROBE,
  PROBE,
  refused,
  reopens,
} from './breaker.ts';
import type { CompiledRouting } from './compile.ts';
import { ALWAYS, Order } from './order.ts';
import {
  ANSWERED,
  ANSWERED_ATTEMPT,
  BREAKER_OPEN,
  bitOf,
  CANCELLED,
  FAILED,
  FINAL,
  NO_ROUTE,
  PENDING,
  REFUSED,
  type Reason,
  WAIT,
} from './outcome.ts';
import type { RoutingRequest } from './request.ts';
import { Reservation } from './reservation.ts';
import { waitBefore } from './retry.ts';
import { creditRequest, takeRetry } from './retry-budget.ts';
import { learnLatency, type RoutingState } from './state.ts';

const CANCELLED_BIT = bitOf('cancelled');

export class Cursor {
  /** PENDING until the request has ended. */
  outcome = ANSWERED;
  reason: Reason = 'none';
  attempts = 0;
  /** After WAIT: when to ask again. */
  not_before_ms = 0;
  /** For NO_ROUTE: time until a route opens again, for a Retry-After of one's own; -1: not known. */
  retry_after_ms = -1;
  /** A bit for each budget that was past its soft limit as the request began. */
  past_soft = 0;
  /** Whether the attempt is a probe, or made although its route is open. */
  isProbe = false;
  isLastResort = false;
  /** Route of each attempt so far. */
  readonly tried: Int32Array;

  readonly #compiled: CompiledRouting;
  readonly #state: RoutingState;
  readonly #random: Random;
  readonly #jitter: Random;
  /** Orders that are kept, by the assigned route. */
  readonly #fixed: (Order | undefined)[] = [];
  readonly #reservation: Reservation | undefined;
  readonly #hasBreaker: boolean;
  readonly #phase: Uint8Array;
  readonly #down: Uint8Array;
  #order: Order;
  #at = -1;
  #route = -1;
  #isOut = false;
  #isWaiting = false;
  #probe = NO_PROBE;
  #retries = 0;
  #bits = 0;
  #asked_ms = -1;
  #until_ms = 0;

  constructor(compiled: CompiledRouting, state: RoutingState, random: Random, jitter: Random = random) {
    this.#compiled = compiled;
    this.#state = state;
    this.#random = random;
    this.#jitter = jitter;
    this.#order = new Order(compiled.ordering.most);
    this.#reservation = compiled.budgets.length === 0 ? undefined : new Reservation(compiled.budgets, state);
    this.#hasBreaker = compiled.breaker !== undefined;
    this.#phase = state.breaker.phase;
    this.#down = state.down;
    this.tried = new Int32Array(compiled.attempts);
  }

  begin(request: RoutingRequest, now_ms: number): void {
    if (this.#isOut) throw new Error('a request begins while an attempt of the one before is out');
    const compiled = this.#compiled;
    this.outcome = PENDING;
    this.reason = 'none';
    this.attempts = 0;
    this.retry_after_ms = -1;
    this.#at = -1;
    this.#bits = 0;
    this.#isWaiting = false;
    const order = compiled.ordering.isFixed ? this.#fixedOrder(request, now_ms) : this.#order;
    if (!compiled.ordering.isFixed) this.#fill(order, request, now_ms);
    const deadline_ms = order.deadline_ms > 0 ? order.deadline_ms : request.deadline_ms;
    this.#until_ms = deadline_ms > 0 ? deadline_ms : now_ms + compiled.time_ms;
    if (compiled.retryBudget !== undefined) creditRequest(this.#state.retry_bucket, compiled.retryBudget);
    if (this.#reservation !== undefined) this.past_soft = this.#reservation.begin(request, now_ms);
  }

  next(now_ms: number): number {
    if (this.outcome !== PENDING) return this.outcome;
    if (this.#isOut) throw new Error('the attempt that is out has to be reported before the next');
    if (this.#isWaiting && now_ms < this.not_before_ms) return WAIT;
    if (now_ms > this.#until_ms) return this.#end(FAILED, 'time_spent');
    if (this.#at < 0) {
      const { length, routes } = this.#order;
      const isSimple = length > 0 && this.#isFree(routes[0] as number, now_ms);
      return isSimple ? this.#attempt(0, now_ms) : this.#enter(now_ms);
    }
    if (this.#isWaiting) {
      this.#isWaiting = false;
      return this.#isFree(this.#route, now_ms) ? this.#attempt(this.#at, now_ms) : this.#enter(now_ms);
    }
    if (this.attempts >= this.#compiled.attempts) return this.#end(FAILED, 'attempts_spent');
    const wait_ms = this.#waitForRetry(now_ms);
    if (wait_ms < 0) return this.#enter(now_ms);
    if (wait_ms === 0) return this.#attempt(this.#at, now_ms);
    this.not_before_ms = now_ms + wait_ms;
    this.#isWaiting = true;
    return WAIT;
  }

  report(result: AttemptResult, now_ms: number): void {
    if (!this.#isOut) throw new Error('there is no attempt to report');
    this.#isOut = false;
    const { breaker, latency_weight, statuses } = this.#compiled;
    const route = this.#route;
    if (this.#reservation !== undefined) this.#reservation.settle(result.cost_nano_usd, now_ms);
    if (result.result === ANSWERED_ATTEMPT) {
      if (breaker !== undefined) answered(this.#state.breaker, breaker, route, now_ms, this.#probe);
      if (latency_weight > 0 && result.latency_ms >= 0)
        learnLatency(this.#state.latency_ms, route, result.latency_ms, latency_weight);
      this.outcome = ANSWERED;
      return;
    }
    this.#bits = statuses.of(result.result, result.status);
    this.#asked_ms = result.retry_after_ms;
    if (breaker !== undefined)
      refused(this.#state.breaker, breaker, route, now_ms, this.#probe, this.#bits, result.retry_after_ms);
    if ((this.#bits & FINAL) !== 0)
      this.#end((this.#bits & CANCELLED_BIT) !== 0 ? CANCELLED : FAILED, 'not_recoverable');
  }

  /** The client left between attempts; during one it is reported as `cancelled`. */
  cancel(): void {
    if (this.#isOut) throw new Error('an attempt is out; report it as cancelled');
    if (this.outcome === PENDING) this.#end(CANCELLED, 'none');
  }

  /** The order of routes that the policy gave, for a ledger. */
  order(): number[] {
    return Array.from(this.#order.routes.subarray(0, this.#order.length));
  }

  #fixedOrder(request: RoutingRequest, now_ms: number): Order {
    const kept = this.#fixed[request.route + 1];
    if (kept !== undefined) {
      this.#order = kept;
      return kept;
    }
    const order = new Order(this.#compiled.ordering.most);
    this.#fill(order, request, now_ms);
    this.#fixed[request.route + 1] = order;
    this.#order = order;
    return order;
  }

  #fill(order: Order, request: RoutingRequest, now_ms: number): void {
    order.length = 0;
    order.deadline_ms = 0;
    this.#compiled.ordering.push(order, request, this.#state, now_ms, this.#random);
  }

  /** Tries the next candidate that the failure leads to and that is let in. */
  #enter(now_ms: number): number {
    const order = this.#order;
    let from = this.#at;
    let soonest = -1;
    let opens_ms = Number.POSITIVE_INFINITY;
    let wasLed = false;
    for (let at = from + 1; at < order.length; at++) {
      if (from >= 0 && !this.#leadsTo(at, from)) continue;
      wasLed = true;
      if (from >= 0 && this.#isPassedOver(at)) continue;
      const route = order.routes[at] as number;
      if (this.#isFree(route, now_ms)) return this.#attempt(at, now_ms);
      from = at;
      this.#bits |= BREAKER_OPEN;
      if (this.#down[route] === 1) continue;
      const reopens_ms = reopens(this.#state.breaker, route);
      if (reopens_ms >= opens_ms) continue;
      opens_ms = reopens_ms;
      soonest = at;
    }
    if (this.attempts > 0) {
      const isLast = this.#at + 1 >= order.length;
      return this.#end(FAILED, wasLed || isLast ? 'routes_spent' : 'not_recoverable');
    }
    if (order.length === 0) return this.#end(NO_ROUTE, 'no_candidate');
    if (soonest >= 0 && this.#compiled.breaker?.last_resort === true) return this.#attempt(soonest, now_ms);
    if (soonest >= 0) this.retry_after_ms = Math.max(0, opens_ms - now_ms);
    return this.#end(NO_ROUTE, 'all_open');
  }

  #leadsTo(at: number, from: number): boolean {
    const entry = this.#order.entry[at] as number;
    return entry !== ALWAYS && (entry & this.#bits) !== 0 && (this.#order.start[at] as number) <= from;
  }

  /** The same route was tried already, or its seller was passed within the policy that asks. */
  #isPassedOver(at: number): boolean {
    const order = this.#order;
    const route = order.routes[at] as number;
    for (let i = 0; i < this.attempts; i++) if (this.tried[i] === route) return true;
    if (order.skipsSeller[at] === 0) return false;
    const { sellers } = this.#compiled;
    for (let i = order.start[at] as number; i < at; i++)
      if (sellers[order.routes[i] as number] === sellers[route]) return true;
    return false;
  }

  #isFree(route: number, now_ms: number): boolean {
    if (this.#down[route] !== 0) return false;
    if (!this.#hasBreaker || this.#phase[route] === CLOSED) return true;
    return admission(this.#state.breaker, route, now_ms) !== BLOCKED;
  }

  /** The wait before the same route is tried again; -1: it is not. */
  #waitForRetry(now_ms: number): number {
    const { retry, retryBudget } = this.#compiled;
    if (retry === undefined || (this.#bits & retry.on) === 0 || this.#retries >= retry.per_route) return -1;
    const u = retry.jitter === 'none' ? 0 : this.#jitter.uniform();
    const wait_ms = waitBefore(retry, this.#retries + 1, u, this.#asked_ms);
    if (wait_ms < 0 || now_ms + wait_ms > this.#until_ms) return -1;
    if (!this.#isFree(this.#route, now_ms + wait_ms)) return -1;
    if (retryBudget !== undefined && !takeRetry(this.#state.retry_bucket, retryBudget, now_ms)) return -1;
    this.#retries++;
    return wait_ms;
  }

  #attempt(at: number, now_ms: number): number {
    const route = this.#order.routes[at] as number;
    if (this.#reservation !== undefined) {
      const why = this.#reservation.reserve(route, now_ms);
      if (why !== 'none') return this.#end(this.attempts > 0 ? FAILED : REFUSED, why);
    }
    if (at !== this.#at) this.#retries = 0;
    this.#at = at;
    this.#route = route;
    this.#probe = NO_PROBE;
    this.isProbe = false;
    this.isLastResort = false;
    if (this.#hasBreaker && this.#phase[route] !== CLOSED) this.#enterOpen(route, now_ms);
    this.tried[this.attempts++] = route;
    this.#isOut = true;
    return route;
  }

  #enterOpen(route: number, now_ms: number): void {
    const { breaker } = this.#compiled;
    if (breaker === undefined) return;
    this.isProbe = admission(this.#state.breaker, route, now_ms) === PROBE;
    this.isLastResort = !this.isProbe;
    this.#probe = this.isProbe ? beginProbe(this.#state.breaker, breaker, route, now_ms) : LAST_RESORT;
  }

  #end(outcome: number, reason: Reason): number {
    this.outcome = outcome;
    this.reason = reason;
    return outcome;
  }
}
