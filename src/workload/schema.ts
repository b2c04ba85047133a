/**
 * The contract of synthetic traffic: how many requests, when, of which kinds and sizes. `synthetic:` in a scenario.
 *
 * A class is a kind of request with a size distribution of its own. Shares, weights and factors are relative to a mean:
 * `requests_per_hour` is the mean over the whole duration, whatever the profile.
 */
import * as z from 'zod';
import { SERVICE_TIERS } from '../meters.ts';
import { hourWeights } from './profile.ts';

const tokens = z
  .strictObject({
    p50: z.number().positive().describe('Median, tokens'),
    p95: z.number().positive().describe('95 % quantile, tokens'),
  })
  .refine(({ p50, p95 }) => p95 >= p50, 'p95 lies below p50')
  .describe('Log-normal from its median and its 95 % quantile');

const dailyProfile = z
  .array(z.number().nonnegative())
  .length(24)
  .refine((weights) => weights.some((weight) => weight > 0), 'all 24 weights are 0')
  .describe('Relative weight of each hour of the day, UTC, from midnight');
const weekendFactor = z.number().nonnegative().describe('Weight of Saturdays and Sundays relative to other days');

export const requestClass = z.strictObject({
  feature: z.string().min(1),
  share: z.number().positive().max(1).describe('Share of all requests; shares add up to 1'),
  model: z.string().optional().describe('seller/model that these requests name; absent: the scenario assigns one'),
  tier: z.enum(SERVICE_TIERS).default('standard'),
  users: z.int().positive().optional().describe('Number of users; a few are busy, most are not'),
  teams: z.int().positive().optional().describe('Number of teams, over which users are spread'),
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_share: z.number().min(0).max(1).default(0).describe('Share of each prompt that is read from cache'),
  daily_profile: dailyProfile.optional().describe('Of this class alone, in place of the common one'),
  weekend_factor: weekendFactor.optional(),
});

export const workloadSpec = z
  .strictObject({
    start: z.iso.date().default('2026-01-05').describe('First day, UTC; the default is a Monday'),
    duration_hours: z.int().positive().max(87_600).default(168),
    requests_per_hour: z.number().positive().describe('Mean over the whole duration'),
    daily_profile: dailyProfile.optional(),
    weekend_factor: weekendFactor.default(1),
    classes: z.array(requestClass).min(1),
  })
  .superRefine((spec, context) => {
    const shares = spec.classes.reduce((total, { share }) => total + share, 0);
    if (Math.abs(shares - 1) > 1e-6)
      context.addIssue({ code: 'custom', path: ['classes'], message: `shares add up to ${shares}, not to 1` });
    for (const [index, requests] of spec.classes.entries())
      if (!hourWeights(spec, requests).some((weight) => weight > 0))
        context.addIssue({ code: 'custom', path: ['classes', index], message: 'no hour of the duration has a weight' });
  })
  .describe('Requests made up from arrivals and sizes');

export type WorkloadSpec = z.infer<typeof workloadSpec>;
export type WorkloadSpecInput = z.input<typeof workloadSpec>;
export type RequestClass = z.infer<typeof requestClass>;
