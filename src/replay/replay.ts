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
import { regionOf } from '../conditions/client-regions.ts';
import { Cursor } from '../routing/cursor.ts';
import { JITTER_PART, Luck, POLICY_PART, policyLuck } from '../routing/luck.ts';
import { ANSWERED, CANCELLED, NO_ROUTE, REFUSED, WAIT } from '../routing/outcome.ts';
import { createRequest, type RoutingRequest } from '../routing/request.ts';
import { createRoutingState, type RoutingState } from '../routing/state.ts';
import { MS_PER_MINUTE } from '../units.ts';
import type { OnAttempt } from './attempt.ts';
import { Attempts, type AttemptsOf } from './attempts.ts';
import { resultOf } from './build-result.ts';
import { CacheHits } from './cache-hits.ts';
import { CachePipeline } from './caches/cache-pipeline.ts';
import { type ColumnNames, type ReplayBatch, withTenant } from './columns.ts';
import { ABANDONED, FAILED_REQUEST, REFUSED_REQUEST, SERVED, WITHOUT_ROUTE } from './outcomes.ts';
import { assignedRoute, type ReplayPlan } from './plan.ts';
import { QuietPath } from './quiet-path.ts';
import type { ReplayResult } from './result.ts';
import { Tally } from './tally.ts';

/** Parts of a request's luck beside those of policies; the others are routes. */
const [CLIENT, REGION] = [3, 4] as const;
/** Requests whose answers are looked for in memory at once. */
const AHEAD = 64;

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
  readonly #quiet: QuietPath;
  readonly #hits: CacheHits;
  readonly #request: RoutingRequest;
  readonly #response: CachePipeline | undefined;
  readonly #policyLuck: Luck;
  readonly #clientLuck: Luck;
  readonly #jitterLuck: Luck;
  readonly #drawsJitter: boolean;
  #of: AttemptsOf | undefined;
  #names: ColumnNames | undefined;
  /** By model of the trace: its route. */
  #assigned = new Int32Array(0);
  /** By place of a client's region: its number in the policies' names. */
  readonly #regions: readonly number[];
  /** By feature. */
  #waits_ms = new Float64Array(0);
  #minute = Number.NEGATIVE_INFINITY;
  #minute_until_ms = Number.NEGATIVE_INFINITY;
  /** Requests before it. */
  #minute_from = 0;

  constructor(plan: ReplayPlan, seed: number, onAttempt?: OnAttempt) {
    const { routing, response_cache, key_count = 1 } = plan;
    this.#plan = plan;
    this.#tally = new Tally(plan);
    this.state = createRoutingState(routing);
    ({ policy: this.#policyLuck, jitter: this.#jitterLuck } = policyLuck(seed));
    this.#clientLuck = Luck.of(seed, 'replay/clients');
    this.#cursor = new Cursor(routing, this.state, this.#policyLuck, this.#jitterLuck);
    this.#attempts = new Attempts(plan, this.#tally, this.#cursor, this.state, key_count, seed, onAttempt);
    const { conditions, usage } = this.#attempts;
    this.#quiet = new QuietPath(plan, this.#tally, this.state, conditions, usage, onAttempt !== undefined);
    this.#hits = new CacheHits(plan, this.#tally);
    this.#request = createRequest(routing.metadata.length);
    this.#response = response_cache && new CachePipeline({ response: response_cache });
    this.#regions = (plan.conditions?.clients?.names ?? []).map((name) => routing.names.index('region', name));
    this.#drawsJitter = routing.retry !== undefined && routing.retry.jitter !== 'none';
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
    this.#endMinute(this.#tally.requests);
    return resultOf(this.#plan, this.#tally, this.#attempts.usage.cells, this.#hits.avoided.cells, this.#names);
  }

  /** Names that have come since the last batch. */
  #learnNames(names: ColumnNames): void {
    const plan = this.#plan;
    const { models, features } = names;
    this.#names = names;
    if (models.length > this.#assigned.length) {
      const all = Array.from(models, (model) => model ?? '');
      this.#assigned = Int32Array.from(all, (model) => assignedRoute(plan, model));
      this.#quiet.learn(this.#assigned);
      this.#hits.learn(this.#assigned);
      const ratios = Float64Array.from(
        all.flatMap((model) => plan.models.map((other) => plan.token_ratios?.[model]?.[other] ?? 1)),
      );
      this.#attempts.usage.ratios = ratios;
      this.#hits.avoided.ratios = ratios;
    }
    if (features.length > this.#waits_ms.length)
      this.#waits_ms = Float64Array.from(features, (feature) => plan.batch?.waits_ms[feature ?? ''] ?? 0);
  }

  #run(batch: ReplayBatch): void {
    const { requests, time_ms } = batch;
    const response = this.#response;
    const hits = this.#hits;
    const quiet = this.#quiet;
    const first = this.#tally.requests;
    const of = this.#requestOf(batch);
    for (let from = 0; from < requests; from += AHEAD) {
      const until = Math.min(requests, from + AHEAD);
      response?.touch(batch, from, until);
      for (let i = from; i < until; i++) {
        if (time_ms[i]! >= this.#minute_until_ms) this.#beginMinute(time_ms[i]!, first + i);
        if (response?.isServed(batch, i) === true) hits.take(batch, i);
        else if (quiet.take(batch, i) || this.#walk(of, batch, i, first + i)) response?.keep(batch, i);
      }
    }
    this.#tally.requests = first + requests;
  }

  /** One request the long way: through its attempts to its outcome. Gives whether it was answered. */
  #walk(of: AttemptsOf, batch: ReplayBatch, i: number, number: number): boolean {
    const begin_ms = batch.time_ms[i]!;
    const cursor = this.#cursor;
    this.#prepare(of, batch, i, number, begin_ms);
    const { usage } = this.#attempts;
    const model = batch.model[i]!;
    let now_ms = begin_ms;
    cursor.begin(this.#request, begin_ms);
    let next = cursor.next(now_ms);
    while (next >= 0 || next === WAIT) {
      if (next >= 0) now_ms = this.#attempts.make(of, next, usage.ratio(model, next), now_ms);
      else {
        now_ms = cursor.not_before_ms;
        if (hasLeft(now_ms - begin_ms, of.leaves_after_ms)) cursor.cancel();
      }
      next = cursor.next(now_ms);
    }
    this.#end(next);
    return next === ANSWERED;
  }

  #prepare(of: AttemptsOf, batch: ReplayBatch, i: number, number: number, begin_ms: number): void {
    const { routing, conditions, keys = 'all' } = this.#plan;
    const request = this.#request;
    const feature = batch.feature[i]!;
    const wait_ms = this.#waits_ms[feature]!;
    request.route = this.#assigned[batch.model[i]!]!;
    request.model = batch.model[i]!;
    request.feature = feature;
    request.user = batch.user[i]!;
    request.team = batch.team[i]!;
    request.tier = batch.tier[i]!;
    request.prompt_tokens = batch.context_tokens[i]!;
    request.output_tokens = batch.output_tokens[i]!;
    request.deadline_ms = wait_ms > 0 ? begin_ms + wait_ms : 0;
    of.row = i;
    of.number = number;
    of.begin_ms = begin_ms;
    of.wait_ms = wait_ms;
    of.isLatencyKnown = true;
    if (keys !== 'all') of.key = keys === 'team' ? request.team : request.user;
    const leaving = conditions?.abandonment;
    if (leaving !== undefined) {
      this.#clientLuck.point(number, CLIENT);
      of.leaves_after_ms = wait_ms === 0 ? leavesAfterMs(leaving, this.#clientLuck.uniform()) : NOT_LEAVING;
      of.asks_again_after_ms = wait_ms === 0 ? asksAgainAfterMs(leaving, this.#clientLuck.uniform()) : NOT_LEAVING;
    }
    const clients = conditions?.clients;
    if (clients !== undefined) {
      this.#clientLuck.point(number, REGION);
      of.region = regionOf(clients, this.#clientLuck.uniform());
      request.region = this.#regions[of.region]!;
    }
    if (!routing.ordering.isFixed) this.#policyLuck.point(number, POLICY_PART);
    if (this.#drawsJitter) this.#jitterLuck.point(number, JITTER_PART);
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
      region: -1,
      isLatencyKnown: true,
    };
    this.#of.batch = batch;
    return this.#of;
  }

  /** @param number of the request that is its first */
  #beginMinute(time_ms: number, number: number): void {
    this.#endMinute(number);
    this.#minute = Math.floor(time_ms / MS_PER_MINUTE);
    this.#minute_until_ms = (this.#minute + 1) * MS_PER_MINUTE;
    this.#attempts.usage.cells.begin(time_ms);
    this.#hits.avoided.cells.begin(time_ms);
  }

  #endMinute(number: number): void {
    if (number > this.#minute_from) this.#tally.minute(this.#minute, number - this.#minute_from);
    this.#minute_from = number;
  }
}
