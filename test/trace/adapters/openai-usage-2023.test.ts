import { expect, test } from 'vitest';
import { readText, utc } from './read-text.ts';

const row = {
  organization_id: 'org-dummy',
  organization_name: 'Personal',
  aggregation_timestamp: 1_730_696_460,
  n_requests: 3,
  operation: 'completion',
  snapshot_id: 'gpt-4o-2024-08-06',
  n_context_tokens_total: 118,
  n_generated_tokens_total: 35,
  email: 'someone@example.com',
  api_key_id: null,
  api_key_name: 'key',
  api_key_redacted: null,
  api_key_type: null,
  project_id: null,
  project_name: 'project',
  request_type: '',
  n_cached_context_tokens_total: 18,
};

test('a row is a minute of one model, with cached context taken out', async () => {
  const old = { aggregation_timestamp: 1_730_696_520, snapshot_id: 'gpt-4', n_context_tokens_total: 10 };
  const text = JSON.stringify({
    object: 'list',
    data: [row, { ...row, request_type: 'batch' }, { ...old, n_generated_tokens_total: 5 }],
    ft_data: [],
    dalle_api_data: [],
    whisper_api_data: [],
    current_usage_usd: 0,
  });
  const usual = {
    time_ms: utc('2024-11-04T05:01:00'),
    until_ms: utc('2024-11-04T05:02:00'),
    requests: 3,
    seller: 'openai',
    model: 'gpt-4o-2024-08-06',
    input_tokens: 100,
    cache_read_tokens: 18,
    output_tokens: 35,
    team: 'project',
    user: 'key',
  };
  expect(await readText(text)).toEqual({
    format: 'openai-usage-2023',
    requests: [
      usual,
      { ...usual, tier: 'batch' },
      {
        time_ms: utc('2024-11-04T05:02:00'),
        until_ms: utc('2024-11-04T05:03:00'),
        requests: undefined,
        seller: 'openai',
        model: 'gpt-4',
        input_tokens: 10,
        output_tokens: 5,
      },
    ],
    skipped: {},
    rejects: [],
    warnings: [],
  });
});

test('more cached context than context is a reject', async () => {
  const { rejects } = await readText(JSON.stringify({ data: [{ ...row, n_cached_context_tokens_total: 119 }] }));
  expect(rejects).toEqual([expect.stringContaining('input_tokens 118 is less than the 119 cache tokens')]);
});
