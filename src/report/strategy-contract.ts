/**
 * A strategy in report.json: its sums, its choices, what was searched for it, and its line items. `null` stands for a sum that
 * can't be said, since part of the usage has no price.
 */
import * as z from 'zod';
import { route } from './attribution-contract.ts';
import { usd } from './usd-contract.ts';

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

export const strategy = z.strictObject({
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

export type ReportStrategy = z.infer<typeof strategy>;
export type ReportLineItem = z.infer<typeof lineItem>;
