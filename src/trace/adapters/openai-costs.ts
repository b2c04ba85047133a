/**
 * OpenAI's costs of an organisation, a day a row: what was billed, and no token. From `GET /v1/organization/costs` (best
 * with `group_by=line_item`), or the dashboard's export of costs as CSV.
 *
 * Traps: the model stands in `line_item` before a comma ("gpt-5-nano, input_tokens"), or nowhere; empty buckets come as rows
 * with blank cells; amounts have up to 30 decimals; ISO times come with and without offset in one file.
 *
 * Source: openai/openai-openapi openapi.yaml@f85dbe22, CostsResult; the CSV's header from a third party's fixture of 2026-09.
 */
import type { Adapter } from '../adapter.ts';
import { OPENAI_OWNERS, OPENAI_TIMES } from './openai-usage.ts';

const AMOUNT = ['amount_value', 'amount.value'];
const CURRENCY = ['amount_currency', 'amount.currency'];

export const openaiCosts: Adapter = {
  format: 'openai-costs',
  title: 'OpenAI costs (JSON pages or CSV)',
  containers: ['json', 'csv'],
  detect: ['start_time|start_time_iso', 'end_time|end_time_iso', AMOUNT.join('|'), CURRENCY.join('|')],
  rules: [
    ...OPENAI_TIMES,
    { field: 'model', from: ['line_item'], cast: 'text', take: 'before_comma' },
    { field: 'billed_nano_usd', from: AMOUNT, cast: 'money', unit: 'usd', required: true },
    ...OPENAI_OWNERS,
  ],
  constants: { seller: 'openai', requests: 0 },
  skips: [
    { tests: [{ column: AMOUNT, is: [''] }], reason: 'empty buckets' },
    { tests: [{ column: CURRENCY, is_not: ['usd', ''] }], reason: 'amounts in another currency than USD' },
  ],
  input_includes: [],
  output_includes: [],
  clock: 'absolute',
  billed: 'invoiced',
  settles: [
    'rows say what was billed and count no token',
    'the model is what stands before the comma in line_item',
    'times without a zone are read as UTC',
  ],
  warns_of_unknown_columns: false,
};
