/**
 * Cloudflare AI Gateway's logs: `GET /accounts/{id}/ai-gateway/gateways/{gateway}/logs`, JSON, one record per request.
 *
 * `cost` is Cloudflare's estimate, or one's own prices where custom_cost is true. Records with cached true asked no
 * provider. Tokens are the provider's own counts, without a split of cached ones: OpenAI's tokens_in hold them, those of
 * Anthropic lack them. A gateway keeps a limited number of logs, so a file may begin late or end early.
 *
 * Source: https://developers.cloudflare.com/api/resources/ai_gateway/subresources/logs, as https://hexdocs.pm/cloudflare
 * has it from the same OpenAPI file; types of AiGatewayLog in @cloudflare/workers-types 4.20251118.0.
 */
import type { Adapter } from '../adapter.ts';
import { SELLER_WORDS, SERVED_FROM_CACHE } from './gateway-words.ts';

export const cloudflare: Adapter = {
  format: 'cloudflare-ai-gateway',
  title: 'Cloudflare AI Gateway logs',
  containers: ['json', 'csv'],
  detect: ['created_at', 'provider', 'model', 'tokens_in', 'tokens_out', 'cached'],
  rules: [
    { field: 'time_ms', from: ['created_at'], cast: 'instant', unit: 'iso', required: true },
    {
      field: 'seller',
      from: ['provider'],
      cast: 'text',
      values: SELLER_WORDS,
      // Under these endpoints the model names the provider.
      when: { column: ['provider'], is_not: ['', 'compat', 'universal', 'dynamic'] },
    },
    { field: 'model', from: ['model'], cast: 'text' },
    { field: 'input_tokens', from: ['tokens_in'], cast: 'integer' },
    { field: 'output_tokens', from: ['tokens_out'], cast: 'integer' },
    {
      field: 'status',
      from: ['success'],
      cast: 'enum',
      values: { false: 500 },
      when: { column: ['success'], is: ['false'] },
    },
    { field: 'status', from: ['status_code'], cast: 'integer', when: { column: ['status_code'], is_not: ['', '0'] } },
    { field: 'latency_ms', from: ['duration'], cast: 'decimal', unit: 'ms' },
    { field: 'billed_nano_usd', from: ['cost'], cast: 'money', unit: 'usd' },
  ],
  skips: [{ tests: [{ column: ['cached'], is: ['true'] }], reason: SERVED_FROM_CACHE }],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  billed: 'estimated',
  settles: [
    "cost is Cloudflare's estimate in USD",
    "cached tokens are not told apart: OpenAI's are inside tokens_in, Anthropic's are missing",
  ],
  warns_of_unknown_columns: false,
};
