/**
 * Runs the portable statements on an engine and reads what comes back as GroupedUsage.
 *
 * Nothing is rounded and nothing is taken on trust: all statements must speak of the same number of rows, a number above
 * 2^53 or a sum that might wrap is an InputError. Knows no engine: a function that runs a statement is its argument.
 */
import { inputError } from '../errors.ts';
import { type CountMeter, NO_COUNTS, type ServiceTier } from '../meters.ts';
import { ABSENT } from '../trace/adapter.ts';
import type { LabelField, TraceRequest } from '../trace/request.ts';
import type { GroupedLabels, GroupedUsage } from '../usage/grouped.ts';
import { GroupedLabelSums } from './grouped-labels.ts';
import {
  BILLED,
  includedIn,
  MOST,
  MOST_INT64,
  MOST_LABEL_GROUPS,
  mappedCounts,
  type PortableSource,
  portableStatements,
  type SqlColumn,
  sumName,
  unitOf,
} from './portable-rollup.ts';

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
  /** Labels of which there are too many groups to be fetched. */
  readonly unread_labels: readonly LabelField[];
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
  const total = async (): Promise<number> => whole((await query(statements.count))[0]?.tg_rows, 'rows', path);

  step(0);
  const before = await total();
  step(1);
  const checks = await query(statements.checks);
  const countOf = (row: ResultRow | undefined): number => (row === undefined ? 0 : whole(row.tg_rows, 'rows', path));
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
  const failed = groups.reduce((sum, { status, requests }) => sum + (status === undefined ? 0 : requests!), 0);
  const by_label: Record<string, number> = {};
  const labels: Partial<Record<LabelField, GroupedLabels>> = {};
  const unread_labels: LabelField[] = [];
  for (const { field, sql } of statements.labels) {
    const found = await query(sql);
    if (found.length > MOST_LABEL_GROUPS) {
      unread_labels.push(field);
      continue;
    }
    const sums = new GroupedLabelSums();
    let counted = 0;
    for (const row of found) {
      const group = groupOf(row, source, size_edges_tokens, path);
      counted += group.requests!;
      const label = textIn(row.tg_label);
      if (label !== undefined) sums.add(label, sums.kind(group), { ...group, requests: group.requests! });
    }
    by_label[`summed by ${field}, failed or rejected`] = counted + failed + rejected;
    labels[field] = sums.grouped();
  }
  step(4);
  const after = await total();
  checkSameRows(path, {
    'before the roll-up': before,
    'checked one by one': rows + rejected,
    'summed or rejected': groups.reduce((sum, { requests }) => sum + requests!, rejected),
    'counted by minute or rejected': [...requests_per_minute.values()].reduce((sum, n) => sum + n, rejected),
    ...by_label,
    'after it': after,
  });
  step(5);
  return {
    groups,
    window: valid === undefined || rows === 0 ? undefined : windowOf(valid, source.columns.time_ms),
    requests_per_minute,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    unread_labels,
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
    time_ms: row.tg_hour === undefined ? 0 : whole(row.tg_hour, 'hours', path) * 3_600_000,
    requests: whole(row.tg_rows, 'requests', path),
    seller: textIn(row.tg_seller),
    model: textIn(row.tg_model),
    feature: textIn(row.tg_feature),
    tier: (textIn(row.tg_tier) ?? 'standard') as ServiceTier,
    status: Number(row.tg_failed ?? 0) === 1 ? 500 : undefined,
    context_from_tokens: size === 0 ? 0 : edges[size - 1]!,
    billed_nano_usd: Number(row.tg_has_billed ?? 0) === 1 ? whole(row[BILLED], 'billed nano-dollars', path) : undefined,
  };
}

const NEARLY_WHOLE = 1e-6;

/** Without spaces at either end, as the row reader has it. */
const textIn = (value: unknown): string | undefined => String(value ?? '').replace(/^ +| +$/g, '') || undefined;

function windowOf(valid: ResultRow, column: SqlColumn): GroupedUsage['window'] {
  const ms = (value: unknown): number => Number((bigintOf(value, column.name) * 1000n) / unitOf(column));
  return { from_ms: ms(valid.tg_first), until_ms: ms(valid.tg_last) + 1 };
}

/** Hours and minutes come as floats, which division of nanoseconds may leave a bit off a whole number. */
const bigintOf = (value: unknown, path: string): bigint => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Math.abs(value - Math.round(value)) < NEARLY_WHOLE) return BigInt(Math.round(value));
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
