import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parquetColumns, rollupWithDuckdb, streamRequests } from '../../src/engines/duckdb.ts';
import { withDuckdb } from '../../src/engines/duckdb-connection.ts';
import { eachRow, outcomeOf, typedFields } from '../../src/engines/duckdb-stream.ts';
import type { EngineRollup, TracePart } from '../../src/engines/engine.ts';
import { InputError } from '../../src/errors.ts';
import { readTraceFile } from '../../src/io/trace-file.ts';
import { answerTokens, promptTokens } from '../../src/meters.ts';
import type { Adapter } from '../../src/trace/adapter.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';
import { ADAPTERS } from '../../src/trace/adapters/index.ts';
import { compileSql, parquetTable } from '../../src/trace/compile-sql.ts';
import type { Detected } from '../../src/trace/detect.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import type { UsageTable } from '../../src/usage/table.ts';
import { tracesFolder } from '../traces-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const EDGES = { 's/m': [200, 1000], m: [128] };
const ALL_EDGES = [128, 200, 1000];

const digest = (table: UsageTable): string =>
  createHash('sha256')
    .update(JSON.stringify({ ...table, requests_per_minute: [...table.requests_per_minute] }))
    .digest('hex');

/** A file as the row reader sums it and as the engine does. */
async function bothWays(file: string, adapters: readonly Adapter[] = ADAPTERS) {
  const rollup = createRollup({ edges: EDGES });
  const seen = { rows: 0, rejected: 0, skipped: new Map<string, number>(), billed: 0 };
  const rejects: { file: string; line: number; reason: string; text: string }[] = [];
  const sizes = { prompt: new Map<number, number>(), answer: new Map<number, number>() };
  let detected: Detected | undefined;
  let names: readonly string[] = [];
  const reading = await readTraceFile(
    file,
    (outcome, line, text) => {
      if (typeof outcome === 'string') {
        seen.rejected++;
        rejects.push({ file, line, reason: outcome, text: text().slice(0, 500) });
      } else if ('skipped' in outcome) seen.skipped.set(outcome.skipped, (seen.skipped.get(outcome.skipped) ?? 0) + 1);
      else {
        seen.rows++;
        seen.billed += outcome.billed_nano_usd ?? 0;
        rollup.add(outcome);
        if (outcome.until_ms === undefined && outcome.requests === 1 && !isUnused(outcome)) {
          count(sizes.prompt, promptTokens(outcome));
          count(sizes.answer, answerTokens(outcome));
        }
      }
    },
    {
      adapters,
      onDetected: (found, header) => {
        detected = found;
        names = header;
      },
    },
  );
  const { container, delimiter } = reading;
  const part: TracePart = { path: file, adapter: detected!.adapter, container, names, delimiter };
  const answer = await rollupWithDuckdb([part], { edges: ALL_EDGES, sizes: true });
  return { rows: { ...seen, rejects, sizes, table: rollup.table() }, answer, part };
}

const isUnused = (request: TraceRequest): boolean =>
  (request.status ?? 0) >= 400 && promptTokens(request) + answerTokens(request) === 0;
const count = (counts: Map<number, number>, key: number): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
const sorted = (counts: ReadonlyMap<number, number>) => [...counts].sort(([a], [b]) => a - b);

function tableOf(answer: EngineRollup): UsageTable {
  const rollup = createRollup({ edges: EDGES });
  rollup.addGrouped(answer.grouped);
  for (const { request } of answer.buckets) rollup.add(request);
  return rollup.table();
}

type Both = Awaited<ReturnType<typeof bothWays>>;

function expectSame({ rows, answer }: Both): void {
  expect(answer.falls_back).toEqual([]);
  expect(tableOf(answer)).toEqual(rows.table);
  expect(digest(tableOf(answer))).toBe(digest(rows.table));
  expect([answer.rows, answer.rejected]).toEqual([rows.rows, rows.rejected]);
  expect(answer.rejects).toEqual(rows.rejects);
  expect(new Map(answer.skipped.map(({ reason, rows: n }) => [reason, n]))).toEqual(rows.skipped);
  expect(sorted(answer.sizes!.prompt)).toEqual(sorted(rows.sizes.prompt));
  expect(sorted(answer.sizes!.answer)).toEqual(sorted(rows.sizes.answer));
  const billed = [...answer.grouped.groups, ...answer.buckets.map(({ request }) => request)];
  expect(billed.reduce((sum, { billed_nano_usd = 0 }) => sum + billed_nano_usd, 0)).toBe(rows.billed);
}

const HEADER =
  'time,seller,model,feature,tier,input_tokens,cache_read_tokens,output_tokens,status,billed_usd,team,user,agent';
const ROWS = `2026-03-01T10:00:00Z,s,m,a,standard,199,0,5,,,red,ann,
2026-03-01T10:00:01.5Z,s,m,a,standard,199,1,5,200,0.5,red,ann,bot
2026-03-01T10:00:02.999Z,s,m,a,batch,999,1,5,500,,, bob ,
2026-03-01T10:01:00.000Z,s,m,a,batch,0,0,0,500,,red,eve,
2026-03-01T10:01:30Z,s,m,a,batch,0,0,0,429,-0.25,red,eve,bot
2026-03-01 10:59:59.9999999,,m,,flex,127,0,0,,,blue,,
2026-03-01T24:00:00Z,,m,,flex,127,0,0,,,blue,ann,
2026-03-01T11:00:00+01:00,,m,," fast",128,,0,,,, ,
2026-03-01T11:00:00Z,, n ,b,FAST,128,,7,,1e-9,red,bob,bot
1970-01-01T00:30:00+01:00,,,,,1,,1,,,red,ann,
2026-03-01T11:00:00Z,,,,bulk,128,,7,,,red,ann,
2026-03-01T11:00:00Z,,,,,12.5,,7,,,red,ann,
2026-03-01T11:00:00Z,,,,,1e3,,7
`;

test('groups of an engine make the table that single requests make: cliffs, failures, bills, tiers, rejects', async () => {
  const both = await bothWays(write('rows.csv', `${HEADER}\n${ROWS}`));
  expectSame(both);
  expect(both.rows.table.failed_requests).toBe(2);
  expect(new Set(both.rows.table.rows.map(({ band }) => band))).toEqual(new Set([0, 1, 2]));
  expect(both.answer.rejects.map(({ line }) => line)).toEqual([8, 12, 13, 14]);
  const { labels } = both.rows.table;
  expect(Object.keys(labels!)).toEqual(['team', 'user', 'agent']);
  expect([...new Set(labels!.user!.rows.map(({ label }) => label))]).toEqual(['ann', 'bob']);
});

test.each([
  ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ['blank lines before, between and behind', (text: string) => `\n\n${text.replaceAll('\n', '\n\n')}\n`],
  ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ['semicolons', (text: string) => text.replaceAll(',', ';')],
  ['a line that tells the separator', (text: string) => `sep=;\n${text.replaceAll(',', ';')}`],
  ['tabs', (text: string) => text.replaceAll(',', '\t')],
  ['quoted cells', (text: string) => text.replaceAll(',s,m,a,', ',"s","m","a, ""b""",')],
  ['quoted line ends', (text: string) => text.replaceAll(',s,m,a,', ',s,m,"a\n\nb",')],
  ['no last line end', (text: string) => text.trimEnd()],
  ['spaces alone in a line', (text: string) => text.replace('\n', '\n  \n')],
])('the same with %s', async (name, change) => {
  const both = await bothWays(write(`${name}.csv`, change(`${HEADER}\n${ROWS}`)));
  expectSame(both);
});

test.each([
  ['a quote inside a cell', `${HEADER}\n${ROWS.replace(',m,', ',m"x,')}`],
  ['text behind a closing quote', `${HEADER}\n${ROWS.replace(',m,', ',"m"x,')}`],
  ['a single carriage return', `${HEADER}\n${ROWS.replace(',m,', ',m\rx,')}`],
  ['line ends of two kinds', `${HEADER}\r\n${ROWS}`],
  ['a zero byte', `${HEADER}\n${ROWS.replace(',m,', ',m\0,')}`],
])('%s is left to the row reader, with the reason', async (_, text) => {
  const path = write('odd.csv', text);
  const part: TracePart = { path, adapter: canonical, container: 'csv', names: HEADER.split(',') };
  const answer = await rollupWithDuckdb([part], { edges: [] });
  expect(answer.falls_back).toEqual([{ path, reason: expect.stringMatching(/quote|carriage|two ways|zero/) }]);
  expect(answer.rows + answer.rejected).toBe(0);
});

test('rows that sum requests come back one by one, with their lines', async () => {
  const file = write(
    'buckets.csv',
    `time,until,requests,model,input_tokens,output_tokens,context_from_tokens
2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,12,m,5000,100,
2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,7,m,5000,100,128
2026-03-01T00:00:05Z,,1,m,500,100,
2026-03-01T00:00:06Z,,1,m,500,100,7
2026-03-01T00:00:07Z,,2,m,500,100,
`,
  );
  const both = await bothWays(file);
  expectSame(both);
  expect(both.answer.buckets.map(({ line }) => line)).toEqual([2, 3, 6]);
});

const JSONL = `{"time_ms": 1, "input_tokens": 5, "output_tokens": 1e1, "model": "m", "feature": 12}
{"time_ms": "2", "input_tokens": 12.0, "output_tokens": 1, "model": "  n  "}
{"time_ms": 3, "input_tokens": 12.5, "output_tokens": 1}

{"time_ms": 3, "input_tokens": "7", "output_tokens": 1, "seller": "s", "model": "m", "tier": "Batch"}
not json
{"time_ms": 3, "input_tokens": 1, "output_tokens": 1, "model": {"a": 1}}
{"time_ms": 3, "input_tokens": 1, "output_tokens": true}
{"time_ms": 3, "input_tokens": null, "output_tokens": 1}
`;

test('lines of JSON', async () => expectSame(await bothWays(write('rows.jsonl', JSONL))));

test.each([
  ['a comma too much', '{"time_ms": 3, "input_tokens": 1, "output_tokens": 1,}', []],
  ['a key that is there twice', '{"input_tokens": 1, "input_tokens": 2, "output_tokens": 1}', ['two ways']],
  ['a page of records', '{"data": [{"input_tokens": 1, "output_tokens": 1}]}', ['two ways']],
  ['NaN', '{"input_tokens": NaN, "output_tokens": 1}', []],
])('JSON with %s is rejected as the row reader does, or left to it', async (_, line, reasons) => {
  const path = write('odd.jsonl', `${JSONL}${line}\n`);
  const names = ['time_ms', 'input_tokens', 'output_tokens', 'model'];
  const part: TracePart = { path, adapter: canonical, container: 'json', names };
  const answer = await rollupWithDuckdb([part], { edges: [] });
  expect(answer.falls_back.map(({ reason }) => reason)).toEqual(reasons.map((one) => expect.stringContaining(one)));
  if (reasons.length === 0) expect(answer.rejects.at(-1)).toMatchObject({ line: 10, reason: 'not a JSON object' });
});

test('several files are summed together, and only those in doubt are left out', async () => {
  const good = write('one.csv', `${HEADER}\n${ROWS}`);
  const odd = write('two.csv', `${HEADER}\n${ROWS.replace(',m,', ',m"x,')}`);
  const part = { path: [good, odd, good], adapter: canonical, container: 'csv' as const, names: HEADER.split(',') };
  const fractions: number[] = [];
  const answer = await rollupWithDuckdb([part], { edges: ALL_EDGES, onProgress: (done) => fractions.push(done) });
  expect(answer.falls_back.map(({ path }) => path)).toEqual([odd]);
  expect([answer.rows, answer.rejected]).toEqual([18, 8]);
  expect(answer.files).toEqual([good, good].map((path) => ({ path, rows: 9, rejected: 4 })));
  expect(fractions.at(-1)).toBe(1);
});

test('a sum beyond 2^53 is an error that names file and field', async () => {
  const path = write('big.csv', `input_tokens,output_tokens\n9007199254740991,1\n1,1\n`);
  const part: TracePart = { path, adapter: canonical, container: 'csv', names: ['input_tokens', 'output_tokens'] };
  await expect(rollupWithDuckdb([part], { edges: [] })).rejects.toThrow(`${path}: input_tokens adds up to more`);
});

const cell = fc.oneof(
  fc.nat({ max: 2000 }).map(String),
  fc.constantFrom('', '0', '007', '1.0', ' 5', '5 ', '-0', '1_000', "O'Neill", '\u0130', 'é', '"a, b"', '""', '"a\nb"'),
);
const instant = fc.oneof(
  fc
    .date({ min: new Date('2026-01-01'), max: new Date('2026-01-03'), noInvalidDate: true })
    .map((at) => at.toISOString()),
  fc.constantFrom(
    '',
    '2026-01-01T00:00:00Z',
    '2026-01-01 00:00:00.5',
    '2026-01-01T 1:00:00Z',
    '1970-01-01T00:00:00+05',
  ),
);

test('generated files are summed alike', async () => {
  const tier = fc.constantFrom('', 'standard', 'Batch', 'flex ', 'bulk');
  const status = fc.constantFrom('', '200', '500');
  const label = fc.constantFrom('', '', 'red', ' red ', 'toString', '"a, b"', 'é', 'x'.repeat(201));
  const billed = fc.constantFrom('', '0.1', '-3');
  const row = fc.tuple(instant, cell, cell, cell, tier, cell, cell, cell, status, billed, label, label, label);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), async (generated) => {
      const text = `${HEADER}\n${generated.map((cells) => cells.join(',')).join('\n')}\n`;
      expectSame(await bothWays(write('generated.csv', text)));
    }),
    { numRuns: 20 },
  );
}, 60_000);

async function parquet(name: string, select: string): Promise<string> {
  const file = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT PARQUET)`);
  connection.closeSync();
  instance.closeSync();
  return file;
}

/** Rows of a Parquet file of which every column is read as text. */
async function fromTexts(path: string, names: readonly string[]): Promise<unknown[]> {
  return await withDuckdb(
    async (connection) => {
      await connection.run("SET TimeZone = 'UTC'");
      const options = { container: 'parquet', checks_shape: false, numbers_rows: true } as const;
      const select = compileSql(canonical, names, parquetTable(path, names), options);
      const outcomes: unknown[] = [];
      await eachRow(await connection.stream(typedFields(select)), (cell, row) => outcomes.push(outcomeOf(cell, row)));
      return outcomes;
    },
    { keeps_order: true },
  );
}

test('typed columns of Parquet are summed and streamed as their texts are', async () => {
  const path = await parquet(
    'typed.parquet',
    `SELECT TIMESTAMPTZ '2026-03-01 00:00:00+00' + to_seconds(i) AS time, 's' AS seller, ' m ' AS model,
      'u' || i % 3 AS user, CASE WHEN i % 2 = 0 THEN 'red' END AS team, CAST(i * 100 AS UINTEGER) AS input_tokens, CAST(i AS DOUBLE) AS output_tokens, CASE WHEN i % 7 = 0 THEN -1 ELSE i END AS cache_read_tokens,
      i * 1.5 AS latency_ms, [i, i + 1] AS hash_chain, CAST(i * 0.001 AS DECIMAL(9, 3)) AS billed_usd FROM range(1, 3001) r(i)`,
  );
  const columns = await parquetColumns(path);
  expect(columns.slice(0, 2)).toEqual([
    { name: 'time', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'seller', type: 'VARCHAR' },
  ]);
  const part: TracePart = { path, adapter: canonical, container: 'parquet', names: columns.map(({ name }) => name) };
  const rollup = createRollup({ edges: EDGES });
  const rows: number[] = [];
  const rejects: string[] = [];
  let first: unknown;
  await streamRequests(part, (outcome, row, text) => {
    rows.push(row);
    if (typeof outcome === 'string') rejects.push(`${row} ${outcome} ${text()}`);
    else if (!('skipped' in outcome)) {
      first ??= outcome;
      rollup.add(outcome);
    }
  });
  expect(rows).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1));
  expect(first).toMatchObject({
    time_ms: Date.parse('2026-03-01T00:00:01Z'),
    model: 'm',
    input_tokens: 100,
    output_tokens: 1,
    latency_ms: 1.5,
    hash_chain: [1, 2],
    billed_nano_usd: 1_000_000,
  });
  expect(rejects[0]).toMatch(
    /^7 cache_read_tokens: "-1" is not a whole number of 0 or more 2026-03-01 00:00:07\+00,s,/,
  );
  const streamed: unknown[] = [];
  await streamRequests(part, (outcome) => streamed.push(outcome));
  expect(await fromTexts(path, part.names)).toEqual(streamed);

  const answer = await rollupWithDuckdb([part], { edges: ALL_EDGES });
  expect(digest(tableOf(answer))).toBe(digest(rollup.table()));
  expect([answer.rows, answer.rejected, answer.rejects.length]).toEqual([2572, 428, 428]);
  expect(answer.rejects[0]).toMatchObject({
    line: 7,
    reason: 'cache_read_tokens: "-1" is not a whole number of 0 or more',
  });
});

test('a file that is gone, closed or no Parquet is an error that names it', async () => {
  const gone = join(folder, 'gone.csv');
  const part: TracePart = { path: gone, adapter: canonical, container: 'csv', names: HEADER.split(',') };
  await expect(rollupWithDuckdb([part], { edges: [] })).rejects.toThrow(InputError);
  await expect(rollupWithDuckdb([part], { edges: [] })).rejects.toThrow(`${gone}: no such file`);
  await expect(parquetColumns(gone)).rejects.toThrow(`${gone}: no such file`);
  const text = write('text.parquet', 'a,b\n1,2\n');
  await expect(parquetColumns(text)).rejects.toThrow(InputError);
  await expect(parquetColumns(text)).rejects.toThrow('is no Parquet file that can be read');
  await expect(parquetColumns(folder)).rejects.toThrow('is a directory');
  if (process.getuid?.() === 0) return;
  const closed = write('closed.csv', `${HEADER}\n${ROWS}`);
  chmodSync(closed, 0);
  await expect(rollupWithDuckdb([{ ...part, path: closed }], { edges: [] })).rejects.toThrow(InputError);
});

test('a name with the signs of a pattern is one file', async () => {
  write('a1.csv', `${HEADER}\n${ROWS}`);
  expectSame(await bothWays(write('a[1]*.csv', `${HEADER}\n${ROWS.slice(0, ROWS.indexOf('\n') + 1)}`)));
});

const traces = tracesFolder();
test
  .skipIf(traces === undefined)
  .each([
    'azure-2023/AzureLLMInferenceTrace_code.csv',
    'azure-2023/AzureLLMInferenceTrace_conv.csv',
    'mooncake/synthetic_trace.jsonl',
  ])('%s is summed alike', async (name) => {
  const both = await bothWays(join(traces!, name));
  expectSame(both);
  expect(both.rows.rows).toBeGreaterThan(3000);
});
