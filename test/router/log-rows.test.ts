import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addRunCommand } from '../../src/cli/run.ts';
import { inspectTrace } from '../../src/cli/trace-inspection.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { commands } from '../command.ts';
import { ANSWER, ask, KEY, sha256, startRouter, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

let upstream: TestUpstream;
let router: TestRouter;
let file: string;

beforeAll(async () => {
  upstream = await new TestUpstream().listen();
  const route = { seller: 'openai', model: 'gpt-4o' };
  router = await startRouter(
    {
      routes: { main: route, mystery: { seller: 'openai', model: 'made-up' } },
      routing: {
        policy: { kind: 'single' },
        budgets: [{ name: 'day', period: 'day', hard: 1 }],
        breaker: { failures: 1, cooldown: '5 minutes' },
      },
      upstreams: { openai: { base_url: upstream.base_url } },
      clients: [{ name: 'web', key_sha256: sha256(KEY), limits: { requests_per_minute: '5 request/minute' } }],
      cache: {},
      log: { dir: 'log' },
    },
    { now: () => Date.UTC(2026, 10, 21, 12), book: await readPriceBook() },
  );
  const chat = (content: string, model = 'main') => ({ model, messages: [{ role: 'user', content }], max_tokens: 400 });
  upstream.script(json(ANSWER), json({ error: { message: 'x' } }, 500));
  await ask(router, chat('one'));
  await ask(router, chat('one'));
  await ask(router, chat('two'));
  await ask(router, chat('three'));
  await ask(router, chat('one', 'mystery'));
  await ask(router, chat('six'));
  await ask(router, chat('x'), { headers: { authorization: 'Bearer nobody' } });
  await router.entry(6);
  await router.router.flush();
  file = join(router.dir, 'log', 'usage-000001.csv');
});

afterAll(async () => {
  await router.router.close();
  await upstream.close();
});

test('every request has a row: cached ones without tokens and a cost of 0, refused ones with their status', async () => {
  const [header, ...lines] = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const told = lines.map((cells) => {
    const row = Object.fromEntries(header!.map((column, i) => [column, cells[i]]));
    return [row.model, row.status, row.input_tokens, row.outcome, row.billing, row.cost_usd, row.attempt];
  });
  expect(told).toEqual([
    ['gpt-4o', '200', '1000', 'answered', 'billed', '0.0045000000000000005', '1'],
    ['gpt-4o', '200', '0', 'cached', 'not_sent', '0', '0'],
    ['gpt-4o', '500', '0', 'server_error', 'refused', '0', '1'],
    ['', '503', '0', 'no_route', 'not_sent', '0', '0'],
    ['', '403', '0', 'refused', 'not_sent', '0', '0'],
    ['', '429', '0', 'limited', 'not_sent', '0', '0'],
  ]);
});

test('tollgate trace inspect reads them rightly: hits are left out and counted, refusals are failed requests', async () => {
  const { inspection } = await inspectTrace(file, await readPriceBook(), {});
  expect(inspection).toMatchObject({
    rows: 5,
    requests: 5,
    rejected: 0,
    failed_requests: 4,
    tokens: { input: 1000, output: 200 },
    models: [{ model: 'openai/gpt-4o', requests: 1 }],
    unpriced: [],
    warnings: [],
  });
  expect(inspection.skipped).toMatchObject([{ rows: 1 }]);
  expect(JSON.stringify(inspection.skipped)).toContain('own cache');
  expect(inspection.cost_usd).toBeCloseTo(0.0045, 12);
});

const { call } = commands(addRunCommand);

test('tollgate run on them counts what was billed, and no more', async () => {
  const scenario = join(router.dir, 'scenario.yaml');
  const question = {
    name: 'What the router served',
    start: '2026-12',
    horizon: '1 month',
    traffic: { trace: 'log/usage-000001.csv', volume: { requests_per_month: 1 } },
    baseline: 'direct',
    strategies: [{ id: 'direct', kind: 'direct' }],
    uncertainty: { draws: 0 },
  };
  await writeFile(scenario, JSON.stringify(question));
  const { traffic, diagnostics } = JSON.parse(await call('run', scenario, '--json'));
  expect(traffic).toMatchObject({ requests: 1, failed_requests: 4, tokens: { input: 1000, output: 200 } });
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'ROWS_LEFT_OUT' }));
});
