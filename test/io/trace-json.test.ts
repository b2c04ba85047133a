import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type ReadTraceOptions, readTrace } from '../../src/io/read-trace.ts';
import { JsonValues, Unread } from '../../src/io/trace-json.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-json-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string, options?: ReadTraceOptions) {
  const file = join(folder, 'trace.json');
  writeFileSync(file, text);
  const tokens: number[] = [];
  const reading = await readTrace(file, (request) => tokens.push(request.input_tokens), options);
  return { ...reading, tokens };
}

const record = (input: number) => ({ time: '2026-03-01T00:00:00Z', input_tokens: input, output_tokens: 1 });
const three = [record(1), record(2), record(3)];

test.each([
  ['lines', three.map((one) => JSON.stringify(one)).join('\n')],
  ['a list on one line', JSON.stringify(three)],
  ['a list over many lines', JSON.stringify(three, undefined, 2)],
  ['a list with a record a line', `[\n${three.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`],
  ['a list that opens and closes beside records', `[${three.map((one) => JSON.stringify(one)).join(',\n')}]`],
  ['a page', JSON.stringify({ object: 'list', data: three }, undefined, '\t')],
  ['a page a line', `${JSON.stringify({ data: three.slice(0, 2) })}\r\n${JSON.stringify({ data: [record(3)] })}`],
  ['documents one after another', three.map((one) => JSON.stringify(one, undefined, 2)).join('\n')],
  ['empty lines and spaces before', `\n  \n  ${JSON.stringify(three, undefined, 2)}`],
])('%s', async (_, text) => {
  expect(await read(text)).toMatchObject({ tokens: [1, 2, 3], rows: 3, rejected: 0, format: 'tollgate' });
});

test('a page that says has_more is told as not all there is', async () => {
  const { warnings } = await read(JSON.stringify({ data: three, has_more: true }));
  expect(warnings.map(({ code }) => code)).toEqual(['TRACE_PAGES']);
});

test('what is no object in a list is rejected, and the others are read', async () => {
  const { tokens, rejects } = await read('[{"input_tokens":1,"output_tokens":1},5,"x"]', { max_reject_fraction: 1 });
  expect(tokens).toEqual([1]);
  expect(rejects.map(({ reason }) => reason)).toEqual(['not a JSON object', 'not a JSON object']);
});

test('a broken first line among good ones is a reject, not the start of a document', async () => {
  const good = JSON.stringify(record(5));
  const { tokens, rejects } = await read(`{"input_tokens": 1, "outp\n${good}\n${good}\n{"a":\n${good}`, {
    max_reject_fraction: 1,
  });
  expect(tokens).toEqual([5, 5, 5]);
  expect(rejects.map(({ line }) => line)).toEqual([1, 4]);
});

test.each([
  ['[{"a": 1},\n{"b": 2', 'trace.json:1: the JSON document that starts here is never closed'],
  ['{\n "a": 1,\n "b" 2\n}', 'trace.json:3: no valid JSON near'],
  ['{\n "a": 1, }', 'trace.json:2: no valid JSON near'],
  [`{"a":\n${'['.repeat(2000)}`, 'trace.json:2: JSON is nested deeper than 1000 levels'],
])('a broken document names its line: %j', async (text, message) => {
  await expect(read(text)).rejects.toThrow(InputError);
  await expect(read(text)).rejects.toThrow(message);
});

test('a document is bounded, lines are not', () => {
  const seen: unknown[] = [];
  const values = (largest: number) => new JsonValues('t.json', (value) => seen.push(value), { largest });
  const lines = values(1000);
  for (let line = 1; line < 1000; line++) lines.take('{"a": 1}', line);
  lines.end();
  expect(seen).toHaveLength(999);
  const document = values(1 << 20);
  document.take('[', 1);
  expect(() => {
    for (let line = 2; ; line++) document.take('"aaaaaaaaaaaaaaaaaaaaaaaaaaaa",', line);
  }).toThrow('t.json:1: a JSON document of more than 1 MB is not read');
});

test('a line that is no JSON is told apart from null', () => {
  const seen: unknown[] = [];
  const values = new JsonValues('t.json', (value) => seen.push(value));
  for (const [index, text] of ['1', 'null', '{"a"'].entries()) values.take(text, index + 1);
  expect(seen).toEqual([1, null, expect.any(Unread)]);
});
