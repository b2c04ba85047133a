/** Where traces are read into, and how: what readers row by row and engines have in common. */
import type { Adapter } from '../trace/adapter.ts';
import type { TraceRequest } from '../trace/request.ts';
import type { GroupedUsage } from '../usage/grouped.ts';

/** auto: by size and kind of file; rows: row by row; duckdb: wherever it can. */
export type Engine = 'auto' | 'rows' | 'duckdb';

export interface UsageSink {
  /** A request or a bucket, with where it was read. */
  add(request: TraceRequest, file: string, line: number): void;
  addGrouped(grouped: GroupedUsage): void;
  /** Asked for where quantiles are wanted: how many grouped requests had each size, in tokens. */
  addSizes?(sizes: GroupedSizes): void;
}

export interface GroupedSizes {
  readonly prompt: ReadonlyMap<number, number>;
  readonly answer: ReadonlyMap<number, number>;
}

export interface UsageProgress {
  /** 0 where only the engine knows. */
  readonly rows: number;
  /** Of the work, 0 to 1, where the whole is known. */
  readonly fraction: number | undefined;
  readonly what?: string | undefined;
  /** Of all files, where rows are not known meanwhile. */
  readonly total_bytes?: number | undefined;
}

export interface ReadUsageOptions {
  readonly adapters?: readonly Adapter[] | undefined;
  readonly format?: string | undefined;
  readonly max_reject_fraction?: number | undefined;
  readonly kept_rejects?: number | undefined;
  readonly engine?: Engine | undefined;
  /** Every prompt size at which a price changes, ascending: engines group by them. */
  readonly size_edges_tokens: readonly number[];
  readonly onProgress?: ((progress: UsageProgress) => void) | undefined;
}
