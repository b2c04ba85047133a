/**
 * Reads the records of one file once its format is known: the first ones wait until there are enough to tell it, then all
 * are read in the order of the file.
 *
 * Takes CSV records and JSON values from a splitter, gives outcomes. JSON values are taken apart into their records.
 */
import { inputError } from '../errors.ts';
import type { Skipped } from '../trace/compile-rows.ts';
import type { Detected, DetectOptions } from '../trace/detect.ts';
import type { JsonRecord } from '../trace/json-path.ts';
import { unnest } from '../trace/records.ts';
import type { TraceRequest } from '../trace/request.ts';
import { NOT_AN_OBJECT, Unread } from './trace-json.ts';
import type { RecordSink } from './trace-lines.ts';
import { csvHeader, type OpenedTrace, openCsv, openJson, SAMPLE_RECORDS } from './trace-opening.ts';

/** One record read: a request, the reason why there is none, or why it is left out. */
export type OnOutcome = (outcome: TraceRequest | string | Skipped, line: number, text: () => string) => void;

export interface SampleOptions extends DetectOptions {
  /** Called once the format is told, before the first outcome. */
  readonly onDetected?: (detected: Detected, names: readonly string[]) => void;
}

/** Sampling ends here too, however few records that are. */
const SAMPLE_CHARS = 1 << 22;

interface Waiting {
  /** Undefined: no record, to be rejected when its turn comes. */
  readonly row: string | JsonRecord | undefined;
  readonly line: number;
  readonly text: string;
  readonly reason?: string;
}

export class SampledReader implements RecordSink {
  /** Something the whole file says of itself. */
  readonly warnings: string[] = [];
  has_envelopes = false;
  private header: readonly string[] | undefined;
  private waiting: Waiting[] = [];
  private sampled = 0;
  private sampledChars = 0;
  private csvTrace: OpenedTrace<string> | undefined;
  private jsonTrace: OpenedTrace<JsonRecord> | undefined;
  private readonly file: string;
  private readonly onOutcome: OnOutcome;
  private readonly options: SampleOptions;
  private delimiter = ',';

  constructor(file: string, onOutcome: OnOutcome, options: SampleOptions) {
    this.file = file;
    this.onOutcome = onOutcome;
    this.options = options;
  }

  begin(_container: 'csv' | 'json', delimiter: string): void {
    this.delimiter = delimiter;
  }

  broken(reason: string, line: number, text: string): void {
    if (this.csvTrace !== undefined || this.jsonTrace !== undefined) this.onOutcome(reason, line, () => text);
    else this.wait({ row: undefined, line, text, reason });
  }

  /** Whether any record came yet, read or waiting. */
  get has_records(): boolean {
    return this.sampled > 0;
  }

  csv(text: string, line: number): void {
    if (this.csvTrace !== undefined) {
      this.onOutcome(this.csvTrace.read(text), line, () => text);
      return;
    }
    if (this.header === undefined) {
      this.header = csvHeader(this.file, text, line, this.delimiter);
      return;
    }
    this.wait({ row: text, line, text });
    if (this.isSampled()) this.openCsv();
  }

  json(value: unknown, line: number, text: string): void {
    if (value instanceof Unread) {
      this.broken(value.reason, line, text);
      return;
    }
    const { records, others, has_more, is_envelope } = unnest(value);
    if (is_envelope) this.has_envelopes = true;
    if (has_more && !this.warnings.includes(MORE_PAGES)) this.warnings.push(MORE_PAGES);
    if (!is_envelope) this.record(records[0]!, line, text);
    else for (const record of records) this.record(record, line, undefined);
    // A value without any record is one reject, whatever it lists.
    for (let i = 0; i < (records.length === 0 ? Math.min(others, 1) : others); i++)
      this.broken(NOT_AN_OBJECT, line, text);
  }

  /** To be called at the end; undefined if the file held no record. */
  finish(): OpenedTrace<string> | OpenedTrace<JsonRecord> | undefined {
    if (this.csvTrace === undefined && this.header !== undefined) this.openCsv();
    if (this.jsonTrace === undefined && this.waiting.length > 0) this.openJson();
    return this.csvTrace ?? this.jsonTrace;
  }

  private record(record: JsonRecord, line: number, text: string | undefined): void {
    if (this.jsonTrace === undefined) {
      this.wait({ row: record, line, text: text ?? JSON.stringify(record) });
      if (this.isSampled()) this.openJson();
    } else this.onOutcome(this.jsonTrace.read(record), line, () => text ?? JSON.stringify(record));
  }

  private wait(one: Waiting): void {
    this.waiting.push(one);
    this.sampledChars += one.text.length;
    if (one.row !== undefined) this.sampled++;
  }

  private isSampled(): boolean {
    return this.sampled >= SAMPLE_RECORDS || (this.sampled > 0 && this.sampledChars > SAMPLE_CHARS);
  }

  private openCsv(): void {
    const sample = this.waiting.flatMap(({ row }) => (typeof row === 'string' ? [row] : []));
    const trace = openCsv(this.file, this.header!, sample, this.delimiter, this.options);
    this.csvTrace = trace;
    this.options.onDetected?.(trace.detected, trace.names);
    this.replay((row) => trace.read(row as string));
  }

  private openJson(): void {
    const sample = this.waiting.flatMap(({ row }) => (typeof row === 'object' ? [row] : []));
    const first = this.waiting[0]!;
    if (sample.length === 0)
      throw inputError('TRACE_HEADER', `${this.file}:${first.line}`, `the first line is ${first.reason}`);
    const trace = openJson(this.file, sample, this.options);
    this.jsonTrace = trace;
    this.options.onDetected?.(trace.detected, trace.names);
    this.replay((row) => trace.read(row as JsonRecord));
  }

  private replay(read: (row: string | JsonRecord) => TraceRequest | string | Skipped): void {
    const { waiting } = this;
    this.waiting = [];
    for (const { row, line, text, reason } of waiting)
      this.onOutcome(row === undefined ? reason! : read(row), line, () => text);
  }
}

const MORE_PAGES = 'says has_more: unless the further pages are among these files, this is not all of it';
