/**
 * The contract of what the world does to requests: `conditions:` in a scenario. Outages by hand, rate limits, errors,
 * latency, clients that do not wait, service levels; each by the route's name, as the policy uses it.
 *
 * A replay meets one world, so each amount is one number: an interval would be replayed at its mean in silence. Outages
 * from history are no part of it. What contradicts itself is refused here; names are checked by read-conditions.ts, which knows
 * them.
 */
import * as z from 'zod';
import { amount, type Limits, SHARE } from '../amount.ts';
import { errorsProblem, routeErrorsOf } from './errors-in-bursts.ts';

const exact = (unit: string, description: string, limits?: Limits) =>
  amount(unit, description, limits).superRefine((found, context) => {
    if (found.formula !== undefined)
      context.addIssue({ code: 'custom', message: 'a replay acts on one number; a formula is none', continue: false });
    else if (found.spec.is !== 'point')
      context.addIssue({ code: 'custom', message: 'a replay acts on one number; an interval or distribution is none' });
  });
const positive = (unit: string, description: string) =>
  exact(unit, description).refine(({ central }) => central > 0, 'allowed is above 0');

const instant = z.union(
  [z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 }), z.iso.date()],
  {
    error: 'expected an instant with its offset, "2026-12-03T14:00:00Z", or a day in UTC, "2026-12-03"',
  },
);

const outage = z
  .strictObject({
    component: z.string().describe('What is down: a seller, a model (seller/model), a gateway, or what several share'),
    from: instant.describe('Begin, inclusive'),
    until: instant.describe('End, exclusive'),
    failing: exact('1', 'Share of the requests that fail', SHARE).prefault(1),
    note: z.string().optional().describe('Shown in the report'),
  })
  .superRefine(({ from, until }, context) => {
    if (Date.parse(until) <= Date.parse(from))
      context.addIssue({ code: 'custom', path: ['until'], message: `${until} is not after the start, ${from}` });
  });

const outages = z.array(outage).superRefine((stated, context) => {
  const spans = stated.map(({ component, from, until }) => [component, Date.parse(from), Date.parse(until)] as const);
  spans.forEach(([component, from_ms, until_ms], i) => {
    const earlier = spans.slice(0, i).findIndex((o) => o[0] === component && o[1] < until_ms && from_ms < o[2]);
    if (earlier >= 0)
      context.addIssue({
        code: 'custom',
        path: [i],
        message: `overlaps with outages[${earlier}], which has ${component} down from ${stated[earlier]!.from}; state the time of both once`,
      });
  });
});

/** Fields of a token bucket for requests and one for tokens; `bucketsHold` says what they must keep to. */
export const rateBuckets = {
  requests_per_minute: positive('request/minute', 'Requests per minute').optional(),
  tokens_per_minute: positive('token/minute', 'Tokens per minute, as the seller counts them').optional(),
  burst_requests: positive('request', 'Requests at once; default: what a minute allows')
    .refine(({ central }) => central >= 1, 'a bucket that never holds a request refuses all; allowed is at least 1')
    .optional(),
  burst_tokens: positive('token', 'Tokens at once; default: what a minute allows').optional(),
};
const statedBuckets = z.strictObject(rateBuckets);

export function bucketsHold(limit: z.infer<typeof statedBuckets>, context: z.RefinementCtx): void {
  const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  const { requests_per_minute, tokens_per_minute, burst_requests, burst_tokens } = limit;
  if (burst_requests !== undefined && requests_per_minute === undefined)
    say('burst_requests', 'stands without requests_per_minute');
  if (burst_tokens !== undefined && tokens_per_minute === undefined)
    say('burst_tokens', 'stands without tokens_per_minute');
  const bucket = burst_requests ?? requests_per_minute;
  if (burst_requests === undefined && bucket !== undefined && bucket.central < 1)
    say('burst_requests', 'is missing; below one request per minute the bucket would never hold one');
}

export const rateLimit = z
  .strictObject({
    ...rateBuckets,
    per: z.enum(['route', 'key']).default('route').describe('route: all keys share it; key: each key has its own'),
  })
  .superRefine((limit, context) => {
    if (limit.requests_per_minute === undefined && limit.tokens_per_minute === undefined)
      context.addIssue({
        code: 'custom',
        path: ['requests_per_minute'],
        message: 'is missing, and so is tokens_per_minute; one of them makes a limit',
      });
    bucketsHold(limit, context);
  });

/** `connection` for one that broke before a status. */
const status = z.string().regex(/^([45]\d\d|connection)$/, 'expected an HTTP status from 400 to 599, or connection');

export const routeErrors = z
  .strictObject({
    status: z
      .record(status, exact('1', 'Share of attempts that end with it', SHARE))
      .describe('HTTP status, or connection -> share of attempts'),
    bursts: z
      .strictObject({
        share: exact('1', 'Share of the errors that fall into bursts', SHARE),
        rate: positive('1', 'Share of attempts that fail within one').refine(
          ({ central }) => central <= 1,
          'allowed is at most 1',
        ),
        length: positive('ms', 'Mean length of a burst'),
      })
      .optional()
      .describe('Without it, errors are independent of each other'),
  })
  .superRefine((stated, context) => {
    const message = errorsProblem(routeErrorsOf(stated));
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const ordered = ({ p50, p95 }: { p50: { central: number }; p95: { central: number } }): boolean =>
  p95.central >= p50.central;
const table = (least: z.ZodNumber) =>
  z
    .strictObject({
      probabilities: z.array(z.number().min(0).max(1)).min(2).max(10_000).describe('From 0 to 1, rising'),
      values_ms: z.array(least).min(2).max(10_000).describe('Milliseconds at each, never falling'),
    })
    .superRefine(({ probabilities, values_ms }, context) => {
      const say = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
      if (values_ms.length !== probabilities.length)
        say('values_ms', `there are ${values_ms.length} values for ${probabilities.length} probabilities`);
      if (probabilities[0] !== 0 || probabilities.at(-1) !== 1)
        say('probabilities', `go from ${probabilities[0]} to ${probabilities.at(-1)}, not from 0 to 1`);
      if (probabilities.some((p, i) => i > 0 && p <= probabilities[i - 1]!))
        say('probabilities', 'do not rise from each to the next');
      if (values_ms.some((value, i) => i > 0 && value < values_ms[i - 1]!))
        say('values_ms', 'fall somewhere; quantiles never do');
    })
    .describe('A table of quantiles; straight lines lie between them');

const spread = (description: string) =>
  z
    .union([
      z
        .strictObject({ p50: positive('ms', 'Median'), p95: positive('ms', '95 % quantile') })
        .refine(ordered, { path: ['p95'], message: 'lies below p50' })
        .describe('Log-normal from its median and its 95 % quantile'),
      table(z.number().nonnegative()),
    ])
    .describe(description);

const hop = z.strictObject({
  region: z.string().optional().describe('Of the client; default: any region without a row of its own'),
  from_prompt_tokens: z.int().nonnegative().default(0).describe('Prompts of at least so many tokens'),
  latency: z
    .union([
      z
        .strictObject({ p50: exact('ms', 'Median', {}), p95: exact('ms', '95 % quantile', {}) })
        .refine(ordered, { path: ['p95'], message: 'lies below p50' })
        .describe(
          'Normal from its median and its 95 % quantile; negative where the way through the gateway is shorter',
        ),
      table(z.number()),
    ])
    .describe('Time that it adds, each way together'),
});

export const routeLatency = z.strictObject({
  first_token: spread('Until the first token of the answer, without prompt, hop and inspection'),
  per_token: spread('For each token of the answer'),
  prefill: exact('ms/ktok', 'Added to the first token, for each 1,000 tokens of the prompt').prefault(0),
  failure: spread('Until a failed attempt is told').optional(),
  inspection: exact('ms', 'Guardrails and such before the request goes on').prefault(0),
  hops: z.array(hop).default([]).describe('Added by the gateway in between'),
});

const abandonment = z.strictObject({
  waits_for: z.enum(['first_token', 'answer']).default('answer').describe('What clients wait for'),
  after: positive('ms', 'Time after which clients leave'),
  leaving: exact('1', 'Share that leaves then', SHARE),
  timeout: positive('ms', 'Time after which clients ask again').optional(),
  duplicating: exact('1', 'Share of those still there that asks again then', SHARE).optional(),
});

const serviceLevel = z.strictObject({
  measure: z.enum(['first_token', 'answer']).describe('What has to come in time'),
  within: positive('ms', 'Slower requests miss it'),
  share: exact('1', 'Share of requests that have to be within', SHARE).optional(),
});

const byRoute = <T extends z.ZodType>(of: T, description: string) =>
  z.record(z.string(), of).default({}).describe(`${description}, by name of the route`);

export const conditions = z.strictObject({
  outages: outages.default([]).describe('Stated outages, beside those from history'),
  rate_limits: byRoute(rateLimit, 'Limits of the seller'),
  error_rate: byRoute(routeErrors, 'Errors outside outages'),
  latency: byRoute(routeLatency, 'Latency of an attempt'),
  clients: z
    .record(z.string(), exact('1', 'Share of the requests', SHARE))
    .default({})
    .superRefine((shares, context) => {
      const total = Object.values(shares).reduce((sum, { central }) => sum + central, 0);
      if (Object.keys(shares).length > 0 && Math.abs(total - 1) > 1e-6)
        context.addIssue({ code: 'custom', message: `shares add up to ${Number(total.toPrecision(6))}, not to 1` });
    })
    .describe('Where clients are: region -> its share; hops and policies by region act on it'),
  abandonment: abandonment.optional().describe('Clients that do not wait'),
  sla: z.array(serviceLevel).default([]).describe('Service levels whose misses are counted'),
});

export type Conditions = z.infer<typeof conditions>;
export type StatedRateLimit = z.infer<typeof rateLimit>;
export type StatedLatency = z.infer<typeof routeLatency>;
export type StatedAbandonment = z.infer<typeof abandonment>;
