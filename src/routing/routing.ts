/**
 * The contract of a router's behaviour: the policy, and what holds for every request whatever the policy says: attempts and
 * time, retries, breaker, budgets. Routes and prices are given beside it. This file holds no logic but the reading.
 */
import * as z from 'zod';
import { SHARE } from '../amount.ts';
import { diagnose, dotted } from '../diagnose.ts';
import { InputError } from '../errors.ts';
import { exactAmount } from './exact.ts';
import { failureSet } from './failure-set.ts';
import { policy, target } from './policy.ts';

const limits = z
  .strictObject({
    attempts: z.int().min(1).max(100).default(4).describe('Attempts of one request, retries and fallbacks together'),
    time: exactAmount('ms', 'Time within which attempts may start; a request’s own deadline takes its place').prefault(
      '60 s',
    ),
  })
  .describe('One budget of attempts and one of time per request: layers of retries can’t multiply');

const retries = z
  .strictObject({
    per_route: z.int().min(0).max(20).default(2).describe('Further attempts on the same route'),
    on: failureSet
      .optional()
      .describe('Failures after which the same route is tried again; default: those that were not billed'),
    base: exactAmount('ms', 'Longest wait before the first retry').prefault('500 ms'),
    factor: z.number().min(1).default(2).describe('Growth of the wait with each retry'),
    cap: exactAmount('ms', 'Longest wait of the backoff').prefault('8 s'),
    jitter: z
      .enum(['full', 'equal', 'none'])
      .default('full')
      .describe('full: anything up to the wait; equal: half of it and up; none: the wait itself'),
    retry_after_cap: exactAmount(
      'ms',
      'Longest Retry-After that is waited for; after a longer one the route is left instead of being asked too early',
    ).prefault('60 s'),
  })
  .describe('Retries on the same route; without this, a route is tried once per request');

const retryBudget = z
  .strictObject({
    capacity: z.number().positive().describe('Retries that may be saved up'),
    per_request: exactAmount('1', 'Retries that each request adds', SHARE).prefault(0.1),
    per_second: z.number().nonnegative().default(0).describe('Retries that each second adds'),
  })
  .describe('Token bucket over all requests: an outage does not become a storm of retries');

const breaker = z
  .strictObject({
    failures: z.int().min(1).optional().describe('Failures within the window that open the breaker'),
    rate: exactAmount('1', 'Share of failures within the window that opens the breaker', SHARE)
      .refine((rate) => rate.central > 0, 'a rate of 0 would open at once; allowed is above 0 % to 100 %')
      .optional(),
    min_requests: z.int().min(1).default(20).describe('Attempts within the window before the rate is looked at'),
    window: exactAmount('ms', 'Rolling window')
      .refine((window) => window.central > 0, 'a window needs a length above 0')
      .prefault('60 s'),
    cooldown: exactAmount('ms', 'Time that an open breaker stays open at first').prefault('5 s'),
    cooldown_factor: z.number().min(1).default(2).describe('Growth of the cooldown with each probe that fails'),
    cooldown_cap: exactAmount('ms', 'Longest cooldown, and longest Retry-After that is believed').prefault('5 minutes'),
    probe_timeout: exactAmount('ms', 'A probe that was not heard of for so long is given up')
      .refine((timeout) => timeout.central > 0, 'a probe needs a time above 0')
      .prefault('2 minutes'),
    counts: failureSet.optional().describe('Failures that count against a route'),
    at_once: failureSet
      .optional()
      .describe('Failures that open the breaker by themselves; default: quota_exhausted, unauthorised'),
    last_resort: z
      .boolean()
      .default(false)
      .describe('Where every route is open: true tries the one that opens soonest, false ends as `no_route`'),
  })
  .refine(
    ({ failures, rate }) => failures !== undefined || rate !== undefined,
    'needs a threshold: failures, rate or both',
  )
  .describe('Circuit breaker per route; without this, routes are never passed over');

export const PERIODS = ['day', 'month', 'total'] as const;
export const SUBJECTS = ['all', 'key', 'user', 'team', 'feature'] as const;

const budget = z
  .strictObject({
    name: z.string().min(1).describe('By which warnings and refusals name it'),
    per: z.enum(SUBJECTS).default('all').describe('Who has a budget of his own; requests that name none share one'),
    only: z.array(z.string()).min(1).optional().describe('Holds for these alone; default: for each'),
    period: z.enum(PERIODS).describe('Calendar day or month in UTC, or for ever'),
    soft: exactAmount('USD', 'Past this spend: a warning, and `above_soft` of a budget_aware policy').optional(),
    hard: exactAmount('USD', 'No attempt is made that could go past this spend').optional(),
  })
  .refine(({ soft, hard }) => soft !== undefined || hard !== undefined, 'needs a limit: soft, hard or both');

export const routing = z.strictObject({
  policy: target.describe('What every request goes through: a route, a policy by name, or a policy'),
  policies: z.record(z.string(), policy).default({}).describe('Named policies'),
  quality: z
    .record(z.string(), exactAmount('1', 'Score between 0 and 1, by a measure that all routes share', SHARE))
    .default({})
    .describe('Route -> quality'),
  latency: z
    .record(z.string(), exactAmount('ms', 'Median latency, until measured'))
    .default({})
    .describe('Route -> median latency'),
  latency_smoothing: exactAmount('1', 'Weight of the newest latency in the moving average', SHARE)
    .refine((weight) => weight.central > 0, 'a weight of 0 would never learn; allowed is above 0 to 1')
    .prefault(0.1),
  limits: limits.prefault({}),
  retries: retries.optional(),
  retry_budget: retryBudget.optional(),
  breaker: breaker.optional(),
  budgets: z.array(budget).default([]),
});

export type Routing = z.infer<typeof routing>;
export type RoutingInput = z.input<typeof routing>;
export type Breaker = z.infer<typeof breaker>;
export type Budget = z.infer<typeof budget>;

/** Reads a configuration; all that is wrong with it is told at once, under `path`. */
export function parseRouting(input: unknown, path = 'routing'): Routing {
  const read = routing.safeParse(input);
  if (read.success) return read.data;
  const where = (found: readonly PropertyKey[]): string => dotted([path, ...found].filter((key) => key !== ''));
  throw new InputError(diagnose('ROUTING_FIELD', read.error, routing, input, where));
}
