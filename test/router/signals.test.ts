import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { runRouter } from '../../src/router/lifecycle.ts';
import { ANSWER, ask, CHAT, cheaper, ROUTES, type TestRouter } from './setting.ts';
import { json, pause, TestUpstream } from './upstream.ts';

/** Calls what the router has set for a signal, and nobody else's. */
function signal(name: 'SIGHUP' | 'SIGTERM', known: readonly unknown[]): void {
  for (const listener of process.listeners(name)) if (!known.includes(listener)) listener(name);
}

test('SIGHUP takes up the file and the price book or leaves both, in a line that says what changed; SIGTERM ends it', async () => {
  const upstream = await new TestUpstream().listen();
  upstream.script(json(ANSWER));
  const dir = await mkdtemp(join(tmpdir(), 'signals-'));
  const file = join(dir, 'router.yaml');
  const written = (more: object = {}): Promise<void> =>
    writeFile(
      file,
      JSON.stringify({
        listen: { port: 0 },
        routes: { a: ROUTES.a },
        routing: { policy: 'a', budgets: [{ name: 'day', period: 'day', hard: 1 }] },
        upstreams: { alpha: { base_url: upstream.base_url } },
        ...more,
      }),
    );
  await written();
  const lines: string[] = [];
  const heard = async (text: string): Promise<string> => {
    for (let i = 0; i < 500; i++) {
      const found = lines.find((line) => line.includes(text));
      if (found !== undefined) return found;
      await pause(20);
    }
    throw new Error(`"${text}" was not said: ${lines.join('\n')}`);
  };
  const before = { SIGHUP: process.listeners('SIGHUP'), SIGTERM: process.listeners('SIGTERM') };
  let factor = 1;
  const running = runRouter({
    file,
    readBook: () => (factor > 0 ? Promise.resolve(cheaper(factor)) : Promise.reject(new Error('no price book'))),
    env: {},
    allowMissingKeys: false,
    port: undefined,
    say: (line) => void lines.push(line),
  });
  const url = (await heard('listening on ')).replace('listening on ', '');
  expect(lines).toContain('budgets begin at 0 at every start, since there is no log to keep what is spent beside');
  const cost = async (): Promise<unknown> => (await ask({ url } as TestRouter, CHAT)).headers['x-tollgate-cost-usd'];
  expect(await cost()).toBe('0.006');

  factor = 3;
  await written({ models: { fast: 'a' } });
  signal('SIGHUP', before.SIGHUP);
  expect(await heard('taken up again')).toBe(`${file} was taken up again; prices: a; models: +fast`);
  expect(await cost()).toBe('0.018');

  factor = 0;
  await written({ models: { slow: 'a' } });
  signal('SIGHUP', before.SIGHUP);
  expect(await heard('was not taken up')).toContain('no price book');
  factor = 5;
  await written({ models: { slow: 'nowhere' } });
  signal('SIGHUP', before.SIGHUP);
  expect(await heard('no route or policy "nowhere"')).toContain('the configuration before it holds');
  expect(await cost()).toBe('0.018');

  signal('SIGTERM', before.SIGTERM);
  await running;
  expect(process.listeners('SIGHUP')).toEqual(before.SIGHUP);
  expect(process.listeners('SIGTERM')).toEqual(before.SIGTERM);
  await upstream.close();
});

test('tells at the start which routes have no price; an embedding model, which bills input alone, has one', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'signals-'));
  const file = join(dir, 'router.yaml');
  const embed = { seller: 'openai', model: 'text-embedding-3-small' };
  const base_url = 'http://127.0.0.1:9/v1';
  await writeFile(
    file,
    JSON.stringify({
      listen: { port: 0 },
      routes: { embed, odd: { seller: 'openai', model: 'of-no-book' } },
      routing: { policy: { kind: 'single' } },
      upstreams: { openai: { base_url } },
    }),
  );
  const lines: string[] = [];
  const known = process.listeners('SIGTERM');
  const running = runRouter({
    file,
    readBook: () => readPriceBook(),
    env: {},
    allowMissingKeys: false,
    port: undefined,
    say: (line) => void lines.push(line),
  });
  for (let i = 0; i < 500 && process.listeners('SIGTERM').length === known.length; i++) await pause(20);
  signal('SIGTERM', known);
  await running;
  expect(lines.filter((line) => line.includes('no price'))).toEqual(['odd has no price; what it costs stays unknown']);
});
