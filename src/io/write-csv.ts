/**
 * Rows to CSV text: RFC 4180 quoting, LF, one header row by convention of the caller.
 *
 * A text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return) gets a leading
 * apostrophe. Numbers stay numbers: a negative one is not a text.
 */

export type CsvCell = string | number | boolean | null | undefined;

export const csvText = (rows: readonly (readonly CsvCell[])[]): string => rows.map(csvLine).join('');

/** One row, with its LF. Most have no cell that needs quotes, and join() writes numbers and absent cells as they should be. */
export const csvLine = (row: readonly CsvCell[]): string =>
  `${(row.every(isPlain) ? row : row.map(cellText)).join(',')}\n`;

const isPlain = (cell: CsvCell): boolean => typeof cell !== 'string' || PLAIN.test(cell);
const PLAIN = /^(?:\w[\w.:/-]*)?$/;

function cellText(cell: CsvCell): string {
  if (cell === undefined || cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const inert = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
