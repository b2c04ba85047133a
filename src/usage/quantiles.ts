/**
 * Exact quantiles of prompt and output sizes, over all requests that are not unused failures.
 *
 *   type 7: h = (n - 1) p; x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h]), x sorted, counted from 0
 *
 * Example: 1, 2, 3, 4, 10 has p50 = 3 and p95 = 4 + 0.8 * 6 = 8.8. Units: tokens. Memory grows with distinct sizes.
 * Source: Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, definition 7 (R's and NumPy's default).
 */

export interface Quantiles {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts of distinct whole numbers. */
export class Sizes {
  private readonly counts = new Map<number, number>();
  private total = 0;
  private sum = 0;

  add(size: number, times = 1): void {
    this.counts.set(size, (this.counts.get(size) ?? 0) + times);
    this.total += times;
    this.sum += size * times;
  }

  /** undefined: nothing was added. */
  quantiles(): Quantiles | undefined {
    if (this.total === 0) return undefined;
    const sorted = [...this.counts].sort(([a], [b]) => a - b);
    return {
      mean: this.sum / this.total,
      p50: quantile(sorted, this.total, 50),
      p95: quantile(sorted, this.total, 95),
      p99: quantile(sorted, this.total, 99),
      max: sorted.at(-1)![0],
    };
  }
}

/** The type 7 quantile of values with counts, sorted by value; `total` is the sum of the counts. */
function quantile(sorted: readonly (readonly [number, number])[], total: number, percent: number): number {
  const hundredths = (total - 1) * percent;
  const low = Math.floor(hundredths / 100);
  let seen = 0;
  for (const [index, [value, count]] of sorted.entries()) {
    seen += count;
    if (seen <= low) continue;
    const next = seen > low + 1 ? value : (sorted[index + 1]?.[0] ?? value);
    return value + ((hundredths % 100) * (next - value)) / 100;
  }
  throw new Error(`no quantile ${percent} of ${total} values`);
}
