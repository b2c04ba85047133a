/**
 * The contract of a router's file. `routes` and `routing` are those of a scenario, and `rate_limits` those of its conditions,
 * so that what a replay simulated can be pasted; the rest says where sellers are reached, who may ask, and what is kept. Keys
 * of sellers never stand in the file, only the names of environment variables that hold them. This file holds no logic.
 *
 * Whom a request is for is said by headers, else by its body: x-tollgate-user, else `safety_identifier`, `user`,
 * `metadata.user`, `metadata.user_id`; x-tollgate-feature, else `metadata.feature`; x-tollgate-team, else `metadata.team`,
 * unless the client has a team of its own; x-tollgate-tags (`name=value, name=value`), else what else `metadata` holds.
 */
import * as z from 'zod';
import { bucketsHold, rateBuckets, rateLimit } from '../conditions/schema.ts';
import { exactAmount } from '../routing/exact.ts';
import { routes } from '../routing/route.ts';
import { routing } from '../routing/routing.ts';

export const UPSTREAM_APIS = ['openai', 'anthropic'] as const;
export type UpstreamApi = (typeof UPSTREAM_APIS)[number];

const upstream = z
  .strictObject({
    base_url: z
      .url({ protocol: /^https?$/, error: 'expected an http or https address' })
      .refine((url) => !/[?#@]/.test(url), 'an address has no credentials, query or fragment')
      .describe('With its version: https://api.openai.com/v1'),
    api: z.enum(UPSTREAM_APIS).default('openai').describe('What it speaks'),
    key_env: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable')
      .optional()
      .describe('Environment variable that holds the key; default: it needs none'),
    key_file: z
      .string()
      .min(1)
      .optional()
      .describe('In its place a file that holds the key, relative to this one; read again on SIGHUP'),
    key_header: z
      .enum(['authorization', 'x-api-key', 'api-key'])
      .optional()
      .describe('Header that carries the key; default: authorization, of anthropic x-api-key'),
    headers: z
      .record(
        z.string().regex(/^[a-z0-9-]+$/, 'expected a header’s name in lower case'),
        z.string().regex(/^[\t\x20-\x7e]*$/, 'expected one line of plain text'),
      )
      .default({})
      .describe('Sent with every request; no secrets'),
    stream_usage: z.boolean().default(true).describe('Whether it understands stream_options.include_usage'),
    connections: z.int().min(1).optional().describe('Most connections at a time; default: no limit'),
    keep_alive: exactAmount('ms', 'Idle connections are closed after; keep it below the time of the seller').prefault(
      '4 s',
    ),
  })
  .refine(
    ({ key_env, key_file }) => key_env === undefined || key_file === undefined,
    'takes its key from key_env or from key_file',
  )
  .describe('How a seller is reached');

const clientLimits = z
  .strictObject({
    ...rateBuckets,
    concurrent_requests: z.int().min(1).optional().describe('Requests under way at a time'),
  })
  .superRefine((limits, context) => {
    if (Object.values(limits).every((one) => one === undefined))
      context.addIssue({
        code: 'custom',
        message: 'needs a limit: requests_per_minute, tokens_per_minute or concurrent_requests',
      });
    bucketsHold(limits, context);
  });

const client = z.strictObject({
  name: z.string().min(1).max(128),
  key_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits in lower case: printf %s KEY | sha256sum')
    .describe('SHA-256 of the key that the client sends'),
  team: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Its team, whatever its requests say; without it they may name one: x-tollgate-team, metadata.team'),
  models: z.array(z.string()).min(1).optional().describe('Names that it may ask for; default: all'),
  budgets: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Budgets per key that hold for it and for others that name them'),
  limits: clientLimits
    .optional()
    .describe(
      'What it may ask of this router; past that it gets 429 with Retry-After. Answers of the cache count as requests, not as tokens',
    ),
});

const timeouts = z.strictObject({
  connect: exactAmount('ms', 'Until a connection stands').prefault('5 s'),
  first_byte: exactAmount('ms', 'From sending until the first byte of the answer’s body').prefault('60 s'),
  idle: exactAmount('ms', 'Between two chunks of an answer').prefault('30 s'),
  total: exactAmount('ms', 'Of one attempt').prefault('10 minutes'),
  client_idle: exactAmount('ms', 'A client that takes nothing for so long is left').prefault('2 minutes'),
});

const cache = z.strictObject({
  entries: z.int().min(1).default(1000),
  bytes: z.int().min(1).default(67_108_864).describe('All answers together'),
  life: exactAmount('ms', 'Age at which an answer is forgotten').prefault('1 hour'),
  tenant: z.enum(['team', 'client']).default('client').describe('Who shares answers'),
});

const log = z.strictObject({
  dir: z.string().min(1).describe('Folder, relative to this file'),
  format: z.enum(['csv', 'jsonl']).default('csv'),
  rows: z.enum(['attempt', 'request']).default('attempt').describe('What a row is'),
  rotate_bytes: z.int().min(1024).default(104_857_600),
  flush: exactAmount('ms', 'Rows are written at least every').prefault('1 s'),
  prompts: z.boolean().default(false).describe('Whether prompts are written down'),
  hash_chain: z.boolean().default(false).describe('Whether hashes of the prompt’s blocks are written down'),
});

const listen = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8787).describe('0: any that is free'),
  body_bytes: z.int().min(1024).default(10_485_760).describe('Longest request'),
  json_depth: z.int().min(4).max(1000).default(64).describe('Deepest nesting of a request'),
  header_bytes: z.int().min(1024).default(16_384),
  headers: z.int().min(8).default(64).describe('Most headers of a request'),
  headers_timeout: exactAmount('ms', 'Until a request’s headers are there').prefault('10 s'),
  body_timeout: exactAmount('ms', 'Until a whole request is there').prefault('60 s'),
  drain: exactAmount('ms', 'Open answers may take so long after SIGTERM').prefault('30 s'),
});

const estimates = z.strictObject({
  output_tokens: z.int().min(1).default(500).describe('Expected answer, where policies compare costs'),
  max_output_tokens: z
    .int()
    .min(1)
    .default(4096)
    .describe('What a budget reserves for a request that states no longest answer'),
});

export const routerConfig = z.strictObject({
  routes: routes.refine((all) => Object.keys(all).length > 0, 'there has to be a route'),
  routing,
  rate_limits: z
    .record(z.string(), rateLimit)
    .default({})
    .describe(
      'Route -> how much it is sent at most, as `replay.conditions.rate_limits` has it; past that an attempt ends as a 429 that nobody was asked for',
    ),
  upstreams: z.record(z.string(), upstream).describe('Seller -> how it is reached'),
  clients: z.array(client).min(1).optional().describe('Who may ask; without it anybody on this machine'),
  models: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Name that clients ask for -> a route or a policy; beside it every route by its name and as seller/model',
    ),
  timeouts: timeouts.prefault({}),
  cache: cache.optional().describe('Answers kept for requests that are exactly the same'),
  log: log.optional().describe('Usage log in the trace format'),
  listen: listen.prefault({}),
  estimates: estimates.prefault({}),
});

export type RouterConfig = z.infer<typeof routerConfig>;
export type Upstream = z.infer<typeof upstream>;
export type Client = z.infer<typeof client>;
export type ClientLimits = z.infer<typeof clientLimits>;
