/**
 * The short way of requests to which nothing happens: the policy's order never changes, the breaker of its first route is
 * closed, no outage, limit or error stands in the way, and nobody watches single attempts. The first attempt answers.
 *
 * Counts and leaves behind what the long way (Cursor, Attempts) would: one answered attempt, its usage, the breaker's count
 * of it. Takes no request of which it is not certain, and none of a plan with budgets, latencies or batch waits.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { type BreakerRule, type BreakerState, CLOSED, countAnswer } from '../routing/breaker.ts';
import { creditRequest, type RetryBudgetRule } from '../routing/retry-budget.ts';
import type { RoutingState } from '../routing/state.ts';
import type { AttemptUsage } from './attempt-usage.ts';
import type { ReplayBatch } from './columns.ts';
import { OK, SERVED } from './outcomes.ts';
import { firstRoute, type ReplayPlan } from './plan.ts';
import type { RouteConditions } from './route-conditions.ts';
import type { Tally } from './tally.ts';

const STANDARD = SERVICE_TIERS.indexOf('standard');
const BATCH = SERVICE_TIERS.indexOf('batch');

export class QuietPath {
  readonly #plan: ReplayPlan;
  readonly #state: RoutingState;
  readonly #tally: Tally;
  readonly #usage: AttemptUsage;
  readonly #conditions: RouteConditions;
  readonly #breakers: BreakerState;
  readonly #breaker: BreakerRule | undefined;
  readonly #retryBudget: RetryBudgetRule | undefined;
  readonly #phase: Uint8Array;
  readonly #down: Uint8Array;
  readonly #tiers: Uint8Array;
  readonly #isOpen: boolean;
  /** By route: no outage begins before. */
  readonly #quiet_until_ms: Float64Array;
  /** By model of the trace: the route that is tried first, -1 where there is none or it may change. */
  #routes = new Int32Array(0);

  constructor(
    plan: ReplayPlan,
    tally: Tally,
    state: RoutingState,
    conditions: RouteConditions,
    usage: AttemptUsage,
    isWatched: boolean,
  ) {
    const { routing, routes } = plan;
    this.#plan = plan;
    this.#state = state;
    this.#tally = tally;
    this.#usage = usage;
    this.#conditions = conditions;
    this.#breakers = state.breaker;
    this.#breaker = routing.breaker;
    this.#retryBudget = routing.retryBudget;
    this.#phase = state.breaker.phase;
    this.#down = state.down;
    this.#tiers = Uint8Array.from(routing.routes, (name) => SERVICE_TIERS.indexOf(routes[name]!.tier));
    this.#quiet_until_ms = new Float64Array(routing.routes.length).fill(Number.NEGATIVE_INFINITY);
    this.#isOpen =
      !isWatched &&
      routing.ordering.isFixed &&
      routing.budgets.length === 0 &&
      plan.batch === undefined &&
      !conditions.hasLatency.includes(1);
  }

  /** @param assigned by model of the trace: its route */
  learn(assigned: Int32Array): void {
    this.#routes = assigned.map((route) => (this.#isOpen ? firstRoute(this.#plan, route) : -1));
  }

  /** Whether the request was answered here; else nothing has happened yet. Times of requests do not fall. */
  take(batch: ReplayBatch, i: number): boolean {
    const route = this.#routes[batch.model[i]!]!;
    if (route < 0 || this.#phase[route] !== CLOSED || this.#down[route] !== 0) return false;
    if (batch.time_ms[i]! >= this.#quiet_until_ms[route]! && !this.#look(batch, i, route)) return false;
    const own = this.#tiers[route]!;
    const tier = own === STANDARD ? batch.tier[i]! : own;
    if (tier === BATCH) return false;
    const tally = this.#tally;
    tally.attempt(route, OK);
    tally.end(SERVED);
    this.#usage.addNow(batch, i, route, tier);
    if (this.#breaker !== undefined && this.#breaker.rate > 0)
      countAnswer(this.#breakers, this.#breaker, route, batch.time_ms[i]!);
    if (this.#retryBudget !== undefined) creditRequest(this.#state.retry_bucket, this.#retryBudget);
    return true;
  }

  /** Looks how long nothing happens on the route. */
  #look(batch: ReplayBatch, i: number, route: number): boolean {
    const time_ms = batch.time_ms[i]!;
    if (!this.#conditions.isQuiet(route, time_ms)) return false;
    this.#quiet_until_ms[route] = this.#conditions.quietUntil(route);
    return true;
  }
}
