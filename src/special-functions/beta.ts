/**
 * The beta distribution.
 *
 *   betaCdf(a, b, x)       I_x(a, b): continued fraction (Lentz), on the side of the mean on which it converges
 *   betaQuantile(a, b, p)  x with I_x(a, b) = p, by Newton's method in ln(x / (1 - x)), kept inside a bracket
 *
 * Examples: betaCdf(2, 3, 0.5) = 11/16; betaQuantile(1.8, 4.2, 0.5) = 0.27667226, the median of PERT(0, 0.2, 1).
 * Source: DLMF 8.17.22.
 */
import { logGamma } from './gamma.ts';
import { EPSILON, normalQuantile } from './normal.ts';

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
