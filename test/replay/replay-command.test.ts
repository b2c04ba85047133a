import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addReplayCommand } from '../../src/cli/replay.ts';
import { readTrace } from '../../src/io/read-trace.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import type { UsageRow } from '../../src/usage/table.ts';
import { commands } from '../command.ts';

const SCENARIO = `
name: Outage of an hour
question: What does a fallback save?
start: 2026-12
horizon: 12 months
traffic:
  trace: trace.csv
  volume: {requests_per_month: 1000}
engineering:
  loaded_rate: {value: 91 USD/hour, source: test}
outages: {from: none}
baseline: direct
strategies:
  - {id: direct, kind: direct}
routes:
  first: {seller: openai, model: gpt-4o}
  second: {seller: anthropic, model: claude-sonnet-4-5}
`;
const SPEC = `
conditions:
  outages:
    - {component: openai, from: "2026-11-02T01:00:00Z", until: "2026-11-02T02:00:00Z"}
  latency:
    first: {first_token: {p50: 500 ms, p95: 900 ms}, per_token: {p50: 10 ms, p95: 10 ms}}
    second: {first_token: {p50: 500 ms, p95: 900 ms}, per_token: {p50: 10 ms, p95: 10 ms}}
strategies:
  direct: {routing: {policy: first}}
  failover:
    routing: {policy: {kind: fallback, first: first, to: [second]}}
    response_cache: {life: 1 hour, latency: 5 ms}
`;
/** One a minute for three hours. */
const TRACE = [
  'time,seller,model,input_tokens,output_tokens,feature',
  ...Array.from({ length: 180 }, (_, i) => {
    const time = new Date(Date.parse('2026-11-02T00:00:00Z') + i * 60_000).toISOString();
    return `${time},openai,gpt-4o,1000,100,chat`;
  }),
  '',
].join('\n');

describe('tollgate replay', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-replay-'));
    await writeFile(file('scenario.yaml'), SCENARIO);
    await writeFile(file('spec.yaml'), SPEC);
    await writeFile(file('trace.csv'), TRACE);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const { call } = commands(addReplayCommand);
  const run = (...args: string[]): Promise<string> => call('replay', file('scenario.yaml'), ...args);

  test('tells outcomes and costs of each strategy', async () => {
    const told = JSON.parse(await run('--spec', file('spec.yaml'), '--json'));
    const [direct, failover] = told.strategies;
    expect(direct.outcomes).toMatchObject({ served: 120, failed: 60 });
    expect(failover.outcomes).toMatchObject({ served: 180, failed: 0 });
    // 120 x (1,000 x 2.5 + 100 x 10) / 10^6, and 60 x (1,000 x 3 + 100 x 15) / 10^6 beside.
    expect(direct.cost_usd).toBeCloseTo(0.42, 10);
    expect(failover.cost_usd).toBeCloseTo(0.42 + 0.27, 10);
    expect(direct.latency.p50).toBeGreaterThan(1400);
    const words = await run('--spec', file('spec.yaml'));
    expect(words).toMatch(/failed\s+│\s+60 \(33\.3%\)/);
  });

  test('writes attempts as a trace that rolls up to the same usage', async () => {
    const told = JSON.parse(
      await run('--spec', file('spec.yaml'), '--strategy', 'failover', '--attempts', file('out.csv'), '--json'),
    );
    const { usage } = told.strategies[0];
    const rollup = createRollup({ edges: usage.edges });
    const reading = await readTrace(file('out.csv'), rollup.add);
    const table = rollup.table();
    expect(reading.rows).toBe(240);
    expect(table.rows).toEqual(usage.rows as UsageRow[]);
    expect(table.failed_requests).toBe(60);
    expect((await readFile(file('out.csv'), 'utf8')).split('\n')[0]).toMatch(/request,attempt,route,outcome$/);
  });

  test('names what is missing or unknown', async () => {
    await expect(run()).rejects.toThrow(/--spec/);
    await expect(run('--spec', file('spec.yaml'), '--strategy', 'failovr')).rejects.toThrow(/did you mean.*failover/i);
    await writeFile(file('wrong.yaml'), SPEC.replace('component: openai', 'component: opnai'));
    await expect(run('--spec', file('wrong.yaml'))).rejects.toThrow(/unknown component "opnai".*openai/);
    await expect(run('--spec', file('spec.yaml'), '--attempts', file('out.csv'))).rejects.toThrow(/--strategy direct/);
  });
});
