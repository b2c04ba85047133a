/**
 * Caches that no hit curve tells, measured by running them: life from insertion, capacity in tokens, and a response cache
 * before a prompt cache. One pass over the trace, every combination of settings beside the others, integers out.
 *
 * Totals of different traces that share no cache add up. A combination between two of the grid is not known: the two
 * caches are not separable, and life from insertion is not a sum of bands.
 */
import { CachePipeline, type CachePipelineSettings } from './cache-pipeline.ts';
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

/** Totals in the order of the settings. */
export function measureGrid(
  batches: Iterable<RequestBatch>,
  grid: readonly CachePipelineSettings[],
): readonly CacheTotals[] {
  const pipelines = grid.map((settings) => new CachePipeline(settings));
  const totals = grid.map(() => ({ ...NOTHING }));
  for (const batch of batches) for (const [at, pipeline] of pipelines.entries()) addBatch(totals[at]!, pipeline, batch);
  return totals;
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
