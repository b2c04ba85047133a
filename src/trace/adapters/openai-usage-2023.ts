/**
 * OpenAI's usage as it was told before the present interface: `GET /v1/usage?date=...`, one row a minute and model.
 *
 * Traps: counts of context include cached ones; `request_type` is empty for anything but a batch; lists beside `data`
 * (images, speech) are not read. E-mail addresses are not read.
 *
 * Source: elastic/integrations, OpenAI module for Beats (`aggregation_timestamp` 1730696460 is a whole minute); that rows
 * last a minute is taken from there and not from OpenAI.
 */
import type { Adapter } from '../adapter.ts';
import { OPENAI_TIERS } from './openai-usage.ts';

export const openaiUsage2023: Adapter = {
  format: 'openai-usage-2023',
  title: 'OpenAI usage before 2024 (JSON)',
  containers: ['json'],
  detect: ['aggregation_timestamp', 'n_context_tokens_total', 'n_generated_tokens_total'],
  rules: [
    { field: 'time_ms', from: ['aggregation_timestamp'], cast: 'instant', unit: 's', required: true },
    { field: 'requests', from: ['n_requests'], cast: 'integer' },
    { field: 'model', from: ['snapshot_id'], cast: 'text' },
    { field: 'tier', from: ['request_type'], cast: 'enum', values: OPENAI_TIERS },
    { field: 'input_tokens', from: ['n_context_tokens_total'], cast: 'integer', required: true },
    { field: 'cache_read_tokens', from: ['n_cached_context_tokens_total'], cast: 'integer' },
    { field: 'output_tokens', from: ['n_generated_tokens_total'], cast: 'integer', required: true },
    { field: 'team', from: ['project_name'], cast: 'text' },
    { field: 'user', from: ['api_key_name'], cast: 'text' },
  ],
  constants: { seller: 'openai', requests: undefined },
  input_includes: ['cache_read'],
  output_includes: [],
  clock: 'absolute',
  bucket_ms: 60_000,
  settles: ['context tokens include cached ones; they are taken out', 'a row is taken for one minute'],
  warns_of_unknown_columns: false,
};
