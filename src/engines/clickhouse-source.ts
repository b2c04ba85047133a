/**
 * What a person says about a ClickHouse table, checked before anything is asked of the server: address, account, table or
 * query, and which column is which field. All that is wrong is told at once.
 *
 * The password comes from the environment and never appears in a message.
 */
import { type Diagnostic, InputError, problem, warning } from '../errors.ts';
import { COUNT_METERS } from '../meters.ts';
import { didYouMean } from '../nearest.ts';
import type { Adapter } from '../trace/adapter.ts';
import { parseIso } from '../trace/instant.ts';
import { LABEL_FIELDS } from '../trace/request.ts';
import { type MoneyUnit, NEEDED_FIELDS, type RollupField, TEXT_FIELDS, type TimeUnit } from './portable-rollup.ts';

export const PASSWORD_VARIABLE = 'CLICKHOUSE_PASSWORD';

export type ClickhouseUnit = 'iso' | TimeUnit | MoneyUnit;

export interface ClickhouseColumn {
  readonly column: string;
  /** Of `time`: `iso` is a DateTime column. Of `billed`: default `usd`. */
  readonly unit?: ClickhouseUnit | undefined;
}

export interface ClickhouseSource {
  /** `http://host:8123`, without account and password. */
  readonly url: string;
  readonly user?: string | undefined;
  /** Default: the environment's CLICKHOUSE_PASSWORD. */
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  readonly table?: string | undefined;
  /** A single SELECT instead of a table. */
  readonly query?: string | undefined;
  /** Langfuse's own tables: gives query and columns. */
  readonly format?: 'langfuse' | undefined;
  /** Langfuse's project, where the server keeps several. */
  readonly project_id?: string | undefined;
  /** By field: `time`, `model`, `input_tokens`, `billed` and so on. */
  readonly columns?: Readonly<Record<string, string | ClickhouseColumn>> | undefined;
  readonly input_includes?: Adapter['input_includes'] | undefined;
  readonly output_includes?: Adapter['output_includes'] | undefined;
  /** First instant that is read and first that is not, ISO 8601. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** Of each statement. Default 600. */
  readonly max_execution_seconds?: number | undefined;
}

/** A field's column as the source names it. */
export interface NamedColumn {
  /** As the source writes the field. */
  readonly key: string;
  readonly field: RollupField;
  readonly column: string;
  readonly unit: ClickhouseUnit | undefined;
}

export interface CheckedSource {
  readonly url: URL;
  readonly columns: readonly NamedColumn[];
  readonly from_ms: number | undefined;
  readonly until_ms: number | undefined;
  readonly warnings: readonly Diagnostic[];
}

interface FieldName {
  readonly field: RollupField;
  readonly unit?: ClickhouseUnit;
}

const FIELDS: ReadonlyMap<string, FieldName> = new Map<string, FieldName>([
  ['time', { field: 'time_ms' }],
  ['time_ms', { field: 'time_ms', unit: 'ms' }],
  ['billed', { field: 'billed_nano_usd' }],
  ['billed_usd', { field: 'billed_nano_usd', unit: 'usd' }],
  ['billed_nano_usd', { field: 'billed_nano_usd', unit: 'usd_nano' }],
  ['status', { field: 'status' }],
  ...[...TEXT_FIELDS, ...LABEL_FIELDS].map((field) => [field, { field }] as const),
  ...COUNT_METERS.map((field) => [field, { field }] as const),
]);
/** Fields of single requests, which sums do not have. */
const SINGLE = new Set(['latency_ms', 'ttft_ms', 'hash_chain']);
const TIME_UNITS = ['iso', 's', 'ms', 'us', 'ns'] as const;
const MONEY_UNITS = ['usd', 'usd_cents', 'usd_nano'] as const;
const UNITS: Partial<Record<RollupField, readonly ClickhouseUnit[]>> = {
  time_ms: TIME_UNITS,
  billed_nano_usd: MONEY_UNITS,
};

/** `columns` and `query` are the source's own or a preset's. */
export function checkSource(source: ClickhouseSource): CheckedSource {
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const wrong = (path: string, message: string): void =>
    void problems.push(problem('CLICKHOUSE_SOURCE', path, message));
  const url = checkUrl(source.url, wrong);
  if ((source.table === undefined) === (source.query === undefined))
    wrong('table', 'give either "table" or "query", a single SELECT');
  if (source.query !== undefined) checkSelect(source.query, wrong);

  const columns = new Map<RollupField, NamedColumn>();
  for (const [key, value] of Object.entries(source.columns ?? {})) {
    const path = `columns.${key}`;
    const named = FIELDS.get(key);
    if (named === undefined) {
      if (SINGLE.has(key)) warnings.push(warning('CLICKHOUSE_COLUMN', path, 'is not read: only sums leave the server'));
      else wrong(path, `is no field${didYouMean(key, FIELDS.keys())}; fields are ${[...FIELDS.keys()].join(', ')}`);
      continue;
    }
    const { column, unit = named.unit } = typeof value === 'string' ? { column: value } : value;
    const twin = columns.get(named.field);
    if (twin !== undefined) wrong(path, `is the same field as "${twin.key}": give one of them`);
    const units = UNITS[named.field] ?? [];
    if (unit !== undefined && !units.includes(unit))
      wrong(
        path,
        units.length === 0
          ? `has no unit, so "${unit}" says nothing`
          : `unit "${unit}" is not one of ${units.join(', ')}`,
      );
    columns.set(named.field, { key, field: named.field, column, unit });
  }
  for (const field of NEEDED_FIELDS)
    if (!columns.has(field)) wrong('columns', `names no column for "${field === 'time_ms' ? 'time' : field}"`);

  const instant = (name: 'from' | 'until'): number | undefined => {
    const text = source[name];
    const ms = text === undefined ? undefined : parseIso(text);
    if (text !== undefined && ms === undefined)
      wrong(name, `"${text}" is not a date and time such as 2026-03-01T00:00:00Z`);
    return ms;
  };
  const [from_ms, until_ms] = [instant('from'), instant('until')];
  const { max_execution_seconds: seconds = 1 } = source;
  if (!(Number.isInteger(seconds) && seconds > 0))
    wrong('max_execution_seconds', `${seconds} is not a whole number above 0`);
  if (url === undefined || problems.length > 0) throw new InputError(problems);
  return { url, columns: [...columns.values()], from_ms, until_ms, warnings };
}

type Wrong = (path: string, message: string) => void;

/** Nothing of an address that may hold a password is shown. */
function checkUrl(text: string, wrong: Wrong): URL | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    wrong('url', `${text.includes('@') ? 'it' : `"${text}"`} is not an address such as http://127.0.0.1:8123`);
    return undefined;
  }
  if (url.password !== '' || /pass|key|token/i.test(url.search))
    wrong('url', `holds a password: take it out and set the environment variable ${PASSWORD_VARIABLE}`);
  else if (url.username !== '') wrong('url', 'holds a user name: give it as "user"');
  else if (url.search !== '' || url.hash !== '') wrong('url', 'has something after a ? or #, which is not used');
  else if (!/^https?:$/.test(url.protocol))
    wrong('url', `starts with ${url.protocol}//, and ClickHouse is asked over http:// or https:// (port 8123 or 8443)`);
  return url;
}

/** A query is embedded in others, so it has to be one SELECT and nothing behind it. */
function checkSelect(query: string, wrong: Wrong): void {
  const code = withoutQuotes(query);
  if (code === undefined) wrong('query', 'has a quote or comment without an end');
  else if (code.includes(';')) wrong('query', 'has a semicolon: give a single SELECT without one');
  else if (!/^[\s(]*(?:select|with)\b/i.test(code))
    wrong('query', 'does not start with SELECT: only reading is allowed');
  else if (/\bformat\s+\w+\s*$/i.test(code) || /\binto\s+outfile\b/i.test(code))
    wrong('query', 'says in which format to answer: leave that out');
  else if (!balanced(code)) wrong('query', 'has a parenthesis without its other half');
}

/** Quoted parts and comments as blanks; undefined where one does not end. */
function withoutQuotes(query: string): string | undefined {
  const code = query.replace(
    /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\//g,
    ' ',
  );
  return /['"`]|\/\*/.test(code) ? undefined : code;
}

function balanced(code: string): boolean {
  let open = 0;
  for (const sign of code) {
    if (sign === '(') open++;
    if (sign === ')' && --open < 0) return false;
  }
  return open === 0;
}
