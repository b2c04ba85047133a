import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type ReadTraceOptions, readTrace, type TraceProgress } from '../../src/io/read-trace.ts';
import { describeTrace } from '../../src/io/trace-description.ts';
import { traceFiles } from '../../src/io/trace-sources.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-sources-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const HEADER = 'time,input_tokens,output_tokens,feature';
const row = (tokens: number, feature = 'a') => `2026-03-01T00:00:00Z,${tokens},1,${feature}`;
const csv = (...tokens: number[]) => `${[HEADER, ...tokens.map((one) => row(one))].join('\n')}\n`;

async function read(source: string | readonly string[], options?: ReadTraceOptions) {
  const tokens: number[] = [];
  const features: (string | undefined)[] = [];
  const reading = await readTrace(
    source,
    (request) => {
      tokens.push(request.input_tokens);
      features.push(request.feature);
    },
    options,
  );
  return { ...reading, tokens, features };
}

const codes = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code);

test('patterns mean files by name, sorted, each once; hidden files and folders are passed over', async () => {
  for (const name of ['g/b.csv', 'g/a.csv', 'g/a.json', 'g/.c.csv', 'g/in/d.csv', 'g/in/deep/e.csv']) write(name, 'x');
  const names = async (...patterns: string[]) =>
    (await traceFiles(patterns.map((one) => join(folder, one)))).map((file) => file.slice(folder.length + 1));
  expect(await names('g/*.csv')).toEqual(['g/a.csv', 'g/b.csv']);
  expect(await names('g/?.*')).toEqual(['g/a.csv', 'g/a.json', 'g/b.csv']);
  expect(await names('g/**/*.csv')).toEqual(['g/a.csv', 'g/b.csv', 'g/in/d.csv', 'g/in/deep/e.csv']);
  expect(await names('g/**')).toEqual(['g/a.csv', 'g/a.json', 'g/b.csv', 'g/in/d.csv', 'g/in/deep/e.csv']);
  expect(await names('*/in/*.csv', 'g/b.csv', 'g/in/d.csv')).toEqual(['g/in/d.csv', 'g/b.csv']);
  await expect(names('g/*.parquet')).rejects.toThrow('no file matches this pattern');
});

test('several files are one source; counts, files and progress are told', async () => {
  const one = write('s/one.csv', csv(1, 2));
  const two = write('s/two.jsonl', '{"time":"2026-03-01T00:00:00Z","input_tokens":3,"output_tokens":1}\n');
  const seen: TraceProgress[] = [];
  const reading = await read([one, two], { onProgress: (progress) => seen.push(progress) });
  expect(reading.tokens).toEqual([1, 2, 3]);
  expect(reading.files.map(({ file, container, rows }) => [file, container, rows])).toEqual([
    [one, 'csv', 2],
    [two, 'json', 1],
  ]);
  expect(seen.at(-1)).toEqual({ rows: 2, bytes: seen.at(-1)!.total_bytes, total_bytes: expect.any(Number) });
});

test('rejects name their file, and their share counts over all files', async () => {
  const good = write('r/a.csv', csv(...Array.from({ length: 150 }, (_, i) => i)));
  const bad = write('r/b.csv', `${HEADER}\n${row(1)}\nx,1,1,a\n`);
  expect((await read([good, bad])).rejects).toMatchObject([{ file: bad, line: 3 }]);
  await expect(read(bad)).rejects.toThrow('1 of 2 rows');
});

test('relative and absolute clocks do not mix', async () => {
  const dated = write('c/a.csv', csv(1));
  const relative = write('c/b.jsonl', '{"timestamp":0,"input_length":1,"output_length":1}\n');
  await expect(read([dated, relative])).rejects.toThrow(`${relative}: counts time from the start of its recording`);
});

test('an empty file among others is told and passed over; the same bytes twice are told', async () => {
  const one = write('e/one.csv', csv(1));
  const twin = write('e/twin.csv', csv(1));
  const reading = await read([one, write('e/two.csv', ''), write('e/three.csv', `${HEADER}\n`), twin]);
  expect(codes(reading.warnings)).toEqual(['TRACE_EMPTY', 'TRACE_NO_ROWS', 'TRACE_TWICE']);
  await expect(read([join(folder, 'e/two.csv'), join(folder, 'e/three.csv')])).rejects.toThrow(
    'none of them has a row',
  );
});

test('standard input is read like a file, however its chunks come', async () => {
  const stdin = Readable.from([...Buffer.from(csv(1, 2, 3))].map((byte) => Buffer.from([byte])));
  expect(await read('-', { stdin })).toMatchObject({ tokens: [1, 2, 3], files: [{ file: '-' }] });
});

const text = `${HEADER}\n${row(1, 'é')}\n${row(2, '€')}\n`;

test.each([
  ['gzip', gzipSync(text)],
  ['gzip of two members', Buffer.concat([gzipSync(text.slice(0, 60)), gzipSync(text.slice(60))])],
  ['a byte order mark', Buffer.from(`\uFEFF${text}`)],
  ['a byte order mark within quotes', Buffer.from(`"\uFEFFtime",${text.slice(5)}`)],
  ['UTF-16, little-endian', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16, big-endian', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ['lone carriage returns', Buffer.from(text.replaceAll('\n', '\r'))],
  ['no final line end', Buffer.from(text.trimEnd())],
  ['semicolons', Buffer.from(text.replaceAll(',', ';'))],
  ['tabs', Buffer.from(text.replaceAll(',', '\t'))],
  ['a line for Excel', Buffer.from(`sep=;\r\n${text.replaceAll(',', ';')}`)],
  ['Windows-1252', Buffer.from(text.replace('é', '\xe9').replace('€', '\x80'), 'latin1')],
])('%s makes no difference', async (_, bytes) => {
  const file = write('same', bytes);
  expect(await read(file)).toMatchObject({ tokens: [1, 2], features: ['é', '€'] });
  expect((await describeTrace(file)).names).toEqual(HEADER.split(','));
});

test('Windows-1252 is told, and so is a stray byte in UTF-8, which stays UTF-8', async () => {
  const latin = await read(write('l', Buffer.from(text.replace('€', 'a'), 'latin1')));
  expect(latin.warnings).toMatchObject([{ code: 'TRACE_ENCODING', message: 'is not UTF-8; read as Windows-1252' }]);
  const stray = await read(write('l', Buffer.concat([Buffer.from(`${text}${row(3, 'ö')}`), Buffer.from([0xe9, 10])])));
  expect(stray.features).toEqual(['é', '€', 'ö\uFFFD']);
  expect(codes(stray.warnings)).toEqual(['TRACE_ENCODING']);
});

test('characters that chunks cut apart are whole', async () => {
  const stdin = Readable.from([...Buffer.from(`${HEADER}\n${row(1, '😀é€')}\n`)].map((byte) => Buffer.from([byte])));
  expect((await read('-', { stdin })).features).toEqual(['😀é€']);
  const long = `${HEADER}\n${`${row(1, '😀é€')}\n`.repeat(40_000)}`;
  expect(new Set((await read(write('long', long))).features)).toEqual(new Set(['😀é€']));
});

test('a decimal comma is rejected, not guessed', async () => {
  const file = write('d', `${HEADER.replaceAll(',', ';')}\n2026-03-01T00:00:00Z;1,5;1;a\n`);
  expect((await read(file, { max_reject_fraction: 1 })).rejects).toMatchObject([
    { reason: 'input_tokens: "1,5" is not a whole number of 0 or more' },
  ]);
});

test.each([
  [
    'archive.zip',
    zip('readme.txt', 'cost-2026.csv', 'amount-2026.csv'),
    'name amount-2026.csv (there are cost-2026.csv',
  ],
  ['book.xlsx', zip('[Content_Types].xml', 'xl/workbook.xml'), 'is an Excel workbook; save its sheet as CSV'],
  ['page.html', Buffer.from('\n <!doctype html><html>'), 'is HTML or XML'],
  ['x.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]), 'compressed with zstd'],
])('%s is refused with what to do', async (name, bytes, message) => {
  await expect(read(write(name, bytes))).rejects.toThrow(message);
  await expect(describeTrace(join(folder, name))).rejects.toThrow(InputError);
});

function zip(...names: string[]): Buffer {
  return Buffer.concat(
    names.map((name) => {
      const head = Buffer.alloc(30);
      head.write('PK\x03\x04', 'latin1');
      head.writeUInt16LE(name.length, 26);
      return Buffer.concat([head, Buffer.from(`${name}some bytes`)]);
    }),
  );
}

test('a pipe and a device are refused before they are opened', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(read(pipe)).rejects.toThrow('is a pipe; name - and send the trace to standard input');
  await expect(read('/dev/zero')).rejects.toThrow('is a device');
});

test('a description tells what the head shows, and whether the file is plain', async () => {
  const plain = await describeTrace(write('p.csv', csv(1, 2)));
  expect(plain).toMatchObject({ container: 'csv', delimiter: ',', encoding: 'utf-8', is_plain: true, warnings: [] });
  expect(plain.adapter.format).toBe('tollgate');
  const record = '{"input_tokens":1,"output_tokens":1}';
  const isPlain = async (content: string | Uint8Array) => (await describeTrace(write('p', content))).is_plain;
  expect(await isPlain(`${record}\n${record}\n`)).toBe(true);
  expect(await isPlain(gzipSync(csv(1)))).toBe(false);
  expect(await isPlain(`[${record}]`)).toBe(false);
  expect(await isPlain(JSON.stringify(JSON.parse(record), undefined, 1))).toBe(false);
  expect(await isPlain(`\n${csv(1)}`)).toBe(false);
  expect(await isPlain(csv(1).replaceAll('\n', '\r'))).toBe(false);
});

test('the head of a document far longer than a megabyte is enough', async () => {
  const many = Array.from({ length: 50_000 }, (_, i) => ({ input_tokens: i, output_tokens: 1, feature: 'x]}"' }));
  for (const indent of [undefined, 2]) {
    const file = write('big.json', JSON.stringify({ data: many }, undefined, indent));
    expect(await describeTrace(file)).toMatchObject({
      container: 'json',
      is_plain: false,
      names: ['input_tokens', 'output_tokens', 'feature'],
    });
  }
});
