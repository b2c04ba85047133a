/**
 * A strategy after its replay, as costs read it: what was counted, which of the world's doings were met (so that no expectation
 * is added on top), and the assumptions that stand in for what the traffic could not tell.
 */
import type { LatencyHistogram } from '../conditions/latency-histogram.ts';
import type { ResponseCacheTable } from './caches/cache-study-result.ts';
import type { ReplayResult } from './result.ts';
import type { ReplaySpec, StrategyReplay } from './schema.ts';

export interface Replayed {
  readonly result: ReplayResult;
  readonly stated: StrategyReplay;
  readonly prompt_caches: ReplaySpec['prompt_caches'];
  /** Outages were met: lost requests and fallbacks are in what was counted. */
  readonly metOutages: boolean;
  /** Errors outside outages were met: retries and what they bill are in what was counted. */
  readonly metErrors: boolean;
  /** Sellers of the routes that the policies name. */
  readonly sellers: readonly string[];
  /** Models of the policy's chain behind the first, as seller/model, where it is a chain of routes. */
  readonly fallback: readonly string[];
  /** Quality of the answers on average, 0 to 1; undefined: a route that answered has none stated. */
  readonly quality: number | undefined;
  /** Until the end of a task of several calls in a row, sampled; undefined: calls_per_task or latencies are not stated. */
  readonly task_latency: LatencyHistogram | undefined;
  /** What response caches of other sizes and lives would have hit; undefined: there is none, or prompts are not known. */
  readonly other_caches: ResponseCacheTable | undefined;
  /** No request said what its prompt was: no cache could be replayed. */
  readonly lacksPrompts: boolean;
}

/** By strategy. */
export type ReplayedStrategies = ReadonlyMap<string, Replayed>;

export const NO_REPLAYS: ReplayedStrategies = new Map();
