import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type PortableReading, rollUpPortably } from '../../src/engines/portable-reading.ts';
import {
  type PortableSource,
  portableStatements,
  type SqlColumn,
  type SqlColumns,
} from '../../src/engines/portable-rollup.ts';
import { InputError } from '../../src/errors.ts';
import { readTrace } from '../../src/io/read-trace.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import type { UsageTable } from '../../src/usage/table.ts';
import { inDuckdb } from '../peers/in-duckdb.ts';
import { COLUMNS, csvOf, DIRTY, digestOf, dirtyRows, EDGES, SIZE_EDGES, seededRows } from '../peers/seeded-traffic.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-portable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const column = (name: string, more: Partial<SqlColumn> = {}): SqlColumn => ({ sql: `"${name}"`, name, ...more });
const CANONICAL = Object.fromEntries(
  COLUMNS.map((name) => [name === 'billed_usd' ? 'billed_nano_usd' : name, column(name)]),
) as SqlColumns;

/** The CSV as a table of typed columns. */
const tableFrom = (file: string): string => {
  const types = COLUMNS.map((name) => {
    const text = ['seller', 'model', 'tier', 'feature', 'team', 'user'].includes(name);
    return `'${name}': '${text ? 'VARCHAR' : name === 'billed_usd' ? 'DOUBLE' : 'BIGINT'}'`;
  });
  return `CREATE TABLE t AS SELECT * FROM read_csv('${file}', auto_detect=false, header=true, delim=',', columns={${types.join(', ')}})`;
};

const rolledUp = (reading: PortableReading): UsageTable => {
  const rollup = createRollup({ edges: EDGES });
  rollup.addGrouped(reading);
  return rollup.table();
};

const tokens = (fields: string): string =>
  `CREATE TABLE t AS SELECT * FROM (VALUES ${fields}) AS v(time_ms, input_tokens, output_tokens, cache_read_tokens)`;
const FOUR: PortableSource = {
  relation: 't',
  columns: {
    time_ms: column('time_ms'),
    input_tokens: column('input_tokens'),
    output_tokens: column('output_tokens'),
    cache_read_tokens: column('cache_read_tokens'),
  },
};
const told = async (work: Promise<unknown>): Promise<InputError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
};

test('gives the usage table of the row reader, to the last integer', async () => {
  const file = path.join(folder, 'seeded.csv');
  writeFileSync(file, csvOf(seededRows(5000)));
  const rows = createRollup({ edges: EDGES });
  let billed = 0;
  const bare = await readTrace(file, (request) => {
    rows.add(request);
    billed += request.billed_nano_usd ?? 0;
  });
  const reading = await inDuckdb([tableFrom(file)], { relation: 't', columns: CANONICAL }, SIZE_EDGES);
  expect(reading).toMatchObject({ rows: bare.rows, rejected: 0, rejects: [] });
  expect(rolledUp(reading)).toEqual(rows.table());
  expect(digestOf(rolledUp(reading))).toBe(digestOf(rows.table()));
  expect(reading.groups.reduce((sum, group) => sum + (group.billed_nano_usd ?? 0), 0)).toBe(billed);
  expect(rows.table().failed_requests).toBeGreaterThan(0);
  const { labels } = rows.table();
  expect([...new Set(labels!.team!.rows.map(({ label }) => label))]).toEqual(['blue', "l'équipe", 'red']);
  expect(labels!.user!.rows.length).toBeGreaterThan(100);
  expect(reading.unread_labels).toEqual([]);
});

test('rejects the rows that the row reader rejects, each under its reason and with its values', async () => {
  const file = path.join(folder, 'dirty.csv');
  writeFileSync(file, csvOf([...seededRows(50), ...dirtyRows()]));
  const rows = createRollup({ edges: EDGES });
  const bare = await readTrace(file, (request) => rows.add(request), { max_reject_fraction: 1 });
  const reading = await inDuckdb([tableFrom(file)], { relation: 't', columns: CANONICAL }, SIZE_EDGES);
  // A year past 2999 passes as a number of milliseconds in a CSV; a table is held to the range of dates.
  expect([bare.rejected, reading.rejected]).toEqual([DIRTY.length - 1, DIRTY.length]);
  for (const [, reason] of DIRTY)
    expect(reading.rejects.filter((reject) => reject.reason.startsWith(reason)).map(({ rows: n }) => n)).toEqual([1]);
  expect(reading.rejects.find(({ reason }) => reason.startsWith('tier'))?.samples[0]).toContain('"tier":"urgent"');
});

test('the same rows are rejected whatever else is summed', async () => {
  const table = tokens('(0, 1, 1, -1), (0, 2, 2, 0), (0, NULL, 2, 0)');
  const all = await inDuckdb([table], FOUR, []);
  const banded = await inDuckdb([table], FOUR, [10]);
  expect([all.rows, all.rejected, banded.rows, banded.rejected]).toEqual([1, 2, 1, 2]);
});

test('takes what the input holds too out of it, and rejects an input that is smaller', async () => {
  const source: PortableSource = { ...FOUR, input_includes: ['cache_read'] };
  const reading = await inDuckdb([tokens('(3600000, 100, 1, 30), (3600001, 20, 1, 30)')], source, [100]);
  expect(reading).toMatchObject({
    rows: 1,
    rejects: [{ reason: 'input_tokens is less than the cache tokens in it', rows: 1 }],
    groups: [{ time_ms: 3_600_000, input_tokens: 70, cache_read_tokens: 30, requests: 1, context_from_tokens: 100 }],
    window: { from_ms: 3_600_000, until_ms: 3_600_001 },
  });
});

test('a prompt stands in the band from whose edge on it counts, cached tokens with it', async () => {
  const table = tokens('(0, 199999, 1, 1), (0, 200000, 1, 1), (0, 0, 1, 0)');
  const { groups } = await inDuckdb([table], FOUR, [1, 200_001]);
  expect(groups.map((group) => [group.context_from_tokens, group.input_tokens]).sort()).toEqual([
    [0, 0],
    [1, 199_999],
    [200_001, 200_000],
  ]);
});

test('fractions in a column of floats are rejects, as are NaN and infinities; nothing is rounded', async () => {
  const table = tokens(
    "(0, 2.0::DOUBLE, 1, 0), (0, 2.5, 1, 0), (0, 'NaN'::DOUBLE, 1, 0), (0, 'Infinity'::DOUBLE, 1, 0), (0, 1e300, 1, 0)",
  );
  const columns = { ...FOUR.columns, input_tokens: column('input_tokens', { is_float: true }) };
  const reading = await inDuckdb([table], { ...FOUR, columns }, []);
  expect([reading.rows, reading.rejected, reading.groups[0]?.input_tokens]).toEqual([1, 4, 2]);
});

test.each([
  ['s', 1_772_325_059n],
  ['ms', 1_772_325_059_987n],
  ['us', 1_772_325_059_987_654n],
  ['ns', 1_772_325_059_987_654_321n],
] as const)('reads instants in %s', async (time_unit, instant) => {
  const columns = { ...FOUR.columns, time_ms: column('time_ms', { time_unit }) };
  const reading = await inDuckdb([tokens(`(${instant}::BIGINT, 1, 1, 0)`)], { ...FOUR, columns }, []);
  const from_ms = time_unit === 's' ? 1_772_325_059_000 : 1_772_325_059_987;
  expect(reading.window).toEqual({ from_ms, until_ms: from_ms + 1 });
  expect(reading.groups[0]?.time_ms).toBe(Math.floor(from_ms / 3_600_000) * 3_600_000);
  expect([...reading.requests_per_minute]).toEqual([[Math.floor(from_ms / 60_000), 1]]);
});

test.each([
  ['usd', '0.0000000125::DOUBLE', 13],
  ['usd_cents', '0.00000125::DOUBLE', 13],
  ['usd_nano', '13', 13],
  ['usd', '-0.5::DOUBLE', -500_000_000],
] as const)('bills in %s become whole nano-dollars', async (money_unit, value, nano) => {
  const columns = { ...FOUR.columns, billed_nano_usd: column('cache_read_tokens', { money_unit }) };
  const { cache_read_tokens: _, ...rest } = columns;
  const reading = await inDuckdb([tokens(`(0, 1, 1, ${value}), (0, 1, 1, NULL)`)], { ...FOUR, columns: rest }, []);
  expect(reading.groups.map((group) => group.billed_nano_usd).sort()).toEqual([nano, undefined]);
});

test('a condition bounds everything, the counts of all rows too', async () => {
  const reading = await inDuckdb([tokens('(0, 1, 1, 0), (5, 1, 1, 0)')], { ...FOUR, where: '"time_ms" < 5' }, []);
  expect([reading.rows, reading.window?.until_ms]).toEqual([1, 1]);
});

test('a table without rows has no window', async () => {
  const reading = await inDuckdb([tokens('(0, 1, 1, 0)'), 'DELETE FROM t'], FOUR, []);
  expect(reading).toMatchObject({ rows: 0, rejected: 0, groups: [], window: undefined });
});

test('a sum beyond 2^53 is told, and so is one that 64 bits might not hold', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  expect((await told(inDuckdb([tokens(`(0, ${most}, 1, 0), (0, ${most}, 1, 0)`)], FOUR, []))).message).toContain(
    'beyond 2^53',
  );
  const many = `CREATE TABLE t AS SELECT 0 AS time_ms, ${most} AS input_tokens, 1 AS output_tokens, 0 AS cache_read_tokens FROM range(1100)`;
  expect((await told(inDuckdb([many], FOUR, []))).message).toContain('could pass 2^63');
});

test('a table that grows while it is read is told, with what to do', async () => {
  const { count } = portableStatements(FOUR, []);
  let rows = 3;
  const query = async (sql: string) => (sql === count ? [{ tg_rows: String(rows++) }] : []);
  const error = await told(rollUpPortably(FOUR, [], { query, path: 'requests' }));
  expect(error.message).toMatch(/^requests: the number of rows is not the same .*3 before .*4 after it.*"until"/);
});

test('no statement has what ClickHouse 18.16 cannot read', () => {
  const { reasons: _, ...statements } = portableStatements({ relation: 't', columns: CANONICAL }, SIZE_EDGES);
  const all = Object.values(statements).flatMap((one) => (typeof one === 'string' ? one : one.map(({ sql }) => sql)));
  expect(all.length).toBeGreaterThan(6);
  for (const sql of all) {
    expect(sql).not.toMatch(/\b(WITH|FILTER|OVER|EXTRACT|date_trunc|trim|intDiv)\b|\{|GROUP BY [0-9]/);
    expect(sql.length).toBeLessThan(100_000);
  }
});
