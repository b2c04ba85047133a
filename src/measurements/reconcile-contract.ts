/**
 * What is reconciled and what comes of it: attempts as the router logged them, charges as a bill has them, and the difference
 * taken apart by cause. This file holds no logic.
 */
import type { Counts, ServiceTier } from '../meters.ts';
import type { BillLine } from './bill-line.ts';

/** A row of the router's log. */
export interface LoggedAttempt {
  /** `file:line` */
  readonly where: string;
  readonly request: string;
  /** From 1; of a log with a row per request, how many there were. */
  readonly attempt: number;
  readonly time_ms: number;
  readonly latency_ms: number;
  /** Undefined: no route was asked. */
  readonly seller: string | undefined;
  readonly model: string | undefined;
  readonly tier: ServiceTier;
  readonly counts: Counts;
  readonly outcome: string;
  readonly billing: string;
  readonly cost_status: string;
}

/** What the price book says of a logged attempt. */
export interface Predicted {
  readonly attempt: LoggedAttempt;
  /** Null: its model or one of its meters has no price. */
  readonly usd: number | null;
}

export interface Charged extends Pick<BillLine, 'id' | 'idempotency_key' | 'model' | 'nano_usd' | 'state' | 'route'> {
  readonly time_ms: number;
  readonly counts: Counts;
}

/** A model's charges of a day, where a bill tells no requests. */
export interface ChargedDay {
  /** `seller/model` as the price book has it, else as the bill does; undefined: it names none. */
  readonly model: string | undefined;
  readonly date: string;
  readonly nano_usd: number;
  /** Undefined: it tells no tokens. */
  readonly counts_usd: number | null | undefined;
}

export const CAUSES = {
  unknown_billing: 'attempts whose billing or usage nobody told: timed out, broken off, cancelled',
  retries_billed: 'attempts that failed and were billed all the same, or a request billed more than once',
  router_cache: 'answered from the router’s cache: in the log, and none of it on the bill',
  unpriced: 'no price in the price book',
  counts: 'other counts on the bill than in the log',
  price: 'the same counts at another price: a markup, a fee, a contract rate',
  price_or_counts: 'another price or other counts; the bill tells no counts',
  not_in_log: 'on the bill and not in the log',
  not_on_bill: 'in the log and not on the bill',
  rounding: 'whole nano-dollars on the bill, fractions in the prediction',
} as const;
export type Cause = keyof typeof CAUSES;

export interface Example {
  readonly where: string;
  /** In words, without prompts. */
  readonly what: string;
  readonly billed_nano_usd: number;
  readonly predicted_nano_usd: number;
}

export interface CausePart {
  readonly cause: Cause;
  readonly words: string;
  /** Billed less predicted; whole, but of rounding. */
  readonly nano_usd: number;
  /** Attempts, requests or charges that it is about; of a bill by days, its days. */
  readonly count: number;
  readonly examples: readonly Example[];
}

/** One factor between price and charge that holds for all of a model on a route. */
export interface SteadyFactor {
  readonly model: string;
  readonly route: string | null;
  readonly factor: number;
}

export interface Reconciled {
  readonly by: 'request' | 'model_and_day';
  readonly predicted_nano_usd: number;
  readonly billed_nano_usd: number;
  /** billed - predicted, the sum of the causes */
  readonly difference_nano_usd: number;
  /** Over what was billed; null: nothing was. */
  readonly relative: number | null;
  readonly causes: readonly CausePart[];
  readonly steady_factors: readonly SteadyFactor[];
  /** Where the state of every attempt of a request is known; null by model and day. */
  readonly known: {
    readonly requests: number;
    readonly billed_nano_usd: number;
    /** Each attempt in whole nano-dollars. */
    readonly predicted_nano_usd: number;
    /** Requests that differ by a nano-dollar or more. */
    readonly unequal_requests: number;
  } | null;
}
