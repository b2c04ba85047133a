/**
 * The gamma function and distribution.
 *
 *   logGamma(x)          Lanczos' sum with g = 7, nine terms, about 1e-14; x > 0
 *   gammaCdf(a, x)       P(a, x): series below x = a + 1, continued fraction (Lentz) above
 *   gammaQuantile(a, p)  x with P(a, x) = p, by Newton's method in ln x, kept inside a bracket
 *
 * Examples: logGamma(0.5) = ln sqrt(pi) = 0.5723649429; gammaCdf(1, 1) = 1 - 1/e; gammaQuantile(1, 0.5) = ln 2.
 * Sources: Lanczos, SIAM J. Numer. Anal. B 1 (1964); DLMF 8.7.1, 8.9.2.
 */
import { EPSILON, normalQuantile } from './normal.ts';

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  let total = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) total += LANCZOS[i]! / (x - 1 + i);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(total);
}

export function gammaCdf(a: number, x: number, log_gamma_a = logGamma(a)): number {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - log_gamma_a);
  if (x < a + 1) {
    let term = 1 / a;
    let total = term;
    for (let n = 1; Math.abs(term) > EPSILON * Math.abs(total); n++) {
      term *= x / (a + n);
      total += term;
    }
    return front * total;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1, change = 0; n < 500 && Math.abs(change - 1) > EPSILON; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    change = c * d;
    fraction *= change;
  }
  return 1 - front * fraction;
}

/** 0 where the quantile is too small for a number, as happens for shapes near 0. */
export function gammaQuantile(a: number, p: number, log_gamma_a = logGamma(a)): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  // P(a, x) ~ x^a / (a Gamma(a)) for small x.
  const small = (Math.log(p) + Math.log(a) + log_gamma_a) / a;
  if (small < -700) return 0;
  let y = a > 1 ? Math.log(Math.max(1e-3, wilsonHilferty(a, p))) : Math.min(small, Math.log(1 - Math.log1p(-p)));
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i++) {
    const x = Math.exp(y);
    const off = gammaCdf(a, x, log_gamma_a) - p;
    if (off > 0) high = y;
    else low = y;
    const slope = Math.exp(a * y - x - log_gamma_a);
    const step = slope === 0 ? Number.POSITIVE_INFINITY : off / slope;
    let next = y - step;
    if (!(next > low && next < high) || Math.abs(step) > 5)
      next = Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : off > 0 ? y - 1 : y + 1;
    if (Math.abs(next - y) < 1e-12 * Math.max(1, Math.abs(y))) return Math.exp(next);
    y = next;
  }
  return Math.exp(y);
}

/** A gamma variable's cube root is nearly normal. */
const wilsonHilferty = (a: number, p: number): number =>
  a * (1 - 1 / (9 * a) + normalQuantile(p) / (3 * Math.sqrt(a))) ** 3;
