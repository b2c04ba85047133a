/**
 * The contract of a cache study: what caches of several sizes and lives would have hit, as plain JSON. Counts stand beside the
 * baseline that they are a part of; null is no bound, a life for ever, or a share of nothing.
 *
 * Tables are empty where no request has a hash chain: nothing is known then, which is not a hit rate of 0.
 */
import * as z from 'zod';
import { TENANTS } from '../columns.ts';

const count = z.int().min(0);
const fraction = z.number().min(0).max(1).nullable().describe('Of the baseline; null: the baseline is 0');
const entries = z.int().min(1).nullable().describe('Answers held at most, LRU; null: no bound');
const life_ms = z.number().positive().nullable().describe('null: for ever');
const life_from = z.enum(['last_use', 'insertion']);
const tenant = z.enum(TENANTS).describe('Who shares answers');

const volume = z.strictObject({
  requests: count,
  prompt_tokens: count.describe('Text of prompts'),
  answer_tokens: count,
});

const prompts = z.strictObject({
  requests: count,
  prompt_tokens: count.describe('Text of prompts'),
  blocks: count.describe('Of hash chains'),
});

const responseCell = z.strictObject({
  entries,
  life_ms,
  life_from,
  saved: volume.describe('Requests that the cache answers, with the tokens that are neither sent nor made'),
  saved_fraction: z.strictObject({ requests: fraction, prompt_tokens: fraction, answer_tokens: fraction }),
});

const promptCell = z.strictObject({
  capacity_blocks: z.int().min(1).nullable().describe('Blocks held at most, LRU; null: no bound'),
  life_ms: life_ms.describe('From the last use; null: for ever'),
  read: prompts.describe('Requests that read anything, the prompt tokens and the blocks that they read'),
  read_fraction: z.strictObject({ prompt_tokens: fraction, blocks: fraction }),
});

const study = z.strictObject({
  of: volume.describe('All requests: the baseline of response_cache'),
  without_prompt: volume.describe('Requests without a hash chain: nothing is known of them, and they count as misses'),
  logged_read_tokens: count.describe('Prompt tokens that the trace itself counts as read from a seller’s cache'),
  block_tokens: z.int().min(1),
  misfit_chains: count.describe('Chains of more or fewer blocks than a prompt of its tokens has'),
  tokens_per_block: z.number().nullable().describe('Mean over all chains; null: no block'),
  response_cache: z.array(
    z.strictObject({
      tenant,
      unstated_requests: count.describe('Requests that state no team or user; they share their answers'),
      cells: z
        .array(responseCell)
        .describe('Life from the last use for every size and life; from insertion without a bound on entries'),
    }),
  ),
  prompt_cache: z.strictObject({ of: prompts, cells: z.array(promptCell) }),
  prompt_cache_behind: z
    .array(
      z.strictObject({
        tenant,
        entries,
        life_ms,
        life_from,
        of: prompts.describe('What the response cache leaves: the baseline of the cells'),
        cells: z.array(promptCell),
      }),
    )
    .describe('A prompt cache that sees what is left by a response cache'),
});

const responseTable = study.shape.response_cache.element;
type ResponseTable = typeof responseTable;
export interface ResponseTableSchema extends ResponseTable {}
export const responseCacheTable: ResponseTableSchema = responseTable;
export type ResponseCacheTable = z.infer<ResponseTableSchema>;

// A name of its own keeps the declaration of schemas that contain this one short enough to be written down.
type Study = typeof study;
export interface CacheStudySchema extends Study {}
export const cacheStudyResult: CacheStudySchema = study;

export type CacheStudyResult = z.infer<CacheStudySchema>;
export type ResponseCell = z.infer<typeof responseCell>;
export type PromptCell = z.infer<typeof promptCell>;
