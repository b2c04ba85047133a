/**
 * focus.csv: the cash of every strategy as rows of FOCUS 1.2, RFC 4180. Same report, same bytes.
 *
 * Numbers are plain decimals without exponent, times ISO 8601 in UTC, empty cells null. A text that a spreadsheet would run as
 * a formula gets an apostrophe.
 */
import type { Report } from '../contract.ts';
import { csvCell } from '../csv.ts';
import { FOCUS_COLUMNS, type FocusColumn, type FocusRow } from './columns.ts';
import { focusRows } from './rows.ts';

const COLUMNS = Object.keys(FOCUS_COLUMNS) as FocusColumn[];

export function focusCsv(report: Report): string {
  const lines = [COLUMNS, ...focusRows(report).map(cellsOf)].map((cells) => cells.join(','));
  return `${lines.join('\r\n')}\r\n`;
}

const cellsOf = (row: FocusRow): string[] =>
  COLUMNS.map((column) => {
    const value = row[column];
    return value === null ? '' : typeof value === 'number' ? plainDecimal(value) : csvCell(value);
  });

/** As String gives it, but never with an exponent: 1e-7 is 0.0000001. */
export function plainDecimal(value: number): string {
  const text = String(value);
  const [, sign = '', digits = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return Object.is(value, -0) ? '0' : text;
  const shift = Number(exponent);
  const all = digits + fraction;
  const point = digits.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return `${sign}${all.padEnd(point, '0')}`;
}
