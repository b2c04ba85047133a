/** A fixture of a test, read as a person's file is: written to a directory of its own and read through src/io. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrace, type TraceReading } from '../../../src/io/read-trace.ts';
import { ABSENT } from '../../../src/trace/adapter.ts';
import { litellmDaily } from '../../../src/trace/adapters/litellm-daily.ts';
import { compileRows } from '../../../src/trace/compile-rows.ts';
import type { TraceRequest } from '../../../src/trace/request.ts';

export interface FixtureReading extends TraceReading {
  /** What differs from an absent field. */
  readonly requests: readonly Partial<TraceRequest>[];
}

/** Reads text or bytes; any share of rows may be rejected, since fixtures are made of nasty rows. */
export async function readFixture(content: string | Buffer): Promise<FixtureReading> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-fixture-'));
  try {
    const file = join(directory, 'log');
    writeFileSync(file, content);
    const requests: Partial<TraceRequest>[] = [];
    const reading = await readTrace(file, (request) => requests.push(filled(request)), { max_reject_fraction: 1 });
    return { ...reading, requests };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const filled = (request: TraceRequest): Partial<TraceRequest> =>
  Object.fromEntries(Object.entries(request).filter(([field, value]) => value !== ABSENT[field as keyof TraceRequest]));

/** A cell of a CSV that is quoted, its quotes written twice. */
export const quoted = (value: unknown): string =>
  `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;

export const jsonLines = (...records: readonly unknown[]): string =>
  records.map((record) => JSON.stringify(record)).join('\n');

/** Milliseconds since 1970. */
export const at = (iso: string): number => Date.parse(iso);

/** Whether numbers of JSON inside the cells of a CSV are read: cells of a CSV are texts, and those are not. */
export const readsNumbersInCells =
  typeof compileRows(
    { ...litellmDaily, rules: [{ field: 'input_tokens', from: ['cell.n'], cast: 'integer' }], json_columns: ['cell'] },
    ['cell'],
    'csv',
  )(['{"n":1}']) !== 'string';
