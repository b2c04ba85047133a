/** The contract of `correlations:` in a scenario: pairs of inputs, by their paths, with Spearman's rank correlation. */
import * as z from 'zod';

const rank = z.number().superRefine((value, context) => {
  if (!(value >= -1 && value <= 1))
    context.addIssue({ code: 'custom', message: `${value} is no rank correlation; allowed is -1 to 1` });
});

const path = z.string();

export const correlations = z.strictObject({
  method: z
    .enum(['iman_conover', 'gaussian_copula'])
    .default('iman_conover')
    .describe('iman_conover takes the chance correlation of the draws out, gaussian_copula leaves it in'),
  pairs: z
    .array(
      z.strictObject({
        between: z.tuple([path, path]).describe('Paths of two inputs, such as traffic.volume.growth and inputs.team'),
        rank: rank.describe('Spearman’s rank correlation, -1 to 1'),
        source: z.string().optional().describe('Where it is known from'),
      }),
    )
    .describe('Pairs that are not named are independent'),
});
