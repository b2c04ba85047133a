/** How far a sampled mean lies from what was expected, in standard errors: sampled worlds are held against formulas by it. */
export function sampled(values: readonly number[]): {
  mean: number;
  standardError: number;
  off(expected: number): number;
} {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((total, v) => total + (v - mean) ** 2, 0) / (n - 1);
  const standardError = Math.sqrt(variance / n);
  return { mean, standardError, off: (expected) => Math.abs(mean - expected) / standardError };
}

export const many = <T>(count: number, draw: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => draw(i));
