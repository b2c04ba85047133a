/**
 * The contract of a scenario: one question, as one YAML file. Types, JSON Schema, editor help and messages come from here.
 * Objects are strict: a misspelt key is an error. This file holds no logic.
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';
import { CAPABILITY_IDS } from '../capabilities.ts';
import { feeSchedule, selfHosting } from '../pricing/fee-schedule.ts';
import { tokenPrices } from '../pricing/rate-card.ts';
import { commitment } from '../pricing/seller-terms.ts';
import { replaySpec } from '../replay/schema.ts';
import { promptSize, strategyPolicy } from '../routing/policy.ts';
import { routes } from '../routing/route.ts';
import { claim } from './claim.ts';
import { correlations } from './correlation-schema.ts';
import { namedInputs } from './named-inputs.ts';
import { modelKey, traffic } from './traffic-schema.ts';
import { uncertainty } from './uncertainty-schema.ts';
import { variants } from './variants.ts';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'allowed are lower-case letters, digits and hyphens, starting with a letter');
const capability = z.enum(CAPABILITY_IDS);

const months = (input: number | string, context: z.RefinementCtx, allowed: string): number => {
  const found = /^\s*(\d+)\s*(months?|years?)?\s*$/.exec(String(input));
  const count = found === null ? Number.NaN : Number(found[1]) * (found[2]?.startsWith('year') ? 12 : 1);
  if (Number.isInteger(count) && count >= 1 && count <= 120) return count;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(input)} is no horizon; allowed are 1 to 120 months ("36 months", "3 years")${allowed}`,
    input,
  });
  return z.NEVER;
};

const horizon = z
  .union([z.int(), z.string()])
  .transform((input, context) => months(input, context, ''))
  .describe('Months compared, at most 120: "36 months", "3 years"');

const phaseLength = z
  .union([z.int(), z.string()])
  .transform((input, context) => (input === 'best' ? ('best' as const) : months(input, context, ' or best')))
  .describe(
    'How long: "12 months", or best: until the month in which changing over costs least. Absent in the last phase',
  );

const needed = z
  .enum(['required', 'optional', 'none'])
  .describe('required: built where a strategy lacks it; optional: where it pays; none: as if not named');
const need = z.union([
  needed,
  z.strictObject({
    need: needed,
    absence: amount('USD/month', 'What doing without it costs, beside what the model knows').optional(),
  }),
]);

const shared = {
  id: id.describe('By which rules, phases, claims and --set name it'),
  title: z.string().optional().describe('As the report names it'),
  ranked: z
    .boolean()
    .optional()
    .describe('false: there as a part of others alone, shown with its costs and not ranked; default: true'),
  policy: strategyPolicy.optional(),
  hop_latency: amount('ms', 'Latency added to a request; may be negative', {}).optional(),
};

const gatewayChoice = {
  gateway: z.string().describe('A gateway of the price book or of `gateways`'),
  plan: z.string().optional().describe('Subscription; default: the schedule’s'),
  top_up: amount('USD', 'Credit bought at a time; default: each month’s spend at once', { min: 0.01 }).optional(),
  payment_method: z.string().optional().describe('How credit is paid for, such as crypto; default: the schedule’s'),
  fee_variant: z.string().optional().describe('Another reading of the fees, one of the schedule’s `variants`'),
  billing: z.enum(['credits', 'own_keys']).optional().describe('Who invoices tokens; default: the schedule’s'),
};

export const strategy = z.discriminatedUnion('kind', [
  z.strictObject({
    ...shared,
    kind: z.literal('direct'),
    library: z
      .string()
      .optional()
      .describe('Client library with retries and fallback: brings both, takes no infrastructure'),
  }),
  z.strictObject({ ...shared, kind: z.literal('managed_gateway'), ...gatewayChoice }),
  z.strictObject({
    ...shared,
    kind: z.literal('self_hosted_gateway'),
    gateway: gatewayChoice.gateway,
  }),
  z.strictObject({
    ...shared,
    kind: z.literal('hybrid'),
    rules: z
      .array(
        z.union([
          z.strictObject({
            model: modelKey.optional(),
            feature: z.string().optional().describe('Requests of this feature'),
            prompt_tokens: promptSize.optional().describe('Size of the whole prompt'),
            share: z
              .number()
              .gt(0)
              .lt(1)
              .optional()
              .describe('Share of the requests that reach this rule; default: all'),
            via: id.describe('Strategy that these requests go over'),
          }),
          z.strictObject({ else: id.describe('Strategy for all the rest') }),
        ]),
      )
      .default([])
      .describe('First match wins; `via` and `else` name other strategies; the last rule is `else`'),
    split: z
      .strictObject({
        between: z.array(id).min(2).describe('Strategies; those named first win ties'),
        by: z
          .enum(['model', 'feature', 'prompt_size', 'share'])
          .default('model')
          .describe('What goes one way as a whole; share: equal parts of the requests'),
        at: z
          .array(z.int().positive())
          .min(1)
          .max(12)
          .optional()
          .describe('By prompt_size: where sizes may be told apart [tokens], rising'),
        parts: z.int().min(2).max(100).default(10).describe('By share: into how many equal parts'),
        only: z
          .strictObject({
            model: modelKey.optional(),
            feature: z.string().optional().describe('Requests of this feature'),
          })
          .optional()
          .describe('By prompt_size or share: of this traffic alone; the rest goes over the first named'),
      })
      .optional()
      .describe('In place of rules: each model, feature, size or share goes where it makes the whole cheapest'),
  }),
  z.strictObject({
    id: shared.id,
    title: shared.title,
    ranked: shared.ranked,
    kind: z.literal('phased'),
    phases: z
      .array(z.strictObject({ via: id.describe('Strategy of this phase'), for: phaseLength.optional() }))
      .min(2)
      .describe('One strategy after the other'),
    migration: amount('work_hour', 'Effort of each change-over').optional(),
  }),
]);

const effort = z.partialRecord(
  capability,
  z.strictObject({
    build: amount('work_hour', 'To build it once').optional(),
    upkeep: amount('work_hour/month', 'To keep it running').optional(),
  }),
);

export const engineering = z.strictObject({
  loaded_rate: amount('USD/work_hour', 'An engineer’s hour with all on-costs').optional(),
  effort: effort.default({}).describe('Per capability; defaults are stated in the report'),
  adapter: z
    .strictObject({
      build: amount('work_hour', 'First integration of a seller’s API').optional(),
      upkeep: amount('work_hour/month', 'Per integration').optional(),
      learning: amount('1', 'Wright’s learning rate: average effort after each doubling; 1 for none', {
        min: 0.5,
        max: 1,
      }).optional(),
    })
    .prefault({}),
  gateway_integration: amount('work_hour', 'Connecting to a gateway, once').optional(),
  migrations: z
    .strictObject({
      per_year: amount('1/year', 'Changes of model or seller'),
      direct: amount('work_hour', 'Each, on direct access').optional(),
      gateway: amount('work_hour', 'Each, through a gateway').optional(),
    })
    .optional(),
});

export const outages = z.strictObject({
  from: z
    .enum(['history', 'replay', 'none'])
    .default('history')
    .describe(
      'history: expectation from each seller’s incident record; replay: those that `replay.conditions` states, as if every stretch of the traffic’s length had them; none: not counted',
    ),
  hours_factor: amount('1', 'Failing hours of sellers, times their record. Absent: 1').optional(),
  recovered_later: amount('1', 'Share of failed requests that come back later', SHARE).optional(),
  response: amount('work_hour', 'Engineering effort per incident that nothing absorbs').optional(),
  common_cause: amount('1', 'Share of outages that hit the fallback too', SHARE).optional(),
  error_rate: amount('1', 'Share of attempts that fail outside outages', SHARE).optional(),
  attempts: z.int().min(1).max(10).default(3).describe('Attempts per request at most'),
  billed_share: amount('1', 'Share of failed attempts that are billed', SHARE).optional(),
});

const value = z.strictObject({
  per_request: amount('USD', 'What an answered request is worth').optional(),
  latency: z
    .strictObject({ churn_per_100ms: amount('1', 'Share of the value lost per 100 ms of added latency', SHARE) })
    .optional(),
  sla_miss: amount('USD', 'What a request costs that misses a service level of `replay.conditions.sla`').optional(),
  quality: amount(
    'USD/request',
    'What an answer of quality 1 is worth over one of 0; qualities stand in `replay.strategies.….routing.quality`',
  ).optional(),
  early_access: z
    .strictObject({
      new_models: amount('1/year', 'New models that matter'),
      lag_direct: amount('hour', 'Until one is usable on direct access'),
      lag_gateway: amount('hour', 'Until one is usable through a gateway'),
      per_day: amount('USD/day', 'What a day of earlier use is worth'),
    })
    .optional(),
});

export const scenario = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().min(1).describe('Title of the report; its folder is named after it'),
    question: z.string().default('').describe('What is to be decided, in a sentence'),
    notes: z.array(z.string()).default([]).describe('Shown in the report'),
    start: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'expected a month, "2026-12"')
      .describe('First month; prices and ages are taken at it'),
    horizon,
    discount_rate: amount('fraction/year', 'What a year’s delay costs', { min: -0.5, max: 2 }).prefault('8 %/year'),
    seed: z.int().default(1).describe('Of all draws and of synthetic traffic: the same seed gives the same report'),
    currency: z.enum(['USD']).default('USD').describe('For display'),
    traffic: traffic.describe('Where requests come from: one of trace, clickhouse and synthetic'),
    value: value.prefault({}),
    needs: z
      .partialRecord(capability, need)
      .default({})
      .describe(
        'Required ones are built where a strategy lacks them, optional ones where it pays; none: as if not named',
      ),
    already_built: z.array(capability).default([]).describe('Costs upkeep only, where it is needed and not brought'),
    baseline: id.describe('The strategy that the others are held against: what you do today'),
    strategies: z.array(strategy).min(1).describe('What is compared; each has an id and a kind'),
    engineering: engineering.prefault({}),
    outages: outages.prefault({}),
    constraints: z
      .strictObject({
        data_residency: z.array(z.string()).optional().describe('Data may be kept in any of these regions'),
        signup_country: z.string().optional().describe('Where one signs up, such as cn'),
        payment_method: z.string().optional().describe('How one pays, such as alipay'),
        features: z.array(z.string()).optional().describe('Features of sellers that are needed'),
      })
      .prefault({}),
    announced_prices: z.boolean().default(false).describe('Whether announced, unconfirmed prices apply'),
    price_factor: amount(
      '1',
      'What sellers charge, times the price book; own contract rates stay. Absent: 1',
    ).optional(),
    prices: z
      .record(modelKey, tokenPrices)
      .default({})
      .describe('Own contract rates, by model and meter; shown as such'),
    contracts: z
      .record(z.string(), commitment)
      .default({})
      .describe('Own contracts, by seller: committed spend, its discount, discounts by volume'),
    signup_credits: z.boolean().default(true).describe('Whether what is given at signup is still there'),
    gateways: z
      .record(
        z.string(),
        feeSchedule
          .omit({ gateway: true, as_of: true, confidence: true, sources: true, unverified: true })
          .partial()
          .extend({ self_hosting: selfHosting.partial().optional() }),
      )
      .default({})
      .describe('A gateway that no book lists, or fields that replace the book’s'),
    routes: routes.default({}),
    replay: replaySpec
      .optional()
      .describe(
        'Policies, caches and conditions. Strategies that it names are replayed: what they would have used is what they cost',
      ),
    router: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'What `tollgate router` needs beside routes, routing and rate limits to run this: upstreams, clients, log and so on, as router.schema.json has them; read by it alone',
      ),
    variants,
    claims: z.array(claim).default([]).describe('Statements that are put to the test'),
    inputs: namedInputs.default({}),
    correlations: correlations.optional().describe('How inputs rise and fall together where they are drawn'),
    uncertainty: uncertainty.prefault({}),
    materiality: z
      .number()
      .min(0)
      .max(1)
      .default(0.02)
      .describe(
        'Share of the cost that a searched change-over or commitment has to save to be recommended over doing without',
      ),
    accept_unpriced: z.boolean().default(false).describe('Rank strategies although part of the traffic has no price'),
  })
  .describe('A Tollgate scenario');

export type Scenario = z.infer<typeof scenario>;
export type ScenarioInput = z.input<typeof scenario>;
export type StrategySpec = z.infer<typeof strategy>;
export type StrategyKind = StrategySpec['kind'];
