/**
 * The special functions behind distributions: ln of the gamma function, the regularised incomplete gamma and beta functions,
 * the normal distribution function, and the quantiles of gamma, beta and normal distributions. Plain numbers in and out.
 *
 *   logGamma(x)          Lanczos' sum with g = 7, nine terms, about 1e-14; x > 0
 *   gammaCdf(a, x)       P(a, x): series below x = a + 1, continued fraction (Lentz) above
 *   gammaQuantile(a, p)  x with P(a, x) = p, by Newton's method in ln x, kept inside a bracket
 *   normalQuantile(p)    rational functions of Wichura's AS 241, about 1e-15; 0 < p < 1
 *   normalCdf(z)         series within 3 of 0, continued fraction in the tails, relative error about 1e-14
 *   betaCdf(a, b, x)     I_x(a, b): continued fraction (Lentz), on the side of the mean on which it converges
 *   betaQuantile(a, b, p)  x with I_x(a, b) = p, by Newton's method in ln(x / (1 - x)), kept inside a bracket
 *
 * Examples: logGamma(0.5) = ln sqrt(pi) = 0.5723649429; gammaCdf(1, 1) = 1 - 1/e; gammaQuantile(1, 0.5) = ln 2;
 * normalQuantile(0.95) = 1.6448536269514722; normalCdf(1.6448536269514722) = 0.95; betaCdf(2, 3, 0.5) = 11/16;
 * betaQuantile(1.8, 4.2, 0.5) = 0.27667226, the median of PERT(0, 0.2, 1).
 * Sources: Lanczos, SIAM J. Numer. Anal. B 1 (1964); DLMF 7.6.2, 7.9.1, 8.7.1, 8.9.2, 8.17.22; Wichura, Applied Statistics
 * 37 (1988), AS 241.
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

function polynomial(coefficients: readonly number[], x: number): number {
  let total = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) total = total * x + coefficients[i]!;
  return total;
}

/** Beyond 38 the tail is too small for a number. */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let total = x;
    for (let n = 3; term > EPSILON * total; n += 2) {
      term *= (x * x) / n;
      total += term;
    }
    return z < 0 ? 0.5 - density * total : 0.5 + density * total;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / fraction;
  return z < 0 ? density / fraction : 1 - density / fraction;
}

export function betaCdf(a: number, b: number, x: number): number {
  if (!(x > 0)) return 0;
  return x >= 1 ? 1 : belowBeta(a, b, x, 1 - x, betaFront(a, b));
}

type Front = (x: number, rest: number) => number;

/** `rest` is 1 - x, which near 1 holds more digits than x. */
function belowBeta(a: number, b: number, x: number, rest: number, front: Front): number {
  const height = front(x, rest);
  if (height === 0) return x < a / (a + b) ? 0 : 1;
  return x < (a + 1) / (a + b + 2) ? (height * betaFraction(a, b, x)) / a : 1 - (height * betaFraction(b, a, rest)) / b;
}

/** Knots of ln(p / (1 - p)) from -8 to 8 whose quantiles give the first guess for all others. */
const KNOTS = 129;
const KNOT_STEP = 16 / (KNOTS - 1);

/** The same distribution for many probabilities: what does not depend on p is worked out once. */
export function betaQuantile(a: number, b: number): (p: number) => number {
  const front = betaFront(a, b);
  const mean = a / (a + b);
  const centre = Math.log(a / b);
  const spread = Math.min(3, Math.sqrt((a + b) ** 2 / (a * b * (a + b + 1))));
  const below = belowBeta(a, b, mean, b / (a + b), front);
  /** A guess in ln(x / (1 - x)): the normal distribution of like mean and spread, or the power law of a tail. */
  const guess = (p: number): number => {
    if (a > 1 && b > 1) return centre + spread * normalQuantile(p);
    return p < below ? centre + Math.log(p / below) / a : centre - Math.log((1 - p) / (1 - below)) / b;
  };
  let knots: { y: Float64Array; slope: Float64Array } | undefined;
  const makeKnots = () => {
    const y = new Float64Array(KNOTS);
    const slope = new Float64Array(KNOTS);
    for (let i = 0; i < KNOTS; i++) {
      const p = 1 / (1 + Math.exp(8 - i * KNOT_STEP));
      y[i] = solveBeta(a, b, p, front, guess(p), spread);
      slope[i] = (KNOT_STEP * p * (1 - p)) / front(1 / (1 + Math.exp(-y[i]!)), 1 / (1 + Math.exp(y[i]!)));
    }
    return { y, slope };
  };
  const start = (p: number): number => {
    const place = (Math.log(p / (1 - p)) + 8) / KNOT_STEP;
    if (!(place >= 0 && place < KNOTS - 1)) return guess(p);
    knots ??= makeKnots();
    const i = Math.floor(place);
    const t = place - i;
    const rest = 1 - t;
    return (
      rest * rest * ((1 + 2 * t) * knots.y[i]! + t * knots.slope[i]!) +
      t * t * ((3 - 2 * t) * knots.y[i + 1]! - rest * knots.slope[i + 1]!)
    );
  };
  return (p) => {
    if (p <= 0) return 0;
    if (p >= 1) return 1;
    return 1 / (1 + Math.exp(-solveBeta(a, b, p, front, start(p), spread)));
  };
}

/** x^a (1 - x)^b / B(a, b), which is x (1 - x) times the density; for large a and b without the difference of large logs. */
function betaFront(a: number, b: number): Front {
  if (a < 20 || b < 20) {
    const log_beta = logGamma(a) + logGamma(b) - logGamma(a + b);
    return (x, rest) => Math.exp(a * Math.log(x) + b * (x < 0.5 ? Math.log1p(-x) : Math.log(rest)) - log_beta);
  }
  const total = a + b;
  const scale =
    Math.exp(stirlingRest(total) - stirlingRest(a) - stirlingRest(b)) * Math.sqrt((a * b) / (2 * Math.PI * total));
  return (x, rest) => scale * Math.exp(a * Math.log1p((x * total - a) / a) + b * Math.log1p((rest * total - b) / b));
}

/** ln gamma(x) less Stirling's formula, for x of at least 20. */
const stirlingRest = (x: number): number => (1 / 12 - (1 / 360 - 1 / 1260 / (x * x)) / (x * x)) / x;

/** The continued fraction DLMF 8.17.22; fast for x below (a + 1) / (a + b + 2). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m < 20_000; m++) {
    for (let half = 0; half < 2; half++) {
      const factor =
        half === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 + factor * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + factor / c;
      if (Math.abs(c) < tiny) c = tiny;
      fraction *= c * d;
      if (half === 1 && Math.abs(c * d - 1) < EPSILON) return fraction;
    }
  }
  return fraction;
}

/** In ln(x / (1 - x)). A step of Newton's that is small against the spread leaves its square, about 1e-12. */
function solveBeta(a: number, b: number, p: number, front: Front, start: number, spread: number): number {
  let y = start;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i++) {
    const x = 1 / (1 + Math.exp(-y));
    const rest = 1 / (1 + Math.exp(y));
    const off = belowBeta(a, b, x, rest, front) - p;
    if (off === 0) return y;
    if (off > 0) high = y;
    else low = y;
    const slope = front(x, rest);
    const step = slope > 0 ? off / slope : Number.POSITIVE_INFINITY;
    let next = y - step;
    if (!(next > low && next < high) || Math.abs(step) > 5) {
      const far = 5 * Math.sign(-off);
      next = Number.isFinite(low) && Number.isFinite(high) ? (low + high) / 2 : y + far * (1 + i);
    } else if (Math.abs(step) <= 1e-6 * spread) return next;
    if (next === y || Math.abs(next - y) <= 1e-15 * Math.abs(y)) return next;
    y = next;
  }
  return y;
}

type Ratio = readonly [readonly number[], readonly number[]];
const CENTRE: Ratio = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.693765509461, 45921.95393154987, 67265.7709270087,
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
