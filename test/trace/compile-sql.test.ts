import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTraceFile } from '../../src/io/trace-file.ts';
import { type Adapter, REQUEST_FIELDS } from '../../src/trace/adapter.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';
import { ADAPTERS } from '../../src/trace/adapters/index.ts';
import { castOf } from '../../src/trace/casts.ts';
import { compileSql, csvTable, jsonlTable } from '../../src/trace/compile-sql.ts';
import type { Detected } from '../../src/trace/detect.ts';
import { jsonHeader } from '../../src/trace/json-header.ts';
import { mappedAdapter, traceMapping } from '../../src/trace/mapping.ts';
import { DOUBTFUL } from '../../src/trace/sql-tables.ts';
import { tracesFolder } from '../traces-folder.ts';
import { everything, nested } from './everything-adapter.ts';
import { inclusive } from './inclusive-adapter.ts';

let folder: string;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-sql-'));
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(folder, { recursive: true });
});

/** Every row as the row reader and as SQL see it: a request, the reason why it is left out, or a reject reason. */
async function bothWays(file: string, adapters: readonly Adapter[] = ADAPTERS) {
  const byLine: [number, unknown][] = [];
  let detected: Detected | undefined;
  let names: readonly string[] = [];
  const reading = await readTraceFile(
    file,
    (outcome, line) =>
      byLine.push([line, typeof outcome !== 'string' && 'skipped' in outcome ? { ...outcome } : outcome]),
    {
      adapters,
      onDetected: (found, header) => {
        detected = found;
        names = header;
      },
    },
  );
  const rows = byLine.sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
  const { adapter } = detected!;
  const header = reading.container === 'csv' ? names : jsonHeader(adapter, names);
  const table =
    reading.container === 'csv'
      ? csvTable(file, header, { delimiter: reading.delimiter!, has_line_breaks: true })
      : jsonlTable(file, header);
  const answer = await duckdb.runAndReadAll(compileSql(adapter, header, table, { container: reading.container }));
  expect(answer.columnNames()).toEqual([...REQUEST_FIELDS, 'reject', 'skip']);
  const sql = answer.getRowObjectsJS().map(outcomeOf);
  const rejected = rows.filter((row) => typeof row === 'string').length;
  return { rows, sql, reading: { rows: rows.length - rejected, rejected } };
}

const outcomeOf = ({ reject, skip, ...fields }: Record<string, unknown>): unknown =>
  reject !== null
    ? reject
    : skip !== null
      ? { skipped: skip }
      : Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, plain(value)]));

const plain = (value: unknown): unknown =>
  value === null
    ? undefined
    : Array.isArray(value)
      ? value.map(plain)
      : typeof value === 'bigint'
        ? Number(value)
        : value;

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const NASTY = `time,input_tokens,output_tokens,cache_read_tokens,tier,feature,latency_ms,hash_chain
2026-03-01T01:00:00+02:00,10,1,,,a,,
2026-03-01 01:00:00,10,1,,,naive,,
2026-03-01 01:00:00.9999999,10,1,,,cut,,
2026-03-01T01:00:00.05-0530,10,1,,,,,
2026-03-01T01:00:00Z,12.5,1,,,,,
2026-03-01T01:00:00Z,1e3,1,,,,,
2026-03-01T01:00:00Z,,1,,,,,
2026-03-01T01:00:00Z,"",1,,,,,
2026-03-01T01:00:00Z,-4,1,,,,,
2026-03-01T01:00:00Z,9007199254740992,1,,,,,
2026-03-01T01:00:00Z,10,1,,,"quoted, comma",,
2026-03-01T01:00:00Z,10,1,,,"quoted ""quotes""
and a line break",,
2026-03-01T01:00:00Z,10
2026-03-01T01:00:00Z,10,1,,,,,,extra
2026-03-01T01:00:00Z,10,1,,,,,,extra,and more
,10,1,,,,,
2026-02-30T01:00:00Z,10,1,,,,,
2026-03-01T24:00:00Z,10,1,,,,,
2026-03-01,10,1,,,,,
2026-03-01T01:00:00+02:00:00,10,1,,,,,
2026-03-01T01:00:00Z,10,1,x,,,,
2026-03-01T01:00:00Z,10,1,3,BATCH,,12.25,5 6 7
2026-03-01T01:00:00Z,10,1,3,bulk,,1,
2026-03-01T01:00:00Z,10,1,3,flex,,-1,
2026-03-01T01:00:00Z,10,1,3,flex,,1e999,
2026-03-01T01:00:00Z,10,1,3,flex,,NaN,
2026-03-01T01:00:00Z,10,1,3,flex,,1e-2,1  2
2026-03-01T01:00:00Z, 10 ,\t1,3,flex,"it's",,1
2026-03-01T01:00:00Z,10,1,3,flex,last,,1`;

test.each([
  ['LF, no final newline', NASTY],
  ['CRLF', `${NASTY.replaceAll('\n', '\r\n')}\r\n`],
  ['byte order mark and blank lines', `\uFEFF${NASTY.replaceAll(/\n(?=2026)/g, '\n\n')}\n\n`],
])('row reader and SQL agree on every nasty row: %s', async (name, text) => {
  const { rows, sql, reading } = await bothWays(write(`nasty-${name.length}.csv`, text));
  expect(sql).toEqual(rows);
  expect(rows).toHaveLength(29);
  expect(reading.rejected).toBe(21);
  expect(rows.slice(0, 2)).toMatchObject([
    { time_ms: Date.parse('2026-02-28T23:00:00Z') },
    { time_ms: Date.parse('2026-03-01T01:00:00Z') },
  ]);
});

test('row reader and SQL agree where counts include others, on seconds and on cents', async () => {
  const file = write(
    'inclusive.csv',
    `at,prompt,cached,written,completion,thought,seconds,cents
1790467200,5000,1800,200,1000,400,0.25,3
1790467200.1239,5000,,,1000,,,-4.5
4.35,100,90,20,1,0,,
1,100,1,1,1,2,,
1,100,200,1,1,2,,
-1,100,1,1,1,2,,
`,
  );
  const { rows, sql, reading } = await bothWays(file, [inclusive]);
  expect(sql).toEqual(rows);
  expect(reading.rejected).toBe(4);
});

test('row reader and SQL agree on numbers with a comma before the fraction', async () => {
  const columns = {
    time: 'at',
    input_tokens: 'ein',
    output_tokens: 'aus',
    billed: 'Kosten',
    latency: { column: 'Dauer', unit: 's' },
  };
  const adapter = mappedAdapter(traceMapping.parse({ columns, decimal_comma: true }));
  const cells = [
    '1.234',
    '1,5',
    '1.234,5',
    '12.34',
    '7',
    '',
    '-0,25',
    '1.2345',
    '1,0',
    '0,000000001',
    'x',
    '1e3',
    '12',
  ];
  const rows = cells.flatMap((a) => cells.map((b) => `2026-11-03 14:05;${a};3;${b};${b}`));
  const {
    rows: read,
    sql,
    reading,
  } = await bothWays(write('comma.csv', `at;ein;aus;Kosten;Dauer\n${rows.join('\n')}\n`), [adapter]);
  expect(sql).toEqual(read);
  expect(read[0]).toMatchObject({ input_tokens: 1234, billed_nano_usd: 1234e9, latency_ms: 1_234_000 });
  expect(reading.rows).toBeGreaterThan(20);
  expect(reading.rejected).toBeGreaterThan(20);
});

test('row reader and SQL agree on JSON lines', async () => {
  const file = write(
    'nasty.jsonl',
    `{"timestamp": 0, "input_length": 10, "output_length": 2, "hash_ids": [1, 2, 3]}
{"timestamp": 27482, "input_length": 1e3, "output_length": 12.0, "hash_ids": []}
{"timestamp": 27482, "input_length": 12.5, "output_length": 2}
{"timestamp": 27482, "input_length": -1, "output_length": 2}
{"timestamp": 27482, "output_length": 2}
{"timestamp": null, "input_length": 1, "output_length": 2}
{"timestamp": 5, "input_length": "7", "output_length": 2, "other": {"a": "b,c"}}
{"timestamp": 5, "input_length": "seven", "output_length": 2}
not json
[1, 2]

{"output_length": 2, "input_length": 7, "timestamp": 5}
`,
  );
  const { rows, sql, reading } = await bothWays(file);
  expect(sql).toEqual(rows);
  expect([reading.rows, reading.rejected]).toEqual([4, 7]);
});

const cell = fc.oneof(
  fc.nat().map(String),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\r\n\0"]/g, '')),
  fc.constantFrom('', '0', '007', '1.0', '1e2', ' 5', '5 ', '-0', '1_000', '٣', '9007199254740991', "O'Neill", '1,5'),
);
const time = fc.oneof(
  fc
    .date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((d) => d.toISOString()),
  fc.constantFrom(
    '',
    ' ',
    ' 2026-01-01 00:00:00 ',
    '2026-01-01 00:00:00.999999999',
    '2026-01-01T00:00:00.9999999Z',
    '2026-01-01 00:00:00.5 -0230',
    '1969-12-31T23:59:59.9999Z',
    '2026-01-01 00:00:00 Z',
    '2026-01-01T00:00:00+14',
    ...['', 'Z', '+02:00', ' -0130', '+14', ':', ' Z', '.5'].map((end) => `2026-11-03 14:05${end}`),
    '2026-11-03T14:05',
    '2026-02-30T14:05',
    '2026-11-03 14:5',
    ...[
      '03.11.2026 14:05:09',
      '2026/11/03 14:05:09',
      '31.02.2026 14:05',
      '31/12/2026 14:05',
      '2026-11-03T14:05:09.5',
    ].flatMap((text) => ['', 'Z', ' UTC', 'GMT', '+02:00', ' CET'].map((end) => `${text}${end}`)),
    '2024-02-29T12:00:00.1Z',
    '2023-02-29T12:00:00Z',
    'now',
  ),
);

test('row reader and SQL agree on generated cells', async () => {
  const row = fc.tuple(time, cell, cell, cell, cell, cell);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (generated) => {
      const lines = generated.map((cells) => cells.map((text) => (text.includes(',') ? `"${text}"` : text)).join(','));
      const header = 'time,input_tokens,output_tokens,feature,latency_ms,hash_chain';
      const { rows, sql } = await bothWays(write('generated.csv', `${header}\n${lines.join('\n')}\n`));
      expect(sql).toEqual(rows);
    }),
    { numRuns: 40 },
  );
});

const pick = (...texts: string[]) => fc.constantFrom(...texts);
const number = fc.oneof(fc.nat({ max: 300 }).map(String), pick('', '0', ' 7', '1e2', '12.0', '-1', 'x', '0100'));
const csvQuoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const META = pick(
  '',
  '{}',
  '{"usage": {"cached": "5"}}',
  '{"usage": {"cached": 5}, "cached": "6"}',
  '{"usage": {"cached": ""}, "cached": "6"}',
  '{"usage": {"cached": null}, "cached": "6"}',
  '{"usage.cached": "8", "usage": {"cached": "5"}}',
  '{"usage": [{"cached": "5"}], "latency": 1.5}',
  '{"kind": "EMPTY ", "latency": "0.25"}',
  '{"kind": "empty", "latency": true}',
  '{"latency": {"a": 1}}',
  '{"latency": 1e-3',
  '[{"cached": "5"}]',
  'text {',
);

test('row reader and SQL agree on generated rows of an adapter that uses everything, in CSV', async () => {
  const row = fc.record({
    day: pick(
      '2026-03-01',
      ' 2026-03-01',
      '2026-02-30',
      '2026-03-01T09:30:00Z',
      '2026-03-01T09:30:00.5+02:00',
      '',
      '2026',
    ),
    model: pick('gpt-20260910', 'gpt-2026091', 'gpt', '', ' x ', 'İx'),
    variant: pick('', 'none', 'Fast ', 'STANDARD', 'long'),
    kind: pick('', 'batch', 'Batch ', 'audio', 'tool', 'AGENT', 'chat'),
    tier: pick('', 'batch', 'Standard', 'x', ' batch'),
    line: pick('', 'a', ' a , b', ',b', 'a\u00a0,b', '\ta, b'),
    team: pick('', 'R', 's ', "it's", 'other'),
    project: pick('', 'Claude Haiku 4.5', ' A b', 'x'),
    outcome: pick('', 'OK', 'failed', 'no'),
    cents: pick('', '1', '-0.5', '1e-7', '0.00000005', 'x', '1e20'),
    ttft: pick('', '1', '1500', '-1', '0.1'),
    prompt: number,
    batch_prompt: number,
    completion: number,
    meta: META,
  });
  for (const delimiter of [',', ';', '\t'])
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (generated) => {
        const header = Object.keys(generated[0]!);
        const lines = generated.map((cells) =>
          Object.values(cells)
            .map((text) => (text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : csvQuoted(text)))
            .join(delimiter),
        );
        const file = write('everything.csv', `${header.join(delimiter)}\n${lines.join('\n')}\n`);
        const { rows, sql } = await bothWays(file, [everything]);
        expect(certain(sql, rows)).toEqual(rows);
      }),
      { numRuns: 8 },
    );
}, 60_000);

/** Rows on which SQL says itself that it is not certain, or whose letters it does not fold, are the row reader's. */
const certain = (sql: readonly unknown[], rows: readonly unknown[]): unknown[] =>
  sql.map((outcome, index) =>
    typeof outcome === 'string' && (outcome === DOUBTFUL || /[^\x20-\x7e]/.test(outcome)) ? rows[index] : outcome,
  );

test('row reader and SQL agree on generated records of nested JSON', async () => {
  const json = (...values: unknown[]) => fc.constantFrom(...values);
  const some = json(0, 5, 12, 1e3, 12.5, -1, '7', ' 8 ', '', null, true, 'x', { a: 1 }, [1]);
  const text = json('', 'M', ' m ', 'a,b', 'Two Words', 12, 0.5, true, null, { a: 1 }, [1, 2], 'r');
  const record = fc.record(
    {
      at: json(
        { ns: '1790467200123999999' },
        { ns: 1790467200123456 },
        { ns: 5 },
        { ns: '12x' },
        { ns: 1e18 },
        'no',
        null,
      ),
      'at.ns': json('1790467200000000000', null, ''),
      until: json('1790467200123456', 17, '', null),
      gen_ai: json({ model: { name: 'm' } }, { 'model.name': 'dotted' }, { model: 'none' }, null),
      'gen_ai.model': json({ name: 'outer' }, null),
      usage: fc.record(
        {
          prompt: some,
          completion: some,
          kind: json('none', 'None ', 0, 'x', null),
          details: json({ reasoning: 2 }, { reasoning: '3' }, [{ reasoning: 2 }], null),
        },
        { requiredKeys: [] },
      ),
      prompt: some,
      seconds: json(1, 0.25, '2.5', -1, null, 'x'),
      blocks: json([1, 2, 3], [], null, '', '[1, 2]', [1, -1], 'x', ['1']),
      line: text,
      team: text,
      project: text,
      outcome: json('OK', 'failed', 'no', null, 200),
      cents: json(1, 0.1, '0.05', 1e-7, -3, null, 'x'),
    },
    { requiredKeys: ['usage', 'at'] },
  );
  const sample =
    '{"at": {"ns": "1790467200000000000"}, "usage": {"prompt": 1, "completion": 1, "details": {"reasoning": 0}}}';
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 60 }), async (generated) => {
      const file = write('nested.jsonl', `${[sample, ...generated.map((one) => JSON.stringify(one))].join('\n')}\n`);
      const { rows, sql } = await bothWays(file, [nested]);
      expect(certain(sql, rows)).toEqual(rows);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('instants that are read the quick way have the shape and the value that the slow way wants', async () => {
  const cast = castOf({ field: 'time_ms', from: [], cast: 'instant', unit: 'iso' }, 'csv');
  const quick = cast.quick!;
  const signs = [...'0159 -+:.ZTUC/\t'].map((sign) => `'${sign}'`).join(', ');
  for (const template of [
    '2026-03-01T09:30:00.123Z',
    '2026-03-01T19:30:00Z',
    '2026-03-01T09:30:00Z',
    '2026-03-01T24:00:00.000Z',
  ]) {
    const texts = `SELECT left('${template}', CAST(i AS INTEGER)) || a || b || c || substr('${template}', CAST(i AS INTEGER) + 4) AS t
      FROM range(${template.length - 2}) AS r(i), (SELECT unnest([${signs}]) AS a), (SELECT unnest([${signs}]) AS b), (SELECT unnest([${signs}]) AS c)`;
    const both = `SELECT t, ${cast.fits('t', 's')} AS fits, s, ${quick.certain('t', 'r')} AS certain, ${quick.result!('r')} AS q
      FROM (SELECT t, ${cast.value('t')} AS s, ${quick.value('t')} AS r FROM (${texts}))`;
    const answer = await duckdb.runAndReadAll(
      `SELECT count(*) FILTER (certain), count(*) FILTER (certain AND NOT coalesce(fits AND s = q, false)) FROM (${both})`,
    );
    const [quickly, wrongly] = answer.getRows()[0] as [bigint, bigint];
    expect(wrongly).toBe(0n);
    expect(Number(quickly)).toBeGreaterThan(20);
  }
});

test('names and reasons with quotes are quoted in SQL', () => {
  const header = ['input_tokens', 'output_tokens', `o'clock "x"`];
  expect(csvTable("it's.csv", header)).toContain(`'o''clock "x"': 'VARCHAR'`);
  expect(csvTable("it's.csv", header)).toContain(`'it''s.csv'`);
});

test('without shape checks any table of texts will do', async () => {
  const table = `(SELECT '5' AS input_tokens, 'x' AS output_tokens)`;
  const sql = compileSql(canonical, ['input_tokens', 'output_tokens'], table, { checks_shape: false });
  const answer = await duckdb.runAndReadAll(sql);
  expect(answer.getRowObjectsJS()[0]?.reject).toBe('output_tokens: "x" is not a whole number of 0 or more');
});

const traces = tracesFolder();
test.skipIf(traces === undefined).each([
  ['azure-2023/AzureLLMInferenceTrace_code.csv', 8819],
  ['mooncake/synthetic_trace.jsonl', 3993],
])('row reader and SQL agree on %s', async (name, count) => {
  const { rows, sql } = await bothWays(join(traces!, name));
  expect(rows).toHaveLength(count);
  expect(sql).toEqual(rows);
});
