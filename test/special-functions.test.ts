import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from '../src/special-functions/beta.ts';
import { normalCdf, normalQuantile } from '../src/special-functions/normal.ts';

const relative = (found: number, expected: number): number => Math.abs(found / expected - 1);

describe('the normal distribution function', () => {
  it.each([
    [0, 0.5],
    [1.6448536269514722, 0.95],
    [-1.6448536269514722, 0.05],
    [1.959963984540054, 0.975],
    [-2.3263478740408408, 0.01],
    [-3.090232306167813, 0.001],
    [-4.753424308822899, 1e-6],
    [-7.034483825301132, 1e-12],
  ])('at %f is %f', (z, expected) => {
    expect(relative(normalCdf(z), expected)).toBeLessThan(5e-14);
  });

  it('undoes the quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.9999999, noNaN: true }), (p) => {
        expect(relative(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('the normal quantile', () => {
  it.each([
    [0.3, -0.5244005127080407],
    [0.11139632373328331, -1.219135817247248],
    [0.05, -1.6448536269514726],
    [0.01, -2.3263478740408408],
    [1e-5, -4.2648907939228256],
  ])('at %f is %f, as in CPython', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 14);
  });
});

describe('the regularised incomplete beta function', () => {
  const binomialTail = (n: number, k: number, x: number): number => {
    let [term, total] = [(1 - x) ** n, 0];
    for (let i = 0; i <= n; i++) {
      if (i >= k) total += term;
      term *= ((n - i) / (i + 1)) * (x / (1 - x));
    }
    return total;
  };

  it('is 11/16 for 2, 3 and a half', () => {
    expect(betaCdf(2, 3, 0.5)).toBeCloseTo(11 / 16, 14);
  });

  it('is the upper tail of a binomial distribution for whole numbers', () => {
    for (const [n, k] of [
      [5, 2],
      [20, 1],
      [20, 20],
      [60, 31],
    ] as const) {
      for (const x of [0.01, 0.2, 0.5, 0.77, 0.99])
        expect(relative(betaCdf(k, n - k + 1, x), binomialTail(n, k, x))).toBeLessThan(1e-11);
    }
  });

  it('is an arc sine for two halves and a power where one of them is 1', () => {
    for (const x of [1e-9, 0.1, 0.5, 0.9, 0.999]) {
      expect(betaCdf(0.5, 0.5, x)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 13);
      expect(relative(betaCdf(3.7, 1, x), x ** 3.7)).toBeLessThan(1e-13);
      expect(betaCdf(1, 3.7, x)).toBeCloseTo(-Math.expm1(3.7 * Math.log1p(-x)), 14);
    }
  });

  it('is nearly normal where both are large', () => {
    const [a, b] = [4e6, 6e6];
    const sd = Math.sqrt(0.24 / (a + b + 1));
    for (const z of [-3, -1, 0, 2]) expect(Math.abs(betaCdf(a, b, 0.4 + z * sd) - normalCdf(z))).toBeLessThan(1e-4);
    expect(betaCdf(a, a, 0.5)).toBeCloseTo(0.5, 10);
  });
});

describe('the quantile of a beta distribution', () => {
  it.each([
    [1.8, 4.2, 0.05, 0.058977388],
    [1.8, 4.2, 0.5, 0.27667226],
    [1.8, 4.2, 0.95, 0.621276724],
  ])('of %f and %f at %f is %f, as of PERT(1, 2, 6)', (a, b, p, expected) => {
    expect(betaQuantile(a, b)(p)).toBeCloseTo(expected, 8);
  });

  it('is a squared sine for two halves', () => {
    for (const p of [0.001, 0.2, 0.5, 0.93])
      expect(betaQuantile(0.5, 0.5)(p)).toBeCloseTo(Math.sin((Math.PI * p) / 2) ** 2, 12);
  });

  it('undoes the distribution function, for shapes from 0.05 to a million', () => {
    const shape = fc.double({ min: Math.log(0.05), max: Math.log(1e6), noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (a, b, p) => {
        const x = betaQuantile(a, b)(p);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(1);
        // Near 1 neighbouring numbers are 1e-16 apart, and a whole share of the probability may lie between them.
        if (x < 0.999) expect(Math.abs(betaCdf(a, b, x) - p)).toBeLessThan(1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('never falls', () => {
    for (const [a, b] of [
      [0.1, 0.1],
      [1, 1],
      [1.8, 4.2],
      [500, 3],
    ] as const) {
      const quantile = betaQuantile(a, b);
      let before = 0;
      for (let i = 1; i < 2000; i++) {
        const x = quantile(i / 2000);
        expect(x).toBeGreaterThanOrEqual(before);
        before = x;
      }
    }
  });
});
