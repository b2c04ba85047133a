import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { addRouterCommand } from '../../src/cli/router.ts';
import { addRunCommand } from '../../src/cli/run.ts';
import { InputError } from '../../src/errors.ts';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { routerConfig } from '../../src/router/config.ts';
import { readConfig } from '../../src/router/read-config.ts';
import { Router } from '../../src/router/router.ts';
import { jsonSchemaOf } from '../../src/scenario/json-schema.ts';
import { commands } from '../command.ts';
import { ANSWER, ask, type TestRouter } from './setting.ts';
import { json, TestUpstream } from './upstream.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'scenarios/routers/two-sellers.yaml');
const KEYS = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2' };

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'one-file-'));
  file = join(dir, 'two-sellers.yaml');
  await cp(EXAMPLE, file);
});

const { call: said } = commands(addRouterCommand, addRunCommand);

const wrongs = async (text: string, args: string[] = ['--strategy', 'routed', '--allow-missing-keys']) => {
  const other = join(dir, 'wrong.yaml');
  await writeFile(other, text);
  const error = await said('router', other, '--check', ...args).catch((found: unknown) => found);
  if (!(error instanceof InputError)) throw new Error(`this was taken: ${String(error)}`);
  return error.diagnostics.map(({ path, message }) => `${path.replace(/^.*\//, '')}: ${message}`);
};

describe('one file', () => {
  test('is simulated: both strategies are replayed through their routing', async () => {
    const report = JSON.parse(await said('run', file, '--json', '--draws', '0'));
    expect(report.strategies.map(({ id }: { id: string }) => id)).toEqual(['plain', 'routed']);
    expect(report.unpriced).toEqual([]);
  });

  test('is run: the same routes, routing and limits answer live calls', async () => {
    const upstream = await new TestUpstream().listen();
    upstream.script(json({ error: { message: 'x' } }, 400), json(ANSWER));
    const text = (await readFile(file, 'utf8')).replaceAll(/https:\/\/api\.\w+\.com\/v1/g, upstream.base_url);
    const live = join(dir, 'live.yaml');
    await writeFile(live, text.replace('port: 8787', 'port: 0'));
    const read = await readConfig(live, KEYS, { strategy: 'routed' });
    expect(read.config.rate_limits.mini?.requests_per_minute?.central).toBe(500);
    const router = await Router.open(read, await readPriceBook(), { seed: 1 });
    const port = await router.listen('127.0.0.1', 0);
    const to = { url: `http://127.0.0.1:${port}` } as TestRouter;
    const chat = { model: 'assistant', messages: [{ role: 'user', content: 'Hello' }] };
    upstream.script(json({ error: { message: 'busy' } }, 529), json({ error: { message: 'busy' } }, 529), json(ANSWER));
    const { headers } = await ask(to, chat);
    expect(headers).toMatchObject({ 'x-tollgate-route': 'haiku', 'x-tollgate-attempts': '3' });
    const report = await ask(to, { ...chat, metadata: { feature: 'report' } });
    expect(report.headers['x-tollgate-route']).toBe('large');
    expect(upstream.calls.map(({ body }) => body.model)).toEqual([
      'gpt-4o-mini',
      'gpt-4o-mini',
      'claude-haiku-4-5',
      'gpt-4o',
    ]);
    expect(router.parts.table.state.budgets[0]?.spent_nano_usd[0]).toBeGreaterThan(0);
    await router.close();
    await upstream.close();
  });

  test('says which strategy it is, and where in the scenario something is wrong', async () => {
    const text = await readFile(file, 'utf8');
    expect(await wrongs(text, ['--strategy', 'routd'])).toEqual([
      expect.stringMatching(
        /replay\.strategies: no strategy "routd" \(did you mean "routed"\?\); replayed are plain, routed/,
      ),
    ]);
    expect(await wrongs(text, [])).toEqual([expect.stringContaining('say which strategy is run: --strategy <name>')]);
    const broken = text
      .replace('first: mini, to: [haiku]', 'first: mini, to: [haiko]')
      .replace('assistant: mini', 'assistant: minni')
      .replace('anthropic: {base_url', 'antropic: {base_url');
    expect(await wrongs(broken)).toEqual([
      expect.stringMatching(/^wrong\.yaml:\d+ router\.upstreams: has no entry for the seller "anthropic"/),
      expect.stringMatching(/^wrong\.yaml:\d+ router\.upstreams\.antropic: no route has the seller "antropic"/),
      expect.stringMatching(/^wrong\.yaml:\d+ router\.models\.assistant: there is no route or policy "minni"/),
      expect.stringMatching(/^wrong\.yaml:\d+ replay\.strategies\.routed\.routing\.policy.*haiko/),
    ]);
  });
});

describe('tollgate router --check', () => {
  test('says what the file means, prices and keys with it, and listens nowhere', async () => {
    const lines = (await said('router', file, '--strategy', 'routed', '--check', '--allow-missing-keys')).split('\n');
    for (const line of [
      `${file} is right`,
      '  assistant: mini',
      'clients: anybody on this machine',
      '  a month: all together, a month in UTC, soft 150 USD, hard 200 USD',
      '  mini: 500 requests a minute, 200000 tokens a minute',
      'listens on 127.0.0.1:8787; answers are kept for 3600 s per client; usage log in log',
    ])
      expect(lines).toContain(line);
    expect(lines.find((line) => line.startsWith('  mini: openai'))).toMatch(
      /openai\/gpt-4o-mini; exact: 0\.15 in, 0\.6 out; key missing: OPENAI_API_KEY/,
    );
  });

  test('names the variables of keys that are missing, and routes that have no price', async () => {
    const text = await readFile(file, 'utf8');
    expect(await wrongs(text, ['--strategy', 'routed'])).toEqual([
      expect.stringContaining('the environment variable OPENAI_API_KEY is not set'),
      expect.stringContaining('the environment variable ANTHROPIC_API_KEY is not set'),
    ]);
    const other = join(dir, 'unpriced.yaml');
    await writeFile(other, text.replace('model: gpt-4o}', 'model: made-up}'));
    const lines = await said('router', other, '--strategy', 'routed', '--check', '--allow-missing-keys');
    expect(lines).toContain('large: openai/made-up; unpriced per token');
  });
});

test('router.schema.json is what the contract gives (node scripts/write-schemas.mjs)', async () => {
  const text = await readFile(join(ROOT, 'router.schema.json'), 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf('Tollgate router', routerConfig))));
});
