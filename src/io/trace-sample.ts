/**
 * Reads the records of one file once its format is known: the first ones wait until there are enough to tell it, then all
 * are read in the order of the file.
 *
 * Takes CSV records and JSON values from a splitter, gives outcomes. JSON values are taken apart into their records.
 */
import { inputError } from '../errors.ts';
import type { Skipped } from '../trace/compile-rows.ts';
import type { DetectOptions } from '../trace/detect.ts';
import type { JsonRecord } from '../trace/json-path.ts';
import { unnest } from '../trace/records.ts';
import type { TraceRequest } from '../trace/request.ts';
import { NOT_JSON } from './trace-json.ts';
import type { RecordSink } from './trace-lines.ts';
import { csvHeader, type OpenedTrace, openCsv, openJson, SAMPLE_RECORDS } from './trace-opening.ts';

/** One record read: a request, the reason why there is none, or why it is left out. */
export type OnOutcome = (outcome: TraceRequest | string | Skipped, line: number, text: () => string) => void;

/** Sampling ends here too, however few records that are. */
const SAMPLE_CHARS = 1 << 22;

const NOT_AN_OBJECT = 'not a JSON object';

interface Waiting {
  /** Undefined: no record, to be rejected when its turn comes. */
  readonly row: string | JsonRecord | undefined;
  readonly line: number;
  readonly text: string;
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
  private readonly options: DetectOptions;
  private delimiter = ',';

  constructor(file: string, onOutcome: OnOutcome, options: DetectOptions) {
    this.file = file;
    this.onOutcome = onOutcome;
    this.options = options;
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
    this.wait(text, line, text);
    if (this.isSampled()) this.openCsv();
  }

  json(value: unknown, line: number, text: string): void {
    if (value === NOT_JSON) {
      this.record(undefined, line, text);
      return;
    }
    const { records, others, has_more, is_envelope } = unnest(value);
    if (is_envelope) this.has_envelopes = true;
    if (has_more && !this.warnings.includes(MORE_PAGES)) this.warnings.push(MORE_PAGES);
    if (!is_envelope) this.record(records[0]!, line, text);
    else for (const record of records) this.record(record, line, undefined);
    // A value without any record is one reject, whatever it lists.
    for (let i = 0; i < (records.length === 0 ? Math.min(others, 1) : others); i++) this.record(undefined, line, text);
  }

  /** To be called at the end; undefined if the file held no record. */
  finish(): OpenedTrace<string> | OpenedTrace<JsonRecord> | undefined {
    if (this.csvTrace === undefined && this.header !== undefined) this.openCsv();
    if (this.jsonTrace === undefined && this.waiting.length > 0) this.openJson();
    return this.csvTrace ?? this.jsonTrace;
  }

  private record(record: JsonRecord | undefined, line: number, text: string | undefined): void {
    if (this.jsonTrace === undefined) {
      this.wait(record, line, text ?? JSON.stringify(record).slice(0, 1000));
      if (this.isSampled()) this.openJson();
    } else this.readJson(record, line, () => text ?? JSON.stringify(record));
  }

  private readJson(record: JsonRecord | undefined, line: number, text: () => string): void {
    this.onOutcome(record === undefined ? NOT_AN_OBJECT : this.jsonTrace!.read(record), line, text);
  }

  private wait(row: Waiting['row'], line: number, text: string): void {
    this.waiting.push({ row, line, text });
    this.sampledChars += text.length;
    if (row !== undefined) this.sampled++;
  }

  private isSampled(): boolean {
    return this.sampled >= SAMPLE_RECORDS || (this.sampled > 0 && this.sampledChars > SAMPLE_CHARS);
  }

  private openCsv(): void {
    const sample = this.waiting.map(({ row }) => row as string);
    const trace = openCsv(this.file, this.header!, sample, this.delimiter, this.options);
    this.csvTrace = trace;
    const { waiting } = this;
    this.waiting = [];
    for (const { text, line } of waiting) this.onOutcome(trace.read(text), line, () => text);
  }

  private openJson(): void {
    const sample = this.waiting.map(({ row }) => row).filter((row) => row !== undefined) as JsonRecord[];
    if (sample.length === 0)
      throw inputError('TRACE_HEADER', `${this.file}:${this.waiting[0]!.line}`, `the first line is ${NOT_AN_OBJECT}`);
    this.jsonTrace = openJson(this.file, sample, this.options);
    const { waiting } = this;
    this.waiting = [];
    for (const { row, line, text } of waiting) this.readJson(row as JsonRecord | undefined, line, () => text);
  }
}

const MORE_PAGES = 'says has_more: further pages were not fetched, so this is not all of it';
