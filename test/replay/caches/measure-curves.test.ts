import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hitsAt } from '../../../src/replay/caches/hit-curve.ts';
import { measurePromptCurve, measureResponseCurve } from '../../../src/replay/caches/measure-curves.ts';
import { measureGrid } from '../../../src/replay/caches/measure-grid.ts';
import { PromptCache } from '../../../src/replay/caches/prompt-cache.ts';
import { batchOf, type Row } from './batch.ts';

const BLOCK = 10;
const EDGES = { capacities: [1, 2, 3, 5, 8, Infinity], lives_ms: [1, 4, 9, 20, Infinity] };
const POINTS = EDGES.capacities.flatMap((capacity) => EDGES.lives_ms.map((life_ms) => [capacity, life_ms] as const));

/** Chains as hash chains are: an id stands for everything up to its block. */
const rows = fc
  .array(
    fc.tuple(
      fc.nat(4),
      fc.array(fc.nat(1), { maxLength: 4 }),
      fc.nat(BLOCK - 1),
      fc.nat(1),
      fc.integer({ min: -1, max: 9 }),
    ),
    {
      maxLength: 80,
    },
  )
  .map((steps) => {
    let now = 0;
    return steps.map(([gap, contents, short, party, prompt]): Row => {
      now += gap;
      const chain = contents.map((_, i) => Number.parseInt(`1${contents.slice(0, i + 1).join('')}`, 2));
      const prompt_tokens = Math.max(0, chain.length * BLOCK - short);
      return { time_ms: now, tenant: party, scope: party, prompt, chain, prompt_tokens, output_tokens: prompt + 2 };
    });
  });

describe('on every edge a hit curve tells what a simulation tells', () => {
  test('of a response cache', () => {
    fc.assert(
      fc.property(rows, (requests) => {
        const batches = [batchOf(requests)];
        const table = measureResponseCurve(batches, EDGES);
        const simulated = measureGrid(
          batches,
          POINTS.map(([capacity_entries, life_ms]) => ({
            response: { capacity_entries, life_ms, life_from: 'last_use' },
          })),
        );
        for (const [i, [capacity, life_ms]] of POINTS.entries())
          expect(hitsAt(table, capacity, life_ms)).toEqual({
            requests: simulated[i]!.served_from_response_cache,
            blocks: 0,
            input_tokens: simulated[i]!.spared_input_tokens,
            output_tokens: simulated[i]!.spared_output_tokens,
          });
        expect(table.total.requests).toBe(requests.length);
      }),
    );
  });

  test('of a prompt cache, with a minimum length, whole blocks or not', () => {
    fc.assert(
      fc.property(rows, fc.nat(35), fc.boolean(), (requests, minimum_tokens, whole_blocks) => {
        const blocks = { block_tokens: BLOCK, minimum_tokens, whole_blocks };
        const batch = batchOf(requests);
        const table = measurePromptCurve([batch], blocks, EDGES);
        for (const [capacity_blocks, life_ms] of POINTS) {
          const cache = new PromptCache({
            ...blocks,
            capacity_blocks,
            life_ms,
            life_from: 'last_use',
            write_meter: 'input_tokens',
          });
          let readers = 0;
          let input_tokens = 0;
          for (let i = 0; i < batch.requests; i++) {
            const { chains, chain_offset, chain_length, prompt_tokens, time_ms, scope } = batch;
            cache.prompt(scope[i]!, chains, chain_offset[i]!, chain_length[i]!, prompt_tokens[i]!, time_ms[i]!);
            if (cache.read_tokens > 0) readers++;
            input_tokens += cache.read_tokens;
          }
          expect(hitsAt(table, capacity_blocks, life_ms)).toMatchObject({ requests: readers, input_tokens });
        }
      }),
    );
  });
});

test('parts that share no entry add up to the whole, cut at any batch', () => {
  const requests: Row[] = [1, 2, 1, 2, 3, 1].map((prompt, i) => ({ time_ms: i, prompt, prompt_tokens: 7 }));
  const whole = measureResponseCurve([batchOf(requests)], EDGES);
  expect(measureResponseCurve([batchOf(requests.slice(0, 2)), batchOf(requests.slice(2))], EDGES)).toEqual(whole);
  expect(hitsAt(whole, 2, Infinity).requests).toBe(2);
  expect(hitsAt(whole, 3, Infinity).requests).toBe(3);
});
