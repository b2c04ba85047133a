/**
 * The contract of a replay: `replay:` in a scenario. What the world does to all strategies, and for each strategy that is
 * to be replayed its policies, caches and who stands in its way. Strategies that are not named here are not replayed.
 *
 * A replay acts on single numbers: intervals are refused, but for assumptions that stand in for a replay (shares of hits) and
 * fees, which cost components read. Names are checked where the plan is made (scenario-plan.ts).
 */
import * as z from 'zod';
import { amount, SHARE } from '../amount.ts';
import { conditions } from '../conditions/schema.ts';
import { exactAmount } from '../routing/exact.ts';
import { routing } from '../routing/routing.ts';
import { TENANTS } from './columns.ts';

const lifeFrom = z.enum(['insertion', 'last_use']).describe('From when a life is counted');

const responseCache = z.strictObject({
  entries: z.int().min(1).optional().describe('Answers held at most; default: no bound'),
  tokens: z.int().min(1).optional().describe('Tokens of answers held at most; default: no bound'),
  life: exactAmount('ms', 'How long an answer may be served; default: for ever').optional(),
  life_from: lifeFrom.default('insertion'),
  run_by: z
    .enum(['own', 'gateway'])
    .default('own')
    .describe('Who runs it; answers of a gateway’s cache still count as requests to the gateway'),
  tenant: z.enum(TENANTS).default('team').describe('Who shares answers: all, a team, or each user alone'),
  latency: exactAmount('ms', 'Until an answer of the cache; default: not known').optional(),
  hit_share: amount(
    '1',
    'Share of requests that repeat an earlier one: an assumption, used where the traffic has no prompt hashes to count it',
    SHARE,
  ).optional(),
  fee: z
    .strictObject({
      per_hit: amount('USD/request', 'For each answer of the cache').optional(),
      per_month: amount('USD/month', 'For having it').optional(),
    })
    .optional()
    .describe('What whoever runs the cache asks for it: a gateway, or the store of one’s own'),
});

const promptCache = z.strictObject({
  block_tokens: z.int().min(1).describe('Tokens of a block, as the trace’s hash chains count them'),
  life: exactAmount('ms', 'How long a prefix stays').prefault('5 minutes'),
  life_from: lifeFrom.default('last_use'),
  write_meter: z
    .enum(['cache_write_5m_tokens', 'cache_write_1h_tokens', 'input_tokens'])
    .describe('Under which meter the seller bills what it writes'),
  minimum_tokens: z.int().min(0).default(0).describe('Shortest prefix that is kept'),
  whole_blocks: z.boolean().default(false).describe('Whether a last block that is not full is never kept'),
  capacity_blocks: z.int().min(1).optional().describe('Default: no bound'),
  read_share: amount(
    '1',
    'Share of prompt tokens that it reads: an assumption, used where the traffic has neither prompt hashes nor counts of cached tokens',
    SHARE,
  ).optional(),
  write_share: amount('1', 'The same of prompt tokens that it writes', SHARE).optional(),
});

const batch = z.strictObject({
  turnaround: exactAmount('ms', 'Time that a batch takes at most').prefault('24 hours'),
  waits: z
    .record(z.string(), exactAmount('ms', 'How long its requests can wait for an answer'))
    .describe('Feature -> time to its deadline; those that wait at least the turnaround go at the batch tier'),
});

const strategyReplay = z.strictObject({
  routing: routing.describe('Policy, retries, breaker and budgets'),
  through: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe('Route -> what stands in its way beside its seller: a gateway, what several routes share'),
  response_cache: responseCache.optional(),
  batch: batch.optional(),
  rate_limit_wait: exactAmount(
    'ms',
    'How long the client holds a request back for a limit, before it takes a 429',
  ).prefault('0 s'),
});

const spec = z.strictObject({
  conditions: conditions.prefault({}),
  sampled_outages: z
    .boolean()
    .default(false)
    .describe('Whether `tollgate replay` draws outages of sellers and gateways from their records, beside stated ones'),
  assigned: z
    .record(z.string(), z.string())
    .default({})
    .describe('Model -> route of its requests; default: the one route that has the model'),
  prompt_caches: z
    .record(z.string(), promptCache)
    .default({})
    .describe('Seller -> its prompt cache, in place of the trace’s own counts where a prompt’s blocks are known'),
  token_ratios: z
    .record(z.string(), z.record(z.string(), z.number().positive()))
    .default({})
    .describe('Model -> other model -> tokens of the other for one of its own; default: 1'),
  timeout: exactAmount('ms', 'After which an attempt is given up; default: never').optional(),
  billed: z
    .strictObject({
      errors: exactAmount('1', 'Share of errors that are billed as an answer is', SHARE).prefault(0),
      timeouts: exactAmount('1', 'Share of given-up attempts whose answer is billed', SHARE).prefault(1),
    })
    .prefault({}),
  keys: z.enum(TENANTS).default('all').describe('Whose requests share a key, for limits that are per key'),
  strategies: z.record(z.string(), strategyReplay).describe('Strategy -> how it is replayed'),
});

// A name of its own keeps the declaration of schemas that contain this one short enough to be written down.
type Spec = typeof spec;
export interface ReplaySpecSchema extends Spec {}
export const replaySpec: ReplaySpecSchema = spec;

export type ReplaySpec = z.infer<typeof replaySpec>;
export type StrategyReplay = ReplaySpec['strategies'][string];
export type ReplaySpecInput = z.input<typeof replaySpec>;
