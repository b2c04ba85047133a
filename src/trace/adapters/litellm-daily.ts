/**
 * LiteLLM's daily tables (LiteLLM_DailyUserSpend, ...TeamSpend, ...TagSpend and their like): a day by key, model, provider
 * and endpoint, with requests counted. As CSV or JSON from Postgres.
 *
 * prompt_tokens are summed from the same field of the spend logs and include tokens read from and written to the cache; a
 * row whose cached tokens exceed them shows that they do not. Reasoning is inside completion_tokens and not told apart.
 * In the tables by tag, a request with several tags stands under each.
 *
 * Source: https://github.com/BerriAI/litellm, schema.prisma @ 029f645f, proxy/db/db_spend_update_writer.py @ 3e0a1531.
 */
import type { Adapter, ColumnRule } from '../adapter.ts';
import { hasPrefixedModel, LITELLM_INCLUSIVE, LITELLM_SELLER, LITELLM_SPEND, MODEL_NAMES_SELLER } from './litellm.ts';

const rules: readonly ColumnRule[] = [
  { field: 'time_ms', from: ['date'], cast: 'instant', unit: 'date', required: true },
  { field: 'requests', from: ['api_requests'], cast: 'integer', required: true },
  LITELLM_SELLER,
  { field: 'model', from: ['model'], cast: 'text' },
  { field: 'input_tokens', from: ['prompt_tokens'], cast: 'integer', required: true },
  { field: 'cache_read_tokens', from: ['cache_read_input_tokens'], cast: 'integer' },
  { field: 'cache_write_5m_tokens', from: ['cache_creation_input_tokens'], cast: 'integer' },
  { field: 'output_tokens', from: ['completion_tokens'], cast: 'integer', required: true },
  { field: 'feature', from: ['tag'], cast: 'text' },
  { field: 'user', from: ['user_id', 'end_user_id'], cast: 'text' },
  { field: 'team', from: ['team_id', 'organization_id'], cast: 'text' },
  { field: 'billed_nano_usd', from: ['spend'], cast: 'money', unit: 'usd' },
];

const SETTLES = [
  'failed_requests are not read: they count among the requests, and failures are not told',
  'days are UTC',
  'cache writes are taken to last five minutes',
  LITELLM_SPEND,
  'in a table by tag, a request with several tags stands under each of them',
];

export const litellmDaily: Adapter = {
  format: 'litellm-daily-spend',
  title: 'LiteLLM daily spend',
  containers: ['csv', 'json'],
  detect: ['date', 'api_requests', 'prompt_tokens', 'completion_tokens', 'spend'],
  rules,
  skips: [{ tests: [{ column: ['api_requests'], is: ['0'] }], reason: 'days without a request' }],
  input_includes: ['cache_read', 'cache_write'],
  output_includes: [],
  dialects: [
    {
      reason: 'with more cached than prompt tokens in a row, so that prompt tokens are those not cached',
      tells: (cell) =>
        Number(cell('cache_read_input_tokens') ?? 0) + Number(cell('cache_creation_input_tokens') ?? 0) >
        Number(cell('prompt_tokens') ?? 0),
      change: { input_includes: [], settles: [...SETTLES, 'prompt tokens do not include cached ones'] },
    },
    {
      reason: MODEL_NAMES_SELLER,
      tells: hasPrefixedModel,
      change: { rules: rules.filter(({ field }) => field !== 'seller') },
    },
  ],
  clock: 'absolute',
  bucket_ms: 86_400_000,
  billed: 'estimated',
  settles: [...SETTLES, LITELLM_INCLUSIVE],
  warns_of_unknown_columns: false,
};
