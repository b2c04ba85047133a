/** Columns for the tests of decisions: literals, seeded normal draws, and points that fill the unit cube evenly. */
import { substream } from '../../src/random.ts';

export const column = (...values: number[]): Float64Array => Float64Array.from(values);

/** `count` draws of a normal distribution, always the same ones. */
export function normalColumn(count: number, mean: number, sd: number, name: string): Float64Array {
  const random = substream(7, name);
  return Float64Array.from({ length: count }, () => mean + sd * random.normal());
}

export function uniformColumn(count: number, name: string): Float64Array {
  const random = substream(11, name);
  return Float64Array.from({ length: count }, () => random.uniform());
}

export const combine = (f: (...values: number[]) => number, ...columns: readonly Float64Array[]): Float64Array =>
  columns[0]!.map((_, i) => f(...columns.map((values) => values[i]!)));

/** Joe and Kuo's primitive polynomials (degree, coefficients) and first direction numbers, dimensions 2 to 6. */
const JOE_KUO: readonly (readonly [number, number, readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
];

/** A digitally shifted Sobol' sequence in up to 6 dimensions. */
export function sobolColumns(count: number, dimensions: number, seed: number): Float64Array[] {
  return Array.from({ length: dimensions }, (_, dimension) => {
    const directions = directionNumbers(dimension);
    const shift = substream(seed, `shift ${dimension}`).integer(2 ** 32);
    const points = new Float64Array(count);
    let state = 0;
    for (let i = 0; i < count; i++) {
      if (i > 0) state ^= directions[Math.clz32(i & -i) ^ 31]!;
      points[i] = (((state ^ shift) >>> 0) + 0.5) / 2 ** 32;
    }
    return points;
  });
}

function directionNumbers(dimension: number): number[] {
  const v: number[] = [];
  if (dimension === 0) {
    for (let k = 0; k < 32; k++) v.push((1 << (31 - k)) | 0);
    return v;
  }
  const [degree, coefficients, first] = JOE_KUO[dimension - 1]!;
  for (let k = 0; k < 32; k++) {
    if (k < degree) {
      v.push(first[k]! << (31 - k));
      continue;
    }
    let next = v[k - degree]! ^ (v[k - degree]! >>> degree);
    for (let j = 1; j < degree; j++) if ((coefficients >> (degree - 1 - j)) & 1) next ^= v[k - j]!;
    v.push(next);
  }
  return v;
}
