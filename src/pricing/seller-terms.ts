/**
 * The contract of a seller's terms beside prices: what is given at signup, discounts by volume, commitments, and who may use
 * it. Stands as `terms:` in the seller's file; a scenario states its own under `contracts:`.
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';
import { accessTerms } from './access-terms.ts';
import { money } from './fx.ts';

const provenance = {
  source: z.string().describe('Where it was read'),
  as_of: z.iso.date(),
  confidence: z.enum(['high', 'medium', 'low']),
  note: z.string().optional(),
};

const signupCredit = z
  .strictObject({
    credit: money('Given once, at signup').optional(),
    tokens: z.int().positive().optional().describe('Tokens that are free once, of any kind'),
    expires_after_months: z.int().positive().optional().describe('Absent: it does not expire or is not known'),
    ...provenance,
  })
  .refine((one) => (one.credit === undefined) !== (one.tokens === undefined), 'needs exactly one of credit and tokens');

export const volumeTiers = z.strictObject({
  rule: z
    .enum(['whole', 'beyond'])
    .default('whole')
    .describe('whole: the tier reached re-prices all of the month; beyond: only what is above its threshold'),
  tiers: z
    .array(
      z.strictObject({
        from_usd_per_month: z.number().nonnegative().describe('Spend of a month from which this tier holds'),
        discount: z.number().min(0).max(1).describe('Share off, in this tier'),
      }),
    )
    .min(1)
    .refine(
      (tiers) => tiers.every((tier, i) => i === 0 || tier.from_usd_per_month > tiers[i - 1]!.from_usd_per_month),
      'tiers stand in rising order of from_usd_per_month',
    )
    .describe('In rising order'),
});

/** An amount, or `best`: the level is then searched. What is neither is told as the amount would tell it. */
const commitmentLevel = z.union([z.literal('best'), amount('USD/month', 'Least that is paid each month')], {
  error: ({ errors }) => {
    const said = (errors as z.core.$ZodIssue[][] | undefined)?.at(-1)?.[0]?.message ?? 'expected an amount';
    return `${said}, or best`;
  },
});

/** A commitment to spend: the discount for it, and the unused part, which is paid. */
export const commitment = z.strictObject({
  commitment_usd_per_month: commitmentLevel
    .optional()
    .describe('Least that is paid each month [USD/month]; best: the level of least cost, for each strategy'),
  step_usd: z.number().positive().optional().describe('With best: levels are sold in whole steps of this size'),
  discount: amount('1', 'Share off for committing', SHARE).optional(),
  discount_on: z
    .enum(['all', 'committed'])
    .optional()
    .describe(
      'all: the whole spend; committed: only what the commitment buys, the rest at the undiscounted price. Default: all; with best, committed',
    ),
  months: z.int().positive().optional().describe('Length from the start; absent: the whole horizon'),
  signed: z
    .boolean()
    .default(false)
    .describe('true: paid in every strategy; false: only where the seller invoices part of the traffic'),
  volume_tiers: volumeTiers.optional().describe('Own discounts by monthly spend'),
});

export const sellerTerms = z.strictObject({
  signup: z.array(signupCredit).default([]),
  volume_tiers: volumeTiers.extend(provenance).optional(),
  ...accessTerms,
  sources: z.array(z.string()).default([]).describe('For what stands here without a source of its own'),
  unverified: z.array(z.string()).default([]),
});

export type SellerTerms = z.infer<typeof sellerTerms>;
export type VolumeTiers = z.infer<typeof volumeTiers>;
export type Commitment = z.infer<typeof commitment>;
