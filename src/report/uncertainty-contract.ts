/**
 * The part of report.json that says how sure the answer is. Every figure comes from paired draws: draw i is the same world for
 * every strategy. Costs are net present, US dollars; fractions are shares of the draws; `_se` are standard errors.
 */
import * as z from 'zod';

const share = z.number().min(0).max(1);

const summary = z.strictObject({
  mean: z.number(),
  se: z.number(),
  p5: z.number(),
  p50: z.number(),
  p95: z.number(),
  cvar95: z.number().describe('Mean of the dearest 5 % of draws'),
});

const drawnStrategy = z.strictObject({
  id: z.string(),
  npv_usd: summary,
  cash_npv_usd: summary,
  cheapest_fraction: share.describe('Cheaper than every other'),
  cheapest_se: z.number(),
  tied_fraction: share.describe('As cheap as the cheapest, and not alone in that'),
  regret_usd: z.number().describe('Expected cost above that of the cheapest of each draw'),
  regret_se: z.number(),
});

const difference = z.strictObject({
  strategy: z.string(),
  versus: z.string(),
  npv_usd: summary.omit({ cvar95: true }).describe('Of the paired difference: strategy less versus'),
  cheaper_fraction: share,
  cheaper_se: z.number(),
  tie_fraction: share,
  by_month: z
    .strictObject({ p5: z.array(z.number()), p50: z.array(z.number()), p95: z.array(z.number()) })
    .describe('Cumulative undiscounted difference at the end of each month'),
});

/** Months are counted from 1: the end of the first month. `null` is never. */
const monthDistribution = z.strictObject({
  from_start_fraction: share,
  later_fraction: share,
  never_fraction: share,
  never_se: z.number(),
  p5_month: z.number().nullable(),
  p50_month: z.number().nullable(),
  p95_month: z.number().nullable(),
  fraction_by_month: z.array(share),
});

const breakEvenMonth = z.strictObject({
  strategy: z.string(),
  versus: z.string(),
  first_crossing: monthDistribution.describe('First month in which the strategy has cost less so far'),
  for_good: monthDistribution.describe('From which on it stays cheaper until the horizon'),
  lost_again_fraction: share,
});

const dominance = z.strictObject({
  a: z.string(),
  b: z.string(),
  dominant: z.string().nullable(),
  order: z.enum(['first', 'second']).nullable(),
  a_cheaper_fraction: share,
  tie_fraction: share,
});

const informationValue = z.strictObject({
  inputs: z.array(z.string()).describe('Paths; empty: all of them (perfect information)'),
  value_usd: z.number().describe('What knowing them before deciding is worth at most'),
  se: z.number(),
  cross_fitted_usd: z.number().describe('The same, biased the other way: the truth lies between'),
});

const tornadoEnd = z.strictObject({
  input: z.number().describe('Value of the input: its P10 or P90, or the central value where that lies beyond'),
  quantity_usd: z.number(),
  best: z.string(),
  flips_at: z.number().nullable().describe('Value of the input from which on another strategy is best'),
  flips_to: z.string().nullable(),
});

const tornado = z.strictObject({
  strategy: z.string(),
  versus: z.string(),
  base_usd: z.number().describe('Difference at the means of all inputs: strategy less versus'),
  bars: z
    .array(
      z.strictObject({
        path: z.string(),
        unit: z.string(),
        central: z.number(),
        low: tornadoEnd,
        high: tornadoEnd,
        swing_usd: z.number(),
        is_monotone: z.boolean(),
      }),
    )
    .describe('Widest first'),
});

const interval = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

export const uncertainty = z.strictObject({
  draws: z.int(),
  method: z.enum(['latin_hypercube', 'plain', 'sobol']),
  seed: z.int(),
  incidents: z.enum(['sampled', 'expected']),
  varied: z.int().describe('Inputs that are not one number'),
  best: z.string().nullable().describe('Least mean cost among those that are ranked'),
  strategies: z.array(drawnStrategy).describe('Those that are ranked'),
  differences: z.array(difference).describe('Of every ranked strategy against the baseline'),
  break_even_months: z.array(breakEvenMonth),
  dominance: z.array(dominance),
  perfect_information: informationValue.nullable(),
  partial_information: z.array(informationValue).describe('Dearest first'),
  tornado: tornado
    .nullable()
    .describe('Between the recommended strategy and who else is the cheapest most often, else the baseline'),
  sobol: z
    .strictObject({
      strategy: z.string(),
      versus: z.string(),
      base_draws: z.int(),
      evaluations: z.int(),
      indices: z.array(z.strictObject({ inputs: z.array(z.string()), first_order: interval, total: interval })),
    })
    .nullable()
    .describe(
      'Share of the variance of the difference that inputs explain, alone and with others; null: not asked for',
    ),
});

export type Uncertainty = z.infer<typeof uncertainty>;
