import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTrace } from '../../src/io/read-trace.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { arrivals, Gaps } from '../../src/usage/arrivals.ts';
import { createRollup } from '../../src/usage/rollup.ts';
import { tracesFolder } from '../traces-folder.ts';

test('the worked example of the header', () => {
  const minutes = new Map(Array.from({ length: 30 }, (_, minute) => [minute, minute === 7 ? 12 : minute < 22 ? 3 : 2]));
  minutes.set(0, 2);
  const window = { from_ms: 0, until_ms: 30 * 60_000 };
  const table = { edges: {}, rows: [], failed_requests: 0, window, requests_per_minute: minutes };
  expect(arrivals(table)).toEqual({
    requests: 90,
    window_hours: 0.5,
    mean_requests_per_second: 0.05,
    peak_minute: { from_ms: 420_000, requests: 12 },
    peak_to_mean: expect.closeTo(4, 12),
  });
});

test('nothing read has no arrivals', () => {
  expect(arrivals(createRollup().table())).toBeUndefined();
});

const variation = (...times: number[]) => {
  const gaps = new Gaps();
  for (const time of times) gaps.add(time);
  return gaps.variation();
};

test('gaps of 1, 2 and 3 have mean 2 and deviation 1; even gaps have none', () => {
  expect(variation(0, 1, 3, 6)).toBeCloseTo(0.5, 12);
  expect(variation(0, 5, 10, 15)).toBe(0);
});

test('gaps out of order, too few or all of zero are not told', () => {
  expect(variation(0, 5, 3, 6)).toBeUndefined();
  expect(variation(0, 5)).toBeUndefined();
  expect(variation(5, 5, 5, 5)).toBeUndefined();
});

const traces = tracesFolder();
test.skipIf(traces === undefined)('the Azure code trace is bursty: 2.567 requests/s, gaps vary 13-fold', async () => {
  const rollup = createRollup();
  const gaps = new Gaps();
  await readTrace(join(traces!, 'azure-2023/AzureLLMInferenceTrace_code.csv'), (request) => {
    rollup.add(request);
    gaps.add(request.time_ms);
  });
  const seen = arrivals(rollup.table());
  expect(seen?.mean_requests_per_second).toBeCloseTo(2.567, 3);
  expect(seen?.peak_to_mean).toBeGreaterThan(3);
  expect(gaps.variation()).toBeCloseTo(13.2, 1);
});

test('a single request has a window of a millisecond', () => {
  const rollup = createRollup();
  rollup.add(ABSENT);
  expect(arrivals(rollup.table())).toMatchObject({ requests: 1, mean_requests_per_second: 1000 });
});
