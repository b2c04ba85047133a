import { expect, test } from 'vitest';
import { at, jsonLines, quoted, readFixture } from './read-fixture.ts';

const HEADER =
  'response_id,response_created_at,response_status,request_created_at,request_body,request_properties,request_user_id,model,prompt_tokens,completion_tokens,latency,cost';

test('the CSV of the export tool: every cell quoted, JSON and line breaks in bodies, blank latency and cost', async () => {
  const reading = await readFixture(
    `${HEADER}\n` +
      `"r1","2026-05-01T10:00:02.000Z","200","2026-05-01T10:00:00.500Z",${quoted('{"messages":[{"content":"a, ""b""\nc"}]}')},${quoted({ App: 'x' })},"u1","gpt-4o","100","20",,\n` +
      `"r2","2026-05-01T10:00:02.000Z","-3","2026-05-01T10:00:00.500Z",,,,"gpt-4o","100","0","1500","0.00025"\n` +
      `"r3","2026-05-01T10:00:02.000Z","-2","2026-05-01T10:00:00.500Z",,,,"gpt-4o","0","0",,\n` +
      `"r4","2026-05-01T10:00:02.000Z","-9","2026-05-01T10:00:00.500Z",,,,"gpt-4o","0","0",,`,
  );
  expect(reading.format).toBe('helicone-export');
  const base = { time_ms: at('2026-05-01T10:00:00.500Z'), model: 'gpt-4o', input_tokens: 100 };
  expect(reading.requests).toEqual([
    { ...base, output_tokens: 20, user: 'u1', status: 200 },
    { ...base, status: 499, latency_ms: 1500, billed_nano_usd: 250_000 },
  ]);
  expect(reading.skipped).toEqual([{ reason: 'requests without an answer yet', rows: 1 }]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'response_status: "-9" is not a whole number of 0 or more',
  ]);
});

const record = {
  request_id: 'q1',
  request_created_at: '2026-05-01 10:00:00.500',
  request_user_id: null,
  request_model: 'claude-sonnet-4-5',
  model_override: null,
  provider: 'ANTHROPIC',
  response_created_at: '2026-05-01 10:00:02.000',
  response_status: 200,
  response_model: 'claude-sonnet-4-5-20250929',
  delay_ms: 1500,
  time_to_first_token: 300,
  total_tokens: 120,
  prompt_tokens: 100,
  prompt_cache_write_tokens: 2000,
  prompt_cache_read_tokens: 5000,
  completion_tokens: 20,
  costUSD: 0.0093,
  cache_reference_id: '00000000-0000-0000-0000-000000000000',
};

test('JSON lines: cached tokens stand beside prompt tokens, the model is that of the response', async () => {
  const reading = await readFixture(
    jsonLines(
      record,
      { ...record, cache_reference_id: '6d0b1a2c-0000-4000-8000-000000000001' },
      { ...record, response_model: null, provider: 'CUSTOM', response_status: 529, costUSD: null },
    ),
  );
  const base = {
    time_ms: at('2026-05-01T10:00:00.500Z'),
    input_tokens: 100,
    cache_read_tokens: 5000,
    cache_write_5m_tokens: 2000,
    output_tokens: 20,
    latency_ms: 1500,
    ttft_ms: 300,
  };
  expect(reading.requests).toEqual([
    {
      ...base,
      seller: 'ANTHROPIC',
      model: 'claude-sonnet-4-5-20250929',
      status: 200,
      billed_nano_usd: 9_300_000,
    },
    { ...base, model: 'claude-sonnet-4-5', status: 529 },
  ]);
  expect(reading.skipped).toEqual([
    { reason: "answered from the gateway's own cache, so that no provider was asked", rows: 1 },
  ]);
});

test('a cost that no request has in dollars is in billionths of one', async () => {
  const reading = await readFixture(jsonLines({ ...record, costUSD: undefined, cost: 9_300_000 }));
  expect(reading.requests).toMatchObject([{ billed_nano_usd: 9_300_000 }]);
  expect(reading.reasons.at(-1)).toBe('with a cost too high to be in dollars, so that it is in billionths of one');
});

test('the table of ClickHouse has its cost in billionths of a dollar', async () => {
  const reading = await readFixture(
    'response_id,response_created_at,latency,status,completion_tokens,prompt_tokens,prompt_cache_write_tokens,prompt_cache_read_tokens,model,request_id,request_created_at,user_id,provider,target_url,time_to_first_token,cost\r\n' +
      'r,2026-05-01 10:00:02,1500,200,20,100,0,50,gpt-4o-2024-08-06,q,2026-05-01 10:00:00,u9,OPENAI,https://api.openai.com,,275\r\n',
  );
  expect(reading.format).toBe('helicone-clickhouse');
  expect(reading.requests).toEqual([
    {
      time_ms: at('2026-05-01T10:00:00Z'),
      seller: 'OPENAI',
      model: 'gpt-4o-2024-08-06',
      input_tokens: 100,
      cache_read_tokens: 50,
      output_tokens: 20,
      user: 'u9',
      status: 200,
      latency_ms: 1500,
      billed_nano_usd: 275,
    },
  ]);
});
