/**
 * The contract of a claim: what somebody says, as words and as a condition over figures that can be judged. A condition that
 * can't be read is refused here; names of figures are looked up once the strategies are known.
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

export const claim = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'allowed are lower-case letters, digits and hyphens, starting with a letter')
    .optional()
    .describe('Default: claim-1, claim-2, …'),
  text: z.string().min(1).describe('What is claimed, in words'),
  source: z.string().min(1).describe('Who claims it, and where'),
  claim: condition.describe('The same as a condition over figures: "npv_usd.direct < npv_usd.openrouter"'),
  over: z
    .array(varied)
    .max(2)
    .default([])
    .describe('Inputs over whose range it is judged, by path; absent: where the scenario stands'),
});
