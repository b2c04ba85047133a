import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Abandonment,
  asksAgainAfterMs,
  expectedDuplicates,
  expectedLeft,
  hasLeft,
  isAskedAgain,
  leavesAfterMs,
} from '../../src/conditions/abandonment.ts';
import { meanTaskMs, sampleTasks, slowestOfMs, touchedByTail } from '../../src/conditions/agent-tasks.ts';
import {
  addLatency,
  createHistogram,
  histogramFromJson,
  histogramToJson,
  type LatencyHistogram,
  meanMs,
  mergeHistogram,
  missedFraction,
  percentilesMs,
  quantileMs,
  RELATIVE_ERROR,
} from '../../src/conditions/latency-histogram.ts';
import {
  constantLatency,
  logNormalLatency,
  normalLatency,
  tabledLatency,
} from '../../src/conditions/latency-spread.ts';
import {
  expectedRequestMs,
  firstTokenMs,
  hopOf,
  meanFirstTokenMs,
  type RouteLatency,
  streamMs,
} from '../../src/conditions/route-latency.ts';
import { substream } from '../../src/random.ts';
import { normalQuantile } from '../../src/special-functions/normal.ts';
import { many, sampled } from './sample-statistics.ts';

const filled = (latencies: readonly number[], limits_ms: readonly number[] = []): LatencyHistogram => {
  const histogram = createHistogram(limits_ms);
  for (const ms of latencies) addLatency(histogram, ms);
  return histogram;
};

describe('a spread of latencies', () => {
  const logNormal = logNormalLatency(500, 2000);
  const normal = normalLatency(-10, 40);
  const table = tabledLatency([0, 0.5, 1], [0, 10, 30]);

  it('is log-normal from median and 95 % quantile', () => {
    expect(logNormal.quantile(0.5)).toBeCloseTo(500, 10);
    expect(logNormal.quantile(0.95) / 2000).toBeCloseTo(1, 5);
    expect(logNormal.mean_ms).toBeCloseTo(713.19, 1);
    expect(logNormal.tail(2000)).toBeCloseTo(0.05, 12);
    expect(logNormal.tail(3000)).toBeCloseTo(0.0168, 4);
    expect(logNormal.tail(0)).toBe(1);
  });

  it('is normal where it may be negative, and a table where it was measured', () => {
    expect(normal.quantile(0.5)).toBeCloseTo(-10, 12);
    expect(normal.quantile(0.95)).toBeCloseTo(40, 3);
    expect(normal.tail(40)).toBeCloseTo(0.05, 12);
    expect(table.quantile(0.75)).toBe(20);
    expect(table.mean_ms).toBe(12.5);
    expect(table.tail(20)).toBeCloseTo(0.25, 15);
    expect([table.tail(-1), table.tail(30), table.quantile(0)]).toEqual([1, 0, 0]);
    // A step: a tenth of exactly 5.
    const step = tabledLatency([0, 0.4, 0.5, 1], [1, 5, 5, 9]);
    expect([step.quantile(0.45), step.tail(5)]).toEqual([5, 0.5]);
  });

  it('drawn from even uniforms, has its mean and its tail', () => {
    for (const spread of [
      logNormal,
      normal,
      table,
      constantLatency(7),
      logNormalLatency(7, 7),
      normalLatency(-3, -3),
    ]) {
      const draws = many(100_000, (i) => spread.quantile((i + 0.5) / 100_000));
      const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
      expect(Math.abs(mean - spread.mean_ms)).toBeLessThan(0.002 * Math.max(1, Math.abs(spread.mean_ms)));
      const above = draws.filter((x) => x > 15).length / draws.length;
      expect(above).toBeCloseTo(spread.tail(15), 4);
    }
    expect(Number.isFinite(logNormal.quantile(0))).toBe(true);
  });

  it('has the quantiles of the normal distribution within 1e-5', () => {
    const standard = normalLatency(0, 1.6448536269514722);
    let worst = 0;
    for (let i = 0; i < 50_000; i++) {
      const u = (i + 0.5) / 50_000;
      worst = Math.max(worst, Math.abs(standard.quantile(u) - normalQuantile(u)));
    }
    expect(worst).toBeLessThan(1e-5);
    expect(worst).toBeGreaterThan(0);
    for (const u of [1e-9, 0.001, 0.999, 1 - 1e-9]) expect(standard.quantile(u)).toBeCloseTo(normalQuantile(u), 13);
  });
});

describe('latency of a route', () => {
  const route: RouteLatency = {
    first_token: constantLatency(500),
    per_token: constantLatency(15),
    prefill_ms_per_1000_tokens: 40,
    failure: constantLatency(300),
    inspection_ms: 5,
    hops: [
      { from_prompt_tokens: 0, spread: constantLatency(20) },
      { from_prompt_tokens: 50_000, spread: constantLatency(60) },
      { region: 1, from_prompt_tokens: 0, spread: constantLatency(-30) },
      { region: 1, from_prompt_tokens: 100_000, spread: constantLatency(90) },
    ],
  };

  it('adds inspection, hop, first token and prompt, then the stream', () => {
    const first = firstTokenMs(route, 0, 2000, 0.5, 0.5);
    expect(first).toBe(605);
    expect(first + streamMs(route, 100, 0.5)).toBe(2105);
    expect(meanFirstTokenMs(route, 0, 2000)).toBe(605);
  });

  it('takes the hop of the region, then that of any, then that of the largest prompt reached', () => {
    const hop = (region: number, tokens: number) => hopOf(route.hops, region, tokens)?.mean_ms;
    expect([hop(0, 10), hop(0, 50_000), hop(1, 10), hop(1, 99_999), hop(1, 100_000), hop(-1, 60_000)]).toEqual([
      20, 60, -30, -30, 90, 60,
    ]);
    expect(hopOf([], 0, 1)).toBeUndefined();
    expect(hopOf(route.hops.toReversed(), 1, 99_999)?.mean_ms).toBe(-30);
  });

  it('can be shorter through a gateway, and never negative', () => {
    expect(firstTokenMs(route, 1, 0, 0.5, 0.5)).toBe(475);
    const quick = { ...route, first_token: constantLatency(1), inspection_ms: 0 };
    expect(firstTokenMs(quick, 1, 0, 0.5, 0.5)).toBe(0);
  });

  it('over retries takes what the formula expects', () => {
    expect(expectedRequestMs(0.1, 3, 300, 2105, [500, 1000])).toBeCloseTo(33.3 + 0.999 * 2105 + 60, 9);
    const random = substream(1, 'retries');
    const times = many(100_000, () => {
      let total = 0;
      for (let attempt = 0; attempt < 3; attempt++) {
        if (attempt > 0) total += [500, 1000][attempt - 1]!;
        if (random.uniform() >= 0.1) return total + 2105;
        total += 300;
      }
      return total;
    });
    expect(sampled(times).off(expectedRequestMs(0.1, 3, 300, 2105, [500, 1000]))).toBeLessThan(3);
  });
});

describe('a histogram of latencies', () => {
  it('gives quantiles, mean and misses without keeping the values', () => {
    const histogram = filled(
      many(1000, (i) => i + 1),
      [900],
    );
    expect(quantileMs(histogram, 0.5)).toBeCloseTo(495.288, 3);
    expect(meanMs(histogram)).toBe(500.5);
    expect(missedFraction(histogram, 0)).toBe(0.1);
    const { p50, p95, p99 } = percentilesMs(histogram);
    for (const [found, exact] of [
      [p50, 500],
      [p95, 950],
      [p99, 990],
    ] as const)
      expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR);
    expect(quantileMs(createHistogram(), 0.5)).toBeNaN();
  });

  it('is within 1 % of the latency of that rank, whatever the latencies', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.double({ min: -2, max: 8, noNaN: true }).map((x) => 10 ** x),
          { minLength: 1, maxLength: 200 },
        ),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (latencies, q) => {
          const sorted = [...latencies].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
          expect(Math.abs(quantileMs(filled(latencies), q) - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
        },
      ),
    );
  });

  it('merges parts to the same numbers in any order', () => {
    const random = substream(1, 'parts');
    const latencies = many(3000, () => 100 * Math.exp(random.normal()));
    const whole = filled(latencies, [50, 500]);
    const parts = [0, 1000, 2000].map((from) => filled(latencies.slice(from, from + 1000), [50, 500]));
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
    ]) {
      const merged = createHistogram([50, 500]);
      for (const i of order) mergeHistogram(merged, parts[i]!);
      expect(merged).toEqual(whole);
    }
    expect(histogramFromJson(JSON.parse(JSON.stringify(histogramToJson(whole))))).toEqual(whole);
    expect(() => mergeHistogram(createHistogram([1]), createHistogram([2]))).toThrow('do not merge');
  });

  it('takes 0, what is shorter or longer than its buckets, and no negative time', () => {
    const histogram = filled([0, 0.001, 1e12]);
    expect(quantileMs(histogram, 0.5)).toBeLessThanOrEqual(0.01);
    expect(quantileMs(histogram, 1)).toBeGreaterThan(0.99e8);
    expect(() => addLatency(histogram, -1)).toThrow("can't take -1 ms");
    expect(quantileMs(filled([0, 0]), 0.99)).toBe(0);
  });
});

describe('tasks of an agent', () => {
  const random = substream(1, 'calls');
  const calls = filled(many(200_000, () => 1000 * random.exponential()));

  it('in a row take the sum: exponential calls give an Erlang distribution', () => {
    const tasks = sampleTasks(calls, 4, 20_000, substream(2, 'tasks'), [7753.7]);
    expect(meanTaskMs(calls, 4)).toBe(4 * meanMs(calls));
    expect(Math.abs(meanMs(tasks) / meanTaskMs(calls, 4) - 1)).toBeLessThan(0.015);
    // Quantiles of an Erlang distribution of shape 4: half of those of chi-squared with 8 degrees of freedom.
    expect(Math.abs(quantileMs(tasks, 0.5) / 3672.06 - 1)).toBeLessThan(0.025);
    expect(Math.abs(quantileMs(tasks, 0.95) / 7753.66 - 1)).toBeLessThan(0.025);
    expect(missedFraction(tasks, 0)).toBeCloseTo(0.05, 2);
  });

  it('all at once take as long as the slowest', () => {
    const expected = -1000 * Math.log(1 - 0.5 ** (1 / 10));
    expect(Math.abs(slowestOfMs(calls, 10, 0.5) / expected - 1)).toBeLessThan(0.025);
    expect(slowestOfMs(calls, 1, 0.9)).toBe(quantileMs(calls, 0.9));
  });

  it('of twenty calls meet the slowest hundredth in 18 % of the cases', () => {
    expect(touchedByTail(0.01, 20)).toBeCloseTo(0.1821, 4);
  });
});

describe('clients that do not wait', () => {
  const stated: Abandonment = { after_ms: 10_000, leaving_fraction: 0.3, timeout_ms: 60_000, duplicating_fraction: 1 };

  it('leave or ask again as often as expected', () => {
    const tail = (ms: number) => (ms >= 60_000 ? 0.005 : ms >= 10_000 ? 0.04 : 1);
    expect(expectedLeft(stated, tail)).toBeCloseTo(0.012, 15);
    expect(expectedDuplicates(stated, tail)).toBeCloseTo(0.0035, 15);
  });

  it.each([stated, { ...stated, after_ms: 90_000, duplicating_fraction: 0.5 }, { ...stated, after_ms: 60_000 }])(
    'do so in samples too, leaving after $after_ms ms',
    (abandonment) => {
      const spread = logNormalLatency(20_000, 120_000);
      const random = substream(5, 'patience');
      const ends = many(100_000, () => {
        const wait = spread.quantile(random.uniform());
        const leaves = leavesAfterMs(abandonment, random.uniform());
        const again = asksAgainAfterMs(abandonment, random.uniform());
        return { left: hasLeft(wait, leaves), twice: isAskedAgain(wait, leaves, again) };
      });
      expect(sampled(ends.map(({ left }) => Number(left))).off(expectedLeft(abandonment, spread.tail))).toBeLessThan(3);
      expect(
        sampled(ends.map(({ twice }) => Number(twice))).off(expectedDuplicates(abandonment, spread.tail)),
      ).toBeLessThan(3);
    },
  );
});
