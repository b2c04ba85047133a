/**
 * The cells that an adapter's rules and tests ask for, as SQL: columns of a table, and keys inside JSON, wherever a record
 * may spell them. Finds cells as compile-rows.ts does; casts nothing.
 */
import { type Adapter, type Container, columnKey, placeOf } from './adapter.ts';
import { holdsObject, isDoubtful, jsonAt, quoted } from './sql-tables.ts';

export const orNull = (condition: string, value: string): string => `CASE WHEN ${condition} THEN ${value} END`;

/** A cell: SQL of it as it stands, of its untrimmed text, and of the first character of its JSON, if it is JSON. */
export interface SqlCell {
  readonly own: string;
  readonly text: string;
  readonly first: string | undefined;
  /** Type of a typed column of Parquet. */
  readonly type: string | undefined;
}

/** The cells that rules and tests ask for, by name. */
export class Cells {
  /** Expressions of the first layer. */
  readonly raw: string[] = [];
  /** Expressions of the second, over the first. */
  readonly derived: string[] = [];
  readonly doubts: string[] = [];
  /** The header, and behind it the names that lead into cells with JSON. */
  readonly names: readonly string[];
  private readonly header: readonly string[];
  private readonly container: Container;
  private readonly types: readonly string[] | undefined;
  private readonly made = new Map<string, SqlCell>();
  private readonly objects = new Map<number, string>();

  constructor(adapter: Adapter, header: readonly string[], container: Container, types: readonly string[] | undefined) {
    this.header = header;
    this.container = container;
    this.types = types;
    this.names = [...header, ...keysInCells(adapter, header, container)];
  }

  places(candidates: readonly string[]): number[] {
    return [...new Set(candidates.flatMap((name) => placeOf(this.names, [name]) ?? []))];
  }

  /**
   * The cell under one of these names: the first column that is there. Keys of JSON may be spelled one way or another from
   * record to record, so there the first that is filled.
   */
  under(candidates: readonly string[]): SqlCell | undefined {
    const places = this.places(candidates);
    if (places.length === 0) return undefined;
    const areKeys = this.container === 'json' || placeOf(this.header, candidates) === undefined;
    return this.at(areKeys ? places : places.slice(0, 1));
  }

  /** The first of these cells that is not empty. */
  at(places: readonly number[]): SqlCell {
    const key = places.join();
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const made = this.make(places);
    this.made.set(key, made);
    return made;
  }

  isColumn(place: number): boolean {
    return place < this.header.length;
  }

  /** The lower-case word of a cell, as tests see it. */
  word(candidates: readonly string[]): string {
    const cell = this.under(candidates);
    if (cell === undefined) return `''`;
    const text = `lower(coalesce(trim(${cell.text}), ''))`;
    return cell.first === undefined ? text : `CASE WHEN ${cell.first} IN ('{', '[') THEN '' ELSE ${text} END`;
  }

  private make(places: readonly number[]): SqlCell {
    const as = `c${this.made.size}`;
    const [place] = places as [number];
    const isPlain = places.length === 1 && place < this.header.length;
    if (isPlain && this.container !== 'json') {
      const type = this.types?.[place];
      this.raw.push(`${quoted(this.columnName(place))} AS ${as}`);
      const isText = type === undefined || type === 'VARCHAR';
      return { own: as, text: isText ? as : `CAST(${as} AS VARCHAR)`, first: undefined, type };
    }
    const json = places.map((one) => (one < this.header.length ? quoted(this.columnName(one)) : this.inside(one)));
    const filled = json.map((one) =>
      json.length === 1 ? one : orNull(`${one} NOT IN ('null', '""') AND NOT starts_with(${one}, '{')`, one),
    );
    this.raw.push(`${filled.length === 1 ? filled[0] : `coalesce(${filled.join(', ')})`} AS ${as}`);
    this.derived.push(`${jsonText(as)} AS ${as}_text`, `left(${as}, 1) AS ${as}_first`);
    return { own: `${as}_text`, text: `${as}_text`, first: `${as}_first`, type: undefined };
  }

  /** JSON text of a key inside the JSON object of a cell. */
  private inside(place: number): string {
    const name = this.names[place]!;
    const dot = name.indexOf('.');
    const column = placeOf(this.header, [name.slice(0, dot)])!;
    const cell = `CAST(${quoted(this.columnName(column))} AS VARCHAR)`;
    if (!this.objects.has(column)) {
      this.objects.set(column, cell);
      this.raw.push(`${isDoubtful(cell)} AS doubt${column}`);
      this.doubts.push(`doubt${column}`);
    }
    return orNull(holdsObject(cell), jsonAt(cell, name.slice(dot + 1)));
  }

  private columnName(place: number): string {
    const name = this.header[place]!;
    return name === '' ? `column ${place + 1}` : name;
  }
}

/**
 * The text of a JSON value as JavaScript writes it: numbers without a needless `.0` or exponent, whole ones beyond the 15
 * digits that a double keeps with the digits that it keeps.
 */
function jsonText(json: string): string {
  const double = `TRY_CAST(${json} AS DOUBLE)`;
  const whole = `CAST(TRY_CAST(CAST(${double} AS VARCHAR) AS HUGEINT) AS VARCHAR)`;
  const number = `CASE WHEN regexp_full_match(${json}, '-?[0-9]{1,15}') AND ${json} <> '-0' THEN ${json} WHEN abs(${double}) < 1e21 AND ${double} = floor(${double}) THEN ${whole} ELSE CAST(${double} AS VARCHAR) END`;
  return `CASE WHEN ${json} IS NULL THEN NULL WHEN left(${json}, 1) BETWEEN '-' AND '9' THEN ${number} ELSE ${json} ->> '$' END`;
}

/** Names that rules and tests look for inside cells that hold JSON objects. */
export function keysInCells(adapter: Adapter, header: readonly string[], container: Container): string[] {
  if (container === 'json') return [];
  const inside = (adapter.json_columns ?? []).filter((column) => placeOf(header, [column]) !== undefined);
  const asked = [
    ...adapter.rules.flatMap(({ from, suffix, when }) => [...from, ...(suffix?.from ?? []), ...(when?.column ?? [])]),
    ...(adapter.skips ?? []).flatMap(({ tests }) => tests.flatMap(({ column }) => column)),
  ];
  return [
    ...new Set(asked.filter((name) => inside.some((column) => columnKey(name).startsWith(`${columnKey(column)}.`)))),
  ];
}
