/**
 * An adapter compiled to a row reader: cells of one record in; a TraceRequest, the reason why there is none, or the reason
 * why the row is left out, out.
 *
 * The first column that does not fit gives the reason, in the order of the adapter's rules. Counts come out exclusive.
 */
import {
  ABSENT,
  type Adapter,
  bindColumns,
  type Container,
  columnKey,
  inclusions,
  placeOf,
  type RequestField,
  type RowTest,
} from './adapter.ts';
import { castOf } from './casts.ts';
import { type Cell, type CellCast, MISFIT } from './cell-cast.ts';
import { isRecord, type JsonRecord, valueAt } from './json-path.ts';
import type { TraceRequest } from './request.ts';

/** A row that is no request, as an empty bucket. */
export interface Skipped {
  readonly skipped: string;
}

/** Cells in header order; undefined and null where a JSON record has none. A text in the answer is the reject reason. */
export type RowReader = (cells: readonly unknown[]) => TraceRequest | string | Skipped;

type Cells = readonly unknown[];

/** A row of a spreadsheet in which nothing stands. */
const BLANK: Skipped = { skipped: 'rows without any value' };

/** Only commas, and at least one; the first cell that is filled ends the search. */
function isBlank(cells: Cells): boolean {
  if (cells.length < 2) return false;
  for (let i = 0; i < cells.length; i++) if (cells[i] !== '') return false;
  return true;
}
type Draft = Record<keyof TraceRequest, unknown>;

/** What a row has: its header, behind it the names of keys in JSON cells, and those cells. */
interface Columns {
  readonly header: readonly string[];
  readonly names: readonly string[];
  readonly json: JsonCells;
  readonly container: Container;
}

interface ReadColumn {
  readonly get: (cells: Cells) => unknown;
  readonly name: string;
  readonly field: RequestField;
  readonly required: boolean;
  readonly cast: CellCast;
  readonly holds: ((cells: Cells) => boolean) | undefined;
  readonly suffix: ((cells: Cells) => string) | undefined;
}

/** Compiles the reader of records that have these columns. */
export function compileRows(
  adapter: Adapter,
  header: readonly string[],
  container: Container = adapter.containers[0]!,
): RowReader {
  const there: Columns = {
    header,
    names: withJsonKeys(adapter, header, container),
    json: new JsonCells(),
    container,
  };
  const columns = readColumns(adapter, there, container);
  const skips = (adapter.skips ?? []).map(({ tests, reason }) => ({
    tests: tests.map((test) => rowTest(test, there)),
    outcome: { skipped: reason },
  }));
  const takeOut = inclusions(adapter).filter(({ parts }) => parts.length > 0);
  const isRagged = container === 'csv';
  const base: Draft = { ...ABSENT, ...adapter.constants };
  const { bucket_ms } = adapter;

  return (cells) => {
    if (isRagged && isBlank(cells)) return BLANK;
    if (isRagged && cells.length !== header.length)
      return `${cells.length < header.length ? 'fewer' : 'more'} fields than the ${header.length} of the header`;
    for (const { tests, outcome } of skips) if (tests.every((holds) => holds(cells))) return outcome;
    // A copy, so that all requests share one shape.
    const request: Draft = { ...base };
    for (const { get, name, field, required, cast, holds, suffix } of columns) {
      if (holds !== undefined && !holds(cells)) continue;
      const cell = stripped(get(cells));
      if (cell === '' || cell === undefined || cell === null) {
        if (required) return `${name} is empty`;
        continue;
      }
      const value = cast.read(cell as Cell);
      if (value === MISFIT) return `${name}: ${shown(cell)} is not ${cast.expected}`;
      request[field] = suffix === undefined ? value : `${value}${suffix(cells)}`;
    }
    for (const { whole, parts, what } of takeOut) {
      let included = 0;
      for (const part of parts) included += request[part] as number;
      const total = request[whole] as number;
      if (included > total) return `${whole} ${total} is less than the ${included} ${what} tokens that it includes`;
      request[whole] = total - included;
    }
    if (bucket_ms !== undefined) request.until_ms ??= (request.time_ms as number) + bucket_ms;
    return request as TraceRequest;
  };
}

/** The header, and behind it the names that rules look for inside cells that hold JSON objects. */
function withJsonKeys(adapter: Adapter, header: readonly string[], container: Container): string[] {
  if (container === 'json') return [...header];
  const inside = (adapter.json_columns ?? []).filter((column) => placeOf(header, [column]) !== undefined);
  const asked = [
    ...adapter.rules.flatMap(({ from, suffix, when }) => [...from, ...(suffix?.from ?? []), ...(when?.column ?? [])]),
    ...(adapter.skips ?? []).flatMap(({ tests }) => tests.flatMap(({ column }) => column)),
  ].filter((name) => inside.some((column) => columnKey(name).startsWith(`${columnKey(column)}.`)));
  return [...header, ...new Set(asked)];
}

function readColumns(adapter: Adapter, there: Columns, container: Container): ReadColumn[] {
  const { header, names } = there;
  return bindColumns(adapter, names).columns.flatMap(({ rule, name }) => {
    const places = placesOf(rule.from, there);
    const own = placeOf(names, [name])!;
    const isKey = container === 'json' || own >= header.length;
    return [
      {
        get: cellUnder(rule.from, there),
        // What a file's first records call it comes first among the names.
        name: isKey ? names[Math.min(...places)]! : name,
        field: rule.field,
        required: rule.required === true,
        // Values inside a cell's JSON object are JSON, whatever the file is.
        cast: castOf(rule, isKey ? 'json' : container),
        holds: rule.when === undefined ? undefined : rowTest(rule.when, there),
        suffix: rule.suffix === undefined ? undefined : suffixOf(rule.suffix, there),
      },
    ];
  });
}

const placesOf = (from: readonly string[], { names }: Columns): number[] =>
  from.map((name) => placeOf(names, [name])).filter((place) => place !== undefined);

/**
 * How the cell under one of several names is found: in the first column of the header that has one. Keys of JSON may be
 * spelled one way or another from record to record, so there the first that is filled counts.
 */
function cellUnder(from: readonly string[], there: Columns): (cells: Cells) => unknown {
  const gets = placesOf(from, there).map((place) => getter(place, there));
  const areKeys = there.container === 'json' || placeOf(there.header, from) === undefined;
  return gets.length > 1 && areKeys ? firstOf(gets) : (gets[0] ?? (() => ''));
}

const firstOf =
  (gets: readonly ((cells: Cells) => unknown)[]) =>
  (cells: Cells): unknown => {
    for (const get of gets) {
      const cell = get(cells);
      if (cell !== undefined && cell !== null && cell !== '' && !isRecord(cell)) return cell;
    }
    return undefined;
  };

/** How the cell of a name is found: in its column, or inside the JSON object of a column. */
function getter(place: number, { header, names, json }: Columns): (cells: Cells) => unknown {
  if (place < header.length) return (cells) => cells[place];
  const name = names[place]!;
  const dot = name.indexOf('.');
  const column = placeOf(header, [name.slice(0, dot)])!;
  const key = name.slice(dot + 1);
  return (cells) => {
    const object = json.of(cells[column]);
    return object === undefined ? undefined : valueAt(object, key);
  };
}

/** JSON objects in cells: several rules ask for keys of the same cell, one after the other, so the last ones are kept. */
class JsonCells {
  readonly #kept: { readonly text: string; readonly object: JsonRecord | undefined }[] = [];

  of(cell: unknown): JsonRecord | undefined {
    if (isRecord(cell)) return cell;
    if (typeof cell !== 'string' || !cell.includes('{')) return undefined;
    const known = this.#kept.find(({ text }) => text === cell);
    if (known !== undefined) return known.object;
    if (this.#kept.length === KEPT_CELLS) this.#kept.shift();
    const object = parse(cell);
    this.#kept.push({ text: cell, object });
    return object;
  }
}

const KEPT_CELLS = 2;

function parse(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function rowTest({ column, is, is_not }: RowTest, columns: Columns) {
  const get = cellUnder(column, columns);
  return (cells: Cells): boolean => {
    const word = wordOf(get(cells));
    return (is === undefined || is.includes(word)) && (is_not === undefined || !is_not.includes(word));
  };
}

function suffixOf({ from, but }: NonNullable<Adapter['rules'][number]['suffix']>, columns: Columns) {
  const get = cellUnder(from, columns);
  return (cells: Cells): string => {
    const word = wordOf(get(cells));
    return word === '' || but.includes(word) ? '' : `:${word}`;
  };
}

const wordOf = (cell: unknown): string =>
  cell === undefined || cell === null || typeof cell === 'object' ? '' : String(stripped(cell)).toLowerCase();

/** Without spaces at either end: what SQL's trim takes away, and no more. */
function stripped(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  let from = 0;
  let until = cell.length;
  while (from < until && cell.charCodeAt(from) === SPACE) from++;
  while (until > from && cell.charCodeAt(until - 1) === SPACE) until--;
  return until - from === cell.length ? cell : cell.slice(from, until);
}

const SPACE = 32;

const shown = (cell: unknown): string => `"${typeof cell === 'object' ? JSON.stringify(cell) : String(cell)}"`;
