/**
 * Stratified draws: one from each of n equal parts of 0..1, in a random order, so that a block of n draws has nearly the
 * quantiles and the mean of its distribution, whatever the seed. Also the orders and ranks that joining such draws needs.
 *
 *   sorted draw i of n: u = (i + U) / n, U uniform in [0, 1)
 *
 * Example: n = 4 gives one u in each of [0, 0.25), [0.25, 0.5), [0.5, 0.75), [0.75, 1).
 * Source: McKay, Beckman and Conover, Technometrics 21 (1979), 239-245 (Latin hypercube sampling).
 * Blocks are independent of each other; within a block, draws are not (that is the point).
 */
import type { Random } from '../random.ts';

/** Draws are stratified over this many at most; longer runs are cut into blocks of equal size. */
export const BLOCK = 8192;

/** Sizes of the blocks that `count` draws are cut into, as even as whole numbers allow. */
export function blockSizes(count: number): number[] {
  const blocks = Math.ceil(count / BLOCK);
  return Array.from(
    { length: blocks },
    (_, i) => Math.floor(((i + 1) * count) / blocks) - Math.floor((i * count) / blocks),
  );
}

/** Stratified uniforms in rising order. */
export function strata(count: number, random: Random): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = (i + random.uniform()) / count;
  return values;
}

/** Puts values into a random order, in place (Fisher and Yates). */
export function shuffle(values: Float64Array, random: Random): Float64Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
  return values;
}

/** Indices of values from the smallest to the largest; ties stand in the order in which they came. */
export function orderOf(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
}
