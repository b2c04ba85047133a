/**
 * What an adapter is: data that says how one log format is read. It names columns, casts and units, and renames into a
 * TraceRequest; it filters, scales and invents nothing.
 *
 * The same adapter compiles to a row reader (compile-rows.ts) and to SQL (compile-sql.ts), which agree on every row.
 */
import { METERS, NO_COUNTS, TOKEN_METERS, type TokenMeter, type TokenPart } from '../meters.ts';
import type { TraceRequest } from './request.ts';

/** What a file is: rows of text, JSON values (one a line, or documents of them), or typed columns. */
export type Container = 'csv' | 'json' | 'parquet';

/**
 * integer: whole number from 0 to 2^53 - 1, digits only. decimal: plain or with exponent. instant: see instant.ts.
 * money: a decimal of the unit, rounded to whole nano-dollars. integer_list: separated by single spaces in a CSV, an array
 * in JSON. slug: text in lower case with dashes for spaces, as "Claude Haiku 4.5" -> "claude-haiku-4.5".
 */
export type Cast = 'integer' | 'decimal' | 'money' | 'text' | 'slug' | 'instant' | 'enum' | 'integer_list';

/**
 * Instants: `iso` (see instant.ts), `date` (a day, or `iso`), `s`, `ms`, `us` and `ns` since 1970. Durations: `s`, `ms`.
 * Money: `usd`, `usd_cents`, `usd_nano`.
 */
export type SourceUnit = 'iso' | 'date' | 's' | 'ms' | 'us' | 'ns' | 'usd' | 'usd_cents' | 'usd_nano';

export type RequestField = keyof TraceRequest;

/** How one field of a request is read. If several rules give one field, the first whose column is there is used. */
export interface ColumnRule {
  readonly field: RequestField;
  /**
   * Accepted column names, preferred first; compared without regard to case. A dot leads into an object: the key
   * `amount.value` is `value` in `amount`, or a key of that very name.
   */
  readonly from: readonly string[];
  readonly cast: Cast;
  readonly unit?: SourceUnit;
  /** An empty cell is a reject. Otherwise it stands for `ABSENT[field]`, as an absent column does. */
  readonly required?: boolean;
  /** Of an enum: the log's word, in lower case, and what it means here (a number for a field that holds one). Of a text: words that mean another; the rest stays. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** Of an integer in a CSV: `12.0` and `1.2e1` are 12 too, as data frames write them; `12.5` stays a reject. Of any number in a CSV: `1.234,5` is 1234.5. */
  readonly written_as?: 'decimal' | 'decimal_comma';
  /** Of a text: `before_comma` cuts "gpt-5-nano, input_tokens" to "gpt-5-nano", `undated` cuts "-20260910" off the end. */
  readonly take?: 'before_comma' | 'undated';
  /** Of a text: a second column whose word is added after a colon, unless it is empty or one of `but`. */
  readonly suffix?: { readonly from: readonly string[]; readonly but: readonly string[] };
  /** The rule holds only in rows where that column has this word (lower case); several such rules may give one field. */
  readonly when?: RowTest;
}

/** A test of one cell, without regard to case and outer spaces. An absent column is an empty cell. */
export interface RowTest {
  readonly column: readonly string[];
  /** Words in lower case; '' is an empty cell. */
  readonly is?: readonly string[];
  readonly is_not?: readonly string[];
}

/** Rows that are no request: left out before anything is cast, and counted by reason. All tests must hold. */
export interface Skip {
  readonly tests: readonly RowTest[];
  /** Completes "left out: ...", as "empty buckets". */
  readonly reason: string;
}

export interface Adapter {
  readonly format: string;
  /** What a person reads, as "Azure LLM inference trace 2023 (CSV)". */
  readonly title: string;
  readonly containers: readonly Container[];
  /** Column names that a file of this format must have; `a|b` is either of two. */
  readonly detect: readonly string[];
  readonly rules: readonly ColumnRule[];
  /** Fields that are the same in every row, as who invoiced it. */
  readonly constants?: Partial<TraceRequest>;
  readonly skips?: readonly Skip[];
  /** Columns of a CSV whose cells are JSON objects: their keys are read as `column.key`. */
  readonly json_columns?: readonly string[];
  /** Counts that the input column holds too; they are taken out of it, since counts here are exclusive. */
  readonly input_includes: readonly ('cache_read' | 'cache_write' | 'audio' | 'image')[];
  /** Likewise for the output column. */
  readonly output_includes: readonly ('reasoning' | 'audio' | 'image')[];
  /** Other ways to write this format that names do not tell; the first that fits a sample of rows is used. */
  readonly dialects?: readonly Dialect[];
  /** relative: instants count from the start of the recording, so that dates mean nothing. */
  readonly clock: 'absolute' | 'relative';
  /** How long a row lasts that sums requests and names no end; absent in logs of single requests. */
  readonly bucket_ms?: number;
  /** What a billed cost is: on an invoice, an estimate of the log's own, or the list price. */
  readonly billed?: 'invoiced' | 'estimated' | 'list';
  /** What had to be settled to read it, told with the guess: zones, units, whether input includes cached tokens. */
  readonly settles?: readonly string[];
  /** Columns that stand beside and are not read, by design: no warning of them. */
  readonly not_read?: readonly string[];
  /** Whether a column that no rule names is told as a warning. */
  readonly warns_of_unknown_columns: boolean;
}

export interface Dialect {
  /** Completes "read as <format>, ...". */
  readonly reason: string;
  /** True if this row can only be of this dialect; asked of the first rows, by column name in lower case. */
  readonly tells: (cell: (column: string) => unknown) => boolean;
  readonly change: Partial<Pick<Adapter, 'rules' | 'input_includes' | 'output_includes' | 'constants' | 'settles'>>;
}

/** What an absent column or an empty cell of an optional field stands for. */
export const ABSENT: TraceRequest = {
  time_ms: 0,
  until_ms: undefined,
  requests: 1,
  seller: undefined,
  model: undefined,
  tier: 'standard',
  ...NO_COUNTS,
  feature: undefined,
  user: undefined,
  team: undefined,
  agent: undefined,
  status: undefined,
  latency_ms: undefined,
  ttft_ms: undefined,
  hash_chain: undefined,
  context_from_tokens: undefined,
  billed_nano_usd: undefined,
};

/** The fields of a request in a fixed order: the columns of the compiled SQL, before `reject`. */
export const REQUEST_FIELDS = Object.keys(ABSENT) as readonly RequestField[];

/** A rule with the column it was found in. */
export interface BoundColumn {
  readonly rule: ColumnRule;
  readonly index: number;
  /** As the header writes it. */
  readonly name: string;
}

export interface Binding {
  /** In the order of the adapter's rules; one for each field at most, but for rules with `when`. */
  readonly columns: readonly BoundColumn[];
  /** Header names that no rule accepts. */
  readonly unknown: readonly string[];
  /** Header names that a rule accepts, passed over for a preferred one of the same field. */
  readonly passed_over: readonly string[];
}

export const columnKey = (name: string): string => name.trim().toLowerCase();

/** Finds each rule's column in a header. */
export function bindColumns(adapter: Adapter, header: readonly string[]): Binding {
  const keys = new Map<string, number>();
  for (const [index, name] of header.entries()) if (!keys.has(columnKey(name))) keys.set(columnKey(name), index);
  const columns: BoundColumn[] = [];
  const taken = new Set<RequestField>();
  const accepted = new Set<number>();
  const used = new Set<number>();
  for (const rule of adapter.rules) {
    for (const name of rule.from) {
      const index = keys.get(columnKey(name));
      if (index === undefined) continue;
      accepted.add(index);
      if (taken.has(rule.field)) continue;
      columns.push({ rule, index, name: header[index]! });
      used.add(index);
      if (rule.when !== undefined) break;
      taken.add(rule.field);
    }
  }
  for (const { column } of rowTests(adapter)) for (const name of column) used.add(keys.get(columnKey(name)) ?? -1);
  for (const { suffix } of adapter.rules)
    for (const name of suffix?.from ?? []) used.add(keys.get(columnKey(name)) ?? -1);
  return {
    columns,
    unknown: header.filter(
      (name, index) => !accepted.has(index) && !used.has(index) && !(adapter.not_read ?? []).includes(columnKey(name)),
    ),
    passed_over: header.filter((_, index) => accepted.has(index) && !used.has(index)),
  };
}

/** Every test of a row that an adapter makes. */
export const rowTests = (adapter: Adapter): RowTest[] => [
  ...(adapter.skips ?? []).flatMap(({ tests }) => tests),
  ...adapter.rules.flatMap(({ when }) => (when === undefined ? [] : [when])),
];

/** The place of the first of these names in a header, or undefined. */
export function placeOf(header: readonly string[], names: readonly string[]): number | undefined {
  for (const name of names) {
    const index = header.findIndex((other) => columnKey(other) === columnKey(name));
    if (index >= 0) return index;
  }
  return undefined;
}

/** The meters of a part that lie on one side of the answer's start. */
const metersOf = (part: TokenPart, is_prompt: boolean): TokenMeter[] =>
  TOKEN_METERS.filter((meter) => METERS[meter].part === part && METERS[meter].is_prompt === is_prompt);

/** The counts to take out of input and of output. */
export const inclusions = (adapter: Adapter) =>
  [
    { whole: 'input_tokens', parts: metersIn(adapter.input_includes, true), what: wordsFor(adapter.input_includes) },
    {
      whole: 'output_tokens',
      parts: metersIn(adapter.output_includes, false),
      what: wordsFor(adapter.output_includes),
    },
  ] as const;

const metersIn = (parts: readonly TokenPart[], is_prompt: boolean): readonly TokenMeter[] =>
  parts.flatMap((part) => metersOf(part, is_prompt));

/** `cache` for both kinds of it, else the parts by name. */
const wordsFor = (parts: readonly TokenPart[]): string =>
  [...new Set(parts.map((part) => (part.startsWith('cache') ? 'cache' : part)))].join(' and ');
