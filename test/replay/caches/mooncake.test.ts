/**
 * Prefix reuse of a published trace with hash chains: kvcache-ai/Mooncake FAST25-release, synthetic_trace.jsonl (Apache-2.0),
 * blocks of 512 tokens. Its ids are of a whole service, so it reuses more than one customer's prompts would.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/io/read-trace.ts';
import { hitsAt } from '../../../src/replay/caches/hit-curve.ts';
import { measurePromptCurve } from '../../../src/replay/caches/measure-curves.ts';
import { measureGrid } from '../../../src/replay/caches/measure-grid.ts';
import { FIVE_MINUTES_MS, ONE_HOUR_MS, type PromptCacheSettings } from '../../../src/replay/caches/prompt-cache.ts';
import type { RequestBatch } from '../../../src/replay/caches/request-batch.ts';
import { tracesFolder } from '../../traces-folder.ts';
import { batchOf, type Row } from './batch.ts';

const traces = tracesFolder();
const BLOCKS = { block_tokens: 512 };
const EDGES = { capacities: [2000, 20_000, Infinity], lives_ms: [60_000, FIVE_MINUTES_MS, ONE_HOUR_MS] };

describe.skipIf(traces === undefined)('the synthetic Mooncake trace', () => {
  let batch: RequestBatch;
  let tokens = 0;

  beforeAll(async () => {
    const rows: Row[] = [];
    await readTrace(join(traces!, 'mooncake/synthetic_trace.jsonl'), ({ time_ms, hash_chain, ...counts }) => {
      rows.push({
        time_ms,
        chain: hash_chain!,
        prompt_tokens: counts.input_tokens,
        output_tokens: counts.output_tokens,
      });
      tokens += counts.input_tokens;
    });
    batch = batchOf(rows);
  });

  test('reuses 64.0 % of blocks and 65.1 % of tokens in 44.6 % of requests within an hour, 59.5 % within five minutes', () => {
    const table = measurePromptCurve([batch], BLOCKS, EDGES);
    const hour = hitsAt(table, Infinity, ONE_HOUR_MS);
    expect(batch.requests).toBe(3993);
    expect(hour.blocks / table.total.blocks).toBeCloseTo(0.64, 3);
    expect(hour.input_tokens / tokens).toBeCloseTo(0.651, 3);
    expect(hour.requests / batch.requests).toBeCloseTo(0.446, 3);
    expect(hitsAt(table, Infinity, FIVE_MINUTES_MS).input_tokens / tokens).toBeCloseTo(0.595, 3);
  });

  test('the hit curve tells what a simulation tells, for every size and life', () => {
    const points = EDGES.capacities.flatMap((size) => EDGES.lives_ms.map((life) => [size, life] as const));
    const prompt = (capacity_blocks: number, life_ms: number, minimum_tokens: number): PromptCacheSettings => ({
      ...BLOCKS,
      capacity_blocks,
      life_ms,
      minimum_tokens,
      life_from: 'last_use',
      write_meter: 'cache_write_1h_tokens',
    });
    for (const minimum_tokens of [0, 1024, 4096]) {
      const table = measurePromptCurve([batch], { ...BLOCKS, minimum_tokens }, EDGES);
      const grid = measureGrid(
        [batch],
        points.map(([size, life]) => ({ prompt: prompt(size, life, minimum_tokens) })),
      );
      for (const [i, [size, life]] of points.entries()) {
        const { input_tokens, requests } = hitsAt(table, size, life);
        expect([input_tokens, requests]).toEqual([grid[i]!.cache_read_tokens, grid[i]!.requests_with_cache_read]);
        expect(grid[i]!.cache_read_tokens + grid[i]!.cache_write_1h_tokens + grid[i]!.input_tokens).toBe(tokens);
      }
    }
  });

  test('lives that are not renewed reuse less, and whole blocks alone reuse no partial one', () => {
    const base = { ...BLOCKS, life_ms: FIVE_MINUTES_MS, write_meter: 'cache_write_5m_tokens' } as const;
    const [renewed, inserted, whole] = measureGrid(
      [batch],
      [
        { prompt: { ...base, life_from: 'last_use' } },
        { prompt: { ...base, life_from: 'insertion' } },
        { prompt: { ...base, life_from: 'last_use', whole_blocks: true } },
      ],
    ).map(({ cache_read_tokens }) => cache_read_tokens);
    expect(inserted).toBeLessThan(0.9 * renewed!);
    expect(whole! % 512).toBe(0);
    expect(whole).toBeLessThan(renewed!);
  });
});
