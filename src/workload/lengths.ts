/**
 * Token lengths of a block of requests: stratified draws, with input and output joined by a Gaussian copula.
 *
 *   z_out = r z_in + sqrt(1 - r^2) Z, r = 2 sin(pi rho / 6); outputs are put in the order of z_out
 *
 * rho is Spearman's rank correlation. Each length keeps its own distribution exactly; only the order is changed.
 * Example: rho = 0.5 needs r = 0.5176380902; rho = 1 gives the longest answer to the longest prompt.
 * Source: Iman and Conover, Communications in Statistics B 11 (1982), 311-334; Kruskal, JASA 53 (1958), 814-861 for r.
 * Inputs of equal length are ranked as they came, which is random.
 */
import type { Random } from '../random.ts';
import { normalQuantile } from '../special-functions/normal.ts';
import type { Inverse } from './inverse.ts';
import { orderOf, shuffle, strata } from './strata.ts';

/** Whole lengths, at least `least`, in random order. */
export function lengths(count: number, inverse: Inverse, least: number, random: Random): Float64Array {
  return shuffle(rising(count, inverse, least, random), random);
}

/** Output lengths that go with these inputs. */
export function outputsFor(
  inputs: Float64Array,
  inverse: Inverse,
  least: number,
  rank_correlation: number,
  random: Random,
): Float64Array {
  const values = rising(inputs.length, inverse, least, random);
  if (rank_correlation === 0) return shuffle(values, random);
  const r = 2 * Math.sin((Math.PI * rank_correlation) / 6);
  const rest = Math.sqrt(Math.max(0, 1 - r * r));
  const scores = new Float64Array(inputs.length);
  for (const [rank, index] of orderOf(inputs).entries())
    scores[index] = r * normalQuantile((rank + 0.5) / inputs.length) + rest * random.normal();
  const outputs = new Float64Array(inputs.length);
  for (const [rank, index] of orderOf(scores).entries()) outputs[index] = values[rank]!;
  return outputs;
}

function rising(count: number, inverse: Inverse, least: number, random: Random): Float64Array {
  return strata(count, random)
    .map((u) => whole(inverse(u), least))
    .sort();
}

export const whole = (length: number, least: number): number => Math.max(least, Math.round(length));
