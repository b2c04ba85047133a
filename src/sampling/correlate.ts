/**
 * Correlation between columns of draws by putting each column into another order: the values of every column stay what they
 * are, so its distribution, strata and evenness are kept.
 *
 *   Iman and Conover   M: normal scores by the ranks of what was drawn; EE = FᵀF the scores' own correlation; S = CᵀC the
 *                      target; T = M F⁻¹ C; each column takes the order of T's
 *   Gaussian copula    the same without F⁻¹: correlated normal values, whose own chance correlation is left in
 *   Spearman's rho     of a Gaussian copula with Pearson's rho: (6 / pi) asin(rho / 2); inverted: 2 sin(pi rho / 6)
 *
 * Example: a rank correlation of 0.5 asks for a Pearson correlation of 0.517638 between scores, 0.8 for 0.813473.
 * Sources: Iman and Conover, Communications in Statistics B11 (1982); Mildenhall's example with n = 20 and r = 4
 * (github.com/mynl/aggregate, 5_x_iman_conover.rst). Not modelled: tail dependence.
 */
import { normalQuantile } from '../special-functions/normal.ts';
import { cholesky, type Matrix } from './correlation-matrix.ts';

export const CORRELATION_METHODS = ['iman-conover', 'gaussian-copula'] as const;
export type CorrelationMethod = (typeof CORRELATION_METHODS)[number];

export const pearsonOfSpearman = (rho: number): number => 2 * Math.sin((Math.PI * rho) / 6);
export const spearmanOfPearson = (rho: number): number => (6 / Math.PI) * Math.asin(rho / 2);

/**
 * Columns of scores with the correlation of the target.
 * @param scores one column per variable, of mean 0
 */
export function correlatedScores(
  scores: readonly Float64Array[],
  target: Matrix,
  method: CorrelationMethod,
): Float64Array[] {
  const c = cholesky(target);
  const mixing = method === 'iman-conover' ? solvedBy(cholesky(correlation(scores)), c) : c;
  return mixing.map((_, j) => {
    const column = new Float64Array(scores[0]!.length);
    for (let k = 0; k <= j; k++) {
      const share = mixing[k]![j]!;
      const from = scores[k]!;
      if (share !== 0) for (let i = 0; i < column.length; i++) column[i] = column[i]! + share * from[i]!;
    }
    return column;
  });
}

/** F⁻¹ C for upper triangular F and C, row by row from the last. */
function solvedBy(f: Matrix, c: Matrix): Float64Array[] {
  const n = f.length;
  const solved = c.map((row) => row.slice());
  for (let i = n - 1; i >= 0; i--) {
    const pivot = f[i]![i]!;
    if (pivot === 0)
      throw new Error(`${n} columns are too many for their number of draws: their scores are not independent`);
    for (let j = 0; j < n; j++) {
      let rest = solved[i]![j]!;
      for (let k = i + 1; k < n; k++) rest -= f[i]![k]! * solved[k]![j]!;
      solved[i]![j] = rest / pivot;
    }
  }
  return solved;
}

/** Pearson's, of columns of mean 0. */
function correlation(columns: readonly Float64Array[]): Float64Array[] {
  const product = (a: Float64Array, b: Float64Array): number => {
    let total = 0;
    for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
    return total;
  };
  const norms = columns.map((column) => Math.sqrt(product(column, column)));
  return columns.map((a, i) =>
    Float64Array.from(columns, (b, j) => (i === j ? 1 : product(a, b) / (norms[i]! * norms[j]!))),
  );
}

/** Normal scores of Van der Waerden, i / (n + 1), of standard deviation 1, in the order of a column. */
export function normalScores(column: Float64Array): Float64Array {
  const n = column.length;
  const rising = new Float64Array(n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    rising[i] = normalQuantile((i + 1) / (n + 1));
    squares += rising[i]! ** 2;
  }
  const sd = Math.sqrt(squares / n) || 1;
  const scores = new Float64Array(n);
  orderOf(column).forEach((place, rank) => {
    scores[place] = rising[rank]! / sd;
  });
  return scores;
}

/** Places in the order of their values; equal values in the order of their places. */
export const orderOf = (column: Float64Array): Uint32Array =>
  Uint32Array.from(column, (_, i) => i).sort((a, b) => column[a]! - column[b]! || a - b);

/** The values of one column in the order of another. */
export function inOrderOf(column: Float64Array, other: Float64Array): Float64Array {
  const rising = column.slice().sort();
  const reordered = new Float64Array(column.length);
  orderOf(other).forEach((place, rank) => {
    reordered[place] = rising[rank]!;
  });
  return reordered;
}
