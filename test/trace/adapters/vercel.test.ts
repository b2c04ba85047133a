import { expect, test } from 'vitest';
import { at, readFixture } from './read-fixture.ts';

const bucket = {
  day: '2026-01-15',
  model: 'anthropic/claude-sonnet-4.6',
  total_cost: 1240,
  market_cost: 1418,
  input_tokens: 4_200_000,
  output_tokens: 980_000,
  cached_input_tokens: 1_600_000,
  cache_creation_input_tokens: 380_000,
  reasoning_tokens: 520_000,
  request_count: 8400,
};

test('a report by day: buckets that count their requests, input with the cached tokens taken out', async () => {
  const reading = await readFixture(
    JSON.stringify({ results: [bucket, { ...bucket, total_cost: null, reasoning_tokens: 980_001 }] }),
  );
  expect(reading.format).toBe('vercel-report');
  expect(reading.requests).toEqual([
    {
      time_ms: at('2026-01-15'),
      until_ms: at('2026-01-16'),
      requests: 8400,
      model: 'anthropic/claude-sonnet-4.6',
      input_tokens: 2_220_000,
      cache_read_tokens: 1_600_000,
      cache_write_5m_tokens: 380_000,
      output_tokens: 460_000,
      reasoning_tokens: 520_000,
      billed_nano_usd: 1_240_000_000_000,
    },
  ]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'output_tokens 980000 is less than the 980001 reasoning tokens that it includes',
  ]);
});

test('a report by hour and by tag; more cached than input tokens in a row show that they stand beside', async () => {
  const { day, model, ...counts } = bucket;
  const reading = await readFixture(
    JSON.stringify({
      results: [{ ...counts, hour: '2026-01-15T13:00:00Z', tag: 'review', input_tokens: 100, reasoning_tokens: 0 }],
    }),
  );
  expect(day).not.toBe(model);
  expect(reading.format).toBe('vercel-report-hourly');
  expect(reading.requests).toMatchObject([
    {
      time_ms: at('2026-01-15T13:00:00Z'),
      until_ms: at('2026-01-15T14:00:00Z'),
      feature: 'review',
      input_tokens: 100,
      cache_read_tokens: 1_600_000,
    },
  ]);
  expect(reading.reasons.at(-1)).toBe(
    'with more cached than input tokens in a row, so that input is what was not cached',
  );
});

const generation = {
  id: 'gen_01',
  total_cost: 0.01,
  upstream_inference_cost: 0,
  usage: 0.01,
  created_at: '2026-01-15T13:00:00.5Z',
  model: 'openai/gpt-5',
  is_byok: false,
  provider_name: 'azure',
  streamed: true,
  finish_reason: 'stop',
  latency: 400,
  generation_time: 2000,
  native_tokens_prompt: 1000,
  native_tokens_completion: 200,
  native_tokens_reasoning: 50,
  native_tokens_cached: 600,
  native_tokens_cache_creation: 0,
  billable_web_search_calls: 2,
};

test('one generation: latency is the time to the first token; with an own key the provider is paid', async () => {
  const read = {
    time_ms: at('2026-01-15T13:00:00.500Z'),
    model: 'openai/gpt-5',
    input_tokens: 400,
    cache_read_tokens: 600,
    output_tokens: 150,
    reasoning_tokens: 50,
    web_searches: 2,
    latency_ms: 2000,
    ttft_ms: 400,
    billed_nano_usd: 10_000_000,
  };
  const one = await readFixture(JSON.stringify({ data: generation }));
  expect(one.format).toBe('vercel-generation');
  expect(one.requests).toEqual([read]);
  const own = await readFixture(
    JSON.stringify({ data: { ...generation, is_byok: true, total_cost: 0, upstream_inference_cost: 0.008 } }),
  );
  expect(own.requests).toEqual([{ ...read, billed_nano_usd: 8_000_000 }]);
});
