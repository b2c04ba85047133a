/**
 * Reads traces of any known format, row by row, in bounded memory: a file, several, a pattern, or standard input. Requests
 * go to `onRequest`; rows that cannot be read are counted and kept with file, line and reason. Problems of a file itself
 * are InputErrors that name it.
 *
 * It prices, sums and assigns nothing. The digest is the SHA-256 of the file's bytes, or of the digests of several.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { type Diagnostic, InputError, inputError, warning } from '../errors.ts';
import type { Adapter } from '../trace/adapter.ts';
import type { DetectOptions } from '../trace/detect.ts';
import type { Reject } from '../trace/request.ts';
import { type FileReading, readTraceFile } from './trace-file.ts';
import { type Clock, clockOf, fileReading, type TraceFileReading } from './trace-file-reading.ts';
import { traceFiles } from './trace-sources.ts';
import { type OnRequest, TraceTally } from './trace-tally.ts';

export type { OnRequest } from './trace-tally.ts';

export interface ReadTraceOptions extends DetectOptions {
  /** Share of rows, over all files, that may be rejected before reading fails. Default 0.01. */
  readonly max_reject_fraction?: number;
  /** How many rejects are kept with their text; all are counted. Default 1,000. */
  readonly kept_rejects?: number;
  /** Called between chunks; `total_bytes` is undefined while standard input is read. */
  readonly onProgress?: (progress: TraceProgress) => void;
  /** What `-` reads; the process's standard input if absent. */
  readonly stdin?: AsyncIterable<Buffer>;
}

export interface TraceProgress {
  readonly rows: number;
  readonly bytes: number;
  readonly total_bytes: number | undefined;
}

export interface TraceReading {
  /** Of several files, all that occur, as "openai-costs + openai-usage"; likewise title and clock. */
  readonly format: string;
  readonly title: string;
  readonly clock: Clock;
  /** Why the first file was taken for this format. */
  readonly reasons: readonly string[];
  /** Column names of the first file. */
  readonly header: readonly string[];
  /** Requests read. */
  readonly rows: number;
  readonly rejected: number;
  /** The first ones, as many as were to be kept. */
  readonly rejects: readonly Reject[];
  /** Rows that are no request, by reason. */
  readonly skipped: readonly { readonly reason: string; readonly rows: number }[];
  readonly warnings: readonly Diagnostic[];
  readonly sha256: string;
  /** Those that held anything, in the order in which they were read. */
  readonly files: readonly TraceFileReading[];
  /** What billed costs are; of files that differ, the least certain. */
  readonly billed: Adapter['billed'];
}

export async function readTrace(
  source: string | readonly string[],
  onRequest: OnRequest,
  options: ReadTraceOptions = {},
): Promise<TraceReading> {
  const files = await traceFiles(source);
  const tally = new TraceTally(onRequest, options);
  const set = new TraceSet(files.length > 1);
  const total_bytes = await sizeOf(files);
  let before = 0;
  for (const file of files) {
    let taken = 0;
    const started = { rows: tally.rows, rejected: tally.rejected };
    const take = tally.begin(file);
    const { onProgress } = options;
    const reading = await readTraceFile(file, take, {
      ...options,
      onDetected: (detected, names) => {
        set.checkClock(file, clockOf(detected.adapter, names));
        tally.detected(detected.adapter, names);
      },
      onBytes: (bytes) => {
        taken = bytes;
        onProgress?.({ rows: tally.rows, bytes: before + bytes, total_bytes });
      },
    }).catch((error: unknown) => set.passOverEmpty(error));
    before += taken;
    if (reading !== undefined)
      set.add(file, reading, tally.rows - started.rows, tally.rejected - started.rejected, tally);
  }
  tally.checkShare(files.length === 1 ? files[0]! : `${files.length} files`);
  return set.reading(files, tally);
}

/** Of all files; undefined where one has no size, as standard input. */
async function sizeOf(files: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => Number.NaN,
      ),
    ),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return Number.isNaN(total) ? undefined : total;
}

/** What the files of a source amount to. */
class TraceSet {
  private readonly read: TraceFileReading[] = [];
  private readonly warnings: Diagnostic[] = [];
  private readonly digests = new Map<string, string>();
  private readonly fingerprints = new Map<string, string>();
  private timed: { readonly file: string; readonly clock: Clock } | undefined;
  private hasBuckets = false;
  private readonly isSet: boolean;

  constructor(isSet: boolean) {
    this.isSet = isSet;
  }

  checkClock(file: string, clock: Clock): void {
    this.timed ??= { file, clock };
    if (this.timed.clock === clock) return;
    throw inputError(
      'TRACE_CLOCK',
      file,
      `${CLOCK_WORDS[clock]}, and ${this.timed.file} ${CLOCK_WORDS[this.timed.clock]}; such files are read one by one`,
    );
  }

  /** Among other files an empty one is told and passed over; anything else is thrown on. */
  passOverEmpty(error: unknown): undefined {
    const first = error instanceof InputError ? error.diagnostics[0] : undefined;
    if (!this.isSet || first?.code !== 'TRACE_EMPTY') throw error;
    this.warnings.push(warning('TRACE_EMPTY', first.path, first.message));
  }

  add(
    file: string,
    reading: FileReading,
    rows: number,
    rejected: number,
    { seen_in_file: seen, fingerprint }: TraceTally,
  ): void {
    const { detected, container, delimiter, names, sha256 } = reading;
    this.warnings.push(...reading.warnings);
    const twin = this.digests.get(sha256);
    if (twin !== undefined)
      this.warnings.push(warning('TRACE_TWICE', file, `has the same bytes as ${twin}: its rows count twice`));
    this.digests.set(sha256, file);
    const alike = fingerprint === undefined || twin !== undefined ? undefined : this.fingerprints.get(fingerprint);
    if (alike !== undefined)
      this.warnings.push(
        warning(
          'TRACE_ALIKE',
          file,
          `has as many rows and tokens as ${alike}: if that is the same traffic, it counts twice`,
        ),
      );
    if (fingerprint !== undefined) this.fingerprints.set(fingerprint, file);
    if (seen === 0) {
      const what = detected === undefined ? 'holds no record' : 'has a header and no rows';
      const isTold = this.isSet || detected?.adapter.bucket_ms !== undefined;
      if (isTold) this.warnings.push(warning('TRACE_NO_ROWS', file, what));
    }
    if (detected === undefined) return;
    const { adapter, reasons } = detected;
    this.hasBuckets ||= adapter.bucket_ms !== undefined;
    this.read.push(fileReading({ file, adapter, reasons, container, delimiter, names, rows, rejected, sha256 }));
  }

  reading(files: readonly string[], tally: TraceTally): TraceReading {
    const [first] = this.read;
    if (tally.seen === 0 && !this.hasBuckets) {
      const what =
        files.length > 1
          ? 'none of them has a row'
          : first === undefined
            ? 'holds no record'
            : 'has a header and no rows';
      throw inputError('TRACE_NO_ROWS', files.length > 1 ? `${files.length} files` : files[0]!, what);
    }
    const all = (field: 'format' | 'title'): string => [...new Set(this.read.map((one) => one[field]))].join(' + ');
    const digests = this.read.map(({ sha256 }) => sha256);
    return {
      format: all('format'),
      title: all('title'),
      clock: this.timed?.clock ?? 'none',
      reasons: first?.reasons ?? [],
      header: first?.names ?? [],
      rows: tally.rows,
      rejected: tally.rejected,
      rejects: tally.rejects,
      skipped: tally.skipped,
      warnings: this.warnings,
      sha256: digests.length === 1 ? digests[0]! : createHash('sha256').update(digests.join('\n')).digest('hex'),
      files: this.read,
      billed: LEAST_CERTAIN.find((kind) => this.read.some(({ billed }) => billed === kind)),
    };
  }
}

const LEAST_CERTAIN = ['list', 'estimated', 'invoiced'] as const;

const CLOCK_WORDS: Readonly<Record<Clock, string>> = {
  absolute: 'has dates',
  relative: 'counts time from the start of its recording',
  none: 'has no times',
};
