import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileRateLimits,
  createRateLimitState,
  giveBack,
  NEVER,
  type RateLimitRule,
  rateLimitStateFromJson,
  rateLimitStateToJson,
  retryAfterHeaders,
  takenFraction,
  tryTake,
} from '../../src/conditions/rate-limits.ts';
import { substream } from '../../src/random.ts';
import { retryAfterMs } from '../../src/routing/retry-after.ts';
import { many, sampled } from './sample-statistics.ts';

const limited = (rule: RateLimitRule, keys = 1) => {
  const limits = compileRateLimits([undefined, rule], keys);
  const state = createRateLimitState(limits);
  return {
    limits,
    state,
    take: (tokens: number, now_ms: number, key = 0) => tryTake(limits, state, 1, key, tokens, now_ms),
  };
};

/** Millisecond by millisecond, in whole 1/60,000 of a request and a token. */
function reference(rpm: number, tpm: number, requests: number, tokens: number) {
  const capacity = { requests: requests * 60_000, tokens: tokens * 60_000 };
  const level = { ...capacity };
  let at = 0;
  const tick = () => {
    level.requests = Math.min(capacity.requests, level.requests + rpm);
    level.tokens = Math.min(capacity.tokens, level.tokens + tpm);
  };
  return (wanted: number, now: number): number => {
    for (; at < now; at++) tick();
    if (wanted > tokens) return NEVER;
    const kept = { ...level };
    let wait = 0;
    while (level.requests < 60_000 || level.tokens < wanted * 60_000) {
      tick();
      wait++;
    }
    Object.assign(level, kept);
    if (wait > 0) return wait;
    level.requests -= 60_000;
    level.tokens -= wanted * 60_000;
    return 0;
  };
}

describe('rate limits', () => {
  it('take what the bucket holds and tell how long to wait', () => {
    const { take } = limited({ requests_per_minute: 60, burst_requests: 2, per: 'route' });
    expect([take(1, 0), take(1, 0), take(1, 0), take(1, 400), take(1, 999), take(1, 1000)]).toEqual([
      0, 0, 1000, 600, 1, 0,
    ]);
    expect(take(1, 1000)).toBe(1000);
  });

  it('hold requests and tokens apart, and the longer wait counts', () => {
    const { take } = limited({
      requests_per_minute: 600,
      tokens_per_minute: 6000,
      burst_tokens: 1000,
      burst_requests: 1,
      per: 'route',
    });
    expect(take(900, 0)).toBe(0);
    expect(take(50, 0)).toBe(100);
    expect(take(150, 0)).toBe(500);
    expect(take(1001, 0)).toBe(NEVER);
    expect(take(150, 500)).toBe(0);
  });

  it('do as a bucket that is refilled millisecond by millisecond', () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 120 }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1, max: 7000 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 110 }),
        fc.array(step, { minLength: 1, maxLength: 30 }),
        (rpm, tpm, requests, tokens, steps) => {
          const { take } = limited({
            requests_per_minute: rpm,
            tokens_per_minute: tpm,
            burst_requests: requests,
            burst_tokens: tokens,
            per: 'route',
          });
          const expected = reference(rpm, tpm, requests, tokens);
          let now = 0;
          for (const [gap, wanted] of steps) {
            now += gap;
            expect(take(wanted, now)).toBe(expected(wanted, now));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('take whoever waited as told, at any instant and rate', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e6, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (rpm, times) => {
          const { take } = limited({ requests_per_minute: rpm, burst_requests: 1, per: 'route' });
          for (const now of [...times].sort((a, b) => a - b)) {
            const wait = take(0, now);
            if (wait === 0) continue;
            expect(Number.isInteger(wait)).toBe(true);
            expect(take(0, now + wait)).toBe(0);
          }
        },
      ),
    );
  });

  it('stand for a route, or for each key of it; a route without one takes all', () => {
    const shared = limited({ requests_per_minute: 1, per: 'route' }, 3);
    expect([shared.take(1, 0, 0), shared.take(1, 0, 2)]).toEqual([0, 60_000]);
    const each = limited({ requests_per_minute: 1, per: 'key' }, 3);
    expect([each.take(1, 0, 0), each.take(1, 0, 2), each.take(1, 0, 0)]).toEqual([0, 0, 60_000]);
    expect(tryTake(each.limits, each.state, 0, 0, 1e12, 0)).toBe(0);
  });

  it('make room for keys that come, and leave the others as they are', () => {
    const rules: RateLimitRule[] = [
      { requests_per_minute: 1, per: 'key' },
      { requests_per_minute: 1, per: 'route' },
      { requests_per_minute: 2, tokens_per_minute: 10, per: 'key' },
    ];
    const limits = compileRateLimits([undefined, ...rules]);
    const state = createRateLimitState(limits);
    const roomy = compileRateLimits([undefined, ...rules], 5000);
    const all = createRateLimitState(roomy);
    const random = substream(7, 'keys');
    for (let i = 0; i < 20_000; i++) {
      const [route, key, now_ms] = [random.integer(4), random.integer(1 + Math.floor(i / 4)), 30 * i];
      const wait_ms = tryTake(roomy, all, route, key, 3, now_ms);
      expect(tryTake(limits, state, route, key, 3, now_ms)).toBe(wait_ms);
      if (wait_ms === 0)
        for (const [l, s] of [
          [limits, state],
          [roomy, all],
        ] as const)
          giveBack(l, s, route, key, 1);
    }
    giveBack(limits, state, 3, 1e6, 1);
    expect(state.at_ms.length).toBe(1 + 2 * 8192);
    const copy = rateLimitStateFromJson(JSON.parse(JSON.stringify(rateLimitStateToJson(state))));
    expect(tryTake(limits, copy, 3, 30_000, 3, 600_000)).toBe(0);
    expect(tryTake(limits, copy, 3, 30_000, 9, 600_000)).toBe(12_000);
  });

  it('give back what was reserved and not used, up to the capacity', () => {
    const { limits, state, take } = limited({ tokens_per_minute: 60, burst_tokens: 100, per: 'route' });
    expect(take(100, 0)).toBe(0);
    giveBack(limits, state, 1, 0, 40);
    expect(take(41, 0)).toBe(1000);
    expect(take(40, 0)).toBe(0);
    giveBack(limits, state, 1, 0, 500);
    expect(take(101, 0)).toBe(NEVER);
    expect(take(100, 0)).toBe(0);
  });

  it('refill nothing where time goes back, and count the wait from the latest instant', () => {
    const { take } = limited({ requests_per_minute: 60, burst_requests: 1, per: 'route' });
    expect(take(1, 5000)).toBe(0);
    expect(take(1, 4000)).toBe(2000);
    expect(take(1, 6000)).toBe(0);
  });

  it('go on from JSON as if nothing had been', () => {
    const one = limited({ requests_per_minute: 7, tokens_per_minute: 999, per: 'key' }, 2);
    const another = limited({ requests_per_minute: 7, per: 'key' }, 2);
    for (const { limits, state, take } of [one, another]) {
      for (let i = 0; i < 9; i++) take(50, 100 * i);
      const copy = rateLimitStateFromJson(JSON.parse(JSON.stringify(rateLimitStateToJson(state))));
      expect(copy).toEqual(state);
      expect(tryTake(limits, copy, 1, 0, 50, 900)).toBe(take(50, 900));
    }
  });

  it('give headers that a client reads as the same wait', () => {
    expect(retryAfterHeaders(1500)).toEqual({ 'retry-after': '2', 'retry-after-ms': '1500' });
    const headers = retryAfterHeaders(1500);
    expect(retryAfterMs({ retry_after: headers['retry-after'], retry_after_ms: headers['retry-after-ms'] }, 0)).toBe(
      1500,
    );
    expect(retryAfterMs({ retry_after: headers['retry-after'] }, 0)).toBe(2000);
  });

  it('take the share of Poisson arrivals that a counter with dead time counts', () => {
    expect(takenFraction(60, 60)).toBe(0.5);
    const shares = many(50, (seed) => {
      const { take } = limited({ requests_per_minute: 60, burst_requests: 1, per: 'route' });
      const random = substream(seed, 'arrivals');
      let [now, taken] = [0, 0];
      for (let i = 0; i < 4000; i++) {
        now += 500 * random.exponential();
        if (take(1, now) === 0) taken++;
      }
      return taken / 4000;
    });
    expect(sampled(shares).off(takenFraction(60, 120))).toBeLessThan(3);
  });

  it('never take more than the rate brings, beside one capacity', () => {
    const { take } = limited({
      requests_per_minute: 300,
      tokens_per_minute: 10_000,
      burst_requests: 5,
      burst_tokens: 500,
      per: 'route',
    });
    const random = substream(4, 'flood');
    let [now, requests, tokens] = [0, 0, 0];
    while (now < 600_000) {
      now += 20 * random.exponential();
      const wanted = random.integer(200);
      if (take(wanted, now) !== 0) continue;
      requests++;
      tokens += wanted;
    }
    expect(requests).toBeLessThanOrEqual(5 + 300 * 10.01);
    expect(tokens).toBeLessThanOrEqual(500 + 10_000 * 10.01);
    expect(tokens).toBeGreaterThan(95_000);
  });
});
