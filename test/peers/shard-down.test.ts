/** Last of these tests, since it stops a server: with a shard down there is an error, never a smaller number. */
import { beforeAll, expect, test } from 'vitest';
import { readClickhouse } from '../../src/engines/clickhouse.ts';
import { InputError } from '../../src/errors.ts';
import { clickhouseCsv, insertCsv, run, shards, source, spreadTable, TRAFFIC_COLUMNS } from './cluster.ts';
import { seededRows } from './seeded-traffic.ts';
import { stopShard } from './servers.mjs';

const ROWS = 3000;

beforeAll(async () => {
  await spreadTable('lasting', TRAFFIC_COLUMNS, 'tier');
  await insertCsv('lasting', clickhouseCsv(seededRows(ROWS)));
  expect((await readClickhouse(source('lasting'), [])).rows).toBe(ROWS);
  await stopShard(shards[2]!);
});

test('the servers themselves would give a smaller number to a careless profile', async () => {
  const count = await run(0, 'SELECT count(*) FROM lasting', '', { skip_unavailable_shards: '1' });
  expect(Number(count)).toBeGreaterThan(0);
  expect(Number(count)).toBeLessThan(ROWS);
});

test.each(['tollgate', 'reader', 'careless'])('%s is told which shard does not answer', async (user) => {
  const error: unknown = await readClickhouse({ ...source('lasting'), user }, []).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).diagnostics[0]!.code).toBe('CLICKHOUSE_SHARD');
  expect((error as InputError).message).toContain(`127.0.0.1:${shards[2]!.tcp_port} does not answer`);
});

test('a read-only account with a careless profile is refused outright', async () => {
  await expect(readClickhouse({ ...source('lasting'), user: 'careless_reader' }, [])).rejects.toThrow(
    'skip_unavailable_shards = 1',
  );
});
