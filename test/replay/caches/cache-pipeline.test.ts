import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CachePipeline, type CachePipelineSettings } from '../../../src/replay/caches/cache-pipeline.ts';
import { type CacheTotals, measureGrid } from '../../../src/replay/caches/measure-grid.ts';
import type { PromptCacheSettings } from '../../../src/replay/caches/prompt-cache.ts';
import { batchOf, type Row } from './batch.ts';

const RESPONSE = { capacity_entries: 1, life_from: 'insertion' } as const;
const PROMPT: PromptCacheSettings = {
  block_tokens: 512,
  life_ms: 300_000,
  life_from: 'last_use',
  write_meter: 'cache_write_5m_tokens',
};

const outcomes = (settings: CachePipelineSettings, rows: readonly Row[]) => {
  const pipeline = new CachePipeline(settings);
  const batch = batchOf(rows);
  return rows.map((_, i) => {
    pipeline.take(batch, i);
    const { served_from_response_cache: served, cache_read_tokens: read, cache_write_5m_tokens: write_5m } = pipeline;
    const { cache_write_1h_tokens: write_1h, input_tokens: input } = pipeline;
    return { served, read, write_5m, write_1h, input };
  });
};

const NOTHING = { served: false, read: 0, write_5m: 0, write_1h: 0, input: 0 };
const thrice: Row[] = [0, 1000, 2000].map((time_ms) => ({ time_ms, prompt: 5, chain: [1, 2], prompt_tokens: 1000 }));

test('the worked example of the header', () => {
  const written = { ...NOTHING, write_5m: 1000 };
  const served = { ...NOTHING, served: true };
  const read = { ...NOTHING, read: 1000 };
  expect(outcomes({ response: RESPONSE, prompt: PROMPT }, thrice)).toEqual([written, served, served]);
  expect(outcomes({ prompt: PROMPT }, thrice)).toEqual([written, read, read]);
});

test('what the response cache answers does not keep the prompt cache alive', () => {
  const rows: Row[] = [0, 200_000, 400_000].map((time_ms, i) => ({
    time_ms,
    prompt: i === 2 ? 6 : 5,
    chain: [1, 2],
    prompt_tokens: 1000,
  }));
  expect(outcomes({ prompt: PROMPT }, rows).map(({ read }) => read)).toEqual([0, 1000, 1000]);
  expect(outcomes({ response: RESPONSE, prompt: PROMPT }, rows).map(({ read }) => read)).toEqual([0, 0, 0]);
});

test('writes are counted under the meter that the seller bills', () => {
  const first = (write_meter: PromptCacheSettings['write_meter']) =>
    outcomes({ prompt: { ...PROMPT, write_meter } }, [{ time_ms: 0, chain: [1], prompt_tokens: 600 }])[0];
  expect(first('cache_write_5m_tokens')).toEqual({ ...NOTHING, write_5m: 512, input: 88 });
  expect(first('cache_write_1h_tokens')).toEqual({ ...NOTHING, write_1h: 512, input: 88 });
  expect(first('input_tokens')).toEqual({ ...NOTHING, input: 600 });
});

test('a prompt that is not known is sent every time, and without caches all of it is fresh', () => {
  const unknown = thrice.map((row) => ({ ...row, prompt: -1 }));
  expect(outcomes({ response: RESPONSE }, unknown)).toEqual(unknown.map(() => ({ ...NOTHING, input: 1000 })));
});

test('an answer that is not kept is not served', () => {
  const pipeline = new CachePipeline({ response: RESPONSE });
  const batch = batchOf(thrice);
  expect(pipeline.isServed(batch, 0)).toBe(false);
  pipeline.send(batch, 0, 0);
  expect(pipeline.isServed(batch, 1)).toBe(false);
  pipeline.send(batch, 1, 0);
  pipeline.keep(batch, 1);
  expect(pipeline.isServed(batch, 2)).toBe(true);
});

test('requests out of order are a bug of the caller', () => {
  const batch = batchOf([{ time_ms: 5 }, { time_ms: 4 }]);
  const pipeline = new CachePipeline({});
  pipeline.take(batch, 0);
  expect(() => pipeline.take(batch, 1)).toThrow('a request at 4 ms comes after one at 5 ms');
});

const rows = fc
  .array(fc.record({ gap: fc.nat(5), prompt: fc.integer({ min: -1, max: 6 }), deep: fc.nat(3), tokens: fc.nat(40) }), {
    maxLength: 60,
  })
  .map((steps) => {
    let time_ms = 0;
    return steps.map(({ gap, prompt, deep, tokens }): Row => {
      time_ms += gap;
      return { time_ms, prompt, chain: [1, 2 + deep, 6 + deep], prompt_tokens: tokens, output_tokens: 3 };
    });
  });
const grid: CachePipelineSettings[] = [0, 3, 9].flatMap((life_ms) =>
  (['insertion', 'last_use'] as const).map((life_from) => ({
    response: { life_ms, life_from, capacity_entries: 4 },
    prompt: { ...PROMPT, block_tokens: 10, life_ms: 8, life_from },
  })),
);
const spent = (totals: CacheTotals): number =>
  totals.spared_input_tokens +
  totals.cache_read_tokens +
  totals.cache_write_5m_tokens +
  totals.cache_write_1h_tokens +
  totals.input_tokens;

test('on a grid every prompt token is spared, read, written or fresh, once; equal input gives equal output', () => {
  fc.assert(
    fc.property(rows, fc.nat(60), (requests, cut) => {
      const tokens = requests.reduce((sum, { prompt_tokens }) => sum + prompt_tokens!, 0);
      const totals = measureGrid([batchOf(requests)], grid);
      for (const total of totals) {
        expect(spent(total)).toBe(tokens);
        expect(total.spared_output_tokens).toBe(3 * total.served_from_response_cache);
        expect(total.served_from_response_cache + total.requests_with_cache_read).toBeLessThanOrEqual(total.requests);
      }
      expect(measureGrid([batchOf(requests.slice(0, cut)), batchOf(requests.slice(cut))], grid)).toEqual(totals);
    }),
  );
});
