/**
 * The share of requests a cache is expected to hit, where a trace tells no prompts: requests arrive as a Poisson process and
 * pick a key independently with probability p_i (the independent reference model). The popularity is an assumption.
 *
 *   life T from last use    1 - exp(-lambda_i T)          life T from insertion    lambda_i T / (1 + lambda_i T)
 *   LRU of C entries        sum of p_i (1 - exp(-p_i t)), t such that the sum of 1 - exp(-p_i t) is C   (Che)
 *   LRU with life T from last use: the same with the smaller of t and lambda T
 *
 * lambda_i = p_i lambda, t is counted in requests. Example: lambda_i T = 2: 0.8647 from last use, 0.6667 from insertion.
 * Example: 1,000 keys of Zipf exponent 0.8, C = 100: t = 133.86 requests, share 0.37779.
 * Sources: Che, Tung, Wang, Hierarchical Web Caching Systems, 2002; Fricker, Robert, Roberts, A Versatile and Accurate
 * Approximation for LRU Cache Performance, 2012; Fofack et al., Performance evaluation of hierarchical TTL-based cache
 * networks, 2014. Not modelled: trends and bursts of a key, which raise hits; LRU with life from insertion.
 */
import type { LifeFrom } from './response-cache.ts';

/** p_i proportional to 1 / i^exponent, i from 1 to `keys`; they add up to 1. */
export function zipfPopularity(keys: number, exponent: number): Float64Array {
  const popularity = Float64Array.from({ length: keys }, (_, i) => (i + 1) ** -exponent);
  const sum = popularity.reduceRight((total, weight) => total + weight, 0);
  return popularity.map((weight) => weight / sum);
}

/** Of one key asked for `requests_per_life` times in a life's length on average. */
export function expectedHitShareOfKey(requests_per_life: number, life_from: LifeFrom): number {
  if (requests_per_life === Infinity) return 1;
  return life_from === 'last_use' ? -Math.expm1(-requests_per_life) : requests_per_life / (1 + requests_per_life);
}

/** Without a bound on entries; `requests_per_life` counts requests for any key. */
export function expectedHitShare(popularity: Float64Array, requests_per_life: number, life_from: LifeFrom): number {
  let share = 0;
  for (const p of popularity) if (p > 0) share += p * expectedHitShareOfKey(p * requests_per_life, life_from);
  return share;
}

/** LRU of `capacity_entries`, each living for as long as `requests_per_life` requests after its last use. */
export function expectedLruHitShare(
  popularity: Float64Array,
  capacity_entries: number,
  requests_per_life = Infinity,
): number {
  const stay = characteristicRequests(popularity, capacity_entries);
  return expectedHitShare(popularity, Math.min(stay, requests_per_life), 'last_use');
}

/** Che's characteristic time t, in requests: how long an entry stays after its last use. Infinity: all keys fit. */
export function characteristicRequests(popularity: Float64Array, capacity_entries: number): number {
  if (!(capacity_entries >= 0)) throw new Error(`a cache has 0 entries or more, not ${capacity_entries}`);
  let keys = 0;
  for (const p of popularity) if (p > 0) keys++;
  if (capacity_entries >= keys) return Infinity;
  // Newton's steps from 0 never overshoot: the expected occupancy rises and is concave.
  let t = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    let missing = capacity_entries;
    let slope = 0;
    for (const p of popularity) {
      const gone = Math.exp(-p * t);
      missing -= 1 - gone;
      slope += p * gone;
    }
    const next = t + missing / slope;
    if (!(next > t * (1 + PRECISION))) return t;
    t = next;
  }
  throw new Error(`no characteristic time of ${capacity_entries} entries for ${popularity.length} keys`);
}

const MOST_STEPS = 1000;
const PRECISION = 1e-13;
