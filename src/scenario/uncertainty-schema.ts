/** The contract of `uncertainty:` in a scenario: how many worlds are drawn and how. Options of the command line go before it. */
import * as z from 'zod';

/** Fewer say nothing of a tail. */
const LEAST_DRAWS = 100;
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

export const uncertainty = z.strictObject({
  draws: z
    .int()
    .min(0)
    .max(100_000)
    .refine((draws) => draws === 0 || draws >= LEAST_DRAWS, `allowed are 0 and ${LEAST_DRAWS} to 100000 draws`)
    .default(2000)
    .describe('Worlds drawn; 0: none, central values alone'),
  method: z
    .enum(['latin_hypercube', 'plain', 'sobol'])
    .default('latin_hypercube')
    .describe('How inputs are drawn from their distributions'),
  incidents: z
    .enum(['sampled', 'expected'])
    .default('sampled')
    .describe('sampled: each draw has outages of its own; expected: all have their mean'),
  sobol_indices: z
    .int()
    .refine(
      (rows) => rows >= 64 && rows <= 65_536 && isPowerOfTwo(rows),
      'allowed are powers of two from 64 to 65536, such as 4096',
    )
    .optional()
    .describe('Base draws for Sobol’ indices, a power of two; absent: none'),
});
