/**
 * An adapter compiled to a row reader: cells of one record in, a TraceRequest or the reason why there is none out.
 *
 * The first column that does not fit gives the reason, in the order of the adapter's rules. Counts come out exclusive.
 */
import { ABSENT, type Adapter, bindColumns, inclusions } from './adapter.ts';
import { type Cell, castOf, MISFIT } from './casts.ts';
import type { TraceRequest } from './request.ts';

/** Cells in header order; undefined and null where a JSON record has none. A text in the answer is the reject reason. */
export type RowReader = (cells: readonly unknown[]) => TraceRequest | string;

type Draft = Record<keyof TraceRequest, unknown>;

/** Compiles the reader of records that have this header. */
export function compileRows(adapter: Adapter, header: readonly string[]): RowReader {
  const columns = bindColumns(adapter, header).columns.map(({ rule, index, name }) => ({
    index,
    name,
    field: rule.field,
    required: rule.required === true,
    cast: castOf(rule, adapter.container),
  }));
  const takeOut = inclusions(adapter).filter(({ parts }) => parts.length > 0);
  const ragged = adapter.container === 'csv';

  return (cells) => {
    if (ragged && cells.length !== header.length)
      return `${cells.length < header.length ? 'fewer' : 'more'} fields than the ${header.length} of the header`;
    // A copy, so that all requests share one shape.
    const request: Draft = { ...ABSENT };
    for (const { index, name, field, required, cast } of columns) {
      const raw = cells[index];
      const cell = typeof raw === 'string' ? stripped(raw) : raw;
      if (cell === '' || cell === undefined || cell === null) {
        if (required) return `${name} is empty`;
        continue;
      }
      const value = cast.read(cell as Cell);
      if (value === MISFIT) return `${name}: ${shown(cell)} is not ${cast.expected}`;
      request[field] = value;
    }
    for (const { whole, parts, what } of takeOut) {
      let included = 0;
      for (const part of parts) included += request[part] as number;
      const total = request[whole] as number;
      if (included > total) return `${whole} ${total} is less than the ${included} ${what} tokens that it includes`;
      request[whole] = total - included;
    }
    return request as TraceRequest;
  };
}

/** Without spaces at either end: what SQL's trim takes away, and no more. */
function stripped(text: string): string {
  let from = 0;
  let until = text.length;
  while (from < until && text.charCodeAt(from) === SPACE) from++;
  while (until > from && text.charCodeAt(until - 1) === SPACE) until--;
  return until - from === text.length ? text : text.slice(from, until);
}

const SPACE = 32;

const shown = (cell: unknown): string => `"${typeof cell === 'object' ? JSON.stringify(cell) : String(cell)}"`;
