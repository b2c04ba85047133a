/**
 * Makes attempts: each meets its route's conditions, is billed or not, is told to the policies and to an observer.
 *
 *   billed   an answer; an answer that nobody waits for any longer; a failure, by the plan's share of those that are
 *   over     after its latency, at the client's timeout, or when the client leaves, whichever comes first
 *
 * Example: an answer after 12 s to a client that leaves after 10 s: billed, over after 10 s, `left`. A client that asks
 * again at 60 s makes a second attempt on the same route, billed too, of which nobody takes the answer.
 * Not modelled: failures that bill a part of an answer, sellers that stop a cut answer and bill less.
 */
import { hasLeft, isAskedAgain } from '../conditions/abandonment.ts';
import { addLatency } from '../conditions/latency-histogram.ts';
import { SERVICE_TIERS } from '../meters.ts';
import { type AttemptResult, createResult } from '../routing/attempt.ts';
import type { Cursor } from '../routing/cursor.ts';
import { Luck, partOf } from '../routing/luck.ts';
import { estimate, UNPRICED } from '../routing/route-price.ts';
import type { RoutingState } from '../routing/state.ts';
import { createAttempt, type OnAttempt, type ReplayAttempt } from './attempt.ts';
import { AttemptUsage, scaled } from './attempt-usage.ts';
import type { ReplayBatch } from './columns.ts';
import { LEFT, OK, RESULTS, TIMED_OUT, UNHEARD } from './outcomes.ts';
import type { ReplayPlan } from './plan.ts';
import { RouteConditions } from './route-conditions.ts';
import type { Tally } from './tally.ts';

const STANDARD = SERVICE_TIERS.indexOf('standard');
const BATCH = SERVICE_TIERS.indexOf('batch');

/** What holds for all attempts of one request; filled again for the next. */
export interface AttemptsOf {
  batch: ReplayBatch;
  row: number;
  /** In the trace, from 0. */
  number: number;
  begin_ms: number;
  /** How long its feature may wait; 0: somebody waits for it. */
  wait_ms: number;
  /** Of its client, from the beginning; infinite: never. */
  leaves_after_ms: number;
  asks_again_after_ms: number;
  /** Place of its bucket, for limits that are per key. */
  key: number;
  /** Place of its client's region; -1: not known, hops of any region apply. */
  region: number;
  isLatencyKnown: boolean;
}

export class Attempts {
  readonly usage: AttemptUsage;
  readonly #tally: Tally;
  readonly #cursor: Cursor;
  readonly #state: RoutingState;
  readonly conditions: RouteConditions;
  readonly #luck: Luck;
  readonly #onAttempt: OnAttempt | undefined;
  readonly #told: AttemptResult = createResult();
  readonly #parts: Int32Array;
  readonly #tiers: Uint8Array;
  readonly #countsCost: boolean;
  readonly #hasLatency: boolean;
  readonly #waitsForFirstToken: boolean;
  readonly #batch_from_ms: number;
  readonly #billed_errors: number;
  readonly #billed_timeouts: number;
  #attempt: ReplayAttempt | undefined;

  constructor(
    plan: ReplayPlan,
    tally: Tally,
    cursor: Cursor,
    state: RoutingState,
    keys: number,
    seed: number,
    onAttempt: OnAttempt | undefined,
  ) {
    const { routing, routes, models, billed } = plan;
    this.#tally = tally;
    this.#cursor = cursor;
    this.#state = state;
    this.conditions = new RouteConditions(plan, keys);
    this.#luck = Luck.of(seed, 'replay/world');
    this.#onAttempt = onAttempt;
    this.usage = new AttemptUsage(plan, tally, onAttempt !== undefined);
    this.#parts = Int32Array.from(models, partOf);
    this.#tiers = Uint8Array.from(routing.routes, (name) => SERVICE_TIERS.indexOf(routes[name]!.tier));
    this.#countsCost = routing.budgets.length > 0;
    this.#hasLatency = this.conditions.hasLatency.includes(1);
    this.#waitsForFirstToken = plan.conditions?.abandonment?.waits_for === 'first_token';
    this.#batch_from_ms = plan.batch?.turnaround_ms ?? Number.POSITIVE_INFINITY;
    this.#billed_errors = billed?.errors ?? 0;
    this.#billed_timeouts = billed?.timeouts ?? 1;
  }

  /** Makes the attempt that the cursor has given out; gives the instant at which it is over. */
  make(of: AttemptsOf, route: number, ratio: number, now_ms: number): number {
    const { batch, row } = of;
    const tier = this.#tierOf(route, batch.tier[row]!, of.wait_ms);
    const conditions = this.conditions;
    if (!conditions.isQuiet(route, now_ms)) return this.#meet(of, route, tier, ratio, now_ms);
    this.#tally.attempt(route, OK);
    this.usage.add(batch, row, route, tier, ratio, now_ms);
    if (this.#hasLatency) of.isLatencyKnown = false;
    if (this.#onAttempt !== undefined) this.#tell(of, route, tier, now_ms, OK, -1, -1, true, false);
    this.#report(of, route, ratio, OK, now_ms, true, -1);
    this.#serve(of, tier, now_ms, -1);
    return now_ms;
  }

  #meet(of: AttemptsOf, route: number, tier: number, ratio: number, now_ms: number): number {
    const { batch, row } = of;
    const conditions = this.conditions;
    this.#luck.point(of.number, (this.#parts[route]! + this.#cursor.attempts) | 0);
    const prompt = scaled(batch.context_tokens[row]!, ratio);
    const answer = scaled(batch.output_tokens[row]!, ratio);
    conditions.region = of.region;
    conditions.meet(route, of.key, prompt, answer, now_ms, this.#luck);
    const { latency_ms, first_token_ms, held_ms } = conditions;
    if (this.#hasLatency && conditions.hasLatency[route] === 0) of.isLatencyKnown = false;
    const begins_ms = now_ms + held_ms;
    let ends_ms = latency_ms < 0 ? begins_ms : now_ms + latency_ms;
    let status = conditions.status;
    const isBilled = this.#isBilled(status);
    const seen_ms = this.#waitsForFirstToken && first_token_ms >= 0 ? now_ms + first_token_ms : ends_ms;
    if (tier !== BATCH && hasLeft(seen_ms - of.begin_ms, of.leaves_after_ms)) {
      status = LEFT;
      ends_ms = Math.max(now_ms, of.begin_ms + of.leaves_after_ms);
    }
    this.#tally.attempt(route, status);
    if (isBilled) {
      this.usage.add(batch, row, route, tier, ratio, begins_ms);
      if (status !== OK) this.#tally.billed_failures++;
    } else this.#tally.unbilled++;
    if (this.#onAttempt !== undefined)
      this.#tell(of, route, tier, begins_ms, status, latency_ms, first_token_ms, isBilled, false);
    this.#report(of, route, ratio, status, ends_ms, isBilled, latency_ms);
    if (status !== OK) return ends_ms;
    this.#serve(of, tier, ends_ms, first_token_ms < 0 ? -1 : now_ms + first_token_ms);
    if (tier !== BATCH && isAskedAgain(seen_ms - of.begin_ms, of.leaves_after_ms, of.asks_again_after_ms))
      this.#askAgain(of, route, tier, ratio);
    return ends_ms;
  }

  #isBilled(status: number): boolean {
    if (status === OK) return true;
    const share = status === TIMED_OUT ? this.#billed_timeouts : this.#billed_errors;
    return share > 0 && (share >= 1 || this.#luck.uniform() < share);
  }

  #report(
    { batch, row }: AttemptsOf,
    route: number,
    ratio: number,
    status: number,
    ends_ms: number,
    isBilled: boolean,
    latency_ms: number,
  ): void {
    const told = this.#told;
    told.result = RESULTS[status]!;
    told.status = status > LEFT ? status : 0;
    told.latency_ms = latency_ms;
    told.retry_after_ms = status === OK ? -1 : this.conditions.retry_after_ms;
    // Of what was sent and not heard of nobody knows the cost, whatever is billed: budgets keep what they reserved.
    told.cost_nano_usd =
      !this.#countsCost || (!isBilled && UNHEARD[status] === 1)
        ? UNPRICED
        : isBilled
          ? estimate(
              this.#state.prices,
              route,
              scaled(batch.context_tokens[row]!, ratio),
              scaled(batch.output_tokens[row]!, ratio),
            )
          : 0;
    this.#cursor.report(told, ends_ms);
  }

  /** An answer was taken: its latency counts from the request's beginning. */
  #serve(of: AttemptsOf, tier: number, ends_ms: number, first_token_at_ms: number): void {
    const tally = this.#tally;
    if (tier === BATCH) {
      if (of.wait_ms > 0) addLatency(tally.batch_latency, of.wait_ms);
      else tally.unknown_latency++;
    } else if (!this.#hasLatency) return;
    else if (!of.isLatencyKnown) tally.unknown_latency++;
    else {
      addLatency(tally.latency, ends_ms - of.begin_ms);
      if (first_token_at_ms >= 0) addLatency(tally.first_token, first_token_at_ms - of.begin_ms);
    }
  }

  /** The client sends the request a second time; its first answer still comes. */
  #askAgain(of: AttemptsOf, route: number, tier: number, ratio: number): void {
    const again_ms = of.begin_ms + of.asks_again_after_ms;
    this.#tally.duplicates++;
    this.#tally.attempt(route, OK);
    this.usage.add(of.batch, of.row, route, tier, ratio, again_ms);
    if (this.#onAttempt !== undefined) this.#tell(of, route, tier, again_ms, OK, -1, -1, true, true);
  }

  /** A route's own tier; on a standard one that of the request, or batch where its feature waits long enough. */
  #tierOf(route: number, asked: number, wait_ms: number): number {
    const own = this.#tiers[route]!;
    if (own !== STANDARD) return own;
    return wait_ms >= this.#batch_from_ms && asked === STANDARD ? BATCH : asked;
  }

  #tell(
    of: AttemptsOf,
    route: number,
    tier: number,
    time_ms: number,
    status: number,
    latency_ms: number,
    first_token_ms: number,
    isBilled: boolean,
    isDuplicate: boolean,
  ): void {
    this.#attempt ??= createAttempt(of.batch);
    const told = this.#attempt;
    told.batch = of.batch;
    told.row = of.row;
    told.request = of.number;
    told.attempt = this.#cursor.attempts;
    told.route = route;
    told.time_ms = time_ms;
    told.status = status;
    told.latency_ms = latency_ms;
    told.first_token_ms = first_token_ms;
    told.tier = tier;
    told.isBilled = isBilled;
    told.isDuplicate = isDuplicate;
    told.isProbe = this.#cursor.isProbe;
    told.isLastResort = this.#cursor.isLastResort;
    if (isBilled) told.counts.set(this.usage.counts);
    else told.counts.fill(0);
    this.#onAttempt!(told);
  }
}
