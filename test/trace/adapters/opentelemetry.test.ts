import { expect, test } from 'vitest';
import { at, jsonLines, readFixture } from './read-fixture.ts';

const value = (of: unknown) =>
  typeof of === 'number'
    ? Number.isInteger(of)
      ? { intValue: String(of) }
      : { doubleValue: of }
    : { stringValue: of };
const list = (attributes: object) => Object.entries(attributes).map(([key, of]) => ({ key, value: value(of) }));
const span = (attributes: object, more: object = {}) => ({
  traceId: 't',
  spanId: 's',
  name: 'chat gpt-4o',
  kind: 3,
  startTimeUnixNano: '1772357400123456789',
  endTimeUnixNano: '1772357402123456789',
  attributes: list(attributes),
  status: {},
  ...more,
});

const call = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'azure.ai.openai',
  'gen_ai.request.model': 'my-deployment',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.time_to_first_chunk': 0.25,
  'gen_ai.usage.input_tokens': 10_000,
  'gen_ai.usage.cache_read.input_tokens': 6000,
  'gen_ai.usage.cache_creation.input_tokens': 3000,
  'gen_ai.usage.output_tokens': 500,
  'gen_ai.usage.reasoning.output_tokens': 120,
  'user.id': 'u1',
};

const read = {
  time_ms: at('2026-03-01T09:30:00.123Z'),
  seller: 'azure',
  model: 'gpt-4o-2024-08-06',
  input_tokens: 1000,
  cache_read_tokens: 6000,
  cache_write_5m_tokens: 3000,
  output_tokens: 380,
  reasoning_tokens: 120,
  feature: 'chatbot',
  user: 'u1',
  ttft_ms: 250,
};

test('OTLP JSON: of nested spans only model calls count, the agent around them repeats their usage', async () => {
  const { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output, ...failed } = call;
  const reading = await readFixture(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: list({ 'service.name': 'chatbot' }) },
          scopeSpans: [
            {
              scope: { name: 'opentelemetry.instrumentation.openai' },
              spans: [
                span({ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': input }),
                span(call),
                span({ 'gen_ai.operation.name': 'execute_tool' }),
                span({ 'http.request.method': 'POST', 'error.type': '500' }),
                span({ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' }),
                span(
                  {
                    ...failed,
                    'gen_ai.usage.cache_read.input_tokens': 0,
                    'gen_ai.usage.cache_creation.input_tokens': 0,
                    'gen_ai.usage.reasoning.output_tokens': 0,
                    'error.type': 'RateLimitError',
                  },
                  { status: { code: 2 } },
                ),
                span({
                  'gen_ai.operation.name': 'embeddings',
                  'gen_ai.request.model': 'text-embedding-3-small',
                  'gen_ai.system': 'openai',
                  'gen_ai.usage.input_tokens': 9,
                  'error.type': '429',
                }),
              ],
            },
          ],
        },
      ],
    }),
  );
  expect(output).toBe(500);
  expect(reading.format).toBe('opentelemetry-genai');
  expect(reading.rejects).toEqual([]);
  const { time_ms, feature } = read;
  expect(reading.requests).toEqual([
    read,
    { time_ms, feature, seller: 'azure', model: 'gpt-4o-2024-08-06', user: 'u1', ttft_ms: 250, status: 500 },
    { time_ms, feature, seller: 'openai', model: 'text-embedding-3-small', input_tokens: 9, status: 429 },
  ]);
  expect(reading.skipped).toEqual([
    { reason: 'spans around model calls, as agents and tools, which repeat their usage', rows: 2 },
    { reason: 'spans without token counts', rows: 2 },
  ]);
});

test('lines with attributes in an object, or with flat names, mean the same', async () => {
  const inside = await readFixture(jsonLines({ start_time: '2026-03-01T10:30:00.123456+01:00', attributes: call }));
  const flat = await readFixture(
    jsonLines({ timestamp: '2026-03-01T09:30:00.123Z', ...call, 'service.name': 'chatbot' }),
  );
  const { feature, ...unnamed } = read;
  expect(inside.requests).toEqual([unnamed]);
  expect(flat.requests).toEqual([{ ...unnamed, feature }]);
});

test('more cached than input tokens in a span show an instrumentation that reports what was not cached', async () => {
  const reading = await readFixture(
    jsonLines({
      start_time: '2026-03-01T09:30:00.123Z',
      attributes: {
        'gen_ai.system': 'anthropic',
        'gen_ai.request.model': 'claude-sonnet-4-5',
        'gen_ai.usage.prompt_tokens': 100,
        'gen_ai.usage.completion_tokens': 20,
        'gen_ai.usage.cache_read_input_tokens': 5000,
        'gen_ai.usage.cache_creation_input_tokens': 700,
      },
    }),
  );
  expect(reading.requests).toEqual([
    {
      time_ms: read.time_ms,
      seller: 'anthropic',
      model: 'claude-sonnet-4-5',
      input_tokens: 100,
      cache_read_tokens: 5000,
      cache_write_5m_tokens: 700,
      output_tokens: 20,
    },
  ]);
  expect(reading.reasons.at(-1)).toBe(
    'with more cached than input tokens in a span, so that input is what was not cached',
  );
});

test('a span that cannot be read is told by the name of its attribute', async () => {
  const reading = await readFixture(
    jsonLines(
      { start_time: '2026-03-01T09:30:00Z', attributes: call },
      { start_time: '2026-03-01', attributes: call },
      { start_time: '2026-03-01T09:30:00Z', attributes: { ...call, 'gen_ai.usage.output_tokens': -1 } },
    ),
  );
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'start_time: "2026-03-01" is not a date and time such as 2026-03-01T09:30:00Z',
    'attributes.gen_ai.usage.output_tokens: "-1" is not a whole number of 0 or more',
  ]);
});
