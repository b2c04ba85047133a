import { expect, test } from 'vitest';
import { at, jsonLines, readFixture } from './read-fixture.ts';

const attributes = {
  duration: 1_500_000_000,
  metrics: {
    cache_read_input_tokens: 6000,
    cache_write_input_tokens: 3000,
    ephemeral_1h_input_tokens: 1000,
    ephemeral_5m_input_tokens: 2000,
    estimated_total_cost: 12_300_000,
    input_tokens: 10_000,
    non_cached_input_tokens: 1000,
    output_tokens: 500,
    reasoning_output_tokens: 120,
    total_tokens: 10_500,
    time_to_first_token: 0.25,
  },
  ml_app: 'weather-bot',
  model_name: 'claude-sonnet-4-5',
  model_provider: 'anthropic',
  name: 'messages.create',
  span_id: '1',
  span_kind: 'llm',
  start_ns: 1_772_357_400_123_456_800,
  status: 'ok',
  tags: ['env:prod'],
  trace_id: 't',
};

const read = {
  time_ms: at('2026-03-01T09:30:00.123Z'),
  seller: 'anthropic',
  model: 'claude-sonnet-4-5',
  input_tokens: 1000,
  cache_read_tokens: 6000,
  cache_write_5m_tokens: 2000,
  cache_write_1h_tokens: 1000,
  output_tokens: 380,
  reasoning_tokens: 120,
  feature: 'weather-bot',
  status: 200,
  ttft_ms: 250,
  billed_nano_usd: 12_300_000,
};

const span = (change: object = {}) => ({ id: '1', type: 'span', attributes: { ...attributes, ...change } });

test('an answer of the export interface: the spans of kind llm, with each kind of token once', async () => {
  const reading = await readFixture(
    JSON.stringify({
      data: [
        span(),
        span({ span_kind: 'agent' }),
        span({ span_kind: 'workflow' }),
        span({ status: 'error', metrics: { input_tokens: 0 }, model_provider: 'unknown' }),
        span({
          metrics: { input_tokens: 10, cache_write_input_tokens: 4, output_tokens: 1 },
          model_provider: 'amazon',
        }),
        span({ metrics: { input_tokens: 10, cache_read_input_tokens: 11, output_tokens: 1 } }),
        span({ status: 'late' }),
      ],
      meta: { elapsed: 336, status: 'done', page: null },
    }),
  );
  expect(reading.format).toBe('datadog-llm-observability');
  const { time_ms, model, feature } = read;
  expect(reading.requests).toEqual([
    read,
    { time_ms, model, feature, status: 500 },
    {
      time_ms,
      model,
      feature,
      seller: 'bedrock',
      status: 200,
      input_tokens: 6,
      cache_write_5m_tokens: 4,
      output_tokens: 1,
    },
  ]);
  expect(reading.skipped).toEqual([{ reason: 'spans around model calls, as workflows, agents and tools', rows: 2 }]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'input_tokens 10 is less than the 11 cache tokens that it includes',
    'attributes.status: "late" is not one of ok, error',
  ]);
});

test("spans as lines, with start_ns in milliseconds as in the documentation's example", async () => {
  const reading = await readFixture(jsonLines({ ...attributes, start_ns: 1_772_357_400_123 }));
  expect(reading.requests).toEqual([read]);
  expect(reading.reasons.at(-1)).toBe('with start_ns in milliseconds');
});

test('spans as the SDK sends them name kind and model under meta', async () => {
  const { span_kind, model_name, model_provider, ...rest } = attributes;
  const reading = await readFixture(
    jsonLines({ ...rest, meta: { 'span.kind': span_kind, model_name, model_provider } }),
  );
  expect(reading.requests).toEqual([read]);
});
