/**
 * One normalised request: what an application asked once, whatever log it came from; or a bucket that sums requests, where
 * a log keeps only sums. Adapters rename and cast into this and do no more; every later stage reads this alone.
 */
import type { Counts, ServiceTier } from '../meters.ts';

export interface TraceRequest extends Counts {
  /** Start of the request or of the bucket, milliseconds since 1970 UTC. Relative traces count from 1970. */
  readonly time_ms: number;
  /** End of a bucket that sums several requests; undefined for a request of its own. */
  readonly until_ms: number | undefined;
  /** How many requests this row sums: 1 for a request of its own, undefined where an export does not count them. */
  readonly requests: number | undefined;
  /** Who invoiced it, if the trace says so. */
  readonly seller: string | undefined;
  /** Exact model id as logged, or undefined where the trace names none. */
  readonly model: string | undefined;
  readonly tier: ServiceTier;
  readonly feature: string | undefined;
  readonly user: string | undefined;
  readonly team: string | undefined;
  /** The agent or program that asked on someone's behalf. */
  readonly agent: string | undefined;
  /** HTTP status, or undefined where not logged (taken as served). */
  readonly status: number | undefined;
  readonly latency_ms: number | undefined;
  readonly ttft_ms: number | undefined;
  /** Prompt block hashes, outermost prefix first, where the trace has them. */
  readonly hash_chain: readonly number[] | undefined;
  /** Prompts are at least this long, where a row that sums requests says so; undefined: the row is one prompt, or unknown. */
  readonly context_from_tokens: number | undefined;
  /** What was billed for it, if the log says so, in whole nano-dollars, so that sums stay exact in any order. */
  readonly billed_nano_usd: number | undefined;
}

/** Who used it: labels by which costs can be attributed beside the feature. */
export const LABEL_FIELDS = ['team', 'user', 'agent'] as const satisfies readonly (keyof TraceRequest)[];
export type LabelField = (typeof LABEL_FIELDS)[number];

export const NANO_USD = 1_000_000_000;

/** A row that could not be read: counted, named, written to the rejects file, never dropped in silence. */
export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** First and last request of what was read, milliseconds since 1970 UTC. */
export interface Window {
  readonly from_ms: number;
  readonly until_ms: number;
}
