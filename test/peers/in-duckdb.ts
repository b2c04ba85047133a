/** The portable statements run by DuckDB in memory: the engine that every machine has. */
import { DuckDBInstance } from '@duckdb/node-api';
import { type PortableReading, rollUpPortably } from '../../src/engines/portable-reading.ts';
import type { PortableSource } from '../../src/engines/portable-rollup.ts';

/** `prepare` are statements that make the table. */
export async function inDuckdb(
  prepare: readonly string[],
  source: PortableSource,
  edges: readonly number[],
): Promise<PortableReading> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const sql of prepare) await connection.run(sql);
    const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjects();
    return await rollUpPortably(source, edges, { query, path: 'duckdb' });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
