/**
 * Learning curve: the next integration of the same kind takes less.
 *
 *   Wright, cumulative average   average(n) = T1 n^b, total(n) = T1 n^(1 + b), b = log2(rate)
 *   Crawford, unit               unit(n) = T1 n^b, total(n) = sum of units
 *
 * Example: T1 = 100, rate 0.8: Wright totals 100, 160, 409.6 (n = 8); Crawford's first eight take 534.5914. The two
 * differ by 30 %; the engineering component uses Wright's. Source: Wright 1936; tables of cost-accounting courses.
 * Not modelled: forgetting.
 */

const exponent = (rate: number): number => Math.log2(rate);

export const wrightAverage = (first: number, n: number, rate: number): number => first * n ** exponent(rate);
export const wrightTotal = (first: number, n: number, rate: number): number => first * n ** (1 + exponent(rate));
export const crawfordUnit = (first: number, n: number, rate: number): number => first * n ** exponent(rate);
export const crawfordTotal = (first: number, n: number, rate: number): number =>
  Array.from({ length: n }, (_, i) => crawfordUnit(first, i + 1, rate)).reduce((total, unit) => total + unit, 0);

/** Formula text of Wright's total. */
export const WRIGHT_TOTAL_FORMULA = 'first_hours * integrations ^ (1 + log(learning_rate) / log(2))';
