/**
 * The roll-up as SQL that runs unchanged on ClickHouse (18.16 too) and DuckDB, so that the data stays where it lies and
 * only sums come back. Takes columns of a table; gives statements and their result as GroupedUsage.
 *
 * One level of SELECT with every expression repeated in GROUP BY: a Distributed table then sums on its shards. No dates,
 * ordinals, parameters or FILTER. Rows that cannot be counted are rejects, the same whatever is summed. Nothing is rounded:
 * a number above 2^53, or a table that changes meanwhile, is an InputError.
 */
import { inputError } from '../errors.ts';
import {
  COUNT_METERS,
  type CountMeter,
  METERS,
  NO_COUNTS,
  SERVICE_TIERS,
  type ServiceTier,
  TOKEN_METERS,
} from '../meters.ts';
import { ABSENT, type Adapter, inclusions } from '../trace/adapter.ts';
import { canonical } from '../trace/adapters/canonical.ts';
import type { TraceRequest } from '../trace/request.ts';
import type { GroupedUsage } from '../usage/grouped.ts';

export const TEXT_FIELDS = ['seller', 'model', 'feature', 'tier'] as const;
export const ROLLUP_FIELDS = ['time_ms', ...TEXT_FIELDS, 'status', 'billed_nano_usd', ...COUNT_METERS] as const;
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
  /** `n` of all rows. */
  readonly count: string;
  /** By `reason` (0: counted, else 1 + index into `reasons`): `n`, first and last time, the largest of every sum's values. */
  readonly checks: string;
  readonly groups: string;
  readonly minutes: string;
  /** Some rejected rows, with their `reason` and the mapped columns by their field. */
  readonly rejects: string;
  readonly reasons: readonly string[];
}

const MOST = Number.MAX_SAFE_INTEGER;
const MOST_INT64 = 2n ** 63n - 1n;
const PER_SECOND = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n } as const;
const NANO_PER = { usd: 1_000_000_000, usd_cents: 10_000_000, usd_nano: 1 } as const;
/** 3000-01-01, in seconds. */
const TIME_END = 32_503_680_000n;
const SHOWN_REJECTS = 20;

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
  const extremes = sums.flatMap(({ sql, as }) => [
    { sql: `max(${sql})`, as: `${as}_most` },
    ...(as === BILLED ? [{ sql: `min(${sql})`, as: `${as}_least` }] : []),
  ]);
  const raw = ROLLUP_FIELDS.flatMap((field) =>
    columns[field] === undefined ? [] : [{ sql: columns[field].sql, as: `tg_raw_${field}` }],
  );
  return {
    count: `SELECT count(*) AS n\n${from(where)}`,
    checks: `SELECT ${named([{ sql: reject.sql, as: 'tg_reason' }, { sql: `min(${time})`, as: 'tg_first' }, { sql: `max(${time})`, as: 'tg_last' }, ...extremes])},\n  count(*) AS n\n${from(where)}\nGROUP BY ${reject.sql}`,
    groups: `SELECT ${named([...keys, ...sums.map(({ sql, as }) => ({ sql: `sum(${sql})`, as }))])},\n  count(*) AS n\n${from(where, valid)}\nGROUP BY ${keys.map(({ sql }) => sql).join(',\n  ')}`,
    minutes: `SELECT ${minute} AS tg_minute, count(*) AS n\n${from(where, valid)}\nGROUP BY ${minute}`,
    rejects: `SELECT ${named([{ sql: reject.sql, as: 'tg_reason' }, ...raw])}\n${from(where, `${reject.sql} > 0`)}\nLIMIT ${SHOWN_REJECTS}`,
    reasons: reject.reasons,
  };
}

interface Named {
  readonly sql: string;
  readonly as: string;
}

/** The column's value where it lies in 0..most, else 0: casts never see what they would wrap, round or refuse. */
const integer = ({ sql }: SqlColumn, most: bigint | number = MOST): string =>
  `CAST(coalesce(CASE WHEN ${sql} >= 0 AND ${sql} <= ${most} THEN ${sql} ELSE 0 END, 0) AS BIGINT)`;

const unitOf = ({ time_unit = 'ms' }: SqlColumn): bigint => PER_SECOND[time_unit];

/** The last instant that is read, in the column's unit: the end of 2999, or of what 64 bits hold. */
const lastTime = (column: SqlColumn): bigint => {
  const end = TIME_END * unitOf(column) - 1n;
  return end < MOST_INT64 ? end : MOST_INT64;
};

/** Whole periods since 1970; `/` is exact here whether it divides floats or integers, up to one rounding of the last bit. */
const periods = (time: string, column: SqlColumn, seconds: bigint): string => {
  const length = seconds * unitOf(column);
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

const mappedCounts = (columns: SqlColumns): CountMeter[] =>
  COUNT_METERS.filter((meter) => columns[meter] !== undefined);

/** Counts that another one holds too, of those that are mapped. */
const includedIn = (source: PortableSource) =>
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

const BILLED = 'tg_billed';
const sumName = (meter: CountMeter): string => `tg_${meter}`;

function keyExpressions(source: PortableSource, edges: readonly number[]): Named[] {
  const { columns } = source;
  const { time_ms, status, billed_nano_usd } = columns;
  const keys = [{ sql: periods(integer(time_ms, lastTime(time_ms)), time_ms, 3600n), as: 'tg_hour' }];
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
    keys.push({ sql: `CASE WHEN ${integer(status)} >= 400 AND ${nothing} THEN 1 ELSE 0 END`, as: 'tg_failed' });
  }
  if (billed_nano_usd !== undefined)
    keys.push({ sql: `CASE WHEN ${billed_nano_usd.sql} IS NOT NULL THEN 1 ELSE 0 END`, as: 'tg_has_billed' });
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

/** A row of a result, by column. 64-bit integers come as number, bigint or decimal text, as the engine does. */
export type ResultRow = Readonly<Record<string, unknown>>;

export interface PortableRun {
  /** Runs a statement and hands over its rows. */
  readonly query: (sql: string) => Promise<readonly ResultRow[]>;
  /** Names the source in messages. */
  readonly path: string;
  readonly onStep?: ((step: number, steps: number, what: string) => void) | undefined;
}

export interface RejectedRows {
  readonly reason: string;
  readonly rows: number;
  /** Some of them: the mapped columns as JSON. */
  readonly samples: readonly string[];
}

export interface PortableReading extends GroupedUsage {
  /** Requests counted. */
  readonly rows: number;
  readonly rejected: number;
  readonly rejects: readonly RejectedRows[];
}

const STEPS = ['counting rows', 'checking rows', 'summing', 'counting by minute', 'counting again'] as const;

/** Runs all statements and checks that they speak of the same rows. */
export async function rollUpPortably(
  source: PortableSource,
  size_edges_tokens: readonly number[],
  { query, path, onStep }: PortableRun,
): Promise<PortableReading> {
  const statements = portableStatements(source, size_edges_tokens);
  const step = (done: number): void => onStep?.(done, STEPS.length, STEPS[done] ?? 'done');
  const total = async (): Promise<number> => whole((await query(statements.count))[0]?.n, 'rows', path);

  step(0);
  const before = await total();
  step(1);
  const checks = await query(statements.checks);
  const countOf = (row: ResultRow | undefined): number => (row === undefined ? 0 : whole(row.n, 'rows', path));
  const valid = checks.find(({ tg_reason }) => Number(tg_reason) === 0);
  const rows = countOf(valid);
  if (valid !== undefined) checkNoWrap(valid, rows, path);
  const failing = checks.filter((row) => row !== valid);
  const rejected = failing.reduce((sum, row) => sum + countOf(row), 0);
  const samples = rejected === 0 ? [] : await query(statements.rejects);
  step(2);
  const groups = (await query(statements.groups)).map((row) => groupOf(row, source, size_edges_tokens, path));
  step(3);
  const requests_per_minute = new Map(
    (await query(statements.minutes))
      .map((row) => [whole(row.tg_minute, 'minutes', path), countOf(row)] as const)
      .sort(([a], [b]) => a - b),
  );
  step(4);
  const after = await total();
  checkSameRows(path, {
    'before the roll-up': before,
    'checked one by one': rows + rejected,
    'summed or rejected': groups.reduce((sum, { requests }) => sum + requests!, rejected),
    'counted by minute or rejected': [...requests_per_minute.values()].reduce((sum, n) => sum + n, rejected),
    'after it': after,
  });
  step(5);
  return {
    groups,
    window: valid === undefined || rows === 0 ? undefined : windowOf(valid, source.columns.time_ms),
    requests_per_minute,
    rows,
    rejected,
    rejects: failing
      .map((row) => ({
        reason: statements.reasons[Number(row.tg_reason) - 1]!,
        rows: countOf(row),
        samples: samples.filter(({ tg_reason }) => Number(tg_reason) === Number(row.tg_reason)).map(shownRow),
      }))
      .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1)),
  };
}

function checkSameRows(path: string, counts: Readonly<Record<string, number>>): void {
  if (new Set(Object.values(counts)).size === 1) return;
  const told = Object.entries(counts).map(([when, rows]) => `${rows} ${when}`);
  throw inputError(
    'ENGINE_ROWS',
    path,
    `the number of rows is not the same throughout: ${told.join(', ')}. If rows are being added, give "until", an instant after which none are read; if not, parts of the table cannot be reached. No numbers are given`,
  );
}

/** Engines wrap 64-bit sums without a word, so a wrap must be impossible, not looked for. */
function checkNoWrap(valid: ResultRow, rows: number, path: string): void {
  for (const [name, value] of Object.entries(valid)) {
    const extreme = /^tg_(.*)_(?:most|least)$/.exec(name);
    if (extreme === null) continue;
    const most = bigintOf(value, path);
    if ((most < 0n ? -most : most) * BigInt(rows) > MOST_INT64)
      throw inputError(
        'ENGINE_OVERFLOW',
        path,
        `${extreme[1]} is as large as ${most} in ${rows} rows: their sum could pass 2^63, and the engine would not say so`,
      );
  }
}

function groupOf(row: ResultRow, source: PortableSource, edges: readonly number[], path: string): TraceRequest {
  const { columns } = source;
  const counts: Record<CountMeter, number> = { ...NO_COUNTS };
  for (const meter of mappedCounts(columns)) counts[meter] = whole(row[sumName(meter)], meter, path);
  for (const { whole, parts } of includedIn(source)) for (const part of parts) counts[whole] -= counts[part];
  const size = Number(row.tg_size ?? 0);
  return {
    ...ABSENT,
    ...counts,
    time_ms: whole(row.tg_hour, 'hours', path) * 3_600_000,
    requests: whole(row.n, 'requests', path),
    seller: textIn(row.tg_seller),
    model: textIn(row.tg_model),
    feature: textIn(row.tg_feature),
    tier: (textIn(row.tg_tier) ?? 'standard') as ServiceTier,
    status: Number(row.tg_failed ?? 0) === 1 ? 500 : undefined,
    context_from_tokens: size === 0 ? 0 : edges[size - 1]!,
    billed_nano_usd: Number(row.tg_has_billed ?? 0) === 1 ? whole(row[BILLED], 'billed nano-dollars', path) : undefined,
  };
}

/** Without spaces at either end, as the row reader has it. */
const textIn = (value: unknown): string | undefined => String(value ?? '').replace(/^ +| +$/g, '') || undefined;

function windowOf(valid: ResultRow, column: SqlColumn): GroupedUsage['window'] {
  const ms = (value: unknown): number => Number((bigintOf(value, column.name) * 1000n) / unitOf(column));
  return { from_ms: ms(valid.tg_first), until_ms: ms(valid.tg_last) + 1 };
}

/** Hours and minutes may come as a float that division left a bit off a whole number. */
const bigintOf = (value: unknown, path: string): bigint => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.round(value));
  if (typeof value === 'string' && /^-?[0-9]+$/.test(value)) return BigInt(value);
  throw new Error(`${path}: ${String(value)} is not an integer`);
};

function whole(value: unknown, what: string, path: string): number {
  const exact = bigintOf(value, path);
  if (exact <= BigInt(MOST) && exact >= -BigInt(MOST)) return Number(exact);
  throw inputError(
    'ENGINE_OVERFLOW',
    path,
    `the sum of ${what} of one group is ${exact}, beyond 2^53: not exact any more`,
  );
}

const shownRow = (row: ResultRow): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => name.startsWith('tg_raw_'))
        .map(([name, value]) => [name.slice('tg_raw_'.length), typeof value === 'bigint' ? value.toString() : value]),
    ),
  ).slice(0, 500);
