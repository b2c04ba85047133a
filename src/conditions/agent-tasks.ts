/**
 * Tasks of an agent, which asks k times: how long they take, given how long one call takes.
 *
 *   one after the other   mean k m exactly; quantiles by sampling k calls per task from the histogram, with a stream
 *   all at once           the slowest counts: P(max <= x) = F(x)^k, so its quantile q is F's at q^(1/k), exactly
 *   one call slower than  share 1 - (1 - tail)^k of the tasks
 *
 * Sampled rather than convolved: buckets grow with the latency, so sums fall between them, and a draw of 20,000 tasks
 * of 10 calls takes some milliseconds. A quantile then carries the histogram's 1 % and a standard error of
 * sqrt(q (1 - q) / tasks) in its rank. Example: 1 % of calls above 2 s: of tasks with 20 calls 18.2 % hold one.
 * Source: Dean and Barroso, The Tail at Scale, CACM 2013. Calls are independent. Not modelled: time between the calls,
 * calls that grow as the context grows (give the histogram of the calls as they were), bad hours that slow all of a task.
 */

import type { Random } from '../random.ts';
import { firstAbove } from '../rising.ts';
import { addLatency, createHistogram, type LatencyHistogram, meanMs, quantileMs } from './latency-histogram.ts';

/** Whole milliseconds expected of `calls` calls in a row. */
export const meanTaskMs = (histogram: LatencyHistogram, calls: number): number => calls * meanMs(histogram);

/** Sampled tasks of `calls` calls in a row. */
export function sampleTasks(
  histogram: LatencyHistogram,
  calls: number,
  tasks: number,
  random: Random,
  limits_ms: readonly number[] = [],
): LatencyHistogram {
  const draw = drawFrom(histogram, random);
  const found = createHistogram(limits_ms);
  for (let task = 0; task < tasks; task++) {
    let total_ms = 0;
    for (let call = 0; call < calls; call++) total_ms += draw();
    addLatency(found, total_ms);
  }
  return found;
}

/** Quantile of the slowest of `calls` calls at once. */
export const slowestOfMs = (histogram: LatencyHistogram, calls: number, q: number): number =>
  quantileMs(histogram, q ** (1 / calls));

/** Share of tasks in which at least one call is in this tail. */
export const touchedByTail = (tail_fraction: number, calls: number): number =>
  -Math.expm1(calls * Math.log1p(-tail_fraction));

/** A call as one of those that were counted, by bisection over the running counts. */
function drawFrom(histogram: LatencyHistogram, random: Random): () => number {
  const filled = Array.from(histogram.counts).flatMap((count, i) => (count === 0 ? [] : [{ count, i }]));
  const ends = new Float64Array(filled.length);
  const values = new Float64Array(filled.length);
  let seen = 0;
  filled.forEach(({ count }, i) => {
    seen += count;
    ends[i] = seen;
    values[i] = quantileMs(histogram, seen / histogram.requests);
  });
  return () => {
    const rank = random.uniform() * seen;
    return values[firstAbove(ends, rank, 0, ends.length - 1)]!;
  };
}
