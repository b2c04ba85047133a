/**
 * What a replay gives: usage as a table that prices like any other, outcomes, attempts, latencies, and each saving beside
 * what it is a saving of. Plain numbers; results of parts that share no state add up.
 */
import type { ServiceLevel } from '../conditions/compile-conditions.ts';
import type { LatencyHistogram } from '../conditions/latency-histogram.ts';
import type { UsageTable } from '../usage/table.ts';
import type { RequestOutcome } from './outcomes.ts';

/** Requests with the tokens of their prompts and answers, as the trace counts them. */
export interface Volume {
  readonly requests: number;
  readonly prompt_tokens: number;
  readonly answer_tokens: number;
}

/** `of` is the baseline: what the saving is a part of. */
export interface Saving {
  readonly saved: Volume;
  readonly of: Volume;
}

export interface AttemptCount {
  readonly route: string;
  /** HTTP status, or connection, timeout, left. */
  readonly status: string;
  readonly attempts: number;
}

export interface ReplayResult {
  readonly requests: number;
  /** Each request in exactly one. */
  readonly outcomes: Readonly<Record<RequestOutcome, number>>;
  /** Of those that failed, were refused or had no route: why, in the policies' words. */
  readonly reasons: Readonly<Record<string, number>>;
  /**
   * Billed attempts, by the hour in which they began and the model that they ran on. `failed_requests` are attempts that
   * were not billed; minutes and window are those of requests, hits of the response cache included.
   */
  readonly usage: UsageTable;
  /** What the response cache answered, as if sent to the first route. */
  readonly avoided: UsageTable;
  readonly attempts: number;
  /** Failed, timed out or abandoned, and billed all the same. */
  readonly billed_failures: number;
  /** Sent again by clients that did not wait. */
  readonly duplicates: number;
  /** Requests that were answered, but not by their first attempt. */
  readonly served_after_failure: number;
  readonly attempts_by: readonly AttemptCount[];
  /** Requests that somebody waits for and that were served: until the answer, and until its first token. */
  readonly latency: LatencyHistogram;
  readonly first_token: LatencyHistogram;
  /** Until the deadline, of requests that may wait. */
  readonly batch_latency: LatencyHistogram;
  /** Served requests whose latency is not known, since a route that they tried states none. */
  readonly unknown_latency: number;
  /** Of those whose latency is known. */
  readonly service_levels: readonly (ServiceLevel & { readonly requests: number; readonly missed: number })[];
  readonly savings: {
    /** Of all requests. */
    readonly response_cache: Saving;
    /** Prompt tokens read from sellers' caches, of billed attempts that the plan's prompt caches split. */
    readonly prompt_cache: Saving;
    /** What went at the batch tier, of billed attempts. */
    readonly batch: Saving;
  };
  /** Billed attempts whose prompt's blocks are not known: the trace's own split is kept. */
  readonly without_blocks: number;
}
