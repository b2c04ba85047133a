import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { promptTokens } from '../../src/meters.ts';
import { chargeReported } from '../../src/pricing/charge.ts';
import { decompose } from '../../src/pricing/decompose.ts';
import { priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { outages } from './small-book.ts';

const messages = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    return (error as InputError).diagnostics.map(({ code, path, message }) => `${code} ${path}: ${message}`);
  }
  return [];
};

describe('totals with their parts inside', () => {
  test('give every token once: cached audio is in the cached and in the audio tokens', () => {
    const counts = decompose('inclusive', {
      prompt_tokens: 1000,
      cached_tokens: 300,
      cache_write_tokens: 50,
      audio_prompt_tokens: 200,
      cached_audio_tokens: 80,
      image_prompt_tokens: 20,
      completion_tokens: 500,
      reasoning_tokens: 100,
      audio_completion_tokens: 40,
      image_completion_tokens: 10,
      citation_tokens: 5,
    });
    expect(counts).toMatchObject({
      input_tokens: 510,
      cache_read_tokens: 220,
      cache_write_5m_tokens: 50,
      cache_write_1h_tokens: 0,
      audio_input_tokens: 120,
      audio_cache_read_tokens: 80,
      image_input_tokens: 20,
      output_tokens: 345,
      reasoning_tokens: 100,
      audio_output_tokens: 40,
      image_output_tokens: 10,
      citation_tokens: 5,
    });
    expect(promptTokens(counts)).toBe(1000);
  });

  test('whose parts are more than the whole are refused, all at once, with both numbers', () => {
    const usage = { prompt_tokens: 100, cached_tokens: 150, completion_tokens: 10, reasoning_tokens: 11 };
    expect(messages(() => decompose('inclusive', usage))).toEqual([
      'USAGE_LEAF prompt_tokens: 100 is less than the 150 tokens inside it (cached_tokens 150)',
      'USAGE_LEAF completion_tokens: 10 is less than the 11 tokens inside it (reasoning_tokens 11)',
    ]);
    const audio = { prompt_tokens: 100, cached_tokens: 5, cached_audio_tokens: 6, completion_tokens: 0 };
    expect(messages(() => decompose('inclusive', audio))[0]).toContain('cached_tokens: 5 is less than the 6');
  });

  test('that are no counts are refused', () => {
    expect(messages(() => decompose('inclusive', { prompt_tokens: -1, completion_tokens: 0.5 }))).toHaveLength(2);
    expect(() => decompose('inclusive', { prompt_tokens: -1, completion_tokens: 0 })).toThrow(InputError);
  });
});

describe('counts beside each other', () => {
  const usage = { input_tokens: 7, cache_read_input_tokens: 90, cache_creation_input_tokens: 30, output_tokens: 3 };

  test('stay as they are; a write that is not split is one of five minutes', () => {
    expect(decompose('exclusive', usage)).toMatchObject({
      input_tokens: 7,
      cache_read_tokens: 90,
      cache_write_5m_tokens: 30,
      cache_write_1h_tokens: 0,
      output_tokens: 3,
    });
    const split = { ...usage, ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 };
    expect(decompose('exclusive', split)).toMatchObject({ cache_write_5m_tokens: 10, cache_write_1h_tokens: 20 });
  });

  test('whose split of writes is not their total are refused with both numbers', () => {
    const split = { ...usage, ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 25 };
    expect(messages(() => decompose('exclusive', split))[0]).toMatch(/35 tokens, their total is given as 30/);
    const hour = { ...usage, ephemeral_1h_input_tokens: 31 };
    expect(messages(() => decompose('exclusive', hour))[0]).toMatch(/31 tokens, their total is given as 30/);
  });
});

test('BerriAI/litellm#14849: 262,960 prompt tokens, 257,955 of them cached, cost 0.199894375 above the cliff', () => {
  const card = {
    model: 'm',
    source: 'test',
    as_of: '2025-09-01',
    confidence: 'high',
    periods: [
      {
        usd_per_mtok: { input: 1.25, cache_read: 0.31, output: 10 },
        cliffs: [{ prompt_tokens: 200_000, usd_per_mtok: { input: 2.5, cache_read: 0.625, output: 15 } }],
      },
    ],
  };
  const seller = sellerFile.parse({ seller: 'acme', name: 'Acme', cards: [card] });
  const book = priceBook({ sellers: [seller], gateways: [], outages, digest: '' });
  const usage = { prompt_tokens: 262_960, cached_tokens: 257_955, completion_tokens: 1744 };
  const route = { seller: 'acme', model: 'm', tier: 'standard' } as const;
  const { charge_usd, meters } = chargeReported(book, route, 'inclusive', usage, '2025-09-20');
  expect(charge_usd).toBeCloseTo(0.199894375, 12);
  expect(charge_usd).not.toBeCloseTo(0.764171, 4);
  expect(charge_usd).not.toBeCloseTo(0.184918, 4);
  expect(meters.map(({ quantity }) => quantity)).toEqual([5005, 257_955, 1744]);
});
