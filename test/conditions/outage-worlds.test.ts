import { describe, expect, it } from 'vitest';
import { plainRenewal } from '../../src/conditions/outage-renewal.ts';
import { outageWorlds, worldAt } from '../../src/conditions/outage-worlds.ts';
import { normalCdf } from '../../src/special-functions/normal.ts';
import { openai } from './openai-outages.ts';

const average = (column: Float64Array): number => column.reduce((a, b) => a + b, 0) / column.length;
const quantile = (column: Float64Array, u: number): number => column.slice().sort()[Math.floor(u * column.length)]!;
const shareUpTo = (column: Float64Array, x: number): number =>
  column.filter((value) => value <= x).length / column.length;

/** Distribution of a Poisson number of severities on a grid: Panjer's recursion. Masses stand at multiples of the step. */
function compoundPoisson(rate: number, severityCdf: (x: number) => number, step: number, cells: number): Float64Array {
  const severity = Float64Array.from({ length: cells }, (_, k) =>
    k === 0 ? severityCdf(step / 2) : severityCdf((k + 0.5) * step) - severityCdf((k - 0.5) * step),
  );
  const mass = new Float64Array(cells);
  mass[0] = Math.exp(-rate * (1 - severity[0]!));
  for (let k = 1; k < cells; k++) {
    let total = 0;
    for (let j = 1; j <= k; j++) total += j * severity[j]! * mass[k - j]!;
    mass[k] = (rate / k) * total;
  }
  return mass;
}
const reached = (mass: Float64Array, x: number, step: number): number =>
  mass.slice(0, Math.floor(x / step)).reduce((a, b) => a + b, 0) + mass[Math.floor(x / step)]! / 2;

describe('worlds of outages', () => {
  it('have a mean of 1 over the pool, exactly', () => {
    const { factors } = outageWorlds({ renewal: openai, component: 'openai', worlds: 50, months: 36, seed: 1 });
    expect(factors).toHaveLength(1800);
    expect(average(factors)).toBeCloseTo(1, 12);
    expect(Math.min(...factors)).toBe(0);
  });

  it('have raw factors of mean 1 in the first month and the last, within their standard error', () => {
    const [worlds, months] = [20_000, 6];
    const { factors } = outageWorlds({ renewal: openai, component: 'openai', worlds, months, seed: 2, raw: true });
    for (const month of [0, 1, 5]) {
      const column = factors.filter((_, i) => i % months === month);
      const mean = average(column);
      const error = Math.sqrt(average(column.map((f) => (f - mean) ** 2)) / worlds);
      expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.05);
    }
  });

  it('differ from normalised ones by one factor only', () => {
    const request = { renewal: openai, component: 'openai', worlds: 40, months: 12, seed: 3 };
    const [raw, factors] = [outageWorlds({ ...request, raw: true }).factors, outageWorlds(request).factors];
    const mean = average(raw);
    factors.forEach((factor, i) => {
      expect(factor).toBeCloseTo(raw[i]! / mean, 9);
    });
  });

  it('are the same by seed and name, and the first of a larger pool', () => {
    const request = { renewal: openai, component: 'openai', months: 12, seed: 3, raw: true };
    const few = outageWorlds({ ...request, worlds: 5 }).factors;
    expect(outageWorlds({ ...request, worlds: 5 }).factors).toEqual(few);
    expect(outageWorlds({ ...request, worlds: 9 }).factors.slice(0, 60)).toEqual(few);
    expect(outageWorlds({ ...request, worlds: 5, component: 'anthropic' }).factors).not.toEqual(few);
  });

  it('of a component that never fails are 1', () => {
    const never = plainRenewal(0, { mean_hours_per_incident: 1, duration_sigma: 1, gap_cv: 1 });
    expect(new Set(outageWorlds({ renewal: never, component: 'x', worlds: 3, months: 4, seed: 1 }).factors)).toEqual(
      new Set([1]),
    );
  });

  it('are picked by equal shares', () => {
    const pool = outageWorlds({ renewal: openai, component: 'x', worlds: 4, months: 1, seed: 1 });
    expect([0.01, 0.26, 0.5, 0.99].map((u) => worldAt(pool, u))).toEqual([0, 1, 2, 3]);
  });
});

describe('a compound Poisson process', () => {
  // Reference: lambda = 3, exponential severities of mean 100.
  const step = 1;
  const exponential = compoundPoisson(3, (x) => -Math.expm1(-x / 100), step, 4000);

  it('on the grid has the reference values of exponential severities', () => {
    const mean = exponential.reduce((total, p, k) => total + p * k * step, 0);
    expect(mean).toBeCloseTo(300, 1);
    expect(exponential.reduce((total, p, k) => total + p * (k * step - mean) ** 2, 0) / 60_000).toBeCloseTo(1, 3);
    expect(reached(exponential, 300, step)).toBeCloseTo(0.5833287163, 3);
    expect(reached(exponential, 700, step)).toBeCloseTo(0.9277761354, 3);
    expect(reached(exponential, 772.8855690595865, step)).toBeCloseTo(0.95, 3);
    expect(reached(exponential, 1070.6375704583165, step)).toBeCloseTo(0.99, 3);
  });

  it('is what a month of short incidents without memory is: mean, variance, empty months and tail', () => {
    // Log-normal lengths with E[X^2] = 2 E[X]^2, as exponential ones have; three a month of 0.1 h each, in units of 300.
    const sigma = Math.sqrt(Math.LN2);
    const renewal = plainRenewal(0.3 / 730, { mean_hours_per_incident: 0.1, duration_sigma: sigma, gap_cv: 1 });
    const request = { renewal, component: 'x', worlds: 4000, months: 12, seed: 5, raw: true };
    const sums = outageWorlds(request).factors.map((factor) => 300 * factor);
    const mean = average(sums);
    expect(Math.abs(mean - 300)).toBeLessThan(5);
    expect(Math.abs(average(sums.map((x) => (x - mean) ** 2)) / 60_000 - 1)).toBeLessThan(0.06);
    expect(Math.abs(shareUpTo(sums, 0) - 0.049787068367863944)).toBeLessThan(0.004);
    const lognormal = compoundPoisson(3, (x) => normalCdf((Math.log(x / 100) + sigma ** 2 / 2) / sigma), step, 4000);
    for (const x of [100, 300, 700, 1100])
      expect(Math.abs(shareUpTo(sums, x) - reached(lognormal, x, step))).toBeLessThan(0.01);
    expect(Math.abs(reached(lognormal, quantile(sums, 0.99), step) - 0.99)).toBeLessThan(0.003);
  });
});
