import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import { Sizes } from '../../src/usage/quantiles.ts';
import { tracesFolder } from '../traces-folder.ts';

const quantiles = (values: readonly number[]) => {
  const sizes = new Sizes();
  for (const value of values) sizes.add(value);
  return sizes.quantiles();
};

test('the worked example of the header', () => {
  expect(quantiles([10, 1, 3, 2, 4])).toEqual({
    mean: 4,
    p50: 3,
    p95: expect.closeTo(8.8, 12),
    p99: expect.closeTo(9.76, 12),
    max: 10,
  });
});

test('one value is all its quantiles, no value has none', () => {
  expect(quantiles([7])).toEqual({ mean: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  expect(quantiles([])).toBeUndefined();
});

test('counted quantiles are those of the sorted list', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 200 }), (values) => {
      const sorted = [...values].sort((a, b) => a - b);
      const at = (p: number): unknown => {
        const h = (sorted.length - 1) * p;
        const low = sorted[Math.floor(h)]!;
        return expect.closeTo(low + (h - Math.floor(h)) * ((sorted[Math.floor(h) + 1] ?? low) - low), 9);
      };
      expect(quantiles(values)).toMatchObject({ p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) });
    }),
  );
});

const traces = tracesFolder();
test.skipIf(traces === undefined)('the Azure code trace has medians of 1,469 and 13 tokens', async () => {
  const input = new Sizes();
  const output = new Sizes();
  await readTrace(join(traces!, 'azure-2023/AzureLLMInferenceTrace_code.csv'), (request) => {
    input.add(request.input_tokens);
    output.add(request.output_tokens);
  });
  expect(input.quantiles()).toMatchObject({ p50: 1469, max: 7437 });
  expect(output.quantiles()).toMatchObject({ p50: 13, max: 1899 });
  expect(input.quantiles()?.mean).toBeCloseTo(2047.8, 1);
});
