/**
 * The contract of a claim: what somebody says, as words and as a condition over figures that can be judged, with where it
 * stands in the ledger, what its document got wrong and what others published. A condition that can't be read is refused
 * here; names of figures are looked up once the strategies are known.
 */
import * as z from 'zod';
import { parseCondition } from '../formula/condition.ts';
import { FormulaError } from '../formula/parse.ts';

const condition = z.string().superRefine((text, context) => {
  try {
    parseCondition(text);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    context.addIssue({ code: 'custom', message: `"${text.slice(0, 80)}" ${error.message}`, input: text });
  }
});

const varied = z.union([
  z.string(),
  z.strictObject({
    path: z.string().describe('Path of an input, as the report lists assumptions'),
    from: z.union([z.number(), z.string()]).optional().describe('In the unit of the input; default: its P5'),
    to: z.union([z.number(), z.string()]).optional().describe('In the unit of the input; default: its P95'),
  }),
]);

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'allowed are lower-case letters, digits and hyphens, starting with a letter');

const wrongFigure = z.strictObject({
  said: z.string().min(1).describe('The figure as the document gives it'),
  is: z.string().min(1).describe('What it should be'),
  source: z.string().min(1).describe('Where the right one stands'),
});

const publishedFinding = z.strictObject({
  text: z.string().min(1).describe('What was found, in words'),
  source: z.string().min(1).describe('Where it was published'),
});

const published = z.strictObject({
  for: z.array(publishedFinding).default([]).describe('What supports the statement'),
  against: z.array(publishedFinding).default([]).describe('What speaks against it'),
});

export const claim = z.strictObject({
  id: id.optional().describe('Default: claim-1, claim-2, …'),
  of: z
    .string()
    .regex(/^C[1-9]\d{0,3}$/, 'expected the number of a statement in the ledger, such as C7')
    .optional()
    .describe('Number of the statement in the ledger; claims of one number are told together'),
  text: z.string().min(1).describe('What is claimed, in words'),
  source: z.string().min(1).describe('Who claims it, and where'),
  as: z
    .enum(['stated', 'corrected'])
    .default('stated')
    .describe('stated: with the figures of the document; corrected: with figures that have a source of their own'),
  variant: id.optional().describe('Judged in this variant alone; default: where the scenario stands'),
  restated: z
    .string()
    .min(1)
    .optional()
    .describe('What is judged in its place, where the statement itself can’t be computed'),
  claim: condition.describe('The same as a condition over figures: "npv_usd.direct < npv_usd.openrouter"'),
  over: z
    .array(varied)
    .max(2)
    .default([])
    .describe('Inputs over whose range it is judged, by path; absent: where the scenario stands'),
  because: z.string().min(1).optional().describe('Why the verdict is as it is, and what decides it'),
  wrong: z.array(wrongFigure).default([]).describe('Figures that the document got wrong'),
  published: published
    .default({ for: [], against: [] })
    .describe('Evidence from elsewhere, for the statement and against it'),
});
