import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addTraceCommand } from '../../src/cli/trace.ts';
import { inspectTrace } from '../../src/cli/trace-inspection.ts';
import { InputError } from '../../src/errors.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import { commands } from '../command.ts';
import { tracesFolder } from '../traces-folder.ts';

let folder: string;
let book: PriceBook;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-inspect-'));
  book = await readPriceBook();
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (text: string): string => {
  const file = join(folder, 'trace.csv');
  writeFileSync(file, text);
  return file;
};
const inspect = async (text: string, options = {}) => (await inspectTrace(write(text), book, options)).inspection;

const { call, told } = commands(addTraceCommand);
async function run(...args: string[]) {
  const out = await call('trace', 'inspect', ...args);
  return { out, err: told(), code: process.exitCode ?? 0 };
}

const OWN = `time,seller,model,input_tokens,output_tokens,cache_read_tokens,reasoning_tokens,tier
2025-06-09T23:59:59Z,openai,o3,1000000,0,0,0,
2025-06-10T00:00:00Z,openai,o3,1000000,100,0,900,
`;

test('a row that names its model is priced at its own time: o3 cost 10/40 until 2025-06-10, 2/8 from then on', async () => {
  const seen = await inspect(OWN);
  expect(seen.cost_usd).toBe(10 + 2 + 0.008);
  expect(seen.tokens).toEqual({ input: 2_000_000, cache_read: 0, cache_write: 0, output: 1000 });
  expect(seen.models).toEqual([{ model: 'openai/o3', requests: 2 }]);
  expect(seen.window).toEqual({ from: '2025-06-09T23:59:59.000Z', until: '2025-06-10T00:00:00.001Z' });
});

test('--as prices rows that name no model, at --at, whatever their own time', async () => {
  const text = 'time,input_tokens,output_tokens\n2026-01-01T00:00:00Z,1000000,0\n';
  expect((await inspect(text, { as: 'openai/o3', at: '2025-06-09' })).cost_usd).toBe(10);
  expect((await inspect(text, { as: 'openai/o3', at: '2025-06-10' })).cost_usd).toBe(2);
  expect(await inspect(text, { as: 'openai/o3' })).toMatchObject({ cost_usd: 2, prices_on: book.newest_on });
});

test('--as leaves rows alone that name a model', async () => {
  expect((await inspect(OWN, { as: 'anthropic/claude-sonnet-4-5' })).models).toEqual([
    { model: 'openai/o3', requests: 2 },
  ]);
});

test('a prompt above a cliff pays its prices for the whole request, one below does not', async () => {
  const text = 'input_tokens,cache_read_tokens,output_tokens\n150000,50001,0\n150000,50000,0\n';
  const seen = await inspect(text, { as: 'anthropic/claude-sonnet-4-5' });
  expect(seen.cost_usd).toBeCloseTo(0.15 * 6 + 0.050001 * 0.6 + 0.15 * 3 + 0.05 * 0.3, 12);
});

test('an unknown model and rows without any are unpriced, named, and leave no sum', async () => {
  const seen = await inspect(
    `time,seller,model,input_tokens,output_tokens
2026-01-01T00:00:00Z,openai,o33,1,1
2026-01-01T05:00:00Z,openai,o33,1,1
2026-01-01T00:00:00Z,,,1,1
2026-01-01T00:00:00Z,openai,o3,1000000,0
`,
  );
  expect(seen.cost_usd).toBeNull();
  expect(seen.unpriced).toEqual([
    { model: 'openai/o33', requests: 2, reason: expect.stringContaining('no rate card has this name') },
    { model: 'unassigned', requests: 1, reason: expect.stringContaining('--as seller/model') },
  ]);
});

test('a model without its seller is priced by rule, with its cliffs, and the rule is told', async () => {
  const seen = await inspect(
    `time,seller,model,input_tokens,output_tokens
2026-09-01T00:00:00Z,,gpt-4o,1000000,0
2026-09-01T00:00:00Z,,claude-sonnet-4.5,200001,0
2026-09-01T00:00:00Z,,gpt-4o:free,1,0
`,
  );
  expect(seen.unpriced).toMatchObject([{ model: 'gpt-4o:free', requests: 1 }]);
  expect(seen.models.map(({ model }) => model)).toEqual([
    'anthropic/claude-sonnet-4-5',
    'gpt-4o:free',
    'openai/gpt-4o',
  ]);
  expect(seen.warnings).toEqual([
    expect.stringContaining('gpt-4o: priced as openai/gpt-4o, resolved by rule: no seller is named'),
    expect.stringContaining('claude-sonnet-4.5: priced as anthropic/claude-sonnet-4-5, resolved by rule: dots'),
  ]);
});

test('a price window holds for the hours of the trace, and is only told of where there are none', async () => {
  const peaky = [...book.sellers.get('deepseek')!.cards].find((card) =>
    card.periods.some((p) => p.windows.length > 0),
  )!;
  const period = peaky.periods.find((p) => p.windows.length > 0)!;
  const window = period.windows[0]!;
  const at = period.from ?? '2026-09-01';
  const price = async (time: string) =>
    (await inspect(`time,input_tokens,output_tokens\n${time},1000000,0\n`, { as: `deepseek/${peaky.model}`, at }))
      .cost_usd;
  expect(window.hours[0]).toBe('01:00-04:00');
  expect(await price('2026-11-02T01:00:00Z')).toBe(window.usd_per_mtok.input);
  expect(await price('2026-11-02T04:00:00Z')).toBe(period.usd_per_mtok.input);
  const blind = await inspect('input_tokens,output_tokens\n1000000,0\n', { as: `deepseek/${peaky.model}`, at });
  expect(blind.cost_usd).toBe(period.usd_per_mtok.input);
  expect(blind.warnings.join()).toContain('base prices are used');
});

test('an unknown --as and a date that is none are bad input', async () => {
  const text = 'input_tokens,output_tokens\n1,1\n';
  await expect(inspect(text, { as: 'claude-sonnet' })).rejects.toThrow(InputError);
  await expect(inspect(text, { as: 'openai/o3', at: '2026-02-30' })).rejects.toThrow('"2026-02-30" is no date');
});

test('a trace without times has no window and no arrivals', async () => {
  expect(await inspect('input_tokens,output_tokens\n5,1\n')).toMatchObject({
    clock: 'none',
    window: null,
    arrivals: null,
  });
});

const REJECTED = `input_tokens,output_tokens,feature\n${'1,1,a\n'.repeat(700)}${'=2,1,b\n'.repeat(7)}`;

test('rejects below the limit are told on stderr, five of them, with exit code 1', async () => {
  const { out, err, code } = await run(write(REJECTED), '--as', 'openai/o3', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ rows: 700, rejected: 7, unpriced: [] });
  const lines = err.trimEnd().split('\n');
  expect(lines[0]).toBe(`${join(folder, 'trace.csv')}:702: input_tokens: "=2" is not a whole number of 0 or more`);
  expect(lines.slice(5)).toEqual(['and 2 more rows; --rejects FILE writes all of them']);
});

test('--rejects writes all of them, inert in a spreadsheet, and stderr stays empty', async () => {
  const target = join(folder, 'rejects.csv');
  const { err } = await run(write(REJECTED), '--as', 'openai/o3', '--rejects', target);
  const lines = readFileSync(target, 'utf8').trimEnd().split('\n');
  expect(err).toBe('');
  expect(lines).toHaveLength(8);
  expect(lines[0]).toBe('file,line,reason,text');
  expect(lines[7]).toMatch(/,708,"input_tokens: ""=2"" is not a whole number of 0 or more","'=2,1,b"$/);
});

test('a rejects file that cannot be written is bad input', async () => {
  await expect(run(write(REJECTED), '--rejects', join(folder, 'none', 'r.csv'))).rejects.toThrow(InputError);
});

test('people are told what was understood, and get exit code 0 if all is well', async () => {
  const { out, code } = await run(write(OWN));
  expect(code).toBe(0);
  expect(out).toContain('read as tollgate, since the header has input_tokens, output_tokens');
  expect(out).toContain('12.008 USD');
});

const traces = tracesFolder();
test.skipIf(traces === undefined)('the Azure code trace on Claude Sonnet 4.5 costs 57.868362 USD', async () => {
  const file = join(traces!, 'azure-2023/AzureLLMInferenceTrace_code.csv');
  const { out, err, code } = await run(file, '--as', 'anthropic/claude-sonnet-4-5', '--json');
  expect([err, code]).toEqual(['', 0]);
  expect(JSON.parse(out)).toMatchObject({
    rows: 8819,
    rejected: 0,
    tokens: { input: 18_059_974, cache_read: 0, cache_write: 0, output: 245_896 },
    cost_usd: 57.868362,
    unpriced: [],
    format: 'azure-2023',
    window: { from: '2023-11-16T18:17:03.979Z', until: '2023-11-16T19:14:19.929Z' },
  });
});

test('says by whom costs can be told apart, alike by both engines, and which columns would tell more', async () => {
  const text = `time,seller,model,input_tokens,output_tokens,team,user,feature
2026-06-10T00:00:00Z,openai,gpt-5,10,1,red,ann,chat
2026-06-10T00:00:01Z,openai,gpt-5,10,1,red,bob,
2026-06-10T00:00:02Z,,,10,1,blue,,
2026-06-10T00:00:03Z,openai,gpt-5,10,1,,,
`;
  const told = [
    { dimension: 'feature', names: 1, and_more: false, requests: 1 },
    { dimension: 'team', names: 2, and_more: false, requests: 3 },
    { dimension: 'user', names: 2, and_more: false, requests: 2 },
    { dimension: 'agent', names: 0, and_more: false, requests: 0 },
  ];
  for (const engine of ['rows', 'duckdb']) expect((await inspect(text, { engine })).attribution).toEqual(told);
  const { out } = await run(write(text));
  expect(out).toContain(
    'Costs can be told by feature (1 name in 1 requests), team (2 names in 3 requests), user (2 names in 2 requests)',
  );
  expect(out).toContain('Not stated: agent; a column of that name, or a mapping, would tell what each costs');
});
