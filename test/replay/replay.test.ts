import { describe, expect, test } from 'vitest';
import { batchesOf } from '../../src/replay/build-batches.ts';
import { replay } from '../../src/replay/replay.ts';
import { FALLBACK, HOUR_MS, MINUTE_MS, outage, plan, request, START_MS } from './setting.ts';

/** One request every six minutes for three hours. */
const even = batchesOf(Array.from({ length: 30 }, (_, i) => request({ time_ms: START_MS + i * 6 * MINUTE_MS })));
const hourDown = { outages: [outage('openai', START_MS + HOUR_MS, START_MS + 2 * HOUR_MS)] };

describe('an outage of an hour with ten requests in it', () => {
  test('loses exactly those ten without a fallback', () => {
    const found = replay(even, plan({ policy: 'first' }, hourDown), 1);
    expect(found.outcomes).toEqual({
      served: 20,
      served_from_cache: 0,
      failed: 10,
      refused: 0,
      abandoned: 0,
      no_route: 0,
    });
    expect(found.attempts_by).toEqual([
      { route: 'first', status: '200', attempts: 20 },
      { route: 'first', status: '503', attempts: 10 },
    ]);
    expect(found.usage.failed_requests).toBe(10);
  });

  test('serves those ten on the second route at its own model', () => {
    const found = replay(even, plan(FALLBACK, hourDown), 1);
    expect(found.outcomes.served).toBe(30);
    expect(found.served_after_failure).toBe(10);
    expect(found.usage.rows.map(({ model, requests, input_tokens }) => [model, requests, input_tokens])).toEqual([
      ['openai/large', 10, 10_000],
      ['mistral/medium', 10, 10_000],
      ['openai/large', 10, 10_000],
    ]);
  });
});
