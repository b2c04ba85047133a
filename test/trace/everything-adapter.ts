/** Made-up logs that use every feature of an adapter: one in CSV with JSON in a cell, one of nested JSON lines. */
import type { Adapter, ColumnRule } from '../../src/trace/adapter.ts';
import { canonical } from '../../src/trace/adapters/canonical.ts';

const shared: readonly ColumnRule[] = [
  { field: 'user', from: ['line'], cast: 'text', take: 'before_comma' },
  { field: 'team', from: ['team'], cast: 'text', values: { r: "resea'rch", s: 'sales' } },
  { field: 'feature', from: ['project'], cast: 'slug' },
  { field: 'status', from: ['outcome'], cast: 'enum', values: { ok: 200, failed: 500 } },
  { field: 'billed_nano_usd', from: ['cents'], cast: 'money', unit: 'usd_cents' },
];

export const everything: Adapter = {
  ...canonical,
  format: 'everything',
  detect: ['day', 'model', 'kind'],
  rules: [
    { field: 'time_ms', from: ['day'], cast: 'instant', unit: 'date', required: true },
    {
      field: 'model',
      from: ['model'],
      cast: 'text',
      take: 'undated',
      suffix: { from: ['variant'], but: ['none', 'standard'] },
    },
    ...shared,
    { field: 'tier', from: ['tier'], cast: 'enum', values: { batch: 'batch', standard: 'standard' } },
    {
      field: 'input_tokens',
      from: ['prompt'],
      cast: 'integer',
      required: true,
      when: { column: ['kind'], is_not: ['batch', 'audio'] },
    },
    { field: 'input_tokens', from: ['batch_prompt'], cast: 'integer', when: { column: ['kind'], is: ['batch'] } },
    { field: 'cache_read_tokens', from: ['meta.usage.cached', 'meta.cached'], cast: 'integer' },
    { field: 'output_tokens', from: ['completion'], cast: 'integer' },
    { field: 'latency_ms', from: ['meta.latency'], cast: 'decimal', unit: 's' },
    { field: 'ttft_ms', from: ['ttft'], cast: 'decimal', unit: 'us' },
  ],
  constants: { seller: "acme'", tier: 'flex', requests: undefined },
  skips: [
    { tests: [{ column: ['kind'], is: ['tool', 'agent'] }], reason: 'tools and agents' },
    {
      tests: [
        { column: ['meta.kind'], is: ['empty'] },
        { column: ['prompt'], is: ['', '0'] },
      ],
      reason: "empty 'ones'",
    },
  ],
  json_columns: ['meta'],
  input_includes: ['cache_read'],
  bucket_ms: 86_400_000,
};

export const nested: Adapter = {
  ...canonical,
  format: 'nested',
  containers: ['json'],
  detect: ['at.ns', 'usage.prompt'],
  rules: [
    { field: 'time_ms', from: ['at.ns'], cast: 'instant', unit: 'ns', required: true },
    { field: 'until_ms', from: ['until'], cast: 'instant', unit: 'us' },
    { field: 'model', from: ['gen_ai.model.name'], cast: 'text', values: { m: 'em' } },
    ...shared,
    { field: 'input_tokens', from: ['usage.prompt', 'prompt'], cast: 'integer', required: true },
    { field: 'output_tokens', from: ['usage.completion'], cast: 'integer' },
    { field: 'reasoning_tokens', from: ['usage.details.reasoning'], cast: 'integer' },
    { field: 'latency_ms', from: ['seconds'], cast: 'decimal', unit: 's' },
    { field: 'hash_chain', from: ['blocks'], cast: 'integer_list' },
  ],
  skips: [{ tests: [{ column: ['usage.kind'], is: ['none', '0'] }], reason: 'no calls' }],
  output_includes: ['reasoning'],
};
