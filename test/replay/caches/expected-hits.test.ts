/** Reference values were computed with SciPy from the published formulas; simulated shares are of a million requests. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { substream } from '../../../src/random.ts';
import {
  characteristicRequests,
  expectedHitShare,
  expectedHitShareOfKey,
  expectedLruHitShare,
  zipfPopularity,
} from '../../../src/replay/caches/expected-hits.ts';
import { ResponseCache, type ResponseCacheSettings } from '../../../src/replay/caches/response-cache.ts';

test.each([
  [1000, 0.8, 100, 0.3777902212829579, 133.86473273504456, 0.37774],
  [1000, 1.0, 100, 0.5765246161690034, 180.92892814305714, 0.57741],
  [10_000, 0.8, 100, 0.15662463575929508, 110.7908457333694, 0.15641],
  [10_000, 1.0, 1000, 0.6756017935096096, 2352.178419733706, 0.67563],
  [100_000, 0.7, 1000, 0.10885990719494112, 1074.1776111042852, 0.10871],
])('Che: %i keys of Zipf %f, %i entries hit a share of %f', (keys, exponent, capacity, share, requests, simulated) => {
  const popularity = zipfPopularity(keys, exponent);
  expect(expectedLruHitShare(popularity, capacity)).toBeCloseTo(share, 11);
  expect(Math.abs(characteristicRequests(popularity, capacity) / requests - 1)).toBeLessThan(1e-9);
  expect(Math.abs(expectedLruHitShare(popularity, capacity) - simulated)).toBeLessThan(0.001);
});

test('a key asked for twice in a life', () => {
  expect(expectedHitShareOfKey(2, 'insertion')).toBeCloseTo(0.6666666666666666, 15);
  expect(expectedHitShareOfKey(2, 'last_use')).toBeCloseTo(0.8646647167633873, 15);
  expect([expectedHitShareOfKey(0, 'last_use'), expectedHitShareOfKey(Infinity, 'insertion')]).toEqual([0, 1]);
});

test('where all keys fit every request hits, and where none fits none does', () => {
  const popularity = zipfPopularity(50, 0.8);
  expect([expectedLruHitShare(popularity, 50), expectedLruHitShare(popularity, 0)]).toEqual([expect.closeTo(1, 12), 0]);
  expect(() => expectedLruHitShare(popularity, -1)).toThrow('a cache has 0 entries or more, not -1');
});

test('the characteristic time fills the cache, up to the last entry', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.integer({ min: 0, max: 15 }),
      fc.nat(299),
      (keys, tenths, less) => {
        const capacity = keys - 1 - (less % keys);
        const popularity = zipfPopularity(keys, tenths / 10);
        const t = characteristicRequests(popularity, capacity);
        expect(popularity.reduce((sum, p) => sum - Math.expm1(-p * t), 0)).toBeCloseTo(capacity, 8);
      },
    ),
  );
});

describe('the caches of the replay hit what is expected of Poisson requests', () => {
  const REQUESTS = 300_000;
  const popularity = zipfPopularity(1000, 0.8);
  const cumulative = popularity.map((_, i) => popularity.subarray(0, i + 1).reduce((sum, p) => sum + p, 0));
  const share = (settings: ResponseCacheSettings): number => {
    const random = substream(1, 'poisson');
    const cache = new ResponseCache(settings);
    let hits = 0;
    for (let i = 0, now_ms = 0; i < REQUESTS; i++) {
      now_ms += 1000 * random.exponential();
      const u = random.uniform();
      let key = 0;
      for (let step = 512; step > 0; step >>= 1)
        if (key + step <= 1000 && cumulative[key + step - 1]! <= u) key += step;
      if (cache.lookup(0, key, now_ms)) hits++;
      else cache.store(0, key, now_ms);
    }
    return hits / REQUESTS;
  };

  test.each([
    [
      'life from insertion',
      { life_ms: 200_000, life_from: 'insertion' },
      expectedHitShare(popularity, 200, 'insertion'),
    ],
    ['life from last use', { life_ms: 200_000, life_from: 'last_use' }, expectedHitShare(popularity, 200, 'last_use')],
    ['entries', { capacity_entries: 100, life_from: 'last_use' }, expectedLruHitShare(popularity, 100)],
    [
      'entries, and a life that is shorter than they stay',
      { capacity_entries: 100, life_ms: 60_000, life_from: 'last_use' },
      expectedLruHitShare(popularity, 100, 60),
    ],
  ] as const)('%s', (_, settings, expected) => {
    expect(Math.abs(share(settings) - expected)).toBeLessThan(0.005);
  });
});
