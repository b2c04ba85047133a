/**
 * The contract of synthetic traffic: how many requests, when, of which kinds and sizes. `synthetic:` in a scenario, and
 * the workload files of `tollgate trace synth`.
 *
 * A class is a kind of request with a size distribution of its own. Shares, weights and factors are relative: what states
 * the volume (`requests_per_hour`, `requests`, or `rates` alone) fixes the number of requests, and all else moves them.
 */
import * as z from 'zod';
import { SERVICE_TIERS } from '../meters.ts';
import { durationHours, hourWeights } from './profile.ts';

const logNormal = z
  .strictObject({
    p50: z.number().positive().describe('Median, tokens'),
    p95: z.number().positive().describe('95 % quantile, tokens'),
  })
  .refine(({ p50, p95 }) => p95 >= p50, 'p95 lies below p50')
  .describe('Log-normal from its median and its 95 % quantile');

const isRising = (numbers: readonly number[], strictly: boolean): boolean =>
  numbers.every((n, i) => i === 0 || (strictly ? n > numbers[i - 1]! : n >= numbers[i - 1]!));
const amounts = z.array(z.number().nonnegative()).max(10_000);

const quantiles = z
  .strictObject({
    probabilities: z.array(z.number().min(0).max(1)).min(2).max(10_000).describe('From 0 to 1, rising'),
    values: amounts.min(2).describe('The quantile at each probability, never falling; straight lines lie between them'),
  })
  .superRefine(({ probabilities, values }, context) => {
    const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (probabilities.length !== values.length)
      say('values', `there are ${values.length} values for ${probabilities.length} probabilities`);
    if (probabilities[0] !== 0 || probabilities.at(-1) !== 1)
      say('probabilities', `go from ${probabilities[0]} to ${probabilities.at(-1)}, not from 0 to 1`);
    if (!isRising(probabilities, true)) say('probabilities', 'do not rise from each to the next');
    if (!isRising(values, false)) say('values', 'fall somewhere; quantiles never do');
    if (!values.some((value) => value > 0)) say('values', 'are all 0');
  })
  .describe('Empirical: a table of quantiles');

const histogram = z
  .strictObject({
    values: amounts.min(1).describe('Distinct values'),
    counts: z.array(z.number().nonnegative()).min(1).max(10_000).describe('How often each was seen, or its weight'),
  })
  .superRefine(({ values, counts }, context) => {
    const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (values.length !== counts.length) say('counts', `there are ${counts.length} counts for ${values.length} values`);
    else if (!values.some((value, i) => value > 0 && counts[i]! > 0)) say('counts', 'leave no value above 0');
    if (!isRising(values, true)) say('values', 'do not rise from each to the next');
  })
  .describe('Empirical: distinct values with their counts');

const SHARES_TOLERANCE = 1e-6;
/** Text of the finding where shares do not add up to 1. */
function sharesProblem(parts: readonly { readonly share: number }[]): string | undefined {
  const shares = parts.reduce((total, { share }) => total + share, 0);
  return Math.abs(shares - 1) > SHARES_TOLERANCE ? `shares add up to ${shares}, not to 1` : undefined;
}
const addingUp = (parts: readonly { readonly share: number }[], context: z.RefinementCtx): void => {
  const message = sharesProblem(parts);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
};
const share = z.number().positive().max(1);

const plainTokens = z.union([logNormal, quantiles, histogram]);
const mixture = z
  .strictObject({
    mixture: z
      .array(z.strictObject({ share: share.describe('Share of the requests'), tokens: plainTokens }))
      .min(1)
      .superRefine(addingUp)
      .describe('Distributions with their shares'),
  })
  .describe('A mixture of distributions, whose shares add up to 1');
const tokens = z.union([logNormal, quantiles, histogram, mixture]);

const cv = z
  .number()
  .min(0.05)
  .max(50)
  .describe('Coefficient of variation of the gaps: standard deviation over mean. 1 is Poisson, more is bursty');
const arrivals = z
  .discriminatedUnion('process', [
    z.strictObject({ process: z.literal('poisson') }),
    z.strictObject({ process: z.literal('gamma'), cv }),
    z.strictObject({ process: z.literal('weibull'), cv }),
    z.strictObject({
      process: z.literal('empirical'),
      gap_ms: z.union([quantiles, histogram]).describe('Gaps, ms; the rate scales them, so only their shape counts'),
    }),
  ])
  .describe('Gaps between requests at an even rate; the rate of the window stretches them');

const dailyProfile = z
  .array(z.number().nonnegative())
  .length(24)
  .refine((weights) => weights.some((weight) => weight > 0), 'all 24 weights are 0')
  .describe('Relative weight of each hour of the day, UTC, from midnight');
const weekendFactor = z.number().nonnegative().describe('Weight of Saturdays and Sundays relative to other days');

const rates = z
  .strictObject({
    step_minutes: z.number().positive().optional().describe('Length of a step, minutes'),
    step_seconds: z.number().positive().optional().describe('Length of a step, seconds'),
    requests_per_second: z
      .array(z.number().nonnegative())
      .min(1)
      .max(200_000)
      .refine((values) => values.some((value) => value > 0), 'all rates are 0')
      .describe('Rate of each step, requests/s; begins again if the window is longer'),
  })
  .refine(
    ({ step_minutes, step_seconds }) => (step_minutes === undefined) !== (step_seconds === undefined),
    'needs exactly one of step_minutes and step_seconds',
  )
  .describe('An explicit series of rates');

export const requestClass = z
  .strictObject({
    feature: z.string().min(1).describe('Name of this kind of request'),
    share: share.describe('Share of all requests; shares add up to 1'),
    model: z.string().optional().describe('seller/model that these requests name; absent: the scenario assigns one'),
    models: z
      .array(
        z.strictObject({
          model: z.string().min(1).describe('seller/model'),
          share: share.describe('Share of the requests of this class'),
        }),
      )
      .min(1)
      .superRefine(addingUp)
      .optional()
      .describe('A mix of models, in place of `model`; shares add up to 1'),
    tier: z.enum(SERVICE_TIERS).default('standard').describe('Service tier that these requests ask for'),
    users: z.int().positive().optional().describe('Number of users; a few are busy, most are not'),
    teams: z.int().positive().optional().describe('Number of teams, over which users are spread'),
    input_tokens: tokens.describe('Whole prompts, tokens'),
    output_tokens: tokens.describe('Whole answers with their reasoning, tokens'),
    rank_correlation: z
      .number()
      .min(-1)
      .max(1)
      .optional()
      .describe("Spearman's rank correlation of input and output tokens; default 0"),
    cache_read_share: z.number().min(0).max(1).default(0).describe('Share of each prompt that is read from cache'),
    reasoning_share: z.number().min(0).max(1).optional().describe('Share of each answer that is reasoning'),
    prompts: z
      .strictObject({
        distinct: z.int().positive().max(1_000_000).describe('Number of distinct prompts'),
        zipf_exponent: z.number().min(0).max(10).describe('0: all alike; 1: the second is asked half as often'),
      })
      .optional()
      .describe('Prompts repeat: equal ones have the same length and the same hash chain'),
    prefixes: z
      .strictObject({
        count: z.int().positive().max(1_000_000).describe('Number of distinct prefixes'),
        tokens: z.int().min(512).describe('Length of each, tokens; blocks of 512 are shared, what is left over is not'),
        share: z.number().min(0).max(1).default(1).describe('Share of the prompts that begin with one'),
      })
      .optional()
      .describe('Prefixes that prompts have in common, as leading blocks of their hash chains'),
    arrivals: arrivals.optional().describe('Of this class alone, in place of the common one'),
    daily_profile: dailyProfile.optional().describe('Of this class alone, in place of the common one'),
    weekend_factor: weekendFactor.optional(),
  })
  .refine(({ model, models }) => model === undefined || models === undefined, 'needs `model` or `models`, not both');

const spec = z
  .strictObject({
    start: z
      .union([z.iso.date(), z.iso.datetime()])
      .default('2026-01-05')
      .describe('First day, or first instant, UTC; the default is a Monday'),
    duration_hours: z
      .number()
      .positive()
      .max(87_600)
      .optional()
      .describe('Length of the window; default: that of the rate series, else 168'),
    requests_per_hour: z.number().positive().optional().describe('Mean over the whole duration'),
    requests: z.int().positive().optional().describe('Exact number of requests, in place of a mean'),
    daily_profile: dailyProfile.optional(),
    weekend_factor: weekendFactor.default(1),
    arrivals: arrivals.optional(),
    rates: rates.optional(),
    growth: z
      .number()
      .gt(-1)
      .max(100)
      .optional()
      .describe('Share by which the rate grows a month (730 h): 0.05 is 5 %'),
    bursts: z
      .strictObject({
        per_day: z.number().positive().max(10_000).describe('How many a day'),
        minutes: z.number().positive().describe('How long each lasts, minutes'),
        factor: z.number().nonnegative().describe('Rate in a burst relative to that without; 0 is a silence'),
      })
      .optional(),
    classes: z.array(requestClass).min(1).max(1000),
  })
  .superRefine((spec, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const shares = sharesProblem(spec.classes);
    if (shares !== undefined) say(['classes'], shares);
    if (spec.requests_per_hour !== undefined && spec.requests !== undefined)
      say(['requests'], 'stands beside requests_per_hour; one of them states the volume');
    if (spec.requests_per_hour === undefined && spec.requests === undefined && spec.rates === undefined)
      say([], 'needs requests_per_hour, requests or rates: nothing says how many requests there are');
    if (spec.bursts !== undefined && spec.bursts.per_day * durationHours(spec) > 24_000_000)
      say(['bursts', 'per_day'], 'makes more than a million bursts');
    for (const [index, requests] of spec.classes.entries())
      if (!hourWeights(spec, requests).some((weight) => weight > 0))
        say(['classes', index], 'no hour of the duration has a weight');
  })
  .describe('Requests made up from arrivals and sizes');

// A name of its own keeps the declaration of schemas that contain this one short enough to be written down.
export interface WorkloadSpecSchema extends Spec {}
type Spec = typeof spec;
export const workloadSpec: WorkloadSpecSchema = spec;

export type WorkloadSpec = z.infer<typeof workloadSpec>;
export type WorkloadSpecInput = z.input<typeof workloadSpec>;
export type RequestClass = z.infer<typeof requestClass>;
export type Arrivals = z.infer<typeof arrivals>;
export type Tokens = z.infer<typeof tokens>;
export type LogNormalTokens = z.infer<typeof logNormal>;
export type QuantileTable = z.infer<typeof quantiles>;
export type Histogram = z.infer<typeof histogram>;
