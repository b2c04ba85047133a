/** Casts of whole numbers, durations, amounts of money and lists of whole numbers. What has a fraction where none may be is a reject. */
import type { ColumnRule } from './adapter.ts';
import {
  type Cell,
  type CellCast,
  DECIMAL,
  INTEGER,
  isDecimal,
  MISFIT,
  MOST,
  matches,
  type QuickCast,
} from './cell-cast.ts';
import { NANO_USD } from './request.ts';

function digits(cell: string): number | typeof MISFIT {
  if (cell.length > 16) return MISFIT;
  let value = 0;
  for (let i = 0; i < cell.length; i++) {
    const digit = cell.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return MISFIT;
    value = value * 10 + digit;
  }
  return value <= MOST ? value : MISFIT;
}

/** Written back it is the same text, so there are only digits: cheaper than a pattern. 32 bits hold most counts. */
const plainInteger: QuickCast = {
  value: (c) => `TRY_CAST(${c} AS UINTEGER)`,
  certain: (c, v) => `CAST(${v} AS VARCHAR) = ${c}`,
  result: (v) => `CAST(${v} AS BIGINT)`,
};

export const csvInteger: CellCast = {
  expected: 'a whole number of 0 or more',
  read: (cell) => (typeof cell === 'string' ? digits(cell) : MISFIT),
  value: (t) => `TRY_CAST(${t} AS BIGINT)`,
  fits: (t, v) => `${matches(t, INTEGER)} AND ${v} <= ${MOST}`,
  quick: plainInteger,
  ofJson: (first) => `${first} = '"'`,
};

/** JSON has one kind of number, so 1e3 and 12.0 are whole there. */
export const jsonInteger: CellCast = {
  expected: csvInteger.expected,
  read: (cell) => {
    const value = numberOf(cell);
    return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : MISFIT;
  },
  value: (t) => `TRY_CAST(TRY_CAST(${t} AS DOUBLE) AS BIGINT)`,
  fits: (t, v) => `${matches(t, DECIMAL)} AND TRY_CAST(${t} AS DOUBLE) = ${v} AND ${v} BETWEEN 0 AND ${MOST}`,
  quick: plainInteger,
};

const numberOf = (cell: Cell): number | undefined =>
  typeof cell === 'number' ? cell : typeof cell === 'string' && isDecimal.test(cell) ? Number(cell) : undefined;

/** A duration in milliseconds, 0 or more. */
export function decimal({ unit = 'ms', field }: ColumnRule): CellCast {
  const factor = unit === 'ms' ? 1 : unit === 's' ? 1000 : unit === 'us' ? 0.001 : undefined;
  if (factor === undefined) throw new Error(`a duration needs the unit s, ms or us: ${field}`);
  return {
    expected: 'a number of 0 or more',
    read: (cell) => {
      const value = numberOf(cell);
      return value === undefined || !Number.isFinite(value) || value < 0 ? MISFIT : value * factor;
    },
    value: (t) => `TRY_CAST(${t} AS DOUBLE) * ${factor}`,
    fits: (t, v) => `${matches(t, DECIMAL)} AND isfinite(${v}) AND ${v} >= 0`,
  };
}

const NANO_PER = { usd: NANO_USD, usd_cents: NANO_USD / 100, usd_nano: 1 } as const;

/** Whole nano-dollars; may be negative, since an amount of money may be a credit. */
export function money({ unit, field }: ColumnRule): CellCast {
  if (unit !== 'usd' && unit !== 'usd_cents' && unit !== 'usd_nano')
    throw new Error(`money needs the unit usd, usd_cents or usd_nano: ${field}`);
  const nano = NANO_PER[unit];
  return {
    expected: 'an amount of money',
    read: (cell) => {
      const value = numberOf(cell);
      if (value === undefined) return MISFIT;
      const whole = Math.floor(value * nano + 0.5) + 0;
      return Number.isSafeInteger(whole) ? whole : MISFIT;
    },
    value: (t) => `TRY_CAST(floor(TRY_CAST(${t} AS DOUBLE) * ${nano} + 0.5) AS BIGINT)`,
    fits: (t, v) => `${matches(t, DECIMAL)} AND ${v} BETWEEN -${MOST} AND ${MOST}`,
  };
}

const LIST = `${INTEGER}(?: ${INTEGER})*`;
const isList = new RegExp(`^${LIST}$`);

export const csvList: CellCast = {
  expected: 'whole numbers separated by single spaces',
  read: (cell) => {
    if (typeof cell !== 'string' || !isList.test(cell)) return MISFIT;
    const numbers = cell.split(' ').map(Number);
    return numbers.every(Number.isSafeInteger) ? numbers : MISFIT;
  },
  value: (t) => `TRY_CAST(string_split(${t}, ' ') AS BIGINT[])`,
  fits: (t, v) => `${matches(t, LIST)} AND list_max(${v}) <= ${MOST}`,
  ofJson: (first) => `${first} = '"'`,
};

export const jsonList: CellCast = {
  expected: 'an array of whole numbers',
  read: (cell) =>
    Array.isArray(cell) && cell.every((item) => Number.isSafeInteger(item) && item >= 0)
      ? (cell as readonly number[])
      : MISFIT,
  value: (t) => `TRY_CAST(${t} AS BIGINT[])`,
  fits: (t, v) => `${matches(t, `\\[(?:${INTEGER}(?:, ?${INTEGER})*)?\\]`)} AND coalesce(list_max(${v}), 0) <= ${MOST}`,
  ofJson: (first) => `${first} = '['`,
};
