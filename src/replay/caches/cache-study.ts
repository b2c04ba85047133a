/**
 * What caches of other sizes and lives would have hit on a trace, fed batch by batch in order of time: response caches by
 * entries, life and tenant, prompt caches by life and blocks, and prompt caches behind a response cache.
 *
 * Every cell is what a direct simulation of that one cache gives. Life from the last use comes from hit curves, all sizes and
 * lives at once; life from insertion is run without a bound on entries, one cache for each life; what is left behind a
 * response cache is run with that cache. Between the cells nothing is known. Memory grows with distinct prompts and blocks.
 * Example, one prompt of 1,000 tokens at 0 s, 40 s and 80 s, life 1 minute: 2 of 3 requests and 2,000 of 3,000 prompt tokens
 * are spared from the last use, 1 and 1,000 from insertion (at 80 s the answer is 80 s old).
 * Not modelled: what the caches' headers say (answers are there at once, equal prompts alone hit), prices.
 */
import { meterAt, type ReplayBatch, TENANTS, type Tenant, withTenant } from '../columns.ts';
import type { CacheStudyResult, PromptCell, ResponseCell } from './cache-study-result.ts';
import { type HitCounts, type HitCurveEdges, type HitTable, hitsAt } from './hit-curve.ts';
import { PromptCurve, PromptCurveBehind, ResponseCurve } from './measure-curves.ts';
import { LivesFromInsertion } from './measure-grid.ts';
import { FIVE_MINUTES_MS, ONE_HOUR_MS } from './prompt-cache.ts';
import type { LifeFrom } from './response-cache.ts';

/** A response cache before the prompt cache; Infinity: no bound, for ever. */
export interface StudiedResponseCache {
  readonly tenant: Tenant;
  readonly entries: number;
  readonly life_ms: number;
  readonly life_from: LifeFrom;
}

/** No bound on entries and blocks and a life for ever are always among them. */
export interface CacheStudyOptions {
  readonly tenants?: readonly Tenant[] | undefined;
  readonly entries?: readonly number[] | undefined;
  readonly lives_ms?: readonly number[] | undefined;
  readonly prompt_lives_ms?: readonly number[] | undefined;
  readonly blocks?: readonly number[] | undefined;
  /** As the trace's hash chains count them. Default: 512. */
  readonly block_tokens?: number | undefined;
  /** Default: the middle size and the middle life, then without a bound, then for ever, for the first tenant. */
  readonly behind?: readonly StudiedResponseCache[] | undefined;
}

const ENTRIES = [100, 1000, 10_000, 100_000];
const LIVES_MS = [60_000, FIVE_MINUTES_MS, ONE_HOUR_MS, 24 * ONE_HOUR_MS];
const PROMPT_LIVES_MS = [FIVE_MINUTES_MS, ONE_HOUR_MS];
export const BLOCK_TOKENS = 512;

export class CacheStudy {
  private readonly edges: HitCurveEdges;
  private readonly promptEdges: HitCurveEdges;
  private readonly block_tokens: number;
  private readonly tenants: readonly TenantStudy[];
  private readonly prompt: PromptCurve;
  private readonly behind: readonly { readonly cache: StudiedResponseCache; readonly curve: PromptCurveBehind }[];
  private readonly of = { requests: 0, prompt_tokens: 0, answer_tokens: 0 };
  private readonly without_prompt = { requests: 0, prompt_tokens: 0, answer_tokens: 0 };
  private logged_read_tokens = 0;
  private misfit_chains = 0;
  private blocks = 0;
  private chained_tokens = 0;

  constructor(options: CacheStudyOptions = {}) {
    const { tenants = TENANTS, entries = ENTRIES, lives_ms = LIVES_MS, prompt_lives_ms = PROMPT_LIVES_MS } = options;
    this.edges = { capacities: withoutEnd(entries), lives_ms: withoutEnd(lives_ms) };
    this.promptEdges = { capacities: withoutEnd(options.blocks ?? []), lives_ms: withoutEnd(prompt_lives_ms) };
    this.block_tokens = options.block_tokens ?? BLOCK_TOKENS;
    if (!(this.block_tokens >= 1)) throw new Error(`a block has 1 token or more, not ${this.block_tokens}`);
    this.tenants = tenants.map((tenant) => new TenantStudy(tenant, this.edges));
    const blocks = { block_tokens: this.block_tokens };
    this.prompt = new PromptCurve(blocks, this.promptEdges);
    this.behind = (options.behind ?? fewOf(tenants[0] ?? 'all', this.edges)).map((cache) => ({
      cache,
      curve: new PromptCurveBehind(
        { capacity_entries: cache.entries, life_ms: cache.life_ms, life_from: cache.life_from },
        blocks,
        this.promptEdges,
      ),
    }));
  }

  take(batch: ReplayBatch): void {
    this.count(batch);
    for (const tenant of this.tenants) tenant.take(batch);
    this.prompt.take(batch);
    for (const { cache, curve } of this.behind) curve.take(withTenant(batch, cache.tenant));
  }

  result(): CacheStudyResult {
    const { of, without_prompt } = this;
    const isKnown = without_prompt.requests < of.requests;
    const prompts = (table: HitTable): CacheStudyResult['prompt_cache'] => ({
      of: promptsOf(table.total),
      cells: isKnown ? cellsOf(this.promptEdges).map((cell) => promptCell(table, cell)) : [],
    });
    return {
      of: { ...of },
      without_prompt: { ...without_prompt },
      logged_read_tokens: this.logged_read_tokens,
      block_tokens: this.block_tokens,
      misfit_chains: this.misfit_chains,
      tokens_per_block: quotient(this.chained_tokens, this.blocks),
      response_cache: isKnown ? this.tenants.map((tenant) => tenant.result()) : [],
      prompt_cache: prompts(this.prompt.table()),
      prompt_cache_behind: isKnown
        ? this.behind.map(({ cache: { tenant, entries, life_ms, life_from }, curve }) => ({
            tenant,
            entries: bound(entries),
            life_ms: bound(life_ms),
            life_from,
            ...prompts(curve.table()),
          }))
        : [],
    };
  }

  private count({ requests, prompt, prompt_tokens, output_tokens, chain_length, counts }: ReplayBatch): void {
    const { of, without_prompt, block_tokens } = this;
    const read = counts[meterAt('cache_read_tokens')]!;
    of.requests += requests;
    for (let i = 0; i < requests; i++) {
      const tokens = prompt_tokens[i]!;
      of.prompt_tokens += tokens;
      of.answer_tokens += output_tokens[i]!;
      this.logged_read_tokens += read[i] ?? 0;
      const blocks = chain_length[i]!;
      if (blocks > 0) {
        const fitting = tokens / block_tokens;
        if (blocks !== Math.ceil(fitting) && blocks !== Math.floor(fitting)) this.misfit_chains++;
        this.blocks += blocks;
        this.chained_tokens += tokens;
      }
      if (prompt[i]! >= 0) continue;
      without_prompt.requests++;
      without_prompt.prompt_tokens += tokens;
      without_prompt.answer_tokens += output_tokens[i]!;
    }
  }
}

/** Of batches that are there already. */
export function cacheStudyOf(batches: Iterable<ReplayBatch>, options: CacheStudyOptions = {}): CacheStudyResult {
  const study = new CacheStudy(options);
  for (const batch of batches) study.take(batch);
  return study.result();
}

/** Response caches whose answers one tenant shares. */
class TenantStudy {
  private readonly tenant: Tenant;
  private readonly edges: HitCurveEdges;
  private readonly curve: ResponseCurve;
  private readonly inserted: LivesFromInsertion;
  private unstated_requests = 0;

  constructor(tenant: Tenant, edges: HitCurveEdges) {
    this.tenant = tenant;
    this.edges = edges;
    this.curve = new ResponseCurve(edges);
    this.inserted = new LivesFromInsertion(edges.lives_ms);
  }

  take(batch: ReplayBatch): void {
    const own = withTenant(batch, this.tenant);
    if (this.tenant !== 'all') for (const name of own.tenant) if (name === 0) this.unstated_requests++;
    this.curve.take(own);
    this.inserted.take(own);
  }

  result(): CacheStudyResult['response_cache'][number] {
    const { tenant, edges, unstated_requests } = this;
    const table = this.curve.table();
    const cell = (capacity: number, life_ms: number, life_from: LifeFrom, hits: HitCounts): ResponseCell => ({
      entries: bound(capacity),
      life_ms: bound(life_ms),
      life_from,
      saved: { requests: hits.requests, prompt_tokens: hits.input_tokens, answer_tokens: hits.output_tokens },
      saved_fraction: {
        requests: quotient(hits.requests, table.total.requests),
        prompt_tokens: quotient(hits.input_tokens, table.total.input_tokens),
        answer_tokens: quotient(hits.output_tokens, table.total.output_tokens),
      },
    });
    const inserted = this.inserted.hits();
    return {
      tenant,
      unstated_requests,
      cells: [
        ...cellsOf(edges).map(([capacity, life_ms]) =>
          cell(capacity, life_ms, 'last_use', hitsAt(table, capacity, life_ms)),
        ),
        ...edges.lives_ms.map((life_ms, i) => cell(Infinity, life_ms, 'insertion', inserted[i]!)),
      ],
    };
  }
}

function promptCell(table: HitTable, [capacity, life_ms]: readonly [number, number]): PromptCell {
  const hits = hitsAt(table, capacity, life_ms);
  return {
    capacity_blocks: bound(capacity),
    life_ms: bound(life_ms),
    read: promptsOf(hits),
    read_fraction: {
      prompt_tokens: quotient(hits.input_tokens, table.total.input_tokens),
      blocks: quotient(hits.blocks, table.total.blocks),
    },
  };
}

const promptsOf = ({ requests, input_tokens, blocks }: HitCounts) => ({
  requests,
  prompt_tokens: input_tokens,
  blocks,
});

/** Those in the middle of what is studied. */
function fewOf(tenant: Tenant, { capacities, lives_ms }: HitCurveEdges): StudiedResponseCache[] {
  const middle = (list: readonly number[]): number => list[Math.floor((list.length - 1) / 2)]!;
  const few = [
    [middle(capacities), middle(lives_ms)],
    [Infinity, middle(lives_ms)],
    [Infinity, Infinity],
  ] as const;
  return few
    .filter(([entries, life_ms], i) => few.findIndex(([e, l]) => e === entries && l === life_ms) === i)
    .map(([entries, life_ms]) => ({ tenant, entries, life_ms, life_from: 'last_use' }));
}

/** Ascending, each once, with Infinity as the last. */
const withoutEnd = (bounds: readonly number[]): number[] =>
  [...new Set([...bounds, Infinity])].sort((a, b) => (a < b ? -1 : 1));

const cellsOf = ({ capacities, lives_ms }: HitCurveEdges): (readonly [number, number])[] =>
  capacities.flatMap((capacity) => lives_ms.map((life_ms) => [capacity, life_ms] as const));

const bound = (value: number): number | null => (value === Infinity ? null : value);
const quotient = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
