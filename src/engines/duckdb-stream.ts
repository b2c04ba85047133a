/**
 * Requests of a Parquet file one by one, in their order and in bounded memory, and the columns that it has. Compiled SQL
 * reads the cells; only chunks of typed columns come back.
 */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { inputError } from '../errors.ts';
import { ABSENT, REQUEST_FIELDS, type RequestField } from '../trace/adapter.ts';
import { compileSql } from '../trace/compile-sql.ts';
import type { TraceRequest } from '../trace/request.ts';
import { literal, quoted } from '../trace/sql-tables.ts';
import { checkedSize, firstLine, isDuckdbError, rethrowFileErrors, withDuckdb } from './duckdb-connection.ts';
import type { TracePart } from './engine.ts';

/** A request, the reason why there is none, or why it is left out; its row from 1; its cells as text. */
export type OnOutcome = (
  outcome: TraceRequest | string | { readonly skipped: string },
  row: number,
  text: () => string,
) => void;

export interface ParquetColumn {
  readonly name: string;
  /** As DuckDB calls it: `BIGINT`, `TIMESTAMP`, `VARCHAR`. */
  readonly type: string;
}

/** What stands in a path for itself in a pattern too. */
export const pathLiteral = (path: string): string => path.replace(/[[*?]/g, '[$&]');

export async function parquetColumns(path: string): Promise<readonly ParquetColumn[]> {
  await checkedSize(path);
  return await withDuckdb(async (connection) => await columnsOf(connection, path), { threads: 1 });
}

export async function columnsOf(connection: DuckDBConnection, path: string): Promise<readonly ParquetColumn[]> {
  try {
    const answer = await connection.runAndReadAll(
      `DESCRIBE SELECT * FROM read_parquet(${literal(pathLiteral(path))}, hive_partitioning=false)`,
    );
    return answer.getRowsJson().map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    await rethrowFileErrors(path, error);
    throw inputError('TRACE_ENCODING', path, `is no Parquet file that can be read (${firstLine(error)})`);
  }
}

/** Files of a part one after the other. */
export async function streamRequests(part: TracePart, onOutcome: OnOutcome): Promise<void> {
  const paths = typeof part.path === 'string' ? [part.path] : part.path;
  await withDuckdb(
    async (connection) => {
      await connection.run("SET TimeZone = 'UTC'");
      for (const path of paths) {
        await checkedSize(path);
        const types = new Map((await columnsOf(connection, path)).map(({ name, type }) => [name, type]));
        try {
          await streamFile(connection, part, path, types, onOutcome);
        } catch (error) {
          await rethrowFileErrors(path, error);
          if (isDuckdbError(error))
            throw inputError('TRACE_ENCODING', path, `is no Parquet file that can be read (${firstLine(error)})`);
          throw error;
        }
      }
    },
    { keeps_order: true },
  );
}

async function streamFile(
  connection: DuckDBConnection,
  { adapter, names }: TracePart,
  path: string,
  types: ReadonlyMap<string, string>,
  onOutcome: OnOutcome,
): Promise<void> {
  const select = compileSql(adapter, names, parquetFile(path), {
    container: 'parquet',
    checks_shape: false,
    types: names.map((name) => types.get(name) ?? 'VARCHAR'),
    numbers_rows: true,
  });
  const result = await connection.stream(typedFields(select));
  await eachRow(result, (cell, row) => {
    const text = (): string => String(cell('row_text', row) ?? '');
    onOutcome(outcomeOf(cell, row), cell('row', row) as number, text);
  });
}

export const parquetFile = (path: string): string =>
  `read_parquet(${literal(pathLiteral(path))}, hive_partitioning=false)`;

const TEXTS: ReadonlySet<RequestField> = new Set(['seller', 'model', 'tier', 'feature', 'user', 'team', 'agent']);

/** Whole numbers as doubles, which hold them exactly and arrive without an object each. */
export const typedFields = (select: string, where = ''): string => {
  const fields = REQUEST_FIELDS.map((field) =>
    TEXTS.has(field) || field === 'hash_chain' ? quoted(field) : `CAST(${quoted(field)} AS DOUBLE) AS ${quoted(field)}`,
  );
  return `SELECT ${fields.join(', ')}, reject, skip, CAST(row AS DOUBLE) AS row, row_text FROM (${select}) ${where}`;
};

export type CellOf = (column: string, row: number) => unknown;

export async function eachRow(result: DuckDBResult, onRow: (cell: CellOf, row: number) => void): Promise<void> {
  const places = new Map(result.columnNames().map((name, index) => [name, index]));
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const cell = cellsOf(chunk, places);
    for (let row = 0; row < chunk.rowCount; row++) onRow(cell, row);
  }
}

function cellsOf(chunk: DuckDBDataChunk, places: ReadonlyMap<string, number>): CellOf {
  const vectors = new Map([...places].map(([name, index]) => [name, chunk.getColumnVector(index)]));
  return (name, row) => vectors.get(name)!.getItem(row);
}

export function outcomeOf(cell: CellOf, row: number): TraceRequest | string | { readonly skipped: string } {
  const reject = cell('reject', row);
  if (typeof reject === 'string') return reject;
  const skip = cell('skip', row);
  if (typeof skip === 'string') return { skipped: skip };
  const request: Record<RequestField, unknown> = { ...ABSENT };
  for (const field of REQUEST_FIELDS) {
    const value = cell(field, row);
    request[field] =
      value === null ? undefined : field === 'hash_chain' ? (value as { items: bigint[] }).items.map(Number) : value;
  }
  return request as unknown as TraceRequest;
}
