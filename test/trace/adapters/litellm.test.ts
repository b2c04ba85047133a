import { expect, test } from 'vitest';
import { at, jsonLines, quoted, readFixture, readsNumbersInCells } from './read-fixture.ts';

const HEADER =
  'request_id,call_type,api_key,spend,total_tokens,prompt_tokens,completion_tokens,startTime,endTime,request_duration_ms,completionStartTime,model,model_id,model_group,custom_llm_provider,api_base,user,metadata,cache_hit,cache_key,request_tags,team_id,organization_id,end_user,requester_ip_address,messages,response,session_id,status';

const row = (cells: Readonly<Record<string, string>>): string =>
  HEADER.split(',')
    .map((name) => cells[name] ?? '')
    .join(',');

const anthropic = row({
  request_id: 'chatcmpl-1',
  call_type: 'acompletion',
  spend: '0.0123456789',
  total_tokens: '10500',
  prompt_tokens: '10000',
  completion_tokens: '500',
  startTime: '2026-03-01 09:30:00.123',
  endTime: '2026-03-01 09:30:02',
  request_duration_ms: '1877',
  model: 'claude-sonnet-4-5-20250929',
  custom_llm_provider: 'anthropic',
  user: 'key-owner',
  metadata: quoted({
    status: 'success',
    usage_object: {
      prompt_tokens: 10000,
      prompt_tokens_details: {
        cached_tokens: 6000,
        audio_tokens: null,
        cache_creation_tokens: 3000,
        cache_creation_token_details: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 1000 },
      },
      completion_tokens_details: { reasoning_tokens: 120, text_tokens: 380 },
      cache_creation_input_tokens: 3000,
      cache_read_input_tokens: 6000,
    },
  }),
  cache_hit: 'False',
  request_tags: quoted('["support, eu"]'),
  team_id: 'team-1',
  end_user: 'customer-7',
  status: 'success',
});

test.skipIf(!readsNumbersInCells)(
  'spend logs as CSV: cached and reasoning tokens come out of the JSON of metadata, exclusive',
  async () => {
    const reading = await readFixture(`\uFEFF${HEADER}\r\n${anthropic}`);
    expect(reading.format).toBe('litellm-spend-logs');
    expect(reading.rejects).toEqual([]);
    expect(reading.warnings).toEqual([]);
    expect(reading.requests).toEqual([
      {
        time_ms: at('2026-03-01T09:30:00.123Z'),
        seller: 'anthropic',
        model: 'claude-sonnet-4-5-20250929',
        input_tokens: 1000,
        cache_read_tokens: 6000,
        cache_write_5m_tokens: 2000,
        cache_write_1h_tokens: 1000,
        output_tokens: 380,
        reasoning_tokens: 120,
        feature: '["support, eu"]',
        user: 'customer-7',
        team: 'team-1',
        status: 200,
        latency_ms: 1877,
        billed_nano_usd: 12_345_679,
      },
    ]);
  },
);

const call = {
  request_id: 'chatcmpl-2',
  call_type: 'acompletion',
  spend: 0.002,
  total_tokens: 1100,
  prompt_tokens: 1000,
  completion_tokens: 100,
  startTime: '2026-03-01T09:30:00.123000+00:00',
  endTime: '2026-03-01T09:30:01.5Z',
  model: 'gpt-4o',
  custom_llm_provider: 'azure',
  user: '',
  end_user: null,
  metadata: { additional_usage_values: { prompt_tokens_details: { cached_tokens: 400 } } },
  cache_hit: 'False',
  request_tags: ['a', 'b'],
  status: 'success',
};

test('spend logs as JSON: hits of the response cache and calls of tools are left out, failures stay', async () => {
  const reading = await readFixture(
    JSON.stringify([
      call,
      { ...call, cache_hit: 'True', spend: 0 },
      { ...call, call_type: 'call_mcp_tool', prompt_tokens: 0, completion_tokens: 0, spend: 0 },
      {
        ...call,
        startTime: '2026-03-01T11:30:05+02:00',
        spend: 0,
        prompt_tokens: 0,
        completion_tokens: 0,
        custom_llm_provider: '',
        metadata: { error_information: { error_code: '429', error_class: 'RateLimitError' } },
        status: 'failure',
      },
      { ...call, status: 'failure', prompt_tokens: 7, completion_tokens: 0, metadata: {}, spend: null },
      { ...call, metadata: { usage_object: { prompt_tokens_details: { cached_tokens: 1001 } } } },
    ]),
  );
  expect(reading.skipped).toEqual([
    { reason: "answered from the gateway's own cache, so that no provider was asked", rows: 1 },
    { reason: 'calls of tools, not of models', rows: 1 },
  ]);
  const base = { time_ms: at('2026-03-01T09:30:00.123Z'), seller: 'azure', model: 'gpt-4o' };
  expect(reading.requests).toEqual([
    { ...base, input_tokens: 600, cache_read_tokens: 400, output_tokens: 100, status: 200, billed_nano_usd: 2_000_000 },
    { time_ms: at('2026-03-01T09:30:05Z'), model: 'gpt-4o', status: 429, billed_nano_usd: 0 },
    { ...base, input_tokens: 7, status: 500 },
  ]);
  expect(reading.rejects.map(({ reason }) => reason)).toEqual([
    'input_tokens 1000 is less than the 1001 cache and audio tokens that it includes',
  ]);
});

test('where the model names the provider too, the model alone says who sells it', async () => {
  const reading = await readFixture(
    jsonLines(
      { ...call, metadata: {}, model: 'bedrock/us.anthropic.claude-sonnet-4', custom_llm_provider: 'bedrock' },
      { ...call, metadata: {}, model: 'gpt-4o', custom_llm_provider: 'openai' },
    ),
  );
  expect(reading.requests.map(({ seller, model }) => [seller, model])).toEqual([
    [undefined, 'bedrock/us.anthropic.claude-sonnet-4'],
    [undefined, 'gpt-4o'],
  ]);
  expect(reading.reasons.at(-1)).toBe('models are written with the provider in front, which names the seller');
});

test('the batch that a retrieval logs is of the batch tier; a word for a seller that is not known stays', async () => {
  const reading = await readFixture(
    jsonLines({ ...call, metadata: {}, call_type: 'aretrieve_batch', custom_llm_provider: 'my_host' }),
  );
  expect(reading.requests).toMatchObject([{ tier: 'batch', seller: 'my_host' }]);
});

test('a row that cannot be read is told by the name of its column', async () => {
  const reading = await readFixture(
    jsonLines(
      call,
      { ...call, startTime: 'yesterday' },
      { ...call, status: 'maybe' },
      { ...call, prompt_tokens: null },
      { ...call, spend: 'n/a' },
    ),
  );
  expect(reading.rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'startTime: "yesterday" is not a date and time such as 2026-03-01T09:30:00Z'],
    [3, 'status: "maybe" is not one of success, failure'],
    [4, 'prompt_tokens is empty'],
    [5, 'spend: "n/a" is not an amount of money'],
  ]);
});
