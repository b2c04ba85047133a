import { describe, expect, it } from 'vitest';
import { alternatives } from '../../src/model/model.ts';
import { crossingBands } from '../../src/uncertainty/crossing-bands.ts';
import { direct, managed, run } from '../costs/fixture.ts';

/** A build of `hours` at 100 USD on direct access against a markup of 5 %: even at 2,000 USD of tokens per hour of build. */
const asked = (hours: string) =>
  run({
    horizon: 1,
    traffic: { trace: 'none.csv', volume: { requests_per_month: 10_000 } },
    engineering: { loaded_rate: 100, adapter: { build: hours, upkeep: 0, learning: 1 }, gateway_integration: 0 },
    strategies: [direct, managed('markup')],
    discount_rate: 0,
  });
const sampling = {
  draws: 2000,
  method: 'latin-hypercube',
  seed: 3,
  correlations: [],
  pools: new Map(),
} as const;

function bandOf(hours: string, values: readonly number[]) {
  const { model } = asked(hours).prepared;
  expect(alternatives(model)).toEqual(['direct', 'markup']);
  const slot = model.inputs.findIndex(({ path }) => path === 'traffic.volume.requests_per_month');
  return crossingBands(model, { slot, values, scale: 'linear' }, ['markup'], 'direct', sampling)[0]!;
}
// Tokens of a request cost 0.0045 USD, 5 % of that 0.000225: even at hours x 100 / 0.000225 requests.
const even = (hours: number): number => (hours * 100) / 0.000225;
const grid = Array.from({ length: 41 }, (_, i) => (i * even(12)) / 40);

describe('break-even over draws', () => {
  it('is that of each draw: quantiles of what decides it', () => {
    const band = bandOf('2 to 8', grid);
    expect(band).toMatchObject({ strategy: 'markup', versus: 'direct', several_fraction: 0 });
    // The cost is linear in the volume, so that a crossing is exact between two values of the grid.
    expect(band.p5! / even(2)).toBeCloseTo(1, 2);
    expect(band.p50! / even(4)).toBeCloseTo(1, 1);
    expect(band.crossing_fraction + band.cheaper_fraction).toBeCloseTo(1, 12);
    // Builds of more than 12 hours, log-normal of 2 to 8: 1 - Phi((ln 12 - ln 4) / 0.4214) = 0.46 %
    expect(Math.abs(band.cheaper_fraction - 0.0046)).toBeLessThan(0.002);
  });

  it('of a single number is one value in every draw', () => {
    const { p5, p50, p95, crossing_fraction } = bandOf('4 hours', grid);
    for (const value of [p5, p50, p95]) expect(value! / even(4)).toBeCloseTo(1, 9);
    expect(crossing_fraction).toBe(1);
  });

  it('never is told with who is cheaper throughout', () => {
    expect(bandOf('4 hours', [1, even(1)])).toMatchObject({ p50: null, crossing_fraction: 0, cheaper_fraction: 1 });
    expect(bandOf('4 hours', [even(5), even(6)])).toMatchObject({ p50: null, dearer_fraction: 1 });
  });
});
