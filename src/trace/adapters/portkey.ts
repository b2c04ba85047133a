/**
 * Portkey's log export (now of the Prisma AIRS AI Gateway): JSON lines, one per request, at most 50,000 a job.
 *
 * `cost` is in US cents although `cost_currency` says USD, and may hold an administrator's price adjustments. Who exports
 * chooses the fields, and the page uses two sets of names for them; both are read. Answers from Portkey's cache asked no
 * provider. No count of cached or reasoning tokens is exported, so that none is told apart. Unverified: whether req_units
 * include cached tokens, and in which form created_at comes (read as ISO 8601).
 *
 * Source: https://github.com/Portkey-AI/docs-core, product/observability/logs-export.mdx @ b60bcb70.
 */
import type { Adapter } from '../adapter.ts';
import { SELLER_WORDS, SERVED_FROM_CACHE } from './gateway-words.ts';

export const portkey: Adapter = {
  format: 'portkey-logs',
  title: 'Portkey log export',
  containers: ['json'],
  detect: ['created_at', 'ai_model', 'req_units|request_tokens', 'res_units|response_tokens'],
  rules: [
    { field: 'time_ms', from: ['created_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'seller', from: ['ai_org', 'ai_provider', 'provider'], cast: 'text', values: SELLER_WORDS },
    { field: 'model', from: ['ai_model'], cast: 'text' },
    { field: 'input_tokens', from: ['req_units', 'request_tokens'], cast: 'integer' },
    { field: 'output_tokens', from: ['res_units', 'response_tokens'], cast: 'integer' },
    { field: 'feature', from: ['prompt_slug'], cast: 'text' },
    { field: 'user', from: ['metadata._user'], cast: 'text' },
    {
      field: 'status',
      from: ['is_success'],
      cast: 'enum',
      values: { false: 500, '0': 500 },
      when: { column: ['is_success'], is: ['false', '0'] },
    },
    {
      field: 'status',
      from: ['response_status_code', 'status_code'],
      cast: 'integer',
      when: { column: ['response_status_code', 'status_code'], is_not: [''] },
    },
    { field: 'latency_ms', from: ['response_time'], cast: 'decimal', unit: 'ms' },
    { field: 'billed_nano_usd', from: ['cost'], cast: 'money', unit: 'usd_cents' },
  ],
  skips: [{ tests: [{ column: ['cache_status'], is: ['hit', 'semantic hit'] }], reason: SERVED_FROM_CACHE }],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  billed: 'estimated',
  settles: [
    'cost is in US cents, whatever cost_currency says, and may hold price adjustments',
    'cached and reasoning tokens are not told apart',
  ],
  warns_of_unknown_columns: false,
};
