/**
 * Caches that no hit curve tells, measured by running them: life from insertion, capacity in tokens, and a response cache
 * before a prompt cache. One pass over the trace, every combination of settings beside the others, integers out.
 *
 * Totals of different traces that share no cache add up. A combination between two of the grid is not known: the two
 * caches are not separable, and life from insertion is not a sum of bands. Response caches that differ in their life from
 * insertion alone share one table (`LivesFromInsertion`).
 */
import { CachePipeline, type CachePipelineSettings } from './cache-pipeline.ts';
import type { HitCounts } from './hit-curve.ts';
import { PairTable } from './pair-table.ts';
import type { RequestBatch } from './request-batch.ts';

export interface CacheTotals {
  readonly requests: number;
  readonly served_from_response_cache: number;
  /** Tokens of requests that the response cache answered. */
  readonly spared_input_tokens: number;
  readonly spared_output_tokens: number;
  /** Requests that were sent and read something from the prompt cache. */
  readonly requests_with_cache_read: number;
  readonly cache_read_tokens: number;
  readonly cache_write_5m_tokens: number;
  readonly cache_write_1h_tokens: number;
  readonly input_tokens: number;
}

export class CacheGrid {
  private readonly pipelines: readonly CachePipeline[];
  private readonly sums: readonly Sums[];

  constructor(grid: readonly CachePipelineSettings[]) {
    this.pipelines = grid.map((settings) => new CachePipeline(settings));
    this.sums = grid.map(() => ({ ...NOTHING }));
  }

  take(batch: RequestBatch): void {
    for (const [at, pipeline] of this.pipelines.entries()) addBatch(this.sums[at]!, pipeline, batch);
  }

  /** In the order of the settings. */
  totals(): readonly CacheTotals[] {
    return this.sums.map((sums) => ({ ...sums }));
  }
}

/** Totals in the order of the settings, of batches that are there already. */
export function measureGrid(
  batches: Iterable<RequestBatch>,
  grid: readonly CachePipelineSettings[],
): readonly CacheTotals[] {
  const caches = new CacheGrid(grid);
  for (const batch of batches) caches.take(batch);
  return caches.totals();
}

/**
 * Response caches without a bound on entries, one for each life from insertion: a row of the table holds a prompt once and
 * since when each cache has had it.
 */
export class LivesFromInsertion {
  private readonly lives_ms: readonly number[];
  private readonly words: number;
  private readonly table: PairTable;
  private readonly counts: readonly { -readonly [K in keyof HitCounts]: number }[];

  constructor(lives_ms: readonly number[]) {
    this.lives_ms = lives_ms;
    this.words = 1 + lives_ms.length;
    this.table = new PairTable(this.words);
    this.counts = lives_ms.map(() => ({ requests: 0, blocks: 0, input_tokens: 0, output_tokens: 0 }));
  }

  take({ requests, time_ms, tenant, prompt, prompt_tokens, output_tokens }: RequestBatch): void {
    const { table, words, lives_ms, counts } = this;
    for (let i = 0; i < requests; i++) {
      if (prompt[i]! < 0) continue;
      const now_ms = time_ms[i]!;
      const found = table.find(tenant[i]!, prompt[i]!);
      const row = found < 0 ? table.add(tenant[i]!, prompt[i]!) : found;
      // Read after adding, which may move the rows.
      const { doubles } = table;
      const since = words * row + 1;
      for (let life = 0; life < lives_ms.length; life++) {
        if (found < 0 || now_ms - doubles[since + life]! >= lives_ms[life]!) {
          doubles[since + life] = now_ms;
          continue;
        }
        const count = counts[life]!;
        count.requests++;
        count.input_tokens += prompt_tokens[i]!;
        count.output_tokens += output_tokens[i]!;
      }
    }
  }

  /** In the order of the lives. */
  hits(): readonly HitCounts[] {
    return this.counts.map((count) => ({ ...count }));
  }
}

const NOTHING: CacheTotals = {
  requests: 0,
  served_from_response_cache: 0,
  spared_input_tokens: 0,
  spared_output_tokens: 0,
  requests_with_cache_read: 0,
  cache_read_tokens: 0,
  cache_write_5m_tokens: 0,
  cache_write_1h_tokens: 0,
  input_tokens: 0,
};

type Sums = { -readonly [K in keyof CacheTotals]: CacheTotals[K] };

function addBatch(sums: Sums, pipeline: CachePipeline, batch: RequestBatch): void {
  sums.requests += batch.requests;
  for (let i = 0; i < batch.requests; i++) {
    pipeline.take(batch, i);
    if (pipeline.served_from_response_cache) {
      sums.served_from_response_cache++;
      sums.spared_input_tokens += batch.prompt_tokens[i]!;
      sums.spared_output_tokens += batch.output_tokens[i]!;
      continue;
    }
    if (pipeline.cache_read_tokens > 0) sums.requests_with_cache_read++;
    sums.cache_read_tokens += pipeline.cache_read_tokens;
    sums.cache_write_5m_tokens += pipeline.cache_write_5m_tokens;
    sums.cache_write_1h_tokens += pipeline.cache_write_1h_tokens;
    sums.input_tokens += pipeline.input_tokens;
  }
}
