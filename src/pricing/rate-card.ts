/**
 * The contract of rate cards: what a seller charges for an exact model id, since when, and who says so.
 *
 * One YAML file per seller in `pricing/sellers/`. Prices are dated facts: a change appends a period, it never edits one.
 * A price belongs to (seller, exact model id), never to a model alone. What a card does not list is unpriced, never 0.
 */
import * as z from 'zod';
import { METERS, SERVICE_TIERS, TOKEN_METERS } from '../meters.ts';

const usd = z.number().nonnegative();

const priceKeys = TOKEN_METERS.map((meter) => METERS[meter].price_key);
/** USD per million tokens, by meter. A meter that is not listed is unpriced. */
export const tokenPrices = z
  .partialRecord(z.enum(priceKeys), usd)
  .describe(
    `USD per million tokens, by meter: ${priceKeys.join(', ')}. A meter that is not listed is unpriced, never 0.`,
  );

/** A price cliff: from a prompt size on, the whole request is priced at these prices. */
export const cliff = z.strictObject({
  prompt_tokens: z.int().positive().describe('Prompt size: input, cache read and cache write tokens together'),
  rule: z
    .enum(['above', 'at_or_above'])
    .default('above')
    .describe('Whether a prompt of exactly this size pays the new price'),
  usd_per_mtok: tokenPrices,
});

/** Hours of the week in which other prices hold. */
export const priceWindow = z.strictObject({
  label: z.string(),
  zone: z.literal('UTC'),
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  hours: z
    .array(z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/))
    .min(1)
    .describe('Half-open, "01:00-04:00"'),
  usd_per_mtok: tokenPrices,
});

/** Prices of a service tier beside the standard one. */
const tierPrices = z.strictObject({ usd_per_mtok: tokenPrices, cliffs: z.array(cliff).default([]) });

export const PRICE_STATUSES = ['confirmed', 'announced', 'cancelled'] as const;

/** Prices that hold from one date (inclusive) until another (exclusive). */
export const pricePeriod = z.strictObject({
  from: z.iso.date().optional().describe('First day, inclusive; absent: since ever'),
  until: z.iso.date().optional().describe('Day from which it no longer holds, exclusive; absent: until further notice'),
  status: z.enum(PRICE_STATUSES).default('confirmed'),
  usd_per_mtok: tokenPrices,
  cliffs: z.array(cliff).default([]),
  tiers: z.partialRecord(z.enum(SERVICE_TIERS.filter((t) => t !== 'standard')), tierPrices).default({}),
  windows: z.array(priceWindow).default([]),
  usd_per_request: usd.optional().describe('Billed per request beside tokens'),
  usd_per_web_search: usd.optional(),
  usd_per_mtok_hour_cache_storage: usd.optional(),
  note: z.string().optional(),
});

export const provenance = {
  source: z.string().describe('Where the figures were read'),
  as_of: z.iso.date().describe('Date of the source'),
  checked_on: z.iso.date().optional().describe("Date on which the seller's own page was last seen to agree"),
  confidence: z.enum(['high', 'medium', 'low']),
  sources_agreeing: z.array(z.string()).default([]),
  evidence: z.array(z.string()).default([]),
  note: z.string().optional(),
};

/** Another id under which the same model is sold; exact, and dated where it moves. */
export const alias = z.strictObject({ id: z.string(), from: z.iso.date().optional(), until: z.iso.date().optional() });

export const rateCard = z.strictObject({
  model: z.string().describe('Exact id, as the seller writes it'),
  aliases: z.array(alias).default([]),
  periods: z.array(pricePeriod).min(1),
  ...provenance,
});

export const sellerFile = z.strictObject({
  seller: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Who invoices'),
  name: z.string(),
  cards: z.array(rateCard),
});

export type TokenPrices = z.infer<typeof tokenPrices>;
export type Cliff = z.infer<typeof cliff>;
export type PriceWindow = z.infer<typeof priceWindow>;
export type PricePeriod = z.infer<typeof pricePeriod>;
export type RateCard = z.infer<typeof rateCard>;
export type SellerFile = z.infer<typeof sellerFile>;
