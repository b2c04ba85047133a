import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/io/read-trace.ts';
import { BatchBuilder, batchesOf } from '../../../src/replay/build-batches.ts';
import { CacheStudy, type CacheStudyOptions, cacheStudyOf } from '../../../src/replay/caches/cache-study.ts';
import { type CacheStudyResult, cacheStudyResult } from '../../../src/replay/caches/cache-study-result.ts';
import { FIVE_MINUTES_MS, ONE_HOUR_MS } from '../../../src/replay/caches/prompt-cache.ts';
import type { LifeFrom } from '../../../src/replay/caches/response-cache.ts';
import { TENANTS, type Tenant } from '../../../src/replay/columns.ts';
import type { TraceRequest } from '../../../src/trace/request.ts';
import { tracesFolder } from '../../traces-folder.ts';
import { MINUTE_MS, request, START_MS } from '../setting.ts';
import { PlainPromptCache, PlainResponseCache } from './reference-caches.ts';

const BLOCK = 10;
const OPTIONS: CacheStudyOptions = {
  entries: [1, 2, 4],
  lives_ms: [3, 9, 20],
  prompt_lives_ms: [4, 15],
  blocks: [2, 6],
  block_tokens: BLOCK,
  behind: [
    { tenant: 'all', entries: 2, life_ms: 9, life_from: 'last_use' },
    { tenant: 'team', entries: Infinity, life_ms: 5, life_from: 'insertion' },
    { tenant: 'user', entries: Infinity, life_ms: Infinity, life_from: 'last_use' },
  ],
};

const party = (name: string) => fc.option(fc.constantFrom(`${name}-1`, `${name}-2`), { nil: undefined });
const requests = fc
  .array(
    fc.record({
      gap: fc.nat(4),
      contents: fc.array(fc.nat(1), { maxLength: 3 }),
      short: fc.nat(BLOCK - 1),
      model: fc.constantFrom('large', 'small'),
      user: party('user'),
      team: party('team'),
      output_tokens: fc.nat(9),
      logged: fc.nat(1),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let time_ms = START_MS;
    return steps.map(({ gap, contents, short, logged, ...rest }): TraceRequest => {
      time_ms += gap;
      const hash_chain = contents.map((_, i) => Number.parseInt(`1${contents.slice(0, i + 1).join('')}`, 2));
      const prompt_tokens = Math.max(7, contents.length * BLOCK - short);
      return request({
        ...rest,
        time_ms,
        hash_chain: contents.length === 0 ? undefined : hash_chain,
        input_tokens: prompt_tokens - logged,
        cache_read_tokens: logged,
      });
    });
  });

const tokensOf = (one: TraceRequest): number => one.input_tokens + one.cache_read_tokens;

/** Each name a number, in order of first use. */
class Numbers {
  private readonly known = new Map<string, number>();
  of(name: string): number {
    const number = this.known.get(name) ?? this.known.size;
    this.known.set(name, number);
    return number;
  }
}

interface Simulated {
  readonly response?: { tenant: Tenant; entries: number; life_ms: number; life_from: LifeFrom };
  readonly prompt?: { capacity_blocks: number; life_ms: number };
}

/** One response cache before one prompt cache, as plainly as can be. */
function simulate(trace: readonly TraceRequest[], { response, prompt }: Simulated) {
  const answers = response && new PlainResponseCache({ ...response, capacity_entries: response.entries });
  const blocks = prompt && new PlainPromptCache({ ...prompt, ...PROMPT });
  const names = new Numbers();
  const saved = { requests: 0, prompt_tokens: 0, answer_tokens: 0 };
  const left = { requests: 0, prompt_tokens: 0 };
  const read = { requests: 0, prompt_tokens: 0 };
  for (const one of trace) {
    const { time_ms, hash_chain = [], model = '', output_tokens } = one;
    const tokens = tokensOf(one);
    const tenant =
      response?.tenant === 'user' ? `user ${one.user}` : response?.tenant === 'team' ? `team ${one.team}` : '';
    const asked = [names.of(tenant), names.of(`${model} ${hash_chain.at(-1)} ${tokens}`)] as const;
    if (hash_chain.length > 0 && answers?.lookup(...asked, time_ms)) {
      saved.requests++;
      saved.prompt_tokens += tokens;
      saved.answer_tokens += output_tokens;
      continue;
    }
    left.requests++;
    left.prompt_tokens += tokens;
    if (hash_chain.length === 0) continue;
    answers?.store(...asked, time_ms, output_tokens);
    const [tokens_read = 0] = blocks?.prompt(names.of(`model ${model}`), hash_chain, tokens, time_ms) ?? [];
    read.prompt_tokens += tokens_read;
    if (tokens_read > 0) read.requests++;
  }
  return { saved, left, read };
}

const PROMPT = { block_tokens: BLOCK, life_from: 'last_use', write_meter: 'input_tokens' } as const;
const unbound = (value: number | null): number => value ?? Infinity;
const sum = (trace: readonly TraceRequest[]) => ({
  requests: trace.length,
  prompt_tokens: trace.reduce((total, one) => total + tokensOf(one), 0),
  answer_tokens: trace.reduce((total, one) => total + one.output_tokens, 0),
});

describe('each cell is what a plain simulation of that cache gives', () => {
  const studied = (check: (study: CacheStudyResult, trace: readonly TraceRequest[]) => void): void =>
    fc.assert(
      fc.property(requests, (trace) => check(cacheStudyOf(batchesOf(trace), OPTIONS), trace)),
      { numRuns: 40 },
    );

  test('of response caches by size, life, where life begins and who shares them', () => {
    let cells = 0;
    studied(({ response_cache, of, without_prompt }, trace) => {
      expect(of).toEqual(sum(trace));
      expect(without_prompt).toEqual(sum(trace.filter(({ hash_chain }) => hash_chain === undefined)));
      for (const { tenant, cells: all } of response_cache)
        for (const { entries, life_ms, life_from, saved, saved_fraction } of all) {
          cells++;
          const response = { tenant, entries: unbound(entries), life_ms: unbound(life_ms), life_from };
          expect(saved).toEqual(simulate(trace, { response }).saved);
          expect(saved_fraction.requests).toBe(saved.requests / trace.length);
          expect(saved_fraction.prompt_tokens).toBe(saved.prompt_tokens / of.prompt_tokens);
        }
    });
    expect(cells).toBeGreaterThan(1000);
  });

  test('of prompt caches by blocks and life', () => {
    let cells = 0;
    studied(({ prompt_cache }, trace) => {
      expect(prompt_cache.of).toMatchObject({ requests: trace.length, prompt_tokens: sum(trace).prompt_tokens });
      for (const { capacity_blocks, life_ms, read } of prompt_cache.cells) {
        cells++;
        const prompt = { capacity_blocks: unbound(capacity_blocks), life_ms: unbound(life_ms) };
        expect(read).toMatchObject(simulate(trace, { prompt }).read);
      }
    });
    expect(cells).toBeGreaterThan(200);
  });

  test('of prompt caches where no size is bounded', () => {
    let cells = 0;
    fc.assert(
      fc.property(requests, (trace) => {
        const { prompt_cache } = cacheStudyOf(batchesOf(trace), { ...OPTIONS, blocks: [] });
        for (const { life_ms, read } of prompt_cache.cells) {
          cells++;
          const prompt = { capacity_blocks: Infinity, life_ms: unbound(life_ms) };
          expect(read).toMatchObject(simulate(trace, { prompt }).read);
        }
      }),
    );
    expect(cells).toBeGreaterThan(200);
  });

  test('of prompt caches behind a response cache, whose misses are their baseline', () => {
    let cells = 0;
    studied(({ prompt_cache_behind }, trace) => {
      for (const { tenant, entries, life_ms, life_from, of, cells: all } of prompt_cache_behind)
        for (const cell of all) {
          cells++;
          const { left, read } = simulate(trace, {
            response: { tenant, entries: unbound(entries), life_ms: unbound(life_ms), life_from },
            prompt: { capacity_blocks: unbound(cell.capacity_blocks), life_ms: unbound(cell.life_ms) },
          });
          expect(of).toMatchObject(left);
          expect(cell.read).toMatchObject(read);
        }
    });
    expect(cells).toBeGreaterThan(600);
  });
});

test('it does not matter where batches are cut, and the result is plain JSON by its contract', () => {
  fc.assert(
    fc.property(requests, fc.nat(60), (trace, cut) => {
      const study = new CacheStudy(OPTIONS);
      const builder = new BatchBuilder({ onBatch: (batch) => study.take(batch) });
      for (const [i, one] of trace.entries()) {
        if (i === cut) builder.end();
        builder.add(one);
      }
      builder.end();
      const result = study.result();
      expect(result).toEqual(cacheStudyOf(batchesOf(trace), OPTIONS));
      expect(cacheStudyResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    }),
    { numRuns: 30 },
  );
});

/** One prompt of 1,000 tokens in two blocks at 0 s, 40 s and 80 s. */
const EXAMPLE = [0, 40_000, 80_000].map((after_ms) =>
  request({ time_ms: START_MS + after_ms, hash_chain: [1, 2], user: after_ms === 0 ? undefined : 'one' }),
);

test('the worked example of the header', () => {
  const { response_cache, prompt_cache, prompt_cache_behind } = cacheStudyOf(batchesOf(EXAMPLE), {
    lives_ms: [MINUTE_MS],
    prompt_lives_ms: [30_000],
    tenants: ['all'],
  });
  const saved = (life_from: LifeFrom) =>
    response_cache[0]!.cells.find(
      (cell) => cell.entries === null && cell.life_ms === MINUTE_MS && cell.life_from === life_from,
    )?.saved;
  expect(saved('last_use')).toEqual({ requests: 2, prompt_tokens: 2000, answer_tokens: 400 });
  expect(saved('insertion')).toEqual({ requests: 1, prompt_tokens: 1000, answer_tokens: 200 });
  expect(prompt_cache.of).toEqual({ requests: 3, prompt_tokens: 3000, blocks: 6 });
  expect(prompt_cache.cells.map(({ life_ms, read }) => [life_ms, read.prompt_tokens, read.blocks])).toEqual([
    [30_000, 0, 0],
    [null, 2000, 4],
  ]);
  expect(prompt_cache_behind.map(({ of }) => of.requests)).toEqual([1, 1, 1]);
});

test('requests that state no user share their answers, and are counted', () => {
  const { response_cache } = cacheStudyOf(batchesOf(EXAMPLE));
  expect(response_cache.map(({ tenant, unstated_requests }) => [tenant, unstated_requests])).toEqual([
    ['all', 0],
    ['team', 3],
    ['user', 1],
  ]);
  const forEver = response_cache.map(({ cells }) => cells.at(-1)?.saved.requests);
  expect(forEver).toEqual([2, 2, 1]);
  expect(TENANTS).toHaveLength(3);
});

test('a trace without hash chains gives no table, not a table of misses', () => {
  const study = cacheStudyOf(batchesOf([request(), request({ cache_read_tokens: 300 })]));
  expect(study).toMatchObject({
    of: { requests: 2, prompt_tokens: 2300, answer_tokens: 400 },
    without_prompt: { requests: 2, prompt_tokens: 2300, answer_tokens: 400 },
    logged_read_tokens: 300,
    tokens_per_block: null,
    response_cache: [],
    prompt_cache: { of: { requests: 2, prompt_tokens: 2300, blocks: 0 }, cells: [] },
    prompt_cache_behind: [],
  });
});

test('chains that blocks of the stated size do not make are counted', () => {
  const chains = [[1, 2], [1], [1, 2, 3], Array.from({ length: 62 }, (_, i) => i)];
  const study = cacheStudyOf(batchesOf(chains.map((hash_chain) => request({ hash_chain }))));
  expect(study).toMatchObject({ block_tokens: 512, misfit_chains: 2, tokens_per_block: 4000 / 68 });
});

const traces = tracesFolder();

/** kvcache-ai/Mooncake FAST25-release, synthetic_trace.jsonl (Apache-2.0). */
test.skipIf(traces === undefined)('the synthetic Mooncake trace reuses what is known of it', async () => {
  const study = new CacheStudy({ tenants: ['all'] });
  const builder = new BatchBuilder({ onBatch: (batch) => study.take(batch) });
  await readTrace(join(traces!, 'mooncake/synthetic_trace.jsonl'), (one) => builder.add(one));
  builder.end();
  const { of, misfit_chains, prompt_cache } = study.result();
  const within = (life_ms: number) => prompt_cache.cells.find((cell) => cell.life_ms === life_ms)!.read_fraction;
  expect([of.requests, misfit_chains]).toEqual([3993, 0]);
  expect(Math.abs(within(ONE_HOUR_MS).blocks! - 0.64)).toBeLessThan(0.002);
  expect(Math.abs(within(ONE_HOUR_MS).prompt_tokens! - 0.651)).toBeLessThan(0.002);
  expect(Math.abs(within(FIVE_MINUTES_MS).prompt_tokens! - 0.595)).toBeLessThan(0.002);
});
