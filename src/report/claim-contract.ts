/** A claim of the scenario in report.json: its verdict, over which inputs it was judged, where it changes, and on what evidence. */
import * as z from 'zod';

const verdict = z.enum(['holds', 'fails', 'unknown']);
const figureValue = z.union([z.number(), z.string(), z.null()]).describe('null: not known; never: no such month');

const finding = z.strictObject({ text: z.string(), source: z.string() });

export const claim = z.strictObject({
  id: z.string(),
  text: z.string(),
  source: z.string(),
  expression: z.string(),
  verdict: z.enum(['holds', 'fails', 'holds_where', 'unknown']),
  here: verdict.describe('Where the scenario stands'),
  share_fraction: z.number().nullable().describe('Of the range over which it is judged; null: nothing varies'),
  unknown_fraction: z.number().nullable().describe('Part of the range in which a figure that it needs is not known'),
  over: z.array(
    z.strictObject({
      path: z.string(),
      unit: z.string(),
      from: z.number(),
      to: z.number(),
      range: z.enum(['stated', 'distribution', 'usual']),
    }),
  ),
  boundary: z
    .array(
      z.strictObject({
        values: z.array(z.number()).describe('Of the inputs of `over`, in their order'),
        below: verdict.describe('At smaller values of the first'),
        above: verdict.describe('At larger values of the first'),
      }),
    )
    .describe('Where the verdict changes'),
  where: z.string().describe('The verdict in words'),
  of: z.string().optional().describe('Number of the statement in the ledger of claims'),
  as: z.enum(['stated', 'corrected']).optional().describe('Whose figures: the document’s, or sourced ones'),
  restated: z.string().optional().describe('What is judged in its place'),
  because: z.string().optional(),
  wrong: z
    .array(z.strictObject({ said: z.string(), is: z.string(), source: z.string() }))
    .optional()
    .describe('Figures that the document got wrong'),
  published: z
    .strictObject({ for: z.array(finding), against: z.array(finding) })
    .optional()
    .describe('Evidence from elsewhere'),
  evidence: z.array(z.strictObject({ name: z.string(), unit: z.string(), value: figureValue })),
});

export type ReportClaim = z.infer<typeof claim>;
