/**
 * Vercel AI Gateway. `vercelReport` and `vercelReportHourly` are `GET /v1/report` (days or hours, grouped by one dimension,
 * so that a file names the model only with group_by=model); `vercelGeneration` is `GET /v1/generation`, one per request.
 *
 * Whether input includes cached tokens is not documented. It is read so, as the AI SDK of the same maker counts them, and
 * as in its published examples cached tokens are fewer; a row with more of them shows the contrary. Likewise reasoning in
 * output. total_cost is read as what Vercel charges; market_cost is not read. Vercel invoices, or the provider for one's
 * own keys, so no seller is named; a model is "maker/model".
 *
 * Source: https://github.com/vercel/ai, packages/gateway/src/gateway-spend-report.ts @ ed857f50 and
 * gateway-generation-info.ts @ 1afe2563; https://vercel.com/blog/unified-reporting-for-your-ai-spend (an example).
 */
import type { Adapter, ColumnRule, Dialect } from '../adapter.ts';

const money = { cast: 'money', unit: 'usd' } as const;

const reportRules = (time: 'day' | 'hour'): readonly ColumnRule[] => [
  { field: 'time_ms', from: [time], cast: 'instant', unit: 'date', required: true },
  { field: 'requests', from: ['request_count'], cast: 'integer' },
  { field: 'model', from: ['model'], cast: 'text' },
  { field: 'input_tokens', from: ['input_tokens'], cast: 'integer', required: true },
  { field: 'cache_read_tokens', from: ['cached_input_tokens'], cast: 'integer' },
  { field: 'cache_write_5m_tokens', from: ['cache_creation_input_tokens'], cast: 'integer' },
  { field: 'output_tokens', from: ['output_tokens'], cast: 'integer', required: true },
  { field: 'reasoning_tokens', from: ['reasoning_tokens'], cast: 'integer' },
  { field: 'feature', from: ['tag'], cast: 'text' },
  { field: 'user', from: ['user'], cast: 'text' },
  { field: 'billed_nano_usd', from: ['total_cost'], ...money },
];

const INCLUSIVE = 'input is taken to include cached tokens, and output to include reasoning; Vercel does not say';
const EXCLUSIVE = 'input does not include cached tokens; output is taken to include reasoning';
const COST = 'total_cost is taken as what Vercel charges, in USD';
const WRITES = 'cache writes are taken to last five minutes';

const shared = {
  input_includes: ['cache_read', 'cache_write'],
  output_includes: ['reasoning'],
  clock: 'absolute',
  billed: 'invoiced',
  settles: [INCLUSIVE, WRITES, COST],
  warns_of_unknown_columns: false,
} satisfies Partial<Adapter>;

/** Told by a row that has more cached tokens than input. */
const exclusive = (read: string, write: string, input: string): Dialect => ({
  reason: 'with more cached than input tokens in a row, so that input is what was not cached',
  tells: (cell) => Number(cell(read) ?? 0) + Number(cell(write) ?? 0) > Number(cell(input) ?? 0),
  change: { input_includes: [], settles: [EXCLUSIVE, WRITES, COST] },
});

const reportExclusive = exclusive('cached_input_tokens', 'cache_creation_input_tokens', 'input_tokens');

export const vercelReport: Adapter = {
  ...shared,
  format: 'vercel-report',
  title: 'Vercel AI Gateway report by day',
  containers: ['json', 'csv'],
  detect: ['day', 'request_count', 'input_tokens', 'output_tokens', 'total_cost'],
  rules: reportRules('day'),
  dialects: [reportExclusive],
  bucket_ms: 86_400_000,
};

export const vercelReportHourly: Adapter = {
  ...vercelReport,
  format: 'vercel-report-hourly',
  title: 'Vercel AI Gateway report by hour',
  detect: ['hour', 'request_count', 'input_tokens', 'output_tokens', 'total_cost'],
  rules: reportRules('hour'),
  bucket_ms: 3_600_000,
};

export const vercelGeneration: Adapter = {
  ...shared,
  format: 'vercel-generation',
  title: 'Vercel AI Gateway generations',
  containers: ['json'],
  detect: [
    'created_at',
    'generation_time',
    'is_byok',
    'total_cost',
    'native_tokens_prompt',
    'native_tokens_completion',
    'native_tokens_cache_creation',
    'billable_web_search_calls',
  ],
  rules: [
    { field: 'time_ms', from: ['created_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'model', from: ['model'], cast: 'text' },
    { field: 'input_tokens', from: ['native_tokens_prompt'], cast: 'integer', required: true },
    { field: 'cache_read_tokens', from: ['native_tokens_cached'], cast: 'integer' },
    { field: 'cache_write_5m_tokens', from: ['native_tokens_cache_creation'], cast: 'integer' },
    { field: 'output_tokens', from: ['native_tokens_completion'], cast: 'integer', required: true },
    { field: 'reasoning_tokens', from: ['native_tokens_reasoning'], cast: 'integer' },
    { field: 'web_searches', from: ['billable_web_search_calls'], cast: 'integer' },
    { field: 'latency_ms', from: ['generation_time'], cast: 'decimal', unit: 'ms' },
    { field: 'ttft_ms', from: ['latency'], cast: 'decimal', unit: 'ms' },
    { field: 'billed_nano_usd', from: ['total_cost'], ...money, when: { column: ['is_byok'], is_not: ['true'] } },
    {
      field: 'billed_nano_usd',
      from: ['upstream_inference_cost'],
      ...money,
      when: { column: ['is_byok'], is: ['true'] },
    },
  ],
  dialects: [exclusive('native_tokens_cached', 'native_tokens_cache_creation', 'native_tokens_prompt')],
  settles: [...shared.settles, "with one's own key, the cost is what the provider charges"],
};
