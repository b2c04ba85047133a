/** What all files of a reading amount to: groups, labels, sizes and counts of each file added up, the first rejects kept. */
import type { LabelField, Reject, TraceRequest, Window } from '../trace/request.ts';
import type { RollupTotals } from './duckdb-rollup.ts';
import type { BucketRow, EngineRollup } from './engine.ts';
import { GroupedLabelSums } from './grouped-labels.ts';

/** One file's. */
export interface FileRows {
  readonly totals: RollupTotals;
  readonly rejects: readonly Reject[];
  readonly buckets: readonly BucketRow[];
}

export class FileSums {
  readonly falls_back: { path: string; reason: string }[] = [];
  private readonly groups: TraceRequest[] = [];
  private readonly minutes = new Map<number, number>();
  private readonly labels = new Map<LabelField, GroupedLabelSums>();
  private readonly prompt = new Map<number, number>();
  private readonly answer = new Map<number, number>();
  private readonly skipped = new Map<string, number>();
  private readonly rejects: Reject[] = [];
  private readonly buckets: BucketRow[] = [];
  private readonly files: { path: string; rows: number; rejected: number }[] = [];
  private window: Window | undefined;
  private rows = 0;
  private rejected = 0;
  private readonly has_sizes: boolean;
  private readonly kept: number;

  constructor(has_sizes: boolean, kept_rejects: number) {
    this.has_sizes = has_sizes;
    this.kept = kept_rejects;
  }

  add(path: string, { totals, rejects, buckets }: FileRows): void {
    for (const group of totals.groups) this.groups.push(group);
    for (const side of ['minutes', 'prompt', 'answer'] as const) addCounts(this[side], totals[side]);
    addCounts(this.skipped, totals.skipped);
    for (const [field, sums] of totals.labels) {
      const all = this.labels.get(field) ?? new GroupedLabelSums();
      this.labels.set(field, all);
      all.addFile({ sums, kinds: totals.kinds });
    }
    this.rejects.push(...rejects.slice(0, this.kept - this.rejects.length));
    for (const bucket of buckets) this.buckets.push(bucket);
    this.window = hull(this.window, totals.window);
    const rows = totals.requests + totals.buckets;
    this.rows += rows;
    this.rejected += totals.rejected;
    this.files.push({ path, rows, rejected: totals.rejected });
  }

  result(): EngineRollup {
    return {
      grouped: {
        groups: this.groups,
        window: this.window,
        requests_per_minute: this.minutes,
        ...(this.labels.size === 0
          ? {}
          : { labels: Object.fromEntries([...this.labels].map(([field, sums]) => [field, sums.grouped()])) }),
      },
      buckets: this.buckets,
      rows: this.rows,
      rejected: this.rejected,
      skipped: [...this.skipped].map(([reason, rows]) => ({ reason, rows })),
      rejects: this.rejects,
      ...(this.has_sizes ? { sizes: { prompt: this.prompt, answer: this.answer } } : {}),
      files: this.files,
      falls_back: this.falls_back,
    };
  }
}

function addCounts<K>(sums: Map<K, number>, counts: ReadonlyMap<K, number>): void {
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
}

const hull = (a: Window | undefined, b: Window | undefined): Window | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : { from_ms: Math.min(a.from_ms, b.from_ms), until_ms: Math.max(a.until_ms, b.until_ms) };
