/**
 * Langfuse observations: one row per observation. `langfuse` is the batch export (CSV, JSON, JSON lines), where `latency`
 * is in milliseconds and usage is JSON inside a cell; `langfuseApi` is `GET /api/public/v2/observations`, in seconds.
 *
 * Only generations and embeddings are model calls; spans and agents repeat their usage. Keys of usage are disjoint where
 * Langfuse wrote them (OpenTelemetry, OpenAI's usage: input = all - cached - written) and whatever the client sent
 * elsewhere; a row whose total is input + output beside cached tokens shows that they are inside. The total cost is the
 * client's own or computed from Langfuse's prices. The export writes camelCase, and seconds in `timeToFirstToken` (in
 * milliseconds as `time_to_first_token`). Not read: accepted and rejected prediction tokens, scores.
 *
 * Source: https://github.com/langfuse/langfuse, worker/src/features/database-read-stream/observation-stream.ts @ 03b77af5,
 * packages/shared/src/server/repositories/observations_converters.ts @ 010ff920, OtelIngestionProcessor.ts @ 62751446.
 */
import type { Adapter, ColumnRule, Dialect } from '../adapter.ts';
import { allEmpty, anyOf } from './gateway-words.ts';

const KEYS = {
  input: ['input', 'input_tokens', 'prompt_tokens', 'promptTokens', 'prompt_token_count'],
  cache_read: ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens', 'cached_content_token_count'],
  cache_write: ['input_cache_creation', 'cache_creation_input_tokens'],
  cache_write_5m: ['input_cache_creation_5m'],
  cache_write_1h: ['input_cache_creation_1h'],
  audio_input: ['input_audio_tokens', 'input_audio'],
  output: ['output', 'output_tokens', 'completion_tokens', 'completionTokens', 'candidates_token_count'],
  reasoning: ['output_reasoning_tokens', 'output_reasoning', 'thoughts_token_count'],
  audio_output: ['output_audio_tokens', 'output_audio'],
} as const;

const inUsage = (keys: readonly string[]): string[] =>
  ['usageDetails', 'usage_details'].flatMap((column) => keys.map((key) => `${column}.${key}`));

const count = { cast: 'integer' } as const;
const second = { cast: 'decimal', unit: 's' } as const;
const millisecond = { cast: 'decimal', unit: 'ms' } as const;

const rules: readonly ColumnRule[] = [
  { field: 'time_ms', from: ['startTime', 'start_time'], cast: 'instant', unit: 'iso', required: true },
  ...anyOf('model', ['providedModelName', 'provided_model_name', 'model'], { cast: 'text' }),
  ...anyOf('input_tokens', inUsage(KEYS.input), count),
  ...anyOf('cache_read_tokens', inUsage(KEYS.cache_read), count),
  ...anyOf('cache_write_5m_tokens', inUsage([...KEYS.cache_write_5m, ...KEYS.cache_write]), count),
  ...anyOf('cache_write_1h_tokens', inUsage(KEYS.cache_write_1h), count),
  ...anyOf('audio_input_tokens', inUsage(KEYS.audio_input), count),
  ...anyOf('output_tokens', inUsage(KEYS.output), count),
  ...anyOf('reasoning_tokens', inUsage(KEYS.reasoning), count),
  ...anyOf('audio_output_tokens', inUsage(KEYS.audio_output), count),
  { field: 'feature', from: ['traceName'], cast: 'text' },
  { field: 'user', from: ['userId', 'user_id'], cast: 'text' },
  {
    field: 'status',
    from: ['level'],
    cast: 'enum',
    values: { error: 500 },
    when: { column: ['level'], is: ['error'] },
  },
  { field: 'billed_nano_usd', from: ['totalCost', 'total_cost'], cast: 'money', unit: 'usd' },
];

const DISJOINT = 'kinds of tokens stand beside each other: input does not include cached ones, nor output reasoning';
const INCLUSIVE = 'input includes cached tokens and output includes reasoning; they are taken out';
const COST = 'cost is the one the client sent or an estimate from the prices set in Langfuse, in USD';

const sumOf = (cell: (column: string) => unknown, keys: readonly string[]): number =>
  inUsage(keys).reduce((sum, name) => sum + Number(cell(name) ?? 0), 0);

/** Its total is input + output although it has parts of them beside, no larger than they are: the parts are inside. */
const isInclusive: Dialect['tells'] = (cell) => {
  const [input, output] = [sumOf(cell, KEYS.input), sumOf(cell, KEYS.output)];
  const ofInput = [...KEYS.cache_read, ...KEYS.cache_write, ...KEYS.cache_write_5m, ...KEYS.cache_write_1h];
  const inInput = sumOf(cell, [...ofInput, ...KEYS.audio_input]);
  const inOutput = sumOf(cell, [...KEYS.reasoning, ...KEYS.audio_output]);
  const fits = inInput <= input && inOutput <= output && inInput + inOutput > 0;
  return fits && input + output === sumOf(cell, ['total']);
};

const shared = {
  json_columns: ['usageDetails', 'usage_details'],
  skips: [
    {
      tests: [{ column: ['type'], is_not: ['generation', 'embedding'] }],
      reason: 'spans, events and tools, which repeat the usage of generations',
    },
    {
      tests: [{ column: ['level'], is_not: ['error'] }, ...allEmpty(inUsage([...KEYS.input, ...KEYS.output]))],
      reason: 'generations without token counts',
    },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  billed: 'estimated',
  warns_of_unknown_columns: false,
} satisfies Partial<Adapter>;

const inclusive = (latency: string): Dialect => ({
  reason: 'with a total that is input + output, so that cached and reasoning tokens are inside them',
  tells: isInclusive,
  change: {
    input_includes: ['cache_read', 'cache_write', 'audio'],
    output_includes: ['reasoning', 'audio'],
    settles: [INCLUSIVE, COST, latency],
  },
});

const IN_MS = 'latency is in milliseconds, as the batch export has it';
const IN_SECONDS = 'latency is in seconds, as the interface has it';

export const langfuse: Adapter = {
  ...shared,
  format: 'langfuse-export',
  title: 'Langfuse batch export of observations',
  containers: ['csv', 'json'],
  detect: ['startTime|start_time', 'type', 'traceId|trace_id', 'totalCost|total_cost', 'traceTimestamp|traceTags'],
  rules: [
    ...rules,
    { field: 'latency_ms', from: ['latency'], ...millisecond },
    { field: 'ttft_ms', from: ['timeToFirstToken'], ...second },
    { field: 'ttft_ms', from: ['time_to_first_token'], ...millisecond },
  ],
  dialects: [inclusive(IN_MS)],
  settles: [DISJOINT, COST, IN_MS],
};

export const langfuseApi: Adapter = {
  ...shared,
  format: 'langfuse-api',
  title: 'Langfuse observations (public API)',
  containers: ['json'],
  detect: ['startTime', 'type', 'traceId', 'totalCost'],
  rules: [
    ...rules,
    { field: 'latency_ms', from: ['latency'], ...second },
    { field: 'ttft_ms', from: ['timeToFirstToken'], ...second },
  ],
  dialects: [inclusive(IN_SECONDS)],
  settles: [DISJOINT, COST, IN_SECONDS],
};
