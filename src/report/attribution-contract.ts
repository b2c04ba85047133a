/**
 * The part of report.json that says who the tokens are for: routes of a strategy's traffic, and what each model, feature, team,
 * user and agent costs under each strategy. `_usd` figures are dollars over the horizon, not rounded; null is what can't be
 * said. Each dimension divides the same money anew: sums of two of them must not be added.
 */
import * as z from 'zod';
import { usd } from './usd-contract.ts';

export const route = z.strictObject({
  via: z.string().describe('`direct`, or the gateway'),
  model: z.string(),
  invoiced_by: z.string().describe('The seller of the model, or the gateway where it sells credit'),
  from_credit: z.boolean().describe('Paid from credit that is bought before'),
  on_own_machines: z.boolean().optional().describe('Answered by machines of one’s own: nobody invoices its tokens'),
  months: z.strictObject({ from: z.int(), until: z.int() }).describe('In which it is used, half-open'),
  window_requests: z.number().describe('Of the measured window; not whole where a share of them goes this way'),
  window_tokens: z.strictObject({
    input: z.number(),
    cache_read: z.number(),
    cache_write: z.number(),
    output: z.number(),
  }),
  unpriced: z.string().optional().describe('Why a part of it has no price'),
});

const attributedCost = z.strictObject({
  strategy: z.string(),
  tokens_usd: usd.describe('Token charges over the horizon; null: none of it has a price'),
  fees_usd: usd.describe('Its share of gateway fees, contracts and credits'),
  usd_per_1000_requests: usd.describe('Both, by requests of the application; null: not known'),
  share_fraction: usd
    .optional()
    .describe("Of the strategy's token charges, fees, contracts and credits; null: not known"),
  unpriced: z.boolean().describe('A part of it has no price and is left out'),
});

export const ATTRIBUTED = ['model', 'feature', 'team', 'user', 'agent'] as const;
const dimension = z.enum(ATTRIBUTED);
const tokens = z
  .number()
  .nullable()
  .optional()
  .describe('Prompts and answers over the horizon, as measured; null: it asks for none');

export const attribution = z.strictObject({
  how: z.array(z.string()).describe('What is attributed and how, a sentence each'),
  by: z.array(
    z.strictObject({
      dimension,
      rows: z
        .array(
          z.strictObject({
            name: z.string().nullable().describe('null: the traffic does not state it'),
            requests: z.number().nullable().describe('Of the application over the horizon; null: it asks for none'),
            tokens,
            costs: z.array(attributedCost).describe('Of the strategies that use it'),
          }),
        )
        .describe('The largest first'),
      others: z
        .strictObject({
          names: z.int().describe('How many are known by name'),
          and_more: z
            .boolean()
            .optional()
            .describe('There are more of them, which the traffic table does not tell apart'),
          requests: z.number(),
          tokens,
          costs: z.array(attributedCost),
        })
        .optional()
        .describe('All that are smaller, together'),
      not_attributed: z.array(attributedCost).describe('What belongs to no single one'),
    }),
  ),
  lacks: z
    .array(z.strictObject({ dimension, column: z.string().describe('Of a trace that would bring it') }))
    .optional()
    .describe('Dimensions that the traffic does not state'),
});

export type ReportRoute = z.infer<typeof route>;
export type ReportAttribution = z.infer<typeof attribution>;
export type AttributedCost = z.infer<typeof attributedCost>;
