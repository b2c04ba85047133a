/**
 * The loop that people walk: what the router logged is read back by `tollgate replay` and `tollgate run`, and priced at what
 * was logged. Exact usage at known prices; outages and retries are in the log too, and cost nothing.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addReplayCommand } from '../../src/cli/replay.ts';
import { addRunCommand } from '../../src/cli/run.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { substream } from '../../src/random.ts';
import { readConfig } from '../../src/router/read-config.ts';
import { Router } from '../../src/router/router.ts';
import { NANO_USD } from '../../src/trace/request.ts';
import { commands } from '../command.ts';
import { ask, CHAT, content, DONE, ROLE, STOP, STREAM, type TestRouter } from './setting.ts';
import { type Behaviour, json, TestUpstream } from './upstream.ts';

const ROUTING = `policy: {kind: fallback, first: a, to: [b]}
    retries: {per_route: 1, base: 1 ms}`;
const ROUTES = `
  a: {seller: openai, model: gpt-4o}
  b: {seller: mistral, model: mistral-large-latest}`;
const REQUESTS = 120;
const FROM_MS = Date.parse('2026-11-02T08:00:00Z');

let dir: string;
const upstreams: TestUpstream[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'router-'));
});

afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream.close();
  await rm(dir, { recursive: true, force: true });
});

const { call: tollgate } = commands(addReplayCommand, addRunCommand);

/** Serves some hours of traffic; gives what the ledger says that it cost. */
async function served(): Promise<number> {
  const [openai, mistral] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  upstreams.push(openai, mistral);
  const random = substream(11, 'loop');
  const answer: Behaviour = async (response, { body }) => {
    const prompt_tokens = 200 + random.integer(5000);
    const usage = {
      prompt_tokens,
      completion_tokens: 1 + random.integer(900),
      prompt_tokens_details: { cached_tokens: random.integer(prompt_tokens) },
    };
    const choices = [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }];
    const last = `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
    const events = [ROLE, content('Hi'), STOP, last, DONE].join('');
    await (body.stream === true ? openai.events([events]) : json({ choices, usage }))(response, undefined as never);
  };
  const weather: Behaviour = (response, seen) =>
    random.uniform() < 0.3 ? json({ error: { message: 'busy' } }, 503)(response, seen) : answer(response, seen);
  openai.script(weather);
  mistral.script(answer);
  const file = path.join(dir, 'router.yaml');
  await writeFile(
    file,
    `routes:${ROUTES}
routing: {${ROUTING.replaceAll('\n    ', ', ')}}
upstreams: {openai: {base_url: "${openai.base_url}"}, mistral: {base_url: "${mistral.base_url}"}}
log: {dir: log}
listen: {port: 0}
`,
  );
  let cost_usd = 0;
  let now_ms = FROM_MS;
  const router = await Router.open(await readConfig(file, {}), await readPriceBook(), {
    seed: 1,
    now: () => now_ms,
    onEnd: ({ attempts }) => {
      for (const { cost } of attempts) cost_usd += cost.usd!;
    },
  });
  const port = await router.listen('127.0.0.1', 0);
  // Where waiting is a part of it, the clock has to move.
  const clock = setInterval(() => (now_ms += 5), 1);
  for (let i = 0; i < REQUESTS; i++) {
    now_ms += 200_000;
    const body = i % 3 === 0 ? STREAM : CHAT;
    await ask({ url: `http://127.0.0.1:${port}` } as TestRouter, { ...body, metadata: { feature: `f${i % 4}` } });
  }
  clearInterval(clock);
  await router.close();
  return cost_usd;
}

interface Report {
  readonly traffic: {
    readonly requests: number;
    readonly failed_requests: number;
    readonly monthly_requests: number[];
  };
  readonly strategies: readonly { readonly by_component: Readonly<Record<string, number>> }[];
}

test('what the router logged is what a replay and a report of its log come to', { timeout: 120_000 }, async () => {
  const ledger_usd = await served();
  const [name] = (await readdir(path.join(dir, 'log'))).filter((one) => one.startsWith('usage-'));
  const log = path.join(dir, 'log', name!);
  const rows = parse(await readFile(log, 'utf8'), { columns: true }) as Readonly<Record<string, string>>[];
  const logged_usd = rows.reduce((sum, { cost_usd }) => sum + Number(cost_usd), 0);
  expect(rows.length).toBeGreaterThan(REQUESTS);
  expect(Math.round(logged_usd * NANO_USD)).toBe(Math.round(ledger_usd * NANO_USD));
  expect(logged_usd).toBeGreaterThan(0.1);

  const question = path.join(dir, 'question.yaml');
  await writeFile(
    question,
    `name: Loop
start: 2026-11
horizon: 1 month
traffic: {trace: ${log}}
baseline: direct
strategies:
  - {id: direct, kind: direct}
routes:${ROUTES}
replay:
  strategies:
    direct:
      routing: {policy: {kind: single}}
`,
  );
  const replayed = JSON.parse(await tollgate('replay', question, '--trace', log, '--json')) as {
    strategies: { cost_usd: number; attempts: number }[];
  };
  expect(replayed.strategies[0]!.attempts).toBe(rows.length);
  expect(Math.round(replayed.strategies[0]!.cost_usd * NANO_USD)).toBe(Math.round(logged_usd * NANO_USD));

  const report = JSON.parse(await tollgate('run', question, '--trace', log, '--json', '--draws', '0')) as Report;
  const { traffic, strategies } = report;
  const answered = rows.filter(({ status }) => status === '200').length;
  expect([traffic.requests, traffic.failed_requests]).toEqual([answered, rows.length - answered]);
  // A report prices a month of what the log holds some hours of.
  const logs_in_month = traffic.monthly_requests[0]! / traffic.requests;
  const tokens_usd = strategies[0]!.by_component.token_charges!;
  expect(tokens_usd / logs_in_month).toBeCloseTo(logged_usd, 9);
});
