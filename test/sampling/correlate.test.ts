import { describe, expect, it } from 'vitest';
import { substream } from '../../src/random.ts';
import {
  correlatedScores,
  inOrderOf,
  normalScores,
  orderOf,
  pearsonOfSpearman,
  spearmanOfPearson,
} from '../../src/sampling/correlate.ts';
import {
  canHold,
  cholesky,
  conflictingRows,
  largestChange,
  nearestCorrelation,
  smallestEigenvalue,
} from '../../src/sampling/correlation-matrix.ts';
import * as mildenhall from './mildenhall.ts';
import { pearson, spearman } from './rank-correlation.ts';

const matrix = (rows: readonly (readonly number[])[]): Float64Array[] => rows.map((row) => Float64Array.from(row));
const columns = (rows: readonly (readonly number[])[]): Float64Array[] =>
  rows[0]!.map((_, j) => Float64Array.from(rows, (row) => row[j]!));

describe("Iman and Conover's method", () => {
  const target = matrix(mildenhall.S);
  const scores = columns(mildenhall.M);
  const mixed = correlatedScores(scores, target, 'iman-conover');

  it("mixes the scores of Mildenhall's example as published", () => {
    columns(mildenhall.T).forEach((column, j) => {
      for (const [i, value] of column.entries()) expect(Math.abs(mixed[j]![i]! - value)).toBeLessThan(2e-5);
    });
  });

  it("puts the draws of Mildenhall's example into the published order, and keeps their values", () => {
    const reordered = columns(mildenhall.X).map((column, j) => inOrderOf(column, mixed[j]!));
    expect(reordered).toEqual(columns(mildenhall.Y));
    const published = [[0.85, 0.26, -0.11], [0.19, -0.2], [0.1]];
    published.forEach((row, i) => {
      for (const [k, value] of row.entries())
        expect(pearson(reordered[i]!, reordered[i + 1 + k]!)).toBeCloseTo(value, 2);
    });
  });

  it('gives scores exactly the correlation that is asked for', () => {
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) expect(pearson(mixed[i]!, mixed[j]!)).toBeCloseTo(mildenhall.S[i]![j]!, 12);
  });

  it('takes the scores of the example from the ranks of its columns', () => {
    const found = normalScores(Float64Array.from(mildenhall.X, (row) => row[0]!));
    expect(found[0]).toBeCloseTo(-1.92062, 5);
    expect(found[19]).toBeCloseTo(1.92062, 5);
  });

  it('says that there are too few draws', () => {
    const two = columns([
      [1, 1],
      [-1, -1],
    ]);
    expect(() =>
      correlatedScores(
        two,
        matrix([
          [1, 0],
          [0, 1],
        ]),
        'iman-conover',
      ),
    ).toThrow(/too many for their number of draws/);
  });
});

describe('a Gaussian copula', () => {
  it.each([
    [0.3, 0.28756421862262127, 0.29849334201033917],
    [0.5, 0.4825837395309974, 0.33333333333333337],
    [0.8, 0.7859392826067277, 0.39758361765043326],
    [-0.5, -0.4825837395309974, 0.16666666666666666],
  ])("with Pearson's rho %f has Spearman's %f, and both above the median with probability %f", (rho, rank, both) => {
    expect(spearmanOfPearson(rho)).toBeCloseTo(rank, 14);
    expect(pearsonOfSpearman(rank)).toBeCloseTo(rho, 14);
    const n = 100_000;
    const normal = [1, 2].map((k) => {
      const random = substream(k, 'copula');
      return new Float64Array(n).map(() => random.normal());
    });
    for (const method of ['gaussian-copula', 'iman-conover'] as const) {
      const [a, b] = correlatedScores(
        normal,
        matrix([
          [1, rho],
          [rho, 1],
        ]),
        method,
      );
      expect(Math.abs(spearman(a!, b!) - rank)).toBeLessThan(0.01);
      const above = a!.reduce((total, value, i) => total + (value > 0 && b![i]! > 0 ? 1 : 0), 0) / n;
      expect(Math.abs(above - both)).toBeLessThan(0.006);
    }
  });

  it('asks 0.517638 for a rank correlation of 0.5, and 0.813473 for 0.8', () => {
    expect(pearsonOfSpearman(0.5)).toBeCloseTo(0.517638, 6);
    expect(pearsonOfSpearman(0.8)).toBeCloseTo(0.813473, 6);
    expect(pearsonOfSpearman(1)).toBeCloseTo(1, 15);
  });
});

describe('a correlation matrix', () => {
  const impossible = matrix([
    [1, 0.9, 0],
    [0.9, 1, 0.9],
    [0, 0.9, 1],
  ]);

  it('is the square of its root, also where one row depends on others', () => {
    for (const rows of [
      mildenhall.S,
      [
        [1, 1],
        [1, 1],
      ],
      [
        [1, -0.5, -0.5],
        [-0.5, 1, -0.5],
        [-0.5, -0.5, 1],
      ],
    ]) {
      const root = cholesky(matrix(rows));
      rows.forEach((row, i) => {
        for (const [j, value] of row.entries())
          expect(root.reduce((sum, r) => sum + r[i]! * r[j]!, 0)).toBeCloseTo(value, 9);
      });
    }
  });

  it('has the eigenvalues of the textbook', () => {
    expect(smallestEigenvalue(impossible)).toBeCloseTo(1 - 0.9 * Math.SQRT2, 12);
    expect(
      smallestEigenvalue(
        matrix([
          [1, 0.3],
          [0.3, 1],
        ]),
      ),
    ).toBeCloseTo(0.7, 12);
  });

  it('can hold or not', () => {
    expect(canHold(matrix(mildenhall.S))).toBe(true);
    expect(canHold(impossible)).toBe(false);
    expect(
      canHold(
        matrix([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toBe(true);
  });

  it('has a nearest one that can hold, as in Higham, 2002', () => {
    const nearest = nearestCorrelation(
      matrix([
        [1, 1, 0],
        [1, 1, 1],
        [0, 1, 1],
      ]),
    );
    expect(nearest[0]![1]).toBeCloseTo(0.7607, 4);
    expect(nearest[0]![2]).toBeCloseTo(0.1573, 4);
    expect(smallestEigenvalue(nearest)).toBeGreaterThan(-1e-7);
    expect(
      largestChange(
        nearest,
        matrix([
          [1, 1, 0],
          [1, 1, 1],
          [0, 1, 1],
        ]),
      ),
    ).toBeCloseTo(0.2393, 4);
  });

  it('names the smallest set of rows that can not hold', () => {
    const five = matrix([
      [1, 0.2, 0.9, 0, 0],
      [0.2, 1, 0, 0, 0.1],
      [0.9, 0, 1, 0.9, 0],
      [0, 0, 0.9, 1, 0],
      [0, 0.1, 0, 0, 1],
    ]);
    expect(conflictingRows(five)).toEqual([0, 2, 3]);
    const rest = -0.4;
    expect(conflictingRows(matrix([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : rest)))))).toEqual([
      0, 1, 2, 3,
    ]);
  });
});

describe('order', () => {
  it('of equal values is that of their places', () => {
    expect([...orderOf(Float64Array.from([3, 1, 3, 1]))]).toEqual([1, 3, 0, 2]);
  });
});
