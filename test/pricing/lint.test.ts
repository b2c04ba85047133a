/** Every rule of the lint on a book with one seeded fault, and the shipped book. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { isOpen, lint } from '../../src/pricing/lint.ts';
import { LINT_RULES, type LintFinding } from '../../src/pricing/lint-rules.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { outages } from './small-book.ts';

type Json = Record<string, unknown>;
const provenance = { source: 'test', as_of: '2026-08-01', confidence: 'high' };

const sound = (): Json => ({
  input: 3,
  cache_read: 0.3,
  cache_write_5m: 3.75,
  cache_write_1h: 6,
  output: 15,
});

/** Three siblings and a host of one of them; `fault` changes what the first card holds. */
function findings(
  fault: Json = {},
  prices: Json = sound(),
  host: Json = { input: 3, output: 15, cache_read: 0.3 },
): LintFinding[] {
  const { as_of, explained, ...period } = fault;
  const own = {
    ...provenance,
    ...(as_of === undefined ? {} : { as_of }),
    ...(explained === undefined ? {} : { explained }),
  };
  const sibling = (model: string, factor: number) => ({
    model,
    ...provenance,
    periods: [{ usd_per_mtok: { input: 3 * factor, cache_read: 0.3 * factor, output: 15 * factor } }],
  });
  return lint(
    priceBook({
      sellers: [
        sellerFile.parse({
          seller: 'acme',
          name: 'Acme',
          cards: [
            { model: 'lark-2', ...own, periods: [{ usd_per_mtok: prices, ...period }] },
            sibling('lark-1', 1.5),
            sibling('lark-mini', 0.3),
          ],
        }),
        sellerFile.parse({
          seller: 'host',
          name: 'Host',
          cards: [{ model: 'lark-2', ...provenance, periods: [{ usd_per_mtok: host }] }],
        }),
      ],
      gateways: [],
      outages,
      equivalents: [{ model: 'lark-2', same_as: ['acme/lark-2', 'host/lark-2'] }],
      digest: 'test',
    }),
  );
}
const rules = (found: readonly LintFinding[]): string[] => [
  ...new Set(found.filter(({ card }) => card === 'acme/lark-2').map(({ rule }) => rule)),
];
const scaled = (factor: number): Json =>
  Object.fromEntries(Object.entries(sound()).map(([key, usd]) => [key, (usd as number) * factor]));

test('a sound book has no finding', () => {
  expect(findings()).toEqual([]);
});

describe('a seeded fault is found by its rule alone', () => {
  test.each([10, 100, 1000])('a row %i times too low, and one as much too high', (factor) => {
    const low = findings({}, scaled(1 / factor));
    expect(rules(low)).toEqual(['unit_slip']);
    expect(low[0]).toMatchObject({
      found: expect.closeTo(3 / factor, 12),
      against: 3,
      message: expect.stringContaining(`about ${factor} times less`),
    });
    const high = findings({}, scaled(factor));
    expect(rules(high)).toContain('unit_slip');
    expect(rules(high)).toEqual(factor > 50 ? ['input_above_200', 'unit_slip'] : ['unit_slip']);
  });

  test('one column ten times too high, where no other seller has the model', () => {
    const found = findings({}, { ...sound(), output: 150 }, { input: 3 });
    expect(rules(found)).toEqual(['column_slip']);
    expect(found[0]).toMatchObject({ found: 50, against: 5 });
  });

  test('a price that changes by a power of ten from one period to the next', () => {
    const found = lint(
      priceBook({
        sellers: [
          sellerFile.parse({
            seller: 'acme',
            name: 'Acme',
            cards: [
              {
                model: 'dated',
                ...provenance,
                periods: [
                  { until: '2026-01-01', usd_per_mtok: { input: 2, output: 8 } },
                  { from: '2026-01-01', usd_per_mtok: { input: 0.02, output: 0.08 } },
                ],
              },
            ],
          }),
        ],
        gateways: [],
        outages,
        digest: '',
      }),
    );
    expect(found.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'unit_slip: input 0.02, before that 2: about 100 times less',
      'unit_slip: output 0.08, before that 8: about 100 times less',
    ]);
  });

  test.each<[string, string[], Json, Json]>([
    ['swapped cache columns', ['cache_columns_swapped'], {}, { ...sound(), cache_read: 3.75, cache_write_5m: 0.3 }],
    ['a cached read above input', ['cache_read_ratio'], {}, { input: 3, cache_read: 3.5, output: 15 }],
    ['a cache write of five minutes of storage', ['cache_write_ratio'], {}, { ...sound(), cache_write_5m: 0.375 }],
    ['a 1-hour write below the 5-minute one', ['cache_write_1h_below_5m'], {}, { ...sound(), cache_write_1h: 3 }],
    ['no cached price where siblings have one', ['cache_price_missing'], {}, { input: 3, output: 15 }],
    [
      'a cliff below base',
      ['cliff_below_base'],
      { cliffs: [{ prompt_tokens: 200_000, usd_per_mtok: { input: 1.5, output: 22.5 } }] },
      sound(),
    ],
    ['batch above base', ['batch_ratio'], { tiers: { batch: { usd_per_mtok: { input: 3.5, output: 7.5 } } } }, sound()],
    [
      'batch below a fifth',
      ['batch_ratio'],
      { tiers: { batch: { usd_per_mtok: { input: 0.15, output: 7.5 } } } },
      sound(),
    ],
    [
      'priority at 50 times the base',
      ['tier_ratio'],
      { tiers: { priority: { usd_per_mtok: { input: 150, output: 300 } } } },
      sound(),
    ],
    [
      'priority below base',
      ['tier_ratio'],
      { tiers: { priority: { usd_per_mtok: { input: 2, output: 30 } } } },
      sound(),
    ],
    ['output below half of input', ['output_ratio'], {}, { input: 3, cache_read: 0.3, output: 1.4 }],
    ['an output that became 0', ['zero_price'], {}, { ...sound(), output: 0 }],
    ['an old source', ['price_old'], { as_of: '2026-01-01' }, sound()],
  ])('%s', (_name, expected, fault, prices) => {
    expect(rules(findings(fault, prices, { input: 3 })).filter((rule) => rule !== 'column_slip')).toEqual(expected);
  });

  test('the flaw of all periods is told once', () => {
    const found = findings(
      {
        windows: [
          {
            label: 'peak',
            zone: 'UTC',
            days: ['mon'],
            hours: ['01:00-02:00'],
            usd_per_mtok: { ...sound(), cache_write_1h: 3 },
          },
        ],
      },
      { ...sound(), cache_write_1h: 3 },
    );
    expect(found).toHaveLength(1);
  });
});

describe('explanations', () => {
  test('a warning that its card explains is not open', () => {
    const [found] = findings(
      { explained: [{ rule: 'cache_price_missing', reason: 'sold without a cache' }] },
      { input: 3, output: 15 },
    );
    expect(found).toMatchObject({ rule: 'cache_price_missing', explained: 'sold without a cache' });
    expect(isOpen(found!)).toBe(false);
  });

  test('what is impossible is not explained away', () => {
    const found = findings({
      explained: [{ rule: 'batch_ratio', reason: 'because it is so' }],
      tiers: { batch: { usd_per_mtok: { input: 4 } } },
    });
    expect(found.filter(isOpen).map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(['error batch_ratio']);
  });

  test('an explanation without a finding is one', () => {
    expect(findings({ explained: [{ rule: 'unit_slip', reason: 'no longer so at all' }] })).toMatchObject([
      { rule: 'explains_nothing', severity: 'error' },
    ]);
  });
});

describe('access blocks', () => {
  const access = {
    base_url: 'https://acme.test/v1',
    api: 'openai',
    source: 'test',
    as_of: '2026-08-01',
    confidence: 'high',
  };
  const told = (acme: Json, host: Json = {}): string[] =>
    lint(
      priceBook({
        sellers: [
          sellerFile.parse({ seller: 'acme', name: 'Acme', access: { ...access, ...acme }, cards: [] }),
          sellerFile.parse({ seller: 'host', name: 'Host', access: { ...access, ...host }, cards: [] }),
        ],
        gateways: [],
        outages,
        digest: 'test',
      }),
    ).map(({ card, rule, severity, message }) => `${severity} ${card} ${rule}: ${message}`);

  test('names of models are those of sellers and cards that are there', () => {
    expect(told({ model_names: { form: '{seller}/{model}', sellers: { hsot: 'h' } } })).toEqual([
      'error acme access_unknown_model: model_names speaks of the seller "hsot" (did you mean "host"?)',
    ]);
    expect(told({ model_names: { form: '{model}', names: { 'acme/lark-9': 'lark' } } })).toEqual([
      'error acme access_unknown_model: model_names.names speaks of "acme/lark-9", which has no rate card',
    ]);
  });

  test('a name belongs to one system', () => {
    expect(told({ also_called: ['bird'] }, { also_called: ['bird', 'acme'] })).toEqual([
      'error host access_name_twice: also_called has "bird", which is a name of acme',
      'error host access_name_twice: also_called has "acme", which is a name of acme',
    ]);
    expect(told({ also_called: ['bird'] }, { also_called: ['nest'] })).toEqual([]);
  });
});

describe('the shipped book', () => {
  let found: LintFinding[];
  beforeAll(async () => {
    found = lint(await readPriceBook());
  });

  test('has no error, and each warning is explained on its card', () => {
    expect(found.filter(isOpen)).toEqual([]);
    expect(found.length).toBeGreaterThan(20);
  });

  test('every rule that is explained exists', () => {
    for (const { rule } of found) expect(LINT_RULES[rule]).toBeTruthy();
  });
});
