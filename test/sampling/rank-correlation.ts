/** Spearman's rank correlation of two columns without ties, for tests. */
import { orderOf } from '../../src/sampling/correlate.ts';

const ranks = (column: Float64Array): Float64Array => {
  const found = new Float64Array(column.length);
  orderOf(column).forEach((place, rank) => {
    found[place] = rank;
  });
  return found;
};

export function pearson(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array): number => x.reduce((total, value) => total + value, 0) / x.length;
  const [am, bm] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - am) * (b[i]! - bm);
    aa += (a[i]! - am) ** 2;
    bb += (b[i]! - bm) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

export const spearman = (a: Float64Array, b: Float64Array): number => pearson(ranks(a), ranks(b));
