/**
 * The three servers that run.mjs has started, as tests see them: statements, tables spread over the shards, rows put in.
 *
 * Talks plain HTTP, not the client of src/engines, so that what is tested does not prepare its own test.
 */

import type { GroupedUsage } from '../../src/usage/grouped.ts';
import { createRollup, type Edges } from '../../src/usage/rollup.ts';
import type { UsageTable } from '../../src/usage/table.ts';
import { csvOf, type Row } from './seeded-traffic.ts';
import type { PeerShard } from './servers.d.mts';

const { cluster, shards } = JSON.parse(process.env.TOLLGATE_PEERS ?? '{"shards":[]}') as {
  readonly cluster: string;
  readonly shards: readonly PeerShard[];
};
if (shards.length === 0) throw new Error('no servers: run these tests with npm run test:peers');

export { shards };
export const PASSWORD = process.env.CLICKHOUSE_PASSWORD!;
export const urlOf = (shard: number): string => `http://127.0.0.1:${shards[shard]!.http_port}`;

/** Runs a statement on one shard; the answer as text. */
export async function run(shard: number, sql: string, body = '', settings: Record<string, string> = {}) {
  const search = new URLSearchParams(body === '' ? settings : { ...settings, query: sql });
  const response = await fetch(`${urlOf(shard)}/?${search}`, {
    method: 'POST',
    headers: { 'X-ClickHouse-User': 'tollgate', 'X-ClickHouse-Key': PASSWORD },
    body: body === '' ? sql : body,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${sql.slice(0, 200)}: ${text.slice(0, 500)}`);
  return text;
}

/** A table on each shard and, by the name given, one that spreads rows over them at random. */
export async function spreadTable(name: string, columns: string, order: string): Promise<void> {
  for (const shard of shards.keys()) {
    await run(
      shard,
      `CREATE TABLE ${name}_local (${columns}) ENGINE = MergeTree PARTITION BY tuple() ORDER BY ${order}`,
    );
    await run(
      shard,
      `CREATE TABLE ${name} AS ${name}_local ENGINE = Distributed(${cluster}, default, ${name}_local, rand())`,
    );
  }
}

export const insertCsv = (table: string, csv: string): Promise<string> =>
  run(0, `INSERT INTO ${table} FORMAT CSVWithNames`, csv, { insert_distributed_sync: '1' });

/** Of seeded rows; counts may be NULL and negative, so that dirty rows fit too. */
export const TRAFFIC_COLUMNS = `time_ms Nullable(UInt64), seller Nullable(String), model Nullable(String), tier String,
  feature Nullable(String), team Nullable(String), user String, input_tokens Nullable(Int64), cache_read_tokens Nullable(UInt64), cache_write_5m_tokens UInt32,
  output_tokens Nullable(Int64), reasoning_tokens Nullable(UInt32), web_searches Nullable(UInt8), status Nullable(Int16),
  billed_usd Nullable(Float64)`;

/** 18.16 wants NULL where a CSV has an empty cell of a number. */
export const clickhouseCsv = (rows: readonly Row[]): string =>
  csvOf(
    rows.map(
      (row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, cell]) => [name, cell === '' ? (NULLS.has(name) ? '\\N' : '') : cell]),
        ) as Row,
    ),
  );
const NULLS: ReadonlySet<string> = new Set([
  'time_ms',
  'seller',
  'model',
  'feature',
  'team',
  'input_tokens',
  'cache_read_tokens',
  'output_tokens',
  'reasoning_tokens',
  'web_searches',
  'status',
  'billed_usd',
]);

export const TRAFFIC = {
  time_ms: 'time_ms',
  seller: 'seller',
  model: 'model',
  tier: 'tier',
  feature: 'feature',
  team: 'team',
  user: 'user',
  input_tokens: 'input_tokens',
  cache_read_tokens: 'cache_read_tokens',
  cache_write_5m_tokens: 'cache_write_5m_tokens',
  output_tokens: 'output_tokens',
  reasoning_tokens: 'reasoning_tokens',
  web_searches: 'web_searches',
  status: 'status',
  billed: 'billed_usd',
} as const;

export const source = (table: string) => ({ url: urlOf(0), user: 'tollgate', table, columns: TRAFFIC });

export function tableOf(grouped: GroupedUsage, edges: Edges): UsageTable {
  const rollup = createRollup({ edges });
  rollup.addGrouped(grouped);
  return rollup.table();
}
