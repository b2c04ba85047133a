/**
 * How a latency spreads: from a uniform to milliseconds, always the same one, with the mean and the tail beside it.
 *
 *   log-normal   x = p50 exp(sigma z(u)), sigma = ln(p95 / p50) / 1.6449; mean p50 exp(sigma^2 / 2)
 *   normal       x = p50 + sd z(u), sd = (p95 - p50) / 1.6449; mean p50; for hops, which may be negative
 *   table        straight lines between (probability, value); mean is the area under them
 * z(u) is taken from a table of its own, within 1e-5: a latency of sigma 0.84 is within 0.001 %.
 *
 * Example: p50 500 ms and p95 2,000 ms: sigma 0.842797, mean 713.19 ms, above 3,000 ms in 1.68 %. The table (0, 0), (0.5,
 * 10), (1, 30) has 20 at 0.75 and the mean 12.5. Source: elementary. Not modelled: dependence on load and hour; give a
 * route or a table for them.
 */

import { Z95 } from '../distribution.ts';
import { firstAbove } from '../rising.ts';
import { normalQuantile } from '../special-functions/normal.ts';
import { normalCdf } from './downtime.ts';

export interface LatencySpread {
  readonly mean_ms: number;
  /** @param u in [0, 1) */
  quantile(u: number): number;
  /** P(X > x). */
  tail(x_ms: number): number;
}

/** The least uniform of a stream that is not 0 is 2^-53. */
const LEAST = 2 ** -54;
const CELLS = 8192;
const EDGE = CELLS / 128;
/** z at the edges of even cells, where straight lines are near enough: a replay draws millions. */
let edges: Float64Array | undefined;

/** The normal quantile, within 1e-5 between 1/128 and 127/128 and exact beyond. */
function z(u: number): number {
  const at = u * CELLS;
  if (at < EDGE || at >= CELLS - EDGE) return normalQuantile(u < LEAST ? LEAST : u);
  edges ??= Float64Array.from({ length: CELLS }, (_, i) => (i === 0 ? 0 : normalQuantile(i / CELLS)));
  const i = at | 0;
  const from = edges[i]!;
  return from + (at - i) * (edges[i + 1]! - from);
}

export const constantLatency = (ms: number): LatencySpread => ({
  mean_ms: ms,
  quantile: () => ms,
  tail: (x_ms) => (ms > x_ms ? 1 : 0),
});

export function logNormalLatency(p50_ms: number, p95_ms: number): LatencySpread {
  if (p95_ms === p50_ms) return constantLatency(p50_ms);
  const sigma = Math.log(p95_ms / p50_ms) / Z95;
  return {
    mean_ms: p50_ms * Math.exp(sigma ** 2 / 2),
    quantile: (u) => p50_ms * Math.exp(sigma * z(u)),
    tail: (x_ms) => (x_ms <= 0 ? 1 : normalCdf(-Math.log(x_ms / p50_ms) / sigma)),
  };
}

export function normalLatency(p50_ms: number, p95_ms: number): LatencySpread {
  if (p95_ms === p50_ms) return constantLatency(p50_ms);
  const sd = (p95_ms - p50_ms) / Z95;
  return {
    mean_ms: p50_ms,
    quantile: (u) => p50_ms + sd * z(u),
    tail: (x_ms) => normalCdf((p50_ms - x_ms) / sd),
  };
}

/** @param probabilities from 0 to 1, rising @param values_ms never falling */
export function tabledLatency(probabilities: readonly number[], values_ms: readonly number[]): LatencySpread {
  const p = Float64Array.from(probabilities);
  const x = Float64Array.from(values_ms);
  const along = (from: Float64Array, to: Float64Array, at: number): number => {
    const i = place(from, at);
    return to[i - 1]! + ((to[i]! - to[i - 1]!) * (at - from[i - 1]!)) / (from[i]! - from[i - 1]!);
  };
  let mean_ms = 0;
  for (let i = 1; i < p.length; i++) mean_ms += ((p[i]! - p[i - 1]!) * (x[i]! + x[i - 1]!)) / 2;
  return {
    mean_ms,
    quantile: (u) => along(p, x, u),
    tail: (x_ms) => (x_ms < x[0]! ? 1 : x_ms >= x.at(-1)! ? 0 : 1 - along(x, p, x_ms)),
  };
}

/** The first index from 1 whose edge lies above `at`; the last one where none does. */
const place = (edges: Float64Array, at: number): number => firstAbove(edges, at, 1, edges.length - 1);
