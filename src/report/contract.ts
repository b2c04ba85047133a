/**
 * report.json: everything that a report shows, and nothing else. Versioned; later versions only add fields.
 *
 * Every `_usd` figure is US dollars. Amounts are not rounded. `null` stands for what can't be said because usage is
 * unpriced: it is never 0. Months are counted from 0 (the scenario's `start`).
 */
import * as z from 'zod';
import { responseCacheTable } from '../replay/caches/cache-study-result.ts';
import { SAVERS } from '../replay/savings.ts';
import { attribution, route } from './attribution-contract.ts';
import { bestMap } from './map-contract.ts';
import { uncertainty } from './uncertainty-contract.ts';

export const SCHEMA_VERSION = 1;

export const COMPONENTS = [
  'token_charges',
  'gateway_fees',
  'infrastructure',
  'engineering',
  'commitments',
  'credits',
  'outages',
  'latency',
  'quality',
  'early_access',
] as const;
export type Component = (typeof COMPONENTS)[number];

const usd = z.number().nullable();
const component = z.enum(COMPONENTS);

export const reportInput = z.strictObject({
  value: z.number().optional().describe('One value for all months'),
  values: z.array(z.number()).optional().describe('One value per month'),
  unit: z.string(),
  source: z.string(),
});

export const lineItem = z.strictObject({
  component,
  label: z.string(),
  timing: z.enum(['start', 'monthly']).describe('start: once, in the first month of its window'),
  months: z.strictObject({ from: z.int(), until: z.int() }).describe('Window in which it applies, half-open'),
  amounts_usd: z.array(z.number()).describe('One amount per month of the horizon; 0 outside the window'),
  cash: z.boolean().describe('false: value lost or gained, which no invoice shows'),
  formula: z.string().describe('In terms of the inputs; evaluated per month'),
  inputs: z.record(z.string(), reportInput),
  route: z.int().optional().describe('Index in `routes` of its strategy, where it is for the tokens of one of them'),
});

const choice = z.strictObject({
  need: z.string(),
  required: z.boolean(),
  answer: z.enum(['brought', 'already_built', 'built', 'done_without']),
  reason: z.string(),
});

const optimised = z.strictObject({
  decision: z.enum(['change_over', 'commitment']),
  label: z.string(),
  unit: z.enum(['month', 'USD/month']),
  value: z.number().describe('Months after the start, 0 at once, the horizon never; or the level committed to'),
  npv_usd: z.number(),
  simplest: z.string().describe('Strategy that is its special case: one phase alone, or no commitment'),
  simplest_npv_usd: z.number(),
  material: z.boolean().describe('Whether it saves enough to be recommended over its special case'),
  flat: z.strictObject({ from: z.number(), until: z.number() }).describe('Cost within the materiality of the least'),
  tried: z.array(z.strictObject({ value: z.number(), npv_usd: z.number() })).describe('Every value tried, rising'),
  reason: z.string(),
});

const split = z.strictObject({
  by: z.enum(['model', 'feature', 'prompt_size', 'share']),
  routes: z.array(z.strictObject({ of: z.string(), via: z.string() })),
  simplest: z
    .string()
    .nullable()
    .describe('The cheapest of what it splits between, with all traffic; null: none is priced'),
  simplest_npv_usd: usd,
  material: z.boolean().describe('Whether it saves enough to be recommended over that'),
  plans_tried: z.int(),
  exact: z.boolean().describe('false: there were more plans than could all be tried'),
  reason: z.string(),
});

const strategy = z.strictObject({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  excluded: z.string().optional().describe('Why a constraint rules it out; it is shown and not ranked'),
  comes_to: z.string().optional().describe('The one phase that it runs in all months; it is shown and not ranked'),
  unranked: z
    .string()
    .optional()
    .describe('As what the scenario keeps it out of the ranking, such as a part of others; it is shown and not ranked'),
  total_usd: usd.describe('Economic total over the horizon, undiscounted: cash plus value lost'),
  cash_usd: usd.describe('Cash part of the total'),
  npv_usd: usd.describe('Economic total discounted to the start: what the ranking uses'),
  cash_npv_usd: usd,
  monthly_usd: z.array(usd),
  by_component: z.partialRecord(component, usd),
  choices: z.array(choice),
  routes: z.array(route).optional().describe('How its traffic goes: which models, through what, and who invoices'),
  optimised: z.array(optimised).optional().describe('What was searched: chosen once at central values, then held'),
  split: split.optional().describe('A hybrid whose rules were searched'),
  line_items: z.array(lineItem),
});

const crossing = z.strictObject({
  value: z.number(),
  kind: z.enum(['continuous', 'jump', 'tie_from', 'tie_until']),
  cheaper_below: z.string().optional().describe('Strategy that is cheaper just below the value'),
  cheaper_above: z.string().optional().describe('Strategy that is cheaper just above the value'),
});

export const DRIVERS = ['month', 'volume', 'markup', 'hourly_rate'] as const;

const breakEven = z.strictObject({
  a: z.string(),
  b: z.string(),
  driver: z.enum(DRIVERS),
  unit: z.string(),
  subjects: z.array(z.string()).optional().describe('Gateways whose markup the driver is'),
  range: z.strictObject({ from: z.number(), until: z.number() }),
  at: z.number().describe("The scenario's own value of the driver"),
  crossings: z.array(crossing),
  verdict: z.string().describe('The same in words, "never" and by how much included'),
  complete: z.boolean().describe('false: the search stopped at its limit, there may be more crossings'),
});

/** Net present cost of every strategy along one driver: the lines of the cost-against-volume chart. */
const sweep = z.strictObject({
  driver: z.enum(DRIVERS),
  unit: z.string(),
  values: z.array(z.number()),
  npv_usd: z.record(z.string(), z.array(z.number())),
});

const assumption = z.strictObject({
  path: z.string(),
  value: z.number(),
  unit: z.string(),
  range: z.string().optional().describe('As a distribution, in words'),
  source: z.string(),
  as_of: z.string().optional(),
  given: z.boolean().describe('true: the scenario states it; false: a stated default of the project'),
});

const unpricedItem = z.strictObject({
  model: z.string(),
  reason: z.string(),
  requests: z.int(),
  strategies: z.array(z.string()).describe('Strategies whose totals it touches'),
});

const verdict = z.enum(['holds', 'fails', 'unknown']);
const figureValue = z.union([z.number(), z.string(), z.null()]).describe('null: not known; never: no such month');

const finding = z.strictObject({ text: z.string(), source: z.string() });

const claim = z.strictObject({
  id: z.string(),
  text: z.string(),
  source: z.string(),
  expression: z.string(),
  verdict: z.enum(['holds', 'fails', 'holds_where', 'unknown']),
  here: verdict.describe('Where the scenario stands'),
  share_fraction: z.number().nullable().describe('Of the range over which it is judged; null: nothing varies'),
  unknown_fraction: z.number().nullable().describe('Part of the range in which a figure that it needs is not known'),
  over: z.array(
    z.strictObject({
      path: z.string(),
      unit: z.string(),
      from: z.number(),
      to: z.number(),
      range: z.enum(['stated', 'distribution', 'usual']),
    }),
  ),
  boundary: z
    .array(
      z.strictObject({
        values: z.array(z.number()).describe('Of the inputs of `over`, in their order'),
        below: verdict.describe('At smaller values of the first'),
        above: verdict.describe('At larger values of the first'),
      }),
    )
    .describe('Where the verdict changes'),
  where: z.string().describe('The verdict in words'),
  of: z.string().optional().describe('Number of the statement in the ledger of claims'),
  as: z.enum(['stated', 'corrected']).optional().describe('Whose figures: the document’s, or sourced ones'),
  restated: z.string().optional().describe('What is judged in its place'),
  because: z.string().optional(),
  wrong: z
    .array(z.strictObject({ said: z.string(), is: z.string(), source: z.string() }))
    .optional()
    .describe('Figures that the document got wrong'),
  published: z
    .strictObject({ for: z.array(finding), against: z.array(finding) })
    .optional()
    .describe('Evidence from elsewhere'),
  evidence: z.array(z.strictObject({ name: z.string(), unit: z.string(), value: figureValue })),
});

const diagnostic = z.strictObject({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  path: z.string(),
  message: z.string(),
});

const fact = z.strictObject({
  about: z.enum(['gateway', 'seller']),
  id: z.string(),
  name: z.string(),
  as_of: z.string(),
  age_days: z.int().describe("Counted to the scenario's start"),
  confidence: z.enum(['high', 'medium', 'low', 'none']),
  stated: z.boolean().describe('Whether the scenario states a part of it'),
  unverified: z.array(z.string()),
  sources: z.array(z.string()),
});

const tokens = z.strictObject({ input: z.int(), cache_read: z.int(), cache_write: z.int(), output: z.int() });

export const BILLED_BASES = ['invoiced', 'estimated', 'list', 'mixed'] as const;

const billed = z.strictObject({
  basis: z.enum(BILLED_BASES).describe('invoiced; estimated by the log; list prices; mixed: files of several kinds'),
  billed_usd: z.number(),
  computed_usd: z.number().describe('At the list prices of the price book, of models whose usage has a price'),
  unbilled_requests: z.int().describe('Requests without a billed cost, left out of the comparison'),
  unbilled_models: z.array(z.string()).describe('Models with usage that is left out of it'),
  unbilled_days: z.int().describe('Days of usage outside the span that the bill covers'),
  models: z.array(
    z.strictObject({
      model: z.string(),
      requests: z.int().nullable().describe('null: the log counts none'),
      billed_usd: z.number(),
      computed_usd: usd,
      difference_usd: usd,
      explanation: z.string().optional().describe('What would explain it; arithmetic that fits, not a proof'),
    }),
  ),
  gap_days: z
    .array(
      z.strictObject({
        model: z.string(),
        date: z.string(),
        billed_usd: z.number(),
        computed_usd: z.number(),
        difference_usd: z.number(),
      }),
    )
    .describe('Days that differ most'),
  gap_rows: z
    .array(
      z.strictObject({
        file: z.string(),
        line: z.int(),
        model: z.string(),
        billed_usd: z.number(),
        computed_usd: z.number(),
      }),
    )
    .describe('Rows that differ most; none where rows were summed'),
});

const spread = z
  .strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), mean: z.number(), requests: z.int() })
  .nullable()
  .describe('Milliseconds; null: no latency is known');

const replayed = z.strictObject({
  strategy: z.string(),
  requests: z.int().describe('Of the measured window; each ends in exactly one outcome'),
  outcomes: z.record(z.string(), z.int()),
  reasons: z.record(z.string(), z.int()).describe('Of requests that were not served'),
  attempts: z.int(),
  attempts_by: z.array(z.strictObject({ route: z.string(), status: z.string(), attempts: z.int() })),
  served_after_failure: z.int(),
  billed_failures: z.int(),
  duplicates: z.int().describe('Sent again by clients that did not wait'),
  unknown_latency: z.int().describe('Served, by a route whose latency is not stated'),
  latency: spread.describe('Until the answer'),
  first_token: spread,
  task_latency: spread.describe('Until the end of a task, where agents make several calls in a row'),
  batch_latency: spread.describe('Until the deadline, of requests that wait for a batch'),
  service_levels: z.array(
    z.strictObject({
      measure: z.enum(['first_token', 'answer']),
      within_ms: z.number(),
      share_fraction: z.number().optional(),
      requests: z.int(),
      missed: z.int(),
    }),
  ),
  savings: z
    .array(
      z.strictObject({
        saver: z.enum(SAVERS),
        requests: z.int(),
        of_requests: z.int(),
        prompt_tokens: z.int(),
        of_prompt_tokens: z.int(),
        saved_usd: usd,
        of_usd: usd.describe('Its baseline: what would be paid without it, with those before it'),
      }),
    )
    .describe('In this order; each works on what the one before left. Measured window, list prices of the start'),
  other_caches: responseCacheTable
    .optional()
    .describe('What response caches of other sizes and lives would have hit; absent: prompts are not known'),
  assumed: z
    .array(z.strictObject({ what: z.string(), share: z.number(), range: z.string().optional() }))
    .describe('Shares that stand in for what the traffic can’t tell'),
  batch_by_feature: z.array(z.strictObject({ feature: z.string(), requests: z.int(), of_requests: z.int() })),
});

export const reportContract = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  scenario: z.strictObject({ name: z.string(), question: z.string(), hash: z.string(), notes: z.array(z.string()) }),
  seed: z.int(),
  start: z.string().describe('First month, YYYY-MM'),
  horizon_months: z.int(),
  currency: z.string(),
  discount_rate_per_year: z.number(),
  baseline: z.string(),
  traffic: z.strictObject({
    source: z.string().describe('What was read, in words'),
    requests: z.int(),
    failed_requests: z.int(),
    rejected: z.int(),
    window: z.strictObject({ from: z.string(), until: z.string(), hours: z.number() }),
    tokens: tokens.describe('Exclusive counts; output includes reasoning'),
    models: z.array(z.strictObject({ model: z.string(), requests: z.int(), tokens })),
    features: z.array(z.strictObject({ feature: z.string(), requests: z.int(), tokens })),
    monthly_requests: z.array(z.number()),
    billed: billed.optional().describe('What the log says was billed, beside what the price book says'),
  }),
  strategies: z.array(strategy),
  attribution: attribution.optional().describe('What each model and feature costs under each strategy'),
  break_even: z.array(breakEven),
  sweeps: z.array(sweep),
  replays: z.array(replayed).optional().describe('What happens to each request under each replayed strategy'),
  recommendation: z.strictObject({
    strategy: z.string().nullable(),
    saving_usd: z.number().nullable().describe('Discounted, over the horizon, against `versus`'),
    versus: z.string().nullable().describe('The baseline, or the next best where the baseline is recommended'),
    reasons: z.array(z.string()),
    would_change_if: z.array(z.string()),
    cash_only_strategy: z.string().nullable().describe('What cash alone would recommend'),
  }),
  uncertainty: uncertainty
    .optional()
    .describe('How sure the answer is; absent: nothing is uncertain, or no draws were asked for'),
  best_map: bestMap
    .optional()
    .describe('Absent: fewer than two inputs can vary, or fewer than two strategies are ranked'),
  claims: z.array(claim).optional().describe('Statements of the scenario, put to the test'),
  unpriced: z.array(unpricedItem),
  assumptions: z.array(assumption),
  diagnostics: z.array(diagnostic),
  facts: z.array(fact).optional().describe('What is known of the gateways and sellers that the scenario uses'),
  provenance: z.strictObject({
    version: z.string(),
    inputs: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
    price_book: z.strictObject({
      sha256: z.string(),
      newest_on: z.string(),
      prices: z.array(
        z.strictObject({
          model: z.string(),
          source: z.string(),
          as_of: z.string(),
          age_days: z.int().describe("Counted to the scenario's start"),
        }),
      ),
    }),
    command: z.string().describe('How to get the same report again'),
  }),
});

export type Report = z.infer<typeof reportContract>;
export type ReportReplay = z.infer<typeof replayed>;
export type ReportBilled = z.infer<typeof billed>;
export type ReportStrategy = Report['strategies'][number];
export type ReportLineItem = z.infer<typeof lineItem>;
export type ReportBreakEven = Report['break_even'][number];
export type { ReportMap } from './map-contract.ts';
export type ReportClaim = z.infer<typeof claim>;
export type Crossing = z.infer<typeof crossing>;
export type Driver = (typeof DRIVERS)[number];
