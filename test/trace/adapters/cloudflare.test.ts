import { expect, test } from 'vitest';
import { at, readFixture } from './read-fixture.ts';

const log = {
  id: 'a',
  created_at: '2026-07-01T06:00:00.123Z',
  provider: 'google-ai-studio',
  model: 'gemini-2.5-flash',
  model_type: 'chat',
  path: 'v1beta/models',
  request_type: 'chat',
  status_code: 200,
  success: true,
  cached: false,
  tokens_in: 500,
  tokens_out: 50,
  cost: 0.000275,
  custom_cost: false,
  duration: 731,
  step: 0,
  metadata: { user: 7 },
};

test('an answer of the interface: cached answers are left out, failures stay with their status', async () => {
  const reading = await readFixture(
    JSON.stringify({
      result: [
        log,
        { ...log, cached: true, cost: 0 },
        { ...log, provider: 'compat', model: 'openai/gpt-4o', cost: null },
        { ...log, success: false, status_code: 503, tokens_in: 0, tokens_out: 0, cost: 0 },
        { ...log, success: false, status_code: null, provider: 'workers-ai' },
        { ...log, duration: 'long' },
      ],
      result_info: { count: 6, page: 1, per_page: 50, total_count: 6 },
      success: true,
      errors: [],
      messages: [],
    }),
  );
  expect(reading.format).toBe('cloudflare-ai-gateway');
  const base = { time_ms: at('2026-07-01T06:00:00.123Z'), model: 'gemini-2.5-flash', latency_ms: 731 };
  const tokens = { input_tokens: 500, output_tokens: 50 };
  expect(reading.requests).toEqual([
    { ...base, ...tokens, seller: 'google', status: 200, billed_nano_usd: 275_000 },
    { ...base, ...tokens, model: 'openai/gpt-4o', status: 200 },
    { ...base, seller: 'google', status: 503, billed_nano_usd: 0 },
    { ...base, ...tokens, seller: 'workers-ai', status: 500, billed_nano_usd: 275_000 },
  ]);
  expect(reading.skipped).toEqual([
    { reason: "answered from the gateway's own cache, so that no provider was asked", rows: 1 },
  ]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual(['duration: "long" is not a number of 0 or more']);
});

test('a CSV of the same columns in UTF-16, as a spreadsheet writes it', async () => {
  const names = [
    'created_at',
    'provider',
    'model',
    'status_code',
    'success',
    'cached',
    'tokens_in',
    'tokens_out',
    'cost',
  ];
  const text = `\uFEFF${names.join(',')}\r\n2026-07-01T06:00:00Z,openai,gpt-4o,200,true,FALSE,500,50,0.000275\r\n`;
  const reading = await readFixture(Buffer.from(text, 'utf16le'));
  expect(reading.requests).toEqual([
    {
      time_ms: at('2026-07-01T06:00:00Z'),
      seller: 'openai',
      model: 'gpt-4o',
      input_tokens: 500,
      output_tokens: 50,
      status: 200,
      billed_nano_usd: 275_000,
    },
  ]);
});
