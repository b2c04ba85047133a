/**
 * What an adapter is: data that says how one log format is read. It names columns, casts and units, and renames into a
 * TraceRequest; it filters, scales and invents nothing.
 *
 * The same adapter compiles to a row reader (compile-rows.ts) and to SQL (compile-sql.ts), which agree on every row.
 */
import { METERS, NO_COUNTS, TOKEN_METERS, type TokenMeter, type TokenPart } from '../meters.ts';
import type { TraceRequest } from './request.ts';

/**
 * integer: whole number from 0 to 2^53 - 1, digits only. decimal: plain or with exponent. instant: see instant.ts.
 * integer_list: separated by single spaces in a CSV, an array in JSON.
 */
export type Cast = 'integer' | 'decimal' | 'text' | 'instant' | 'enum' | 'integer_list';

/** `iso`, `ms` and `s` are units of instants; `ms`, `s`, `usd` and `usd_cents` are units of decimals. */
export type SourceUnit = 'iso' | 'ms' | 's' | 'usd' | 'usd_cents';

export type RequestField = keyof TraceRequest;

/** How one field of a request is read. If several rules give one field, the first whose column is there is used. */
export interface ColumnRule {
  readonly field: RequestField;
  /** Accepted column names, preferred first; compared without regard to case. */
  readonly from: readonly string[];
  readonly cast: Cast;
  readonly unit?: SourceUnit;
  /** An empty cell is a reject. Otherwise it stands for `ABSENT[field]`, as an absent column does. */
  readonly required?: boolean;
  /** Of an enum: the log's word, in lower case, and what it means here. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface Adapter {
  readonly format: string;
  /** What a person reads, as "Azure LLM inference trace 2023 (CSV)". */
  readonly title: string;
  readonly container: 'csv' | 'jsonl';
  /** Column names that a file of this format must have. */
  readonly detect: readonly string[];
  readonly rules: readonly ColumnRule[];
  /** Counts that the input column holds too; they are taken out of it, since counts here are exclusive. */
  readonly input_includes: readonly ('cache_read' | 'cache_write' | 'audio' | 'image')[];
  /** Likewise for the output column. */
  readonly output_includes: readonly ('reasoning' | 'audio' | 'image')[];
  /** relative: instants count from the start of the recording, so that dates mean nothing. */
  readonly clock: 'absolute' | 'relative';
  /** Whether a column that no rule names is told as a warning. */
  readonly warns_of_unknown_columns: boolean;
}

/** What an absent column or an empty cell of an optional field stands for. */
export const ABSENT: TraceRequest = {
  time_ms: 0,
  seller: undefined,
  model: undefined,
  tier: 'standard',
  ...NO_COUNTS,
  feature: undefined,
  user: undefined,
  team: undefined,
  status: undefined,
  latency_ms: undefined,
  ttft_ms: undefined,
  hash_chain: undefined,
  billed_usd: undefined,
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
  /** In the order of the adapter's rules; one for each field at most. */
  readonly columns: readonly BoundColumn[];
  /** Header names that no rule accepts. */
  readonly unknown: readonly string[];
  /** Header names that a rule accepts, passed over for a preferred one of the same field. */
  readonly passed_over: readonly string[];
}

export const columnKey = (name: string): string => name.trim().toLowerCase();

/** Finds each rule's column in a header. */
export function bindColumns(adapter: Adapter, header: readonly string[]): Binding {
  const keys = header.map(columnKey);
  const columns = new Map<RequestField, BoundColumn>();
  const accepted = new Set<number>();
  for (const rule of adapter.rules) {
    for (const name of rule.from) {
      const index = keys.indexOf(columnKey(name));
      if (index < 0) continue;
      accepted.add(index);
      if (!columns.has(rule.field)) columns.set(rule.field, { rule, index, name: header[index]! });
    }
  }
  const used = new Set([...columns.values()].map((column) => column.index));
  return {
    columns: [...columns.values()],
    unknown: header.filter((_, index) => !accepted.has(index)),
    passed_over: header.filter((_, index) => accepted.has(index) && !used.has(index)),
  };
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
