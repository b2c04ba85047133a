/**
 * report.json: everything that a report shows, and nothing else. Versioned; later versions only add fields.
 *
 * Every `_usd` figure is US dollars. Amounts are not rounded. `null` stands for what can't be said because usage is
 * unpriced: it is never 0. Months are counted from 0 (the scenario's `start`).
 */
import * as z from 'zod';
import { attribution } from './attribution-contract.ts';
import { claim } from './claim-contract.ts';
import { bestMap } from './map-contract.ts';
import { replayed } from './replay-contract.ts';
import { strategy } from './strategy-contract.ts';
import { traffic } from './traffic-contract.ts';
import { uncertainty } from './uncertainty-contract.ts';

export const SCHEMA_VERSION = 1;

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

export const reportContract = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  scenario: z.strictObject({ name: z.string(), question: z.string(), hash: z.string(), notes: z.array(z.string()) }),
  seed: z.int(),
  start: z.string().describe('First month, YYYY-MM'),
  horizon_months: z.int(),
  currency: z.string(),
  discount_rate_per_year: z.number(),
  baseline: z.string(),
  traffic,
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
export type ReportBreakEven = Report['break_even'][number];
export type Crossing = z.infer<typeof crossing>;
export type Driver = (typeof DRIVERS)[number];

export type { ReportClaim } from './claim-contract.ts';
export type { ReportMap } from './map-contract.ts';
export type { ReportReplay } from './replay-contract.ts';
export {
  COMPONENTS,
  type Component,
  lineItem,
  type ReportLineItem,
  type ReportStrategy,
  reportInput,
} from './strategy-contract.ts';
export { BILLED_BASES, type ReportBilled } from './traffic-contract.ts';
