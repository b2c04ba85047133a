import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type ReadTraceOptions, readTrace } from '../../src/io/read-trace.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { tracesFolder } from '../traces-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-read-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (text: string | Uint8Array): string => {
  const file = join(folder, 'trace');
  writeFileSync(file, text);
  return file;
};

async function read(text: string | Uint8Array, options?: ReadTraceOptions) {
  const requests: { line: number; request: TraceRequest }[] = [];
  const reading = await readTrace(write(text), (request, line) => requests.push({ line, request }), options);
  return { ...reading, requests };
}

async function failure(run: Promise<unknown>): Promise<InputError> {
  const error = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

const HEADER = 'input_tokens,output_tokens,feature';

test('a file gives its requests in order, with format, reasons, digest and physical line numbers', async () => {
  const text = `${HEADER}\n1,2,a\n\n3,4,"b\nc"\n5,6,d`;
  const { requests, rows, rejected, format, clock, reasons, sha256, warnings } = await read(text);
  expect(requests.map(({ line, request }) => [line, request.input_tokens, request.feature])).toEqual([
    [2, 1, 'a'],
    [4, 3, 'b\nc'],
    [6, 5, 'd'],
  ]);
  expect({ rows, rejected, format, clock, reasons }).toEqual({
    rows: 3,
    rejected: 0,
    format: 'tollgate',
    clock: 'none',
    reasons: ['the header has input_tokens, output_tokens'],
  });
  expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
  expect(warnings.map(({ code }) => code)).toEqual(['TRACE_COLUMN']);
});

test('byte order mark, CRLF and a missing final newline change nothing but the digest', async () => {
  const plain = await read(`${HEADER}\n1,2,a\n3,4,b\n`);
  const windows = await read(`\uFEFF${HEADER}\r\n1,2,a\r\n3,4,b`);
  expect(windows.requests).toEqual(plain.requests);
});

test('rejects carry line, reason and text; a quote inside a field is one of them and spoils no other row', async () => {
  const { rejects, rows } = await read(`${HEADER}\n1,2,a\nx,2,b\n1,2,5" disk\n1,2,"c" d\n3,4,"e"\n`, {
    max_reject_fraction: 1,
  });
  const file = join(folder, 'trace');
  expect(rejects).toEqual([
    { file, line: 3, reason: 'input_tokens: "x" is not a whole number of 0 or more', text: 'x,2,b' },
    { file, line: 4, reason: expect.stringContaining('a quote stands inside a field'), text: '1,2,5" disk' },
    { file, line: 5, reason: expect.stringContaining('a quote stands inside a field'), text: '1,2,"c" d' },
  ]);
  expect(rows).toBe(2);
});

test('more rejects than allowed are an error that shows the first three', async () => {
  const good = '1,2,a\n'.repeat(96);
  const four = await failure(read(`${HEADER}\n${good}a,1,\nb,1,\nc,1,\nd,1,\n`));
  expect(four.diagnostics.map(({ path, message }) => [path.replace(folder, ''), message])).toEqual([
    ['/trace', '4 of 100 rows (4.0 %) cannot be read, more than the 1 % allowed; the first are'],
    ['/trace:98', 'input_tokens: "a" is not a whole number of 0 or more'],
    ['/trace:99', 'input_tokens: "b" is not a whole number of 0 or more'],
    ['/trace:100', 'input_tokens: "c" is not a whole number of 0 or more'],
  ]);
  const atLimit = await read(`${HEADER}\n${'1,2,a\n'.repeat(99)}x,1,\n`);
  expect([atLimit.rows, atLimit.rejected]).toEqual([99, 1]);
});

test('a thousand rejects are kept, all are counted', async () => {
  const { rejects, rejected } = await read(`${HEADER}\n${'x,1,\n'.repeat(1500)}`, { max_reject_fraction: 1 });
  expect([rejects.length, rejected]).toEqual([1000, 1500]);
});

test('a hopeless file is given up early', async () => {
  let requests = 0;
  const text = `${HEADER}\n${'x,1,\n'.repeat(2000)}${'1,1,\n'.repeat(100_000)}`;
  const error = await failure(readTrace(write(text), () => requests++));
  expect(error.diagnostics[0]?.message).toContain('1001 of 1001 rows');
  expect(requests).toBe(0);
});

test.each([
  ['', 'TRACE_EMPTY', 'is empty'],
  ['\n\n', 'TRACE_EMPTY', 'nothing but empty lines'],
  [`${HEADER}\n`, 'TRACE_NO_ROWS', 'has a header and no rows'],
  ['a,b\n1,2\n', 'TRACE_HEADER', 'Closest as CSV:'],
  ['input_tokens,output_tokens,Input_Tokens\n1,2,3\n', 'TRACE_HEADER', '"Input_Tokens" is there twice'],
  ['[1, 2]\n', 'TRACE_HEADER', 'not a JSON object'],
  ['{"timestamp": 1', 'TRACE_JSON', 'never closed'],
  [new Uint8Array([0x1f, 0x8b, 8, 0]), 'TRACE_ENCODING', 'gzip that is cut off'],
  [Buffer.from(`${HEADER}\n1,2,\n`, 'utf16le'), 'TRACE_ENCODING', 'UTF-16 without a byte order mark'],
  [new Uint8Array([80, 75, 3, 4, 0, 0]), 'TRACE_ENCODING', 'ZIP archive'],
  [new Uint8Array([1, 2, 0, 0, 0, 0]), 'TRACE_ENCODING', 'not a text file'],
])('%j is refused with %s', async (text, code, message) => {
  const error = await failure(read(text));
  expect(error.diagnostics.map((d) => d.code)).toEqual([code]);
  expect(error.message).toContain(message);
  expect(error.message).toContain(join(folder, 'trace'));
});

test('an unclosed quote names the line in which it was opened', async () => {
  const error = await failure(read(`${HEADER}\n1,2,a\n1,2,"b\n1,2,c\n`));
  expect(error.diagnostics[0]).toMatchObject({ code: 'TRACE_QUOTE', path: `${join(folder, 'trace')}:3` });
});

test('a missing file and a directory are named', async () => {
  const missing = await failure(readTrace(join(folder, 'none.csv'), () => {}));
  expect(missing.diagnostics[0]).toMatchObject({ code: 'TRACE_MISSING', message: 'no such file' });
  mkdirSync(join(folder, 'sub'), { recursive: true });
  const directory = await failure(readTrace(join(folder, 'sub'), () => {}));
  expect(directory.diagnostics[0]).toMatchObject({ code: 'TRACE_DIRECTORY' });
});

test('a key that the first JSON line lacks is read where it comes', async () => {
  const { requests, rejected } = await read(
    `{"timestamp":0,"input_length":1,"output_length":1}\n{"timestamp":5,"input_length":1,"output_length":1,"hash_ids":[4]}\n`,
  );
  expect(requests.map(({ request }) => request.hash_chain)).toEqual([undefined, [4]]);
  expect(rejected).toBe(0);
});

test('records and fields are those of csv-parse, whatever the quoting and wherever chunks end', async () => {
  const plain = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'é', '😀', ' ', ';', "'") });
  const quoted = fc
    .string({ maxLength: 8, unit: fc.constantFrom('b', '"', ',', '\n', '\r\n', ' ') })
    .map((text) => `"${text.replaceAll('"', '""')}"`);
  const record = fc.tuple(fc.nat(), fc.nat(), fc.oneof(plain, quoted)).map((cells) => cells.join(','));
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), async (records, newline) => {
      const text = [HEADER, ...records].join(newline);
      const expected: string[][] = parse(text, { from_line: 2 });
      const { requests } = await read(text, { max_reject_fraction: 1 });
      expect(requests.map(({ request }) => request.feature ?? '')).toEqual(
        expected.map(([, , feature]) => feature!.replace(/^ +| +$/g, '')),
      );
    }),
  );
  const many = `${HEADER}\n${'1,2,"a\r\nbé"\n'.repeat(60_000)}`;
  const { requests } = await read(many);
  expect(new Set(requests.map(({ request }) => request.feature))).toEqual(new Set(['a\r\nbé']));
  expect(requests.at(-1)?.line).toBe(2 * 60_000);
});

const traces = tracesFolder();
test.skipIf(traces === undefined).each([
  ['azure-2023/AzureLLMInferenceTrace_code.csv', 'azure-2023', 8819, 18_059_974, 245_896],
  ['azure-2023/AzureLLMInferenceTrace_conv.csv', 'azure-2023', 19_366, undefined, undefined],
  ['mooncake/synthetic_trace.jsonl', 'mooncake', 3993, undefined, undefined],
])('%s has the rows and tokens that it is known for', async (name, format, count, input, output) => {
  let tokens = 0;
  let answered = 0;
  const file = join(traces!, name);
  const reading = await readTrace(file, (request) => {
    tokens += request.input_tokens;
    answered += request.output_tokens;
    if (request.hash_chain !== undefined)
      expect(request.hash_chain).toHaveLength(Math.ceil(request.input_tokens / 512));
  });
  expect(reading).toMatchObject({ format, rows: count, rejected: 0, warnings: [] });
  expect(reading.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
  if (input !== undefined) expect([tokens, answered]).toEqual([input, output]);
});
