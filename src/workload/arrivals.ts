/**
 * The times of a known number of requests, block by block in order: a renewal process under a change of time.
 *
 *   gaps of a block: one draw from each stratum, in random order, scaled so that n gaps take n / N of the requests' share
 *   time of a request: where that share of the requests lies behind (intensity.ts)
 *
 * Example: 4 requests at an even rate over 4 s come at one point each of a renewal process of mean gap 1 s.
 * The number of requests is exact, and so, nearly, is the spread of the gaps. Units: milliseconds after the start.
 * Not modelled: gaps that depend on each other beyond what the rate carries.
 */
import type { Random } from '../random.ts';
import type { GapQuantile } from './gaps.ts';
import { type Intensity, timeChange } from './intensity.ts';
import { blockSizes, shuffle, strata } from './strata.ts';

export function* arrivals(
  requests: number,
  gap: GapQuantile,
  intensity: Intensity,
  random: Random,
): Generator<Float64Array> {
  const at = timeChange(intensity);
  let before = 0;
  for (const size of blockSizes(requests)) {
    const times = shuffle(strata(size, random), random).map(gap);
    let sum = 0;
    for (const one of times) sum += one;
    if (!(sum > 0)) sum = times.fill(1).length;
    let elapsed = -random.uniform() * times[0]!;
    for (let i = 0; i < size; i++) {
      elapsed += times[i]!;
      times[i] = at((before + (elapsed / sum) * size) / requests);
    }
    before += size;
    yield times;
  }
}

/** Whole numbers that add up to `total`, in proportion to shares (largest remainder; the first of equals wins). */
export function apportion(total: number, shares: readonly number[]): number[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const exact = shares.map((share) => (total * share) / whole);
  const counts = exact.map((count) => Math.floor(count + 1e-9));
  const left = total - counts.reduce((sum, count) => sum + count, 0);
  const order = exact.map((_, i) => i).sort((a, b) => exact[b]! - counts[b]! - (exact[a]! - counts[a]!) || a - b);
  for (const i of order.slice(0, left)) counts[i] = counts[i]! + 1;
  return counts;
}
