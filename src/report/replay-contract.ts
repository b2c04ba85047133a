/** A replay in report.json: what happened to each request of the measured window under a strategy's policy, caches and batches. */
import * as z from 'zod';
import { responseCacheTable } from '../replay/caches/cache-study-result.ts';
import { SAVERS } from '../replay/savings.ts';
import { usd } from './usd-contract.ts';

const spread = z
  .strictObject({ p50: z.number(), p95: z.number(), p99: z.number(), mean: z.number(), requests: z.int() })
  .nullable()
  .describe('Milliseconds; null: no latency is known');

export const replayed = z.strictObject({
  strategy: z.string(),
  requests: z.int().describe('Of the measured window; each ends in exactly one outcome'),
  outcomes: z.record(z.string(), z.int()),
  reasons: z.record(z.string(), z.int()).describe('Of requests that were not served'),
  attempts: z.int(),
  attempts_by: z.array(z.strictObject({ route: z.string(), status: z.string(), attempts: z.int() })),
  served_after_failure: z.int(),
  billed_failures: z.int(),
  duplicates: z.int().describe('Sent again by clients that did not wait'),
  unknown_latency: z.int().describe('Served, by a route whose latency is not stated'),
  latency: spread.describe('Until the answer'),
  first_token: spread,
  task_latency: spread.describe('Until the end of a task, where agents make several calls in a row'),
  batch_latency: spread.describe('Until the deadline, of requests that wait for a batch'),
  service_levels: z.array(
    z.strictObject({
      measure: z.enum(['first_token', 'answer']),
      within_ms: z.number(),
      share_fraction: z.number().optional(),
      requests: z.int(),
      missed: z.int(),
    }),
  ),
  savings: z
    .array(
      z.strictObject({
        saver: z.enum(SAVERS),
        requests: z.int(),
        of_requests: z.int(),
        prompt_tokens: z.int(),
        of_prompt_tokens: z.int(),
        saved_usd: usd,
        of_usd: usd.describe('Its baseline: what would be paid without it, with those before it'),
      }),
    )
    .describe('In this order; each works on what the one before left. Measured window, list prices of the start'),
  other_caches: responseCacheTable
    .optional()
    .describe('What response caches of other sizes and lives would have hit; absent: prompts are not known'),
  assumed: z
    .array(z.strictObject({ what: z.string(), share: z.number(), range: z.string().optional() }))
    .describe('Shares that stand in for what the traffic can’t tell'),
  batch_by_feature: z.array(z.strictObject({ feature: z.string(), requests: z.int(), of_requests: z.int() })),
});

export type ReportReplay = z.infer<typeof replayed>;
