/**
 * The special functions behind gap and length distributions: ln of the gamma function, the regularised incomplete gamma
 * function, and the quantiles of the gamma and the normal distribution. Plain numbers in and out.
 *
 *   logGamma(x)          Lanczos' sum with g = 7, nine terms, about 1e-14; x > 0
 *   gammaCdf(a, x)       P(a, x): series below x = a + 1, continued fraction (Lentz) above
 *   gammaQuantile(a, p)  x with P(a, x) = p, by Newton's method in ln x, kept inside a bracket
 *   normalQuantile(p)    rational functions of Wichura's AS 241, about 1e-15; 0 < p < 1
 *
 * Examples: logGamma(0.5) = ln sqrt(pi) = 0.5723649429; gammaCdf(1, 1) = 1 - 1/e; gammaQuantile(1, 0.5) = ln 2;
 * normalQuantile(0.95) = 1.6448536269514722.
 * Sources: Lanczos, SIAM J. Numer. Anal. B 1 (1964); DLMF 8.7.1, 8.9.2; Wichura, Applied Statistics 37 (1988), AS 241.
 */

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

const EPSILON = 4e-15;

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

export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const [above, below] = r <= 5 ? MIDDLE : TAIL;
  const s = r - (r <= 5 ? 1.6 : 5);
  const z = polynomial(above, s) / polynomial(below, s);
  return q < 0 ? -z : z;
}

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((total, coefficient) => total * x + coefficient, 0);

type Ratio = readonly [readonly number[], readonly number[]];
const CENTRE: Ratio = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.693765509461, 45921.95393154987, 67265.7707270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
];
const MIDDLE: Ratio = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 7.745450142783414e-4,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    5.475938084995345e-4, 1.0507500716444169e-9,
  ],
];
const TAIL: Ratio = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 7.868691311456133e-4, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];
