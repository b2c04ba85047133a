/** Usage from three shards is usage from the file: the same table, byte for byte. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readClickhouse } from '../../src/engines/clickhouse.ts';
import { readTrace } from '../../src/io/read-trace.ts';
import { canonicalRows } from '../../src/trace/canonical-rows.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import { tracesFolder } from '../traces-folder.ts';
import {
  clickhouseCsv,
  insertCsv,
  run,
  shards,
  source,
  spreadTable,
  TRAFFIC,
  TRAFFIC_COLUMNS,
  tableOf,
} from './cluster.ts';
import { inDuckdb } from './in-duckdb.ts';
import { COLUMNS, csvOf, DIRTY, digestOf, dirtyRows, EDGES, SIZE_EDGES, seededRows } from './seeded-traffic.ts';

const ROWS = 20_000;
const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-peer-tests-'));
const file = path.join(folder, 'seeded.csv');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const rows = seededRows(ROWS);
  writeFileSync(file, csvOf(rows));
  await spreadTable('seeded', TRAFFIC_COLUMNS, 'tier');
  await insertCsv('seeded', clickhouseCsv(rows));
});

describe('seeded traffic', () => {
  test('lies on all three shards', async () => {
    const counts = await Promise.all(shards.map((_, i) => run(i, 'SELECT count(*) FROM seeded_local')));
    expect(counts.map(Number).reduce((a, b) => a + b)).toBe(ROWS);
    for (const count of counts) expect(Number(count)).toBeGreaterThan(ROWS / 5);
  });

  test('gives the same usage table by the row reader, by DuckDB and from the shards', async () => {
    const rows = createRollup({ edges: EDGES });
    let billed = 0;
    await readTrace(file, (request) => {
      rows.add(request);
      billed += request.billed_nano_usd ?? 0;
    });
    const texts = ['seller', 'model', 'tier', 'feature', 'team', 'user'];
    const typed = COLUMNS.map(
      (name) => `'${name}': '${texts.includes(name) ? 'VARCHAR' : name === 'billed_usd' ? 'DOUBLE' : 'BIGINT'}'`,
    );
    const columns = Object.fromEntries(
      COLUMNS.map((name) => [name === 'billed_usd' ? 'billed_nano_usd' : name, { sql: `"${name}"`, name }]),
    );
    const duckdb = await inDuckdb(
      [
        `CREATE TABLE t AS SELECT * FROM read_csv('${file}', auto_detect=false, header=true, columns={${typed.join(', ')}})`,
      ],
      { relation: 't', columns: columns as never },
      SIZE_EDGES,
    );
    const clickhouse = await readClickhouse(source('seeded'), SIZE_EDGES);
    const digest = digestOf(rows.table());
    expect(digestOf(tableOf(duckdb, EDGES))).toBe(digest);
    expect(digestOf(tableOf(clickhouse, EDGES))).toBe(digest);
    expect(tableOf(clickhouse, EDGES)).toEqual(rows.table());
    expect(clickhouse).toMatchObject({ rows: ROWS, rejected: 0, rejects: [], warnings: [] });
    for (const { groups } of [duckdb, clickhouse])
      expect(groups.reduce((sum, group) => sum + (group.billed_nano_usd ?? 0), 0)).toBe(billed);
  });

  test('a query in place of the table gives the same', async () => {
    const { table, ...rest } = source('seeded');
    const query = `SELECT * FROM ${table} WHERE tier <> ';' -- all of it`;
    const [a, b] = [
      await readClickhouse(source(table), SIZE_EDGES),
      await readClickhouse({ ...rest, query }, SIZE_EDGES),
    ];
    expect(digestOf(tableOf(b, EDGES))).toBe(digestOf(tableOf(a, EDGES)));
  });

  test('accounts that may change no settings, or whose profile is careless, read the same', async () => {
    const { rows } = await readClickhouse({ ...source('seeded'), user: 'reader' }, SIZE_EDGES);
    const careless = await readClickhouse({ ...source('seeded'), user: 'careless' }, SIZE_EDGES);
    expect([rows, careless.rows]).toEqual([ROWS, ROWS]);
  });

  test('from and until bound what is read', async () => {
    const noon = '2026-03-02T12:00:00Z';
    const before = await readClickhouse({ ...source('seeded'), until: noon }, []);
    const after = await readClickhouse({ ...source('seeded'), from: noon }, []);
    expect(before.rows + after.rows).toBe(ROWS);
    expect(before.window!.until_ms).toBeLessThanOrEqual(Date.parse(noon));
    expect(after.window!.from_ms).toBeGreaterThanOrEqual(Date.parse(noon));
  });

  test('steps are told', async () => {
    const steps: string[] = [];
    await readClickhouse(source('seeded'), [], (step, of, what) => steps.push(`${step}/${of} ${what}`));
    expect(steps).toEqual([
      '0/5 counting rows',
      '1/5 checking rows',
      '2/5 summing',
      '3/5 counting by minute',
      '4/5 counting again',
      '5/5 done',
    ]);
  });
});

test('types of other tables: dates, decimals, enumerations, words of few values, floats', async () => {
  await run(
    0,
    `CREATE TABLE typed (at DateTime, at_ns Int64, model FixedString(8), tier Enum8('standard' = 1, 'batch' = 2), input Float64,
      n Nullable(Decimal(18, 3)), cost Nullable(Decimal(18, 9)), note Array(String)) ENGINE = MergeTree PARTITION BY tuple() ORDER BY at`,
  );
  await run(
    0,
    `INSERT INTO typed VALUES ('2026-03-01 10:20:30', 1772360430123456789, 'm', 'batch', 7, 3, 0.000000012, []), ('2026-03-01 10:59:59', 1772362799000000000, 'm', 'batch', 5, 1, NULL, []), ('2026-03-01 11:00:00', 1772362800000000000, 'm', 'batch', 5.5, 1, NULL, [])`,
  );
  const columns = {
    time: 'at',
    model: 'model',
    tier: 'tier',
    input_tokens: 'input',
    output_tokens: 'n',
    billed: 'cost',
  };
  const base = { ...source('typed'), columns };
  const byDate = await readClickhouse(base, []);
  expect(byDate.rejects).toMatchObject([{ reason: 'input is not a whole number', rows: 1 }]);
  expect(byDate.window).toEqual({ from_ms: 1_772_360_430_000, until_ms: 1_772_362_799_001 });
  expect(
    byDate.groups.map((g) => [g.model, g.tier, g.input_tokens, g.output_tokens, g.billed_nano_usd]).sort(),
  ).toEqual([
    ['m', 'batch', 5, 1, undefined],
    ['m', 'batch', 7, 3, 12],
  ]);
  const byNumber = await readClickhouse(
    { ...base, columns: { ...columns, time: { column: 'at_ns', unit: 'ns' } } },
    [],
  );
  expect(byNumber.window).toEqual({ from_ms: 1_772_360_430_123, until_ms: 1_772_362_799_001 });
  expect([...byNumber.requests_per_minute]).toEqual([...byDate.requests_per_minute]);
});

test('dirty rows are rejected alike, with their values', async () => {
  const rows = [...seededRows(50), ...dirtyRows()];
  await spreadTable('dirty', TRAFFIC_COLUMNS, 'tier');
  await insertCsv('dirty', clickhouseCsv(rows));
  const reading = await readClickhouse(source('dirty'), SIZE_EDGES);
  expect([reading.rows, reading.rejected]).toEqual([50, DIRTY.length]);
  for (const [, reason] of DIRTY) {
    const found = reading.rejects.filter((reject) => reject.reason.startsWith(reason));
    expect(found).toMatchObject([{ rows: 1, samples: [expect.stringContaining('"seller"')] }]);
  }
  const clean = createRollup({ edges: EDGES });
  const dirtyFile = path.join(folder, 'dirty.csv');
  writeFileSync(dirtyFile, csvOf(rows));
  // The row reader takes a time past 2999 in milliseconds; a table does not.
  await readTrace(dirtyFile, (request) => request.time_ms < 3e13 && clean.add(request), { max_reject_fraction: 1 });
  expect(digestOf(tableOf(reading, EDGES))).toBe(digestOf(clean.table()));
});

const traces = tracesFolder();
describe.skipIf(traces === undefined)('public traces', () => {
  test.each(['code', 'conv'])('the Azure %s trace gives the same usage table from the shards', async (name) => {
    const rows = createRollup({ edges: {} });
    const requests: TraceRequest[] = [];
    await readTrace(path.join(traces!, `azure-2023/AzureLLMInferenceTrace_${name}.csv`), (request) => {
      rows.add(request);
      requests.push(request);
    });
    await spreadTable(
      `azure_${name}`,
      'time DateTime, time_ms UInt64, input_tokens UInt32, output_tokens UInt32',
      'time_ms',
    );
    const [header, ...cells] = canonicalRows(requests);
    const place = (field: string) => header!.indexOf(field);
    const lines = cells.map((row, i) => {
      const { time_ms } = requests[i]!;
      const date = new Date(time_ms).toISOString().slice(0, 19).replace('T', ' ');
      return [date, time_ms, row[place('input_tokens')], row[place('output_tokens')]].join(',');
    });
    await insertCsv(`azure_${name}`, `time,time_ms,input_tokens,output_tokens\n${lines.join('\n')}\n`);
    const { input_tokens, output_tokens, time_ms } = TRAFFIC;
    const base = { ...source(`azure_${name}`), columns: { time_ms, input_tokens, output_tokens } };
    const reading = await readClickhouse(base, SIZE_EDGES);
    expect(reading.rows).toBe(requests.length);
    expect(digestOf(tableOf(reading, {}))).toBe(digestOf(rows.table()));
    const bySecond = await readClickhouse(
      { ...base, columns: { time: 'time', input_tokens, output_tokens } },
      SIZE_EDGES,
    );
    expect(tableOf(bySecond, {}).rows).toEqual(rows.table().rows);
  });
});
