/**
 * The contract of gateway schedules: what a gateway charges on top of tokens, what it brings, how far away it is and how
 * often it fails. One YAML file per gateway in `pricing/gateways/`; a scenario may add one of its own under `gateways:`.
 *
 * Every figure is an amount with a unit; what a source does not say is left out and listed under `unverified`.
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';
import { CAPABILITY_IDS } from '../capabilities.ts';
import { accessFacts } from './access-facts.ts';
import { accessTerms } from './access-terms.ts';
import { serving } from './serving.ts';

const usd = z.number().nonnegative();

/** A subscription, with what it includes and what more costs. */
export const plan = z.strictObject({
  id: z.string().describe('By which a strategy picks it'),
  usd_per_month: amount('USD/month', 'Subscription'),
  included_requests: z
    .number()
    .nonnegative()
    .optional()
    .describe('Requests (logs) a month within the plan; absent: no limit'),
  overage: z
    .strictObject({
      usd: usd.describe('Price of one further block'),
      per_requests: z.number().positive().describe('Size of a block; blocks are bought whole'),
      up_to_requests: z.number().positive().optional().describe('Past this volume the price is not published'),
    })
    .optional(),
});

/** What buying credit costs, by one way of paying. */
const purchaseFee = z.strictObject({
  fee: amount('1', 'Share of the credit bought, charged on top', SHARE),
  minimum_usd: usd.default(0).describe('Least fee of one purchase'),
});

const creditPurchase = purchaseFee.extend({
  methods: z
    .record(z.string(), purchaseFee)
    .default({})
    .describe('Other ways of paying, such as crypto; a strategy picks one with `payment_method`'),
  processing: z
    .strictObject({
      fee: amount('1', 'Share of the credit bought that payment processing takes', SHARE),
      fixed: amount('USD', 'Payment processing of one purchase'),
    })
    .optional()
    .describe('Passed on to the customer beside the fee'),
  effective_from: z.iso.date().optional().describe('First day of the fee; months that begin before it pay none'),
  expires_after_months: z
    .int()
    .positive()
    .optional()
    .describe('Life of bought credit; absent: it does not expire or is not known'),
});

/** What is free: once, each month or each day. Which of it applies is said; what is not said is not counted. */
const allowance = z.strictObject({
  signup_requests: z.int().positive().optional().describe('Requests that are free once, after signing up'),
  usd_per_month: usd.optional().describe('Credit given each month'),
  ends_with_first_purchase: z
    .boolean()
    .default(false)
    .describe('Whether the monthly credit ends once credit is bought'),
  requests_per_day: z.int().positive().optional().describe('Requests that are free each day'),
  of: z
    .enum(['free_models', 'all_models'])
    .optional()
    .describe('What the daily requests may ask for; absent: not known'),
});

export const fees = z.strictObject({
  token_markup: amount('1', 'Share added to token prices at billing', { min: -1, max: 3 }).optional(),
  credit_purchase: creditPurchase.optional(),
  byok: z
    .strictObject({
      fee: amount('1', 'Share of the list price of what runs on own provider keys', SHARE),
      free_requests_per_month: usd.default(0).describe('Requests that are free each month'),
      free_list_usd_per_month: usd
        .default(0)
        .describe('List price of what is free each month, after the free requests'),
      effective_from: z.iso.date().optional().describe('First day of the fee'),
    })
    .optional(),
  plans: z.array(plan).default([]),
  default_plan: z.string().optional().describe('Plan of strategies that name none'),
  per_request: amount('USD/request', 'Fee on each request').optional(),
  per_model: amount('USD/month', 'Fee for each model in use').optional(),
  minimum_purchase_usd: usd.optional().describe('Least first purchase of credit'),
  allowance: allowance.optional(),
});

/** Another reading of the fees: an older page, a source that differs. A strategy picks it with `fee_variant`. */
const variant = z.strictObject({
  id: z.string().describe('By which a strategy picks it'),
  as_of: z.iso.date().describe('When it was read'),
  confidence: z.enum(['high', 'medium', 'low', 'none']).describe('How sure it is'),
  source: z.string().describe('Where it was read'),
  fees: fees
    .omit({ plans: true })
    .extend({ plans: z.array(plan).optional() })
    .describe('Each fee named here replaces the schedule’s'),
});

/** Which of a seller's discounts reach who pays the gateway. Absent: not known. */
const passesThrough = z.strictObject({
  negotiated: z.boolean().optional().describe('Own contract rates with the seller'),
  batch: z.boolean().optional().describe('The batch price'),
  cache_read: z.boolean().optional().describe('The price of cached input'),
  source: z.string().optional().describe('Where it was read'),
});

/** What running it oneself takes. */
export const selfHosting = z.strictObject({
  cpu_per_request: amount('ms', 'CPU time of one request'),
  cores_per_replica: z.number().positive().describe('Processor cores of one replica'),
  target_utilisation: amount('1', 'CPU share at which replicas are added', SHARE),
  min_replicas: z.int().positive().describe('Replicas that run without any load'),
  replica: amount('USD/month', 'One replica'),
  data_stores: amount('USD/month', 'Database, cache and logs'),
  setup: amount('work_hour', 'First deployment'),
  upkeep: amount('work_hour/month', 'Upgrades, on-call, incidents of its own'),
});

export const feeSchedule = z
  .strictObject({
    gateway: z.string().regex(/^[a-z][a-z0-9_-]*$/),
    name: z.string().describe('As reports name it'),
    kind: z.enum(['managed', 'self_hosted']).describe('Who runs it'),
    fees: fees.prefault({}),
    billing: z
      .enum(['credits', 'own_keys'])
      .default('credits')
      .describe('Who invoices tokens: the gateway at the seller’s list price (credits), or the sellers (own_keys)'),
    variants: z.array(variant).default([]),
    passes_through: passesThrough.prefault({}),
    capabilities: z
      .partialRecord(z.enum(CAPABILITY_IDS), z.boolean().describe('Whether it brings this'))
      .default({})
      .describe('true: brought; false: not brought; absent: not known, taken as not brought'),
    hop_latency: amount('ms', 'Latency added to a request', {}).optional(),
    downtime: amount('1', 'Share of time in which it fails requests', SHARE).optional(),
    self_hosting: selfHosting.optional(),
    serving: serving.optional(),
    free_credit_usd: usd.default(0).describe('Credit given once, at signup'),
    ...accessTerms,
    access: accessFacts.optional(),
    status: z.enum(['active', 'maintenance', 'archived']).default('active').describe('Whether it is still developed'),
    as_of: z.iso.date(),
    confidence: z.enum(['high', 'medium', 'low', 'none']),
    sources: z.array(z.strictObject({ url: z.string(), date: z.string().optional(), how: z.string().optional() })),
    unverified: z.array(z.string()).default([]),
    note: z.string().optional().describe('Shown in the report'),
  })
  .describe('A gateway: fees, capabilities, latency and downtime, with sources');

export type FeeSchedule = z.infer<typeof feeSchedule>;
export type FeeScheduleInput = z.input<typeof feeSchedule>;
export type Plan = z.infer<typeof plan>;
