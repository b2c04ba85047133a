import { describe, expect, test } from 'vitest';
import { ceiling, type RetryRule, waitBefore } from '../../src/routing/retry.ts';
import { NOT_ASKED, retryAfterMs } from '../../src/routing/retry-after.ts';
import { createRetryBucket, creditRequest, takeRetry } from '../../src/routing/retry-budget.ts';

const rule = (jitter: RetryRule['jitter']): RetryRule => ({
  per_route: 5,
  on: 1,
  base_ms: 500,
  factor: 2,
  cap_ms: 5000,
  jitter,
  retry_after_cap_ms: 60_000,
});

describe('the wait before a retry', () => {
  test('doubles up to its cap', () => {
    expect([1, 2, 3, 4, 5, 6].map((n) => ceiling(rule('none'), n))).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });

  test('is anything up to the ceiling with full jitter, its upper half with equal jitter', () => {
    expect([0, 0.5, 0.999].map((u) => waitBefore(rule('full'), 2, u, -1))).toEqual([0, 500, 999]);
    expect([0, 0.5, 1].map((u) => waitBefore(rule('equal'), 2, u, -1))).toEqual([500, 750, 1000]);
    expect(waitBefore(rule('none'), 2, 0.3, -1)).toBe(1000);
  });

  test('is at least what the route asked for, and there is none if that is too long', () => {
    expect(waitBefore(rule('full'), 1, 0.5, 3000)).toBe(3000);
    expect(waitBefore(rule('none'), 5, 0.5, 3000)).toBe(5000);
    expect(waitBefore(rule('full'), 1, 0.5, 60_000)).toBe(60_000);
    expect(waitBefore(rule('full'), 1, 0.5, 60_001)).toBe(-1);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('1994-11-06T08:49:07Z');

  test('is read in seconds, milliseconds and as an HTTP date in each of its forms', () => {
    expect(retryAfterMs({ retry_after: '2' }, now)).toBe(2000);
    expect(retryAfterMs({ retry_after: '0.5' }, now)).toBe(500);
    expect(retryAfterMs({ retry_after_ms: '1500', retry_after: '2' }, now)).toBe(1500);
    expect(retryAfterMs({ retry_after: 'Sun, 06 Nov 1994 08:49:37 GMT' }, now)).toBe(30_000);
    expect(retryAfterMs({ retry_after: 'Sunday, 06-Nov-94 08:49:37 GMT' }, now)).toBe(30_000);
    expect(retryAfterMs({ retry_after: 'Sun Nov  6 08:49:37 1994' }, now)).toBe(30_000);
  });

  test('is 0 for a date that has passed', () => {
    expect(retryAfterMs({ retry_after: 'Sun, 06 Nov 1994 08:00:00 GMT' }, now)).toBe(0);
  });

  test.each([undefined, '', 'soon', '-5', '5 apples', '1e9x', 'Sun, 99 Nov 1994 08:49:37 GMT'])(
    'is not taken from %j',
    (text) => {
      expect(retryAfterMs({ retry_after: text }, now)).toBe(NOT_ASKED);
    },
  );
});

describe('the budget of retries', () => {
  test('lets one request in ten be retried once what was saved is used up', () => {
    const bucketRule = { capacity: 10, per_request: 0.1, per_second: 0 };
    const bucket = createRetryBucket(bucketRule);
    let retried = 0;
    for (let i = 0; i < 1000; i++) {
      creditRequest(bucket, bucketRule);
      if (takeRetry(bucket, bucketRule, i)) retried++;
    }
    expect(retried).toBeGreaterThanOrEqual(108);
    expect(retried).toBeLessThanOrEqual(110);
  });

  test('fills with time up to its capacity', () => {
    const bucketRule = { capacity: 2, per_request: 0, per_second: 0.5 };
    const bucket = createRetryBucket(bucketRule);
    const take = (at: number) => takeRetry(bucket, bucketRule, at);
    expect([take(0), take(0), take(0), take(1999), take(2000), take(2001)]).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect([take(1e6), take(1e6), take(1e6)]).toEqual([true, true, false]);
  });
});
