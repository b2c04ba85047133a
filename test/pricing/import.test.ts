/** Importers of other price books: invented rows in their real shape, the plan against a book, and what is appended. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { addPriceCommand } from '../../src/cli/price.ts';
import { BOOKS } from '../../src/cli/price-import.ts';
import { PRICE_BOOK_DIR, readPriceBook } from '../../src/io/read-price-book.ts';
import { parseYaml } from '../../src/io/read-yaml.ts';
import { importGenaiPrices } from '../../src/pricing/import/genai-prices.ts';
import { IMPORTED_BOOKS } from '../../src/pricing/import/index.ts';
import { importLitellm } from '../../src/pricing/import/litellm.ts';
import { importLlmPrices } from '../../src/pricing/import/llm-prices.ts';
import { importModelsDev } from '../../src/pricing/import/models-dev.ts';
import { importOpenrouter } from '../../src/pricing/import/openrouter.ts';
import { planImport } from '../../src/pricing/import/plan.ts';
import { importPortkey } from '../../src/pricing/import/portkey.ts';
import { commands } from '../command.ts';

test('the command line offers every importer that there is', () => {
  expect(BOOKS).toEqual(IMPORTED_BOOKS);
});

describe('units and names', () => {
  test('LiteLLM: USD per token, tiers and sizes in the names of keys, the prefix of the provider off', () => {
    const { cards, not_held } = importLitellm({
      sample_spec: { litellm_provider: 'openai', input_cost_per_token: 1 },
      'gemini/lark-2': {
        litellm_provider: 'gemini',
        max_tokens: 8192,
        input_cost_per_token: 1.25e-6,
        output_cost_per_token: 1e-5,
        cache_read_input_token_cost: 1.25e-7,
        cache_creation_input_token_cost: 1.5625e-6,
        cache_creation_input_token_cost_above_1hr: 2.5e-6,
        input_cost_per_token_above_200k_tokens: 2.5e-6,
        output_cost_per_token_above_200k_tokens: 1.5e-5,
        input_cost_per_token_batches: 6.25e-7,
        input_cost_per_token_priority: 2.5e-6,
        input_cost_per_image: 0.001,
        supports_vision: true,
      },
      'nebius/other': { litellm_provider: 'nebius', input_cost_per_token: 1e-6 },
    });
    expect(cards).toEqual([
      {
        seller: 'google',
        model: 'lark-2',
        periods: [
          {
            usd_per_mtok: { input: 1.25, cache_read: 0.125, cache_write_5m: 1.5625, cache_write_1h: 2.5, output: 10 },
            cliffs: [{ prompt_tokens: 200_000, rule: 'above', usd_per_mtok: { input: 2.5, output: 15 } }],
            tiers: { batch: { usd_per_mtok: { input: 0.625 } }, priority: { usd_per_mtok: { input: 2.5 } } },
          },
        ],
      },
    ]);
    expect(not_held).toEqual([
      'google/lark-2: input_cost_per_image',
      'provider nebius: 1 models, no seller of this book',
    ]);
  });

  test('models.dev: USD per million, tiers by context size before the one of fixed name', () => {
    const cost = { input: 5, output: 30, cache_read: 0.5, context_over_200k: { input: 10, output: 45 } };
    const tiers = [{ input: 11, output: 45, tier: { type: 'context', size: 272_000 } }];
    const { cards, not_held } = importModelsDev({
      openai: {
        id: 'openai',
        models: { lark: { id: 'lark', cost: { ...cost, tiers, input_audio: 9 } }, old: { cost } },
      },
      elsewhere: { models: { lark: { cost } } },
    });
    expect(cards.map(({ periods }) => periods[0]?.cliffs)).toEqual([
      [{ prompt_tokens: 272_000, rule: 'above', usd_per_mtok: { input: 11, output: 45 } }],
      [{ prompt_tokens: 200_000, rule: 'above', usd_per_mtok: { input: 10, output: 45 } }],
    ]);
    expect(not_held).toEqual(['openai/lark: input_audio', 'provider elsewhere: 1 models, no seller of this book']);
  });

  test('OpenRouter: texts in USD per token; variants and prices that vary are left out', () => {
    const row = (id: string, pricing: object) => ({ id, pricing });
    const { cards, not_held } = importOpenrouter({
      data: [
        row('anthropic/lark-4.5', {
          prompt: '0.000003',
          completion: '0.000015',
          input_cache_read: '0.0000003',
          input_cache_write: '0.00000375',
          internal_reasoning: '0',
          request: '0',
          web_search: '0.01',
          image: '0.0048',
        }),
        row('anthropic/lark-4.5:free', { prompt: '0', completion: '0' }),
        row('anthropic/auto', { prompt: '-1', completion: '-1' }),
        row('somebody/lark', { prompt: '0.000001', completion: '0.000001' }),
      ],
    });
    expect(cards).toEqual([
      {
        seller: 'anthropic',
        model: 'lark-4.5',
        periods: [
          {
            usd_per_mtok: { input: 3, cache_read: 0.3, cache_write_5m: 3.75, output: 15 },
            usd_per_web_search: 0.01,
          },
        ],
      },
    ]);
    expect(not_held).toEqual([
      'anthropic/lark-4.5: image',
      'anthropic/lark-4.5:free: a variant, another offer',
      'anthropic/auto: a price that varies (-1)',
      'provider somebody: 1 models, no seller of this book',
    ]);
  });

  test('genai-prices: tiers from a base, a start date as a period, a time of day as a window', () => {
    const file = parseYaml(
      `
id: x-ai
models:
  - id: lark
    prices_checked: 2026-07-01
    prices:
      - prices:
          input_mtok: {base: 2, tiers: [{start: 128000, price: 4}]}
          output_mtok: {base: 10, tiers: [{start: 128000, price: 20}]}
          input_audio_mtok: 7
      - constraint: {start_date: 2026-07-30}
        prices: {input_mtok: 1, output_mtok: 5, requests_kcount: 5}
      - constraint: {start_time: 00:30:00Z, end_time: 16:30:00Z}
        prices: {input_mtok: 2, output_mtok: 10}
`,
      'x_ai.yml',
    ).value;
    const { cards, not_held } = importGenaiPrices(file, undefined);
    expect(cards).toEqual([
      {
        seller: 'xai',
        model: 'lark',
        periods: [
          {
            usd_per_mtok: { input: 2, output: 10 },
            cliffs: [{ prompt_tokens: 128_000, rule: 'above', usd_per_mtok: { input: 4, output: 20 } }],
            until: '2026-07-30',
          },
          {
            usd_per_mtok: { input: 1, output: 5 },
            cliffs: [],
            usd_per_request: 0.005,
            from: '2026-07-30',
            windows: [
              {
                label: 'window 1',
                zone: 'UTC',
                days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
                hours: ['00:30-16:30'],
                usd_per_mtok: { input: 2, output: 10 },
              },
            ],
          },
        ],
      },
    ]);
    expect(not_held).toEqual(['xai/lark: input_audio_mtok']);
  });

  test('Portkey: cents per token, 0 for no cache price, sizes in ids left out', () => {
    const row = (standard: object, own: object = {}) => ({ pricing_config: { pay_as_you_go: standard, ...own } });
    const { cards, not_held } = importPortkey(
      {
        default: row({ request_token: { price: 0 } }),
        lark: row(
          {
            request_token: { price: 0.0003 },
            response_token: { price: 0.0015 },
            cache_read_input_token: { price: 0.00003 },
            cache_write_input_token: { price: 0 },
            additional_units: {
              cache_write_1h: { price: 0.0006 },
              web_search: { price: 1 },
              file_search: { price: 0.25 },
            },
          },
          { batch_config: { request_token: { price: 0.00015 } } },
        ),
        'lark-gt-128k': row({ request_token: { price: 0.0006 } }),
      },
      'anthropic',
    );
    expect(cards).toEqual([
      {
        seller: 'anthropic',
        model: 'lark',
        periods: [
          {
            usd_per_mtok: { input: 3, cache_read: 0.3, output: 15, cache_write_1h: 6 },
            tiers: { batch: { usd_per_mtok: { input: 1.5 } } },
            usd_per_web_search: 0.01,
          },
        ],
      },
    ]);
    expect(not_held).toEqual(['anthropic/lark: file_search', 'anthropic/lark-gt-128k: a prompt size in the id']);
  });

  test('llm-prices: periods by date, from a vendor file or the combined list', () => {
    const periods = [
      { usd_per_mtok: { input: 10, cache_read: 2.5, output: 40 }, until: '2025-06-10' },
      { usd_per_mtok: { input: 2, output: 8 }, from: '2025-06-10' },
    ];
    const history = [
      { input: 2, output: 8, input_cached: null, from_date: '2025-06-10', to_date: null },
      { input: 10, output: 40, input_cached: 2.5, from_date: null, to_date: '2025-06-10' },
    ];
    const expected = [{ seller: 'google', model: 'lark', periods }];
    const models = [
      { id: 'lark', name: 'Lark', price_history: history },
      { id: 'lark-200k', price_history: history },
    ];
    expect(importLlmPrices({ vendor: 'google', models }, undefined)).toEqual({
      cards: expected,
      not_held: ['google/lark-200k: a prompt size in the id'],
    });
    const prices = history.map((entry) => ({ id: 'lark', vendor: 'google', ...entry }));
    expect(importLlmPrices({ updated_at: '2026-08-05', prices }, undefined).cards).toEqual(expected);
  });

  test.each(
    Object.entries({
      importLitellm,
      importModelsDev,
      importOpenrouter,
      importGenaiPrices,
      importPortkey,
      importLlmPrices,
    }),
  )('%s takes any document for what it is', (_name, importer) => {
    for (const document of [null, 3, 'text', [], {}, [[null]], { a: null }, { data: 4, models: 'x', prices: {} }])
      expect(importer(document, undefined).cards).toEqual([]);
  });
});

describe('the plan against the shipped book', () => {
  const of = (model: string, usd_per_mtok: object) => ({ seller: 'openai', model, periods: [{ usd_per_mtok }] });
  test('agrees, differs or is new; an alias is the card itself', async () => {
    const book = await readPriceBook();
    const { cards } = planImport(
      book,
      [
        of('gpt-4o-2024-08-06', { input: 2.5, output: 10.000000000000002 }),
        of('gpt-4.1', { input: 2, output: 9 }),
        of('GPT-4o', { input: 1 }),
      ],
      '2026-09-18',
    );
    expect(cards.map(({ model, kind }) => `${model} ${kind}`)).toEqual([
      'gpt-4o same',
      'gpt-4.1 changed',
      'GPT-4o new',
    ]);
    expect(cards[1]?.changes).toEqual(
      expect.arrayContaining([
        { card: 'openai/gpt-4.1', cell: 'usd_per_mtok.output', old: 8, new: 9, ratio: 1.125 },
        expect.objectContaining({ cell: 'usd_per_mtok.cache_read', old: 0.5, new: null }),
      ]),
    );
    expect(cards[1]?.changes.some(({ cell }) => cell === 'usd_per_mtok.input')).toBe(false);
  });
});

describe('price import', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-import-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => freshFiles());
  const { call, printed } = commands(addPriceCommand);
  const run = (...args: string[]): Promise<string> => call('price', ...args);

  const SELLER = `# a comment that stays
seller: openai
name: OpenAI
cards:
  - model: gpt-4o # and this one
    source: test
    as_of: 2026-08-01
    confidence: high
    periods:
      - usd_per_mtok: {input: 2.5, cache_read: 1.25, output: 10}
        note: first
  - model: last
    source: test
    as_of: 2026-08-01
    confidence: high
    periods:
      - until: 2026-01-01
        usd_per_mtok: {input: 1}
`;
  const dir = path.join(folder, 'book');
  mkdirSync(path.join(dir, 'sellers'), { recursive: true });
  mkdirSync(path.join(dir, 'gateways'));
  cpSync(path.join(PRICE_BOOK_DIR, 'outages.yaml'), path.join(dir, 'outages.yaml'));
  const seller = path.join(dir, 'sellers/openai.yaml');
  const given = path.join(folder, 'litellm.json');
  const freshFiles = (): void => {
    writeFileSync(seller, SELLER);
    const row = (input: number) => ({
      litellm_provider: 'openai',
      input_cost_per_token: input,
      output_cost_per_token: 9e-6,
    });
    writeFileSync(
      given,
      JSON.stringify({ 'gpt-4o': row(2.25e-6), last: row(1e-6), 'new-one': row(3e-6), '\u001b[31mred': row(1e-6) }),
    );
  };
  const args = ['import', given, '--from', 'litellm', '--book', dir];

  test('shows the difference and writes nothing', async () => {
    await run(...args);
    for (const text of ['added   openai/new-one', '2.25', '0.9', 'Nothing was written', '2 cards differ', '2 are new'])
      expect(printed()).toContain(text);
    expect(printed()).not.toContain('\u001b');
    expect(readFileSync(seller, 'utf8')).toBe(SELLER);
  });

  test('with --write appends periods from the date on and edits no figure', async () => {
    writeFileSync(given, JSON.stringify({ ...JSON.parse(readFileSync(given, 'utf8')), '\u001b[31mred': undefined }));
    await run(...args, '--write', '--from-date', '2026-09-01');
    const text = readFileSync(seller, 'utf8');
    for (const line of SELLER.split('\n').filter((one) => !one.includes('cache_read'))) expect(text).toContain(line);
    expect(text).toContain(
      '      - until: 2026-09-01\n        usd_per_mtok: {input: 2.5, cache_read: 1.25, output: 10}\n        note: first\n      - ',
    );
    const book = await readPriceBook(dir);
    const cards = new Map(book.sellers.get('openai')?.cards.map((card) => [card.model, card.periods]));
    expect(cards.get('gpt-4o')).toMatchObject([
      { until: '2026-09-01', usd_per_mtok: { input: 2.5 } },
      { from: '2026-09-01', usd_per_mtok: { input: 2.25, output: 9 }, note: 'From litellm, litellm.json.' },
    ]);
    expect(cards.get('last')).toMatchObject([
      { until: '2026-01-01' },
      { from: '2026-09-01', usd_per_mtok: { input: 1 } },
    ]);
    expect(cards.get('new-one')).toMatchObject([{ usd_per_mtok: { input: 3, output: 9 } }]);
    await run(...args);
    expect(printed()).toContain('0 cards differ');
  });

  test('a seller without a file gets one', async () => {
    writeFileSync(
      given,
      JSON.stringify({ lark: { pricing_config: { pay_as_you_go: { request_token: { price: 0.0001 } } } } }),
    );
    const flags = ['--from', 'portkey', '--seller', 'acme', '--book', dir, '--write', '--from-date', '2026-09-01'];
    await run('import', given, ...flags);
    expect((await readPriceBook(dir)).sellers.get('acme')?.cards).toMatchObject([{ model: 'lark', confidence: 'low' }]);
    rmSync(path.join(dir, 'sellers/acme.yaml'));
  });

  test.each([
    [['--from', 'litellm', '--write'], 'needs --from-date'],
    [['--from', 'portkey'], 'needs --seller'],
    [['--from', 'portkey', '--seller', '../x'], 'is no seller'],
    [['--from', 'openrouter'], 'holds no price that is understood; is it a file of openrouter?'],
    [['--from', 'other'], 'Allowed choices are'],
  ])('%j is bad input', async (flags, message) => {
    await expect(run('import', given, '--book', dir, ...flags)).rejects.toThrow(message);
  });

  test('TOML is told to be taken as api.json, broken JSON as such', async () => {
    await expect(run('import', path.join(folder, 'x.toml'), '--from', 'models.dev', '--book', dir)).rejects.toThrow(
      'api.json',
    );
    writeFileSync(given, '{"a": ');
    await expect(run(...args)).rejects.toThrow('is no JSON');
  });
});
