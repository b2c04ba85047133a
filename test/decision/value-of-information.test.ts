import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partialInformation, perfectInformation } from '../../src/decision/value-of-information.ts';
import { column, combine, normalColumn, uniformColumn } from './columns.ts';

/** Payoffs are costs with the sign turned; a world of probability 0.3 is 3 draws of 10. */
const fromPayoffs = (payoffs: number[][], tenths: number[]) => ({
  ids: payoffs.map((_, s) => `s${s}`),
  costs: payoffs.map((row) => Float64Array.from(row.flatMap((payoff, w) => new Array(tenths[w]!).fill(-payoff)))),
});

/** Net benefits 0 and p1 - p2 with p1 ~ N(1, 1) and p2 ~ N(0, 2), as costs. */
const twoNormals = (n: number, name: string) => {
  const values = [normalColumn(n, 1, 1, `p1 ${name}`), normalColumn(n, 0, 2, `p2 ${name}`)];
  const costs = [new Float64Array(n), combine((p1, p2) => p2 - p1, ...values)];
  return { draws: { ids: ['none', 'act'], costs }, inputs: { ids: ['p1', 'p2'], values } };
};
const [EVPI, EVPPI_P1, EVPPI_P2] = [0.4798107063483925, 0.0833154705876864, 0.39559311480261217];

describe('expected value of perfect information', () => {
  it.each([
    [
      'worked example of three stocks',
      [
        [1500, 300, -800],
        [900, 600, -200],
        [500, 500, 500],
      ],
      [5, 3, 2],
      350,
    ],
    [
      'condominium',
      [
        [8, 7],
        [14, 5],
        [20, -9],
      ],
      [8, 2],
      3.2,
    ],
  ])('%s', (_, payoffs, tenths, expected) => {
    const found = perfectInformation(fromPayoffs(payoffs, tenths));
    expect(found.value).toBeCloseTo(expected, 10);
    expect(found.best).toBe(payoffs.length === 3 && expected === 350 ? 's0' : 's2');
  });

  it('of two normal net benefits is 0.4798, within its own error', () => {
    const found = perfectInformation(twoNormals(200_000, 'many').draws);
    expect(Math.abs(found.value - EVPI)).toBeLessThan(0.01);
    expect(Math.abs(found.value - EVPI)).toBeLessThan(4 * found.se);
    expect(found.se).toBeLessThan(0.003);
  });

  it('in few draws is too low, since the best of them looks better than it is; cross-fitted it is not', () => {
    // Two costs ~ N(0, 1): E min = -1 / sqrt(pi), and the smaller of two means of 20 draws is lower than 0 by 0.126.
    const runs = Array.from({ length: 2000 }, (_, i) =>
      perfectInformation({ ids: ['a', 'b'], costs: ['a', 'b'].map((id) => normalColumn(20, 0, 1, `${id} ${i}`)) }),
    );
    const mean = (f: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((sum, run) => sum + f(run), 0) / runs.length;
    const truth = 1 / Math.sqrt(Math.PI);
    expect(Math.abs(mean((run) => run.value) - (truth - truth / Math.sqrt(20)))).toBeLessThan(0.02);
    expect(Math.abs(mean((run) => run.cross_fitted) - truth)).toBeLessThan(0.02);
  });
});

describe('expected value of partial information', () => {
  it('of either normal agrees with the closed form', () => {
    const { draws, inputs } = twoNormals(200_000, 'many');
    const [p1, p2] = partialInformation(draws, inputs);
    expect(Math.abs(p1!.value - EVPPI_P1)).toBeLessThan(0.01);
    expect(Math.abs(p2!.value - EVPPI_P2)).toBeLessThan(0.01);
    expect(Math.abs(p1!.value - EVPPI_P1)).toBeLessThan(4 * p1!.se);
    expect(Math.abs(p2!.value - EVPPI_P2)).toBeLessThan(4 * p2!.se);
  });

  it('holds on 10,000 draws within its error', () => {
    const { draws, inputs } = twoNormals(10_000, 'some');
    const [p1, p2] = partialInformation(draws, inputs);
    expect(Math.abs(p1!.value - EVPPI_P1)).toBeLessThan(3 * p1!.se);
    expect(Math.abs(p2!.value - EVPPI_P2)).toBeLessThan(3 * p2!.se);
  });

  it('of both together is nearly all there is to know', () => {
    const { draws, inputs } = twoNormals(10_000, 'some');
    const [, , both] = partialInformation(draws, inputs, [{ id: 'both', inputs: ['p1', 'p2'] }]);
    const all = perfectInformation(draws).value;
    expect(both!.value).toBeLessThanOrEqual(all);
    expect(both!.value).toBeGreaterThan(0.97 * all);
  });

  it('of a group finds what its inputs decide only together', () => {
    const [x, y] = [uniformColumn(20_000, 'x'), uniformColumn(20_000, 'y')];
    const exclusive = combine((a, b) => (a > 0.5 === b > 0.5 ? 1 : -1), x, y);
    const draws = { ids: ['flat', 'either'], costs: [new Float64Array(20_000), exclusive] };
    const found = partialInformation(draws, { ids: ['x', 'y'], values: [x, y] }, [{ id: 'xy', inputs: ['x', 'y'] }]);
    expect(found[0]!.value).toBeLessThan(0.03);
    expect(found[1]!.value).toBeLessThan(0.03);
    expect(found[2]!.value).toBeGreaterThan(0.45);
  });

  it('of an input that decides nothing is no more than noise, and cross-fitted nothing', () => {
    const { draws } = twoNormals(10_000, 'some');
    const [idle, constant] = partialInformation(draws, {
      ids: ['idle', 'constant'],
      values: [uniformColumn(10_000, 'idle'), new Float64Array(10_000).fill(3)],
    });
    expect(idle!.value).toBeLessThan(0.005);
    expect(idle!.cross_fitted).toBeLessThanOrEqual(0.001);
    expect(constant).toMatchObject({ value: 0, se: 0, cross_fitted: 0, cells: 1 });
  });

  it('of a group that decides nothing stays within noise too, though its cells are fitted to the costs', () => {
    const { draws } = twoNormals(10_000, 'some');
    const ids = ['i', 'j', 'k', 'l', 'm'];
    const idle = { ids, values: ids.map((id) => uniformColumn(10_000, `idle ${id}`)) };
    const found = partialInformation(draws, idle, [{ id: 'all', inputs: ids }])[5]!;
    expect(found.value).toBeLessThan(0.01);
    expect(found.cross_fitted).toBeLessThan(0.005);
  });

  it('of a group follows a border that runs across many inputs', () => {
    const n = 10_000;
    const ids = Array.from({ length: 8 }, (_, j) => `x${j}`);
    const values = ids.map((id) => normalColumn(n, 0, 1, id));
    const draws = {
      ids: ['flat', 'sum'],
      costs: [new Float64Array(n), combine((...x) => x.reduce((a, b) => a + b), ...values)],
    };
    const found = partialInformation(draws, { ids, values }, [{ id: 'all', inputs: ids }]).at(-1)!;
    expect(found.value).toBeGreaterThan(0.98 * perfectInformation(draws).value);
  });

  it('of an idle input on equal strategies is too high by noise, and cross-fitted too low', () => {
    const runs = Array.from({ length: 300 }, (_, i) => {
      const costs = ['a', 'b'].map((id) => normalColumn(200, 0, 1, `${id} ${i}`));
      return partialInformation(
        { ids: ['a', 'b'], costs },
        { ids: ['idle'], values: [uniformColumn(200, `${i}`)] },
      )[0]!;
    });
    const mean = (f: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((sum, run) => sum + f(run), 0) / runs.length;
    expect(mean((run) => run.value)).toBeGreaterThan(0.05);
    expect(mean((run) => run.cross_fitted)).toBeLessThan(0.01);
  });

  it('of a 0/1 input is exact: each value is a cell', () => {
    const on = column(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    const draws = { ids: ['a', 'b'], costs: [combine((x) => (x === 1 ? 10 : 0), on), new Float64Array(10).fill(4)] };
    const [found] = partialInformation(draws, { ids: ['on'], values: [on] });
    expect(found).toMatchObject({ value: 2, cells: 2 });
    expect(perfectInformation(draws).value).toBe(2);
  });

  it('lies between 0 and that of perfect information, for inputs and groups', () => {
    const cell = fc.integer({ min: -5, max: 5 });
    const world = fc.tuple(cell, cell, cell, cell, cell);
    fc.assert(
      fc.property(fc.array(world, { minLength: 2, maxLength: 60 }), (worlds) => {
        const columns = [0, 1, 2, 3, 4].map((j) => Float64Array.from(worlds, (w) => w[j]!));
        const draws = { ids: ['a', 'b', 'c'], costs: columns.slice(0, 3) };
        const all = perfectInformation(draws);
        const found = partialInformation(draws, { ids: ['x', 'y'], values: columns.slice(3) }, [
          { id: 'xy', inputs: ['x', 'y'] },
        ]);
        for (const one of found) {
          expect(one.value).toBeGreaterThanOrEqual(-1e-12);
          expect(one.value).toBeLessThanOrEqual(all.value + 1e-12);
        }
      }),
    );
  });

  it('names an unknown input of a group, and the nearest', () => {
    const { draws, inputs } = twoNormals(100, 'few');
    expect(() => partialInformation(draws, inputs, [{ id: 'g', inputs: ['p1', 'p3'] }])).toThrow(/"p3".*did you mean/);
  });
});
