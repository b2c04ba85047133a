/**
 * What an engine does: it sums requests where the data lies, of which only groups come back, or streams them in order.
 *
 * An engine gives the row reader's answer or none: files on which it is not certain to are named with the reason, and are
 * not in its sums.
 */
import type { Adapter, Container } from '../trace/adapter.ts';
import type { Reject, TraceRequest } from '../trace/request.ts';
import type { GroupedUsage } from '../usage/grouped.ts';

/** Files that are read alike. */
export interface TracePart {
  readonly path: string | readonly string[];
  /** In the dialect of the files. */
  readonly adapter: Adapter;
  readonly container: Container;
  /** Column names of CSV and Parquet; names of sampled records of JSON. */
  readonly names: readonly string[];
  /** Of CSV. Default `,`. */
  readonly delimiter?: string | undefined;
}

export interface RollupOptions {
  /** Every prompt size from which any price changes, in tokens, ascending. */
  readonly edges: readonly number[];
  /** Called now and then with the part of the work that is done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Whether to count requests by size too. */
  readonly sizes?: boolean | undefined;
  /** How many rejects are kept with their text; all are counted. Default 1,000. */
  readonly kept_rejects?: number | undefined;
}

export interface EngineRollup {
  readonly grouped: GroupedUsage;
  /** Rows that sum requests, with where they stand: to be added one by one. */
  readonly buckets: readonly BucketRow[];
  /** Requests and buckets. */
  readonly rows: number;
  readonly rejected: number;
  /** Rows that are no request, by reason. */
  readonly skipped: readonly { readonly reason: string; readonly rows: number }[];
  /** The first ones, in the order of files and lines. */
  readonly rejects: readonly Reject[];
  /** How many requests have so many tokens; without failures that used nothing. Not of buckets. */
  readonly sizes?: { readonly prompt: ReadonlyMap<number, number>; readonly answer: ReadonlyMap<number, number> };
  /** What was read of each file, in the order of the parts. */
  readonly files: readonly { readonly path: string; readonly rows: number; readonly rejected: number }[];
  /** Files that are not in any of this: the row reader has to read them. */
  readonly falls_back: readonly { readonly path: string; readonly reason: string }[];
}

export interface BucketRow {
  readonly path: string;
  readonly line: number;
  readonly request: TraceRequest;
}
