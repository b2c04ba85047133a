import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapest, pairedDifference } from '../../src/decision/cheapest.ts';
import { column, normalColumn } from './columns.ts';

describe('being cheapest', () => {
  it('counts a sole winner and shared winners apart', () => {
    const ids = ['direct', 'gateway', 'hybrid'];
    const costs = [column(1, 5, 2, 4), column(2, 3, 2, 4), column(3, 4, 9, 4)];
    const found = cheapest({ ids, costs });
    expect(found.map(({ id, sole_fraction, tied_fraction }) => [id, sole_fraction, tied_fraction])).toEqual([
      ['direct', 0.25, 0.5],
      ['gateway', 0.25, 0.5],
      ['hybrid', 0, 0.25],
    ]);
    expect(found.map(({ regret }) => regret)).toEqual([0.5, 0.25, (2 + 1 + 7) / 4]);
    expect(found[0]!.sole_se).toBeCloseTo(Math.sqrt((0.25 * 0.75) / 4), 15);
  });

  it('of a strategy and its copy is a tie in every draw, not a coin toss', () => {
    const costs = normalColumn(500, 100, 20, 'cost');
    const [original, copy] = cheapest({ ids: ['a', 'copy'], costs: [costs, costs.slice()] });
    expect(original).toEqual({
      id: 'a',
      sole_fraction: 0,
      sole_se: 0,
      tied_fraction: 1,
      tied_se: 0,
      regret: 0,
      regret_se: 0,
    });
    expect(copy).toEqual({ ...original, id: 'copy' });
  });

  it('takes the same sum in another order as a tie', () => {
    const found = cheapest({ ids: ['a', 'b'], costs: [column(0.1 + 0.2, 1), column(0.3, 1)] });
    expect(found.map((one) => one.tied_fraction)).toEqual([1, 1]);
  });

  it('adds up: each draw has one sole winner or several tied ones, and some strategy without regret', () => {
    const cost = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 5 })
          .chain((strategies) =>
            fc.array(fc.array(cost, { minLength: strategies, maxLength: strategies }), { minLength: 2, maxLength: 30 }),
          ),
        (worlds) => {
          const ids = worlds[0]!.map((_, s) => `s${s}`);
          const costs = ids.map((_, s) => Float64Array.from(worlds, (world) => world[s]!));
          const found = cheapest({ ids, costs });
          const sole = found.reduce((total, one) => total + one.sole_fraction, 0);
          const sharedWorlds = worlds.filter((w) => w.filter((c) => c === Math.min(...w)).length > 1).length;
          expect(sole * worlds.length).toBeCloseTo(worlds.length - sharedWorlds, 9);
          for (const one of found) expect(one.regret).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('refuses strategies with different numbers of draws', () => {
    expect(() => cheapest({ ids: ['a', 'b'], costs: [column(1, 2), column(1, 2, 3)] })).toThrow(
      'b has 3 draws, a has 2',
    );
  });
});

describe('a paired difference', () => {
  it('of a column and its copy is exactly 0, a tie in every draw', () => {
    const costs = normalColumn(1000, 1e6, 1e5, 'big');
    expect(pairedDifference(costs, costs.slice())).toEqual({
      mean: 0,
      se: 0,
      p5: 0,
      p50: 0,
      p95: 0,
      a_cheaper_fraction: 0,
      a_cheaper_se: 0,
      tie_fraction: 1,
    });
  });

  it('has no error where both costs move together', () => {
    const b = normalColumn(1000, 1e6, 1e5, 'big');
    const found = pairedDifference(
      b.map((cost) => cost - 64),
      b,
    );
    expect(found.mean).toBeCloseTo(-64, 9);
    expect(found.se).toBeLessThan(1e-9);
    expect(found.a_cheaper_fraction).toBe(1);
  });

  it('turned round changes sign and nothing else', () => {
    const [a, b] = [normalColumn(400, 10, 3, 'a'), normalColumn(400, 11, 3, 'b')];
    const [ab, ba] = [pairedDifference(a, b), pairedDifference(b, a)];
    expect(ba.mean).toBeCloseTo(-ab.mean, 12);
    expect(ba.p5).toBeCloseTo(-ab.p95, 12);
    expect(ba.a_cheaper_fraction).toBeCloseTo(1 - ab.a_cheaper_fraction, 12);
    expect(ab.mean).toBeLessThan(0);
  });
});
