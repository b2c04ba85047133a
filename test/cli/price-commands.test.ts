/** The sub-commands of `price` as people call them, on the shipped book and on small books in a folder. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { addPriceCommand } from '../../src/cli/price.ts';
import { PRICE_BOOK_DIR } from '../../src/io/read-price-book.ts';
import { commands } from '../command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-price-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { call, printed } = commands(addPriceCommand);
const price = (...args: string[]): Promise<string> => call('price', ...args);
const json = () => JSON.parse(printed());

const CARD = `
    source: test
    as_of: 2026-08-01
    confidence: high
    periods:`;

/** A book of one seller; `cards` is YAML of its cards. */
function bookOf(name: string, cards: string): string {
  const dir = path.join(folder, name);
  mkdirSync(path.join(dir, 'sellers'), { recursive: true });
  mkdirSync(path.join(dir, 'gateways'), { recursive: true });
  cpSync(path.join(PRICE_BOOK_DIR, 'outages.yaml'), path.join(dir, 'outages.yaml'));
  writeFileSync(path.join(dir, 'sellers/acme.yaml'), `seller: acme\nname: Acme\ncards:\n${cards}`);
  return dir;
}
const lark = (model: string, prices: string): string => `  - model: ${model}${CARD}\n      - usd_per_mtok: ${prices}\n`;

describe('price list', () => {
  test('lists the cards of a seller at a date', async () => {
    await price('list', '--seller', 'openai', '--at', '2025-06-09', '--json');
    const { at, prices } = json();
    expect(at).toBe('2025-06-09');
    expect(prices.find(({ model }: { model: string }) => model === 'o3')).toMatchObject({ input: 10, output: 40 });
    expect(new Set(prices.map(({ seller }: { seller: string }) => seller))).toEqual(new Set(['openai']));
  });

  test('prints a table of all sellers', async () => {
    await price('list');
    for (const text of ['gpt-4o', 'claude-sonnet-4-5', '268 cards', 'Batch input']) expect(printed()).toContain(text);
  });

  test('an unknown seller is told with the nearest', async () => {
    await expect(price('list', '--seller', 'opnai')).rejects.toThrow('did you mean "openai"');
  });
});

describe('price compare', () => {
  const at = ['--at', '2026-09-18'];
  test('sets direct offers and gateways side by side, with fees from the real components', async () => {
    await price(
      'compare',
      'openai/gpt-4o',
      '--input',
      '2048',
      '--output',
      '28',
      '--requests',
      '50000',
      ...at,
      '--json',
    );
    const { offers } = json();
    const of = (name: string) => offers.find((offer: { name: string }) => offer.name === name);
    // 50,000 x (2,048 x 2.50 + 28 x 10) / 1,000,000
    expect(of('openai/gpt-4o').tokens_usd).toBeCloseTo(270, 9);
    expect(of('azure/gpt-4o').total_usd).toBeCloseTo(270, 9);
    expect(of('openrouter').fee_usd).toBeCloseTo(14.85, 9);
    expect(of('openrouter').markup_fraction).toBeCloseTo(0.055, 12);
    expect(of('requesty').over_cheapest_direct_usd).toBeCloseTo(13.5, 9);
    expect(of('portkey (production)').fees).toEqual([{ label: 'Subscription (portkey, production)', usd: 49 }]);
    expect(of('kong (plus)').fee_usd).toBe(125);
    expect(of('openllmapi')).toMatchObject({ fee_usd: null, total_usd: null });
    expect(of('portkey (developer)').total_usd).toBeNull();
    expect(of('siliconflow')).toBeUndefined();
    expect(offers.map(({ kind }: { kind: string }) => kind).slice(0, 3)).toEqual(['direct', 'direct', 'gateway']);
  });

  test('the least fee of a purchase weighs on small spends', async () => {
    await price('compare', 'openai/gpt-4o', '--input', '2000', '--requests', '1000', ...at, '--json');
    const openrouter = json().offers.find((offer: { name: string }) => offer.name === 'openrouter');
    expect(openrouter.tokens_usd).toBeCloseTo(5, 12);
    expect(openrouter.fee_usd).toBeCloseTo(0.8, 12);
    expect(openrouter.markup_fraction).toBeCloseTo(0.16, 12);
  });

  test('hours with other prices are averaged over the week, and that is said', async () => {
    await price('compare', 'deepseek/deepseek-v4-pro', '--input', '1000', '--requests', '1000', ...at, '--json');
    const own = json().offers.find((offer: { name: string }) => offer.name === 'deepseek/deepseek-v4-pro');
    // 0.66 in 133 of 168 hours, 1.32 in 35
    expect(own.tokens_usd).toBeCloseTo((0.66 * 133 + 1.32 * 35) / 168, 9);
    expect(own.remarks.join()).toContain('spread evenly over the week');
  });

  test('prices are those of the day, not of the first of its month', async () => {
    const cost = async (day: string): Promise<number> => {
      await price('compare', 'openai/o3', '--input', '1000000', '--requests', '1', '--at', day, '--json');
      return json().offers.find((offer: { name: string }) => offer.name === 'openai/o3').tokens_usd;
    };
    expect(await cost('2025-06-09')).toBe(10);
    expect(await cost('2025-06-10')).toBe(2);
  });

  test('prompts past a cliff pay its prices', async () => {
    await price('compare', 'anthropic/claude-sonnet-4-5', '--input', '200001', '--requests', '1000', ...at, '--json');
    const own = json().offers.find((offer: { name: string }) => offer.name === 'anthropic/claude-sonnet-4-5');
    expect(own.tokens_usd).toBeCloseTo(1200.006, 9);
  });

  test('a product manager reads tables, remarks and what is unverified', async () => {
    await price('compare', 'gpt-4o', '--input', '2048', '--output', '28', '--requests', '50,000', '--details', ...at);
    for (const text of [
      'resolved by rule',
      'Direct',
      'through',
      'not known',
      '14.85',
      '5.5 %',
      'unverified',
      'status "archived"',
    ])
      expect(printed()).toContain(text);
  });

  test('without --details the tables stand alone, and say what there is to be shown', async () => {
    await price('compare', 'openai/gpt-4o', '--input', '2048', '--output', '28', '--requests', '50000', ...at);
    expect(printed()).toMatch(/\d+ remarks and \d+ facts that nobody verified: --details/);
    expect(printed()).not.toContain('unverified openrouter');
  });

  test.each([
    [['openai/gpt-4o'], 'the tokens of one request are missing'],
    [['openai/gpt-40', '--input', '1'], 'no rate card has this name'],
    [['openai/gpt-4o', '--input', '1', '--requests', '0'], 'allowed are 1, 2, 3'],
    [['openai/gpt-4o', '--input', '9007199254740991', '--requests', '2'], 'counted exactly'],
  ])('%j is bad input', async (args, message) => {
    await expect(price('compare', ...args)).rejects.toThrow(message);
  });
});

describe('price check', () => {
  test('the shipped book has no open finding', async () => {
    await price('check', '--json');
    expect(json()).toMatchObject({ cards: 268, open: 0 });
    expect(process.exitCode).toBeUndefined();
  });

  test('a slip of unit in a small book is told with both numbers, and the exit code is 1', async () => {
    const cards = ['lark-1', 'lark-2', 'lark-3'].map((model) => lark(model, '{input: 3, cache_read: 0.3, output: 15}'));
    await price(
      'check',
      bookOf('slipped', `${cards.join('')}${lark('lark-4', '{input: 300, cache_read: 30, output: 1500}')}`),
    );
    for (const text of [
      'acme/lark-4',
      'input 300, the nearest sibling 3',
      'about 100 times',
      '[unit_slip]',
      '[input_above_200]',
    ])
      expect(printed()).toContain(text);
    expect(process.exitCode).toBe(1);
  });

  test('control characters of a file do not reach the terminal', async () => {
    const dir = bookOf('nasty', lark('"lark\\e[31m"', '{input: 300, output: 1500}'));
    await price('check', dir);
    expect(printed()).not.toContain('\u001b');
    expect(printed()).toContain('⟨U+001B⟩');
  });

  test('a folder that is no price book is bad input', async () => {
    await expect(price('check', path.join(folder, 'nowhere'))).rejects.toThrow('there is no such folder');
  });
});

describe('price diff', () => {
  test('tells cards that came and went and prices that changed, with their ratio', async () => {
    const a = bookOf('a', lark('kept', '{input: 3, output: 15}') + lark('gone', '{input: 1}'));
    const b = bookOf('b', lark('kept', '{input: 0.3, cache_read: 0.03, output: 15}') + lark('new', '{input: 1}'));
    await price('diff', a, b, '--json');
    expect(json()).toEqual({
      added: ['acme/new'],
      removed: ['acme/gone'],
      changed: [
        {
          card: 'acme/kept',
          cell: 'periods[since ever].usd_per_mtok.input',
          old: 3,
          new: 0.3,
          ratio: expect.closeTo(0.1, 12),
        },
        { card: 'acme/kept', cell: 'periods[since ever].usd_per_mtok.cache_read', old: null, new: 0.03, ratio: null },
      ],
    });
    await price('diff', a, b);
    for (const text of ['added   acme/new', 'removed acme/gone', 'not listed', '0.1'])
      expect(printed()).toContain(text);
  });

  test('the shipped book does not differ from itself', async () => {
    await price('diff', PRICE_BOOK_DIR, PRICE_BOOK_DIR);
    expect(printed()).toBe('0 cards added, 0 removed, 0 prices changed\n');
  });
});
