/**
 * OpenRouter's three accounts of use: the activity export (CSV, one row a generation), `GET /api/v1/activity` (JSON, a day by
 * model and endpoint) and `GET /api/v1/generation` (JSON, one request).
 *
 * Traps: models are dated slugs that name Anthropic's in another order; a variant (free, nitro) is another offer; cached and
 * reasoning tokens lie inside the others; with a key of one's own the cost is OpenRouter's fee alone; cancelled rows can cost.
 * What is billed is the model's own count (`native_tokens_*`); `tokens_*` of a generation are those of one common tokenizer.
 *
 * Source: OpenRouterTeam/typescript-sdk@cb9393a8 docs/models; the CSV's header from a note of 2026-09 on a real export. Whether
 * the CSV counts native tokens, and its zone, is not documented.
 */
import { MS_PER_DAY } from '../../units.ts';
import type { Adapter, ColumnRule } from '../adapter.ts';
import { OPENAI_TIERS } from './openai-usage.ts';

const ANTHROPIC = ['4 opus', '4 sonnet', '4.1 opus', '4.5 haiku', '4.5 opus', '4.5 sonnet', '4.6 opus', '4.6 sonnet'];

/** `anthropic/claude-4.5-sonnet` in a slug is `anthropic/claude-sonnet-4.5` elsewhere. */
const NAMES = Object.fromEntries(
  [...ANTHROPIC, '4.7 opus', '4.8 opus'].map((words) => {
    const [version, family] = words.split(' ');
    return [`anthropic/claude-${version}-${family}`, `anthropic/claude-${family}-${version}`];
  }),
);

const SLUG: ColumnRule = { field: 'model', from: ['model_permaslug'], cast: 'text', take: 'undated', values: NAMES };

const FAILED = { cast: 'enum', values: { error: 500 } } as const;

export const openrouterActivity: Adapter = {
  format: 'openrouter-activity',
  title: 'OpenRouter activity export (CSV)',
  containers: ['csv'],
  detect: ['created_at', 'cost_total', 'tokens_prompt', 'tokens_completion', 'model_permaslug'],
  rules: [
    { field: 'time_ms', from: ['created_at'], cast: 'instant', unit: 'iso', required: true },
    { ...SLUG, suffix: { from: ['variant'], but: ['standard'] } },
    { field: 'input_tokens', from: ['tokens_prompt'], cast: 'integer', required: true },
    { field: 'cache_read_tokens', from: ['tokens_cached'], cast: 'integer' },
    { field: 'output_tokens', from: ['tokens_completion'], cast: 'integer', required: true },
    { field: 'reasoning_tokens', from: ['tokens_reasoning'], cast: 'integer' },
    { field: 'billed_nano_usd', from: ['cost_total'], cast: 'money', unit: 'usd' },
    {
      field: 'status',
      from: ['finish_reason_normalized'],
      ...FAILED,
      when: { column: ['finish_reason_normalized'], is: ['error'] },
    },
    { field: 'latency_ms', from: ['generation_time_ms'], cast: 'decimal', unit: 'ms' },
    { field: 'ttft_ms', from: ['time_to_first_token_ms'], cast: 'decimal', unit: 'ms' },
    { field: 'feature', from: ['app_name'], cast: 'text' },
    { field: 'team', from: ['api_key_name'], cast: 'text' },
    { field: 'user', from: ['user'], cast: 'text' },
  ],
  input_includes: ['cache_read'],
  output_includes: ['reasoning'],
  clock: 'absolute',
  billed: 'invoiced',
  settles: [
    'prompt tokens include cached ones and completion tokens include reasoning; they are taken out',
    'times have no zone: read as UTC',
    'the date is cut off model slugs, and a variant is kept as in ":free"',
    "rows sent with a key of one's own carry OpenRouter's fee alone, not the provider's bill",
    'cancelled rows are kept, since they can cost',
    'cache writes are not told apart from fresh tokens',
  ],
  warns_of_unknown_columns: false,
};

export const openrouterDays: Adapter = {
  format: 'openrouter-days',
  title: 'OpenRouter activity by day (JSON)',
  containers: ['json'],
  detect: ['date', 'model|model_permaslug', 'usage', 'requests', 'prompt_tokens', 'completion_tokens'],
  rules: [
    { field: 'time_ms', from: ['date'], cast: 'instant', unit: 'date', required: true },
    { field: 'requests', from: ['requests'], cast: 'integer', required: true },
    { field: 'model', from: ['model'], cast: 'text', when: { column: ['model'], is_not: [''] } },
    { ...SLUG, when: { column: ['model'], is: [''] } },
    { field: 'input_tokens', from: ['prompt_tokens'], cast: 'integer', required: true },
    { field: 'output_tokens', from: ['completion_tokens'], cast: 'integer', required: true },
    { field: 'reasoning_tokens', from: ['reasoning_tokens'], cast: 'integer' },
    { field: 'billed_nano_usd', from: ['usage'], cast: 'money', unit: 'usd' },
    { field: 'team', from: ['workspace_id'], cast: 'text' },
  ],
  input_includes: [],
  output_includes: ['reasoning'],
  clock: 'absolute',
  bucket_ms: MS_PER_DAY,
  billed: 'invoiced',
  settles: [
    'completion tokens are taken to include reasoning',
    'cached tokens are not told apart from fresh ones',
    "usage is in USD and does not hold the provider's bill for keys of one's own",
  ],
  warns_of_unknown_columns: false,
};

export const openrouterGeneration: Adapter = {
  format: 'openrouter-generation',
  title: 'OpenRouter generation (JSON)',
  containers: ['json'],
  detect: ['created_at', 'native_tokens_prompt', 'native_tokens_completion', 'total_cost|usage'],
  rules: [
    { field: 'time_ms', from: ['created_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'model', from: ['model'], cast: 'text', take: 'undated', values: NAMES },
    { field: 'tier', from: ['service_tier'], cast: 'enum', values: OPENAI_TIERS },
    { field: 'input_tokens', from: ['native_tokens_prompt'], cast: 'integer', required: true },
    { field: 'cache_read_tokens', from: ['native_tokens_cached'], cast: 'integer' },
    { field: 'output_tokens', from: ['native_tokens_completion'], cast: 'integer', required: true },
    { field: 'reasoning_tokens', from: ['native_tokens_reasoning'], cast: 'integer' },
    {
      field: 'billed_nano_usd',
      from: ['total_cost', 'usage'],
      cast: 'money',
      unit: 'usd',
      when: { column: ['is_byok'], is_not: ['true'] },
    },
    { field: 'status', from: ['finish_reason'], ...FAILED, when: { column: ['finish_reason'], is: ['error'] } },
    { field: 'latency_ms', from: ['latency'], cast: 'decimal', unit: 'ms' },
    { field: 'feature', from: ['origin'], cast: 'text' },
    { field: 'user', from: ['external_user'], cast: 'text' },
  ],
  input_includes: ['cache_read'],
  output_includes: ['reasoning'],
  clock: 'absolute',
  billed: 'invoiced',
  settles: [
    'tokens are the native ones, which are billed; they include cached and reasoning tokens, which are taken out',
    "requests with a key of one's own carry no cost here, since theirs is OpenRouter's fee alone",
    'cache writes are not told apart from fresh tokens',
  ],
  warns_of_unknown_columns: false,
};
