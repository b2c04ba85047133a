import { describe, expect, it } from 'vitest';
import {
  ANSWERS,
  burstRates,
  compileErrors,
  createErrorState,
  drawError,
  type ErrorBursts,
  errorRate,
  errorsProblem,
  failsAgain,
  failureCovariance,
} from '../../src/conditions/errors-in-bursts.ts';
import { substream } from '../../src/random.ts';
import { many, sampled } from './sample-statistics.ts';

const bursts: ErrorBursts = { share_in_bursts: 0.8, burst_rate: 0.4, burst_ms: 60_000 };
const rates = new Map([
  [429, 0.005],
  [500, 0.003],
  [0, 0.002],
]);

/** Statuses of attempts every `gap_ms`, on the second of two routes. */
function attempts(seed: number, count: number, gap_ms: number, stated?: ErrorBursts): number[] {
  const model = compileErrors([undefined, { rates, bursts: stated }]);
  const state = createErrorState(model);
  const random = substream(seed, 'errors');
  return many(count, (i) => drawError(model, state, 1, i * gap_ms, random));
}

describe('errors outside outages', () => {
  it('without bursts have their rate, and each status its own', () => {
    const found = attempts(1, 400_000, 1000);
    for (const [status, rate] of rates)
      expect(sampled(found.map((s) => (s === status ? 1 : 0))).off(rate), `${status}`).toBeLessThan(3);
  });

  it('in bursts follow from three figures', () => {
    expect(errorRate({ rates })).toBeCloseTo(0.01, 15);
    const { in_burst, calm_rate, tau_ms } = burstRates(0.01, bursts);
    expect(in_burst).toBeCloseTo(0.02, 15);
    expect(calm_rate).toBeCloseTo(0.0020408, 7);
    expect(tau_ms).toBeCloseTo(58_800, 9);
    expect(in_burst * 0.4 + (1 - in_burst) * calm_rate).toBeCloseTo(0.01, 16);
    expect(failsAgain(0.01, bursts, 0)).toBeCloseTo(0.3204, 4);
    expect(failsAgain(0.01, bursts, 1e9)).toBeCloseTo(0.01, 12);
  });

  it.each([100, 5000, 200_000])(
    'in bursts keep the mean rate and the shares of statuses, with attempts every %d ms',
    (gap_ms) => {
      const count = 4000;
      const runs = many(300, (seed) => attempts(seed, count, gap_ms, bursts));
      const share = (status: number) => sampled(runs.map((run) => run.filter((s) => s === status).length / count));
      const all = sampled(runs.map((run) => run.filter((s) => s !== ANSWERS).length / count));
      expect(all.off(0.01)).toBeLessThan(3);
      for (const [status, rate] of rates) expect(share(status).off(rate), `${status}`).toBeLessThan(3);
      // The spread of counts is that of the covariances, wider than of independent errors.
      let variance = count * 0.01 * 0.99;
      for (let lag = 1; lag < count; lag++)
        variance += 2 * (count - lag) * failureCovariance(0.01, bursts, lag * gap_ms);
      const seen = (all.standardError * Math.sqrt(300) * count) ** 2;
      expect(seen / variance).toBeGreaterThan(0.7);
      expect(seen / variance).toBeLessThan(1.3);
    },
  );

  it('fail again after a failure as the formula says', () => {
    const again = many(200, (seed) => {
      const run = attempts(seed, 5000, 2000, bursts).map((s) => s !== ANSWERS);
      return run.slice(1).filter((failed, i) => failed && run[i]).length / (run.length - 1);
    });
    expect(sampled(again).off(0.01 * failsAgain(0.01, bursts, 2000))).toBeLessThan(3);
  });

  it('do not change the state where time goes back', () => {
    const model = compileErrors([{ rates, bursts: { ...bursts, burst_ms: 1e12 } }]);
    const state = createErrorState(model);
    const random = substream(1, 'x');
    drawError(model, state, 0, 1000, random);
    const before = structuredClone(state);
    drawError(model, state, 0, 500, random);
    expect(state).toEqual(before);
  });

  it('contradict themselves where bursts can not hold them', () => {
    expect(errorsProblem({ rates, bursts })).toBeUndefined();
    expect(errorsProblem({ rates, bursts: { ...bursts, burst_rate: 0.005 } })).toContain(
      "can't hold 0.8 of all errors",
    );
    expect(
      errorsProblem({ rates: new Map([[500, 0.2]]), bursts: { ...bursts, share_in_bursts: 1, burst_rate: 0.2 } }),
    ).toBeDefined();
    expect(
      errorsProblem({
        rates: new Map([
          [500, 0.7],
          [429, 0.7],
        ]),
      }),
    ).toContain('add up to 1.4');
    expect(errorsProblem({ rates: new Map(), bursts })).toBeUndefined();
    expect(() => compileErrors([{ rates: new Map([[500, 2]]) }])).toThrow('add up to 2');
  });

  it('are none on a route that states none', () => {
    const model = compileErrors([undefined, { rates: new Map([[500, 0]]) }, { rates: new Map([[500, 1]]) }]);
    const state = createErrorState(model);
    const random = substream(1, 'x');
    expect(many(50, () => drawError(model, state, 0, 0, random))).toEqual(many(50, () => ANSWERS));
    expect(many(50, () => drawError(model, state, 1, 0, random))).toEqual(many(50, () => ANSWERS));
    expect(many(50, () => drawError(model, state, 2, 0, random))).toEqual(many(50, () => 500));
  });
});
