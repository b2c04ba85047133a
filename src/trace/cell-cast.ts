/**
 * What a cast is: how a row reader reads a cell and how DuckDB SQL does, side by side. A cell is the trimmed text of a CSV
 * field, or a JSON value. And the patterns and conditions that several casts share.
 *
 * SQL never relies on a lenient cast: DuckDB rounds `12.5` to a whole number and drops `+02:00` from a timestamp, both
 * without a word, so each value comes with a condition under which it counts. A value that is NULL never does.
 */

/** A cell that is there: never undefined, null or an empty text. */
export type Cell = string | number | boolean | object;

/** The mark of a cell that does not fit its cast. */
export const MISFIT = Symbol('misfit');

export interface CellCast {
  /** Completes "... is not". */
  readonly expected: string;
  read(cell: Cell): unknown;
  /** The typed value of a SQL expression of type VARCHAR. */
  value(text: string): string;
  /** Condition under which that value counts, beside not being NULL; both arguments name columns. */
  fits(text: string, value: string): string;
  /** A cheaper way for most cells of a CSV, which need not be trimmed first. */
  readonly quick?: QuickCast;
  /** Further condition where the cell is a JSON value whose text starts with `first`: `"`, `{`, `[`, a digit, and so on. */
  ofJson?(first: string): string;
}

/** Where `certain` holds, `value` is what the slow way gives too; where it does not, nothing is said. */
export interface QuickCast {
  value(cell: string): string;
  certain(cell: string, value: string): string;
  /** The value in the cast's own type, where that is another one. */
  result?(value: string): string;
  /** The slow way is the same on a trimmed cell, and nothing is a misfit. */
  readonly takes_all?: boolean;
}

export const MOST = Number.MAX_SAFE_INTEGER;
export const INTEGER = '[0-9]{1,16}';
export const DECIMAL = '[-]?[0-9]{1,30}(?:[.][0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?';
export const isDecimal = new RegExp(`^${DECIMAL}$`);
export const matches = (text: string, pattern: string): string => `regexp_full_match(${text}, '${pattern}')`;

export const noObject = (first: string): string => `${first} NOT IN ('{', '[')`;

/** Lower case is the same in SQL for these. Other texts are told as misfits, which the row reader looks at again. */
export const isAscii = (text: string): string => `strlen(${text}) = length(${text})`;

export const sqlWord = (word: string | number): string =>
  typeof word === 'number' ? String(word) : `'${word.replaceAll("'", "''")}'`;
