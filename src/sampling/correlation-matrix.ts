/**
 * Correlation matrices: square, symmetric, ones on the diagonal, as rows. Which can hold, which entries can't hold together,
 * and the nearest that can.
 *
 *   can hold      no eigenvalue below 0 (allowing for rounding)
 *   conflict      the smallest set of rows whose own matrix has a negative eigenvalue; of equal sizes the worst
 *   nearest       Higham's alternating projections on both conditions, in the sum of squared changes
 *
 * Example: 1, 1 and 0 between three can't hold; the nearest that can are 0.7607, 0.7607 and 0.1573.
 * Sources: Higham, IMA J. Numer. Anal. 22 (2002); Jacobi's method, Golub and Van Loan, chapter 8.
 */

export type Matrix = readonly Float64Array[];

const ROUNDING = 1e-10;

/** Upper triangular C with CᵀC = the matrix; a row of zeros where a row depends on those before it. */
export function cholesky(matrix: Matrix): Float64Array[] {
  const n = matrix.length;
  const upper = Array.from({ length: n }, () => new Float64Array(n));
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++) {
      let rest = matrix[i]![j]!;
      for (let k = 0; k < i; k++) rest -= upper[k]![i]! * upper[k]![j]!;
      if (i === j) upper[j]![j] = rest > ROUNDING ? Math.sqrt(rest) : 0;
      else upper[i]![j] = upper[i]![i] === 0 ? 0 : rest / upper[i]![i]!;
    }
  }
  return upper;
}

export const smallestEigenvalue = (matrix: Matrix): number => Math.min(...eigen(matrix).values);

export const canHold = (matrix: Matrix): boolean => smallestEigenvalue(matrix) >= -1e-9;

/** Eigenvalues and, in the columns of `vectors`, eigenvectors of a symmetric matrix. */
function eigen(matrix: Matrix): { values: Float64Array; vectors: Float64Array[] } {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const vectors = a.map((_, i) => new Float64Array(n).fill(1, i, i + 1));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        off += a[p]![q]! ** 2;
        rotate(a, vectors, p, q);
      }
    if (off < 1e-26) break;
  }
  return { values: Float64Array.from(a, (row, i) => row[i]!), vectors };
}

/** Makes one entry beside the diagonal zero. */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  if (Math.abs(a[p]![q]!) < 1e-18) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[p]![k]!, a[q]![k]!];
    a[p]![k] = c * x - s * y;
    a[q]![k] = s * x + c * y;
  }
  for (const row of vectors) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
}

export function nearestCorrelation(matrix: Matrix): Float64Array[] {
  const n = matrix.length;
  let y = matrix.map((row) => row.slice());
  let correction = matrix.map(() => new Float64Array(n));
  for (let i = 0; i < 200; i++) {
    const r = y.map((row, j) => row.map((value, k) => value - correction[j]![k]!));
    const x = withoutNegative(r);
    correction = x.map((row, j) => row.map((value, k) => value - r[j]![k]!));
    const next = x.map((row, j) => row.map((value, k) => (j === k ? 1 : value)));
    const moved = largestChange(y, next);
    y = next;
    if (moved < 1e-9) break;
  }
  return y;
}

function withoutNegative(matrix: Matrix): Float64Array[] {
  const { values, vectors } = eigen(matrix);
  return matrix.map((row, i) =>
    row.map((_, j) => values.reduce((sum, v, k) => sum + Math.max(0, v) * vectors[i]![k]! * vectors[j]![k]!, 0)),
  );
}

export const largestChange = (from: Matrix, to: Matrix): number =>
  Math.max(...from.flatMap((row, i) => [...row].map((value, j) => Math.abs(value - to[i]![j]!))));

/** Sets tried before the whole matrix is named. */
const MOST_SETS = 20_000;

/** Rows that can't hold together, in rising order. */
export function conflictingRows(matrix: Matrix): number[] {
  const all = matrix.map((_, i) => i);
  let tried = 0;
  for (let size = 2; size < all.length; size++) {
    let worst: { rows: number[]; value: number } | undefined;
    for (const rows of subsets(all, size)) {
      if (++tried > MOST_SETS) return all;
      const value = smallestEigenvalue(part(matrix, rows));
      if (value < -1e-9 && value < (worst?.value ?? 0)) worst = { rows, value };
    }
    if (worst !== undefined) return worst.rows;
  }
  return all;
}

const part = (matrix: Matrix, rows: readonly number[]): Float64Array[] =>
  rows.map((i) => Float64Array.from(rows, (j) => matrix[i]![j]!));

function* subsets(all: readonly number[], size: number, from = 0): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= all.length - size; i++)
    for (const rest of subsets(all, size - 1, i + 1)) yield [all[i]!, ...rest];
}
