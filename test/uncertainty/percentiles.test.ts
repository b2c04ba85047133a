import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantiles } from '../../src/decision/summary.ts';
import { percentilesOf } from '../../src/uncertainty/percentiles.ts';

test('the percentiles of five values are known', () => {
  const { p50, p95 } = percentilesOf(Float64Array.of(10, 3, 1, 4, 2));
  expect(p50).toBe(3);
  expect(p95).toBeCloseTo(8.8, 12);
});

test('percentiles are those of the sorted column, with ties and in any order', () => {
  const columns = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
    minLength: 2,
    maxLength: 200,
  });
  fc.assert(
    fc.property(columns, (values) => {
      const column = Float64Array.from(values, (value) => (value === 0 ? 0 : value));
      const [p5, p50, p95] = quantiles(column, [0.05, 0.5, 0.95]);
      expect(percentilesOf(column)).toEqual({ p5, p50, p95 });
    }),
    { numRuns: 1000 },
  );
});
