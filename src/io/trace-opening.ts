/**
 * Tells the format of one file from its header and first records, and gives the reader of its records.
 *
 * Names and dialect come from a sample, since the first record of a log may lack what the others have. It reads no file.
 */
import { inputError } from '../errors.ts';
import { columnKey } from '../trace/adapter.ts';
import { compileRows, type Skipped } from '../trace/compile-rows.ts';
import {
  type Detected,
  type DetectOptions,
  detectFormat,
  duplicates,
  headerFindings,
  settleDialect,
} from '../trace/detect.ts';
import { distinctColumns, jsonHeader } from '../trace/json-header.ts';
import { isRecord, type JsonRecord, namesOf, valueAt } from '../trace/json-path.ts';
import type { TraceRequest } from '../trace/request.ts';
import { csvFields } from './trace-lines.ts';

/** How many records are looked at before the first is read. */
export const SAMPLE_RECORDS = 100;
export const MAX_COLUMNS = 2000;

export interface OpenedTrace<Row> {
  readonly detected: Detected;
  /** Column names, or names of the sampled records. */
  readonly names: readonly string[];
  readonly warnings: readonly string[];
  readonly read: (row: Row) => TraceRequest | string | Skipped;
}

type CellOf = (column: string) => unknown;

export function csvHeader(file: string, text: string, line: number, delimiter: string): readonly string[] {
  const at = `${file}:${line}`;
  const fields = csvFields(text, delimiter);
  if (typeof fields === 'string') throw inputError('TRACE_HEADER', at, fields);
  if (fields.length > MAX_COLUMNS)
    throw inputError('TRACE_HEADER', at, `has ${fields.length} columns; at most ${MAX_COLUMNS} are read`);
  const header = fields.map((name) => name.trim());
  const twice = [...new Set(duplicates(header))];
  if (twice.length > 0)
    throw inputError('TRACE_HEADER', at, `column ${twice.map((n) => `"${n}"`).join(', ')} is there twice`);
  return header;
}

/** @param sample the first records after the header */
export function openCsv(
  file: string,
  header: readonly string[],
  sample: readonly string[],
  delimiter: string,
  options: DetectOptions,
): OpenedTrace<string> {
  const guess = detectFormat({ container: 'csv', names: header }, file, options);
  const rows = guess.adapter.dialects === undefined ? [] : sample.map((text) => csvFields(text, delimiter));
  const detected = settleDialect(guess, rows.filter((row) => typeof row !== 'string').map(cellsByName(header)));
  const readRow = compileRows(detected.adapter, header, 'csv');
  return {
    detected,
    names: header,
    warnings: headerFindings(detected.adapter, header),
    read: (record) => {
      const cells = csvFields(record, delimiter);
      return typeof cells === 'string' ? cells : readRow(cells);
    },
  };
}

/** Cells of a row by column, and keys of the JSON objects in them by `column.key`. */
const cellsByName =
  (header: readonly string[]) =>
  (row: readonly string[]): CellOf => {
    const record = Object.fromEntries(header.map((name, index) => [columnKey(name), row[index]]));
    return (column) => {
      const own = record[columnKey(column)];
      const dot = column.indexOf('.');
      if (own !== undefined || dot < 0) return own;
      const object = jsonObject(record[columnKey(column.slice(0, dot))]);
      return object === undefined ? undefined : valueAt(object, column.slice(dot + 1));
    };
  };

function jsonObject(cell: string | undefined): JsonRecord | undefined {
  if (cell === undefined || !cell.includes('{')) return undefined;
  try {
    const value: unknown = JSON.parse(cell);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function openJson(file: string, sample: readonly JsonRecord[], options: DetectOptions): OpenedTrace<JsonRecord> {
  const union = new Set<string>();
  for (const record of sample) for (const name of namesOf(record)) if (union.size < MAX_COLUMNS) union.add(name);
  const names = distinctColumns([...union]);
  const guess = detectFormat({ container: 'json', names }, file, options);
  const written = new Map(names.map((name) => [columnKey(name), name]));
  const detected = settleDialect(
    guess,
    sample.map((record) => (column: string) => valueAt(record, written.get(columnKey(column)) ?? column)),
  );
  const header = jsonHeader(detected.adapter, names);
  const readRow = compileRows(detected.adapter, header, 'json');
  return {
    detected,
    names,
    warnings: headerFindings(detected.adapter, names),
    read: (record) => readRow(header.map((name) => valueAt(record, name))),
  };
}
