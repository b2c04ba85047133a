/**
 * DeepSeek's export of a period, a ZIP to unpack: `amount-*.csv` counts requests and tokens, `cost-*.csv` says what was
 * billed; both by hour or day, model and key. The platform's usage page writes it.
 *
 * Traps: a row counts one thing, named in `type`, so requests and tokens of one bucket lie in different rows; times carry the
 * account's own offset, as +08:00; exports before 2026-08 have `utc_date` instead; accounts are billed in CNY or in USD.
 * `price` is the price of one token in the account's currency and is not read. Reasoning tokens are part of the output.
 *
 * Source: platform.deepseek.com, as three third-party importers read it.
 */
import { MS_PER_DAY } from '../../units.ts';
import type { Adapter, ColumnRule, RequestField } from '../adapter.ts';

const TYPES = {
  request_count: 'requests',
  input_cache_miss_tokens: 'input_tokens',
  input_cache_hit_tokens: 'cache_read_tokens',
  output_tokens: 'output_tokens',
} as const satisfies Readonly<Record<string, RequestField>>;

const START = ['start_time_iso', 'utc_date'];

const TIMES: readonly ColumnRule[] = [
  { field: 'time_ms', from: START, cast: 'instant', unit: 'date', required: true },
  { field: 'until_ms', from: ['end_time_iso'], cast: 'instant', unit: 'iso', required: true },
];

export const deepseekAmount: Adapter = {
  format: 'deepseek-amount',
  title: 'DeepSeek usage (amount CSV)',
  containers: ['csv'],
  detect: [START.join('|'), 'model', 'type', 'amount'],
  rules: [
    ...TIMES,
    { field: 'model', from: ['model'], cast: 'text' },
    ...Object.entries(TYPES).map(
      ([type, field]): ColumnRule => ({
        field,
        from: ['amount'],
        cast: 'integer',
        required: true,
        when: { column: ['type'], is: [type] },
      }),
    ),
    { field: 'user', from: ['api_key_name'], cast: 'text' },
  ],
  constants: { seller: 'deepseek', requests: 0 },
  skips: [
    {
      tests: [{ column: ['type'], is_not: Object.keys(TYPES) }],
      reason: `rows of another type than ${Object.keys(TYPES).join(', ')}`,
    },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  bucket_ms: MS_PER_DAY,
  settles: [
    'tokens read from cache and others are counted in rows of their own; nothing is taken out',
    'times are read with their offset; a day of utc_date is a day in UTC',
    'reasoning tokens are part of output_tokens and are not told apart',
  ],
  warns_of_unknown_columns: false,
};

export const deepseekCost: Adapter = {
  format: 'deepseek-cost',
  title: 'DeepSeek costs (cost CSV)',
  containers: ['csv'],
  detect: [START.join('|'), 'model', 'cost', 'currency'],
  rules: [
    ...TIMES,
    { field: 'model', from: ['model'], cast: 'text' },
    { field: 'billed_nano_usd', from: ['cost'], cast: 'money', unit: 'usd', required: true },
  ],
  constants: { seller: 'deepseek', requests: 0 },
  skips: [
    { tests: [{ column: ['currency'], is: ['cny'] }], reason: 'amounts in CNY, which are not converted' },
    { tests: [{ column: ['currency'], is_not: ['usd'] }], reason: 'amounts in another currency than USD' },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  bucket_ms: MS_PER_DAY,
  billed: 'invoiced',
  settles: [
    'rows say what was billed and count no token; what was paid from a granted balance counts too',
    'amounts are read in USD alone; those in CNY are left out',
  ],
  warns_of_unknown_columns: false,
};
