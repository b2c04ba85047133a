/** The traffic in report.json: what was read and counted in the measured window, and what its log says was billed. */
import * as z from 'zod';
import { usd } from './usd-contract.ts';

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

export const traffic = z.strictObject({
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
});

export type ReportBilled = z.infer<typeof billed>;
