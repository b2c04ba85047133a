/**
 * The casts, each in both dialects side by side: how a row reader reads a cell and how DuckDB SQL does. A cell is the
 * trimmed text of a CSV field, or a JSON value. What does not fit is a reject, never a rounded or guessed value.
 *
 * SQL never relies on a lenient cast: DuckDB rounds `12.5` to a whole number and drops `+02:00` from a timestamp, both
 * without a word, so each value comes with a condition under which it counts. A value that is NULL never does.
 */
import { assertNever } from '../errors.ts';
import type { ColumnRule, Container } from './adapter.ts';
import { DATE, ISO_INSTANT, parseDate, parseIso, parseSeconds } from './instant.ts';
import { NANO_USD } from './request.ts';

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

const MOST = Number.MAX_SAFE_INTEGER;
const INTEGER = '[0-9]{1,16}';
const DECIMAL = '[-]?[0-9]{1,30}(?:[.][0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?';
const isDecimal = new RegExp(`^${DECIMAL}$`);
const LIST = `${INTEGER}(?: ${INTEGER})*`;
const isList = new RegExp(`^${LIST}$`);

const matches = (text: string, pattern: string): string => `regexp_full_match(${text}, '${pattern}')`;

/** The cast of a rule, for the container in which its cells come. */
export function castOf(rule: ColumnRule, container: Container): CellCast {
  switch (rule.cast) {
    case 'integer':
      return container === 'csv' && rule.written_as === undefined ? csvInteger : jsonInteger;
    case 'decimal':
      return decimal(rule);
    case 'money':
      return money(rule);
    case 'text':
      return textOf(rule);
    case 'slug':
      return slug;
    case 'instant':
      return instant(rule, container);
    case 'enum':
      return oneOf(rule.values ?? {});
    case 'integer_list':
      return container === 'csv' ? csvList : jsonList;
    default:
      return assertNever(rule.cast);
  }
}

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

const longInteger: QuickCast = {
  value: (c) => `TRY_CAST(${c} AS BIGINT)`,
  certain: (c, v) => `CAST(${v} AS VARCHAR) = ${c} AND ${v} BETWEEN 0 AND ${MOST}`,
};

const csvInteger: CellCast = {
  expected: 'a whole number of 0 or more',
  read: (cell) => (typeof cell === 'string' ? digits(cell) : MISFIT),
  value: (t) => `TRY_CAST(${t} AS BIGINT)`,
  fits: (t, v) => `${matches(t, INTEGER)} AND ${v} <= ${MOST}`,
  quick: plainInteger,
  ofJson: (first) => `${first} = '"'`,
};

/** JSON has one kind of number, so 1e3 and 12.0 are whole there. */
const jsonInteger: CellCast = {
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
function decimal({ unit = 'ms', field }: ColumnRule): CellCast {
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
function money({ unit, field }: ColumnRule): CellCast {
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

/** A text; a part of it or another word for it where the rule says so. */
function textOf({ take, values }: ColumnRule): CellCast {
  const means = new Map(Object.entries(values ?? {}));
  const cut = (whole: string): string =>
    take === 'before_comma' ? whole.split(',')[0]!.trim() : take === 'undated' ? whole.replace(DATED, '') : whole;
  const cutSql = (t: string): string =>
    take === 'before_comma'
      ? `trim(split_part(${t}, ',', 1), ${SPACES})`
      : take === 'undated'
        ? `regexp_replace(${t}, '${DATED.source}', '')`
        : t;
  const words = [...means.keys()];
  return {
    expected: 'a text',
    read: (cell) => {
      if (typeof cell === 'object') return MISFIT;
      const part = cut(String(cell));
      return means.get(part.toLowerCase()) ?? part;
    },
    value: (t) =>
      words.length === 0
        ? cutSql(t)
        : `CASE lower(${cutSql(t)}) ${words.map((word) => `WHEN ${sqlWord(word)} THEN ${sqlWord(String(means.get(word)))}`).join(' ')} ELSE ${cutSql(t)} END`,
    fits: (t) => (words.length === 0 ? 'true' : isAscii(t)),
    ...(words.length === 0 && take === undefined ? { quick: plainText } : {}),
    ofJson: noObject,
  };
}

/** Without spaces around it, and not empty. */
const plainText: QuickCast = {
  value: (c) => c,
  certain: (c) => `${c} >= '!' AND NOT ends_with(${c}, ' ')`,
  takes_all: true,
};

const noObject = (first: string): string => `${first} NOT IN ('{', '[')`;

/** Lower case is the same in SQL for these. Other texts are told as misfits, which the row reader looks at again. */
const isAscii = (text: string): string => `strlen(${text}) = length(${text})`;

/** What JavaScript's trim takes away. */
const SPACES = `chr(9)||chr(10)||chr(11)||chr(12)||chr(13)||chr(32)||chr(160)||chr(5760)||${Array.from({ length: 11 }, (_, i) => `chr(${8192 + i})`).join('||')}||chr(8232)||chr(8233)||chr(8239)||chr(8287)||chr(12288)||chr(65279)`;

const DATED = /-20[0-9]{6}$/;

const slug: CellCast = {
  expected: 'a text',
  read: (cell) => (typeof cell === 'object' ? MISFIT : String(cell).toLowerCase().replaceAll(' ', '-')),
  value: (t) => `replace(lower(${t}), ' ', '-')`,
  fits: isAscii,
  ofJson: noObject,
};

function instant(rule: ColumnRule, container: Container): CellCast {
  switch (rule.unit) {
    case 'iso':
      return isoInstant;
    case 's':
      return epochSeconds;
    case 'date':
      return dayInstant;
    case 'ms':
      return { ...(container === 'csv' ? csvInteger : jsonInteger), quick: longInteger };
    case 'us':
      return epochDigits(3, 'microseconds');
    case 'ns':
      return epochDigits(6, 'nanoseconds');
    default:
      throw new Error(`an instant needs the unit iso, date, s, ms, us or ns: ${rule.field}`);
  }
}

/** Whole numbers too long for a double, as nanoseconds are: the last digits are cut off the text. */
const epochDigits = (cut: number, unit: string): CellCast => ({
  expected: `a whole number of ${unit} since 1970`,
  read: (cell) => {
    const digits = typeof cell === 'number' ? String(cell) : cell;
    return typeof digits === 'string' && /^[0-9]{1,19}$/.test(digits) ? Number(digits.slice(0, -cut)) : MISFIT;
  },
  value: (t) => `coalesce(TRY_CAST(nullif(left(${t}, greatest(length(${t}) - ${cut}, 0)), '') AS BIGINT), 0)`,
  fits: (t) => matches(t, '[0-9]{1,19}'),
});

/**
 * `2026-03-01T09:30:00Z`, with milliseconds or without. The pattern holds separators in place; that what stands between them
 * are digits follows from the cast, but for an hour below ten, which may have a space for its zero, or be 24, and `5.Z`.
 */
const utcInstant: QuickCast = {
  value: (c) => `TRY_CAST(${c} AS TIMESTAMP)`,
  certain: (c, v) => {
    const shape = (hour: string): string =>
      `CASE strlen(${c}) WHEN 24 THEN ${c} LIKE '____-__-__T${hour}:__:__.___Z' WHEN 20 THEN ${c} LIKE '____-__-__T${hour}:__:__Z' AND NOT ends_with(${c}, '.Z') ELSE false END`;
    return `CASE WHEN ${v} >= TIMESTAMP '1970-01-01' AND ${v} < TIMESTAMP '3000-01-01' THEN CASE WHEN epoch_ms(${v}) % 86400000 >= 36000000 THEN ${shape('__')} ELSE ${shape('0_')} END ELSE false END`;
  },
  result: (v) => `epoch_ms(${v})`,
};

/** SQL of an instant that is written with its seconds. */
const instantWithSeconds = (t: string): string => {
  const sign = `(strpos(substr(${t}, 20), '+') + strpos(substr(${t}, 20), '-'))`;
  const zone = `substr(${t}, 19 + ${sign})`;
  const minutes = `TRY_CAST(substr(${zone}, 2, 2) AS BIGINT) * 60 + CASE WHEN length(${zone}) > 3 THEN TRY_CAST(right(${zone}, 2) AS BIGINT) ELSE 0 END`;
  const offset = `(${minutes}) * CASE WHEN left(${zone}, 1) = '-' THEN -60000 ELSE 60000 END`;
  const local = `epoch_ms(TRY_CAST(trim(left(${t}, 18 + ${sign})) AS TIMESTAMP))`;
  return `CASE WHEN ${sign} > 0 THEN ${local} - ${offset} ELSE epoch_ms(TRY_CAST(${t} AS TIMESTAMP)) END`;
};

const isoInstant: CellCast = {
  expected: 'a date and time such as 2026-03-01T09:30:00Z',
  read: (cell) => (typeof cell === 'string' ? (parseIso(cell) ?? MISFIT) : MISFIT),
  value: (t) =>
    `CASE WHEN substr(${t}, 17, 1) = ':' THEN ${instantWithSeconds(t)} ELSE ${instantWithSeconds(`(left(${t}, 16) || ':00' || substr(${t}, 17))`)} END`,
  fits: (t) => matches(t, ISO_INSTANT),
  quick: utcInstant,
};

const dayInstant: CellCast = {
  expected: 'a date such as 2026-03-01',
  read: (cell) => (typeof cell === 'string' ? (parseDate(cell) ?? parseIso(cell) ?? MISFIT) : MISFIT),
  value: (t) =>
    `CASE WHEN length(${t}) = 10 THEN epoch_ms(TRY_CAST(${t} AS TIMESTAMP)) ELSE ${isoInstant.value(t)} END`,
  fits: (t) => `(${matches(t, DATE)} OR ${matches(t, ISO_INSTANT)})`,
  quick: utcInstant,
};

const epochSeconds: CellCast = {
  expected: 'a number of seconds since 1970',
  read: (cell) => (typeof cell === 'object' ? MISFIT : (parseSeconds(String(cell)) ?? MISFIT)),
  value: (t) =>
    `TRY_CAST(split_part(${t}, '.', 1) AS BIGINT) * 1000 + TRY_CAST(substr(rpad(split_part(${t}, '.', 2), 3, '0'), 1, 3) AS BIGINT)`,
  fits: (t) => matches(t, '[0-9]{1,12}(?:[.][0-9]{1,9})?'),
};

const sqlWord = (word: string | number): string =>
  typeof word === 'number' ? String(word) : `'${word.replaceAll("'", "''")}'`;

function oneOf(values: Readonly<Record<string, string | number>>): CellCast {
  const words = Object.keys(values);
  const means = new Map(Object.entries(values));
  const cases = words.map((word) => `WHEN ${sqlWord(word)} THEN ${sqlWord(values[word]!)}`).join(' ');
  return {
    expected: `one of ${words.join(', ')}`,
    read: (cell) => (typeof cell === 'object' ? MISFIT : (means.get(String(cell).toLowerCase()) ?? MISFIT)),
    value: (t) => `CASE lower(${t}) ${cases} END`,
    fits: isAscii,
    quick: { value: (c) => `CASE ${c} ${cases} END`, certain: (_, v) => `${v} IS NOT NULL` },
  };
}

const csvList: CellCast = {
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

const jsonList: CellCast = {
  expected: 'an array of whole numbers',
  read: (cell) =>
    Array.isArray(cell) && cell.every((item) => Number.isSafeInteger(item) && item >= 0)
      ? (cell as readonly number[])
      : MISFIT,
  value: (t) => `TRY_CAST(${t} AS BIGINT[])`,
  fits: (t, v) => `${matches(t, `\\[(?:${INTEGER}(?:, ?${INTEGER})*)?\\]`)} AND coalesce(list_max(${v}), 0) <= ${MOST}`,
  ofJson: (first) => `${first} = '['`,
};
