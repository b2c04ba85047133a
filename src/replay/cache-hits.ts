/**
 * Requests that the response cache answers: counted, with the usage that they spare. Spared is what the first route of
 * the policy would have billed without the seller's prompt cache; of a policy that has no certain first route, the route
 * that the request was assigned to.
 */
import { addLatency } from '../conditions/latency-histogram.ts';
import { AttemptUsage } from './attempt-usage.ts';
import type { ReplayBatch } from './columns.ts';
import { FROM_CACHE } from './outcomes.ts';
import { firstRoute, type ReplayPlan } from './plan.ts';
import type { Tally } from './tally.ts';

export class CacheHits {
  readonly avoided: AttemptUsage;
  readonly #plan: ReplayPlan;
  readonly #tally: Tally;
  /** Of any route: without it no latency of a request is known, and none is told. */
  readonly #hasLatency: boolean;
  readonly #latency_ms: number | undefined;
  /** By model of the trace. */
  #routes = new Int32Array(0);

  constructor(plan: ReplayPlan, tally: Tally) {
    this.avoided = new AttemptUsage({ ...plan, prompt_caches: {} }, tally, false);
    this.#plan = plan;
    this.#tally = tally;
    this.#hasLatency = plan.conditions?.latency?.some((latency) => latency !== undefined) ?? false;
    this.#latency_ms = plan.response_cache?.latency_ms;
  }

  /** @param assigned by model of the trace: its route */
  learn(assigned: Int32Array): void {
    this.#routes = assigned.map((route) => firstRoute(this.#plan, route));
  }

  take(batch: ReplayBatch, i: number): void {
    const tally = this.#tally;
    tally.end(FROM_CACHE);
    tally.hit_prompt_tokens += batch.context_tokens[i]!;
    tally.hit_answer_tokens += batch.output_tokens[i]!;
    if (this.#hasLatency) this.#tellLatency();
    const route = this.#routes[batch.model[i]!]!;
    if (route >= 0) this.avoided.addNow(batch, i, route, batch.tier[i]!);
  }

  #tellLatency(): void {
    const tally = this.#tally;
    const latency_ms = this.#latency_ms;
    if (latency_ms === undefined) tally.unknown_latency++;
    else {
      addLatency(tally.latency, latency_ms);
      addLatency(tally.first_token, latency_ms);
    }
  }
}
