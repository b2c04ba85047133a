/**
 * The contract of rate cards: what a seller charges for an exact model id, since when, and who says so.
 *
 * One YAML file per seller in `pricing/sellers/`. Prices are dated facts: a change appends a period, it never edits one.
 * A price belongs to (seller, exact model id), never to a model alone. What a card does not list is unpriced, never 0.
 */
import * as z from 'zod';
import {
  COUNT_METERS,
  METERS,
  PIECES,
  SERVICE_TIERS,
  TOKEN_METERS,
  UNIT_METERS,
  type UnitPriceField,
  unitPriceField,
} from '../meters.ts';
import { accessFacts } from './access-facts.ts';
import { sellerTerms } from './seller-terms.ts';
import { isZone } from './zone.ts';

const usd = z.number().nonnegative();

const priceKeys = TOKEN_METERS.map((meter) => METERS[meter].price_key);
/** USD per million tokens, by meter. A meter that is not listed is unpriced. */
export const tokenPrices = z
  .partialRecord(z.enum(priceKeys), usd)
  .describe(
    `USD per million tokens, by meter: ${priceKeys.join(', ')}. A meter that is not listed is unpriced, never 0.`,
  );

/** USD per piece, one field for each unit meter: `usd_per_web_search`. */
const unitPrices = Object.fromEntries(
  UNIT_METERS.map((meter) => [unitPriceField(meter), usd.optional().describe(`USD: ${PIECES[meter].counts}`)]),
) as Record<UnitPriceField, z.ZodOptional<typeof usd>>;

/** Keys of everything that has a price: `input`, `cache_read`, …, `request`, `web_search`, … */
const meterKeys = [...priceKeys, ...UNIT_METERS.map((meter) => PIECES[meter].price_key)];

const factor = {
  name: z.string().describe('As the seller calls it: "fast mode", "EU data residency"'),
  factor: z.number().positive(),
  meters: z.array(z.enum(meterKeys)).min(1).describe('Price keys to which it applies'),
};
/** A named factor on the standard prices of the meters that it lists. */
export const multiplier = z.strictObject(factor);

/** A factor where requests are processed in a region; several of one region apply one after the other. */
export const regionMultiplier = z.strictObject({
  region: z.string().describe('As requests ask for it: eu, us'),
  ...factor,
});

/** The price of an image by quality and size, where it depends on them. */
export const imagePrice = z.strictObject({
  quality: z.string().optional(),
  size: z.string().optional().describe('As the seller writes it: 1024x1024'),
  usd,
});

export const SEARCH_CONTEXTS = ['low', 'medium', 'high'] as const;
const bySearchContext = z.partialRecord(z.enum(SEARCH_CONTEXTS), usd);

/** A discount on what a month costs at list prices, past a volume. */
export const volumeDiscount = z.strictObject({
  measure: z.enum(['spend_usd', 'tokens']).describe('What the threshold counts, per month'),
  above: z.number().nonnegative(),
  scope: z.enum(['marginal', 'all']).describe('Whether it holds for what lies above, or for all of the month'),
  discount_fraction: z.number().min(0).max(1),
});

/** What is free in each day or month; a day is one in UTC. */
export const freeQuota = z.strictObject({
  meter: z.enum(['requests', ...COUNT_METERS]),
  amount: z.int().positive(),
  per: z.enum(['day', 'month']),
});

/** Throughput that is reserved and paid by the hour, used or not. */
export const committedThroughput = z.strictObject({
  name: z.string(),
  unit: z.string().describe('What is reserved: model unit, PTU'),
  usd_per_unit_hour: usd,
  term_hours: z.int().nonnegative().describe('Hours that are paid at least; 0 without commitment'),
  min_units: z.int().positive().default(1),
});

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
  zone: z
    .string()
    .refine(isZone, 'is no time zone; allowed are UTC and IANA names such as Europe/Berlin')
    .describe('UTC or an IANA name'),
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  hours: z
    .array(z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/))
    .min(1)
    .describe('Half-open, "01:00-04:00"'),
  usd_per_mtok: tokenPrices,
});

/** Prices of a service tier beside the standard one: listed, or a multiple of the standard prices, or both. */
const tierPrices = z.strictObject({
  usd_per_mtok: tokenPrices.default({}),
  cliffs: z.array(cliff).default([]),
  multiplier: multiplier.optional(),
  ...unitPrices,
});

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
  ...unitPrices,
  images: z.array(imagePrice).default([]),
  by_search_context: z
    .strictObject({ request: bySearchContext.optional(), web_search: bySearchContext.optional() })
    .default({})
    .describe('Prices by size of the search context, in USD'),
  regions: z.array(regionMultiplier).default([]),
  volume_discounts: z.array(volumeDiscount).default([]),
  free_quota: z.array(freeQuota).default([]),
  committed: z.array(committedThroughput).default([]),
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
  explained: z
    .array(z.strictObject({ rule: z.string(), reason: z.string().min(10) }))
    .default([])
    .describe('Warnings of `tollgate price check` that are right as they stand, each with the reason'),
  ...provenance,
});

export const sellerFile = z.strictObject({
  seller: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Who invoices'),
  name: z.string(),
  terms: sellerTerms.optional().describe('Terms beside prices: signup credit, volume discounts, access'),
  access: accessFacts.optional(),
  cards: z.array(rateCard),
});

export type UnitPrices = Partial<Record<UnitPriceField, number | undefined>>;
export type Multiplier = z.infer<typeof multiplier>;
export type SearchContext = (typeof SEARCH_CONTEXTS)[number];
export type VolumeDiscount = z.infer<typeof volumeDiscount>;
export type FreeQuota = z.infer<typeof freeQuota>;
export type CommittedThroughput = z.infer<typeof committedThroughput>;
export type TokenPrices = z.infer<typeof tokenPrices>;
export type Cliff = z.infer<typeof cliff>;
export type PriceWindow = z.infer<typeof priceWindow>;
export type PricePeriod = z.infer<typeof pricePeriod>;
export type RateCard = z.infer<typeof rateCard>;
export type SellerFile = z.infer<typeof sellerFile>;
