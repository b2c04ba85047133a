/**
 * The part of report.json that says which strategy costs least over two inputs moved at once. Values are in the units of the
 * inputs; costs are net present, all other inputs at their means.
 */
import * as z from 'zod';

const mapDriver = z.strictObject({
  path: z.string(),
  unit: z.string(),
  scale: z.enum(['linear', 'logarithmic']),
  at: z.number().describe("The scenario's own value"),
  values: z.array(z.number()).describe('Rising; the own value is among them'),
});

/** Which strategy is the cheapest over two inputs, all others at their means. */
export const bestMap = z.strictObject({
  x: mapDriver,
  y: mapDriver,
  chosen_for: z.enum(['flips', 'usual']).describe('flips: one of them alone changes the answer; usual: none does'),
  strategies: z.array(z.string()),
  best: z.array(z.array(z.string().nullable())).describe('By y rising, then x rising; null: no price is published'),
  boundary: z
    .array(
      z.strictObject({
        x: z.number(),
        y: z.number(),
        along: z.enum(['x', 'y']).describe('The input that runs across the boundary here'),
        below: z.string().describe('Cheapest at smaller values of it'),
        above: z.string(),
      }),
    )
    .describe('Where the cheapest changes'),
});

export type ReportMap = z.infer<typeof bestMap>;
