/**
 * The rules of an adapter bound to the cells of a table: which cell each reads, by which cast, the quick way where there is
 * one, and the conditions under which a rule holds, as SQL.
 */
import {
  type Adapter,
  bindColumns,
  type ColumnRule,
  type Container,
  type RequestField,
  type RowTest,
} from './adapter.ts';
import { castOf } from './casts.ts';
import type { CellCast, QuickCast } from './cell-cast.ts';
import type { Cells, SqlCell } from './sql-cells.ts';
import { literal } from './sql-tables.ts';

export interface Column {
  readonly as: string;
  readonly field: RequestField;
  readonly name: string;
  readonly required: boolean;
  readonly cell: SqlCell;
  readonly cast: CellCast;
  readonly quick: QuickCast | undefined;
  /** Any text will do. */
  readonly takes_all: boolean;
  /** No other rule or suffix has a say. */
  readonly is_only: boolean;
  readonly holds: string | undefined;
  readonly suffix: string | undefined;
}

export function boundColumns(adapter: Adapter, cells: Cells, container: Container): Column[] {
  return bindColumns(adapter, cells.names).columns.map(({ rule, name, index }, at) => {
    const isKey = container === 'json' || !cells.isColumn(index);
    const cell = cells.under(rule.from)!;
    // Values inside a cell's JSON object are JSON, whatever the file is.
    const cast = castOf(rule, isKey ? 'json' : container);
    const quick = quickOf(cell, rule, cast);
    return {
      as: String(at),
      field: rule.field,
      // What a file's first records call it comes first among the names.
      name: isKey ? cells.names[Math.min(...cells.places(rule.from))]! : name,
      required: rule.required === true,
      cell,
      cast,
      quick,
      takes_all: quick?.takes_all === true && rule.required !== true,
      is_only:
        rule.when === undefined &&
        rule.suffix === undefined &&
        adapter.rules.every((other) => other === rule || other.field !== rule.field || other.when === undefined),
      holds: rule.when === undefined ? undefined : testExpression(rule.when, cells),
      suffix: rule.suffix === undefined ? undefined : suffixExpression(rule.suffix, cells),
    };
  });
}

const WHOLE = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const INSTANT = /^TIMESTAMP(_MS|_S| WITH TIME ZONE)?$/;

/** The quick way to read a cell; columns that are typed already need no text. */
function quickOf({ first, type }: SqlCell, { cast, unit }: ColumnRule, of: CellCast): QuickCast | undefined {
  if (first !== undefined) return undefined;
  if (type === undefined || type === 'VARCHAR') return of.quick;
  if (WHOLE.test(type) && (cast === 'integer' || (cast === 'instant' && unit === 'ms')))
    return {
      value: (c) => `TRY_CAST(${c} AS BIGINT)`,
      certain: (_, v) => `${v} BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}`,
    };
  if (INSTANT.test(type) && cast === 'instant' && (unit === 'iso' || unit === 'date'))
    return {
      value: (c) => `epoch_ms(${c})`,
      certain: (_, v) => `${v} BETWEEN 0 AND ${LAST_MS}`,
    };
  return undefined;
}

const LAST_MS = Date.UTC(3000, 0, 1) - 1;

export function testExpression({ column, is, is_not }: RowTest, cells: Cells): string {
  const word = cells.word(column);
  const list = (words: readonly string[]): string => words.map(literal).join(', ');
  const parts = [
    ...(is === undefined ? [] : [is.length === 0 ? 'false' : `${word} IN (${list(is)})`]),
    ...(is_not === undefined || is_not.length === 0 ? [] : [`${word} NOT IN (${list(is_not)})`]),
  ];
  return parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`;
}

function suffixExpression({ from, but }: NonNullable<ColumnRule['suffix']>, cells: Cells): string {
  const word = cells.word(from);
  return `CASE WHEN ${word} IN (${['', ...but].map(literal).join(', ')}) THEN '' ELSE ':' || ${word} END`;
}
