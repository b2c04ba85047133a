/**
 * P5, P50 and P95 of a column without sorting it: quantiles of type 7, as decision/summary.ts takes them, in time that grows
 * with the number of draws alone. What a report shows for every month of every difference.
 *
 * Hoare's selection, the pivot being the median of three. Example: 1, 2, 3, 4, 10 has P50 3 and P95 8.8.
 */

export interface Percentiles {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

/** Puts the column into another order. */
export function percentilesOf(column: Float64Array): Percentiles {
  const last = column.length - 1;
  const middle = Math.floor(last * 0.5);
  const p50 = quantile(column, 0.5, 0, last);
  return { p5: quantile(column, 0.05, 0, middle), p50, p95: quantile(column, 0.95, middle, last) };
}

/** Of the whole column; its place and the next lie within `from` to `until`, below and above which nothing is out of order. */
function quantile(column: Float64Array, p: number, from: number, until: number): number {
  const h = (column.length - 1) * p;
  const low = Math.floor(h);
  select(column, low, from, until);
  const value = column[low]!;
  if (h === low) return value;
  let next = Number.POSITIVE_INFINITY;
  for (let i = low + 1; i < column.length && i <= Math.max(until, low + 1); i++)
    if (column[i]! < next) next = column[i]!;
  return next === value ? value : value + (h - low) * (next - value);
}

/** Puts the value of rank `k` at place k, nothing greater before it, nothing less behind it. */
function select(x: Float64Array, k: number, from: number, until: number): void {
  let [left, right] = [from, until];
  while (left < right) {
    const pivot = medianOfThree(x[left]!, x[(left + right) >>> 1]!, x[right]!);
    let [i, j] = [left, right];
    while (i <= j) {
      while (x[i]! < pivot) i += 1;
      while (x[j]! > pivot) j -= 1;
      if (i > j) break;
      const held = x[i]!;
      x[i] = x[j]!;
      x[j] = held;
      i += 1;
      j -= 1;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
