/**
 * Helicone: one row per request. `helicone` is what its export tool writes, CSV or JSON (lines), from the interface
 * `query-clickhouse`; `heliconeClickhouse` is the table request_response_rmt of a self-hosted installation.
 *
 * Cached tokens stand beside prompt_tokens (Helicone's readers of answers take them out), in JSON alone; the CSV has none.
 * The CSV's latency and cost are often blank, since the tool looks them up under other names. ClickHouse has the cost in
 * billionths of a dollar. Negative statuses are Helicone's own. Unverified: which negative number means what; whether old
 * rows of OpenAI still include cached tokens; where reasoning is counted, so that it is not told apart.
 *
 * Source: https://github.com/Helicone/helicone, examples/export/typescript/index.ts @ 05a819cb, packages/cost/usage @
 * 05291bc7 and COST_PRECISION_MULTIPLIER in packages/cost.
 */
import type { Adapter, ColumnRule, RowTest } from '../adapter.ts';
import { anyOf, SELLER_WORDS, SERVED_FROM_CACHE } from './gateway-words.ts';

const OWN_STATUSES = { '-1': 504, '-3': 499, '-4': 403 } as const;
const PENDING = ['-2'];
const NO_REFERENCE = ['', '00000000-0000-0000-0000-000000000000'];

const statusFrom = (column: string): ColumnRule[] => [
  {
    field: 'status',
    from: [column],
    cast: 'enum',
    values: OWN_STATUSES,
    when: { column: [column], is: Object.keys(OWN_STATUSES) },
  },
  {
    field: 'status',
    from: [column],
    cast: 'integer',
    when: { column: [column], is_not: ['', ...Object.keys(OWN_STATUSES), ...PENDING] },
  },
];

const rulesWith = (status: string, billed: readonly ColumnRule[]): readonly ColumnRule[] => [
  { field: 'time_ms', from: ['request_created_at'], cast: 'instant', unit: 'iso', required: true },
  { field: 'seller', from: ['provider'], cast: 'text', values: SELLER_WORDS, when: KNOWN_PROVIDER },
  ...anyOf('model', ['response_model', 'model_override', 'model', 'request_model'], { cast: 'text' }),
  { field: 'input_tokens', from: ['prompt_tokens'], cast: 'integer' },
  { field: 'cache_read_tokens', from: ['prompt_cache_read_tokens'], cast: 'integer' },
  { field: 'cache_write_5m_tokens', from: ['prompt_cache_write_tokens'], cast: 'integer' },
  { field: 'output_tokens', from: ['completion_tokens'], cast: 'integer' },
  { field: 'user', from: ['request_user_id', 'user_id'], cast: 'text' },
  ...statusFrom(status),
  { field: 'latency_ms', from: ['delay_ms', 'latency'], cast: 'decimal', unit: 'ms' },
  { field: 'ttft_ms', from: ['time_to_first_token'], cast: 'decimal', unit: 'ms' },
  ...billed,
];

const KNOWN_PROVIDER: RowTest = { column: ['provider'], is_not: ['', 'custom'] };
const NANO: ColumnRule = { field: 'billed_nano_usd', from: ['cost'], cast: 'money', unit: 'usd_nano' };
const CACHED_APART = 'prompt tokens do not include cached ones, which stand beside them';
const IN_NANO = "cost is Helicone's estimate in billionths of a dollar";

const shared = {
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  billed: 'estimated',
  warns_of_unknown_columns: false,
} as const;

const skipsWith = (status: string) => [
  { tests: [{ column: ['cache_reference_id'], is_not: NO_REFERENCE }], reason: SERVED_FROM_CACHE },
  { tests: [{ column: [status], is: PENDING }], reason: 'requests without an answer yet' },
];

const usdRules: readonly ColumnRule[] = anyOf('billed_nano_usd', ['costUSD', 'cost'], { cast: 'money', unit: 'usd' });

/** A request for ten thousand dollars is none in dollars. */
const LEAST_NANO = 10_000;

export const helicone: Adapter = {
  ...shared,
  format: 'helicone-export',
  title: 'Helicone request export',
  containers: ['csv', 'json'],
  detect: ['request_created_at', 'response_status', 'prompt_tokens', 'completion_tokens'],
  rules: rulesWith('response_status', usdRules),
  skips: skipsWith('response_status'),
  dialects: [
    {
      reason: 'with a cost too high to be in dollars, so that it is in billionths of one',
      tells: (cell) => Number(cell('cost') ?? 0) >= LEAST_NANO,
      change: { rules: rulesWith('response_status', [NANO]), settles: [CACHED_APART, IN_NANO] },
    },
  ],
  settles: [CACHED_APART, "cost is Helicone's estimate in USD; an export may leave it blank"],
};

export const heliconeClickhouse: Adapter = {
  ...shared,
  format: 'helicone-clickhouse',
  title: 'Helicone table request_response_rmt',
  containers: ['csv', 'json'],
  detect: ['request_created_at', 'response_created_at', 'status', 'prompt_tokens', 'completion_tokens', 'cost'],
  rules: rulesWith('status', [NANO]),
  skips: skipsWith('status'),
  settles: [CACHED_APART, IN_NANO],
};
