/**
 * Finds rows of a text file by their number, and has the row reader look at those that DuckDB rejected: its answer counts.
 * Takes a file that the scan found well formed; gives physical lines, texts and reasons.
 */
import { open } from 'node:fs/promises';
import type { Adapter } from '../trace/adapter.ts';
import { compileRows } from '../trace/compile-rows.ts';
import { isRecord, valueAt } from '../trace/json-path.ts';
import { unnest } from '../trace/records.ts';
import { DOUBTFUL } from '../trace/sql-tables.ts';
import { fileError } from './duckdb-connection.ts';

export interface FoundRow {
  readonly line: number;
  readonly text: string;
}

const CHUNK_BYTES = 1 << 20;

/**
 * The rows of these numbers, ascending and counted from 1 after `skip_lines` lines; empty lines are no rows.
 * @param has_quotes whether rows may go on over line ends
 */
export async function rowsAt(
  path: string,
  numbers: readonly number[],
  { skip_lines, has_quotes }: { readonly skip_lines: number; readonly has_quotes: boolean },
): Promise<readonly FoundRow[]> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw fileError(path, error);
  });
  const found: FoundRow[] = [];
  let line = 0;
  let row = 0;
  let opened: { line: number; text: string } | undefined;
  const take = (bytes: Buffer): void => {
    line++;
    const isEmpty = bytes.length === 0 || (bytes.length === 1 && bytes[0] === 13);
    if (line <= skip_lines || (isEmpty && opened === undefined)) return;
    const isWanted = numbers[found.length] === (opened === undefined ? row + 1 : row);
    if (opened === undefined) row++;
    if (!has_quotes) {
      if (isWanted) found.push({ line, text: withoutCr(bytes.toString()) });
      return;
    }
    const text = bytes.toString();
    const whole = opened === undefined ? { line, text } : { line: opened.line, text: `${opened.text}\n${text}` };
    const isOpen = oddQuotes(text) !== (opened !== undefined);
    opened = isOpen ? whole : undefined;
    if (!isOpen && isWanted) found.push({ line: whole.line, text: withoutCr(whole.text) });
  };
  try {
    let rest: Buffer = Buffer.alloc(0);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    while (found.length < numbers.length) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) {
        if (rest.length > 0) take(rest);
        break;
      }
      const bytes =
        rest.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let from = 0;
      for (let at = bytes.indexOf(10); at >= 0 && found.length < numbers.length; at = bytes.indexOf(10, from)) {
        take(bytes.subarray(from, at));
        from = at + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
    }
  } finally {
    await handle.close();
  }
  return found;
}

const withoutCr = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);

function oddQuotes(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}

/**
 * Why the row reader rejects a record that DuckDB rejected with this reason; undefined if it does not, or if that is not
 * certain.
 */
export type Judge = (text: string, reason: string) => string | undefined;

export function csvJudge(adapter: Adapter, header: readonly string[], delimiter: string): Judge {
  const read = compileRows(adapter, header, 'csv');
  return (text) => {
    const outcome = read(cellsIn(text, delimiter));
    return typeof outcome === 'string' ? outcome : undefined;
  };
}

export function jsonJudge(adapter: Adapter, header: readonly string[]): Judge {
  const read = compileRows(adapter, header, 'json');
  return (text, reason) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return text.trim() === '' ? undefined : NOT_AN_OBJECT;
    }
    if (reason === DOUBTFUL) return undefined;
    if (!isRecord(value)) return Array.isArray(value) ? undefined : NOT_AN_OBJECT;
    const { is_envelope, records } = unnest(value);
    if (is_envelope) return undefined;
    const [record] = records;
    const outcome = read(header.map((name) => valueAt(record!, name)));
    return typeof outcome === 'string' ? outcome : undefined;
  };
}

const NOT_AN_OBJECT = 'not a JSON object';

/** The cells of a well-formed record. */
function cellsIn(record: string, delimiter: string): string[] {
  if (!record.includes('"')) return record.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (record[at] === '"') {
      let end = at + 1;
      while (record[end] !== '"' || record[end + 1] === '"') end += record[end] === '"' ? 2 : 1;
      cells.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const end = record.indexOf(delimiter, at);
      cells.push(record.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? record.length : end;
    }
    if (at >= record.length) return cells;
    at++;
  }
}
