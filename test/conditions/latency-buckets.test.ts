import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, definedBucketOf, RELATIVE_ERROR } from '../../src/conditions/latency-histogram.ts';

const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const BUCKETS = Math.ceil(Math.log(1e10) / Math.log(GROWTH));

/** The doubles next to a number, and some a little farther away. */
function around(ms: number): number[] {
  const bits = new BigInt64Array(new Float64Array([ms]).buffer);
  const steps = [-4000n, -300n, -20n, -3n, -2n, -1n, 0n, 1n, 2n, 3n, 20n, 300n, 4000n];
  const near = steps.map((step) => new Float64Array(new BigInt64Array([bits[0]! + step]).buffer)[0]!);
  return [...near, ...[-1e-6, -2e-9, -1e-9, -5e-10, 5e-10, 1e-9, 2e-9, 1e-6].map((share) => ms * (1 + share))];
}

const differing = (values: readonly number[]): number[] => values.filter((ms) => bucketOf(ms) !== definedBucketOf(ms));

test('the bucket is the defined one at every edge and next to it', () => {
  const edges = Array.from({ length: BUCKETS + 2 }, (_, bucket) => 0.01 * GROWTH ** bucket);
  expect(differing(edges.flatMap(around))).toEqual([]);
});

test('and at every power of two that a step begins with', () => {
  const begins = Array.from({ length: 36 * 128 }, (_, i) => 2 ** (Math.floor(i / 128) - 8) * (1 + (i % 128) / 128));
  expect(differing(begins.flatMap(around))).toEqual([]);
});

test('and everywhere else', () => {
  expect([0, 0.005, 0.01, 1e8, 1e9].map(bucketOf)).toEqual([0, 0.005, 0.01, 1e8, 1e9].map(definedBucketOf));
  fc.assert(
    fc.property(fc.double({ min: -3, max: 9, noNaN: true }), (exponent) => {
      expect(bucketOf(10 ** exponent)).toBe(definedBucketOf(10 ** exponent));
    }),
    { numRuns: 2000 },
  );
});
