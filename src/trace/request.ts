/**
 * One normalised request: what an application asked once, whatever log it came from. Adapters rename and cast into this
 * and do no more; every later stage reads this alone.
 */
import type { Counts, ServiceTier } from '../meters.ts';

export interface TraceRequest extends Counts {
  /** Start of the request, milliseconds since 1970 UTC. Relative traces count from 1970. */
  readonly time_ms: number;
  /** Who invoiced it, if the trace says so. */
  readonly seller: string | undefined;
  /** Exact model id as logged, or undefined where the trace names none. */
  readonly model: string | undefined;
  readonly tier: ServiceTier;
  readonly feature: string | undefined;
  readonly user: string | undefined;
  readonly team: string | undefined;
  /** HTTP status, or undefined where not logged (taken as served). */
  readonly status: number | undefined;
  readonly latency_ms: number | undefined;
  readonly ttft_ms: number | undefined;
  /** Prompt block hashes, outermost prefix first, where the trace has them. */
  readonly hash_chain: readonly number[] | undefined;
  /** What was billed for it, if the log says so. */
  readonly billed_usd: number | undefined;
}

/** A row that could not be read: counted, named, written to the rejects file, never dropped in silence. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** First and last request of what was read, milliseconds since 1970 UTC. */
export interface Window {
  readonly from_ms: number;
  readonly until_ms: number;
}
