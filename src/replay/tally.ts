/** What a replay counts as it goes, beside usage. Numbers alone; build-result.ts gives them their names. */
import type { ServiceLevel, WaitedFor } from '../conditions/compile-conditions.ts';
import { createHistogram, type LatencyHistogram } from '../conditions/latency-histogram.ts';
import { REQUEST_OUTCOMES, STATUSES } from './outcomes.ts';
import type { ReplayPlan } from './plan.ts';

export class Tally {
  requests = 0;
  prompt_tokens = 0;
  answer_tokens = 0;
  /** Of requests that the response cache answered. */
  hit_prompt_tokens = 0;
  hit_answer_tokens = 0;
  /** By place in REQUEST_OUTCOMES. */
  readonly outcomes = new Float64Array(REQUEST_OUTCOMES.length);
  readonly reasons = new Map<string, number>();
  attempts = 0;
  /** By route, then status. */
  readonly attempts_by: Float64Array;
  unbilled = 0;
  billed_failures = 0;
  duplicates = 0;
  served_after_failure = 0;
  readonly latency: LatencyHistogram;
  readonly first_token: LatencyHistogram;
  readonly batch_latency: LatencyHistogram = createHistogram();
  unknown_latency = 0;
  /** Of billed attempts that a prompt cache of the plan has split, and tokens that it read. */
  split_requests = 0;
  split_reads = 0;
  split_prompt_tokens = 0;
  split_answer_tokens = 0;
  split_read_tokens = 0;
  without_blocks = 0;
  from_ms = Number.POSITIVE_INFINITY;
  until_ms = Number.NEGATIVE_INFINITY;
  /** Minutes since 1970 UTC -> requests. */
  readonly minutes = new Map<number, number>();

  constructor({ routing, conditions }: ReplayPlan) {
    this.attempts_by = new Float64Array(routing.routes.length * STATUSES);
    this.latency = createHistogram(limitsOf(conditions?.service_levels, 'answer'));
    this.first_token = createHistogram(limitsOf(conditions?.service_levels, 'first_token'));
  }

  attempt(route: number, status: number): void {
    const at = route * STATUSES + status;
    this.attempts++;
    this.attempts_by[at] = this.attempts_by[at]! + 1;
  }

  end(outcome: number): void {
    this.outcomes[outcome] = this.outcomes[outcome]! + 1;
  }

  because(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /** Requests of one minute; minutes come in order, but a minute may come in two parts. */
  minute(minute: number, requests: number): void {
    this.minutes.set(minute, (this.minutes.get(minute) ?? 0) + requests);
  }
}

/** Limits of one measure, in the order in which service levels state them. */
export const limitsOf = (levels: readonly ServiceLevel[] | undefined, measure: WaitedFor): number[] =>
  (levels ?? []).filter((level) => level.measure === measure).map(({ within_ms }) => within_ms);
