import { expect, test } from 'vitest';
import { at, readFixture } from './read-fixture.ts';

const HEADER =
  'id,user_id,date,api_key,model,model_group,custom_llm_provider,mcp_namespaced_tool_name,endpoint,prompt_tokens,completion_tokens,cache_read_input_tokens,cache_creation_input_tokens,spend,api_requests,successful_requests,failed_requests,created_at,updated_at';

test('a day is a bucket of counted requests; cached tokens come out of prompt tokens', async () => {
  const reading = await readFixture(
    `${HEADER}\n` +
      'a,u1,2026-03-01,h,gpt-4o,fast,openai,,/chat/completions,100000,5000,40000,0,0.3,25,24,1,2026-03-01 01:02:03,\n' +
      'b,u1,2026-03-01T00:00:00.000Z,h,claude-sonnet-4-5,smart,vertex_ai,,,90000,100,50000,10000,1e-7,2,2,0,,\n' +
      'c,u2,2026-03-02,h,gpt-4o,fast,openai,,,0,0,0,0,0,0,0,0,,',
  );
  expect(reading.format).toBe('litellm-daily-spend');
  expect(reading.skipped).toEqual([{ reason: 'days without a request', rows: 1 }]);
  const day = { time_ms: at('2026-03-01'), until_ms: at('2026-03-02'), user: 'u1' };
  expect(reading.requests).toEqual([
    {
      ...day,
      requests: 25,
      seller: 'openai',
      model: 'gpt-4o',
      input_tokens: 60_000,
      cache_read_tokens: 40_000,
      output_tokens: 5000,
      billed_nano_usd: 300_000_000,
    },
    {
      ...day,
      requests: 2,
      seller: 'vertex_ai',
      model: 'claude-sonnet-4-5',
      input_tokens: 30_000,
      cache_read_tokens: 50_000,
      cache_write_5m_tokens: 10_000,
      output_tokens: 100,
      billed_nano_usd: 100,
    },
  ]);
});

test('a row with more cached than prompt tokens shows that they stand beside each other', async () => {
  const reading = await readFixture(
    `\uFEFF${HEADER}\r\na,u1,2026-03-01,h,claude-sonnet-4-5,,anthropic,,,1000,50,40000,3000,0.1,4,4,0,,\r\n`,
  );
  expect(reading.requests).toMatchObject([
    { input_tokens: 1000, cache_read_tokens: 40_000, cache_write_5m_tokens: 3000, requests: 4 },
  ]);
  expect(reading.reasons.at(-1)).toBe(
    'with more cached than prompt tokens in a row, so that prompt tokens are those not cached',
  );
});

test('a count that is no number rejects the row by name', async () => {
  const reading = await readFixture(`${HEADER}\na,u1,2026-03-01,h,gpt-4o,,openai,,,ten,50,0,0,0.1,4,4,0,,\n`);
  expect(reading.rejects).toMatchObject([
    { line: 2, reason: 'prompt_tokens: "ten" is not a whole number of 0 or more' },
  ]);
});
