/**
 * Writes a made-up trace as CSV or Parquet while it is made, so that memory does not grow with its rows. The file is
 * written beside its place and renamed when it is whole: nobody sees half a trace, and a failure leaves what was there.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError, inputError } from '../errors.ts';
import type { TraceRequest } from '../trace/request.ts';
import { type WorkloadColumns, workloadCell } from '../workload/columns.ts';
import { type CsvCell, csvText } from './write-csv.ts';

/** Rows put together before a write. */
const ROWS = 4096;

export type TraceContainer = 'csv' | 'parquet';

/** The container that a file's name asks for; an InputError if it asks for neither. */
export function containerOf(file: string): TraceContainer {
  if (/\.csv$/i.test(file)) return 'csv';
  if (/\.parquet$/i.test(file)) return 'parquet';
  throw inputError('OUT_NAME', file, 'ends in neither .csv nor .parquet, the two formats that are written');
}

/** @returns the number of rows written */
export async function writeTrace(
  file: string,
  columns: WorkloadColumns,
  requests: Iterable<TraceRequest>,
  onRows: (rows: number) => void = () => undefined,
): Promise<number> {
  const container = containerOf(file);
  const staging = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  const made = [`${staging}.csv`, `${staging}.parquet`] as const;
  try {
    const rows = await writeRows(made[0], columns, requests, onRows);
    if (container === 'parquet') {
      const { csvToParquet } = await import('../engines/write-parquet.ts');
      await csvToParquet(made[0], columns.fields, columns.names, made[1]);
    }
    await rename(made[container === 'csv' ? 0 : 1], file);
    return rows;
  } catch (error) {
    if (error instanceof InputError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw inputError('OUT_NOT_WRITABLE', file, `can't be written: ${(error as Error).message}`);
  } finally {
    for (const one of made) await rm(one, { force: true }).catch(() => undefined);
  }
}

async function writeRows(
  file: string,
  { fields, names }: WorkloadColumns,
  requests: Iterable<TraceRequest>,
  onRows: (rows: number) => void,
): Promise<number> {
  const handle: FileHandle = await open(file, 'wx');
  try {
    let rows = 0;
    let waiting: CsvCell[][] = [[...names]];
    for (const request of requests) {
      waiting.push(fields.map((field) => workloadCell(request, field)));
      rows++;
      if (waiting.length < ROWS) continue;
      await handle.appendFile(csvText(waiting));
      waiting = [];
      onRows(rows);
    }
    await handle.appendFile(csvText(waiting));
    return rows;
  } finally {
    await handle.close();
  }
}
