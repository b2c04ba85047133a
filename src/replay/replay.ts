/**
 * Replays requests through one strategy, in order of time:
 *
 *   response cache -> policy -> attempts under conditions, with retries and fallbacks -> one outcome -> usage
 *
 * Exact: which outage, limit and open breaker each attempt meets at its instant; all counts, as integers. Each request is
 * walked to its end before the next one begins: a later request knows what an earlier one learned even where it began
 * before that, and an answer is in the cache at once. Not modelled: answers that differ by model, sessions.
 *
 * Example: two routes, the first down for an hour with 10 requests in it: 10 attempts end with 503 unbilled and 10 are
 * served by the second, at its own model and band. Without a fallback 10 requests fail.
 * All state is the replay's own: equal batches, plan and seed give equal results. Parts of a trace add up where they share
 * no state (tenants, keys), not where it is cut in time.
 */
import { asksAgainAfterMs, hasLeft, leavesAfterMs, NOT_LEAVING } from '../conditions/abandonment.ts';
import { addLatency } from '../conditions/latency-histogram.ts';
import { Cursor } from '../routing/cursor.ts';
import { ANSWERED, CANCELLED, NO_ROUTE, REFUSED, WAIT } from '../routing/outcome.ts';
import { createRequest, type RoutingRequest } from '../routing/request.ts';
import { createRoutingState, type RoutingState } from '../routing/state.ts';
import type { OnAttempt } from './attempt.ts';
import { AttemptUsage } from './attempt-usage.ts';
import { Attempts, type AttemptsOf } from './attempts.ts';
import { resultOf } from './build-result.ts';
import { CachePipeline } from './caches/cache-pipeline.ts';
import { type ColumnNames, type ReplayBatch, withTenant } from './columns.ts';
import { Luck } from './luck.ts';
import { ABANDONED, FAILED_REQUEST, FROM_CACHE, REFUSED_REQUEST, SERVED, WITHOUT_ROUTE } from './outcomes.ts';
import { assignedRoute, firstRoute, type ReplayPlan } from './plan.ts';
import type { ReplayResult } from './result.ts';
import { Tally } from './tally.ts';

/** Parts of a request's luck; the others are routes. */
const [POLICY, JITTER, CLIENT] = [1, 2, 3];
const MS_PER_MINUTE = 60_000;

/** Batches of one trace, in order of time. */
export function replay(
  batches: Iterable<ReplayBatch>,
  plan: ReplayPlan,
  seed: number,
  onAttempt?: OnAttempt,
): ReplayResult {
  const run = new Replay(plan, seed, onAttempt);
  for (const batch of batches) run.take(batch);
  return run.result();
}

/** The same, fed batch by batch. */
export class Replay {
  /** What the policies remember. */
  readonly state: RoutingState;
  readonly #plan: ReplayPlan;
  readonly #tally: Tally;
  readonly #cursor: Cursor;
  readonly #attempts: Attempts;
  readonly #avoided: AttemptUsage;
  readonly #request: RoutingRequest;
  readonly #response: CachePipeline | undefined;
  readonly #policyLuck: Luck;
  readonly #clientLuck: Luck;
  readonly #jitterLuck: Luck;
  readonly #drawsOrder: boolean;
  readonly #drawsJitter: boolean;
  /** Of any route: without it no latency of a request is known, and none is told. */
  readonly #hasLatency: boolean;
  readonly #routes: number;
  #of: AttemptsOf | undefined;
  #names: ColumnNames | undefined;
  /** By model of the trace: its route, the route of a hit, and a ratio for each route. */
  #assigned = new Int32Array(0);
  #firsts = new Int32Array(0);
  #ratios = new Float64Array(0);
  /** By feature. */
  #waits_ms = new Float64Array(0);
  #minute = Number.NEGATIVE_INFINITY;
  #minute_until_ms = Number.NEGATIVE_INFINITY;
  #minute_requests = 0;

  constructor(plan: ReplayPlan, seed: number, onAttempt?: OnAttempt) {
    const { routing, response_cache, key_count = 1 } = plan;
    this.#plan = plan;
    this.#tally = new Tally(plan);
    this.state = createRoutingState(routing);
    this.#policyLuck = new Luck(seed, 'replay/policy');
    this.#jitterLuck = new Luck(seed, 'replay/jitter');
    this.#clientLuck = new Luck(seed, 'replay/clients');
    this.#cursor = new Cursor(routing, this.state, this.#policyLuck, this.#jitterLuck);
    this.#attempts = new Attempts(plan, this.#tally, this.#cursor, this.state, key_count, seed, onAttempt);
    this.#avoided = new AttemptUsage({ ...plan, prompt_caches: {} }, this.#tally, false);
    this.#request = createRequest(routing.metadata.length);
    this.#response = response_cache && new CachePipeline({ response: response_cache });
    this.#drawsOrder = !routing.ordering.isFixed;
    this.#drawsJitter = routing.retry !== undefined && routing.retry.jitter !== 'none';
    this.#hasLatency = plan.conditions?.latency?.some((latency) => latency !== undefined) ?? false;
    this.#routes = routing.routes.length;
  }

  take(batch: ReplayBatch): void {
    if (this.#names !== undefined && this.#names !== batch.column_names)
      throw new Error('batches of one replay have their names in common');
    this.#learnNames(batch.column_names);
    const { response_cache } = this.#plan;
    const { requests, time_ms, context_tokens, output_tokens } = batch;
    if (requests === 0) return;
    const tally = this.#tally;
    tally.from_ms = Math.min(tally.from_ms, time_ms[0]!);
    tally.until_ms = Math.max(tally.until_ms, time_ms[requests - 1]! + 1);
    let [prompts, answers] = [0, 0];
    for (let i = 0; i < requests; i++) {
      prompts += context_tokens[i]!;
      answers += output_tokens[i]!;
    }
    tally.prompt_tokens += prompts;
    tally.answer_tokens += answers;
    this.#run(response_cache === undefined ? batch : withTenant(batch, response_cache.tenant ?? 'team'));
  }

  result(): ReplayResult {
    this.#endMinute();
    return resultOf(this.#plan, this.#tally, this.#attempts.usage.cells, this.#avoided.cells, this.#names);
  }

  /** Names that have come since the last batch. */
  #learnNames(names: ColumnNames): void {
    const plan = this.#plan;
    const { models, features } = names;
    this.#names = names;
    if (models.length > this.#assigned.length) {
      const all = Array.from(models, (model) => model ?? '');
      this.#assigned = Int32Array.from(all, (model) => assignedRoute(plan, model));
      this.#firsts = Int32Array.from(this.#assigned, (route) => firstRoute(plan, route));
      this.#ratios = Float64Array.from(
        all.flatMap((model) => plan.models.map((other) => plan.token_ratios?.[model]?.[other] ?? 1)),
      );
    }
    if (features.length > this.#waits_ms.length)
      this.#waits_ms = Float64Array.from(features, (feature) => plan.batch?.waits_ms[feature ?? ''] ?? 0);
  }

  #run(batch: ReplayBatch): void {
    const { requests, time_ms, context_tokens, output_tokens, feature, model, user, team, tier } = batch;
    const request = this.#request;
    const response = this.#response;
    const tally = this.#tally;
    const { cells } = this.#attempts.usage;
    const leaving = this.#plan.conditions?.abandonment;
    const keys = this.#plan.keys ?? 'all';
    const key = keys === 'all' ? undefined : keys === 'team' ? team : user;
    const of = this.#requestOf(batch);
    for (let i = 0; i < requests; i++) {
      const begin_ms = time_ms[i]!;
      if (begin_ms >= this.#minute_until_ms) this.#beginMinute(begin_ms);
      this.#minute_requests++;
      const number = tally.requests++;
      if (response?.isServed(batch, i) === true) {
        this.#serveFromCache(batch, i, begin_ms);
        continue;
      }
      const feature_wait_ms = this.#waits_ms[feature[i]!]!;
      request.route = this.#assigned[model[i]!]!;
      request.model = model[i]!;
      request.feature = feature[i]!;
      request.user = user[i]!;
      request.team = team[i]!;
      request.tier = tier[i]!;
      request.prompt_tokens = context_tokens[i]!;
      request.output_tokens = output_tokens[i]!;
      request.deadline_ms = feature_wait_ms > 0 ? begin_ms + feature_wait_ms : 0;
      of.row = i;
      of.number = number;
      of.begin_ms = begin_ms;
      of.wait_ms = feature_wait_ms;
      of.isLatencyKnown = true;
      if (key !== undefined) of.key = key[i]!;
      if (leaving !== undefined) {
        this.#clientLuck.point(number, CLIENT!);
        const isWaitedFor = feature_wait_ms === 0;
        of.leaves_after_ms = isWaitedFor ? leavesAfterMs(leaving, this.#clientLuck.uniform()) : NOT_LEAVING;
        of.asks_again_after_ms = isWaitedFor ? asksAgainAfterMs(leaving, this.#clientLuck.uniform()) : NOT_LEAVING;
      }
      if (this.#drawsOrder) this.#policyLuck.point(number, POLICY!);
      if (this.#drawsJitter) this.#jitterLuck.point(number, JITTER!);
      cells.begin(begin_ms);
      this.#walk(of, this.#ratios, model[i]! * this.#routes, begin_ms);
      if (this.#cursor.outcome === ANSWERED) response?.keep(batch, i);
    }
  }

  /** One request through its attempts to its outcome. */
  #walk(of: AttemptsOf, ratios: Float64Array, ratios_at: number, begin_ms: number): void {
    const cursor = this.#cursor;
    let now_ms = begin_ms;
    cursor.begin(this.#request, begin_ms);
    let next = cursor.next(now_ms);
    while (next >= 0 || next === WAIT) {
      if (next >= 0) now_ms = this.#attempts.make(of, next, ratios[ratios_at + next]!, now_ms);
      else {
        now_ms = cursor.not_before_ms;
        if (hasLeft(now_ms - begin_ms, of.leaves_after_ms)) cursor.cancel();
      }
      next = cursor.next(now_ms);
    }
    this.#end(next);
  }

  #end(outcome: number): void {
    const tally = this.#tally;
    if (outcome === ANSWERED) {
      tally.end(SERVED);
      if (this.#cursor.attempts > 1) tally.served_after_failure++;
      return;
    }
    if (outcome === CANCELLED) {
      tally.end(ABANDONED);
      return;
    }
    tally.end(outcome === REFUSED ? REFUSED_REQUEST : outcome === NO_ROUTE ? WITHOUT_ROUTE : FAILED_REQUEST);
    tally.because(this.#cursor.reason);
  }

  #serveFromCache(batch: ReplayBatch, i: number, begin_ms: number): void {
    const model = batch.model[i]!;
    const tally = this.#tally;
    const latency_ms = this.#plan.response_cache?.latency_ms;
    tally.end(FROM_CACHE);
    tally.hit_prompt_tokens += batch.context_tokens[i]!;
    tally.hit_answer_tokens += batch.output_tokens[i]!;
    if (this.#hasLatency && latency_ms === undefined) tally.unknown_latency++;
    else if (this.#hasLatency && latency_ms !== undefined) {
      addLatency(tally.latency, latency_ms);
      addLatency(tally.first_token, latency_ms);
    }
    const route = this.#firsts[model]!;
    if (route < 0) return;
    this.#avoided.cells.begin(begin_ms);
    this.#avoided.add(batch, i, route, batch.tier[i]!, this.#ratios[model * this.#routes + route]!, begin_ms);
  }

  #requestOf(batch: ReplayBatch): AttemptsOf {
    this.#of ??= {
      batch,
      row: 0,
      number: 0,
      begin_ms: 0,
      wait_ms: 0,
      leaves_after_ms: NOT_LEAVING,
      asks_again_after_ms: NOT_LEAVING,
      key: 0,
      isLatencyKnown: true,
    };
    this.#of.batch = batch;
    return this.#of;
  }

  #beginMinute(time_ms: number): void {
    this.#endMinute();
    this.#minute = Math.floor(time_ms / MS_PER_MINUTE);
    this.#minute_until_ms = (this.#minute + 1) * MS_PER_MINUTE;
  }

  #endMinute(): void {
    if (this.#minute_requests > 0) this.#tally.minute(this.#minute, this.#minute_requests);
    this.#minute_requests = 0;
  }
}
