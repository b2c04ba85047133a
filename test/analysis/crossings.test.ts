import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Costs, findCrossings, linearGrid, logarithmicGrid, type Search } from '../../src/analysis/crossings.ts';

const smooth =
  (a: (x: number) => number, b: (x: number) => number = () => 0) =>
  (x: number): Costs => ({ a: a(x), b: b(x), signature: 0 });
const values = (search: Search): number[] => search.crossings.map(({ value }) => value);
const kinds = (search: Search): string[] => search.crossings.map(({ kind }) => kind);
const months = linearGrid(0, 240, 240);

describe('pay-back of 20,000 to build against a fee of 5.5 % on 50,000 a month and 1,500 to run', () => {
  it('comes at month 16', () => {
    const found = findCrossings(
      smooth(
        (n) => 20_000 + 1_500 * n,
        (n) => 0.055 * 50_000 * n,
      ),
      months,
    );
    expect(values(found)).toEqual([expect.closeTo(16, 10)]);
    expect(found.crossings[0]).toMatchObject({ kind: 'continuous', below: 1, above: -1 });
    expect(found.complete).toBe(true);
  });

  const worth =
    (rate: number) =>
    (n: number): number =>
      (1250 * (1 - (1 + rate) ** -n)) / rate;

  it('discounted at 1 % a month comes at 17.5224', () => {
    const found = findCrossings(
      smooth(() => 20_000, worth(0.01)),
      months,
    );
    expect(values(found)).toEqual([expect.closeTo(17.522370835464763, 9)]);
  });

  it.each([0.0625, 0.07, 0.1])('discounted at %f a month never comes', (rate) => {
    const found = findCrossings(
      smooth(() => 20_000, worth(rate)),
      months,
    );
    expect(values(found)).toEqual([]);
    expect(found.nearest.difference).toBeGreaterThan(0);
    expect(found.complete).toBe(true);
  });

  it('comes just short of the rate at which it never does', () => {
    const found = findCrossings(
      smooth(() => 20_000, worth(0.0624)),
      months,
    );
    expect(values(found)).toEqual([expect.closeTo(-Math.log(1 - (20_000 * 0.0624) / 1250) / Math.log(1.0624), 6)]);
  });

  const falling =
    (decline: number) =>
    (n: number): number =>
      (50_000 * 0.055 * (1 - (1 - decline) ** n)) / decline - 1_500 * n;

  it.each([
    [0.05, 7_280.2, 12],
    [0.02, 17_495.99, 31],
  ])('with prices that fall %f a month never comes: the best is %f at month %i', (decline, peak, at) => {
    const found = findCrossings(
      smooth(() => 20_000, falling(decline)),
      months,
    );
    expect(values(found)).toEqual([]);
    expect(falling(decline)(at)).toBeCloseTo(peak, 2);
    expect(Math.round(found.nearest.value)).toBe(at);
    expect(20_000 - found.nearest.difference).toBeCloseTo(falling(decline)(found.nearest.value), 9);
  });

  it('with prices that fall 1 % a month comes in month 20 and is lost after month 108', () => {
    const found = findCrossings(
      smooth(() => 20_000, falling(0.01)),
      months,
    );
    expect(values(found).map((n) => Math.ceil(n))).toEqual([20, 109]);
    expect(kinds(found)).toEqual(['continuous', 'continuous']);
    for (const n of values(found)) expect(falling(0.01)(n)).toBeCloseTo(20_000, 6);
  });

  it('at a fee of 2 % never comes; the root at -40 months is none', () => {
    const found = findCrossings(
      smooth(
        (n) => 20_000 + 1_500 * n,
        (n) => 0.02 * 50_000 * n,
      ),
      months,
    );
    expect(values(found)).toEqual([]);
    expect(found.nearest).toEqual({ value: 0, difference: 20_000 });
  });
});

describe('steps', () => {
  it('cross at jumps and between them', () => {
    const steps = (x: number): Costs => ({ a: 10 * Math.ceil(x / 3), b: 4 * x + 1, signature: Math.ceil(x / 3) });
    // 10 up to 3, 20 up to 6, 30 up to 9, 40 up to 12 against 4 x + 1
    const found = findCrossings(steps, linearGrid(0.1, 12, 7));
    expect(values(found)).toEqual([
      expect.closeTo(2.25, 9),
      expect.closeTo(3, 8),
      expect.closeTo(4.75, 9),
      expect.closeTo(6, 8),
      expect.closeTo(7.25, 9),
      expect.closeTo(9, 8),
      expect.closeTo(9.75, 9),
    ]);
    expect(kinds(found)).toEqual(['continuous', 'jump', 'continuous', 'jump', 'continuous', 'jump', 'continuous']);
    expect(found.complete).toBe(true);
  });

  it('that are many within the probes end in a search that says it is not complete', () => {
    const steps = (x: number): Costs => ({ a: Math.ceil(x * 1000), b: 1000 * x + 0.5, signature: Math.ceil(x * 1000) });
    const found = findCrossings(steps, linearGrid(0, 10, 4), 500);
    expect(found.complete).toBe(false);
    expect(found.probes).toBeLessThan(1000);
  });
});

describe('ties', () => {
  it('over a stretch are told from where to where', () => {
    const free = (x: number): Costs => ({
      a: 100 + Math.max(0, x - 3.3),
      b: 100 + Math.max(0, x - 3.3) + Math.max(0, x - 7.7) + Math.max(0, 1.1 - x),
      signature: (x < 3.3 ? 1 : 0) + (x < 7.7 ? 2 : 0) + (x < 1.1 ? 4 : 0),
    });
    const found = findCrossings(free, linearGrid(0, 10, 10));
    expect(kinds(found)).toEqual(['tie_from', 'tie_until']);
    expect(values(found)).toEqual([expect.closeTo(1.1, 8), expect.closeTo(7.7, 8)]);
    expect(found.crossings[0]).toMatchObject({ below: -1, above: 0 });
    expect(found.crossings[1]).toMatchObject({ below: 0, above: -1 });
  });

  it('from end to end have no crossing and no difference', () => {
    const found = findCrossings(
      smooth(
        (x) => x,
        (x) => x,
      ),
      months,
    );
    expect(found.crossings).toEqual([]);
    expect(found.nearest.difference).toBe(0);
  });

  it('at one grid value are a plain crossing where the sign changes', () => {
    const found = findCrossings(
      smooth((x) => x - 5),
      linearGrid(0, 10, 10),
    );
    expect(found.crossings).toEqual([{ value: 5, kind: 'continuous', below: -1, above: 1 }]);
  });

  it('at one value are no crossing where the sign does not change', () => {
    for (const grid of [linearGrid(0, 10, 10), linearGrid(0, 10, 3), linearGrid(0, 10, 7)]) {
      const found = findCrossings(
        smooth(
          (x) => 1 + (x - 5) ** 2,
          () => 1,
        ),
        grid,
      );
      expect(found.crossings).toEqual([]);
      expect(Math.abs(found.nearest.difference)).toBeLessThan(1e-6);
      expect(found.nearest.value).toBeCloseTo(5, 3);
    }
  });
});

describe('within one cell of the grid', () => {
  it.each([
    [1, 2],
    [1.2, 1.3],
    [0.01, 2.99],
    [1.5, 1.6],
    [2, 2.5],
    [0.5, 1],
    [4 / 3, 2],
    [1.45, 1.55],
    [0.001, 0.002],
  ])('both crossings at %f and %f are found', (one, other) => {
    const found = findCrossings(
      smooth((x) => (x - one) * (x - other)),
      [0, 3],
    );
    expect(values(found)).toEqual([expect.closeTo(one, 9), expect.closeTo(other, 9)]);
    expect(found.crossings.map(({ below, above }) => [below, above])).toEqual([
      [1, -1],
      [-1, 1],
    ]);
  });
});

/** Sign changes of a - b on a dense scan, as intervals in which each must lie. */
function scanned(cost: (x: number) => Costs, low: number, high: number, count: number): [number, number][] {
  const found: [number, number][] = [];
  let last = { x: low, sign: 0 };
  for (const x of linearGrid(low, high, count)) {
    const { a, b } = cost(x);
    const sign = Math.abs(a - b) < 1e-9 ? 0 : Math.sign(a - b);
    if (sign === 0) continue;
    if (last.sign !== 0 && sign !== last.sign) found.push([last.x, x]);
    last = { x, sign };
  }
  return found;
}

/** Crossings at which the cheaper one changes, ties over a stretch joined. */
function changes({ crossings }: Search): number[] {
  const out: number[] = [];
  let before = 0;
  for (const { value, below, above } of crossings) {
    if (below !== 0) before = below;
    if (above !== 0 && before !== 0 && above !== before) out.push(value);
    if (above !== 0) before = above;
  }
  return out;
}

describe('on functions made at random', () => {
  it('agree with a dense scan: piecewise linear with kinks in the signature', () => {
    const costs = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(costs, costs, (left, right) => {
        const at = (heights: number[], x: number): number => {
          const i = Math.min(Math.floor(x), heights.length - 2);
          return 50 + heights[i]! + (x - i) * (heights[i + 1]! - heights[i]!);
        };
        const cost = (x: number): Costs => ({ a: at(left, x), b: at(right, x), signature: Math.floor(x) });
        const found = findCrossings(cost, linearGrid(0.05, 4.95, 40));
        const expected = scanned(cost, 0.05, 4.95, 5000);
        expect(found.complete).toBe(true);
        const got = changes(found);
        expect(got.length).toBe(expected.length);
        expected.forEach(([low, high], i) => {
          expect(got[i]).toBeGreaterThanOrEqual(low - 1e-6);
          expect(got[i]).toBeLessThanOrEqual(high + 1e-6);
        });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('agree with a dense scan: monotone steps against a line', () => {
    const step = fc.record({
      at: fc.integer({ min: 1, max: 99 }),
      by: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 0, max: 3 }), (steps, slope) => {
        const passed = (x: number) => steps.filter(({ at }) => at < x);
        const cost = (x: number): Costs => ({
          a: 40.25 + passed(x).reduce((total, { by }) => total + by, 0),
          b: 10.1 + slope * x,
          signature: passed(x).length,
        });
        const found = findCrossings(cost, logarithmicGrid(0.5, 100, 5));
        const expected = scanned(cost, 0.5, 100, 9950);
        expect(found.complete).toBe(true);
        const got = changes(found);
        expect(got.length).toBe(expected.length);
        expected.forEach(([low, high], i) => {
          expect(got[i]).toBeGreaterThanOrEqual(low - 1e-6);
          expect(got[i]).toBeLessThanOrEqual(high + 1e-6);
        });
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

describe('grids', () => {
  it('begin and end where they are told to', () => {
    expect(linearGrid(1, 2, 4)).toEqual([1, 1.25, 1.5, 1.75, 2]);
    const grid = logarithmicGrid(0.1, 1000, 4);
    expect([grid[0], grid[4]]).toEqual([0.1, 1000]);
    expect(grid[2]).toBeCloseTo(10, 12);
  });
});
