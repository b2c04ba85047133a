/**
 * Policies: which routes a request tries, in order. The contract is shared by scenarios and by a router's config.
 *
 * Policies nest: wherever a `target` stands there is a route's name, seller/model, the name of a policy, or a policy.
 * Every policy gives an order of routes; those that may not be tried now (open breaker, marked down) are passed over.
 * This file holds no logic but the words for a kind that nobody knows.
 */
import * as z from 'zod';
import { SHARE } from '../amount.ts';
import { SERVICE_TIERS } from '../meters.ts';
import { didYouMean } from '../nearest.ts';
import { exactAmount } from './exact.ts';
import { failureSet } from './failure-set.ts';

const TARGET = 'A route’s name, seller/model, a policy’s name, or a policy';
const on = failureSet.optional().describe('Failures after which the next route of the order is tried');
const names = z.union([z.string(), z.array(z.string()).min(1)]);
const oneOf = (what: string) => names.optional().describe(`${what}, or any of several`);

function unknownKind(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_union' || !Array.isArray(issue.options)) return undefined;
  const known = issue.options.map(String);
  const { kind } = issue.input as { readonly kind?: unknown };
  return `allowed are ${known.join(', ')}${typeof kind === 'string' ? didYouMean(kind, known) : ''}`;
}

const single = z.strictObject({
  kind: z.literal('single'),
  route: z.string().optional().describe('Default: the route that the traffic was assigned to'),
});

const fallback = z.strictObject({
  kind: z.literal('fallback'),
  get first() {
    return target.optional().describe(`Tried first; default: the route that the traffic was assigned to. ${TARGET}`);
  },
  to: z
    .array(z.string())
    .min(1)
    .describe('Routes in order: a name under `routes`, or seller/model; or the name of a policy'),
  on,
  same_seller: z
    .enum(['skip', 'allow'])
    .optional()
    .describe('Whether a second route of a seller that was passed is tried; default skip: it fails with the first'),
});

const weighted = z.strictObject({
  kind: z.literal('weighted'),
  get of() {
    return z
      .array(
        z.strictObject({
          use: target.describe(TARGET),
          weight: z.number().describe('Share of requests, in proportion to the sum of weights'),
        }),
      )
      .min(1)
      .describe('One is drawn by weight; the others follow in drawn order, without replacement');
  },
  on,
});

export const promptSize = z.strictObject({
  from: z.int().nonnegative().optional().describe('At least this many [tokens]'),
  below: z.int().positive().optional().describe('Fewer than this many [tokens]'),
});

const rule = z.strictObject({
  feature: oneOf('Feature of the request'),
  model: oneOf('Model that the request names'),
  user: oneOf('User'),
  team: oneOf('Team'),
  key: oneOf('API key, by name'),
  region: oneOf('Region of the client'),
  tier: z
    .union([z.enum(SERVICE_TIERS), z.array(z.enum(SERVICE_TIERS)).min(1)])
    .optional()
    .describe('Service tier that is asked for, or any of several'),
  metadata: z
    .record(z.string(), names.describe('Its value, or any of these'))
    .optional()
    .describe('Metadata key -> its value, or any of these'),
  prompt_tokens: promptSize.optional().describe('Size of the whole prompt'),
  get use() {
    return target.describe(TARGET);
  },
});

const conditional = z.strictObject({
  kind: z.literal('conditional'),
  when: z.array(rule).min(1).describe('The first rule whose conditions all hold decides'),
  get else() {
    return target.describe(`Where no rule holds. ${TARGET}`);
  },
});

const ROUTES = z.array(z.string()).min(1).describe('Routes: a name under `routes`, or seller/model');

const costAware = z.strictObject({
  kind: z.literal('cost_aware'),
  of: ROUTES,
  quality_floor: exactAmount('1', 'Routes whose quality is lower are left out', SHARE).optional(),
  on,
});

const latencyAware = z.strictObject({
  kind: z.literal('latency_aware'),
  of: ROUTES,
  tie_band: exactAmount('1', 'Share of the fastest route’s latency within which routes are drawn alike').prefault(0.1),
  explore: exactAmount(
    '1',
    'Share of requests that take a route drawn at random, so that one that was slow once is measured again',
    SHARE,
  ).prefault(0.01),
  on,
});

const budgetAware = z.strictObject({
  kind: z.literal('budget_aware'),
  budgets: z.array(z.string()).min(1).optional().describe('Budgets that are watched; default: all'),
  get within() {
    return target.describe(`Below every soft limit. ${TARGET}`);
  },
  get above_soft() {
    return target.optional().describe(`Past a soft limit, a cheaper one; default: a warning alone. ${TARGET}`);
  },
});

const batch = z.strictObject({
  kind: z.literal('batch'),
  to: z.string().describe('Route of the batch tier'),
  turnaround: exactAmount('hour', 'Time that the seller takes at most').prefault('24 hours'),
  deadlines: z
    .record(z.string(), exactAmount('hour', 'How long its requests can wait for an answer'))
    .optional()
    .describe('Feature -> time to its deadline, for requests that state none'),
  get otherwise() {
    return target.describe(`For requests that can’t wait, and after a batch that failed. ${TARGET}`);
  },
  on,
});

const smart = z.strictObject({
  kind: z.literal('smart'),
  get cheaper() {
    return target.describe(`Takes requests that are simple enough. ${TARGET}`);
  },
  get otherwise() {
    return target.describe(`Takes the others, and what the cheaper one failed on. ${TARGET}`);
  },
  simple: z
    .strictObject({
      feature: oneOf('Feature of the request'),
      prompt_tokens: promptSize.optional(),
    })
    .optional()
    .describe('What makes a request simple; default: any may be'),
  share: exactAmount('1', 'Share of the simple requests that the cheaper one takes', SHARE).prefault(1),
  quality_floor: exactAmount('1', 'Lowest quality that the cheaper route may have', SHARE).optional(),
  quality_value: exactAmount(
    'USD/request',
    'What a quality of 1 over 0 is worth; the cheaper route has to save more than the quality that it gives up is worth',
  ).optional(),
  on,
});

const anyPolicy = z.discriminatedUnion(
  'kind',
  [single, fallback, weighted, conditional, costAware, latencyAware, budgetAware, batch, smart],
  { error: unknownKind },
);

// Names of their own keep declarations of schemas that contain these short enough to be written down.
type AnyPolicy = typeof anyPolicy;
export interface PolicySchema extends AnyPolicy {}
export const policy: PolicySchema = anyPolicy;

const anyTarget = z.union([z.string(), policy]);
type AnyTarget = typeof anyTarget;
export interface TargetSchema extends AnyTarget {}
export const target: TargetSchema = anyTarget;

/** What a strategy of a scenario can do without a replay: the first route, and another seller's after it. */
export const strategyPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single') }),
  z.strictObject({ kind: z.literal('fallback'), to: fallback.shape.to }),
]);

export type Policy = z.infer<typeof policy>;
export type Target = z.infer<typeof target>;
export type PolicyKind = Policy['kind'];
export type PolicyOf<K extends PolicyKind> = Extract<Policy, { kind: K }>;
export type Rule = z.infer<typeof rule>;
export type Size = z.infer<typeof promptSize>;
