import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildTimeline,
  failingFractionAt,
  intervalAt,
  OutageCursor,
  type OutageInterval,
  UP,
} from '../../src/conditions/outage-timeline.ts';
import { placeOutages } from '../../src/conditions/place-outages.ts';

const down = (component: string, from_ms: number, until_ms: number, failing_fraction = 1, severity = 'full') =>
  ({ component, from_ms, until_ms, failing_fraction, severity }) satisfies OutageInterval;

const shown = (intervals: readonly OutageInterval[]) => {
  const timeline = buildTimeline(['a'], intervals);
  return Array.from(timeline.from_ms, (from, i) => [
    from,
    timeline.until_ms[i],
    timeline.failing_fraction[i],
    timeline.severities[timeline.severity[i]!],
  ]);
};

describe('a timeline of outages', () => {
  it('holds the intervals of each component in order, from inclusive, until exclusive', () => {
    const timeline = buildTimeline(
      ['a', 'b', 'c'],
      [down('c', 5, 6), down('a', 30, 40, 0.3, 'partial'), down('a', 10, 20)],
    );
    expect(Array.from(timeline.first)).toEqual([0, 2, 2, 3]);
    expect([9.9, 10, 19.9, 20, 30, 40].map((t) => failingFractionAt(timeline, 0, t))).toEqual([0, 1, 1, 0, 0.3, 0]);
    expect(failingFractionAt(timeline, 1, 5)).toBe(0);
    expect(failingFractionAt(timeline, 2, 5)).toBe(1);
    expect(timeline.severities).toEqual(['full', 'partial']);
  });

  it('takes the worse of two that overlap and leaves those without length out', () => {
    expect(shown([down('a', 0, 100, 0.3, 'partial'), down('a', 20, 50)])).toEqual([
      [0, 20, 0.3, 'partial'],
      [20, 50, 1, 'full'],
      [50, 100, 0.3, 'partial'],
    ]);
    expect(shown([down('a', 0, 10), down('a', 5, 20), down('a', 30, 30)])).toEqual([[0, 20, 1, 'full']]);
    expect(shown([down('a', 0, 10), down('a', 10, 20)])).toEqual([
      [0, 10, 1, 'full'],
      [10, 20, 1, 'full'],
    ]);
    expect(shown([down('a', 0, 10), down('a', 0, 10)])).toEqual([[0, 10, 1, 'full']]);
  });

  it('knows outages that go on', () => {
    const timeline = buildTimeline(['a'], [down('a', 10, Number.POSITIVE_INFINITY)]);
    expect(failingFractionAt(timeline, 0, 1e15)).toBe(1);
    expect(new OutageCursor(timeline).failingFraction(0, 1e15)).toBe(1);
  });

  it('refuses what can only be a bug of the caller', () => {
    expect(() => buildTimeline(['a'], [down('b', 0, 1)])).toThrow('no component "b" among a');
    expect(() => buildTimeline(['a'], [down('a', 2, 1)])).toThrow('ends before it starts');
    expect(() => buildTimeline(['a'], [down('a', 0, 1, 1.5)])).toThrow('1.5 is no share');
  });

  it('answers as a plain search does, by bisection and by a cursor, forwards and backwards', () => {
    const interval = fc
      .tuple(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom(0, 0.01, 0.3, 1),
        fc.constantFrom('a', 'b'),
      )
      .map(([from, length, failing, component]) => down(component, from, from + length, failing));
    fc.assert(
      fc.property(
        fc.array(interval, { maxLength: 12 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -2, max: 90 })), {
          minLength: 1,
          maxLength: 60,
        }),
        (intervals, questions) => {
          const timeline = buildTimeline(['a', 'b'], intervals);
          const cursor = new OutageCursor(timeline);
          for (const [component, time] of questions) {
            const name = 'ab'[component];
            const expected = Math.max(
              0,
              ...intervals
                .filter((o) => o.component === name && o.from_ms <= time && time < o.until_ms)
                .map((o) => o.failing_fraction),
            );
            expect(failingFractionAt(timeline, component, time)).toBe(expected);
            expect(cursor.failingFraction(component, time)).toBe(expected);
            expect(cursor.intervalAt(component, time)).toBe(intervalAt(timeline, component, time));
          }
        },
      ),
    );
  });

  it('tells a health check, asked its delay ago, both the begin and the end too late', () => {
    const cursor = new OutageCursor(buildTimeline(['a'], [down('a', 1000, 5000)]));
    const seen = [1000, 1500, 2000, 5000, 5999, 6000].map((t) => cursor.intervalAt(0, t - 1000) !== UP);
    expect(seen).toEqual([false, false, true, true, true, false]);
  });
});

describe('recorded outages', () => {
  it('are laid over a span again and again, clipped at both ends', () => {
    const hour = 3_600_000;
    const placed = placeOutages(
      [down('a', 2 * hour, 3 * hour)],
      { from_ms: 0, until_ms: 24 * hour },
      { from_ms: 100 * hour, until_ms: 126.5 * hour },
    );
    expect(placed.map(({ from_ms, until_ms }) => [from_ms / hour - 100, until_ms / hour - 100])).toEqual([
      [2, 3],
      [26, 26.5],
    ]);
    const clipped = placeOutages(
      [down('a', -5, 3), down('a', 8, 20)],
      { from_ms: 0, until_ms: 10 },
      { from_ms: 0, until_ms: 10 },
    );
    expect(clipped.map(({ from_ms, until_ms }) => [from_ms, until_ms])).toEqual([
      [0, 3],
      [8, 10],
    ]);
  });
});
