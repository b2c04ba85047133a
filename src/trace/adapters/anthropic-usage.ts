/**
 * Anthropic's usage of an organisation: the Console's export as CSV (a day by key, model, tier and context window) and the
 * Admin API, `GET /v1/organizations/usage_report/messages` (buckets of a minute, an hour or a day).
 *
 * Traps: the four input columns are disjoint; nothing counts requests; dimensions that were not grouped by are null; older
 * exports have one column of cache writes; the last day still grows, so overlapping exports must not be added up.
 * `inference_geo` is not read, though inference in the US alone costs more.
 *
 * Source: platform.claude.com/docs/en/api/admin/usage_report; the CSV's header as two independent parsers give it.
 */
import type { ServiceTier } from '../../meters.ts';
import { MS_PER_DAY } from '../../units.ts';
import type { Adapter, ColumnRule } from '../adapter.ts';

const TIERS: Readonly<Record<string, ServiceTier>> = {
  standard: 'standard',
  batch: 'batch',
  priority: 'priority',
  priority_on_demand: 'priority',
  flex: 'flex',
  flex_discount: 'flex',
};

/** At least how long the prompts are; prices rise above 200,000 tokens. */
const WINDOWS: Readonly<Record<string, number>> = {
  '≤ 200k': 0,
  '<= 200k': 0,
  '0-200k': 0,
  '> 200k': 200_001,
  '200k-1m': 200_001,
};

const CONTEXT: ColumnRule = {
  field: 'context_from_tokens',
  from: ['context_window'],
  cast: 'enum',
  values: WINDOWS,
};

export const anthropicUsage: Adapter = {
  format: 'anthropic-usage',
  title: 'Anthropic Console usage (CSV)',
  containers: ['csv'],
  detect: ['usage_date_utc', 'usage_input_tokens_no_cache', 'usage_output_tokens'],
  rules: [
    { field: 'time_ms', from: ['usage_date_utc'], cast: 'instant', unit: 'date', required: true },
    { field: 'model', from: ['model_version', 'model'], cast: 'text' },
    { field: 'tier', from: ['usage_type'], cast: 'enum', values: TIERS, when: { column: ['speed'], is_not: ['fast'] } },
    {
      field: 'tier',
      from: ['speed'],
      cast: 'enum',
      values: { fast: 'fast' },
      when: { column: ['speed'], is_not: ['', 'standard', 'not_available'] },
    },
    { field: 'input_tokens', from: ['usage_input_tokens_no_cache'], cast: 'integer', required: true },
    {
      field: 'cache_write_5m_tokens',
      from: ['usage_input_tokens_cache_write_5m', 'usage_input_tokens_cache_write'],
      cast: 'integer',
    },
    { field: 'cache_write_1h_tokens', from: ['usage_input_tokens_cache_write_1h'], cast: 'integer' },
    { field: 'cache_read_tokens', from: ['usage_input_tokens_cache_read'], cast: 'integer' },
    { field: 'output_tokens', from: ['usage_output_tokens'], cast: 'integer', required: true },
    { field: 'web_searches', from: ['web_search_count'], cast: 'integer' },
    CONTEXT,
    { field: 'team', from: ['workspace'], cast: 'text' },
    { field: 'user', from: ['api_key'], cast: 'text' },
  ],
  constants: { seller: 'anthropic', requests: undefined },
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  bucket_ms: MS_PER_DAY,
  settles: [
    'the four input columns are disjoint; nothing is taken out',
    'a single column of cache writes is read as writes for five minutes',
    'requests are not counted, so rates and prices per request mean nothing',
    'inference_geo is not read',
  ],
  warns_of_unknown_columns: false,
};

export const anthropicUsageApi: Adapter = {
  format: 'anthropic-usage-api',
  title: 'Anthropic Admin API usage report (JSON)',
  containers: ['json'],
  detect: ['starting_at', 'uncached_input_tokens', 'cache_read_input_tokens', 'output_tokens'],
  rules: [
    { field: 'time_ms', from: ['starting_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'until_ms', from: ['ending_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'requests', from: ['requests'], cast: 'integer' },
    { field: 'model', from: ['model'], cast: 'text' },
    { field: 'tier', from: ['service_tier'], cast: 'enum', values: TIERS },
    { field: 'input_tokens', from: ['uncached_input_tokens'], cast: 'integer', required: true },
    { field: 'cache_write_5m_tokens', from: ['cache_creation.ephemeral_5m_input_tokens'], cast: 'integer' },
    { field: 'cache_write_1h_tokens', from: ['cache_creation.ephemeral_1h_input_tokens'], cast: 'integer' },
    { field: 'cache_read_tokens', from: ['cache_read_input_tokens'], cast: 'integer', required: true },
    { field: 'output_tokens', from: ['output_tokens'], cast: 'integer', required: true },
    { field: 'web_searches', from: ['server_tool_use.web_search_requests'], cast: 'integer' },
    CONTEXT,
    { field: 'team', from: ['workspace_id'], cast: 'text' },
    { field: 'user', from: ['api_key_id'], cast: 'text' },
  ],
  constants: { seller: 'anthropic', requests: undefined },
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  settles: [
    'fresh, cached and cache-write tokens are disjoint; nothing is taken out',
    'requests are not counted, so rates and prices per request mean nothing',
    'inference_geo is not read',
  ],
  warns_of_unknown_columns: false,
};
