/**
 * Latencies of any number of requests in a few kilobytes: quantiles, mean and misses of service levels. Parts merge, and
 * give the same numbers in any order.
 *
 *   bucket of x    ceil(ln(x / least) / ln g), g = (1 + e) / (1 - e), e = 1 %; its value is 2 g^i least / (g + 1)
 *   quantile q     the value of the bucket that holds the request of rank max(1, ceil(q n))
 *
 * A quantile is within 1 % of the latency of that rank, from 0.01 ms to 10^8 ms (28 hours). Shorter ones, 0 included, are
 * told as 0.01 ms at most; longer ones as 10^8 ms. The mean is exact to a microsecond per request, misses are exact.
 * Example: 1, 2, ..., 1000 ms: p50 is 495.288 (500 within 1 %), the mean 500.5, over 900 ms are 100.
 * Source: DDSketch, Masson, Rim and Lee, VLDB 2019. Not modelled: correlation of one request's parts.
 */
export const RELATIVE_ERROR = 0.01;
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const PER_LOG = 1 / Math.log(GROWTH);
const LEAST_MS = 0.01;
const MOST_MS = 1e8;
const BUCKETS = Math.ceil(Math.log(MOST_MS / LEAST_MS) * PER_LOG) + 1;

export interface LatencyHistogram {
  readonly counts: Float64Array;
  /** Latencies above which a request misses a service level. */
  readonly limits_ms: readonly number[];
  readonly misses: Float64Array;
  requests: number;
  /** Whole microseconds, so that sums do not depend on their order. */
  total_us: number;
  most_ms: number;
}

export const createHistogram = (limits_ms: readonly number[] = []): LatencyHistogram => ({
  counts: new Float64Array(BUCKETS),
  limits_ms,
  misses: new Float64Array(limits_ms.length),
  requests: 0,
  total_us: 0,
  most_ms: 0,
});

/** The bucket as it is defined; exported for the test that holds `bucketOf` against it. */
export function definedBucketOf(ms: number): number {
  if (ms <= LEAST_MS) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / LEAST_MS) * PER_LOG));
}

/** The word of a double that has its sign, its exponent and the highest bits of its fraction. */
const DOUBLE = new Float64Array([1]);
const WORDS = new Int32Array(DOUBLE.buffer);
const HIGH = WORDS[1] === 0 ? 0 : 1;
/** Leaves 7 bits of the fraction: steps of less than 1 %, so that no step holds the edges of two buckets. */
const STEP_BITS = 13;
const stepOf = (ms: number): number => {
  DOUBLE[0] = ms;
  return WORDS[HIGH]! >> STEP_BITS;
};
const beginOf = (step: number): number => {
  DOUBLE.fill(0);
  WORDS[HIGH] = step << STEP_BITS;
  return DOUBLE[0]!;
};
const FIRST_STEP = stepOf(LEAST_MS);
/** So near to an edge, as a share of it, the rounding of the logarithm decides. */
const NEAR = 1e-9;
/** By step: the bucket just before it begins, and the edge of that bucket, less and more by what is near. */
const BUCKET_OF_STEP = Int16Array.from({ length: stepOf(MOST_MS) - FIRST_STEP + 1 }, (_, step) =>
  definedBucketOf(beginOf(FIRST_STEP + step) * (1 - NEAR)),
);
const EDGES_MS = Float64Array.from({ length: BUCKETS + 1 }, (_, bucket) => LEAST_MS * GROWTH ** bucket);
const BELOW_EDGES_MS = EDGES_MS.map((edge) => edge * (1 - NEAR));
const ABOVE_EDGES_MS = EDGES_MS.map((edge) => edge * (1 + NEAR));

/** The defined bucket without a logarithm, save near an edge. */
export function bucketOf(ms: number): number {
  if (!(ms > LEAST_MS && ms < MOST_MS)) return definedBucketOf(ms);
  const bucket = BUCKET_OF_STEP[stepOf(ms) - FIRST_STEP]!;
  if (ms < BELOW_EDGES_MS[bucket]!) return bucket;
  return ms > ABOVE_EDGES_MS[bucket]! ? bucket + 1 : definedBucketOf(ms);
}

const middleOf = (bucket: number): number =>
  bucket === 0 ? LEAST_MS : (2 * LEAST_MS * GROWTH ** bucket) / (GROWTH + 1);

/** @param ms not negative */
export function addLatency(histogram: LatencyHistogram, ms: number): void {
  if (!(ms >= 0)) throw new Error(`a request can't take ${ms} ms`);
  const { counts, misses, limits_ms } = histogram;
  const bucket = bucketOf(ms);
  counts[bucket] = counts[bucket]! + 1;
  for (let i = 0; i < limits_ms.length; i++) if (ms > limits_ms[i]!) misses[i] = misses[i]! + 1;
  histogram.requests++;
  histogram.total_us += Math.round(ms * 1000);
  if (ms > histogram.most_ms) histogram.most_ms = ms;
}

/** Adds `part` to `into`; both with the same limits. */
export function mergeHistogram(into: LatencyHistogram, part: LatencyHistogram): void {
  if (into.limits_ms.join() !== part.limits_ms.join())
    throw new Error(`limits ${into.limits_ms.join(', ')} and ${part.limits_ms.join(', ')} ms do not merge`);
  for (let i = 0; i < BUCKETS; i++) into.counts[i] = into.counts[i]! + part.counts[i]!;
  for (let i = 0; i < into.misses.length; i++) into.misses[i] = into.misses[i]! + part.misses[i]!;
  into.requests += part.requests;
  into.total_us += part.total_us;
  into.most_ms = Math.max(into.most_ms, part.most_ms);
}

/** The latency of rank max(1, ceil(q n)), within RELATIVE_ERROR; not a number where nothing was added. */
export function quantileMs(histogram: LatencyHistogram, q: number): number {
  if (histogram.requests === 0) return Number.NaN;
  const rank = Math.max(1, Math.ceil(q * histogram.requests));
  let seen = 0;
  for (let i = 0; i < BUCKETS; i++) {
    seen += histogram.counts[i]!;
    if (seen >= rank) return Math.min(middleOf(i), histogram.most_ms);
  }
  throw new Error(`${seen} latencies are in buckets, and ${histogram.requests} were added`);
}

export const meanMs = (histogram: LatencyHistogram): number => histogram.total_us / 1000 / histogram.requests;

/** p50, p95 and p99 as reports show them. */
export const percentilesMs = (
  histogram: LatencyHistogram,
): { readonly p50: number; readonly p95: number; readonly p99: number } => ({
  p50: quantileMs(histogram, 0.5),
  p95: quantileMs(histogram, 0.95),
  p99: quantileMs(histogram, 0.99),
});

/** Share of requests above the limit at this place of `limits_ms`. */
export const missedFraction = (histogram: LatencyHistogram, limit: number): number =>
  histogram.misses[limit]! / histogram.requests;

export interface HistogramJson {
  readonly limits_ms: readonly number[];
  readonly misses: readonly number[];
  readonly requests: number;
  readonly total_us: number;
  readonly most_ms: number;
  /** [bucket, count], filled ones alone. */
  readonly buckets: readonly (readonly [number, number])[];
}

export const histogramToJson = (histogram: LatencyHistogram): HistogramJson => ({
  limits_ms: histogram.limits_ms,
  misses: Array.from(histogram.misses),
  requests: histogram.requests,
  total_us: histogram.total_us,
  most_ms: histogram.most_ms,
  buckets: Array.from(histogram.counts).flatMap((count, i) => (count === 0 ? [] : [[i, count] as const])),
});

export function histogramFromJson(json: HistogramJson): LatencyHistogram {
  const histogram = createHistogram(json.limits_ms);
  for (const [bucket, count] of json.buckets) histogram.counts[bucket] = count;
  histogram.misses.set(json.misses);
  return Object.assign(histogram, { requests: json.requests, total_us: json.total_us, most_ms: json.most_ms });
}
