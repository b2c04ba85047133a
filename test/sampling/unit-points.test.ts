import { describe, expect, it } from 'vitest';
import { substream } from '../../src/random.ts';
import { SOBOL_DIMENSIONS, scrambledSobolColumn, sobolColumn } from '../../src/sampling/sobol.ts';
import { JOE_KUO } from '../../src/sampling/sobol-directions.ts';
import { SAMPLING_METHODS, unitPoints } from '../../src/sampling/unit-points.ts';
import { normalQuantile } from '../../src/special-functions/normal.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `input_${i}`);
/** Place in n equal intervals, in rising order. */
const strata = (column: Float64Array): number[] =>
  [...column].map((u) => Math.floor(u * column.length)).sort((a, b) => a - b);
const each = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("Sobol' sequences", () => {
  it('begin in two dimensions as published', () => {
    const [x, y] = [sobolColumn(0, 8), sobolColumn(1, 8)];
    expect([...x].map((value, i) => [value, y[i]])).toEqual([
      [0, 0],
      [0.5, 0.5],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.375, 0.375],
      [0.875, 0.875],
      [0.625, 0.125],
      [0.125, 0.625],
    ]);
  });

  /** Output of Joe and Kuo's sobol.cc with new-joe-kuo-6.21201, as kept in JuliaMath/Sobol.jl, test/results. */
  it.each([
    [
      16,
      '0.09375 0.46875 0.46875 0.65625 0.28125 0.96875 0.53125 0.84375 0.46875 0.15625 0.09375 0.40625 0.65625 0.65625 0.34375 0.03125 0.78125 0.59375 0.78125 0.03125',
    ],
    [
      83,
      '0.3671875 0.8671875 0.4140625 0.7421875 0.6796875 0.7890625 0.8828125 0.6796875 0.5234375 0.4609375 0.6640625 0.0703125 0.0234375 0.9296875 0.8359375 0.2890625 0.4140625 0.0390625 0.8203125 0.2265625',
    ],
    [
      1019,
      '0.3759765625 0.6279296875 0.2373046875 0.7705078125 0.3115234375 0.3134765625 0.2646484375 0.4931640625 0.7197265625 0.4755859375 0.3037109375 0.4111328125 0.2548828125 0.0400390625 0.2373046875 0.5888671875 0.1884765625 0.0009765625 0.4599609375 0.4443359375',
    ],
    [
      1022,
      '0.5009765625 0.2529296875 0.1123046875 0.6455078125 0.6865234375 0.9384765625 0.6396484375 0.1181640625 0.8447265625 0.3505859375 0.1787109375 0.5361328125 0.6298828125 0.1650390625 0.8623046875 0.9638671875 0.8134765625 0.3759765625 0.0849609375 0.8193359375',
    ],
    [
      22,
      '0.71875 0.34375 0.59375 0.03125 0.90625 0.09375 0.65625 0.96875 0.34375 0.28125 0.21875 0.78125 0.53125 0.28125 0.96875 0.65625 0.40625 0.21875 0.90625 0.40625 0.84375 0.03125 0.71875 0.21875 0.15625 0.03125 0.03125 0.71875 0.34375 0.71875 0.28125 0.21875 0.71875 0.78125 0.09375 0.59375 0.65625 0.65625 0.15625 0.28125 0.78125 0.21875 0.59375 0.15625 0.15625 0.84375 0.65625 0.65625 0.65625 0.15625 0.59375 0.15625 0.90625 0.59375 0.28125 0.46875 0.21875 0.28125 0.84375 0.28125 0.90625 0.15625 0.03125 0.96875 0.71875 0.53125 0.96875 0.03125 0.46875 0.78125 0.84375 0.84375 0.90625 0.09375 0.96875 0.09375 0.15625 0.78125 0.78125 0.09375 0.59375 0.15625 0.40625 0.90625 0.78125 0.03125 0.65625 0.09375 0.78125 0.71875 0.15625 0.78125 0.96875 0.84375 0.15625 0.34375 0.21875 0.65625 0.65625 0.15625',
    ],
    [
      1023,
      '0.0009765625 0.7529296875 0.6123046875 0.1455078125 0.1865234375 0.4384765625 0.1396484375 0.6181640625 0.3447265625 0.8505859375 0.6787109375 0.0361328125 0.1298828125 0.6650390625 0.3623046875 0.4638671875 0.3134765625 0.8759765625 0.5849609375 0.3193359375 0.8662109375 0.0185546875 0.7939453125 0.1962890625 0.2392578125 0.3759765625 0.5087890625 0.7607421875 0.8408203125 0.4345703125 0.9287109375 0.6142578125 0.4521484375 0.8740234375 0.3330078125 0.8642578125 0.9423828125 0.9873046875 0.9013671875 0.6982421875 0.6318359375 0.9736328125 0.9287109375 0.1083984375 0.4970703125 0.3115234375 0.9658203125 0.7626953125 0.8427734375 0.8232421875 0.2587890625 0.1728515625 0.6591796875 0.4072265625 0.9072265625 0.1103515625 0.7978515625 0.8603515625 0.7275390625 0.3525390625 0.1025390625 0.1962890625 0.7900390625 0.0400390625 0.0986328125 0.4658203125 0.9658203125 0.5283203125 0.7861328125 0.5751953125 0.4970703125 0.0986328125 0.5048828125 0.6455078125 0.3408203125 0.4892578125 0.1865234375 0.7529296875 0.5654296875 0.5263671875 0.0146484375 0.0810546875 0.0224609375 0.8427734375 0.1240234375 0.4521484375 0.8466796875 0.8857421875 0.8662109375 0.5498046875 0.4248046875 0.7529296875 0.4755859375 0.7568359375 0.9599609375 0.0224609375 0.5224609375 0.9208984375 0.9716796875 0.5302734375',
    ],
  ])('have the published point %i', (i, text) => {
    const published = text.split(' ').map(Number);
    expect(published.map((_, dimension) => sobolColumn(dimension, i + 1)[i])).toEqual(published);
  });

  it('have 128 dimensions, of odd numbers that fit their digits', () => {
    expect(SOBOL_DIMENSIONS).toBe(128);
    for (const line of JOE_KUO) {
      const [degree, inner, ...m] = line.split(' ').map(Number);
      expect(m).toHaveLength(degree!);
      expect(inner).toBeLessThan(2 ** (degree! - 1));
      m.forEach((value, k) => {
        expect(value % 2).toBe(1);
        expect(value).toBeLessThan(2 ** (k + 1));
      });
    }
    expect(new Set(JOE_KUO.map((line) => line.split(' ').slice(0, 2).join(' '))).size).toBe(127);
  });

  it('hold one point in each interval in every dimension, scrambled or not', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      for (const n of [16, 1024]) {
        expect(strata(sobolColumn(dimension, n))).toEqual(each(n));
        expect(strata(scrambledSobolColumn(dimension, n, substream(7, `d${dimension}`)))).toEqual(each(n));
      }
    }
  });

  it('hold one point in each box of equal size in the first two dimensions, scrambled too', () => {
    const n = 256;
    const columns = [
      scrambledSobolColumn(0, n, substream(3, 'a')),
      scrambledSobolColumn(1, n, substream(3, 'b')),
    ] as const;
    for (let k = 0; k <= 8; k++) {
      const boxes = [...columns[0]].map(
        (u, i) => Math.floor(u * 2 ** k) * 2 ** (8 - k) + Math.floor(columns[1][i]! * 2 ** (8 - k)),
      );
      expect(boxes.sort((a, b) => a - b)).toEqual(each(n));
    }
  });
});

describe('points in the unit cube', () => {
  it('of a Latin hypercube hit each of n strata once', () => {
    for (const n of [1, 2, 7, 1000, 100_003]) {
      for (const column of unitPoints(names(3), n, 'latin-hypercube', 5).columns.values())
        expect(strata(column)).toEqual(each(n));
    }
  });

  it.each(SAMPLING_METHODS)('by %s lie within 0 and 1, both exclusive, and the same again by seed', (method) => {
    const first = unitPoints(names(4), 5000, method, 5);
    for (const column of first.columns.values()) expect(column.every((u) => u > 0 && u < 1)).toBe(true);
    expect(unitPoints(names(4), 5000, method, 5)).toEqual(first);
    expect(unitPoints(names(4).reverse(), 5000, method, 5)).toEqual(first);
    expect(unitPoints(names(4), 5000, method, 6).columns.get('input_0')).not.toEqual(first.columns.get('input_0'));
  });

  it.each(['plain', 'latin-hypercube'] as const)('by %s do not move when a name is added', (method) => {
    const before = unitPoints(['b', 'c'], 100, method, 5).columns;
    const after = unitPoints(['a', 'b', 'bb', 'c'], 100, method, 5).columns;
    expect([after.get('b'), after.get('c')]).toEqual([before.get('b'), before.get('c')]);
  });

  it.each(SAMPLING_METHODS)('by %s have no correlation between names', (method) => {
    const n = 4096;
    const columns = [...unitPoints(names(6), n, method, 11).columns.values()];
    for (const [i, a] of columns.entries())
      for (const b of columns.slice(i + 1)) {
        const product = a.reduce((total, u, k) => total + (u - 0.5) * (b[k]! - 0.5), 0) * (12 / n);
        expect(Math.abs(product)).toBeLessThan(0.06);
      }
  });

  it("beyond the dimensions of Sobol' sequences are a Latin hypercube, and told", () => {
    const many = names(130);
    const { columns, beyond_sobol } = unitPoints(many, 64, 'sobol', 5);
    expect(beyond_sobol).toEqual([...many].sort().slice(128));
    for (const column of columns.values()) expect(strata(column)).toEqual(each(64));
  });

  it('have less noise in the sum of three log-normal values than plain draws, by more than ten times', () => {
    const noise = (method: (typeof SAMPLING_METHODS)[number]): number => {
      const means = each(40).map((seed) => {
        const columns = [...unitPoints(names(3), 1024, method, seed).columns.values()];
        let total = 0;
        for (const column of columns) for (const u of column) total += Math.exp(0.5 * normalQuantile(u));
        return total / 1024;
      });
      const centre = means.reduce((a, b) => a + b, 0) / means.length;
      return Math.sqrt(means.reduce((total, m) => total + (m - centre) ** 2, 0) / (means.length - 1));
    };
    const plain = noise('plain');
    expect(plain / noise('latin-hypercube')).toBeGreaterThan(10);
    expect(plain / noise('sobol')).toBeGreaterThan(10);
  });
});
