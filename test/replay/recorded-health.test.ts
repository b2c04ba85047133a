import { describe, expect, test } from 'vitest';
import { batchesOf } from '../../src/replay/build-batches.ts';
import { TIMED_OUT } from '../../src/replay/outcomes.ts';
import { RecordedHealth, UNSEEN } from '../../src/replay/recorded-health.ts';
import { replay } from '../../src/replay/replay.ts';
import { outage, plan, request, START_MS } from './setting.ts';

const at = (s: number): number => START_MS + s * 1000;
const route = 'first';

describe('what was seen of a route', () => {
  test('holds from its instant until the next, and says nothing before', () => {
    const seen = new RecordedHealth(
      ['other', route],
      [
        { route, at_ms: 60, status: 429, retry_after_ms: 20_000 },
        { route, at_ms: 0, status: 200, latency_ms: 300 },
        { route, at_ms: 60, status: 503 },
      ],
    );
    const statusAt = (ms: number): number => seen.status[seen.at(1, ms)]!;
    expect([statusAt(0), statusAt(59), statusAt(60), statusAt(1e12)]).toEqual([200, 200, 503, 503]);
    expect([seen.at(1, -1), seen.at(0, 60), seen.knows(0), seen.knows(1)]).toEqual([UNSEEN, UNSEEN, false, true]);
    expect(seen.hasLatency).toEqual([false, true]);
  });

  test('names a route that the policy does not have', () => {
    expect(() => new RecordedHealth(['first'], [{ route: 'frist', at_ms: 0, status: 200 }])).toThrow(/frist.*first/);
  });

  test('takes the place of what is stated for it, Retry-After and time-outs included', () => {
    const recorded = [
      { route, at_ms: at(0), status: 200, latency_ms: 300 },
      { route, at_ms: at(10), status: 429, latency_ms: 50, retry_after_ms: 4000 },
      { route, at_ms: at(14), status: 200, latency_ms: 9000 },
    ];
    const found: (readonly [number, number, number])[] = [];
    const routing = { policy: 'first', retries: { per_route: 1, jitter: 'none' as const } };
    const settings = { recorded, timeout_ms: 2000, outages: [outage('openai', at(0), at(100))] };
    replay(
      batchesOf([request({ time_ms: at(1) }), request({ time_ms: at(10) })]),
      plan(routing, settings),
      1,
      ({ time_ms, status, latency_ms }) => void found.push([time_ms - START_MS, status, latency_ms]),
    );
    expect(found).toEqual([
      [1000, 200, 300],
      [10_000, 429, 50],
      [14_050, TIMED_OUT, 2000],
    ]);
  });
});

describe('a budget', () => {
  test('keeps what it reserved for an attempt of which nothing was heard, and frees it for one that was refused', () => {
    const prices = { first: { input_usd_per_mtok: 1, output_usd_per_mtok: 5 } };
    const budgets = [{ name: 'all', period: 'total' as const, hard: '0.003 USD' }];
    // 1,000 in and 200 out: 0.002 USD, so that there is room for one.
    const outcomesAfter = (status: number) => {
      const recorded = [
        { route, at_ms: at(0), status },
        { route, at_ms: at(1), status: 200 },
      ];
      const batches = batchesOf([request({ time_ms: at(0) }), request({ time_ms: at(1) })]);
      const { served, failed, refused } = replay(
        batches,
        plan({ policy: 'first', budgets }, { recorded, billed: { errors: 0, timeouts: 0 } }, { prices }),
        1,
      ).outcomes;
      return { served, failed, refused };
    };
    expect(outcomesAfter(0)).toEqual({ served: 0, failed: 1, refused: 1 });
    expect(outcomesAfter(504)).toEqual({ served: 0, failed: 1, refused: 1 });
    expect(outcomesAfter(503)).toEqual({ served: 1, failed: 1, refused: 0 });
  });
});
