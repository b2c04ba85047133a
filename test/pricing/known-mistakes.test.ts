/** Charges of the shipped book where public price books and cost trackers were wrong, each with its right amount. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import { type ChargedCounts, type ChargedRoute, charge } from '../../src/pricing/charge.ts';
import type { PriceBook } from '../../src/pricing/price-book.ts';
import type { PriceOptions } from '../../src/pricing/price-table.ts';
import { resolveModel } from '../../src/pricing/resolve.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

const M = 1_000_000;
const both = { input_tokens: M, output_tokens: M };
const routeOf = (name: string, more: Partial<ChargedRoute> = {}): ChargedRoute => {
  const found = resolveModel(book, name);
  if ('unknown' in found) throw new Error(`${name} is unknown`);
  return { seller: found.seller, model: found.model, tier: 'standard', ...more };
};
const usd = (
  name: string,
  counts: ChargedCounts,
  at = '2026-09-18',
  more: Partial<ChargedRoute> = {},
  options: PriceOptions = {},
) => charge(book, routeOf(name, more), counts, at, options).charge_usd;
const each = (name: string, counts: ChargedCounts, at?: string, more?: Partial<ChargedRoute>, options?: PriceOptions) =>
  charge(book, routeOf(name, more), counts, at ?? '2026-09-18', options).meters.map((line) => line.usd_per_mtok);

describe('a cliff is no bracket', () => {
  test('Grok at exactly 128,000 tokens pays the higher price on all of them', () => {
    expect(usd('xai/grok-4', { input_tokens: 127_999, output_tokens: 1000 }, '2026-08-21')).toBeCloseTo(0.398997, 12);
    expect(usd('xai/grok-4', { input_tokens: 128_000, output_tokens: 1000 }, '2026-08-21')).toBeCloseTo(0.798, 12);
  });

  test('Gemini 2.5 Pro at exactly 200,000 pays the lower one, a token later 2.50/15 on all of them', () => {
    const prompt = (input_tokens: number) => usd('google/gemini-2.5-pro', { input_tokens, output_tokens: 1000 });
    expect(prompt(200_000)).toBeCloseTo(0.26, 12);
    expect(prompt(200_001)).toBeCloseTo(0.5150025, 12);
  });

  test('gpt-6-astra costs 10/50, above 272,000 tokens 20/75', () => {
    expect(each('openai/gpt-6-astra', { input_tokens: 272_000, output_tokens: 1 })).toEqual([10, 50]);
    expect(each('openai/gpt-6-astra', { input_tokens: 272_001, output_tokens: 1 })).toEqual([20, 75]);
  });
});

describe('DeepSeek costs twice as much from 01:00 to 04:00 and 06:00 to 10:00 UTC on weekdays', () => {
  test.each([
    ['2026-11-20T00:59Z', 2.64],
    ['2026-11-20T01:00Z', 5.28],
    ['2026-11-20T03:59Z', 5.28],
    ['2026-11-20T04:00Z', 2.64],
    ['2026-11-20T05:59Z', 2.64],
    ['2026-11-20T06:00Z', 5.28],
    ['2026-11-20T09:59Z', 5.28],
    ['2026-11-20T10:00Z', 2.64],
    ['2026-11-21T02:00Z', 2.64],
    ['2026-11-22T08:00Z', 2.64],
    ['2026-11-23T08:00Z', 5.28],
    ['2026-11-20T09:30+08:00', 5.28],
  ])('%s: %d', (at, wanted) => {
    expect(usd('deepseek/deepseek-v4-pro', both, at)).toBeCloseTo(wanted, 12);
  });

  test('Flash costs 0.15/0.60/0.003 since 2026-09-10, and not what it cost the day before', () => {
    const counts = { ...both, cache_read_tokens: M };
    expect(each('deepseek/deepseek-v4-flash', counts, '2026-09-10T12:00Z')).toEqual([0.15, 0.003, 0.6]);
    expect(each('deepseek/deepseek-v4-flash', counts, '2026-09-09T12:00Z')).toEqual([0.22, 0.007, 0.66]);
  });
});

describe('dates', () => {
  test('the rise of Claude Sonnet 5 on 2026-09-01 was called off: 2/10 before, on and after it', () => {
    for (const at of ['2026-08-31', '2026-09-01', '2026-12-01']) {
      expect(usd('anthropic/claude-sonnet-5', both, at, {}, { announced: true })).toBeCloseTo(12, 12);
    }
  });

  test.each([
    ['openai/gpt-5.6-luna', '2026-07-29', 7],
    ['openai/gpt-5.6-luna', '2026-07-30', 1.4],
    ['openai/o3', '2025-06-09', 50],
    ['openai/o3', '2025-06-10', 10],
  ])('%s on %s costs %d for a million in and out', (name, at, wanted) => {
    expect(usd(name, { output_tokens: M }, at)! + usd(name, { input_tokens: 100_000 }, at)! * 10).toBeCloseTo(
      wanted,
      9,
    );
  });

  test('gpt-5.6-sol went from 5/30 to 4/20 on 2026-08-21, cached 0.40, written 5, above 272,000 tokens 8/30', () => {
    const counts = { input_tokens: 1, cache_read_tokens: 1, cache_write_5m_tokens: 1, output_tokens: 1 };
    expect(each('openai/gpt-5.6-sol', { input_tokens: 1, output_tokens: 1 }, '2026-08-20')).toEqual([5, 30]);
    expect(each('openai/gpt-5.6-sol', counts, '2026-08-21')).toEqual([4, 0.4, 5, 20]);
    expect(each('openai/gpt-5.6-sol', { input_tokens: 272_001, output_tokens: 1 }, '2026-08-21')).toEqual([8, 30]);
  });

  test.each(['google/gemini-3.6-flash', 'google/gemini-3.7-flash', 'google/gemini-3.8-flash'])(
    '%s doubles in 2027 only where announced prices are asked for',
    (name) => {
      expect(usd(name, both, '2026-12-31', {}, { announced: true })).toBeCloseTo(4.5, 12);
      expect(usd(name, both, '2027-01-01')).toBeCloseTo(4.5, 12);
      expect(usd(name, both, '2027-01-01', {}, { announced: true })).toBeCloseTo(9, 12);
    },
  );
});

describe('a model is no prefix, and a host is no vendor', () => {
  test.each([
    ['openai/gpt-4o-2024-05-13', 20],
    ['openai/gpt-4o', 12.5],
    ['anthropic/claude-opus-4-7', 30],
    ['anthropic/claude-opus-4', 90],
    ['mistral/mistral-medium-3-5', 9],
    ['fireworks/kimi-k3', 18],
    ['minimax/MiniMax-M2.7', 1.5],
  ])('%s costs %d for a million in and out', (name, wanted) => {
    expect(usd(name, both)).toBeCloseTo(wanted, 12);
  });
});

describe('a column is no other column, and a thousandth no unit', () => {
  test.each([
    ['together/Qwen/Qwen3-235B-A22B-Instruct-2507-tput', [0.2, 0.6]], // ten times as much output in one book
    ['minimax/MiniMax-M2.5', [0.3, 1.2]], // a hundredth and a thousandfold elsewhere
    ['cohere/command-r7b', [0.0375, 0.15]], // input and output swapped for months
    ['google/gemini-2.0-flash', [0.1, 0.4]], // 150 and 600 when it was added
    ['google/gemini-1.5-flash', [0.075, 0.3]], // output 0 when it came back
    ['mistral/ministral-8b-latest', [0.15, 0.15]], // output 1.0
    ['mistral/mistral-large-latest', [0.5, 1.5]], // that of the model before it
    ['openai/gpt-5.5-pro', [30, 180]], // twice that for five days
    ['openai/gpt-3.5-turbo', [0.5, 1.5]], // twenty months late
  ])('%s costs %j', (name, wanted) => {
    expect(each(name, { input_tokens: 1, output_tokens: 1 })).toEqual(wanted);
  });

  test('cached reads are cheaper than writes, and an hour of cache is dearer than five minutes', () => {
    const counts = { cache_read_tokens: 1, cache_write_5m_tokens: 1, cache_write_1h_tokens: 1 };
    expect(each('anthropic/claude-3-7-sonnet', counts)).toEqual([0.3, 3.75, 6]);
    expect(each('anthropic/claude-3-opus', counts)).toEqual([1.5, 18.75, 30]);
  });

  test('a rerank query is no token: 1,000 of them cost two dollars', () => {
    expect(usd('cohere/rerank-v3.5', { rerank_queries: 1000 })).toBeCloseTo(2, 12);
    expect(usd('cohere/embed-multilingual-light-v3.0', { input_tokens: M })).toBeCloseTo(0.1, 12);
  });

  test('the storage price of a cache is not that of a cached read', () => {
    expect(each('google/gemini-3.1-pro-preview', { input_tokens: 200_001, cache_read_tokens: 1 })).toEqual([4, 0.4]);
  });

  test('a price that is not known is not copied from a larger model', () => {
    expect(usd('openai/gpt-5-nano', both, undefined, { tier: 'priority' })).toBeNull();
    expect(usd('mistral/ministral-8b-latest', { cache_read_tokens: M })).toBeNull();
  });
});

describe('ratios are facts of a card, not a rule', () => {
  test('a cached read of Claude Fable 5.1 costs 0.025 of input, not a tenth', () => {
    expect(usd('anthropic/claude-fable-5-1', { cache_read_tokens: M })).toBe(0.25);
    expect(usd('anthropic/claude-fable-5-1', { input_tokens: M })).toBe(10);
  });

  test('fast mode is twice the price on Claude Opus 5, was six times on Opus 4.6 until 2026-06-29, and cached reads too', () => {
    const fast = { tier: 'fast' } as const;
    const counts = { ...both, cache_read_tokens: M };
    expect(each('anthropic/claude-opus-5', counts, '2026-08-21', fast)).toEqual([10, 1, 50]);
    expect(each('anthropic/claude-opus-4-6', counts, '2026-06-28', fast)).toEqual([30, 3, 150]);
    expect(usd('anthropic/claude-opus-4-6', counts, '2026-06-29', fast)).toBeNull();
    expect(usd('anthropic/claude-sonnet-5', both, '2026-08-21', fast)).toBeNull();
  });

  test('OpenAI in the EU costs a tenth more since gpt-5.4, and nothing is known of it for older models', () => {
    const eu = { region: 'eu' };
    expect(usd('openai/gpt-5.4', { input_tokens: 100_000, output_tokens: M }, '2026-08-21', eu)).toBeCloseTo(
      16.775,
      12,
    );
    expect(usd('openai/gpt-4o', both, '2026-08-21', eu)).toBeNull();
    expect(usd('anthropic/claude-opus-4-8', both, '2026-08-21', { region: 'us' })).toBeCloseTo(33, 12);
  });
});

describe('what is no text token', () => {
  test('cached audio, image input and citations have their own prices', () => {
    expect(usd('google/gemini-2.5-flash', { audio_cache_read_tokens: 100_000 })).toBeCloseTo(0.01, 12);
    expect(usd('google/gemini-embedding-2', { image_input_tokens: M })).toBeCloseTo(0.45, 12);
    expect(usd('perplexity/sonar-deep-research', { citation_tokens: M })).toBe(2);
    expect(usd('google/gemini-2.5-flash', { audio_input_tokens: 1 })).toBeNull();
  });

  test('searches, storage and requests by search context', () => {
    expect(usd('anthropic/claude-opus-5', { web_searches: 1000 })).toBeCloseTo(10, 12);
    expect(usd('google/gemini-2.5-pro', { cache_storage_token_hours: M })).toBe(4.5);
    const sonar = (search_context: 'low' | 'medium' | 'high') =>
      usd('perplexity/sonar', { requests: 1000 }, undefined, { search_context });
    expect([sonar('low'), sonar('medium'), sonar('high')]).toEqual([5, 8, 12]);
  });
});
