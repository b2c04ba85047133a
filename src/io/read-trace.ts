/**
 * Reads a trace file of any known format, row by row, in bounded memory: requests go to `onRequest`, rows that cannot be
 * read are counted and kept with line and reason. Problems of the file itself are InputErrors that name it.
 *
 * It prices, sums and assigns nothing. The digest is the SHA-256 of the file's bytes.
 */
import { type Diagnostic, InputError, inputError, problem, warning } from '../errors.ts';
import { type Adapter, bindColumns } from '../trace/adapter.ts';
import { ADAPTERS } from '../trace/adapters/index.ts';
import type { Skipped } from '../trace/compile-rows.ts';
import type { Reject, TraceRequest } from '../trace/request.ts';
import { readRecords } from './trace-lines.ts';
import { SampledReader } from './trace-sample.ts';

export interface ReadTraceOptions {
  /** Share of rows that may be rejected before reading fails. Default 0.01. */
  readonly max_reject_fraction?: number;
  /** How many rejects are kept with their text; all are counted. Default 1,000. */
  readonly kept_rejects?: number;
  readonly adapters?: readonly Adapter[];
  /** The format's name, where it is not to be guessed. */
  readonly format?: string | undefined;
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
  { max_reject_fraction = 0.01, kept_rejects = 1000, adapters = ADAPTERS, format }: ReadTraceOptions = {},
): Promise<TraceReading> {
  const rejects: Reject[] = [];
  const skipped = new Map<string, number>();
  let rejected = 0;
  let rows = 0;

  const reject = (line: number, reason: string, text: string): void => {
    rejected++;
    if (rejects.length < kept_rejects) rejects.push({ line, reason, text: copyOf(text.slice(0, SHOWN_CHARS)) });
    if (rejected > PATIENCE_REJECTS && rejected > max_reject_fraction * (rows + rejected))
      throw tooMany(file, rows, rejected, rejects, max_reject_fraction);
  };
  const take = (outcome: TraceRequest | string | Skipped, line: number, text: () => string): void => {
    if (typeof outcome === 'string') reject(line, outcome, text());
    else if ('skipped' in outcome) skipped.set(outcome.skipped, (skipped.get(outcome.skipped) ?? 0) + 1);
    else {
      rows++;
      onRequest(outcome, line);
    }
  };

  const reader = new SampledReader(file, take, { adapters, format });
  const sha256 = await readRecords(file, reader);
  const opened = reader.finish();
  if (opened === undefined) throw inputError('TRACE_EMPTY', file, 'holds nothing but empty lines');
  if (rows + rejected + skipped.size === 0) throw inputError('TRACE_NO_ROWS', file, 'has a header and no rows');
  if (rejected > max_reject_fraction * (rows + rejected))
    throw tooMany(file, rows, rejected, rejects, max_reject_fraction);

  const { adapter, reasons } = opened.detected;
  const timed = bindColumns(adapter, opened.names).columns.some(({ rule }) => rule.field === 'time_ms');
  return {
    format: adapter.format,
    title: adapter.title,
    clock: timed ? adapter.clock : 'none',
    reasons,
    header: opened.names,
    rows,
    rejected,
    rejects,
    skipped: [...skipped].map(([reason, count]) => ({ reason, rows: count })),
    warnings: [
      ...opened.warnings.map((text) => warning('TRACE_COLUMN', file, text)),
      ...reader.warnings.map((text) => warning('TRACE_PAGES', file, text)),
    ],
    sha256,
  };
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
