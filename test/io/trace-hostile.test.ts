import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReadTraceOptions, readTrace } from '../../src/io/read-trace.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-hostile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = 'input_tokens,output_tokens';
const GIGABYTE = 1 << 30;

function write(content: string | Uint8Array): string {
  const file = join(folder, 'trace');
  rmSync(file, { force: true });
  writeFileSync(file, content);
  return file;
}

/** A file that starts so and is long without taking room. */
function sparse(start: string, bytes: number): string {
  const file = write(start);
  const handle = openSync(file, 'r+');
  ftruncateSync(handle, bytes);
  closeSync(handle);
  return file;
}

const read = (source: string, options?: ReadTraceOptions) => readTrace(source, () => {}, options);

/** A text without end, in chunks; counts the bytes asked for. */
function endless(start: string, unit: string) {
  const chunk = Buffer.from(unit.repeat(Math.ceil(65_536 / unit.length)));
  const asked = { bytes: 0 };
  const stdin = Readable.from(
    (function* () {
      yield Buffer.from(start);
      for (;;) {
        asked.bytes += chunk.length;
        yield chunk;
      }
    })(),
  );
  return { stdin, asked };
}

const MOST_MB = 300;

test('2 GB in one line of zero bytes is refused at once', async () => {
  await expect(read(sparse('', 2 * GIGABYTE))).rejects.toThrow('it holds zero bytes');
});

test('2 GB in one line after a header are refused after 16 MB', async () => {
  const rss = process.memoryUsage.rss();
  const text = `${HEADER}\n${'1,1\n'.repeat(100_000)}`;
  await expect(read(sparse(text, 2 * GIGABYTE))).rejects.toThrow('trace:100002: line is longer than');
  expect((process.memoryUsage.rss() - rss) / 1e6).toBeLessThan(MOST_MB);
});

test.each([
  ['a header without end', '', 'a', 'trace line 1'],
  ['spaces without end', '', ' ', ''],
  ['a quote that is never closed', `${HEADER}\n"`, 'a,b\n', ''],
  ['a header whose quote is never closed', '"', 'a\n', ''],
])('%s ends after 16 million characters', async (_, start, unit) => {
  const { stdin, asked } = endless(start, unit);
  await expect(read('-', { stdin })).rejects.toThrow(/is longer than|never closed/);
  expect(asked.bytes).toBeLessThan(20 << 20);
});

test('a JSON document without end ends after 256 MB', async () => {
  const { stdin, asked } = endless('{"data": [\n', '{"a": 1},\n');
  await expect(read('-', { stdin })).rejects.toThrow('more than 256 MB is not read; write one record a line');
  expect(asked.bytes).toBeLessThan(280 << 20);
}, 60_000);

test('a header has 2,000 columns at most', async () => {
  const columns = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',');
  await expect(read(write(`${columns}\n1\n`))).rejects.toThrow('has 100000 columns; at most 2000 are read');
});

async function bomb(start: string, unit: string, bytes: number): Promise<string> {
  const gzip = createGzip();
  const chunk = unit.repeat(Math.ceil(1_000_000 / unit.length));
  const parts: Buffer[] = [];
  const source = (function* () {
    yield start;
    for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
  })();
  for await (const part of Readable.from(source).pipe(gzip)) parts.push(part as Buffer);
  return write(Buffer.concat(parts));
}

test('gzip that expands beyond measure is refused, as one line and as valid rows', async () => {
  await expect(read(await bomb(`${HEADER}\n`, 'a', 1e8))).rejects.toThrow('line is longer than');
  await expect(read(await bomb(`${HEADER},feature\n`, `1,1,${'a'.repeat(10_000)}\n`, 3e8))).rejects.toThrow(
    'unpacks to more than 200 times its size, as no log does',
  );
}, 120_000);

test('gzip that is cut off or damaged is told', async () => {
  const whole = gzipSync(`${HEADER}\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i % 7}`).join('\n')}`);
  await expect(read(write(whole.subarray(0, whole.length / 2)))).rejects.toThrow('is gzip that is cut off');
  whole.fill(0, 1000, 1100);
  await expect(read(write(whole))).rejects.toThrow('is damaged gzip');
});

test('a file that shrinks while it is read is told', async () => {
  const file = write(`${HEADER}\n${'1,1\n'.repeat(500_000)}`);
  let isCut = false;
  const onProgress = () => {
    if (!isCut) truncateSync(file, 300_000);
    isCut = true;
  };
  await expect(read(file, { onProgress })).rejects.toThrow('became shorter while it was read');
});

test.skipIf(process.getuid?.() === 0)('a file without permission is told', async () => {
  const file = write(`${HEADER}\n1,1\n`);
  chmodSync(file, 0);
  await expect(read(file)).rejects.toThrow('you have no permission to read it');
});

test('JSON nested 100,000 deep is a reject in a line and an error in a document', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const good = '{"input_tokens":1,"output_tokens":1}';
  const lines = `${good}\n{"input_tokens":${deep},"output_tokens":1}\n`;
  const { rejects } = await read(write(lines), { max_reject_fraction: 1 });
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([[2, 'JSON is nested deeper than 1000 levels']]);
  await expect(read(write(`[\n${deep}\n]`))).rejects.toThrow('trace:2: JSON is nested deeper than 1000 levels');
  await expect(read(write(deep))).rejects.toThrow('nested deeper');
});

test('a key that is there twice is a reject, since JSON keeps the last in silence', async () => {
  const good = '{"input_tokens":1,"output_tokens":1,"feature":"a\\":b"}';
  const { rejects, rows } = await read(
    write(`${good}\n{"input_tokens":1,"output_tokens":1,"input_tokens":9}\n${good}\n`),
    { max_reject_fraction: 1 },
  );
  expect(rows).toBe(2);
  expect(rejects).toMatchObject([{ line: 2, reason: 'the key "input_tokens" is there twice' }]);
  await expect(read(write('[\n{"a":1,\n"a":2}]'))).rejects.toThrow('the key "a" is there twice in one object');
});

test('zero bytes far into a file are rejects', async () => {
  const rows = '1,1\n'.repeat(100_000);
  const { rejects, rows: count } = await read(write(`${HEADER}\n${rows}1,\u00001\n${rows}`));
  expect(rejects).toMatchObject([{ line: 100_002, reason: 'holds zero bytes' }]);
  expect(count).toBe(200_000);
});

test('tokens that can no longer be summed exactly are an error with line and column', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  await expect(read(write(`${HEADER}\n${most},1\n1,1\n`))).rejects.toThrow(
    'trace:3: input_tokens adds up to more than 9,007,199,254,740,991',
  );
});

test('a pipe that nobody writes to does not hang', async () => {
  const pipe = join(folder, 'pipe');
  await new Promise((resolve) => spawn('mkfifo', [pipe]).on('exit', resolve));
  await expect(read(pipe)).rejects.toThrow('is a pipe');
});
