import { expect, test } from 'vitest';
import { recordsOf, unnest } from '../../src/trace/records.ts';

test('an object is a record, a list gives its items, and what is no object is counted', () => {
  expect(recordsOf({ input_tokens: 1 })).toEqual([{ input_tokens: 1 }]);
  expect(unnest([{ a: 1 }, 2, [{ a: 3 }], null])).toEqual({
    records: [{ a: 1 }, { a: 3 }],
    others: 2,
    has_more: false,
    is_envelope: true,
  });
  expect(unnest('text')).toMatchObject({ records: [], others: 1 });
});

test('OpenAI: a page of buckets of results gives a record for each result, with the times of its bucket', () => {
  const page = {
    object: 'page',
    data: [
      {
        object: 'bucket',
        start_time: 1730419200,
        end_time: 1730505600,
        results: [
          { object: 'organization.usage.completions.result', input_tokens: 5000, model: 'gpt-4o' },
          { object: 'organization.usage.completions.result', input_tokens: 7, model: null },
        ],
      },
      { object: 'bucket', start_time: 1730505600, end_time: 1730592000, results: [] },
    ],
    has_more: true,
    next_page: 'abc',
  };
  expect(unnest(page)).toEqual({
    records: [
      {
        object: 'organization.usage.completions.result',
        start_time: 1730419200,
        end_time: 1730505600,
        input_tokens: 5000,
        model: 'gpt-4o',
      },
      {
        object: 'organization.usage.completions.result',
        start_time: 1730419200,
        end_time: 1730505600,
        input_tokens: 7,
        model: null,
      },
    ],
    others: 0,
    has_more: true,
    is_envelope: true,
  });
});

test('Anthropic: buckets without results give no record', () => {
  const page = { data: [{ starting_at: '2026-08-01T00:00:00Z', ending_at: 'x', results: [] }], has_more: false };
  expect(unnest(page)).toEqual({ records: [], others: 0, has_more: false, is_envelope: true });
});

test('OpenTelemetry: spans have their attributes as an object, and those of their resource and scope', () => {
  const file = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'chat' } }] },
        scopeSpans: [
          {
            scope: { name: 'openai' },
            spans: [
              {
                spanId: 'a',
                startTimeUnixNano: '1772323200000000000',
                attributes: [
                  { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } },
                  { key: 'big', value: { intValue: '9223372036854775807' } },
                  { key: 'gen_ai.request.stream', value: { boolValue: true } },
                  { key: 't', value: { doubleValue: 0.5 } },
                  { key: 'l', value: { arrayValue: { values: [{ stringValue: 'stop' }] } } },
                  { key: 'm', value: { kvlistValue: { values: [{ key: 'k', value: { intValue: 1 } }] } } },
                ],
                events: [{ name: 'x' }],
              },
            ],
          },
        ],
      },
    ],
  };
  expect(recordsOf(file)).toEqual([
    {
      resource: { attributes: { 'service.name': 'chat' } },
      scope: { name: 'openai' },
      spanId: 'a',
      startTimeUnixNano: '1772323200000000000',
      attributes: {
        'gen_ai.usage.input_tokens': 12,
        big: '9223372036854775807',
        'gen_ai.request.stream': true,
        t: 0.5,
        l: ['stop'],
        m: { k: 1 },
      },
      events: [{ name: 'x' }],
    },
  ]);
});

test.each([
  ['Cloudflare', { success: true, errors: [], result: [{ tokens_in: 1 }], result_info: { page: 1 } }],
  ['Vercel', { results: [{ tokens_in: 1 }] }],
  ['Langfuse', { data: [{ tokens_in: 1 }], meta: { page: 1 } }],
  ['one generation', { data: { tokens_in: 1 } }],
  ['Elasticsearch', { took: 3, hits: { total: 1, hits: [{ _id: 'x', _score: 1, _source: { tokens_in: 1 } }] } }],
])('%s: the page is left behind', (_, page) => {
  expect(recordsOf(page)).toEqual([{ tokens_in: 1 }]);
});

test.each([
  ['an answer to an embedding request', { data: [{ embedding: [1] }], model: 'm', usage: { prompt_tokens: 3 } }],
  ['a request with an empty list', { input_tokens: 1, output_tokens: 2, logs: [] }],
  ['a request of Mooncake', { input_length: 1, items: [{ a: 1 }] }],
  ['a span with logs', { spanID: 'a', logs: [{ a: 1 }] }],
  ['a list of numbers', { rows: [1, 2] }],
  ['an object beside others', { data: { a: 1 }, time: 'x' }],
])('%s is a record as it stands', (_, record) => {
  expect(recordsOf(record)).toEqual([record]);
});

test('nesting without end is not followed', () => {
  let deep: unknown = { a: 1 };
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(unnest(deep)).toMatchObject({ records: [], others: 1 });
});
