/** What `tollgate trace inspect --json` says of a trace. `null` stands for what the trace does not tell. */
import type { TraceReading } from '../io/read-trace.ts';
import type { UnpricedModel } from '../pricing/usage-charges.ts';
import type { ReportBilled } from '../report/contract.ts';
import type { LabelField } from '../trace/request.ts';
import type { Quantiles } from '../usage/quantiles.ts';

export interface TraceInspection {
  readonly file: string;
  readonly sha256: string;
  readonly format: string;
  readonly clock: TraceReading['clock'];
  readonly reasons: readonly string[];
  /** How each file was understood, and what had to be settled to read it. */
  readonly files: readonly {
    readonly file: string;
    readonly format: string;
    readonly reasons: readonly string[];
    readonly settles: readonly string[];
    readonly rows: number;
    readonly rejected: number;
    readonly sha256: string;
  }[];
  /** Rows read: single requests, or sums of several. */
  readonly rows: number;
  /** Null where rows sum requests without counting them. */
  readonly requests: number | null;
  readonly rejected: number;
  /** Rows that are no request, by reason. */
  readonly skipped: TraceReading['skipped'];
  readonly failed_requests: number;
  /** Half-open; null without a clock. Instants of a relative clock count from 1970. */
  readonly window: { readonly from: string; readonly until: string } | null;
  /** Exclusive counts; output includes reasoning. */
  readonly tokens: {
    readonly input: number;
    readonly cache_read: number;
    readonly cache_write: number;
    readonly output: number;
  };
  /** Of whole prompts and of answers with their reasoning, in tokens. */
  readonly quantiles: { readonly input: Quantiles | null; readonly output: Quantiles | null };
  readonly arrivals: {
    readonly mean_requests_per_second: number;
    readonly peak_minute: { readonly from: string; readonly requests: number };
    readonly peak_to_mean: number;
    readonly gap_variation: number | null;
  } | null;
  /** The longest that a row sums over; null where all rows are single requests. */
  readonly summed_over_hours: number | null;
  readonly models: readonly { readonly model: string; readonly requests: number }[];
  /** By whom costs can be told apart: what the trace states of whom or what a request was for. */
  readonly attribution: readonly {
    readonly dimension: 'feature' | LabelField;
    /** Distinct names; 0: the trace states none. */
    readonly names: number;
    /** There are more names, which are summed together. */
    readonly and_more: boolean;
    /** Requests that state one. */
    readonly requests: number;
  }[];
  readonly prices_on: string;
  readonly cost_usd: number | null;
  readonly unpriced: readonly UnpricedModel[];
  /** What the trace says was billed, beside what the price book says. */
  readonly billed: ReportBilled | null;
  readonly warnings: readonly string[];
}
