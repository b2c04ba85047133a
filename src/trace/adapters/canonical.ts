/**
 * The project's own trace format: CSV with a header, columns in any order, counts exclusive (a token that was read from
 * the cache is not in `input_tokens` too; a reasoning token is not in `output_tokens` too).
 *
 * Needed: `input_tokens`, `output_tokens`. Recommended: `time` (ISO 8601, UTC unless an offset says otherwise) or
 * `time_ms` (milliseconds since 1970). The other columns are the rules below; an empty optional cell is 0 or not known.
 * Rows of a replay or a router tell more than is read here; what the router answered from its own cache asked no seller.
 */
import { COUNT_METERS, type CountMeter, SERVICE_TIERS } from '../../meters.ts';
import type { Adapter, ColumnRule } from '../adapter.ts';
import { ATTEMPT_DETAILS, CACHED, ROUTER_DETAILS } from '../attempt-columns.ts';
import { SERVED_FROM_CACHE } from './gateway-words.ts';

const NEEDED: ReadonlySet<CountMeter> = new Set(['input_tokens', 'output_tokens']);

export const canonical: Adapter = {
  format: 'tollgate',
  title: 'Tollgate trace',
  containers: ['csv', 'json', 'parquet'],
  detect: ['input_tokens', 'output_tokens'],
  rules: [
    { field: 'time_ms', from: ['time'], cast: 'instant', unit: 'iso', required: true },
    { field: 'time_ms', from: ['time_ms'], cast: 'instant', unit: 'ms', required: true },
    { field: 'until_ms', from: ['until'], cast: 'instant', unit: 'iso' },
    { field: 'requests', from: ['requests'], cast: 'integer' },
    { field: 'seller', from: ['seller'], cast: 'text' },
    { field: 'model', from: ['model'], cast: 'text' },
    { field: 'tier', from: ['tier'], cast: 'enum', values: Object.fromEntries(SERVICE_TIERS.map((t) => [t, t])) },
    ...COUNT_METERS.map(
      (field): ColumnRule => ({ field, from: [field], cast: 'integer', required: NEEDED.has(field) }),
    ),
    { field: 'feature', from: ['feature'], cast: 'text' },
    { field: 'user', from: ['user'], cast: 'text' },
    { field: 'team', from: ['team'], cast: 'text' },
    { field: 'agent', from: ['agent'], cast: 'text' },
    { field: 'status', from: ['status'], cast: 'integer' },
    { field: 'latency_ms', from: ['latency_ms'], cast: 'decimal', unit: 'ms' },
    { field: 'ttft_ms', from: ['ttft_ms'], cast: 'decimal', unit: 'ms' },
    { field: 'hash_chain', from: ['hash_chain'], cast: 'integer_list' },
    { field: 'context_from_tokens', from: ['context_from_tokens'], cast: 'integer' },
    { field: 'billed_nano_usd', from: ['billed_usd'], cast: 'money', unit: 'usd' },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  skips: [{ tests: [{ column: ['outcome'], is: [CACHED] }], reason: SERVED_FROM_CACHE }],
  not_read: [...ATTEMPT_DETAILS, ...ROUTER_DETAILS, 'prompt'],
  warns_of_unknown_columns: true,
};
