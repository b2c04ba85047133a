/** What a person is told who is wrong about a server, an account, a table or a column. The password is in no message. */
import { createServer } from 'node:net';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type ClickhouseSource, readClickhouse } from '../../src/engines/clickhouse.ts';
import { InputError } from '../../src/errors.ts';
import { clickhouseCsv, insertCsv, PASSWORD, run, source, spreadTable, TRAFFIC, TRAFFIC_COLUMNS } from './cluster.ts';
import { seededRows } from './seeded-traffic.ts';

beforeAll(async () => {
  await spreadTable('requests', TRAFFIC_COLUMNS, 'tier');
  await insertCsv('requests', clickhouseCsv(seededRows(100)));
});

const good = source('requests');

async function told(changed: Partial<ClickhouseSource>): Promise<string> {
  const error = await readClickhouse({ ...good, ...changed }, []).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message, stack } = error as InputError;
  expect(message + stack + JSON.stringify(error)).not.toContain(PASSWORD);
  return message;
}

describe('the account', () => {
  test('the password is read from the environment', async () => {
    expect((await readClickhouse(good, [])).rows).toBe(100);
  });

  test('a wrong password is told, and where it is read', async () => {
    const message = await told({ password: 'wrong-password' });
    expect(message).toMatch(/does not accept user "tollgate".*CLICKHOUSE_PASSWORD/);
    expect(message).not.toContain('wrong-password');
  });

  test('no password at all is told apart', async () => {
    vi.stubEnv('CLICKHOUSE_PASSWORD', '');
    expect(await told({})).toContain('which is not set');
    vi.unstubAllEnvs();
  });

  test('an unknown user is told', async () => {
    expect(await told({ user: 'nobody' })).toContain('"nobody"');
  });

  test('a read-only account whose profile skips shards is refused, with what to change', async () => {
    expect(await told({ user: 'careless_reader' })).toMatch(/skip_unavailable_shards = 1.*skip_unavailable_shards = 0/);
  });
});

describe('the address', () => {
  test('a password in it is refused, unseen', async () => {
    const message = await told({ url: good.url.replace('//', `//tollgate:${PASSWORD}@`) });
    expect(message).toContain('set the environment variable CLICKHOUSE_PASSWORD');
  });

  test('where nothing listens, that is told', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    expect(await told({ url: `http://127.0.0.1:${port}` })).toMatch(/nothing answers there.*8123/);
  });

  test('the native port is told from the HTTP port', async () => {
    const { shards } = await import('./cluster.ts');
    expect(await told({ url: `http://127.0.0.1:${shards[0]!.tcp_port}` })).toMatch(/8123/);
  });
});

describe('names', () => {
  test('a misspelt column gets the nearest', async () => {
    expect(await told({ columns: { ...TRAFFIC, model: 'modle' } })).toContain(
      'no column "modle" (did you mean "model"',
    );
  });

  test('a misspelt field gets the nearest', async () => {
    const { cache_read_tokens, ...rest } = TRAFFIC;
    expect(await told({ columns: { ...rest, cache_red_tokens: cache_read_tokens } })).toContain('"cache_read_tokens"');
  });

  test('a misspelt table gets the nearest, a misspelt database too', async () => {
    expect(await told({ table: 'request' })).toContain('no table "request" (did you mean "requests"');
    expect(await told({ table: 'defalt.requests' })).toContain('no database "defalt" (did you mean "default"');
  });

  test('a name with quotes in it stays a name', async () => {
    expect(await told({ table: 'x"; DROP TABLE requests; --' })).toContain('no table');
    expect(await told({ columns: { ...TRAFFIC, model: 'a"b\\' } })).toContain('no column');
    expect((await readClickhouse(good, [])).rows).toBe(100);
  });

  test('all wrong columns are told at once', async () => {
    const message = await told({ columns: { ...TRAFFIC, model: 'modle', tier: 'teir' } });
    expect(message).toContain('"modle"');
    expect(message).toContain('"teir"');
  });
});

describe('types', () => {
  test('a time that is a number needs its unit', async () => {
    const { time_ms: _, ...rest } = TRAFFIC;
    expect(await told({ columns: { ...rest, time: 'time_ms' } })).toMatch(/UInt64: say its unit/);
  });

  test('a text where a number belongs is told with its type', async () => {
    expect(await told({ columns: { ...TRAFFIC, input_tokens: 'model' } })).toContain('of type String, not a number');
  });
});

describe('queries', () => {
  test.each([
    ['SELECT 1; DROP TABLE requests', 'semicolon'],
    ['DROP TABLE requests', 'does not start with SELECT'],
    ["SELECT 'a", 'without an end'],
    ['SELECT 1) UNION ALL (SELECT 2', 'parenthesis'],
    ['SELECT 1 FORMAT JSON', 'in which format'],
  ])('%s is refused before it is sent', async (query, why) => {
    const { table: _, ...rest } = good;
    await expect(readClickhouse({ ...rest, query }, [])).rejects.toThrow(why);
  });

  test("a query's own mistake is told in the server's words", async () => {
    const { table: _, ...rest } = good;
    await expect(readClickhouse({ ...rest, query: 'SELECT nosuch FROM requests' }, [])).rejects.toThrow('nosuch');
  });
});

test('sums beyond 2^53 are told, never rounded', async () => {
  await run(
    0,
    'CREATE TABLE huge (time_ms UInt64, i UInt64, o UInt64) ENGINE = MergeTree PARTITION BY tuple() ORDER BY time_ms',
  );
  await run(0, 'INSERT INTO huge VALUES (0, 9007199254740991, 1), (1, 9007199254740991, 1)');
  const huge = { table: 'huge', columns: { time_ms: 'time_ms', input_tokens: 'i', output_tokens: 'o' } };
  expect(await told(huge)).toContain('beyond 2^53');
  await run(0, 'INSERT INTO huge SELECT number, 9007199254740991, 1 FROM system.numbers LIMIT 3000');
  expect(await told(huge)).toContain('could pass 2^63');
});

test('a statement that takes too long is told', async () => {
  const { table: _, ...rest } = good;
  const query = 'SELECT number AS t, number AS i, number AS o FROM system.numbers';
  const columns = { time: { column: 't', unit: 'ms' }, input_tokens: 'i', output_tokens: 'o' } as const;
  await expect(readClickhouse({ ...rest, query, columns, max_execution_seconds: 1 }, [])).rejects.toThrow(
    'took longer than 1 s',
  );
});

test('a table that keeps versions of rows is warned of', async () => {
  await run(
    0,
    'CREATE TABLE versions (time_ms UInt64, i UInt64, o UInt64) ENGINE = ReplacingMergeTree() PARTITION BY tuple() ORDER BY time_ms',
  );
  const columns = { time_ms: 'time_ms', input_tokens: 'i', output_tokens: 'o' };
  const { warnings, rows } = await readClickhouse({ ...good, table: 'versions', columns }, []);
  expect(rows).toBe(0);
  expect(warnings.map(({ message }) => message).join()).toContain('FINAL');
});
