/**
 * Reference strings: Belady, Nelson, Shedler, An Anomaly in Space-Time Characteristics of Certain Programs Running in a Paging
 * Machine, 1969; Silberschatz, Galvin, Gagne, Operating System Concepts (page replacement).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LifeFrom, ResponseCache, type ResponseCacheSettings } from '../../../src/replay/caches/response-cache.ts';
import { type FaultsOf, fifoFaults, optimalFaults, PlainResponseCache } from './reference-caches.ts';

const lruFaults: FaultsOf = (pages, frames) => {
  const cache = new ResponseCache({ capacity_entries: frames, life_from: 'last_use' });
  let faults = 0;
  for (const [now, page] of pages.entries()) {
    if (cache.lookup(0, page, now)) continue;
    faults++;
    cache.store(0, page, now);
  }
  return faults;
};

const BELADY = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
const SILBERSCHATZ = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

test.each([
  ['Belady', BELADY, 3, { fifo: 9, lru: 10, optimal: 7 }],
  ['Belady', BELADY, 4, { fifo: 10, lru: 8, optimal: 6 }],
  ['Silberschatz', SILBERSCHATZ, 3, { fifo: 15, lru: 12, optimal: 9 }],
  ['Silberschatz', SILBERSCHATZ, 4, { fifo: 10, lru: 8, optimal: 8 }],
])('faults of the reference string of %s', (_, pages, frames, faults) => {
  expect({
    fifo: fifoFaults(pages, frames),
    lru: lruFaults(pages, frames),
    optimal: optimalFaults(pages, frames),
  }).toEqual(faults);
});

const hitsOf = (cache: ResponseCache | PlainResponseCache, uses: readonly Use[]): boolean[] =>
  uses.map(([time_ms, prompt, tenant, size_tokens]) => {
    const hit = cache.lookup(tenant, prompt, time_ms);
    if (!hit) cache.store(tenant, prompt, time_ms, size_tokens);
    return hit;
  });

type Use = readonly [time_ms: number, prompt: number, tenant: number, size_tokens: number];

describe('the worked example of the header', () => {
  const [a, b, c] = [1, 2, 3];
  const uses = [
    [0, a],
    [4, a],
    [8, b],
    [13, a],
    [14, c],
    [15, b],
  ].map(([s, p]): Use => [1000 * s!, p!, 0, 1]);
  const settings = { capacity_entries: 2, life_ms: 10_000 } as const;

  test.each([
    ['last_use', [false, true, false, true, false, false]],
    ['insertion', [false, true, false, false, false, false]],
  ] as const)('life from %s', (life_from, hits) => {
    expect(hitsOf(new ResponseCache({ ...settings, life_from }), uses)).toEqual(hits);
  });
});

test('an entry dies at the end of its life, not after it', () => {
  const cache = new ResponseCache({ life_ms: 1000, life_from: 'insertion' });
  cache.store(0, 1, 0);
  expect([cache.lookup(0, 1, 999), cache.lookup(0, 1, 1000)]).toEqual([true, false]);
});

test('no tenant is served what another one asked', () => {
  const cache = new ResponseCache({ life_from: 'insertion' });
  cache.store(1, 5, 0);
  expect([cache.lookup(1, 5, 0), cache.lookup(2, 5, 0), cache.lookup(5, 1, 0)]).toEqual([true, false, false]);
});

test('tokens bound it too; a larger answer is not stored and takes the old one with it', () => {
  const cache = new ResponseCache({ capacity_tokens: 100, life_from: 'insertion' });
  cache.store(0, 1, 0, 60);
  cache.store(0, 2, 0, 40);
  expect([cache.entries, cache.tokens]).toEqual([2, 100]);
  cache.store(0, 3, 0, 1);
  expect([cache.lookup(0, 1, 0), cache.lookup(0, 2, 0), cache.tokens]).toEqual([false, true, 41]);
  cache.store(0, 3, 0, 70);
  expect([cache.lookup(0, 2, 0), cache.lookup(0, 3, 0), cache.tokens]).toEqual([false, true, 70]);
  cache.store(0, 3, 0, 101);
  expect([cache.entries, cache.tokens]).toEqual([0, 0]);
});

test('bounds that are no numbers of zero or more are told', () => {
  expect(() => new ResponseCache({ life_ms: Number.NaN, life_from: 'insertion' })).toThrow(
    'life_ms of a response cache is 0 or more, not NaN',
  );
});

const life_from = fc.constantFrom<LifeFrom>('insertion', 'last_use');
const uses = fc.array(fc.tuple(fc.nat(5), fc.nat(12), fc.nat(1), fc.nat(9)), { maxLength: 120 }).map((steps) => {
  let now = 0;
  return steps.map(([gap, prompt, tenant, size]): Use => {
    now += gap;
    return [now, prompt, tenant, size];
  });
});
const bound = (most: number) => fc.option(fc.nat(most), { nil: Infinity });
const count = (hits: readonly boolean[]): number => hits.filter(Boolean).length;

describe('whatever the requests', () => {
  test('it hits what a plain cache hits, and holds as much', () => {
    fc.assert(
      fc.property(
        uses,
        life_from,
        bound(10),
        bound(40),
        bound(30),
        (steps, from, capacity_entries, capacity_tokens, life_ms) => {
          const settings: ResponseCacheSettings = { capacity_entries, capacity_tokens, life_ms, life_from: from };
          const cache = new ResponseCache(settings);
          const plain = new PlainResponseCache(settings);
          expect(hitsOf(cache, steps)).toEqual(hitsOf(plain, steps));
          expect(cache.entries).toBe(plain.held.size);
          expect(cache.tokens ?? plain.tokens).toBe(plain.tokens);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('more entries never hit less, and a longer life never hits less', () => {
    fc.assert(
      fc.property(
        uses,
        life_from,
        fc.nat(12),
        fc.nat(3),
        fc.nat(30),
        fc.nat(10),
        (steps, from, size, more, life, longer) => {
          const hits = (capacity_entries: number, life_ms: number): number =>
            count(hitsOf(new ResponseCache({ capacity_entries, life_ms, life_from: from }), steps));
          expect(hits(size + more, life)).toBeGreaterThanOrEqual(hits(size, life));
          expect(hits(size, life + longer)).toBeGreaterThanOrEqual(hits(size, life));
          expect(hits(size, life)).toBe(hits(size, life));
        },
      ),
    );
  });

  test('renewal by use never hits less than life from insertion', () => {
    fc.assert(
      fc.property(uses, fc.nat(12), fc.nat(30), (steps, capacity_entries, life_ms) => {
        const [insertion, last_use] = (['insertion', 'last_use'] as const).map((from) =>
          count(hitsOf(new ResponseCache({ capacity_entries, life_ms, life_from: from }), steps)),
        );
        expect(last_use).toBeGreaterThanOrEqual(insertion!);
      }),
    );
  });
});
