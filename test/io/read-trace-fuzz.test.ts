import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readTrace, type TraceReading } from '../../src/io/read-trace.ts';
import { describeTrace } from '../../src/io/trace-description.ts';
import { COUNT_METERS } from '../../src/meters.ts';
import type { Adapter } from '../../src/trace/adapter.ts';
import { ADAPTERS } from '../../src/trace/adapters/index.ts';

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads and describes; anything but an InputError fails the test, and so does a count that is no exact number. */
async function survives(content: string | Uint8Array): Promise<TraceReading | undefined> {
  // A file of its own, so that a test that runs out of time spoils no other one.
  const file = join(folder, `trace-${++files}`);
  writeFileSync(file, content);
  let passed = 0;
  const unlessBad = (error: unknown): undefined => {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toContain(error.diagnostics[0]!.path);
  };
  await describeTrace(file).catch(unlessBad);
  const reading = await readTrace(
    file,
    (request) => {
      passed++;
      for (const meter of COUNT_METERS) expect(Number.isSafeInteger(request[meter]) && request[meter] >= 0).toBe(true);
      expect(Number.isSafeInteger(request.time_ms)).toBe(true);
    },
    { max_reject_fraction: 1 },
  ).catch(unlessBad);
  if (reading !== undefined) expect(reading.rows).toBe(passed);
  return reading;
}

const recordsOf = ({ rows, rejected, skipped }: TraceReading): number =>
  rows + rejected + skipped.reduce((sum, one) => sum + one.rows, 0);

const RUNS = { numRuns: 8, endOnFailure: true };
const namesOf = ({ detect, rules }: Adapter): string[] => [
  ...detect.map((one) => one.split('|')[0]!),
  ...rules.flatMap(({ from }) => from.slice(0, 1)),
];

const cell = fc.oneof(
  fc.constantFrom('', '0', '1', '12', '1.5', '-1', '1e3', '9007199254740991', '2026-03-01', 'null', 'true', '{"a":1}'),
  fc.constantFrom('2026-03-01T00:00:00Z', '1772323200', 'standard', 'usd', 'gpt-5-nano, input_tokens', '≤ 200k'),
  fc.string({ maxLength: 6 }),
);

test('values that can’t become text are told as what they are, or passed over', async () => {
  const odd = { toString: [], valueOf: 1, __proto__: null };
  for (const adapter of ADAPTERS.filter(({ containers }) => containers.includes('json'))) {
    const names = [...new Set(namesOf(adapter))];
    const records = names.map((wrong) => Object.fromEntries(names.map((name) => [name, name === wrong ? [odd] : '1'])));
    const reading = await survives(records.map((one) => JSON.stringify(one)).join('\n'));
    expect(reading === undefined ? records.length : recordsOf(reading)).toBe(records.length);
  }
});

test('arbitrary bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, isPacked) => {
      await survives(isPacked ? gzipSync(bytes) : bytes);
    }),
    { numRuns: 100 },
  );
});

test('arbitrary text of the characters that structure files', async () => {
  const unit = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    ';',
    '\t',
    '\r',
    '\n',
    '\\',
    ' ',
    '\0',
    '\uFEFF',
    '1',
  );
  const known = fc.constantFrom(
    'input_tokens,output_tokens\n',
    '{"input_tokens":1,"output_tokens":1}\n',
    '{"data":[',
    '',
  );
  await fc.assert(
    fc.asyncProperty(known, fc.string({ unit, maxLength: 60 }), async (start, text) => {
      await survives(start + text);
    }),
    { numRuns: 150 },
  );
});

const csvAdapters = ADAPTERS.filter(({ containers }) => containers.includes('csv'));
const jsonAdapters = ADAPTERS.filter(({ containers }) => containers.includes('json'));

test.each(csvAdapters.map((one) => [one.format, one] as const))(
  '%s as CSV: every row is read, rejected or left out',
  async (_, adapter) => {
    const header = [...new Set(namesOf(adapter))];
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const row = fc.array(cell, { minLength: header.length - 1, maxLength: header.length + 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 110 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (rows, delimiter, newline) => {
          const lines = [header, ...rows].map((cells) => cells.map(quoted).join(delimiter));
          const inCells = rows.flat().join('');
          const reading = await survives(lines.join(newline));
          if (reading !== undefined && !/[\r\n\0]/.test(inCells)) expect(recordsOf(reading)).toBe(rows.length);
        },
      ),
      RUNS,
    );
  },
);

test.each(jsonAdapters.map((one) => [one.format, one] as const))(
  '%s as JSON: every record is read, rejected or left out, in lines, lists and pages alike',
  async (_, adapter) => {
    const names = [...new Set(namesOf(adapter))];
    const value = fc.oneof({ weight: 6, arbitrary: cell }, { weight: 2, arbitrary: fc.nat() }, fc.jsonValue());
    const record = fc.tuple(...names.map(() => fc.option(value, { nil: undefined }))).map((values) => {
      const one: Record<string, unknown> = {};
      for (const [i, name] of names.entries()) if (values[i] !== undefined) one[name] = values[i];
      return one;
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
        const [lines, list, page] = [
          await survives(records.map((one) => JSON.stringify(one)).join('\n')),
          await survives(JSON.stringify(records, undefined, 2)),
          await survives(JSON.stringify({ object: 'list', data: records })),
        ];
        const counts = [lines, list, page].map((one) => one && [one.rows, one.rejected, one.skipped]);
        expect(counts[1]).toEqual(counts[0]);
        if (records.length > 0) expect(counts[2]).toEqual(counts[0]);
        if (lines !== undefined) expect(recordsOf(lines)).toBe(records.length);
      }),
      RUNS,
    );
  },
);
