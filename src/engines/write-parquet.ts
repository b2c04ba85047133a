/**
 * A trace of the project's own CSV columns as a Parquet file: times as UTC timestamps of a millisecond, counts as 64-bit
 * integers, hash chains as lists of them, the rest as text. Every column is declared; nothing is sniffed.
 */
import { COUNT_METERS } from '../meters.ts';
import type { RequestField } from '../trace/adapter.ts';
import { literal, quoted } from '../trace/sql-tables.ts';

const COUNTS: ReadonlySet<string> = new Set(COUNT_METERS);

/** @param csv written by us: header first, `names` as its columns */
export async function csvToParquet(
  csv: string,
  fields: readonly RequestField[],
  names: readonly string[],
  target: string,
): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const declared = names.map((name, i) => `${literal(name)}: ${literal(typeOf(fields[i]!))}`).join(', ');
    const selected = names.map((name, i) =>
      fields[i] === 'hash_chain'
        ? `CAST(string_split(nullif(${quoted(name)}, ''), ' ') AS BIGINT[]) AS ${quoted(name)}`
        : quoted(name),
    );
    await connection.run(
      `COPY (SELECT ${selected.join(', ')} FROM read_csv(${literal(csv)}, header = true, auto_detect = false, delim = ',', ` +
        `quote = '"', escape = '"', columns = {${declared}}, timestampformat = '%Y-%m-%dT%H:%M:%S.%gZ')) ` +
        `TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const typeOf = (field: RequestField): string =>
  field === 'time_ms' ? 'TIMESTAMP' : COUNTS.has(field) ? 'BIGINT' : 'VARCHAR';
