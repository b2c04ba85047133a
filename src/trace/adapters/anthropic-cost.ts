/**
 * Anthropic's costs of an organisation, a day a row and kind of token: what was billed, and no token. The Console's export as
 * CSV, and the Admin API, `GET /v1/organizations/cost_report` (best with `group_by[]=description`).
 *
 * Traps: the CSV names models for people ("Claude Haiku 4.5") and rounds to cents, so that small keys show 0.00; the API
 * writes decimal cents as text ("123.45" is 1.23 USD). The Priority tier never appears. `list_price_usd` is not read.
 *
 * Source: platform.claude.com/docs/en/api/admin/cost_report; the CSV's header from axigatelabs/axigate-finops (2026-08).
 */
import { MS_PER_DAY } from '../../units.ts';
import type { Adapter } from '../adapter.ts';

export const anthropicCost: Adapter = {
  format: 'anthropic-cost',
  title: 'Anthropic Console cost (CSV)',
  containers: ['csv'],
  detect: ['usage_date_utc', 'cost_usd'],
  rules: [
    { field: 'time_ms', from: ['usage_date_utc'], cast: 'instant', unit: 'date', required: true },
    { field: 'model', from: ['model'], cast: 'slug' },
    { field: 'billed_nano_usd', from: ['cost_usd'], cast: 'money', unit: 'usd', required: true },
    { field: 'team', from: ['workspace'], cast: 'text' },
    { field: 'user', from: ['api_key'], cast: 'text' },
  ],
  constants: { seller: 'anthropic', requests: 0 },
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  bucket_ms: MS_PER_DAY,
  billed: 'invoiced',
  settles: [
    'rows say what was billed, rounded to cents, and count no token',
    'model names for people are read as ids: "Claude Haiku 4.5" as claude-haiku-4.5',
    'list_price_usd, the price before discounts, is not read',
  ],
  warns_of_unknown_columns: false,
};

export const anthropicCostApi: Adapter = {
  format: 'anthropic-cost-api',
  title: 'Anthropic Admin API cost report (JSON)',
  containers: ['json'],
  detect: ['starting_at', 'amount', 'currency'],
  rules: [
    { field: 'time_ms', from: ['starting_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'until_ms', from: ['ending_at'], cast: 'instant', unit: 'iso', required: true },
    { field: 'model', from: ['model'], cast: 'text' },
    { field: 'billed_nano_usd', from: ['amount'], cast: 'money', unit: 'usd_cents', required: true },
    { field: 'team', from: ['workspace_id'], cast: 'text' },
  ],
  constants: { seller: 'anthropic', requests: 0 },
  skips: [{ tests: [{ column: ['currency'], is_not: ['usd'] }], reason: 'amounts in another currency than USD' }],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  billed: 'invoiced',
  settles: ['amounts are in cents', 'rows say what was billed and count no token'],
  warns_of_unknown_columns: false,
};
