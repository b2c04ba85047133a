import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRisk } from '../../src/decision/dominance.ts';
import { column } from './columns.ts';

const of = (a: Float64Array, b: Float64Array) => compareRisk({ ids: ['a', 'b'], costs: [a, b] })[0]!;

describe('stochastic dominance of costs', () => {
  it('a sure 3 against 2 or 4: not in the first order, in the second', () => {
    expect(of(column(3, 3), column(2, 4))).toMatchObject({ dominant: 'a', order: 'second', a_cheaper_fraction: 0.5 });
    expect(of(column(2, 4), column(3, 3))).toMatchObject({ dominant: 'b', order: 'second' });
  });

  it('is of the first order where every quantile is cheaper, whatever the pairing', () => {
    expect(of(column(1, 2, 9), column(3, 10, 1.5))).toMatchObject({
      dominant: 'a',
      order: 'first',
      a_cheaper_fraction: 2 / 3,
      a_dearer_quantiles_fraction: 0,
      b_dearer_quantiles_fraction: 1,
    });
  });

  const cheapBut = (worst: number): Float64Array => Float64Array.from({ length: 100 }, (_, i) => (i < 97 ? 10 : worst));
  const twenty = new Float64Array(100).fill(20);

  it('a strategy may be cheaper in 97 of 100 futures and on average, and dominate nothing', () => {
    expect(of(cheapBut(100), twenty)).toMatchObject({
      dominant: null,
      order: null,
      a_cheaper_fraction: 0.97,
      a_dearer_quantiles_fraction: 0.03,
      b_dearer_quantiles_fraction: 0.97,
    });
  });

  it('a strategy may be cheaper in 97 of 100 futures and be dominated', () => {
    expect(of(cheapBut(1000), twenty)).toMatchObject({ dominant: 'b', order: 'second', a_cheaper_fraction: 0.97 });
  });

  it('equal distributions dominate neither way', () => {
    expect(of(column(1, 2, 3), column(3, 1, 2))).toMatchObject({
      dominant: null,
      order: null,
      same_distribution: true,
    });
  });

  it('compares every pair once', () => {
    const found = compareRisk({ ids: ['a', 'b', 'c'], costs: [column(1, 1), column(2, 2), column(3, 3)] });
    expect(found.map(({ a, b, dominant, order }) => `${a} ${b}: ${dominant} ${order}`)).toEqual([
      'a b: a first',
      'a c: a first',
      'b c: b first',
    ]);
  });

  it('agrees with its definition: E max(0, cost - t) nowhere higher for any t', () => {
    const costs = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(costs, costs, (x, y) => {
        const excess = (values: number[], t: number): number => values.reduce((sum, v) => sum + Math.max(0, v - t), 0);
        const above = (values: number[], t: number): number => values.filter((v) => v > t).length;
        const thresholds = Array.from({ length: 16 }, (_, i) => i / 2 - 1);
        const nowhere = (f: (values: number[], t: number) => number): boolean =>
          thresholds.every((t) => f(x, t) <= f(y, t));
        const isSame = [...x].sort().join() === [...y].sort().join();
        const found = of(Float64Array.from(x), Float64Array.from(y));
        expect(found.same_distribution).toBe(isSame);
        expect(found.dominant === 'a').toBe(!isSame && nowhere(excess));
        expect(found.dominant === 'a' && found.order === 'first').toBe(!isSame && nowhere(above));
      }),
      { numRuns: 500 },
    );
  });
});
