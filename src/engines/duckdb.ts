/**
 * The embedded engine: sums traces with DuckDB in memory that does not grow with their rows. Takes files whose format is
 * known; gives groups, counts and the first rejects, which are those of the row reader.
 *
 * Files that the two might read differently are named in `falls_back` and not summed. It hashes, prices and assigns nothing.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Container } from '../trace/adapter.ts';
import { compileSql, csvTable, fieldsRead, jsonlTable } from '../trace/compile-sql.ts';
import { jsonHeader } from '../trace/json-header.ts';
import type { Reject, TraceRequest } from '../trace/request.ts';
import {
  checkedSize,
  firstLine,
  isDuckdbError,
  rethrowFileErrors,
  withDuckdb,
  withProgress,
} from './duckdb-connection.ts';
import { IS_BUCKET, mayHoldBuckets, type RollupQuery, RollupTotals, rollUp } from './duckdb-rollup.ts';
import { csvJudge, type Judge, jsonJudge, rowsAt } from './duckdb-rows.ts';
import { scanText, type TextScan } from './duckdb-scan.ts';
import { columnsOf, eachRow, outcomeOf, parquetFile, pathLiteral, typedFields } from './duckdb-stream.ts';
import type { EngineRollup, RollupOptions, TracePart } from './engine.ts';
import { type FileRows, FileSums } from './file-sums.ts';

export { parquetColumns, streamRequests } from './duckdb-stream.ts';

const SHOWN_CHARS = 500;
/** So many are compared with the row reader, however few are kept. */
const JUDGED_REJECTS = 1000;
/** More rows that sum requests than any export has: the row reader takes them one by one. */
const MOST_BUCKETS = 1_000_000;

export async function rollupWithDuckdb(
  parts: readonly TracePart[],
  { edges, onProgress, sizes = false, kept_rejects = 1000 }: RollupOptions,
): Promise<EngineRollup> {
  const files: TraceFile[] = [];
  for (const part of parts)
    for (const path of typeof part.path === 'string' ? [part.path] : part.path)
      files.push({ path, part, bytes: await checkedSize(path) });
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const sums = new FileSums(sizes, kept_rejects);
  await withDuckdb(async (connection) => {
    await connection.run("SET TimeZone = 'UTC'");
    let before = 0;
    for (const file of files) {
      const done = before;
      const tell = onProgress && ((fraction: number) => onProgress((done + fraction * file.bytes) / Math.max(all, 1)));
      const query = { edges, sizes, kept_rejects: Math.max(kept_rejects, JUDGED_REJECTS) };
      const read = await withProgress(connection, tell, () => readFile(connection, file, query));
      if ('falls_back' in read) sums.falls_back.push({ path: file.path, reason: read.falls_back });
      else sums.add(file.path, read);
      before += file.bytes;
      onProgress?.(before / Math.max(all, 1));
    }
  });
  return sums.result();
}

interface TraceFile {
  readonly path: string;
  readonly part: TracePart;
  readonly bytes: number;
}

interface FileQuery {
  readonly edges: readonly number[];
  readonly sizes: boolean;
  readonly kept_rejects: number;
}

interface FallsBack {
  readonly falls_back: string;
}

async function readFile(
  connection: DuckDBConnection,
  { path, part }: TraceFile,
  { kept_rejects, ...options }: FileQuery,
): Promise<FileRows | FallsBack> {
  const { adapter, container } = part;
  const scanning = container === 'parquet' ? Promise.resolve(NO_TEXT) : scanText(path, delimiterOf(part));
  // Told where it is awaited.
  scanning.catch(() => {});
  const table = await tableOf(connection, path, part);
  const query = (select: string): RollupQuery => ({
    select,
    adapter,
    fields: fieldsRead(adapter, table.header, container),
    ...options,
  });
  const rollUpAs = async (scan: TextScan): Promise<RollupTotals | FallsBack> => {
    const totals = new RollupTotals();
    try {
      await rollUp(connection, query(table.select(scan, false)), path, totals);
      return totals.has_clash ? { falls_back: 'two kinds of its requests have one hash' } : totals;
    } catch (error) {
      await rethrowFileErrors(path, error);
      if (!isDuckdbError(error)) throw error;
      return { falls_back: firstLine(error) };
    }
  };
  // Most files have a header of one line and no quoted line ends, so nobody waits for the scan.
  const guessed = await rollUpAs(GUESS);
  const scan = await scanning;
  if (scan.falls_back !== undefined) return { falls_back: scan.falls_back };
  const isGuessed = container !== 'csv' || (scan.skip_lines === GUESS.skip_lines && !scan.has_line_breaks);
  const totals = isGuessed ? guessed : await rollUpAs(scan);
  if ('falls_back' in totals) return totals;
  if (totals.rejected === 0 && totals.buckets === 0) return { totals, rejects: [], buckets: [] };
  if (totals.buckets > MOST_BUCKETS) return { falls_back: `it has ${totals.buckets} rows that sum requests` };
  return await singleRows(connection, path, table, scan, totals, {
    kept_rejects,
    has_buckets: mayHoldBuckets(query('')) && totals.buckets > 0,
  });
}

const NO_TEXT: TextScan = { has_quotes: false, has_line_breaks: false, skip_lines: 0 };
const GUESS: TextScan = { has_quotes: true, has_line_breaks: false, skip_lines: 1 };

const delimiterOf = ({ container, delimiter = ',' }: TracePart): string | undefined =>
  container === 'csv' ? delimiter : undefined;

interface Table {
  readonly container: Container;
  readonly header: readonly string[];
  /** Undefined: its texts are not looked at again. */
  readonly judge: Judge | undefined;
  select(scan: TextScan, numbers_rows: boolean): string;
}

async function tableOf(connection: DuckDBConnection, path: string, part: TracePart): Promise<Table> {
  const { adapter, container, names, delimiter = ',' } = part;
  const file = pathLiteral(path);
  switch (container) {
    case 'csv':
      return {
        container,
        header: names,
        judge: csvJudge(adapter, names, delimiter),
        select: ({ skip_lines, has_quotes, has_line_breaks }, numbers_rows) =>
          compileSql(adapter, names, csvTable(file, names, { delimiter, skip_lines, has_quotes, has_line_breaks }), {
            container,
            numbers_rows,
            leaves_spaces: !numbers_rows,
          }),
      };
    case 'json': {
      const header = jsonHeader(adapter, names);
      const select = (numbers_rows: boolean): string =>
        compileSql(adapter, header, jsonlTable(file, header), { container, numbers_rows });
      return {
        container,
        header,
        judge: jsonJudge(adapter, header),
        select: (_, numbers_rows) => select(numbers_rows),
      };
    }
    case 'parquet': {
      const types = new Map((await columnsOf(connection, path)).map(({ name, type }) => [name, type]));
      const options = { container, checks_shape: false, types: names.map((name) => types.get(name) ?? 'VARCHAR') };
      return {
        container,
        header: names,
        judge: undefined,
        select: (_, numbers_rows) =>
          compileSql(adapter, names, parquetFile(path), { ...options, numbers_rows, leaves_spaces: !numbers_rows }),
      };
    }
  }
}

/** A second reading, in order, for the rows that are wanted one by one. */
async function singleRows(
  connection: DuckDBConnection,
  path: string,
  table: Table,
  scan: TextScan,
  totals: RollupTotals,
  { kept_rejects, has_buckets }: { readonly kept_rejects: number; readonly has_buckets: boolean },
): Promise<FileRows | FallsBack> {
  const rejected: { row: number; reason: string; text: string }[] = [];
  const buckets: { row: number; request: TraceRequest }[] = [];
  const select = table.select(scan, true);
  const read = async (where: string, onRow: Parameters<typeof eachRow>[1]): Promise<void> =>
    eachRow(await connection.stream(typedFields(select, where)), onRow);
  await connection.run('SET preserve_insertion_order = true');
  try {
    if (totals.rejected > 0)
      await read(`WHERE reject IS NOT NULL LIMIT ${kept_rejects}`, (cell, row) =>
        rejected.push({
          row: cell('row', row) as number,
          reason: cell('reject', row) as string,
          text: String(cell('row_text', row) ?? ''),
        }),
      );
    if (has_buckets)
      await read(`WHERE reject IS NULL AND skip IS NULL AND ${IS_BUCKET}`, (cell, row) =>
        buckets.push({ row: cell('row', row) as number, request: outcomeOf(cell, row) as TraceRequest }),
      );
  } finally {
    await connection.run('SET preserve_insertion_order = false');
  }
  if (rejected.length !== Math.min(totals.rejected, kept_rejects) || buckets.length !== totals.buckets)
    return { falls_back: 'it changed while it was read' };
  if (table.judge === undefined)
    return {
      totals,
      rejects: rejected.map(({ row, reason, text }) => ({
        file: path,
        line: row,
        reason,
        text: text.slice(0, SHOWN_CHARS),
      })),
      buckets: buckets.map(({ row, request }) => ({ path, line: row, request })),
    };

  const wanted = [...new Set([...rejected, ...buckets].map(({ row }) => row))].sort((a, b) => a - b);
  const skip_lines = table.container === 'csv' ? scan.skip_lines : 0;
  const found = await rowsAt(path, wanted, { skip_lines, has_quotes: table.container === 'csv' && scan.has_quotes });
  const byRow = new Map(wanted.map((row, index) => [row, found[index]]));
  const rejects: Reject[] = [];
  for (const { row, reason: said } of rejected) {
    const at = byRow.get(row);
    const reason = at && table.judge(at.text, said);
    if (at === undefined || reason === undefined)
      return {
        falls_back: at === undefined ? 'it changed while it was read' : `line ${at.line} may be read in two ways`,
      };
    rejects.push({ file: path, line: at.line, reason, text: at.text.slice(0, SHOWN_CHARS) });
  }
  return {
    totals,
    rejects,
    buckets: buckets.map(({ row, request }) => ({ path, line: byRow.get(row)?.line ?? row, request })),
  };
}
