/**
 * claims.json: every claim of a folder of scenarios with its verdict, and the working by which it can be derived again.
 *
 * Statements are those of the ledger, in the order of their numbers; `claims` and `runs` are referred to by place. Every
 * `_usd` is US dollars, not rounded. A series is one number, or one per month where months differ. null: not known.
 * Nothing in it depends on the clock: the same scenarios, traffic and prices give the same bytes.
 */
import * as z from 'zod';
import { COMPONENTS } from '../report/contract.ts';

export const LEDGER_SCHEMA_VERSION = 1;

const verdict = z.enum(['holds', 'fails', 'unknown']);
const overall = z.enum(['holds', 'fails', 'holds_where', 'unknown']);
const series = z.union([z.number(), z.array(z.number())]);
const value = z.union([z.number(), z.string(), z.null()]).describe('null: not known; never: no such month');
const component = z.enum(COMPONENTS);
const sourced = z.strictObject({ text: z.string(), source: z.string() });

const accountLine = z.strictObject({
  component,
  label: z.string(),
  cash: z.boolean(),
  timing: z.enum(['start', 'monthly']).describe('start: once, in the first month of its window'),
  months: z.strictObject({ from: z.int(), until: z.int() }).describe('Window in which it applies, half-open, from 0'),
  formula: z.string().describe('In terms of the inputs; evaluated per month'),
  inputs: z
    .record(z.string(), z.strictObject({ value: series, unit: z.string(), source: z.string() }))
    .describe('Values in the window'),
  amounts_usd: series.describe('By month of the window; for a start line its one amount'),
  total_usd: z.number().describe('Sum of the amounts over the window'),
  npv_usd: z.number().describe('Sum of amount x discount factor'),
});

const account = z.strictObject({
  strategy: z.string(),
  title: z.string(),
  npv_usd: z.number().describe('Sum of its lines, discounted'),
  cash_npv_usd: z.number().describe('The same of its cash lines'),
  total_usd: z.number().describe('Sum of its lines, undiscounted'),
  cash_usd: z.number().describe('The same of its cash lines'),
  components: z.array(z.strictObject({ component, total_usd: z.number(), npv_usd: z.number() })),
  lines: z.array(accountLine),
});

const run = z.strictObject({
  file: z.string(),
  name: z.string(),
  variant: z.strictObject({ id: z.string(), title: z.string(), source: z.string().optional() }).nullable(),
  command: z.string().describe('Writes the report of this run'),
  start: z.string().describe('First month, YYYY-MM'),
  horizon_months: z.int(),
  discount_rate_per_year: z.number(),
  discount_factors: z
    .array(z.number())
    .describe(
      'Worth, at the start, of a dollar at the end of each month; start lines of month m take that of month m - 1',
    ),
  baseline: z.string(),
  ranking: z.array(
    z.strictObject({
      strategy: z.string(),
      npv_usd: z.number().nullable(),
      not_ranked: z.string().optional().describe('Why it can’t be recommended'),
    }),
  ),
  accounts: z.array(account).describe('Of the strategies that claims rest on'),
});

const axis = z.strictObject({
  path: z.string(),
  unit: z.string(),
  from: z.number(),
  to: z.number(),
  at: z.number().describe('Where the scenario stands'),
});

const stretch = z.strictObject({ from: z.number(), to: z.number(), verdict });

const claim = z.strictObject({
  run: z.int().describe('Place in `runs`'),
  id: z.string(),
  of: z.string().nullable(),
  as: z.enum(['stated', 'corrected']),
  text: z.string(),
  source: z.string(),
  restated: z.string().nullable(),
  expression: z.string(),
  verdict: overall,
  here: verdict.describe('Where the scenario stands'),
  words: z.string().describe('The verdict in words, with its boundary'),
  share_fraction: z.number().nullable().describe('Of the range over which it is judged; null: nothing varies'),
  over: z.array(axis),
  boundary: z
    .array(z.strictObject({ values: z.array(z.number()), below: verdict, above: verdict }))
    .describe('Values of the inputs in `over` at which the verdict changes along the first'),
  stretches: z.array(stretch).describe('Over one input: the whole range'),
  rows: z
    .array(z.strictObject({ at: z.number(), stretches: z.array(stretch) }))
    .describe('Over two inputs: along the first, at rising values of the second'),
  because: z.string().nullable(),
  wrong: z.array(z.strictObject({ said: z.string(), is: z.string(), source: z.string() })),
  published: z.strictObject({ for: z.array(sourced), against: z.array(sourced) }),
  comparisons: z.array(
    z.strictObject({
      left: z.string(),
      operator: z.string(),
      right: z.string(),
      left_value: value,
      right_value: value,
      verdict,
    }),
  ),
  figures: z.array(z.strictObject({ name: z.string(), unit: z.string(), value, source: z.string().optional() })),
});

const statement = z.strictObject({
  number: z.string().nullable().describe('null: the claim names no number of the ledger'),
  text: z.string(),
  source: z.string(),
  verdict: overall.describe('Of its first corrected claim, else of its first'),
  words: z.string(),
  decided_by: z.string(),
  claims: z.array(z.int()).describe('Places in `claims`; the first is the one that its verdict is taken from'),
});

export const ledgerContract = z.strictObject({
  schema_version: z.literal(LEDGER_SCHEMA_VERSION),
  version: z.string(),
  price_book_sha256: z.string(),
  statements: z.array(statement),
  claims: z.array(claim),
  runs: z.array(run),
  problems: z.array(z.strictObject({ file: z.string(), messages: z.array(z.string()) })),
});

export type Ledger = z.infer<typeof ledgerContract>;
export type LedgerStatement = z.infer<typeof statement>;
export type LedgerClaim = z.infer<typeof claim>;
export type LedgerRun = z.infer<typeof run>;
export type Account = z.infer<typeof account>;
export type AccountLine = z.infer<typeof accountLine>;
export type Series = z.infer<typeof series>;
