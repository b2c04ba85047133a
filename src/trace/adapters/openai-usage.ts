/**
 * OpenAI's usage of an organisation: buckets of a minute, an hour or a day by project, user, key, model, batch and tier.
 * From `GET /v1/organization/usage/completions` (and embeddings, images, web searches), or the dashboard's export as CSV.
 *
 * Traps: `input_tokens` holds cached, cache-write and audio tokens, so they are taken out; the counts by modality overlap
 * those by cache and are never summed; dimensions that were not grouped by are null. A cached image beside cached audio in
 * one bucket stays with the fresh tokens. An export of an empty period has four columns of time and no other.
 *
 * Source: openai/openai-openapi openapi.yaml@f85dbe22, UsageCompletionsResult and siblings. The dashboard's populated header
 * was not seen; it is read by the names of the interface.
 */
import type { ServiceTier } from '../../meters.ts';
import type { Adapter, ColumnRule } from '../adapter.ts';

/** `service_tier` as OpenAI and those who speak its interface write it. */
export const OPENAI_TIERS: Readonly<Record<string, ServiceTier>> = {
  default: 'standard',
  standard: 'standard',
  auto: 'standard',
  scale: 'standard',
  flex: 'flex',
  priority: 'priority',
  batch: 'batch',
};

type How = Pick<ColumnRule, 'cast' | 'unit'>;

/** One column, and another where it is empty: both stand in one file and say the same or its like. */
function either(field: ColumnRule['field'], first: string, how: How, other: string, otherwise: How): ColumnRule[] {
  const required = field === 'time_ms';
  return [
    { field, from: [first], ...how, required, when: { column: [first], is_not: [''] } },
    { field, from: [other], ...otherwise, required, when: { column: [first], is: [''] } },
  ];
}

/** When a bucket starts and ends, in each of the two ways in which OpenAI writes it. */
export const OPENAI_TIMES: readonly ColumnRule[] = [
  ...either('time_ms', 'start_time', { cast: 'instant', unit: 's' }, 'start_time_iso', {
    cast: 'instant',
    unit: 'iso',
  }),
  ...either('until_ms', 'end_time', { cast: 'instant', unit: 's' }, 'end_time_iso', { cast: 'instant', unit: 'iso' }),
];

/** Whose it is: the project, and the user or else the key. E-mail addresses are not read. */
export const OPENAI_OWNERS: readonly ColumnRule[] = [
  ...either('team', 'project_name', { cast: 'text' }, 'project_id', { cast: 'text' }),
  ...either('user', 'user_id', { cast: 'text' }, 'api_key_id', { cast: 'text' }),
];

const kind = (name: string): string => `organization.usage.${name}.result`;
/** A count that is not there, or 0. */
const NONE = ['', '0'];
const SEARCHES = kind('web_searches');

export const openaiUsage: Adapter = {
  format: 'openai-usage',
  title: 'OpenAI usage (JSON pages or CSV)',
  containers: ['json', 'csv'],
  detect: [
    'start_time|start_time_iso',
    'end_time|end_time_iso',
    'num_model_requests',
    'input_tokens|images|characters|seconds|num_requests',
  ],
  rules: [
    ...OPENAI_TIMES,
    {
      field: 'requests',
      from: ['num_model_requests'],
      cast: 'integer',
      required: true,
      when: { column: ['object'], is_not: [SEARCHES] },
    },
    { field: 'model', from: ['model'], cast: 'text' },
    {
      field: 'tier',
      from: ['batch'],
      cast: 'enum',
      values: { true: 'batch' },
      when: { column: ['batch'], is: ['true'] },
    },
    {
      field: 'tier',
      from: ['service_tier'],
      cast: 'enum',
      values: OPENAI_TIERS,
      when: { column: ['batch'], is_not: ['true'] },
    },
    {
      field: 'input_tokens',
      from: ['input_tokens'],
      cast: 'integer',
      required: true,
      when: { column: ['object'], is_not: [SEARCHES, kind('images')] },
    },
    {
      field: 'cache_read_tokens',
      from: ['input_cached_text_tokens'],
      cast: 'integer',
      required: true,
      when: { column: ['input_cached_audio_tokens'], is_not: NONE },
    },
    {
      field: 'cache_read_tokens',
      from: ['input_cached_tokens'],
      cast: 'integer',
      when: { column: ['input_cached_audio_tokens'], is: NONE },
    },
    { field: 'cache_write_5m_tokens', from: ['input_cache_write_tokens'], cast: 'integer' },
    { field: 'audio_input_tokens', from: ['input_audio_tokens'], cast: 'integer' },
    { field: 'audio_cache_read_tokens', from: ['input_cached_audio_tokens'], cast: 'integer' },
    { field: 'output_tokens', from: ['output_tokens'], cast: 'integer' },
    { field: 'audio_output_tokens', from: ['output_audio_tokens'], cast: 'integer' },
    { field: 'image_output_tokens', from: ['output_image_tokens'], cast: 'integer' },
    { field: 'images', from: ['images'], cast: 'integer' },
    {
      field: 'web_searches',
      from: ['num_requests'],
      cast: 'integer',
      required: true,
      when: { column: ['object'], is: [SEARCHES] },
    },
    ...OPENAI_OWNERS,
  ],
  constants: { seller: 'openai', requests: 0 },
  skips: [
    {
      tests: [{ column: ['object'], is: ['audio_speeches', 'audio_transcriptions'].map(kind) }],
      reason: 'speech and transcription, billed by characters and seconds that no meter counts',
    },
    { tests: [{ column: ['object'], is: [kind('moderations')] }], reason: 'moderations, which OpenAI does not bill' },
    {
      tests: [{ column: ['object'], is: ['vector_stores', 'code_interpreter_sessions', 'file_searches'].map(kind) }],
      reason: 'storage, sessions and file searches, which no meter counts',
    },
    {
      tests: ['num_model_requests', 'input_tokens', 'output_tokens', 'images', 'num_requests'].map((column) => ({
        column: [column],
        is: [''],
      })),
      reason: 'empty buckets',
    },
  ],
  input_includes: ['cache_read', 'cache_write', 'audio'],
  output_includes: ['audio', 'image'],
  clock: 'absolute',
  settles: [
    'input_tokens include cached, cache-write and audio tokens; they are taken out',
    'cache writes are read as writes for five minutes, since OpenAI names no life',
    'reasoning tokens are part of output_tokens and are not told apart',
    'the scale tier is read as standard, as it would cost without units bought',
    'times without a zone are read as UTC',
  ],
  warns_of_unknown_columns: false,
};

/** What the dashboard writes for a period without usage: times and nothing else. */
export const openaiUsageEmpty: Adapter = {
  format: 'openai-usage-empty',
  title: 'OpenAI usage of an empty period (CSV)',
  containers: ['csv'],
  detect: ['start_time', 'end_time', 'start_time_iso', 'end_time_iso'],
  rules: OPENAI_TIMES,
  constants: { seller: 'openai', requests: 0 },
  skips: [{ tests: [], reason: 'empty buckets' }],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  settles: ['the export counts nothing: it is of a period without usage, or its columns are not known'],
  warns_of_unknown_columns: true,
};
