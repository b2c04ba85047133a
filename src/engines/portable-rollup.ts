/**
 * The roll-up as SQL that runs unchanged on ClickHouse (18.16 too) and DuckDB, so that the data stays where it lies and
 * only sums come back. Takes columns of a table; gives statements, which portable-reading.ts runs.
 *
 * One level of SELECT with every expression repeated in GROUP BY: a Distributed table then sums on its shards. No dates,
 * ordinals, parameters or FILTER. Rows that cannot be counted are rejects, the same whatever is summed.
 */
import { COUNT_METERS, type CountMeter, METERS, SERVICE_TIERS, TOKEN_METERS } from '../meters.ts';
import { type Adapter, inclusions } from '../trace/adapter.ts';
import { canonical } from '../trace/adapters/canonical.ts';
import { LABEL_FIELDS, type LabelField } from '../trace/request.ts';

export const TEXT_FIELDS = ['seller', 'model', 'feature', 'tier'] as const;
export const ROLLUP_FIELDS = [
  'time_ms',
  ...TEXT_FIELDS,
  ...LABEL_FIELDS,
  'status',
  'billed_nano_usd',
  ...COUNT_METERS,
] as const;
export type RollupField = (typeof ROLLUP_FIELDS)[number];
export const NEEDED_FIELDS = ['time_ms', 'input_tokens', 'output_tokens'] as const;

export type TimeUnit = 's' | 'ms' | 'us' | 'ns';
export type MoneyUnit = 'usd' | 'usd_cents' | 'usd_nano';

export interface SqlColumn {
  /** A quoted identifier, or an expression of the engine's own: a number for time, status, bills and counts, else a text. */
  readonly sql: string;
  /** As a person knows the column. */
  readonly name: string;
  /** Of a time. Default `ms`. */
  readonly time_unit?: TimeUnit;
  /** Of a bill. Default `usd`. */
  readonly money_unit?: MoneyUnit;
  /** Values may be fractions, which are checked for. */
  readonly is_float?: boolean;
  /** The type holds nothing but whole numbers from 0 to 2^53 - 1, and no NULL: no row can fail, so none is checked. */
  readonly always_fits?: boolean;
}

export type SqlColumns = Readonly<Partial<Record<RollupField, SqlColumn>>> &
  Readonly<Record<(typeof NEEDED_FIELDS)[number], SqlColumn>>;

export interface PortableSource {
  /** What stands after FROM: a quoted name, or a sub-query in parentheses. */
  readonly relation: string;
  readonly columns: SqlColumns;
  readonly input_includes?: Adapter['input_includes'];
  readonly output_includes?: Adapter['output_includes'];
  /** Condition on rows; the others count as not there. */
  readonly where?: string;
}

export interface PortableStatements {
  /** `tg_rows` of all rows. */
  readonly count: string;
  /** By `reason` (0: counted, else 1 + index into `reasons`): `tg_rows`, first and last time, the largest of every sum's values. */
  readonly checks: string;
  readonly groups: string;
  readonly minutes: string;
  /** By each label that is mapped, `tg_label`, and the keys of groups but the hour; what failed unused is left out. */
  readonly labels: readonly { readonly field: LabelField; readonly sql: string }[];
  /** Some rejected rows, with their `reason` and the mapped columns by their field. */
  readonly rejects: string;
  readonly reasons: readonly string[];
}

/** Counts go up to here: JavaScript's exact integers. */
export const MOST = Number.MAX_SAFE_INTEGER;
export const MOST_INT64 = 2n ** 63n - 1n;
const PER_SECOND = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n } as const;
const NANO_PER = { usd: 1_000_000_000, usd_cents: 10_000_000, usd_nano: 1 } as const;
/** 3000-01-01, in seconds. */
const TIME_END = 32_503_680_000n;
const SHOWN_REJECTS = 20;
/** More groups by one label are not fetched: they come at once. */
export const MOST_LABEL_GROUPS = 300_000;

/** The statements; `size_edges_tokens` are all prompt sizes from which any price changes, ascending. */
export function portableStatements(source: PortableSource, size_edges_tokens: readonly number[]): PortableStatements {
  const { relation, columns, where } = source;
  const reject = rejectExpression(source);
  const keys = keyExpressions(source, size_edges_tokens);
  const sums = sumExpressions(source);
  const from = (...conditions: (string | undefined)[]): string => {
    const all = conditions.filter((condition) => condition !== undefined).map((condition) => `(${condition})`);
    return `FROM ${relation}${all.length === 0 ? '' : `\nWHERE ${all.join('\n  AND ')}`}`;
  };
  const valid = `${reject.sql} = 0`;
  const time = integer(columns.time_ms, lastTime(columns.time_ms));
  const minute = periods(time, columns.time_ms, 60n);
  const named = (entries: readonly Named[]): string => entries.map(({ sql, as }) => `${sql} AS ${as}`).join(',\n  ');
  const summed = sums.map(({ sql, as }) => ({ sql: `sum(${sql})`, as }));
  const extremes = sums.flatMap(({ sql, as }) => [
    { sql: `max(${sql})`, as: `${as}_most` },
    ...(as === BILLED ? [{ sql: `min(${sql})`, as: `${as}_least` }] : []),
  ]);
  const raw = ROLLUP_FIELDS.flatMap((field) =>
    columns[field] === undefined ? [] : [{ sql: columns[field].sql, as: `tg_raw_${field}` }],
  );
  return {
    count: `SELECT count(*) AS tg_rows\n${from(where)}`,
    checks: `SELECT ${named([{ sql: reject.sql, as: 'tg_reason' }, { sql: `min(${time})`, as: 'tg_first' }, { sql: `max(${time})`, as: 'tg_last' }, ...extremes])},\n  count(*) AS tg_rows\n${from(where)}\nGROUP BY ${reject.sql}`,
    groups: `SELECT ${named([...keys, ...summed])},\n  count(*) AS tg_rows\n${from(where, valid)}\nGROUP BY ${keys.map(({ sql }) => sql).join(',\n  ')}`,
    minutes: `SELECT ${minute} AS tg_minute, count(*) AS tg_rows\n${from(where, valid)}\nGROUP BY ${minute}`,
    labels: LABEL_FIELDS.flatMap((field) => {
      const column = columns[field];
      if (column === undefined) return [];
      const by = [{ sql: textOf(column), as: 'tg_label' }, ...keys.filter(({ as }) => !NOT_OF_LABELS.has(as))];
      const used = keys.find(({ as }) => as === FAILED);
      return [
        {
          field,
          sql: `SELECT ${named([...by, ...summed])},\n  count(*) AS tg_rows\n${from(where, valid, used && `${used.sql} = 0`)}\nGROUP BY ${by.map(({ sql }) => sql).join(',\n  ')}\nLIMIT ${MOST_LABEL_GROUPS + 1}`,
        },
      ];
    }),
    rejects: `SELECT ${named([{ sql: reject.sql, as: 'tg_reason' }, ...raw])}\n${from(where, `${reject.sql} > 0`)}\nLIMIT ${SHOWN_REJECTS}`,
    reasons: reject.reasons,
  };
}

interface Named {
  readonly sql: string;
  readonly as: string;
}

/** The column's value where it lies in 0..most, else 0: casts never see what they would wrap, round or refuse. */
const integer = ({ sql, always_fits }: SqlColumn, most: bigint | number = MOST): string =>
  always_fits === true
    ? `CAST(${sql} AS BIGINT)`
    : `CAST(coalesce(CASE WHEN ${sql} >= 0 AND ${sql} <= ${most} THEN ${sql} ELSE 0 END, 0) AS BIGINT)`;

export const unitOf = ({ time_unit = 'ms' }: SqlColumn): bigint => PER_SECOND[time_unit];

/** The last instant that is read, in the column's unit: the end of 2999, or of what 64 bits hold. */
const lastTime = (column: SqlColumn): bigint => {
  const end = TIME_END * unitOf(column) - 1n;
  return end < MOST_INT64 ? end : MOST_INT64;
};

/**
 * Whole periods since 1970; `/` is exact here whether it divides floats or integers, up to one rounding of the last bit.
 * 18.16 gives a remainder the width of its divisor, and wraps: the divisor has to be wide.
 */
const periods = (time: string, column: SqlColumn, seconds: bigint): string => {
  const length = `CAST(${seconds * unitOf(column)} AS BIGINT)`;
  return `(${time} - ${time} % ${length}) / ${length}`;
};

const nanoExpression = ({ sql, money_unit = 'usd' }: SqlColumn): string => {
  const most = billedMost(money_unit);
  const inRange = `coalesce(CASE WHEN ${sql} >= -${most} AND ${sql} <= ${most} THEN ${sql} ELSE 0 END, 0)`;
  return money_unit === 'usd_nano'
    ? `CAST(${inRange} AS BIGINT)`
    : `CAST(floor(CAST(${inRange} AS DOUBLE) * ${NANO_PER[money_unit]} + 0.5) AS BIGINT)`;
};

const billedMost = (unit: MoneyUnit): number => Math.floor(MOST / NANO_PER[unit]);

export const mappedCounts = (columns: SqlColumns): CountMeter[] =>
  COUNT_METERS.filter((meter) => columns[meter] !== undefined);

/** Counts that another one holds too, of those that are mapped. */
export const includedIn = (source: PortableSource) =>
  inclusions({
    ...canonical,
    input_includes: source.input_includes ?? [],
    output_includes: source.output_includes ?? [],
  }).map(({ whole, parts, what }) => ({
    whole,
    what,
    parts: parts.filter((part) => source.columns[part] !== undefined),
  }));

/** 0, or 1 + the index of the first reason that holds. */
function rejectExpression(source: PortableSource): { readonly sql: string; readonly reasons: readonly string[] } {
  const { columns } = source;
  const { time_ms, tier, status, billed_nano_usd } = columns;
  const found: { when: string; reason: string }[] = [];
  const add = (when: string, reason: string): void => void found.push({ when, reason });
  add(`${time_ms.sql} IS NULL`, `${time_ms.name} is empty`);
  add(`NOT (${time_ms.sql} >= 0 AND ${time_ms.sql} <= ${lastTime(time_ms)})`, `${time_ms.name} is not in 1970 to 2999`);
  if (tier !== undefined) {
    const words = ['', ...SERVICE_TIERS].map((word) => `'${word}'`).join(', ');
    add(`${wordOf(tier)} NOT IN (${words})`, `${tier.name} is not one of ${SERVICE_TIERS.join(', ')}`);
  }
  const checkCount = (column: SqlColumn, required: boolean): void => {
    const { sql, name } = column;
    if (column.always_fits === true) return;
    if (required) add(`${sql} IS NULL`, `${name} is empty`);
    add(
      `${sql} IS NOT NULL AND NOT (${sql} >= 0 AND ${sql} <= ${MOST})`,
      `${name} is not a whole number from 0 to 2^53 - 1`,
    );
    if (column.is_float === true)
      add(`${sql} IS NOT NULL AND ${integer(column)} <> ${sql}`, `${name} is not a whole number`);
  };
  for (const meter of mappedCounts(columns))
    checkCount(
      columns[meter]!,
      NEEDED_FIELDS.some((field) => field === meter),
    );
  if (status !== undefined) checkCount(status, false);
  if (billed_nano_usd !== undefined) {
    const { sql, name, money_unit = 'usd' } = billed_nano_usd;
    const most = billedMost(money_unit);
    add(`${sql} IS NOT NULL AND NOT (${sql} >= -${most} AND ${sql} <= ${most})`, `${name} is not an amount of money`);
  }
  for (const { whole, parts, what } of includedIn(source)) {
    if (parts.length === 0) continue;
    const held = parts.map((part) => integer(columns[part]!)).join(' + ');
    add(`${integer(columns[whole]!)} < ${held}`, `${columns[whole]!.name} is less than the ${what} tokens in it`);
  }
  return {
    sql: `CASE ${found.map(({ when }, i) => `WHEN ${when} THEN ${i + 1}`).join(' ')} ELSE 0 END`,
    reasons: found.map(({ reason }) => reason),
  };
}

const textOf = ({ sql }: SqlColumn): string => `coalesce(${sql}, '')`;
const wordOf = (column: SqlColumn): string => `lower(${textOf(column)})`;

export const BILLED = 'tg_billed';
const HOUR = 'tg_hour';
const FAILED = 'tg_failed';
const HAS_BILLED = 'tg_has_billed';
const NOT_OF_LABELS: ReadonlySet<string> = new Set([HOUR, FAILED, HAS_BILLED]);
export const sumName = (meter: CountMeter): string => `tg_${meter}`;

function keyExpressions(source: PortableSource, edges: readonly number[]): Named[] {
  const { columns } = source;
  const { time_ms, status, billed_nano_usd } = columns;
  const keys = [{ sql: periods(integer(time_ms, lastTime(time_ms)), time_ms, 3600n), as: HOUR }];
  for (const field of TEXT_FIELDS) {
    const column = columns[field];
    if (column !== undefined) keys.push({ sql: field === 'tier' ? wordOf(column) : textOf(column), as: `tg_${field}` });
  }
  if (edges.length > 0) {
    const prompt = promptExpression(source);
    const bands = edges.map((edge, i) => `WHEN ${prompt} >= ${edge} THEN ${i + 1}`).reverse();
    keys.push({ sql: `CASE ${bands.join(' ')} ELSE 0 END`, as: 'tg_size' });
  }
  if (status !== undefined) {
    const nothing = mappedCounts(columns)
      .map((meter) => `${integer(columns[meter]!)} = 0`)
      .join(' AND ');
    keys.push({ sql: `CASE WHEN ${integer(status)} >= 400 AND ${nothing} THEN 1 ELSE 0 END`, as: FAILED });
  }
  if (billed_nano_usd !== undefined)
    keys.push({ sql: `CASE WHEN ${billed_nano_usd.sql} IS NOT NULL THEN 1 ELSE 0 END`, as: HAS_BILLED });
  return keys;
}

/** Tokens in the prompt: the input column, and the parts of a prompt that it does not hold. */
function promptExpression(source: PortableSource): string {
  const held = new Set(includedIn(source).flatMap(({ parts }) => parts));
  return TOKEN_METERS.filter(
    (meter) => METERS[meter].is_prompt && source.columns[meter] !== undefined && !held.has(meter),
  )
    .map((meter) => integer(source.columns[meter]!))
    .join(' + ');
}

function sumExpressions({ columns }: PortableSource): Named[] {
  const sums = mappedCounts(columns).map((meter) => ({ sql: integer(columns[meter]!), as: sumName(meter) }));
  const { billed_nano_usd } = columns;
  return billed_nano_usd === undefined ? sums : [...sums, { sql: nanoExpression(billed_nano_usd), as: BILLED }];
}
