/** The prices that come with the project: the cases that other price books get wrong. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readPriceBook } from '../../src/io/read-price-book.ts';
import type { ServiceTier, TokenMeter } from '../../src/meters.ts';
import { bandEdges } from '../../src/pricing/bands.ts';
import { type ChargedCounts, charge } from '../../src/pricing/charge.ts';
import { outagesOf, type PriceBook } from '../../src/pricing/price-book.ts';
import { priceSeries } from '../../src/pricing/price-series.ts';
import { resolveModel } from '../../src/pricing/resolve.ts';
import { unitPrice } from '../../src/pricing/unit-price.ts';
import { sum } from '../../src/units.ts';

let book: PriceBook;
beforeAll(async () => {
  book = await readPriceBook();
});

const routeOf = (name: string, tier: ServiceTier = 'standard') => {
  const found = resolveModel(book, name);
  if ('unknown' in found) throw new Error(`${name} is unknown`);
  return { ...found, tier };
};
const usdOf = (name: string, counts: ChargedCounts, at: string, tier?: ServiceTier) =>
  charge(book, routeOf(name, tier), counts, at).charge_usd;
const pricesAt = (name: string, on: string, band_from_tokens = 0, announced = false) =>
  (['input_tokens', 'output_tokens'] as const).map((meter: TokenMeter) => {
    const price = unitPrice(book, { ...routeOf(name), band_from_tokens }, meter, on, { announced });
    return 'unpriced' in price ? null : price.usd_per_mtok;
  });

test('it holds 268 cards of 20 sellers and of one’s own machine, and 15 gateways', () => {
  expect(book.sellers.size).toBe(21);
  expect([...book.sellers.values()].flatMap((file) => file.cards)).toHaveLength(268);
  expect(book.gateways.size).toBe(15);
  expect(book.newest_on).toBe('2026-09-18');
});

describe('dated prices', () => {
  test('o3 before and from the cut of 2025-06-10', () => {
    expect(pricesAt('openai/o3', '2025-06-09')).toEqual([10, 40]);
    expect(pricesAt('openai/o3', '2025-06-10')).toEqual([2, 8]);
    expect(pricesAt('openai/o3', '2025-04-15')).toEqual([null, null]);
  });

  test('gpt-5.6-luna before and from 2026-07-30, cliff and cache write included', () => {
    expect(pricesAt('openai/gpt-5.6-luna', '2026-07-29')).toEqual([1, 6]);
    expect(pricesAt('openai/gpt-5.6-luna', '2026-07-30')).toEqual([0.2, 1.2]);
    expect(pricesAt('openai/gpt-5.6-luna', '2026-07-29', 272_001)).toEqual([2, 9]);
    expect(pricesAt('openai/gpt-5.6-luna', '2026-07-30', 272_001)).toEqual([0.4, 1.8]);
  });

  test('the rise of Claude Sonnet 5 that was called off never comes', () => {
    expect(pricesAt('anthropic/claude-sonnet-5', '2026-09-01')).toEqual([2, 10]);
    expect(pricesAt('anthropic/claude-sonnet-5', '2027-09-01', 0, true)).toEqual([2, 10]);
  });

  test('Gemini 3.6 Flash doubles in 2027 only where announced prices are asked for', () => {
    const { seller, model } = routeOf('google/gemini-3.6-flash');
    const cell = { seller, model, tier: 'standard', band_from_tokens: 0 } as const;
    const now = priceSeries(book, cell, 'input_tokens', '2026-11', 4);
    expect(now).toMatchObject({ usd_per_mtok: [0.75, 0.75, 0.75, 0.75] });
    expect('warnings' in now && now.warnings[0]?.message).toContain('announced from 2027-01-01: input 1.5');
    expect(priceSeries(book, cell, 'input_tokens', '2026-11', 4, { announced: true })).toMatchObject({
      usd_per_mtok: [0.75, 0.75, 1.5, 1.5],
    });
  });

  test('deepseek-chat named four models, each at its own price', () => {
    const dates = ['2025-02-07', '2025-02-08', '2025-09-29', '2026-04-01'];
    expect(dates.map((on) => pricesAt('deepseek/deepseek-chat', on)[0])).toEqual([0.14, 0.27, 0.28, 0.14]);
  });
});

describe('cliffs', () => {
  test('Grok pays the higher price from exactly 128,000 tokens on', () => {
    expect(bandEdges(book, 'xai', 'grok-4')).toEqual([128_000]);
    expect(usdOf('xai/grok-4', { input_tokens: 127_999 }, '2026-08-21')).toBeCloseTo(0.383997, 12);
    expect(usdOf('xai/grok-4', { input_tokens: 128_000 }, '2026-08-21')).toBeCloseTo(0.768, 12);
  });

  test('claude-sonnet-4-5 costs 3/15 up to 200,000 tokens and 6/22.5 above', () => {
    const at = '2026-08-21';
    const counts = { input_tokens: 200_000, output_tokens: 1000 };
    expect(usdOf('anthropic/claude-sonnet-4-5', counts, at)).toBeCloseTo(0.615, 12);
    expect(usdOf('anthropic/claude-sonnet-4-5', { ...counts, input_tokens: 250_000 }, at)).toBeCloseTo(1.5225, 12);
    expect(usdOf('anthropic/claude-sonnet-4-5', { ...counts, input_tokens: 250_000 }, at, 'batch')).toBeNull();
  });

  test('a cliff whose prices are not known leaves longer prompts unpriced', () => {
    expect(pricesAt('azure/gpt-5.6-luna', '2026-08-21')).toEqual([0.2, 1.2]);
    expect(pricesAt('azure/gpt-5.6-luna', '2026-08-21', 272_001)).toEqual([null, null]);
    expect(pricesAt('openai/gpt-5.6-sol', '2026-08-01', 272_001)).toEqual([null, null]);
  });
});

test('DeepSeek costs twice as much in its peak hours', () => {
  const counts = { input_tokens: 1_000_000, output_tokens: 1_000_000 };
  expect(usdOf('deepseek/deepseek-v4-pro', counts, '2026-11-20T02:30Z')).toBeCloseTo(5.28, 12);
  expect(usdOf('deepseek/deepseek-v4-pro', counts, '2026-11-20T05:00Z')).toBeCloseTo(2.64, 12);
  expect(usdOf('deepseek/deepseek-v4-pro', counts, '2026-11-21T02:30Z')).toBeCloseTo(2.64, 12);
  expect(usdOf('deepseek/deepseek-v4-flash', counts, '2026-08-20T02:30Z')).toBeCloseTo(1.76, 12);
});

test('batch costs half', () => {
  const counts = { input_tokens: 1_000_000, output_tokens: 100_000 };
  expect(usdOf('openai/gpt-4o', counts, '2026-08-21')).toBeCloseTo(3.5, 12);
  expect(usdOf('openai/gpt-4o', counts, '2026-08-21', 'batch')).toBeCloseTo(1.75, 12);
});

test('embeddings sell no output, rerankers sell queries, free models cost 0', () => {
  expect(usdOf('openai/text-embedding-3-small', { input_tokens: 1_000_000 }, '2026-08-21')).toBeCloseTo(0.02, 12);
  expect(usdOf('openai/text-embedding-3-small', { output_tokens: 1 }, '2026-08-21')).toBeNull();
  expect(usdOf('cohere/rerank-v3.5', { rerank_queries: 1000 }, '2026-08-21')).toBeCloseTo(2, 12);
  expect(usdOf('cohere/rerank-v3.5', { requests: 1000 }, '2026-08-21')).toBeNull();
  expect(usdOf('zai/glm-4.5-flash', { input_tokens: 1000, output_tokens: 1000 }, '2026-08-21')).toBe(0);
});

test('one model has different prices at different sellers; without a seller it is that of its maker, and the answer says so', () => {
  expect(pricesAt('fireworks/deepseek-v4-pro', '2026-09-18')).toEqual([1.74, 3.48]);
  expect(pricesAt('deepseek/deepseek-v4-pro', '2026-09-18')).toEqual([0.66, 1.98]);
  expect(resolveModel(book, 'deepseek-v4-pro')).toMatchObject({ seller: 'deepseek', rule: 'first_party' });
});

test('every listed price is 0 only where the model is free', () => {
  const zeros = [...book.sellers.values()].flatMap((file) =>
    file.cards
      .filter((card) => card.periods.some((period) => Object.values(period.usd_per_mtok).includes(0)))
      .map((card) => `${file.seller}/${card.model}`),
  );
  const isLocal = (name: string): boolean => name.startsWith('ollama/');
  expect(zeros.filter(isLocal)).toHaveLength(8);
  expect(zeros.filter((name) => !isLocal(name))).toEqual(['zai/glm-4.5-flash', 'zai/glm-4.7-flash']);
});

test('every cached read costs less than the input that it saves', () => {
  for (const file of book.sellers.values()) {
    for (const card of file.cards) {
      for (const { usd_per_mtok: prices } of card.periods) {
        if (prices.cache_read === undefined || prices.cache_read === 0) continue;
        expect(prices.cache_read, `${file.seller}/${card.model}`).toBeLessThan(prices.input ?? 0);
      }
    }
  }
});

describe('gateways', () => {
  test('fees are those of the schedules', () => {
    const { credit_purchase, byok } = book.gateways.get('openrouter')?.fees ?? {};
    expect(credit_purchase?.fee.central).toBeCloseTo(0.055, 12);
    expect(credit_purchase?.minimum_usd).toBe(0.8);
    expect(byok).toMatchObject({ free_requests_per_month: 1_000_000, fee: { central: 0.05 } });
    expect(book.gateways.get('requesty')?.fees.token_markup?.central).toBeCloseTo(0.05, 12);
    expect(book.gateways.get('kong')?.fees.per_model?.central).toBe(100);
  });

  test('a plan that is the default exists', () => {
    for (const { gateway, fees } of book.gateways.values()) {
      if (fees.plans.length === 0) continue;
      expect(
        fees.plans.map((plan) => plan.id),
        gateway,
      ).toContain(fees.default_plan);
    }
  });

  test('running LiteLLM oneself stays within the sourced 200 to 800 USD a month', () => {
    const hosting = book.gateways.get('litellm')?.self_hosting;
    const ends = (end: 'p5' | 'p95') =>
      [hosting?.replica, hosting?.data_stores].map((part) =>
        part?.spec.is === 'lognormal' ? part.spec[end] : Number.NaN,
      );
    const total = (end: 'p5' | 'p95') => {
      const [replica = 0, stores = 0] = ends(end);
      return (hosting?.min_replicas ?? 0) * replica + stores;
    };
    expect([total('p5'), total('p95')]).toEqual([200, 800]);
  });

  test('a gateway of which nothing is known claims nothing', () => {
    expect(book.gateways.get('openllmapi')).toMatchObject({ confidence: 'none', capabilities: {}, sources: [] });
  });

  test('the known outages of OpenRouter are 253 minutes in 11 months', () => {
    expect(book.gateways.get('openrouter')?.downtime?.central).toBeCloseTo(253 / 60 / (11 * 730), 6);
  });
});

describe('the outage history', () => {
  const solve = (raw: number, scaled: number) => {
    const full = (scaled - 0.3 * raw) / 0.7;
    const perMonth = (minutes: number) => (minutes / 60 / (366 * 24)) * 730;
    return { full: perMonth(full), partial: perMonth(raw - full) };
  };
  const close = (found: number | undefined, wanted: number) => expect(found).toBeCloseTo(wanted, 3);

  test('of OpenAI and Anthropic is what the published minutes give', () => {
    const openai = outagesOf(book, 'openai').hours_per_month;
    const wanted = solve(2733, 1063.5);
    close(openai.full, wanted.full);
    close(openai.partial, wanted.partial);
    close(openai.full + openai.partial + openai.degraded, 0.035 * 730);
    const anthropic = outagesOf(book, 'anthropic').hours_per_month;
    close(anthropic.full, 0);
    close(anthropic.partial, solve(1643, 492.9).partial);
    close(anthropic.full + anthropic.partial + anthropic.degraded, 0.02 * 730);
  });

  test('of DeepSeek is what the graded availabilities give', () => {
    const { full, partial, degraded } = outagesOf(book, 'deepseek').hours_per_month;
    close(full, (1 - 0.99974) * 730);
    close(full + partial, (1 - 0.99834) * 730);
    close(full + partial + degraded, (1 - 0.99718) * 730);
  });

  test('is pooled as the plain mean for everybody else', () => {
    const { services, pooled } = book.outages;
    const mean = (values: number[]) => sum(values) / values.length;
    for (const severity of ['full', 'partial', 'degraded'] as const) {
      close(pooled.hours_per_month[severity], mean(services.map((service) => service.hours_per_month[severity])));
    }
    for (const key of ['incidents_per_month', 'mean_hours_per_incident', 'duration_sigma', 'gap_cv'] as const) {
      close(pooled[key], mean(services.map((service) => service[key])));
    }
    expect(outagesOf(book, 'groq').pooled).toBe(true);
    expect(outagesOf(book, 'openai').pooled).toBe(false);
  });
});
