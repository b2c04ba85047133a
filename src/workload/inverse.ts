/**
 * Inverse distribution functions of what a spec states: from a uniform in [0, 1) to a value, and the mean.
 *
 *   log-normal  exp(mu + sigma z(u)), mu = ln p50, sigma = ln(p95 / p50) / 1.6449; mean exp(mu + sigma^2 / 2)
 *   quantiles   straight lines between the points (probability, value); mean is the area under them
 *   histogram   the value at which the counts added up pass u
 *   mixture     the part in which u falls by the shares, at the place of u within it
 *
 * Examples: points (0, 0), (0.5, 10), (1, 30) have the quantile 20 at 0.75 and the mean 12.5; half of a constant 10 and
 * half of a constant 30 have the mean 20. Units are those of the table: tokens or milliseconds.
 * A mixture's inverse is no rising function: it has the mixture's distribution, but not its quantiles.
 */

import { Z95 } from '../distribution.ts';
import { firstAbove } from '../rising.ts';
import { normalQuantile } from '../special-functions/normal.ts';
import type { Histogram, QuantileTable, Tokens } from './schema.ts';

export type Inverse = (u: number) => number;

export function inverseOf(spec: Tokens | QuantileTable | Histogram): Inverse {
  if ('mixture' in spec) {
    const edges = cumulative(spec.mixture.map(({ share }) => share));
    const parts = spec.mixture.map(({ tokens }) => inverseOf(tokens));
    return (u) => {
      const at = indexIn(edges, u);
      const from = at === 0 ? 0 : edges[at - 1]!;
      return parts[at]!(Math.min((u - from) / (edges[at]! - from), 1 - 1e-12));
    };
  }
  if ('p50' in spec) {
    const sigma = Math.log(spec.p95 / spec.p50) / Z95;
    return (u) => spec.p50 * Math.exp(sigma * normalQuantile(Math.max(u, 1e-16)));
  }
  if ('counts' in spec) {
    const edges = cumulative(spec.counts);
    return (u) => spec.values[indexIn(edges, u)]!;
  }
  return along(spec.probabilities, spec.values);
}

export function meanOf(spec: Tokens | QuantileTable | Histogram): number {
  if ('mixture' in spec) {
    const whole = spec.mixture.reduce((total, { share }) => total + share, 0);
    return spec.mixture.reduce((total, { share, tokens }) => total + (share / whole) * meanOf(tokens), 0);
  }
  if ('p50' in spec) return spec.p50 * Math.exp((Math.log(spec.p95 / spec.p50) / Z95) ** 2 / 2);
  if ('counts' in spec) {
    const whole = spec.counts.reduce((total, count) => total + count, 0);
    return spec.counts.reduce((total, count, i) => total + count * spec.values[i]!, 0) / whole;
  }
  const { probabilities: p, values: x } = spec;
  return p.slice(1).reduce((total, _, i) => total + ((p[i + 1]! - p[i]!) * (x[i]! + x[i + 1]!)) / 2, 0);
}

/** Running sums over their total; the last is 1. */
export function cumulative(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (const [i, weight] of weights.entries()) sums[i] = total += weight;
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! / total;
  sums[sums.length - 1] = 1;
  return sums;
}

/** The first index whose edge lies above u; the last one where none does. */
export const indexIn = (edges: Float64Array, u: number): number => firstAbove(edges, u, 0, edges.length - 1);

function along(probabilities: readonly number[], values: readonly number[]): Inverse {
  const edges = Float64Array.from(probabilities);
  return (u) => {
    const at = Math.max(1, indexIn(edges, u));
    const [from, until] = [edges[at - 1]!, edges[at]!];
    return values[at - 1]! + ((values[at]! - values[at - 1]!) * (u - from)) / (until - from);
  };
}
