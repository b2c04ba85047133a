import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addFitCommand } from '../../src/cli/trace-fit.ts';
import { addSynthCommand } from '../../src/cli/trace-synth.ts';
import { InputError } from '../../src/errors.ts';
import { readTrace } from '../../src/io/read-trace.ts';
import { readWorkload } from '../../src/io/read-workload.ts';
import { writeTrace } from '../../src/io/write-trace.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { workloadColumns } from '../../src/workload/columns.ts';
import { workloadSpec } from '../../src/workload/schema.ts';
import { synthesise } from '../../src/workload/synthesise.ts';
import { commands } from '../command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-synth-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLES = resolve(import.meta.dirname, '../../scenarios/traces');
const CHAIN = `requests: 300
duration_hours: 2
classes:
  - feature: "chat, with a comma"
    share: 1
    models: [{model: openai/gpt-4o, share: 0.5}, {model: mistral/mistral-large-latest, share: 0.5}]
    users: 4
    input_tokens: {p50: 900, p95: 4000}
    output_tokens: {probabilities: [0, 1], values: [1, 99]}
    prompts: {distinct: 40, zipf_exponent: 1}
`;

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const { call: run } = commands(addSynthCommand, addFitCommand);
async function findings(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`expected bad input, not ${error}`);
  return error.message;
}
async function read(file: string): Promise<TraceRequest[]> {
  const seen: TraceRequest[] = [];
  const reading = await readTrace(file, (request) => seen.push(request));
  expect(reading).toMatchObject({ rejected: 0, warnings: [] });
  return seen;
}

test('a sample workload with seed 1 gives the bytes of the sample trace', async () => {
  const out = join(folder, 'support.csv');
  const said = await run('synth', join(SAMPLES, 'support-week.workload.json'), '-o', out);
  const bytes = readFileSync(join(SAMPLES, 'support-week.csv'), 'utf8');
  expect(readFileSync(out, 'utf8')).toBe(bytes);
  expect(said).toBe(`${out}: ${(bytes.split('\n').length - 2).toLocaleString('en-GB')} requests, seed 1\n`);
});

test('what is written is read back request by request, hash chains and quoted names too', async () => {
  const out = join(folder, 'chain.csv');
  await run('synth', write('chain.yaml', CHAIN), '-o', out, '--seed', '7');
  const spec = await readWorkload(join(folder, 'chain.yaml'));
  expect(await read(out)).toEqual([...synthesise(spec, 7)]);
  const again = join(folder, 'again.csv');
  await run('synth', join(folder, 'chain.yaml'), '-o', again, '--seed', '7');
  expect(readFileSync(again)).toEqual(readFileSync(out));
  await run('synth', join(folder, 'chain.yaml'), '-o', again, '--seed', '8');
  expect(readFileSync(again)).not.toEqual(readFileSync(out));
});

test('Parquet holds the same rows under declared types', async () => {
  const out = join(folder, 'chain.parquet');
  await run('synth', write('chain.yaml', CHAIN), '-o', out, '--seed', '7');
  const made = [...synthesise(await readWorkload(join(folder, 'chain.yaml')), 7)];
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(
    `SELECT epoch_ms("time")::DOUBLE AS t, seller, model, input_tokens::DOUBLE AS i, feature, "user", ` +
      `array_to_string(hash_chain, ' ') AS chain, typeof("time") AS kind, typeof(hash_chain) AS list FROM '${out}'`,
  );
  const rows = reader.getRowObjects();
  expect(rows[0]).toMatchObject({ kind: 'TIMESTAMP', list: 'BIGINT[]' });
  expect(
    rows.map(({ t, seller, model, i, feature, user, chain }) => [t, seller, model, i, feature, user, chain]),
  ).toEqual(
    made.map((one) => [
      one.time_ms,
      one.seller,
      one.model,
      one.input_tokens,
      one.feature,
      one.user,
      one.hash_chain!.join(' '),
    ]),
  );
  connection.closeSync();
});

test('a failure half-way leaves neither half a trace nor a temporary file, and what was there stays', async () => {
  const home = join(folder, 'home');
  (await import('node:fs')).mkdirSync(home);
  const out = join(home, 'trace.csv');
  writeFileSync(out, 'kept');
  const spec = workloadSpec.parse({
    requests: 20_000,
    classes: [{ feature: 'a', share: 1, input_tokens: { p50: 1, p95: 2 }, output_tokens: { p50: 1, p95: 2 } }],
  });
  function* broken(): Generator<TraceRequest> {
    let left = 10_000;
    for (const one of synthesise(spec, 1)) {
      if (left-- === 0) throw new Error('out of luck');
      yield one;
    }
  }
  await expect(writeTrace(out, workloadColumns(spec), broken())).rejects.toThrow('out of luck');
  expect(readFileSync(out, 'utf8')).toBe('kept');
  expect(readdirSync(home)).toEqual(['trace.csv']);
});

test('bad input names file, line and what is allowed', async () => {
  const misspelt = write('bad.yaml', CHAIN.replace('zipf_exponent', 'zipf_exponnent').replace('p50: 900', 'p50: 9000'));
  const said = await findings(run('synth', misspelt, '-o', join(folder, 'x.csv')));
  expect(said).toMatch(/bad\.yaml:10 .*did you mean "zipf_exponent"/);
  expect(said).toMatch(/bad\.yaml:8 classes\[0\]\.input_tokens: p95 lies below p50/);
  expect(existsSync(join(folder, 'x.csv'))).toBe(false);
  const good = write('chain.yaml', CHAIN);
  expect(await findings(run('synth', good, '-o', join(folder, 'x.json')))).toContain('neither .csv nor .parquet');
  expect(await findings(run('synth', good, '-o', join(folder, 'none/x.csv')))).toContain("can't be written");
  expect(await findings(run('synth', good, '-o', join(folder, 'x.csv'), '--seed', '1.5'))).toContain('whole number');
});

test('rates are read from a file beside the workload', async () => {
  write('rates.csv', 't_seconds,requests_per_second\n0,0.5\n600,0\n1200,1\n');
  const text = (rates: string): string => CHAIN.replace('requests: 300\nduration_hours: 2', `rates: {file: ${rates}}`);
  const out = join(folder, 'rated.csv');
  await run('synth', write('rated.yaml', text('rates.csv')), '-o', out);
  expect((await read(out)).length).toBe(900);
  write('uneven.csv', 't_seconds,requests_per_second\n0,0.5\n600,0\n1300,1\n');
  expect(await findings(readWorkload(write('rated.yaml', text('uneven.csv'))))).toMatch(/uneven\.csv:4: is not 600 s/);
  write('named.csv', 't_seconds,request_per_second\n0,0.5\n600,0\n');
  expect(await findings(readWorkload(write('rated.yaml', text('named.csv'))))).toContain('"requests_per_second"');
  expect(await findings(readWorkload(write('rated.yaml', text('gone.csv'))))).toContain('there is no such file');
});

test('fit writes a small workload that synth reads, and tells both sides', async () => {
  const workload = join(folder, 'fitted.yaml');
  const said = await run('fit', join(SAMPLES, 'support-week.csv'), '-o', workload);
  const text = readFileSync(workload, 'utf8');
  expect(text).toMatch(/^# Fitted to support-week\.csv, \d+ requests\n# 2026-11-0/);
  expect(text.split('\n').length).toBeLessThan(400);
  expect(said).toContain('Gap CV');
  expect(said).toMatch(/Requests *[│|] *([\d,]+) *[│|] *\1 *[│|] *0\.0 %/);
  const out = join(folder, 'fitted.csv');
  await run('synth', workload, '-o', out);
  const real = await read(join(SAMPLES, 'support-week.csv'));
  const made = await read(out);
  expect(made.length).toBe(real.length);
  expect(new Set(made.map(({ feature }) => feature))).toEqual(new Set(real.map(({ feature }) => feature)));
});

test('a trace without times, or of too few requests, is bad input', async () => {
  const no = write('none.csv', 'input_tokens,output_tokens\n1,2\n3,4\n');
  expect(await findings(run('fit', no, '-o', join(folder, 'n.yaml')))).toContain('has no times');
  const few = write('few.csv', 'time,input_tokens,output_tokens\n2026-01-01T00:00:00Z,1,2\n');
  expect(await findings(run('fit', few, '-o', join(folder, 'n.yaml')))).toContain('has 1 requests');
  expect(existsSync(join(folder, 'n.yaml'))).toBe(false);
});

test('the workload that the documentation shows makes a trace', async () => {
  const readme = readFileSync(join(SAMPLES, 'README.md'), 'utf8');
  const shown = /```yaml\n(.*?)```/s.exec(readme)![1]!;
  const made = [...synthesise(await readWorkload(write('shown.yaml', shown)), 1)];
  expect(made.length).toBe(20_000);
  expect(made.filter(({ tier }) => tier === 'batch').length).toBe(4000);
});
