/**
 * OpenTelemetry spans with attributes of the GenAI conventions: JSON lines with flat names or under `attributes`, or OTLP
 * JSON (resourceSpans), one span per call. Only spans of model calls count: agents and workflows repeat their usage.
 *
 * input_tokens SHOULD include cached tokens and output_tokens reasoning; older instrumentations of Anthropic report what
 * was not cached, which a span with more cached than input tokens gives away. The conventions know no cost and no lifetime
 * of a cache write, taken as five minutes. The model is the one of the response: it names the snapshot that is invoiced,
 * where the request may name an alias or a deployment. Older names are read too: prompt_tokens, completion_tokens,
 * gen_ai.system, cache_read_input_tokens. Not read: latency, a difference of two columns.
 *
 * Source: https://github.com/open-telemetry/semantic-conventions-genai, model/gen-ai/registry.yaml @ 002c8a6e.
 */
import type { Adapter } from '../adapter.ts';
import { allEmpty, anyOf, ERROR_CODES, SELLER_WORDS } from './gateway-words.ts';

const under = (...names: string[]): string[] => names.flatMap((name) => [`attributes.${name}`, name]);
const usage = (...keys: string[]): string[] => under(...keys.map((key) => `gen_ai.usage.${key}`));

const INPUT = usage('input_tokens', 'prompt_tokens');
const OUTPUT = usage('output_tokens', 'completion_tokens');
const READ = usage('cache_read.input_tokens', 'cache_read_input_tokens');
const WRITTEN = usage('cache_creation.input_tokens', 'cache_creation_input_tokens', 'cache_write_input_tokens');
const OPERATION = under('gen_ai.operation.name');
const ERROR = under('error.type');
const CALLS = ['chat', 'text_completion', 'generate_content', 'embeddings'];
const FAILED = { '2': 500, status_code_error: 500, error: 500 } as const;
const NO_USAGE = 'spans without token counts';

const count = { cast: 'integer' } as const;
const text = { cast: 'text' } as const;

export const opentelemetry: Adapter = {
  format: 'opentelemetry-genai',
  title: 'OpenTelemetry GenAI spans',
  containers: ['json'],
  detect: [
    'startTimeUnixNano|start_time_unix_nano|start_time|startTime|timestamp',
    [...INPUT, ...OUTPUT].join('|'),
    under('gen_ai.request.model', 'gen_ai.response.model').join('|'),
  ],
  rules: [
    {
      field: 'time_ms',
      from: ['startTimeUnixNano', 'start_time_unix_nano'],
      cast: 'instant',
      unit: 'ns',
      required: true,
    },
    { field: 'time_ms', from: ['start_time', 'startTime', 'timestamp'], cast: 'instant', unit: 'iso', required: true },
    ...anyOf('seller', under('gen_ai.provider.name', 'gen_ai.system'), { ...text, values: SELLER_WORDS }),
    ...anyOf('model', under('gen_ai.response.model', 'gen_ai.request.model'), text),
    ...anyOf('input_tokens', INPUT, count),
    ...anyOf('cache_read_tokens', READ, count),
    ...anyOf('cache_write_5m_tokens', WRITTEN, count),
    ...anyOf('audio_input_tokens', usage('audio.input_tokens'), count),
    ...anyOf('output_tokens', OUTPUT, count),
    ...anyOf('reasoning_tokens', usage('reasoning.output_tokens', 'reasoning_tokens'), count),
    ...anyOf('feature', ['resource.attributes.service.name', ...under('service.name')], text),
    ...anyOf('user', under('enduser.id', 'user.id'), text),
    ...anyOf('agent', under('gen_ai.agent.name', 'gen_ai.agent.id'), text),
    {
      field: 'status',
      from: ['status.code', 'status.status_code'],
      cast: 'enum',
      values: FAILED,
      when: { column: ['status.code', 'status.status_code'], is: Object.keys(FAILED) },
    },
    // Whatever the error is called, a call that has one has failed.
    ...ERROR.flatMap((error) =>
      OPERATION.map((operation) => ({
        field: 'status' as const,
        from: [operation],
        cast: 'enum' as const,
        values: Object.fromEntries(CALLS.map((call) => [call, 500])),
        when: { column: [error], is_not: [''] },
      })),
    ),
    ...ERROR.map((error) => ({
      field: 'status' as const,
      from: [error],
      ...count,
      when: { column: [error], is: ERROR_CODES },
    })),
    ...anyOf('ttft_ms', under('gen_ai.response.time_to_first_chunk'), { cast: 'decimal', unit: 's' }),
  ],
  skips: [
    {
      tests: [{ column: OPERATION, is_not: ['', ...CALLS] }],
      reason: 'spans around model calls, as agents and tools, which repeat their usage',
    },
    { tests: [...allEmpty([...INPUT, ...OUTPUT]), ...allEmpty(OPERATION)], reason: NO_USAGE },
    { tests: [...allEmpty([...INPUT, ...OUTPUT]), ...allEmpty(ERROR)], reason: NO_USAGE },
  ],
  input_includes: ['cache_read', 'cache_write', 'audio'],
  output_includes: ['reasoning'],
  dialects: [
    {
      reason: 'with more cached than input tokens in a span, so that input is what was not cached',
      tells: (cell) => {
        const most = (names: readonly string[]) => Math.max(...names.map((name) => Number(cell(name) ?? 0)));
        return most(READ) + most(WRITTEN) > most(INPUT);
      },
      change: {
        input_includes: [],
        settles: ['input tokens do not include cached ones', 'the model is the one that the response names'],
      },
    },
  ],
  clock: 'absolute',
  settles: [
    'input tokens include cached ones and output tokens include reasoning; they are taken out',
    'cache writes are taken to last five minutes',
    'the model is the one that the response names',
  ],
  warns_of_unknown_columns: false,
};
