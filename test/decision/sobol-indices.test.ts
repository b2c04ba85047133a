import { describe, expect, it } from 'vitest';
import { type SobolDesign, sobolIndices } from '../../src/decision/sobol-indices.ts';
import { combine, normalColumn, sobolColumns } from './columns.ts';

const N = 4096;
const onPi = (u: Float64Array): Float64Array => u.map((share) => Math.PI * (2 * share - 1));
const ishigami = ([x, y, z]: readonly Float64Array[]): Float64Array =>
  combine((a, b, c) => Math.sin(a) + 7 * Math.sin(b) ** 2 + 0.1 * c ** 4 * Math.sin(a), x!, y!, z!);
const cube = (seed: number): { A: Float64Array[]; B: Float64Array[] } => {
  const columns = sobolColumns(N, 6, seed).map(onPi);
  return { A: columns.slice(0, 3), B: columns.slice(3) };
};
const three = [{ id: 'x' }, { id: 'y' }, { id: 'z' }];
const design = (seed = 1, changes: Partial<SobolDesign> = {}): SobolDesign => ({
  inputs: three,
  ...cube(seed),
  evaluate: ishigami,
  seed: 5,
  ...changes,
});

describe("the Ishigami function's Sobol' indices", () => {
  it.each([1, 2, 3, 4, 5])('are found within 0.01 from 4,096 quasi-random points (shift %i)', (seed) => {
    const found = sobolIndices(design(seed));
    expect(Math.abs(found.mean - 3.5)).toBeLessThan(0.02);
    expect(Math.abs(found.variance - 13.844587940719254)).toBeLessThan(0.1);
    const first = [0.31390519114781146, 0.4424111447900409, 0];
    const total = [0.5575888552099592, 0.4424111447900409, 0.2436836640621477];
    found.indices.forEach((one, j) => {
      expect(Math.abs(one.first_order - first[j]!)).toBeLessThan(0.01);
      expect(Math.abs(one.total - total[j]!)).toBeLessThan(0.01);
    });
  });

  it('lie within their bootstrap intervals, which are the same for the same seed', () => {
    const found = sobolIndices(design());
    for (const one of found.indices) {
      expect(one.first_order_low).toBeLessThan(one.first_order);
      expect(one.first_order_high).toBeGreaterThan(one.first_order);
      expect(one.total_low).toBeLessThan(one.total);
      expect(one.total_high).toBeGreaterThan(one.total);
      expect(one.total_high - one.total_low).toBeLessThan(0.1);
    }
    expect(sobolIndices(design())).toEqual(found);
    expect(sobolIndices(design(1, { seed: 6 })).indices[0]!.total_low).not.toBe(found.indices[0]!.total_low);
  });

  it('of x and z as a group is all that y leaves', () => {
    const inputs = [{ id: 'x', group: 'xz' }, { id: 'y' }, { id: 'z', group: 'xz' }];
    const found = sobolIndices(design(1, { inputs })).indices;
    expect(found.map(({ id, inputs: members }) => [id, members])).toEqual([
      ['xz', ['x', 'z']],
      ['y', ['y']],
    ]);
    const without = 1 - 0.4424111447900409;
    expect(Math.abs(found[0]!.first_order - without)).toBeLessThan(0.01);
    expect(Math.abs(found[0]!.total - without)).toBeLessThan(0.01);
  });
});

describe("Sobol' indices", () => {
  it('of a sum share the variance as squares, whatever is added to it', () => {
    const [A, B] = ['A', 'B'].map((name) => three.map(({ id }) => normalColumn(N, 0, 1, `${name} ${id}`))) as [
      Float64Array[],
      Float64Array[],
    ];
    const weighted = ([x, y]: readonly Float64Array[]) => combine((a, b) => 1e6 + a + 2 * b, x!, y!);
    const found = sobolIndices({ inputs: three, A, B, evaluate: weighted, seed: 1 }).indices;
    const at = found.map((one) => [one.first_order, one.total]);
    for (const [j, share] of [0.2, 0.8].entries())
      for (const index of at[j]!) expect(Math.abs(index - share)).toBeLessThan(0.05);
    expect(at[2]).toEqual([expect.closeTo(0, 9), 0]);
  });

  it('do not exist where nothing varies', () => {
    const flat = sobolIndices(design(1, { evaluate: ([x]) => x!.map(() => 0.1) }));
    expect(flat).toEqual({ mean: 0.1, variance: 0, evaluations: 5 * N, indices: [] });
  });

  it('evaluate each matrix once, with columns in the order of the inputs', () => {
    const seen: number[] = [];
    sobolIndices(
      design(1, {
        evaluate: (points) => {
          seen.push(points.length * points[0]!.length);
          return ishigami(points);
        },
      }),
    );
    expect(seen).toEqual(new Array(5).fill(3 * N));
  });

  it('refuse correlated inputs, all of them at once, unless they are one group', () => {
    const correlated = [
      ['x', 'z'],
      ['y', 'z'],
    ] as const;
    expect(() => sobolIndices(design(1, { correlated }))).toThrow(/x and z[\s\S]*y and z/);
    const inputs = [{ id: 'x', group: 'xz' }, { id: 'y' }, { id: 'z', group: 'xz' }];
    expect(() => sobolIndices(design(1, { inputs, correlated }))).toThrow(/^inputs: y and z/);
    expect(() => sobolIndices(design(1, { inputs, correlated: [['x', 'z']] }))).not.toThrow();
    expect(() => sobolIndices(design(1, { correlated: [['x', 'w']] }))).toThrow('no input "w"');
  });

  it('refuse a group that is named like an input outside of it', () => {
    const inputs = [{ id: 'x' }, { id: 'y', group: 'x' }, { id: 'z' }];
    expect(() => sobolIndices(design(1, { inputs }))).toThrow('rename the group');
  });

  it('refuse a column of another length, and a cost that is not a number', () => {
    expect(() => sobolIndices(design(1, { evaluate: ([x]) => x!.subarray(1) }))).toThrow('4095');
    expect(() => sobolIndices(design(1, { evaluate: ([x]) => x!.map(() => Number.NaN) }))).toThrow('NaN');
  });
});
