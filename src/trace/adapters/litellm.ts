/**
 * LiteLLM's table LiteLLM_SpendLogs: one row per request, as CSV from Postgres or as JSON from `GET /spend/logs`.
 *
 * prompt_tokens include tokens read from and written to the cache (Anthropic's are added to them when they are read);
 * their detail stands in the JSON of `metadata` alone, in `usage_object`, and in older versions in
 * `additional_usage_values`. spend is LiteLLM's own estimate. A row with cache_hit "True" asked no provider. Behind its
 * router, `model` may be the deployment, "bedrock/us.anthropic...": a dialect, in which the model names the seller.
 * Not read: time to first token (a difference of two columns) and, from JSON, request_tags.
 *
 * Source: https://github.com/BerriAI/litellm, schema.prisma @ 029f645f, proxy/spend_tracking/spend_tracking_utils.py and
 * llms/anthropic/chat/transformation.py @ 00907c60. Keys inside usage_object: read there and in public logs.
 */
import type { Adapter, ColumnRule, Dialect } from '../adapter.ts';
import { anyOf, ERROR_CODES, SELLER_WORDS, SERVED_FROM_CACHE } from './gateway-words.ts';

const USAGE = 'metadata.usage_object';
const MORE = 'metadata.additional_usage_values';
const inDetails = (side: 'prompt' | 'completion', key: string): string[] =>
  [USAGE, MORE].map((object) => `${object}.${side}_tokens_details.${key}`);
const TTL = 'cache_creation_token_details.ephemeral';
const count = { cast: 'integer' } as const;

export const LITELLM_SELLER: ColumnRule = {
  field: 'seller',
  from: ['custom_llm_provider'],
  cast: 'text',
  values: SELLER_WORDS,
};

const rules: readonly ColumnRule[] = [
  { field: 'time_ms', from: ['startTime'], cast: 'instant', unit: 'iso', required: true },
  LITELLM_SELLER,
  { field: 'model', from: ['model'], cast: 'text' },
  {
    field: 'tier',
    from: ['call_type'],
    cast: 'enum',
    values: { aretrieve_batch: 'batch', retrieve_batch: 'batch' },
    when: { column: ['call_type'], is: ['aretrieve_batch', 'retrieve_batch'] },
  },
  { field: 'input_tokens', from: ['prompt_tokens'], cast: 'integer', required: true },
  ...anyOf(
    'cache_read_tokens',
    [...inDetails('prompt', 'cached_tokens'), `${USAGE}.cache_read_input_tokens`, `${MORE}.cache_read_input_tokens`],
    count,
  ),
  ...anyOf(
    'cache_write_5m_tokens',
    [
      ...inDetails('prompt', `${TTL}_5m_input_tokens`),
      ...inDetails('prompt', 'cache_creation_tokens'),
      `${USAGE}.cache_creation_input_tokens`,
      `${MORE}.cache_creation_input_tokens`,
    ],
    count,
  ),
  ...anyOf('cache_write_1h_tokens', inDetails('prompt', `${TTL}_1h_input_tokens`), count),
  ...anyOf('audio_input_tokens', inDetails('prompt', 'audio_tokens'), count),
  { field: 'output_tokens', from: ['completion_tokens'], cast: 'integer', required: true },
  ...anyOf('reasoning_tokens', inDetails('completion', 'reasoning_tokens'), count),
  ...anyOf('audio_output_tokens', inDetails('completion', 'audio_tokens'), count),
  ...anyOf('image_output_tokens', inDetails('completion', 'image_tokens'), count),
  // A list in JSON is no label; its text in a CSV is.
  { field: 'feature', from: ['request_tags'], cast: 'text', when: { column: ['request_tags'], is_not: ['', '[]'] } },
  ...anyOf('user', ['end_user', 'user'], { cast: 'text' }),
  { field: 'team', from: ['team_id'], cast: 'text' },
  { field: 'agent', from: ['agent_id'], cast: 'text' },
  {
    field: 'status',
    from: ['status'],
    cast: 'enum',
    values: { success: 200, failure: 500 },
    when: { column: ['status'], is_not: [''] },
  },
  {
    field: 'status',
    from: ['metadata.error_information.error_code'],
    cast: 'integer',
    when: { column: ['metadata.error_information.error_code'], is: ERROR_CODES },
  },
  { field: 'latency_ms', from: ['request_duration_ms'], cast: 'decimal', unit: 'ms' },
  { field: 'billed_nano_usd', from: ['spend'], cast: 'money', unit: 'usd' },
];

export const MODEL_NAMES_SELLER = 'models are written with the provider in front, which names the seller';

/** Whether a row's model is written "provider/model". */
export const hasPrefixedModel: Dialect['tells'] = (cell) => {
  const [model, provider] = [cell('model'), cell('custom_llm_provider')];
  return (
    typeof model === 'string' && typeof provider === 'string' && provider !== '' && model.startsWith(`${provider}/`)
  );
};

export const LITELLM_INCLUSIVE = 'prompt tokens include those read from and written to the cache; they are taken out';
export const LITELLM_SPEND = "spend is LiteLLM's own estimate in USD";

export const litellm: Adapter = {
  format: 'litellm-spend-logs',
  title: 'LiteLLM spend logs',
  containers: ['csv', 'json'],
  detect: ['startTime', 'endTime', 'spend', 'prompt_tokens', 'completion_tokens'],
  rules,
  json_columns: ['metadata'],
  skips: [
    { tests: [{ column: ['cache_hit'], is: ['true'] }], reason: SERVED_FROM_CACHE },
    { tests: [{ column: ['call_type'], is: ['call_mcp_tool'] }], reason: 'calls of tools, not of models' },
  ],
  input_includes: ['cache_read', 'cache_write', 'audio'],
  output_includes: ['reasoning', 'audio', 'image'],
  dialects: [
    {
      reason: MODEL_NAMES_SELLER,
      tells: hasPrefixedModel,
      change: { rules: rules.filter(({ field }) => field !== 'seller') },
    },
  ],
  clock: 'absolute',
  billed: 'estimated',
  settles: ['times without a zone are UTC', LITELLM_INCLUSIVE, LITELLM_SPEND],
  warns_of_unknown_columns: false,
};
