import { expect, test } from 'vitest';
import { at, jsonLines, readFixture } from './read-fixture.ts';

const record = {
  id: 'l1',
  trace_id: 't1',
  created_at: '2026-06-01T12:00:00.000Z',
  request: { messages: [{ role: 'user', content: 'hi' }] },
  response: {},
  ai_org: 'openai',
  ai_model: 'gpt-4o',
  req_units: 1200,
  res_units: 300,
  total_units: 1500,
  request_url: 'https://api.openai.com/v1/chat/completions',
  cost: 0.6,
  cost_currency: 'USD',
  response_time: 840,
  response_status_code: 200,
  prompt_slug: 'greeting',
  metadata: { _user: 'u1', env: 'prod' },
};

test('costs are in cents, so that 0.6 is six tenths of a cent', async () => {
  const reading = await readFixture(
    jsonLines(
      record,
      { ...record, cost: 0, cache_status: 'HIT' },
      { ...record, cost: 0, cache_status: 'SEMANTIC HIT' },
      {
        ...record,
        cost: null,
        cache_status: 'MISS',
        ai_org: 'bedrock',
        res_units: 0,
        response_status_code: 429,
        metadata: null,
      },
      { ...record, cost: '1.000000000000000000000000000000', is_success: false, response_status_code: null },
      { ...record, created_at: 'Mon Jun 01 2026' },
    ),
  );
  expect(reading.format).toBe('portkey-logs');
  const base = { time_ms: at('2026-06-01T12:00:00Z'), model: 'gpt-4o', input_tokens: 1200, latency_ms: 840 };
  expect(reading.requests).toEqual([
    {
      ...base,
      seller: 'openai',
      output_tokens: 300,
      feature: 'greeting',
      user: 'u1',
      status: 200,
      billed_nano_usd: 6_000_000,
    },
    { ...base, seller: 'bedrock', feature: 'greeting', status: 429 },
    {
      ...base,
      seller: 'openai',
      output_tokens: 300,
      feature: 'greeting',
      user: 'u1',
      status: 500,
      billed_nano_usd: 10_000_000,
    },
  ]);
  expect(reading.skipped).toEqual([
    { reason: "answered from the gateway's own cache, so that no provider was asked", rows: 2 },
  ]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'created_at: "Mon Jun 01 2026" is not a date and time such as 2026-03-01T09:30:00Z',
  ]);
});

test('the other names of the same page are read as well', async () => {
  const reading = await readFixture(
    jsonLines({
      created_at: '2026-06-01T14:00:00+02:00',
      ai_provider: 'azure-openai',
      ai_model: 'gpt-4o',
      request_tokens: 10,
      response_tokens: 5,
      status_code: 200,
      cost: 0.01,
    }),
  );
  expect(reading.requests).toEqual([
    {
      time_ms: at('2026-06-01T12:00:00Z'),
      seller: 'azure',
      model: 'gpt-4o',
      input_tokens: 10,
      output_tokens: 5,
      status: 200,
      billed_nano_usd: 100_000,
    },
  ]);
});
