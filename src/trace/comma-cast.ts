/**
 * Numbers as they are written where a comma stands before the fraction: `1.234,5` is 1234.5, `1.234` is 1234. Takes the cast
 * of a number and gives one whose cells are rewritten first; it guesses nothing, a mapping says so of a whole log.
 */
import { type CellCast, MISFIT, matches } from './cell-cast.ts';

const COMMA_NUMBER = '[-]?(?:[0-9]{1,3}(?:[.][0-9]{3})+|[0-9]{1,30})(?:,[0-9]{1,40})?';
const isCommaNumber = new RegExp(`^${COMMA_NUMBER}$`);

/** `1.234,5` -> `1234.5`; undefined: no such number. */
export const withPoint = (text: string): string | undefined =>
  isCommaNumber.test(text) ? text.replaceAll('.', '').replace(',', '.') : undefined;

const sqlWithPoint = (text: string): string => `replace(replace(${text}, '.', ''), ',', '.')`;

export function commaCast({ expected, read, value, fits }: CellCast): CellCast {
  return {
    expected: `${expected}, with a comma before the fraction`,
    read: (cell) => {
      const text = typeof cell === 'string' ? withPoint(cell) : undefined;
      return text === undefined ? MISFIT : read(text);
    },
    value: (t) => value(sqlWithPoint(t)),
    fits: (t, v) => `${matches(t, COMMA_NUMBER)} AND ${fits(sqlWithPoint(t), v)}`,
  };
}
