import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCachesCommand } from '../../src/cli/caches.ts';
import { InputError } from '../../src/errors.ts';
import { commands } from '../command.ts';
import { tracesFolder } from '../traces-folder.ts';

/** One prompt of two blocks at 0, 2, 4 and 8 minutes by two users, and one that shares its first block at 9 minutes. */
const HASHED = `time,seller,model,input_tokens,output_tokens,user,hash_chain
2026-11-02T00:00:00Z,openai,gpt-4o,1000,100,ann,1 2
2026-11-02T00:02:00Z,openai,gpt-4o,1000,100,bob,1 2
2026-11-02T00:04:00Z,openai,gpt-4o,1000,100,ann,1 2
2026-11-02T00:08:00Z,openai,gpt-4o,1000,100,ann,1 2
2026-11-02T00:09:00Z,openai,gpt-4o,900,100,ann,1 3
2026-11-02T00:09:30Z,openai,gpt-4o,300,100,ann,
`;
const PLAIN = `time,seller,model,input_tokens,output_tokens
2026-11-02T00:00:00Z,openai,gpt-4o,1000,100
2026-11-02T00:01:00Z,openai,gpt-4o,1000,100
`;
const SCENARIO = `
name: Caches
question: What would a cache hit?
start: 2026-12
horizon: 12 months
traffic:
  trace: hashed.csv
  models: {when: [{model: openai/gpt-4o, use: openai/gpt-4o-mini}]}
  volume: {requests_per_month: 1000}
engineering:
  loaded_rate: {value: 91 USD/hour, source: test}
outages: {from: none}
baseline: direct
strategies:
  - {id: direct, kind: direct}
`;
const SUMMED = `time,until,requests,seller,model,input_tokens,output_tokens
2026-11-02T00:00:00Z,2026-11-02T01:00:00Z,5,openai,gpt-4o,1000,100
`;

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-caches-'));
  await Promise.all(
    Object.entries({ 'hashed.csv': HASHED, 'plain.csv': PLAIN, 'scenario.yaml': SCENARIO, 'summed.csv': SUMMED }).map(
      ([name, content]) => writeFile(file(name), content),
    ),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const { call } = commands(addCachesCommand);
const run = (...args: string[]): Promise<string> => call('caches', ...args);

async function told(...args: string[]): Promise<string[]> {
  const error = await run(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`expected bad input, not ${error}`);
  return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
}

/** The numbers of a table's row after a title. */
function cellsOf(said: string, title: string, label: string): string[] {
  const lines = said.slice(said.indexOf(title)).split('\n');
  const row = lines.find((line) => line.includes(`│   ${label} `) || line.includes(`│ ${label} `));
  return (row ?? '')
    .split('│')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('of a trace with hash chains', () => {
  test('each share stands under the count that it is a share of', async () => {
    const said = await run(file('hashed.csv'), '--lives', '3 minutes,1 hour', '--entries', '1');
    expect(said).toContain('6 requests, 5,200 prompt tokens, 600 answer tokens');
    expect(said).toContain('1 of them (16.7 %) have no hash chain: nothing is known of these');
    expect(said).toContain('│ Life from the last use     │ 3 minutes │ 1 hour │ for ever │');
    expect(said).toContain('│ Of 6 requests ');
    expect(said).toContain('│ Of 5,200 prompt tokens ');
    expect(cellsOf(said, 'shared by all', 'no bound')).toEqual(['33.3 %', '50.0 %', '50.0 %']);
    expect(cellsOf(said, 'shared by all', 'no bound, from insertion')).toEqual(['16.7 %', '50.0 %', '50.0 %']);
    expect(cellsOf(said, 'one for each user', 'no bound')).toEqual(['0.0 %', '33.3 %', '33.3 %']);
    expect(said).toContain('one for each team: share spared\nNo request states its team');
    expect(cellsOf(said, 'Prompt cache alone', 'no bound')).toEqual(['48.3 %', '67.5 %', '67.5 %']);
    expect(cellsOf(said, 'behind a response cache', 'shared by all, no bound, for ever')).toEqual([
      '3',
      '2,200',
      '0.0 %',
      '23.3 %',
      '23.3 %',
    ]);
    expect(said).toContain('Shares are exact on this trace for the sizes and lives shown');
    expect(process.exitCode).toBeUndefined();
  });

  test('JSON holds counts beside shares; one tenant can be asked for', async () => {
    const study = JSON.parse(await run(file('hashed.csv'), '--tenant', 'user', '--blocks', '1', '--json'));
    expect(study).toMatchObject({ source: `${file('hashed.csv')} (Tollgate trace)`, rejected: 0, misfit_chains: 0 });
    expect(study.response_cache).toHaveLength(1);
    expect(study.response_cache[0].tenant).toBe('user');
    expect(study.response_cache[0].cells.at(-1)).toEqual({
      entries: null,
      life_ms: null,
      life_from: 'insertion',
      saved: { requests: 2, prompt_tokens: 2000, answer_tokens: 200 },
      saved_fraction: { requests: 2 / 6, prompt_tokens: 2000 / 5200, answer_tokens: 2 / 6 },
    });
    expect(study.prompt_cache.cells[0]).toMatchObject({ capacity_blocks: 1, life_ms: 300_000 });
  });

  test('chains that do not fit the size of blocks are told with the size that they seem to have', async () => {
    expect(await run(file('hashed.csv'), '--block-tokens', '16')).toContain(
      'Check: 5 hash chains have another number of blocks than prompts of 16-token blocks have; a block has 490.0 tokens on average. State its size: --block-tokens',
    );
  });

  test('a scenario is read with the models that it assigns, and with another trace if asked to', async () => {
    const study = JSON.parse(await run(file('scenario.yaml'), '--json'));
    expect(study).toMatchObject({ source: 'hashed.csv (Tollgate trace)', of: { requests: 6 } });
    expect(study.response_cache).toHaveLength(3);
    const other = JSON.parse(await run(file('scenario.yaml'), '--trace', file('plain.csv'), '--json'));
    expect(other).toMatchObject({ of: { requests: 2 }, response_cache: [] });
  });
});

test('without hash chains it says that a hit rate is an assumption and how to state it, and ends well', async () => {
  const said = await run(file('plain.csv'));
  expect(said).toContain('No request has a hash chain of its prompt');
  expect(said).toContain('assumption, to be stated as a range');
  expect(said).toContain('  response_cache:\n    hit_share: 10 % to 30 %\n');
  expect(said).not.toContain('│');
  expect(process.exitCode).toBeUndefined();
});

test('wrong options are told all at once, with what was found and what is allowed', async () => {
  expect(
    await told(
      file('plain.csv'),
      '--entries',
      '10k,0',
      '--lives',
      '5,1 hour,5 minuts',
      '--block-tokens',
      '1.5',
      '--blocks',
      '',
    ),
  ).toEqual([
    expect.stringMatching(/^--lives: found "5"; allowed are times with their unit/),
    expect.stringMatching(/^--lives: found "5 minuts"; allowed .*did you mean "minute"/),
    expect.stringMatching(/^--entries: found "10k"; allowed are whole numbers from 1, separated by commas/),
    expect.stringMatching(/^--entries: found "0"; allowed/),
    expect.stringMatching(/^--blocks: found ""; allowed/),
    expect.stringMatching(/^--block-tokens: found "1.5"; allowed is a whole number from 1/),
  ]);
  await expect(run(file('plain.csv'), '--tenant', 'tem')).rejects.toThrow(
    "option '--tenant <who>' argument 'tem' is invalid. Allowed choices are all, team, user.",
  );
  expect(await told(file('plain.csv'), '--trace', 'other.csv')).toEqual([
    expect.stringMatching(/^--trace: found "other.csv" beside .*plain.csv, which is read as a trace itself; allowed/),
  ]);
});

test('sums of requests and traces without times can not be studied', async () => {
  expect((await told(file('summed.csv')))[0]).toContain('has rows that sum several requests');
  await writeFile(file('timeless.csv'), 'input_tokens,output_tokens,hash_chain\n1000,10,1 2\n');
  expect(await told(file('timeless.csv'))).toEqual([
    `${file('timeless.csv')} (Tollgate trace): has no times; lives of caches need to know when requests came`,
  ]);
});

const traces = tracesFolder();

test.skipIf(traces === undefined)('the synthetic Mooncake trace within an hour and within five minutes', async () => {
  const trace = join(traces!, 'mooncake/synthetic_trace.jsonl');
  expect(cellsOf(await run(trace), 'Prompt cache alone', 'no bound')).toEqual(['59.5 %', '65.1 %', '65.1 %']);
  const { prompt_cache } = JSON.parse(await run(trace, '--lives', '1 hour', '--tenant', 'all', '--json'));
  expect(prompt_cache.cells[0]).toMatchObject({ capacity_blocks: null, life_ms: 3_600_000 });
  expect(Math.abs(prompt_cache.cells[0].read_fraction.blocks - 0.64)).toBeLessThan(0.002);
});
