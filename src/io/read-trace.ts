/**
 * Reads a trace file of any known format, row by row, in bounded memory: requests go to `onRequest`, rows that cannot be
 * read are counted and kept with line and reason. Problems of the file itself are InputErrors that name it.
 *
 * It prices, sums and assigns nothing. The digest is the SHA-256 of the file's bytes.
 */
import { type Diagnostic, InputError, inputError, problem, warning } from '../errors.ts';
import { type Adapter, bindColumns } from '../trace/adapter.ts';
import { ADAPTERS } from '../trace/adapters/index.ts';
import { compileRows, type Skipped } from '../trace/compile-rows.ts';
import { type Detected, detectFormat, duplicates, headerFindings } from '../trace/detect.ts';
import type { Reject, TraceRequest } from '../trace/request.ts';
import { csvFields, readRecords } from './trace-lines.ts';

export interface ReadTraceOptions {
  /** Share of rows that may be rejected before reading fails. Default 0.01. */
  readonly max_reject_fraction?: number;
  /** How many rejects are kept with their text; all are counted. Default 1,000. */
  readonly kept_rejects?: number;
  readonly adapters?: readonly Adapter[];
}

export interface TraceReading {
  readonly format: string;
  readonly title: string;
  readonly clock: 'absolute' | 'relative' | 'none';
  /** Why it was taken for this format. */
  readonly reasons: readonly string[];
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
}

export type OnRequest = (request: TraceRequest, line: number) => void;

/** Reading goes on this long before it is given up as hopeless. */
const PATIENCE_REJECTS = 1000;
const SHOWN_CHARS = 500;

export async function readTrace(
  file: string,
  onRequest: OnRequest,
  { max_reject_fraction = 0.01, kept_rejects = 1000, adapters = ADAPTERS }: ReadTraceOptions = {},
): Promise<TraceReading> {
  const rejects: Reject[] = [];
  const skipped = new Map<string, number>();
  let rejected = 0;
  let rows = 0;
  let opened: OpenedTrace | undefined;

  const reject = (line: number, reason: string, text: string): void => {
    rejected++;
    if (rejects.length < kept_rejects) rejects.push({ line, reason, text: copyOf(text.slice(0, SHOWN_CHARS)) });
    if (rejected > PATIENCE_REJECTS && rejected > max_reject_fraction * (rows + rejected))
      throw tooMany(file, rows, rejected, rejects, max_reject_fraction);
  };

  const sha256 = await readRecords(file, (text, line, container) => {
    if (opened === undefined) {
      opened = container === 'csv' ? openCsv(file, text, line, adapters) : openJsonl(file, text, line, adapters);
      if (container === 'csv') return;
    }
    const outcome = opened.read(text);
    if (typeof outcome === 'string') reject(line, outcome, text);
    else if ('skipped' in outcome) skipped.set(outcome.skipped, (skipped.get(outcome.skipped) ?? 0) + 1);
    else {
      rows++;
      onRequest(outcome, line);
    }
  });

  if (opened === undefined) throw inputError('TRACE_EMPTY', file, 'holds nothing but empty lines');
  if (rows + rejected + skipped.size === 0) throw inputError('TRACE_NO_ROWS', file, 'has a header and no rows');
  if (rejected > max_reject_fraction * (rows + rejected))
    throw tooMany(file, rows, rejected, rejects, max_reject_fraction);

  const { adapter, reasons } = opened.detected;
  const timed = bindColumns(adapter, opened.header).columns.some(({ rule }) => rule.field === 'time_ms');
  return {
    format: adapter.format,
    title: adapter.title,
    clock: timed ? adapter.clock : 'none',
    reasons,
    header: opened.header,
    rows,
    rejected,
    rejects,
    skipped: [...skipped].map(([reason, count]) => ({ reason, rows: count })),
    warnings: opened.warnings.map((text) => warning('TRACE_COLUMN', file, text)),
    sha256,
  };
}

interface OpenedTrace {
  readonly detected: Detected;
  readonly header: readonly string[];
  readonly warnings: readonly string[];
  read(text: string): TraceRequest | string | Skipped;
}

function openCsv(file: string, text: string, line: number, adapters: readonly Adapter[]): OpenedTrace {
  const fields = csvFields(text);
  if (typeof fields === 'string') throw inputError('TRACE_HEADER', `${file}:${line}`, fields);
  const header = fields.map((name) => name.trim());
  const twice = duplicates(header);
  if (twice.length > 0)
    throw inputError(
      'TRACE_HEADER',
      `${file}:${line}`,
      `column ${twice.map((n) => `"${n}"`).join(', ')} is there twice`,
    );
  const detected = detectFormat({ container: 'csv', names: header }, file, { adapters });
  const readRow = compileRows(detected.adapter, header, 'csv');
  return {
    detected,
    header,
    warnings: headerFindings(detected.adapter, header),
    read: (record) => {
      const cells = csvFields(record);
      return typeof cells === 'string' ? cells : readRow(cells);
    },
  };
}

function openJsonl(file: string, text: string, line: number, adapters: readonly Adapter[]): OpenedTrace {
  const first = jsonObject(text);
  if (typeof first === 'string') throw inputError('TRACE_HEADER', `${file}:${line}`, `the first line is ${first}`);
  const names = Object.keys(first);
  const detected = detectFormat({ container: 'json', names }, file, { adapters });
  const header = jsonlHeader(detected.adapter, names);
  const readRow = compileRows(detected.adapter, header, 'json');
  return {
    detected,
    header,
    warnings: headerFindings(detected.adapter, names),
    read: (record) => {
      const object = jsonObject(record);
      return typeof object === 'string' ? object : readRow(header.map((name) => object[name]));
    },
  };
}

/** Keys to take from each line: the first line's, and the preferred names of fields that it lacks. */
function jsonlHeader(adapter: Adapter, names: readonly string[]): string[] {
  const bound = new Set(bindColumns(adapter, names).columns.map(({ rule }) => rule.field));
  const lacking = adapter.rules.filter(({ field }) => !bound.has(field)).map(({ from }) => from[0]!);
  return [...names, ...lacking];
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, in the same words as an array or a bare number.
  }
  return 'not a JSON object';
}

function tooMany(file: string, rows: number, rejected: number, rejects: readonly Reject[], most: number): InputError {
  const share = ((100 * rejected) / (rows + rejected)).toFixed(1);
  return new InputError([
    problem(
      'TRACE_REJECTS',
      file,
      `${rejected} of ${rows + rejected} rows (${share} %) cannot be read, more than the ${Number((100 * most).toFixed(6))} % allowed; the first are`,
    ),
    ...rejects.slice(0, 3).map(({ line, reason }) => problem('TRACE_REJECTS', `${file}:${line}`, reason)),
  ]);
}

/** A copy that does not keep the chunk alive from which it was cut. */
const copyOf = (text: string): string => Buffer.from(text).toString();
