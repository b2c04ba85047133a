/** Casts of instants: written as ISO 8601 or as a date, or counted since 1970 in seconds, milli-, micro- or nanoseconds. */
import type { ColumnRule, Container } from './adapter.ts';
import { type CellCast, MISFIT, MOST, matches, type QuickCast } from './cell-cast.ts';
import { DATE, ISO_INSTANT, parseDate, parseIso, parseSeconds } from './instant.ts';
import { csvInteger, jsonInteger } from './number-casts.ts';

const longInteger: QuickCast = {
  value: (c) => `TRY_CAST(${c} AS BIGINT)`,
  certain: (c, v) => `CAST(${v} AS VARCHAR) = ${c} AND ${v} BETWEEN 0 AND ${MOST}`,
};

export function instant(rule: ColumnRule, container: Container): CellCast {
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

/** The year first, between dashes; seconds; no name of a zone. */
const asUsual = (t: string): string =>
  [
    [' ?(?:UTC|GMT)$', ''],
    ['^([0-9]{2})[.]([0-9]{2})[.]([0-9]{4})', '\\3-\\2-\\1'],
    ['^([0-9]{4})/([0-9]{2})/([0-9]{2})', '\\1-\\2-\\3'],
    ['^(.{16})($|[^:])', '\\1:00\\2'],
  ].reduce((text, [pattern, by]) => `regexp_replace(${text}, '${pattern}', '${by}')`, t);

const isoInstant: CellCast = {
  expected: 'a date and time such as 2026-03-01T09:30:00Z',
  read: (cell) => (typeof cell === 'string' ? (parseIso(cell) ?? MISFIT) : MISFIT),
  value: (t) =>
    `CASE WHEN substr(${t}, 17, 1) = ':' AND substr(${t}, 5, 1) = '-' AND right(${t}, 1) NOT IN ('C', 'T') THEN ${instantWithSeconds(t)} ELSE ${instantWithSeconds(`(${asUsual(t)})`)} END`,
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
