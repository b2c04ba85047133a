/** What is checked and said without a server. With real ones: test/peers. */
import { describe, expect, test } from 'vitest';
import { sqlColumns } from '../../src/engines/clickhouse-columns.ts';
import { LANGFUSE_COLUMNS, langfuseQuery } from '../../src/engines/clickhouse-langfuse.ts';
import { serverProblem } from '../../src/engines/clickhouse-problems.ts';
import { type ClickhouseSource, checkSource } from '../../src/engines/clickhouse-source.ts';
import { InputError } from '../../src/errors.ts';

const COLUMNS = { time: 'at', input_tokens: 'prompt', output_tokens: 'answer' };
const GOOD: ClickhouseSource = { url: 'http://127.0.0.1:8123', table: 'requests', columns: COLUMNS };

const refusal = (changed: Partial<ClickhouseSource>): string => {
  try {
    checkSource({ ...GOOD, ...changed });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  return '';
};

describe('a source', () => {
  test('is taken as it is written', () => {
    expect(checkSource({ ...GOOD, until: '2026-03-01T00:00:00Z' })).toMatchObject({
      columns: [
        { field: 'time_ms', column: 'at' },
        { field: 'input_tokens', column: 'prompt' },
        { field: 'output_tokens', column: 'answer' },
      ],
      until_ms: 1_772_323_200_000,
      warnings: [],
    });
  });

  test.each([
    ['http://me:s3cret@127.0.0.1:8123'],
    ['http://127.0.0.1:8123/?user=me&password=s3cret'],
    ['http//me:s3cret@127.0.0.1'],
    ['clickhouse://me:s3cret@127.0.0.1:9000'],
  ])('an address with a password is refused, and the password is not repeated', (url) => {
    expect(refusal({ url })).not.toBe('');
    expect(refusal({ url })).not.toContain('s3cret');
  });

  test('everything wrong is told at once', () => {
    const message = refusal({
      url: 'ftp://127.0.0.1',
      query: 'SELECT 1',
      columns: { tiem: 'at', input_tokens: { column: 'prompt', unit: 'ms' } },
      from: 'yesterday',
      max_execution_seconds: 0,
    });
    for (const part of [
      'ftp:',
      'either "table" or "query"',
      '"time"',
      'has no unit',
      '"output_tokens"',
      '"yesterday"',
      '0 is not',
    ])
      expect(message).toContain(part);
  });

  test('one field by two names is refused', () => {
    expect(refusal({ columns: { ...COLUMNS, time_ms: 'at' } })).toContain('the same field as "time"');
  });

  test('fields of single requests are told as not read', () => {
    expect(checkSource({ ...GOOD, columns: { ...COLUMNS, latency_ms: 'user' } }).warnings).toMatchObject([
      { path: 'columns.latency_ms', severity: 'warning' },
    ]);
  });

  test('a semicolon inside of quotes or comments is no second statement', () => {
    const { table: _, ...rest } = GOOD;
    expect(() => checkSource({ ...rest, query: `SELECT ';', "a;", 'it''s;' /* ; */ FROM t -- ;` })).not.toThrow();
    expect(() => checkSource({ ...rest, query: 'SELECT 1;' })).toThrow('semicolon');
  });
});

describe('columns', () => {
  const wanted = (field: 'time_ms' | 'model' | 'input_tokens' | 'billed_nano_usd', unit?: 'iso' | 'us') => [
    { key: field, field, column: 'c', unit },
  ];

  test.each([
    ['time_ms', undefined, 'DateTime', { sql: 'toInt64("c")', time_unit: 's' }],
    ['time_ms', 'iso', "Nullable(DateTime('UTC'))", { sql: 'toInt64("c")', time_unit: 's' }],
    ['time_ms', 'iso', "DateTime64(6, 'UTC')", { sql: 'toUnixTimestamp64Milli("c")', time_unit: 'ms' }],
    ['time_ms', 'us', 'Int64', { sql: '"c"', time_unit: 'us' }],
    ['model', undefined, 'LowCardinality(Nullable(String))', { sql: 'toString("c")' }],
    ['input_tokens', undefined, 'UInt32', { sql: '"c"', always_fits: true }],
    ['input_tokens', undefined, 'Nullable(UInt32)', { sql: '"c"', always_fits: false }],
    ['input_tokens', undefined, 'Float64', { sql: '"c"', is_float: true }],
    ['billed_nano_usd', undefined, 'Decimal(18, 12)', { sql: 'toFloat64("c")', money_unit: 'usd' }],
  ] as const)('%s (%s) of a %s', (field, unit, type, bound) => {
    expect(sqlColumns(wanted(field, unit), [{ name: 'c', type }], 't')).toMatchObject({ [field]: bound });
  });

  test.each([
    ['time_ms', undefined, 'UInt64', 'say its unit'],
    ['time_ms', undefined, 'String', 'a time is a DateTime'],
    ['time_ms', 'us', 'DateTime', 'its unit is iso'],
    ['input_tokens', undefined, 'Map(String, UInt64)', 'not a number'],
    ['model', undefined, 'Array(String)', 'not a text'],
  ] as const)('%s (%s) of a %s is refused', (field, unit, type, why) => {
    expect(() => sqlColumns(wanted(field, unit), [{ name: 'c', type }], 't')).toThrow(why);
  });
});

describe("the server's problems", () => {
  const context = {
    where: 'http://h:8123',
    user: 'me',
    secret: 's3cret',
    has_password: true,
    max_execution_seconds: 5,
  };
  const said = (error: unknown) => serverProblem(error, context).message;
  const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

  test('a shard that is down is named, in the words of either version', () => {
    const old =
      'Code: 279, e.displayText() = DB::NetException: All connection tries failed. Log: \n\nCode: 210, e.displayText() = DB::NetException: Connection refused (127.0.0.1:9002), e.what() = DB::NetException\n, e.what() = DB::NetException';
    const recent = coded(
      '279',
      'All connection tries failed. Log: Code: 210. DB::NetException: Connection refused (10.0.0.7:9000). (NETWORK_ERROR)',
    );
    expect(said(new Error(old))).toContain('127.0.0.1:9002 does not answer');
    expect(said(recent)).toContain('10.0.0.7:9000 does not answer');
  });

  test('the password is in no message', () => {
    expect(said(coded('62', 'Syntax error near s3cret'))).toBe('http://h:8123: ClickHouse says: Syntax error near ***');
    expect(said(coded('516', 'me: Authentication failed: s3cret'))).not.toContain('s3cret');
    expect(said(new Error('odd s3cret'))).not.toContain('s3cret');
  });

  test.each([
    [coded('ECONNREFUSED', 'connect ECONNREFUSED'), 'nothing answers there'],
    [coded('HPE_INVALID_CONSTANT', 'Parse Error'), 'does not speak HTTP'],
    [new Error('Timeout error.'), 'no answer in time'],
    [coded('159', 'Timeout exceeded: elapsed 6 s'), 'longer than 5 s'],
    [coded('452', 'Setting limit should not be changed'), 'may not set'],
  ])('%s', (error, words) => {
    expect(said(error)).toContain(words);
  });
});

test("Langfuse's query reads generations once and fills every column that it names", () => {
  const query = langfuseQuery('"default"."observations"', "p'1\\");
  expect(query).toContain(`FROM "default"."observations" FINAL\nWHERE is_deleted = 0 AND type = 'GENERATION'`);
  expect(query).toContain("project_id = 'p\\'1\\\\'");
  for (const column of Object.values(LANGFUSE_COLUMNS)) expect(query).toContain(`AS ${column}`);
  const { table: _, columns: __, ...rest } = GOOD;
  const checked = checkSource({ ...rest, query, columns: LANGFUSE_COLUMNS });
  expect(checked.columns.map(({ field }) => field)).toContain('reasoning_tokens');
});
