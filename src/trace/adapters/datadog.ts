/**
 * Datadog LLM Observability: spans from its export interface (`GET /api/v2/llm-obs/v1/spans/events`, JSON: the answer, or
 * its `data` or `attributes` as lines), or as its SDK sends them (`meta.model_name`). Only spans of kind llm and embedding
 * are model calls; workflows and agents around them are left out.
 *
 * input_tokens include cached ones: the SDK adds Anthropic's to them. `start_ns` is in nanoseconds, but the documentation's
 * own example has milliseconds there, which a dialect reads. Costs are Datadog's estimates; the same example (10 + 10
 * tokens of gpt-4o-mini: 7500) has them in billionths of a dollar. The unit is not stated, and other people's code takes
 * millionths, so hold a bill against it. Not read: duration, in nanoseconds; users and features in tags.
 *
 * Source: https://docs.datadoghq.com/llm_observability/evaluations/export_api; https://github.com/DataDog/dd-trace-py,
 * ddtrace/llmobs/_integrations/anthropic.py @ 020ed035 and the metric keys in ddtrace/llmobs/_constants.py.
 */
import type { Adapter, ColumnRule } from '../adapter.ts';
import { SELLER_WORDS } from './gateway-words.ts';

const under = (...names: string[]): string[] => names.flatMap((name) => [`attributes.${name}`, name]);

const KIND = [...under('span_kind'), 'meta.span.kind', 'meta.kind'];
const PROVIDER = under('model_provider', 'meta.model_provider');
const WRITTEN_1H = under('metrics.ephemeral_1h_input_tokens');
const STARTED = under('start_ns');

const started = (unit: 'ns' | 'ms'): ColumnRule => ({
  field: 'time_ms',
  from: STARTED,
  cast: 'instant',
  unit,
  required: true,
});

const rules: readonly ColumnRule[] = [
  {
    field: 'seller',
    from: PROVIDER,
    cast: 'text',
    values: SELLER_WORDS,
    when: { column: PROVIDER, is_not: ['', 'unknown', 'custom'] },
  },
  { field: 'model', from: under('model_name', 'meta.model_name'), cast: 'text' },
  { field: 'input_tokens', from: under('metrics.input_tokens'), cast: 'integer' },
  { field: 'cache_read_tokens', from: under('metrics.cache_read_input_tokens'), cast: 'integer' },
  {
    field: 'cache_write_5m_tokens',
    from: under('metrics.cache_write_input_tokens'),
    cast: 'integer',
    when: { column: WRITTEN_1H, is: ['', '0'] },
  },
  {
    field: 'cache_write_5m_tokens',
    from: under('metrics.ephemeral_5m_input_tokens'),
    cast: 'integer',
    when: { column: WRITTEN_1H, is_not: ['', '0'] },
  },
  { field: 'cache_write_1h_tokens', from: WRITTEN_1H, cast: 'integer' },
  { field: 'output_tokens', from: under('metrics.output_tokens'), cast: 'integer' },
  { field: 'reasoning_tokens', from: under('metrics.reasoning_output_tokens'), cast: 'integer' },
  { field: 'feature', from: under('ml_app'), cast: 'text' },
  { field: 'status', from: under('status'), cast: 'enum', values: { ok: 200, error: 500 } },
  { field: 'ttft_ms', from: under('metrics.time_to_first_token'), cast: 'decimal', unit: 's' },
  { field: 'billed_nano_usd', from: under('metrics.estimated_total_cost'), cast: 'money', unit: 'usd_nano' },
];

const SETTLES = [
  'input tokens include cached ones and output tokens include reasoning; they are taken out',
  "cost is Datadog's estimate, read as billionths of a dollar",
];

/** Nanoseconds have had 19 digits since 2001, milliseconds have 13. */
const MOST_MS = 1e14;

export const datadog: Adapter = {
  format: 'datadog-llm-observability',
  title: 'Datadog LLM Observability spans',
  containers: ['json'],
  detect: [STARTED.join('|'), KIND.join('|'), under('metrics.input_tokens', 'metrics.output_tokens').join('|')],
  rules: [started('ns'), ...rules],
  skips: [
    {
      tests: [{ column: KIND, is_not: ['llm', 'embedding'] }],
      reason: 'spans around model calls, as workflows, agents and tools',
    },
  ],
  input_includes: ['cache_read', 'cache_write'],
  output_includes: ['reasoning'],
  dialects: [
    {
      reason: 'with start_ns in milliseconds',
      tells: (cell) => STARTED.some((name) => Number(cell(name) ?? 0) > 0 && Number(cell(name)) < MOST_MS),
      change: { rules: [started('ms'), ...rules], settles: [...SETTLES, 'start_ns is in milliseconds'] },
    },
  ],
  clock: 'absolute',
  billed: 'estimated',
  settles: SETTLES,
  warns_of_unknown_columns: false,
};
