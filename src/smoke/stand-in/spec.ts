/**
 * The contract of a stand-in: how quick its two routes are, what they charge, tell and break, all declared. Every field has
 * a default, so that an empty spec is a whole one: a direct route, and a gateway that is the same behind a hop of 40 ms
 * +- 5 (35 to 45 as a 90 % interval, normal) and takes 5.5 % on top. This file holds no logic.
 */
import * as z from 'zod';
import { amount } from '../../amount.ts';
import { exactAmount } from '../../routing/exact.ts';

export const STAND_IN_ROUTES = ['direct', 'gateway'] as const;
export type StandInRouteName = (typeof STAND_IN_ROUTES)[number];

export const STAND_IN_APIS = ['openai', 'anthropic'] as const;
export type StandInApi = (typeof STAND_IN_APIS)[number];

const share = (description: string) => z.number().min(0).max(1).default(0).describe(description);

const faults = z
  .strictObject({
    error_fraction: share('Requests that end as 500 or 503, unbilled'),
    burst_fraction: share('Requests with which a burst of 429s begins'),
    burst_lasts: exactAmount('ms', 'A burst is over after; Retry-After says how long that is').prefault('2 s'),
    cut_fraction: share('Answers that break off in the middle; what was made until then is billed'),
    stall_fraction: share('Answers that stop in the middle without an end'),
    reset_fraction: share('Connections that are closed before an answer, unbilled'),
    drops_cache_discount: z
      .boolean()
      .default(false)
      .describe('Tells no cached tokens and charges all of the prompt as fresh'),
    inflated_percent: z.number().min(0).max(1000).default(0).describe('Tokens counted above those that there were'),
  })
  .refine(
    (all) =>
      all.error_fraction + all.burst_fraction + all.cut_fraction + all.stall_fraction + all.reset_fraction <= 1 + 1e-9,
    'more goes wrong than is asked: fractions come to more than 1 together',
  )
  .describe('What goes wrong, by chance of the seed');

const allowance = z
  .strictObject({
    requests_per_minute: z.int().min(1).default(30_000),
    tokens_per_minute: z.int().min(1).default(30_000_000),
  })
  .describe('What it takes in a minute; past that it answers 429 with Retry-After');

const routeOf = (added: string, markup_percent: number, reports_cost: 'none' | 'usage') =>
  z
    .strictObject({
      added: amount('ms', 'Before the first byte, on top of the model’s own time').prefault(added),
      markup_percent: z.number().min(0).max(1000).multipleOf(0.01).default(markup_percent).describe('On every charge'),
      reports_cost: z
        .enum(['none', 'usage', 'header', 'lookup'])
        .default(reports_cost)
        .describe('Where answers tell what they cost; a look-up is answered in any case'),
      faults: faults.prefault({}),
      allowance: allowance.prefault({}),
    })
    .prefault({});

export const standInSpec = z
  .strictObject({
    $schema: z.string().optional(),
    api: z.enum(STAND_IN_APIS).default('openai').describe('What its targets are asked in; it speaks both'),
    key: z.string().min(1).default('stand-in-key').describe('The key that it knows; none is right too'),
    first_token: amount('ms', 'Until the first token; an interval is log-normal').prefault('140 to 180 ms'),
    per_token: amount('ms', 'Between two tokens').prefault('2 to 6 ms'),
    answer_tokens: amount('tokens', 'Length of an answer in words, if the request allows it').prefault(
      '8 to 40 tokens',
    ),
    cache_life: exactAmount('ms', 'A prompt’s start is forgotten after').prefault('5 minutes'),
    body_bytes: z.int().min(1024).default(4_194_304).describe('Longest request; past that it answers 413'),
    direct: routeOf('0 ms', 0, 'none').describe('The seller itself'),
    gateway: routeOf('35 to 45 ms normal', 5.5, 'usage').describe('The same behind a gateway'),
  })
  .describe('A local upstream of declared behaviour');

export type StandInSpec = z.infer<typeof standInSpec>;
export type StandInInput = z.input<typeof standInSpec>;
export type RouteSpec = StandInSpec['direct'];
export type FaultSpec = RouteSpec['faults'];
