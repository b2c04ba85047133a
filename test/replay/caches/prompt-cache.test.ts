import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIVE_MINUTES_MS, PromptCache, type PromptCacheSettings } from '../../../src/replay/caches/prompt-cache.ts';
import type { LifeFrom } from '../../../src/replay/caches/response-cache.ts';
import { PlainPromptCache } from './reference-caches.ts';

const FIVE_MINUTES: PromptCacheSettings = {
  block_tokens: 512,
  life_ms: FIVE_MINUTES_MS,
  life_from: 'last_use',
  write_meter: 'cache_write_5m_tokens',
};
const [a, b, c, d] = [1, 2, 3, 4];

type Prompt = readonly [time_ms: number, chain: readonly number[], tokens: number, scope?: number];

const splits = (settings: PromptCacheSettings, prompts: readonly Prompt[]): number[][] => {
  const cache = new PromptCache(settings);
  return prompts.map(([time_ms, chain, tokens, scope = 0]) => {
    cache.prompt(scope, Uint32Array.from([99, ...chain]), 1, chain.length, tokens, time_ms);
    return [cache.read_tokens, cache.written_tokens, cache.fresh_tokens];
  });
};

test('the worked example of the header', () => {
  const minute = 60_000;
  const prompts: Prompt[] = [
    [0, [a, b, c], 1300],
    [minute, [a, b, d], 1200],
    [6 * minute, [a, b], 1024],
  ];
  expect(splits(FIVE_MINUTES, prompts)).toEqual([
    [0, 1300, 0],
    [1024, 176, 0],
    [0, 1024, 0],
  ]);
});

test('use renews a life, unless it counts from insertion', () => {
  const prompts: Prompt[] = [0, 200_000, 400_000].map((time) => [time, [a], 512]);
  expect(splits(FIVE_MINUTES, prompts).map(([read]) => read)).toEqual([0, 512, 512]);
  expect(splits({ ...FIVE_MINUTES, life_from: 'insertion' }, prompts).map(([read]) => read)).toEqual([0, 512, 0]);
});

test('what no block covers is fresh, and so is a last partial block where only whole ones are kept', () => {
  const prompts: Prompt[] = [
    [0, [a, b, c], 1300],
    [1, [a, b, c], 1300],
    [2, [a, b], 1300],
    [3, [], 1300],
  ];
  expect(splits({ ...FIVE_MINUTES, whole_blocks: true }, prompts)).toEqual([
    [0, 1024, 276],
    [1024, 0, 276],
    [1024, 0, 276],
    [0, 0, 1300],
  ]);
});

test('a prefix below the minimum is neither written nor read', () => {
  const settings = { ...FIVE_MINUTES, minimum_tokens: 1024 };
  const prompts: Prompt[] = [
    [0, [a, b], 1023],
    [1, [a, b], 1024],
    [2, [a, c], 1024],
    [3, [a, b, d], 1200],
  ];
  expect(splits(settings, prompts)).toEqual([
    [0, 0, 1023],
    [0, 1024, 0],
    [0, 1024, 0],
    [1024, 176, 0],
  ]);
});

test('what is too short to be read is written again, and its life begins again', () => {
  const settings: PromptCacheSettings = { ...FIVE_MINUTES, life_ms: 10, life_from: 'insertion', minimum_tokens: 1024 };
  const prompts: Prompt[] = [
    [0, [a, b], 1024],
    [8, [a, c], 1024],
    [12, [a, c], 1024],
  ];
  for (const capacity_blocks of [Infinity, 10])
    expect(splits({ ...settings, capacity_blocks }, prompts).map(([read]) => read)).toEqual([0, 0, 1024]);
});

test('a bounded cache drops inner blocks before outer ones', () => {
  const prompts: Prompt[] = [
    [0, [a, b, c], 1536],
    [1, [d], 512],
    [2, [a, b, c], 1536],
  ];
  expect(splits({ ...FIVE_MINUTES, capacity_blocks: 3 }, prompts).map(([read]) => read)).toEqual([0, 0, 1024]);
  expect(splits({ ...FIVE_MINUTES, capacity_blocks: 2 }, prompts).map(([read]) => read)).toEqual([0, 0, 512]);
  expect(splits({ ...FIVE_MINUTES, capacity_blocks: 0 }, prompts).map(([read]) => read)).toEqual([0, 0, 0]);
});

test('what a bounded cache reads keeps its life from insertion, also where its prompt needs all the room', () => {
  const prompts: Prompt[] = [
    [0, [a], 512],
    [1, [d], 512],
    [2, [a, b], 1024],
    [9, [a], 512],
    [10, [a], 512],
  ];
  for (const capacity_blocks of [2, 3])
    expect(
      splits({ ...FIVE_MINUTES, life_ms: 10, life_from: 'insertion', capacity_blocks }, prompts).map(([read]) => read),
    ).toEqual([0, 0, 512, 512, 0]);
});

test('from insertion a longer life can read less: it moves the death of an outer block onto a longer prompt', () => {
  const prompts: Prompt[] = [
    [0, [a], 512],
    [10, [a, b], 1024],
    [30, [a], 512],
    [35, [a, b], 1024],
  ];
  const read = (life_ms: number): number =>
    splits({ ...FIVE_MINUTES, life_from: 'insertion', life_ms }, prompts).reduce((sum, [tokens]) => sum + tokens!, 0);
  expect(read(30)).toBe(512 + 0 + 1024);
  expect(read(34)).toBe(512 + 512);
});

test('settings that make no sense are told', () => {
  expect(() => new PromptCache({ ...FIVE_MINUTES, block_tokens: 0 })).toThrow(
    'block_tokens of a prompt cache is 1 or more',
  );
  expect(() => new PromptCache({ ...FIVE_MINUTES, life_ms: -1 })).toThrow(
    'life_ms of a prompt cache is 0 or more, not -1',
  );
});

/** Chains as hash chains are: an id stands for everything up to its block. */
const BLOCK = 10;
const prompts = fc
  .array(fc.tuple(fc.nat(6), fc.array(fc.nat(1), { maxLength: 5 }), fc.nat(BLOCK - 1), fc.nat(1)), { maxLength: 60 })
  .map((steps) => {
    let now = 0;
    return steps.map(([gap, contents, short, scope]): Prompt => {
      now += gap;
      const chain = contents.map((_, i) => Number.parseInt(`1${contents.slice(0, i + 1).join('')}`, 2));
      return [now, chain, Math.max(0, chain.length * BLOCK - short), scope];
    });
  });
const settings = fc.record({
  block_tokens: fc.constant(BLOCK),
  life_ms: fc.option(fc.nat(30), { nil: Infinity }),
  life_from: fc.constantFrom<LifeFrom>('insertion', 'last_use'),
  write_meter: fc.constant('input_tokens' as const),
  minimum_tokens: fc.nat(35),
  whole_blocks: fc.boolean(),
  capacity_blocks: fc.option(fc.nat(20), { nil: Infinity }),
});

describe('whatever the prompts', () => {
  test('it splits them as a plain cache does, into parts that add up to the prompt', () => {
    fc.assert(
      fc.property(prompts, settings, (steps, how) => {
        const plain = new PlainPromptCache(how);
        const split = splits(how, steps);
        expect(split).toEqual(steps.map(([now, chain, tokens, scope = 0]) => plain.prompt(scope, chain, tokens, now)));
        for (const [i, parts] of split.entries()) {
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(steps[i]![2]);
          expect(parts.every((part) => part >= 0)).toBe(true);
        }
        expect(splits(how, steps)).toEqual(split);
      }),
      { numRuns: 500 },
    );
  });

  test('scopes that share no capacity do not see each other', () => {
    fc.assert(
      fc.property(prompts, settings, (steps, any) => {
        const how = { ...any, capacity_blocks: Infinity };
        const together = splits(how, steps);
        for (const scope of [0, 1]) {
          const own = (_: unknown, i: number): boolean => steps[i]![3] === scope;
          expect(splits(how, steps.filter(own))).toEqual(together.filter(own));
        }
      }),
    );
  });

  test('more blocks and longer lives from last use never read less', () => {
    fc.assert(
      fc.property(prompts, settings, fc.nat(5), fc.nat(10), (steps, any, more, longer) => {
        const how: PromptCacheSettings = { ...any, life_from: 'last_use' };
        const read = (other: PromptCacheSettings): number => splits(other, steps).reduce((sum, [r]) => sum + r!, 0);
        expect(read({ ...how, capacity_blocks: any.capacity_blocks + more })).toBeGreaterThanOrEqual(read(how));
        expect(read({ ...how, life_ms: any.life_ms + longer })).toBeGreaterThanOrEqual(read(how));
      }),
    );
  });
});
