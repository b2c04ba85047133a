/**
 * Sobol' sequences: columns of points that fill the unit cube evenly. The first 2^k points of a column hold one in each of
 * 2^k equal intervals, scrambled or not; n of another size is allowed and fills less evenly.
 *
 *   m_k = 2 a_1 m_(k-1) ^ 4 a_2 m_(k-2) ^ … ^ 2^s m_(k-s) ^ m_(k-s),  v_k = m_k 2^(32-k),  x_(i+1) = x_i ^ v_(zeros of i + 1)
 *
 * Scrambled: each direction number is multiplied by a random lower triangular matrix over two elements (Matoušek, J.
 * Complexity 14, 1998), and all points are shifted by the same random digits. Scrambled points lie in the middle of 2^-32,
 * so never at 0 or 1. Example, unscrambled in two dimensions: (0, 0), (0.5, 0.5), (0.75, 0.25), (0.25, 0.75).
 * Source: Joe and Kuo, as sobol-directions.ts; order of points: Antonov and Saleev 1979. Not modelled: Owen's full scrambling.
 */
import type { Random } from '../random.ts';
import { JOE_KUO } from './sobol-directions.ts';

export const SOBOL_DIMENSIONS = JOE_KUO.length + 1;

const BITS = 32;

/** Unscrambled, from dimension 0; the first point is 0. */
export const sobolColumn = (dimension: number, n: number): Float64Array =>
  points(directionNumbers(dimension), 0, n, (x) => x / 2 ** BITS);

export const scrambledSobolColumn = (dimension: number, n: number, random: Random): Float64Array => {
  const digits = (): number => random.integer(2 ** BITS);
  const rows = Array.from({ length: BITS }, (_, row) => rowOfTriangle(row, digits()));
  const directions = directionNumbers(dimension).map((v) => multiply(rows, v));
  return points(directions, digits(), n, (x) => (x + 0.5) / 2 ** BITS);
};

function points(directions: Uint32Array, shift: number, n: number, toShare: (x: number) => number): Float64Array {
  const column = new Float64Array(n);
  let x = shift >>> 0;
  for (let i = 0; i < n; i++) {
    column[i] = toShare(x);
    x = (x ^ directions[31 - Math.clz32((i + 1) & -(i + 1))]!) >>> 0;
  }
  return column;
}

function directionNumbers(dimension: number): Uint32Array {
  const directions = new Uint32Array(BITS);
  if (dimension === 0) return directions.map((_, k) => 2 ** (BITS - 1 - k));
  const line = JOE_KUO[dimension - 1];
  if (line === undefined) throw new Error(`there is no dimension ${dimension} among ${SOBOL_DIMENSIONS}`);
  const [degree = 0, inner = 0, ...m] = line.split(' ').map(Number);
  for (let k = 0; k < BITS; k++) {
    if (k < degree) {
      directions[k] = m[k]! * 2 ** (BITS - 1 - k);
      continue;
    }
    const oldest = directions[k - degree]!;
    let v = oldest ^ (oldest >>> degree);
    for (let i = 1; i < degree; i++) if ((inner >>> (degree - 1 - i)) & 1) v ^= directions[k - i]!;
    directions[k] = v >>> 0;
  }
  return directions;
}

/** A row of random digits up to the diagonal, 1 on it; digits are counted from the highest. */
function rowOfTriangle(row: number, digits: number): number {
  const diagonal = 2 ** (BITS - 1 - row);
  const before = row === 0 ? 0 : (0xffffffff << (BITS - row)) >>> 0;
  return ((digits & before) | diagonal) >>> 0;
}

function multiply(rows: readonly number[], v: number): number {
  let product = 0;
  for (let row = 0; row < BITS; row++) product = (product << 1) | parity(rows[row]! & v);
  return product >>> 0;
}

function parity(x: number): number {
  let folded = x ^ (x >>> 16);
  folded ^= folded >>> 8;
  folded ^= folded >>> 4;
  return (0x6996 >>> (folded & 15)) & 1;
}
