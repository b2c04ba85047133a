/** A scenario whose traffic lies in ClickHouse: the same evaluation as from the file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { InputError } from '../../src/errors.ts';
import { evaluate } from '../../src/evaluate.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { readScenario } from '../../src/io/read-scenario.ts';
import { readTraffic } from '../../src/io/read-traffic.ts';
import { clickhouseCsv, insertCsv, spreadTable, TRAFFIC, TRAFFIC_COLUMNS, urlOf } from './cluster.ts';
import { csvOf, seededRows } from './seeded-traffic.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-peer-scenario-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { time_ms, ...others } = TRAFFIC;
const COLUMNS = { time: { column: time_ms, unit: 'ms' }, ...others };

const scenarioFile = (name: string, traffic: object): string => {
  const file = path.join(folder, name);
  writeFileSync(
    file,
    stringify({
      name: 'Peers',
      start: '2026-12',
      horizon: '12 months',
      traffic: { models: { default: 'openai/gpt-4o' }, ...traffic },
      baseline: 'direct',
      accept_unpriced: true,
      strategies: [
        { id: 'direct', kind: 'direct' },
        { id: 'openrouter', kind: 'managed_gateway', gateway: 'openrouter' },
      ],
    }),
  );
  return file;
};

beforeAll(async () => {
  const rows = seededRows(5000);
  writeFileSync(path.join(folder, 'seeded.csv'), csvOf(rows));
  await spreadTable('asked', TRAFFIC_COLUMNS, 'tier');
  await insertCsv('asked', clickhouseCsv(rows));
});

async function evaluated(file: string) {
  const book = await readPriceBook();
  const question = await readScenario(file, [], book);
  const traffic = await readTraffic(question.scenario, file, book);
  return { evaluation: evaluate(question, traffic.usage, book), traffic };
}

test('a scenario asks its traffic of the shards and comes to the same costs and bill as from the file', async () => {
  const clickhouse = {
    url: urlOf(0),
    user: 'tollgate',
    password_env: 'CLICKHOUSE_PASSWORD',
    table: 'asked',
    columns: COLUMNS,
  };
  const asked = await evaluated(scenarioFile('asked.yaml', { clickhouse }));
  const read = await evaluated(scenarioFile('read.yaml', { trace: 'seeded.csv' }));
  const costs = (from: typeof asked) => from.evaluation.alternatives.map(({ id, npv_usd }) => [id, npv_usd]);
  expect(costs(asked)).toEqual(costs(read));
  expect(asked.traffic.billed?.reconciliation.models).toEqual(read.traffic.billed?.reconciliation.models);
  expect(asked.traffic.source).toMatch(/^ClickHouse asked at 127\.0\.0\.1:/);
});

test('a password that is not set is told by the name of its variable', async () => {
  const clickhouse = { url: urlOf(0), password_env: 'NOT_SET_ANYWHERE', table: 'asked', columns: COLUMNS };
  const failure = await evaluated(scenarioFile('unset.yaml', { clickhouse })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toContain('NOT_SET_ANYWHERE is not set');
});
