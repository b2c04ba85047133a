/**
 * measurements.json: what live calls saw, target by target and check by check, with the evidence. The third layer of
 * knowledge, beside facts and the question: a measurement can replace an assumption. Versioned; later versions only add
 * fields. It holds no key and no prompt; `simulated` says that nothing of it was seen in the world.
 *
 * `null` is what was not seen, or is not known; it is never 0. Times are milliseconds, instants ISO 8601 in UTC.
 */
import * as z from 'zod';
import { COUNT_METERS, type MeterId } from '../meters.ts';

export const MEASUREMENTS_VERSION = 1;

export const CHECKS = [
  'reachable',
  'latency',
  'streaming',
  'cut_handling',
  'tool_calls',
  'streamed_tool_calls',
  'json_mode',
  'json_schema',
  'embeddings',
  'images',
  'error_shape',
  'too_long_prompt',
  'retry_behaviour',
  'cancel',
  'usage_accounting',
  'prompt_cache',
  'cost_reported',
  'attribution',
  'request_id',
  'model_snapshot',
  'quota_burn',
  'idempotent_retries',
] as const;
export type CheckId = (typeof CHECKS)[number];

export const VERDICTS = ['pass', 'fail', 'not_supported', 'not_run'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const TARGET_KINDS = [
  'direct',
  'managed_gateway',
  'self_hosted_gateway',
  'router',
  'local',
  'stand_in',
] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

const instant = z.iso.datetime();
const ms = z.number().min(0).nullable();
const usd = z.number().nullable();
const count = z.int().min(0);

export const interval = z
  .strictObject({ low: z.number(), high: z.number(), level: z.number().gt(0).lt(1) })
  .describe('Values that the data do not contradict, at this level');
export type Interval = z.infer<typeof interval>;

export const figure = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/)
      .describe('Unit last: added_first_token_ms, markup_fraction'),
    unit: z.string().describe('ms, USD, fraction, token, 1'),
    value: z.number().nullable(),
    interval: interval.nullable(),
    samples: count,
    how: z.string().describe('In words: median of paired differences'),
  })
  .describe('One measured number');
export type Figure = z.infer<typeof figure>;

export const measuredTarget = z.strictObject({
  id: z.string(),
  system: z.string().describe('Seller or gateway, as in the price book'),
  kind: z.enum(TARGET_KINDS),
  base_url: z.string(),
  api: z.enum(['openai', 'anthropic']),
  model: z.string().describe('As it was asked for'),
  priced_as: z.strictObject({ seller: z.string(), model: z.string() }).nullable(),
  is_baseline: z.boolean().describe('Differences are taken against it'),
  skipped: z.string().nullable().describe('Why nothing was called: no key, no address'),
});
export type MeasuredTarget = z.infer<typeof measuredTarget>;

export const finding = z
  .strictObject({
    target: z.string(),
    check: z.enum(CHECKS),
    verdict: z.enum(VERDICTS),
    required: z.boolean(),
    seen: z.string().describe('What was seen, in a sentence'),
    figures: z.array(figure),
    evidence: z.array(z.string()).describe('Ids of the exchanges that it rests on'),
  })
  .describe('One check on one target');
export type Finding = z.infer<typeof finding>;

const counts = z.strictObject(
  Object.fromEntries(COUNT_METERS.map((meter) => [meter, count])) as Record<Exclude<MeterId, 'requests'>, typeof count>,
);

export const ENDS = ['whole', 'cut', 'timeout', 'unreachable', 'cancelled'] as const;
export type End = (typeof ENDS)[number];

export const evidence = z
  .strictObject({
    id: z.string(),
    target: z.string(),
    check: z.enum(CHECKS),
    round: count.nullable().describe('Of calls that are made in rounds over all targets'),
    started_at: instant,
    operation: z.string(),
    is_stream: z.boolean(),
    status: z.int().nullable(),
    end: z.enum(ENDS),
    first_byte_ms: ms,
    first_token_ms: ms.describe('Until the first piece of content'),
    total_ms: ms,
    /** Between the pieces of a stream. */
    largest_gap_ms: ms,
    events: count,
    counts: counts.nullable().describe('Billed usage as the answer tells it, exclusive; null: it does not'),
    model: z.string().nullable().describe('As the answer names it'),
    request_id: z.string().nullable(),
    reported_usd: usd.describe('As the answer, its headers or a look-up tell it'),
    computed_usd: usd.describe('From the counts and the price book; null: unpriced'),
    headers: z.record(z.string(), z.string()).describe('Those that are known to carry no secret'),
    request: z.string().describe('What was asked, without prompts and keys'),
    answer: z.string().describe('The start of the answer, without prompts and keys'),
  })
  .describe('One exchange');
export type Evidence = z.infer<typeof evidence>;

export const usedPrice = z
  .strictObject({
    seller: z.string(),
    model: z.string(),
    as_of: z.iso.date().nullable().describe('When the price was read from its source; null: it has no date'),
    age_days: z.int().nullable().describe('From then to the day of the run'),
    source: z.string(),
  })
  .describe('A price that costs were computed from');
export type UsedPrice = z.infer<typeof usedPrice>;

export const measurements = z
  .strictObject({
    format: z.literal('tollgate-measurements'),
    version: z.literal(MEASUREMENTS_VERSION),
    simulated: z.boolean().describe('true: a stand-in answered; nothing of this was seen in the world'),
    complete: z.boolean().describe('false: it was interrupted, or the cap was reached'),
    started_at: instant,
    ended_at: instant,
    tollgate: z.string(),
    node: z.string(),
    seed: z.int(),
    rounds: z.int().min(1),
    cap_usd: z.number(),
    spent: z.strictObject({
      usd: z.number().describe('Of exchanges whose cost is known'),
      at_most_usd: z.number().describe('With what was reserved for those whose cost is not'),
    }),
    price_book_sha256: z.string(),
    prices: z
      .array(usedPrice)
      .default([])
      .describe('How old the prices were; empty in files that were written before this was kept'),
    targets: z.array(measuredTarget),
    findings: z.array(finding),
    evidence: z.array(evidence),
  })
  .describe('What live calls saw');
export type Measurements = z.infer<typeof measurements>;
