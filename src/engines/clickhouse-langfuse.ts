/**
 * Langfuse's own ClickHouse tables, read where they lie: the query over `observations` and its columns.
 *
 * Only generations are read, since spans and agents repeat their usage; FINAL and `is_deleted` leave one version of each.
 * Langfuse's keys do not overlap: input is without what came from the cache, output without reasoning. Keys are free text,
 * so each field takes the largest of its known names. `total_cost` is what Langfuse computed, not an invoice.
 * Source: langfuse/langfuse packages/shared/clickhouse/migrations/unclustered/0002_observations.up.sql @ daddc935.
 */
import type { ClickhouseColumn } from './clickhouse-source.ts';

const USAGE_KEYS = {
  input_tokens: ['input', 'input_tokens', 'prompt_tokens'],
  cache_read_tokens: ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens'],
  cache_write_5m_tokens: ['input_cache_creation_5m', 'input_cache_creation', 'cache_creation_input_tokens'],
  cache_write_1h_tokens: ['input_cache_creation_1h'],
  audio_input_tokens: ['input_audio_tokens', 'input_audio'],
  output_tokens: ['output', 'output_tokens', 'completion_tokens'],
  reasoning_tokens: ['output_reasoning_tokens', 'output_reasoning'],
  audio_output_tokens: ['output_audio_tokens', 'output_audio'],
} as const;

const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const usage = (keys: readonly string[]): string => {
  const values = keys.map((key) => `usage_details[${literal(key)}]`);
  return values.length === 1 ? values[0]! : `greatest(${values.join(', ')})`;
};

/** `relation` is the quoted name of the observations table. */
export function langfuseQuery(relation: string, project_id?: string): string {
  const counts = Object.entries(USAGE_KEYS).map(([field, keys]) => `${usage(keys)} AS ${field}`);
  const conditions = ['is_deleted = 0', "type = 'GENERATION'"];
  if (project_id !== undefined) conditions.push(`project_id = ${literal(project_id)}`);
  return `SELECT
  toUnixTimestamp64Milli(start_time) AS time_ms,
  provided_model_name AS model,
  toString(name) AS feature,
  toString(environment) AS environment,
  ${counts.join(',\n  ')},
  CASE WHEN level = 'ERROR' THEN 500 ELSE 200 END AS status,
  toFloat64(total_cost) AS billed_usd
FROM ${relation} FINAL
WHERE ${conditions.join(' AND ')}`;
}

/** The query's columns by field; a source's own `columns` come over them, as `feature: environment`. */
export const LANGFUSE_COLUMNS: Readonly<Record<string, string | ClickhouseColumn>> = Object.fromEntries(
  ['time_ms', 'model', 'feature', ...Object.keys(USAGE_KEYS), 'status', 'billed_usd'].map((name) => [name, name]),
);

export const LANGFUSE_TABLE = 'observations';
