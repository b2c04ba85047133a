/**
 * Counts what reading gives, over all files of a source: requests passed on, rows rejected and rows left out. Gives up on
 * a source that is hopeless, and on counts too large to be summed exactly.
 */
import { type InputError, inputError } from '../errors.ts';
import { COUNT_METERS, type CountMeter } from '../meters.ts';
import { type Adapter, bindColumns } from '../trace/adapter.ts';
import type { Skipped } from '../trace/compile-rows.ts';
import type { Reject, TraceRequest } from '../trace/request.ts';
import { TooManyRejects } from '../trace/too-many-rejects.ts';
import type { OnOutcome } from './trace-sample.ts';

export type OnRequest = (request: TraceRequest, line: number, file: string) => void;

export interface TallyOptions {
  readonly max_reject_fraction?: number;
  readonly kept_rejects?: number;
}

/** Reading goes on this long before it is given up as hopeless. */
const PATIENCE_REJECTS = 1000;
const SHOWN_CHARS = 500;

export class TraceTally {
  rows = 0;
  rejected = 0;
  readonly rejects: Reject[] = [];
  private readonly skips = new Map<string, number>();
  private left_out = 0;
  private begunAt = 0;
  private rowsBefore = 0;
  private file = '';
  private columns = new Map<string, string>();
  /** Meters that the file has a column for, each with its sum over all files. */
  private meters: readonly CountMeter[] = [];
  private sums: number[] = [];
  private readonly sumsBefore = new Map<CountMeter, number>();
  private readonly onRequest: OnRequest;
  private readonly most: number;
  private readonly kept: number;

  constructor(onRequest: OnRequest, { max_reject_fraction = 0.01, kept_rejects = 1000 }: TallyOptions) {
    this.onRequest = onRequest;
    this.most = max_reject_fraction;
    this.kept = kept_rejects;
  }

  /** Rows of any kind. */
  get seen(): number {
    return this.rows + this.rejected + this.left_out;
  }

  /**
   * What the file's rows amount to: files that agree in it are most likely the same traffic. Undefined: too little to tell.
   */
  get fingerprint(): string | undefined {
    const rows = this.rows - this.rowsBefore;
    const counts = this.meters
      .map((meter, i) => [meter, this.sums[i]! - (this.sumsBefore.get(meter) ?? 0)] as const)
      .filter(([, count]) => count > 0);
    return rows < 2 || counts.length === 0 ? undefined : `${rows} ${counts.join(' ')}`;
  }

  get seen_in_file(): number {
    return this.seen - this.begunAt;
  }

  get skipped(): { reason: string; rows: number }[] {
    return [...this.skips].map(([reason, rows]) => ({ reason, rows }));
  }

  begin(file: string): OnOutcome {
    this.file = file;
    this.begunAt = this.seen;
    this.rowsBefore = this.rows;
    const { onRequest } = this;
    return (outcome: TraceRequest | string | Skipped, line, text) => {
      if (typeof outcome === 'string') this.reject(outcome, line, text());
      else if ('skipped' in outcome) {
        this.left_out++;
        this.skips.set(outcome.skipped, (this.skips.get(outcome.skipped) ?? 0) + 1);
      } else {
        this.rows++;
        this.sum(outcome, line);
        onRequest(outcome, line, file);
      }
    };
  }

  /** What the columns of the file are called, for messages. */
  detected(adapter: Adapter, names: readonly string[]): void {
    this.columns = new Map(bindColumns(adapter, names).columns.map(({ rule, name }) => [rule.field, name]));
    for (const [i, meter] of this.meters.entries()) this.sumsBefore.set(meter, this.sums[i]!);
    const read = new Set(adapter.rules.map(({ field }) => field));
    this.meters = COUNT_METERS.filter((meter) => read.has(meter));
    this.sums = this.meters.map((meter) => this.sumsBefore.get(meter) ?? 0);
  }

  checkShare(source: string): void {
    if (this.rejected > this.most * (this.rows + this.rejected)) throw new TooManyRejects(source, this, this.most);
  }

  private reject(reason: string, line: number, text: string): void {
    this.rejected++;
    const { file } = this;
    if (this.rejects.length < this.kept)
      this.rejects.push({ file, line, reason, text: copyOf(text.slice(0, SHOWN_CHARS)) });
    if (this.rejected > PATIENCE_REJECTS) this.checkShare(file);
  }

  /** Sums stay exact up to 2^53; no part of them can exceed what all rows together stay below. */
  private sum(request: TraceRequest, line: number): void {
    const { meters, sums } = this;
    for (let i = 0; i < meters.length; i++) {
      const sum = sums[i]! + request[meters[i]!];
      if (sum > Number.MAX_SAFE_INTEGER) throw this.tooLarge(meters[i]!, request[meters[i]!], line);
      sums[i] = sum;
    }
  }

  private tooLarge(meter: CountMeter, count: number, line: number): InputError {
    const name = this.columns.get(meter) ?? meter;
    return inputError(
      'TRACE_TOO_LARGE',
      `${this.file}:${line}`,
      `${name} adds up to more than 9,007,199,254,740,991, which can't be counted exactly; this row has ${count.toLocaleString('en-GB')}: is the column what it is taken for?`,
    );
  }
}

/** A copy that does not keep the chunk alive from which it was cut. */
const copyOf = (text: string): string => Buffer.from(text).toString();
