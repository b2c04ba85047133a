import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readUsage } from '../../src/io/read-usage.ts';
import type { Engine } from '../../src/io/usage-sink.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import { csvOf, digestOf, EDGES, SIZE_EDGES, seededRows } from '../peers/seeded-traffic.ts';
import { tracesFolder } from '../traces-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollgate-usage-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

async function usageOf(source: string | readonly string[], engine: Engine) {
  const rollup = createRollup({ edges: EDGES });
  let billed = 0;
  const reading = await readUsage(
    source,
    {
      add: (request) => {
        rollup.add(request);
        billed += request.billed_nano_usd ?? 0;
      },
      addGrouped: (grouped) => {
        rollup.addGrouped(grouped);
        for (const { billed_nano_usd } of grouped.groups) billed += billed_nano_usd ?? 0;
      },
    },
    { engine, size_edges_tokens: SIZE_EDGES },
  );
  return { reading, billed, digest: digestOf(rollup.table()) };
}

beforeAll(async () => {
  const text = csvOf(seededRows(20_000));
  writeFileSync(at('seeded.csv'), text);
  writeFileSync(at('seeded.csv.gz'), gzipSync(text));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run(
    `COPY (SELECT * FROM read_csv('${at('seeded.csv')}', all_varchar=true)) TO '${at('texts.parquet')}' (FORMAT parquet)`,
  );
  await duckdb.run(
    `COPY (SELECT * REPLACE (TRY_CAST(nullif(input_tokens, '') AS INTEGER) AS input_tokens, TRY_CAST(time_ms AS BIGINT) AS time_ms,
       TRY_CAST(nullif(billed_usd, '') AS DOUBLE) AS billed_usd) FROM read_csv('${at('seeded.csv')}', all_varchar=true))
     TO '${at('typed.parquet')}' (FORMAT parquet)`,
  );
  duckdb.closeSync();
});

test('a file gives the same usage row by row, by the engine, unpacked on the way, and as Parquet', async () => {
  const rows = await usageOf(at('seeded.csv'), 'rows');
  expect(rows.reading.rows).toBe(20_000);
  for (const [file, engine] of [
    ['seeded.csv', 'duckdb'],
    ['seeded.csv.gz', 'duckdb'],
    ['texts.parquet', 'auto'],
    ['texts.parquet', 'rows'],
    ['typed.parquet', 'auto'],
    ['typed.parquet', 'rows'],
  ] as const) {
    const other = await usageOf(at(file), engine);
    expect([file, engine, other.digest, other.billed]).toEqual([file, engine, rows.digest, rows.billed]);
    expect(other.reading.files[0]?.sha256).toBe(
      createHash('sha256')
        .update(readFileSync(at(file)))
        .digest('hex'),
    );
  }
});

test('files read by the engine and row by row add up to one reading', async () => {
  const both = await usageOf([at('seeded.csv'), at('typed.parquet')], 'auto');
  expect(both.reading.files.map(({ container }) => container).sort()).toEqual(['csv', 'parquet']);
  expect(both.reading.rows).toBe(40_000);
});

test('rejects are the same and named by file and line, and too many of them stop either way', async () => {
  const head = 'time,input_tokens,output_tokens\n';
  const good = '2026-03-01T00:00:00Z,10,2\n'.repeat(400);
  writeFileSync(
    at('few.csv'),
    `${head}${good}2026-03-01T00:00:00Z,12.5,2\n\n2026-03-01 00:00:00+02:00,7,1\nyesterday,1,1\n`,
  );
  writeFileSync(at('many.csv'), `${head}x,1,1\n2026-03-01T00:00:00Z,1,1\n`);
  const [rows, engine] = await Promise.all([usageOf(at('few.csv'), 'rows'), usageOf(at('few.csv'), 'duckdb')]);
  expect(engine.reading.rejects).toEqual(rows.reading.rejects);
  expect(rows.reading.rejects.map(({ file, line }) => [file, line])).toEqual([
    [at('few.csv'), 402],
    [at('few.csv'), 405],
  ]);
  expect(engine.digest).toBe(rows.digest);
  for (const kind of ['rows', 'duckdb'] as const) {
    const failure = await usageOf(at('many.csv'), kind).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as InputError).diagnostics.map(({ path, message }) => [path, message])).toEqual([
      [at('many.csv'), '1 of 2 rows (50.0 %) cannot be read, more than the 1 % allowed; the first are'],
      [`${at('many.csv')}:2`, 'time: "x" is not a date and time such as 2026-03-01T09:30:00Z'],
    ]);
  }
});

const traces = tracesFolder();
test.skipIf(traces === undefined)('the Azure traces give the same usage either way', async () => {
  for (const name of ['code', 'conv']) {
    const file = join(traces!, `azure-2023/AzureLLMInferenceTrace_${name}.csv`);
    const [rows, engine] = [await usageOf(file, 'rows'), await usageOf(file, 'duckdb')];
    expect(engine.digest).toBe(rows.digest);
  }
});
