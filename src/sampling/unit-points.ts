/**
 * Points in the unit cube: n draws of a share in (0, 1) for each of some names, never 0 or 1.
 *
 *   plain            independent draws
 *   latin-hypercube  each of n equal intervals holds one draw of each name, at any place within it, in random order
 *   sobol            scrambled Sobol' points; the names in order take the dimensions, and those beyond the last dimension
 *                    are drawn as by latin-hypercube and given back in `beyond_sobol`
 *
 * Each name draws from a stream of its own: with plain and latin-hypercube a further name moves no other's draws. With sobol
 * it moves those behind it to another dimension. The order in which names are given changes nothing.
 * Source: McKay, Beckman and Conover, Technometrics 21 (1979).
 */
import { type Random, substream } from '../random.ts';
import { byText } from '../units.ts';
import { SOBOL_DIMENSIONS, scrambledSobolColumn } from './sobol.ts';

export const SAMPLING_METHODS = ['latin-hypercube', 'sobol', 'plain'] as const;
export type SamplingMethod = (typeof SAMPLING_METHODS)[number];

export interface UnitPoints {
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly beyond_sobol: readonly string[];
}

export function unitPoints(names: readonly string[], n: number, method: SamplingMethod, seed: number): UnitPoints {
  const sorted = [...names].sort(byText);
  const columns = new Map(
    sorted.map((name, dimension) => {
      const random = substream(seed, `${method} ${name}`);
      if (method === 'plain') return [name, plainColumn(n, random)];
      if (method === 'sobol' && dimension < SOBOL_DIMENSIONS) return [name, scrambledSobolColumn(dimension, n, random)];
      return [name, latinColumn(n, random)];
    }),
  );
  return { columns, beyond_sobol: method === 'sobol' ? sorted.slice(SOBOL_DIMENSIONS) : [] };
}

const plainColumn = (n: number, random: Random): Float64Array =>
  new Float64Array(n).map(() => random.uniform() || 2 ** -54);

/** Kept off the edges of its interval, so that rounding moves no draw into the next. */
const MARGIN = 2 ** -27;

function latinColumn(n: number, random: Random): Float64Array {
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = (i + MARGIN + random.uniform() * (1 - 2 * MARGIN)) / n;
  for (let i = n - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    const held = column[i]!;
    column[i] = column[other]!;
    column[other] = held;
  }
  return column;
}
