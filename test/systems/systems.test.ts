/** What is known of systems by name: who is found, what is derived, and that every line shown to people runs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { parseYaml } from '../../src/io/read-yaml.ts';
import { readConfig } from '../../src/router/read-config.ts';
import { targetsFile, targetsOf } from '../../src/smoke/targets-file.ts';
import { BESIDE_THE_BOOK, PUBLISHED_TRACES, RUN_AS_PROGRAM } from '../../src/systems/beside-the-book.ts';
import { amountInWords } from '../../src/systems/fee-words.ts';
import { systemMarkdown, systemsMarkdown } from '../../src/systems/markdown.ts';
import type { System } from '../../src/systems/system.ts';
import { knownSystems, systemCalled } from '../../src/systems/systems.ts';
import { rowOf, sectionsOf } from '../../src/systems/words.ts';
import { ADAPTERS } from '../../src/trace/adapters/index.ts';
import { book, dayOf, expectPriced, fileOf, run } from './setting.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const all = knownSystems(book);
const called = (name: string): System => systemCalled(all, name);
const section = (name: string, title: string): string =>
  sectionsOf(called(name))
    .filter((one) => one.title === title)
    .flatMap(({ lines }) => lines)
    .join('\n');

describe('a name', () => {
  test.each([
    ['openrouter', 'openrouter'],
    ['OpenRouter', 'openrouter'],
    ['TokenMix.ai', 'tokenmix'],
    ['gemini', 'google'],
    ['Google', 'google'],
    ['qwen', 'alibaba'],
    ['GLM', 'zai'],
    ['z-ai', 'zai'],
    ['Zhipu', 'zhipu-cn'],
    ['cloudflare ai gateway', 'cloudflare'],
    ['Vercel AI SDK', 'vercel-ai-sdk'],
    ['vercel', 'vercel'],
    ['LlamaIndex', 'llamaindex'],
    ['curl', 'http'],
    ['otel', 'opentelemetry'],
    ['tollgate', 'tollgate'],
  ])('%s is %s', (name, id) => {
    expect(called(name).id).toBe(id);
  });

  test('that nobody has is told with the nearest, or with all', () => {
    const said = (name: string): string => {
      try {
        return called(name).id;
      } catch (error) {
        return (error as InputError).diagnostics[0]!.message;
      }
    };
    expect(() => called('opnrouter')).toThrow(InputError);
    expect(said('opnrouter')).toBe('is no system that is known (did you mean "openrouter"?)');
    expect(said('langfus')).toContain('"langfuse"');
    expect(said('wholly-unlike-anything')).toContain('known are alibaba, ');
  });

  test('belongs to one system', () => {
    const names = all.flatMap(({ id, also_called }) => [id, ...also_called]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe('what is derived', () => {
  test('every seller and gateway of the book is there, with its cards', () => {
    const ids = all.map(({ id }) => id);
    for (const id of [...book.sellers.keys(), ...book.gateways.keys()]) expect(ids).toContain(id);
    expect(all).toHaveLength(
      new Set([...book.sellers.keys(), ...book.gateways.keys()]).size + 1 + BESIDE_THE_BOOK.length,
    );
    for (const { seller, cards } of book.sellers.values())
      expect(called(seller).prices.length, seller).toBe(cards.length);
  });

  test('every format belongs to one system or is a published data set', () => {
    const owned = all.flatMap(({ trace_formats }) => trace_formats.map(({ format }) => format));
    const formats = ADAPTERS.map(({ format }) => format);
    expect([...owned, ...PUBLISHED_TRACES].sort()).toEqual([...formats].sort());
  });

  test('fees are told as the schedule has them', () => {
    expect(called('openrouter').fees[0]!.fees).toEqual([
      '5.5 % on credit bought, at least 0.8 USD a purchase, 5 % by crypto',
      '5 % of the list price on own keys, 1,000,000 requests a month free',
      '50 requests a day free, of free models alone',
    ]);
    expect(called('portkey').fees[0]!.fees).toContain(
      'plan production (the default): 49 USD/month, 100,000 requests a month included, then 9 USD per 100,000, known up to 3,000,000',
    );
    expect(called('tokenmix').fees[0]!.fees[0]).toBe('−8 to −3 % on token prices');
    expect(called('vercel').fees[0]!.fees[0]).toBe('0 % on credit bought, payment takes 2.9 % and 0.3 USD more');
    expect(called('litellm').running_it[0]).toBe('at least 2 replicas of 4 cores, 50 to 200 USD/month each');
    expect(amountInWords(book.gateways.get('litellm')!.self_hosting!.upkeep)).toBe('2 to 35 hours/month');
  });

  test('what is not known is not told as none', () => {
    expect(rowOf(called('openllmapi'))[1]).toBe('not known');
    expect(section('openllmapi', 'Fees')).toContain('none are known');
    expect(called('tokenmix').capabilities!.not_known).toContain('budgets');
    expect(section('google', 'Outages')).toMatch(
      /^no history of its own: the mean of those with one is taken, 14\.07 hours/,
    );
    expect(section('openai', 'Outages')).toMatch(/^25\.55 hours a month .* At-Large research/);
  });

  test('a test runs the real program where that is said', () => {
    for (const [id, file] of Object.entries(RUN_AS_PROGRAM)) {
      expect(called(id).verified).toContain(file);
      expect(readFileSync(path.join(ROOT, file), 'utf8').length).toBeGreaterThan(500);
    }
  });
});

describe('lines that are shown run', () => {
  const base = (model: string) => ({
    baseline: 'direct',
    strategies: [{ id: 'direct', kind: 'direct' }],
    traffic: dayOf(model),
  });

  test.each(all.map(({ id }) => id))('%s in a scenario', async (id) => {
    const { use, kinds, trace_formats } = called(id);
    const written = parseYaml(use.scenario.lines!.join('\n'), id).value as {
      readonly traffic?: { readonly models?: { readonly default: string }; readonly format?: string };
      readonly strategies: readonly { readonly id: string }[];
    };
    expect(use.scenario.lines!.length).toBeGreaterThanOrEqual(3);
    if (kinds[0] === 'observability') return expect(written.traffic!.format).toBe(trace_formats[0]!.format);
    const model = written.traffic?.models?.default ?? 'openai/gpt-4o-mini';
    const isSold = book.sellers.has(model.split('/')[0]!);
    expect(isSold).toBe(true);
    const embeds = id === 'voyage' ? { p50: 0.001, p95: 0.002 } : undefined;
    const first = written.strategies[0]!.id;
    const found = await run({ ...base(model), ...written, baseline: first, traffic: dayOf(model, embeds) });
    if (id !== 'voyage' && id !== 'kong') expectPriced(found);
    expect(found.alternatives.map((one) => one.id)).toEqual(written.strategies.map((one) => one.id));
  });

  test.each(all.filter(({ use }) => use.router.lines !== null).map(({ id }) => id))(
    '%s in a router’s file',
    async (id) => {
      const file = fileOf('router.yaml', called(id).use.router.lines!.join('\n'));
      const { config } = await readConfig(file, {}, { allowMissingKeys: true });
      expect(Object.keys(config.upstreams)).toEqual([Object.values(config.routes)[0]!.seller]);
    },
  );

  test.each(all.filter(({ use }) => use.smoke.lines !== null).map(({ id }) => id))('%s in targets.yaml', (id) => {
    const raw = parseYaml(called(id).use.smoke.lines!.join('\n'), id).value;
    const { targets, found } = targetsOf(book, targetsFile.parse(raw), (at) => at.join('.'));
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(targets.length).toBeGreaterThan(0);
    for (const one of targets) expect(one.priced_as, id).toBeDefined();
  });

  test('where nothing can be written it is said why', () => {
    for (const { id, use } of all)
      for (const one of [use.scenario, use.router, use.smoke])
        expect(one.lines === null ? one.instead!.length : one.lines.length, id).toBeGreaterThan(2);
  });
});

describe('docs/systems.md', () => {
  test('is what the book gives: npm run docs writes it', () => {
    expect(readFileSync(path.join(ROOT, 'docs/systems.md'), 'utf8')).toBe(systemsMarkdown(all));
  });

  test('links every row to its part', () => {
    const text = systemsMarkdown(all);
    const anchors = [...text.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
    expect(anchors).toHaveLength(all.length);
    expect(new Set(anchors).size).toBe(all.length);
    const heads = [...text.matchAll(/^## (.+)$/gm)].map(([, head]) =>
      head!
        .replaceAll('\\', '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors).toEqual(heads);
  });

  test('text from a book is escaped', () => {
    const odd = { ...called('openrouter'), name: 'a | b <script>', notes: ['*bold* [x](y)'] };
    const text = systemMarkdown(odd);
    expect(text).not.toContain('<script>');
    expect(text).toContain('a \\| b');
    expect(text).toContain('\\*bold\\* \\[x\\](y)');
  });
});
