/**
 * Columns of a ClickHouse table as the roll-up needs them: found by name, their type understood, turned into an expression.
 *
 * A name that is not there, a type that cannot be read and a time without a unit are told together.
 */
import { type Diagnostic, InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { LABEL_FIELDS } from '../trace/request.ts';
import type { ClickhouseUnit, NamedColumn } from './clickhouse-source.ts';
import {
  type MoneyUnit,
  type RollupField,
  type SqlColumn,
  type SqlColumns,
  TEXT_FIELDS,
  type TimeUnit,
} from './portable-rollup.ts';

export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** An identifier; ClickHouse reads a backslash inside of quotes. */
export const quoted = (name: string): string => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** `from` says in messages where the columns are: `table "default"."requests"`. */
export function sqlColumns(
  wanted: readonly NamedColumn[],
  there: readonly DescribedColumn[],
  from: string,
): SqlColumns {
  const types = new Map(there.map(({ name, type }) => [name, type]));
  const problems: Diagnostic[] = [];
  const columns: Partial<Record<RollupField, SqlColumn>> = {};
  for (const { key, field, column, unit } of wanted) {
    const type = types.get(column);
    const bound =
      type === undefined
        ? `${from} has no column "${column}"${didYouMean(column, types.keys())}; it has ${listed([...types.keys()])}`
        : bind(field, column, type, unit);
    if (typeof bound === 'string') problems.push(problem('CLICKHOUSE_COLUMN', `columns.${key}`, bound));
    else columns[field] = bound;
  }
  if (problems.length > 0) throw new InputError(problems);
  return columns as SqlColumns;
}

const MOST_LISTED = 40;
const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : `${names.slice(0, MOST_LISTED).join(', ')}${names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : ''}`;

/** Without Nullable and LowCardinality. */
export function innerType(type: string): string {
  const wrapped = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(type.trim());
  return wrapped === null ? type.trim() : innerType(wrapped[1]!);
}

const isInteger = (type: string): boolean => /^U?Int(?:8|16|32|64|128|256)$/.test(type);
const isFloat = (type: string): boolean => /^Float(?:32|64)$/.test(type);
const isDecimal = (type: string): boolean => /^Decimal/.test(type);

/** A text says what is wrong. */
function bind(field: RollupField, name: string, whole: string, unit: ClickhouseUnit | undefined): SqlColumn | string {
  const type = innerType(whole);
  if (field === 'time_ms') return bindTime(name, type, unit);
  const sql = quoted(name);
  if ([...TEXT_FIELDS, ...LABEL_FIELDS].some((text) => text === field)) return bindText(name, type);
  const money = field === 'billed_nano_usd' ? { money_unit: (unit ?? 'usd') as MoneyUnit } : {};
  if (isInteger(type)) return { sql, name, always_fits: /^UInt(?:8|16|32)$/.test(whole), ...money };
  if (isFloat(type)) return { sql, name, is_float: true, ...money };
  if (isDecimal(type)) return { sql: `toFloat64(${sql})`, name, is_float: true, ...money };
  return `"${name}" is of type ${type}, not a number: give a query that converts it`;
}

function bindTime(name: string, type: string, unit: ClickhouseUnit | undefined): SqlColumn | string {
  const sql = quoted(name);
  const isDateTime = /^DateTime(?:\(|$)/.test(type);
  if (isDateTime || /^DateTime64\(/.test(type)) {
    if (unit !== undefined && unit !== 'iso') return `"${name}" is a ${type}, so its unit is iso, not ${unit}`;
    return isDateTime
      ? { sql: `toInt64(${sql})`, name, time_unit: 's' }
      : { sql: `toUnixTimestamp64Milli(${sql})`, name, time_unit: 'ms' };
  }
  if (!isInteger(type))
    return `"${name}" is of type ${type}: a time is a DateTime, a DateTime64 or a whole number since 1970`;
  if (unit === undefined || unit === 'iso')
    return `"${name}" is of type ${type}: say its unit, as { column: ${name}, unit: ms } (s, ms, us or ns since 1970)`;
  return { sql, name, time_unit: unit as TimeUnit };
}

function bindText(name: string, type: string): SqlColumn | string {
  const sql = quoted(name);
  if (type === 'String') return { sql: `toString(${sql})`, name };
  if (/^FixedString\(/.test(type)) return { sql: `toStringCutToZero(${sql})`, name };
  if (/^Enum(?:8|16)\(/.test(type) || type === 'UUID' || type === 'Bool' || isInteger(type))
    return { sql: `toString(${sql})`, name };
  return `"${name}" is of type ${type}, not a text: give a query that converts it`;
}
