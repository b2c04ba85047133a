/**
 * Distributions: the shape of what is not known exactly. A Spec is data; its mean is what deterministic views use
 * (medians lie 10 to 14 % lower than what draws give), its quantile what turns a point of (0, 1) into a draw.
 *
 * Intervals are 90 % intervals, P5 to P95, with z = 1.6448536269514722; where both ends are equal it is a point:
 *   log-normal   mu = (ln lo + ln hi) / 2, sigma = (ln hi - ln lo) / 2z, mean = exp(mu + sigma^2 / 2)
 *   normal       mean = (lo + hi) / 2, sd = (hi - lo) / 2z
 *   logit-normal the same in logits, for shares, which stay within 0..1; mean and sd by quadrature
 *   PERT         alpha = 1 + 4 (mode - min) / (max - min), beta = 6 - alpha, mean = (min + 4 mode + max) / 6
 *   beta         alpha + beta = mean (1 - mean) / sd^2 - 1, alpha = mean (alpha + beta)
 *   discrete     the least value at which the weights up to it reach u
 *   empirical    measured values in rising order x1..xn: straight lines between xi at u = (i - 0.5) / n, flat beyond
 *                (Hazen's definition, type 5), so that the mean is that of the values
 *   mixture      the least x with sum of weight x F(x) >= u, by false position and halving
 *
 * Example: 2 to 5 log-normal has mu 1.1512925, sigma 0.2785326, mean 3.2873532, sd 0.9336843; PERT(1, 2, 6) has mean 2.5
 * and P5, P50, P95 of 1.29488694, 2.3833613, 4.10638362. Not modelled here: correlation between inputs.
 */
import { assertNever } from './errors.ts';
import { firstAbove, firstAtLeast } from './rising.ts';
import { betaCdf, betaQuantile } from './special-functions/beta.ts';
import { normalCdf, normalQuantile } from './special-functions/normal.ts';

export type Spec =
  | { readonly is: 'point'; readonly value: number }
  | { readonly is: 'lognormal' | 'normal' | 'logitnormal'; readonly p5: number; readonly p95: number }
  | { readonly is: 'uniform'; readonly min: number; readonly max: number }
  | { readonly is: 'triangular' | 'pert'; readonly min: number; readonly mode: number; readonly max: number }
  | { readonly is: 'beta'; readonly mean: number; readonly sd: number }
  | { readonly is: 'discrete'; readonly points: readonly { readonly value: number; readonly weight: number }[] }
  /** In rising order. */
  | { readonly is: 'empirical'; readonly values: readonly number[] }
  | { readonly is: 'mixture'; readonly parts: readonly { readonly weight: number; readonly spec: Spec }[] };

/** The 95 % quantile of the standard normal distribution. */
export const Z95 = 1.6448536269514722;

/** Parameters of the normal distribution behind a 90 % interval. */
export const fromInterval = (p5: number, p95: number): { mu: number; sigma: number } => ({
  mu: (p5 + p95) / 2,
  sigma: (p95 - p5) / (2 * Z95),
});

const logit = (share: number): number => Math.log(share / (1 - share));
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export function mean(spec: Spec): number {
  switch (spec.is) {
    case 'point':
      return spec.value;
    case 'normal':
      return (spec.p5 + spec.p95) / 2;
    case 'lognormal': {
      if (spec.p5 === spec.p95) return spec.p5;
      const { mu, sigma } = fromInterval(Math.log(spec.p5), Math.log(spec.p95));
      return Math.exp(mu + sigma ** 2 / 2);
    }
    case 'logitnormal': {
      if (spec.p5 === spec.p95) return spec.p5;
      const { mu, sigma } = fromInterval(logit(spec.p5), logit(spec.p95));
      return normalExpectation((z) => logistic(mu + sigma * z));
    }
    case 'uniform':
      return (spec.min + spec.max) / 2;
    case 'triangular':
      return (spec.min + spec.mode + spec.max) / 3;
    case 'pert':
      return (spec.min + 4 * spec.mode + spec.max) / 6;
    case 'beta':
      return spec.mean;
    case 'discrete':
      return weighted(spec.points, ({ value }) => value);
    case 'empirical':
      return spec.values.reduce((total, value) => total + value, 0) / spec.values.length;
    case 'mixture':
      return weighted(spec.parts, (part) => mean(part.spec));
    default:
      return assertNever(spec);
  }
}

export function sd(spec: Spec): number {
  switch (spec.is) {
    case 'point':
      return 0;
    case 'normal':
      return fromInterval(spec.p5, spec.p95).sigma;
    case 'lognormal':
      return mean(spec) * Math.sqrt(Math.expm1(fromInterval(Math.log(spec.p5), Math.log(spec.p95)).sigma ** 2));
    case 'logitnormal': {
      const { mu, sigma } = fromInterval(logit(spec.p5), logit(spec.p95));
      const centre = mean(spec);
      return Math.sqrt(normalExpectation((z) => (logistic(mu + sigma * z) - centre) ** 2));
    }
    case 'uniform':
      return (spec.max - spec.min) / Math.sqrt(12);
    case 'triangular': {
      const { min, mode, max } = spec;
      return Math.sqrt(((max - min) ** 2 - (mode - min) * (max - mode)) / 18);
    }
    case 'pert':
      return Math.sqrt(((mean(spec) - spec.min) * (spec.max - mean(spec))) / 7);
    case 'beta':
      return spec.sd;
    case 'discrete': {
      const centre = mean(spec);
      return Math.sqrt(weighted(spec.points, ({ value }) => (value - centre) ** 2));
    }
    case 'empirical': {
      const { values } = spec;
      const centre = mean(spec);
      let total = ((values[0]! - centre) ** 2 + (values.at(-1)! - centre) ** 2) / 2;
      for (let i = 1; i < values.length; i++) {
        const [a, b] = [values[i - 1]! - centre, values[i]! - centre];
        total += (a * a + a * b + b * b) / 3;
      }
      return Math.sqrt(total / values.length);
    }
    case 'mixture': {
      const centre = mean(spec);
      return Math.sqrt(weighted(spec.parts, (part) => sd(part.spec) ** 2 + (mean(part.spec) - centre) ** 2));
    }
    default:
      return assertNever(spec);
  }
}

/** The value below which a share `u` of the distribution lies; 0 < u < 1. Never falls as u rises. */
export const quantile = (spec: Spec, u: number): number => quantileOf(spec)(u);

/** The same for many u: what does not depend on u is worked out once. */
export function quantileOf(spec: Spec): (u: number) => number {
  switch (spec.is) {
    case 'point':
      return () => spec.value;
    case 'normal':
    case 'lognormal':
    case 'logitnormal': {
      const { p5, p95 } = spec;
      if (p5 === p95) return () => p5;
      if (spec.is === 'normal') {
        const { mu, sigma } = fromInterval(p5, p95);
        return (u) => mu + sigma * normalQuantile(u);
      }
      const [scale, back] = spec.is === 'lognormal' ? [Math.log, Math.exp] : [logit, logistic];
      const { mu, sigma } = fromInterval(scale(p5), scale(p95));
      return (u) => back(mu + sigma * normalQuantile(u));
    }
    case 'uniform':
      return (u) => spec.min + (spec.max - spec.min) * u;
    case 'triangular': {
      const { min, mode, max } = spec;
      const turn = (mode - min) / (max - min);
      return (u) =>
        u <= turn
          ? min + Math.sqrt(u * (max - min) * (mode - min))
          : max - Math.sqrt((1 - u) * (max - min) * (max - mode));
    }
    case 'pert':
    case 'beta': {
      const { alpha, beta, min, range } = betaOf(spec);
      const inner = betaQuantile(alpha, beta);
      return (u) => min + range * inner(u);
    }
    case 'discrete': {
      const { values, reached } = steps(spec.points);
      return (u) => values[firstAtLeast(reached, u, 0, reached.length - 1)]!;
    }
    case 'empirical': {
      const { values } = spec;
      const last = values.length - 1;
      return (u) => {
        const place = Math.min(last, Math.max(0, u * values.length - 0.5));
        const below = Math.floor(place);
        const from = values[below]!;
        return below === last ? from : from + (place - below) * (values[below + 1]! - from);
      };
    }
    case 'mixture':
      return mixtureQuantile(spec);
    default:
      return assertNever(spec);
  }
}

/** The share of the distribution at or below `x`. */
export function cdf(spec: Spec, x: number): number {
  switch (spec.is) {
    case 'point':
      return x >= spec.value ? 1 : 0;
    case 'normal':
    case 'lognormal':
    case 'logitnormal': {
      const { p5, p95 } = spec;
      if (p5 === p95) return x >= p5 ? 1 : 0;
      if (spec.is !== 'normal' && x <= 0) return 0;
      if (spec.is === 'logitnormal' && x >= 1) return 1;
      const scale = spec.is === 'normal' ? (y: number): number => y : spec.is === 'lognormal' ? Math.log : logit;
      const { mu, sigma } = fromInterval(scale(p5), scale(p95));
      return normalCdf((scale(x) - mu) / sigma);
    }
    case 'uniform':
      return x >= spec.max ? 1 : Math.max(0, (x - spec.min) / (spec.max - spec.min));
    case 'triangular': {
      const { min, mode, max } = spec;
      if (x <= min) return 0;
      if (x >= max) return 1;
      return x < mode
        ? (x - min) ** 2 / ((max - min) * (mode - min))
        : 1 - (max - x) ** 2 / ((max - min) * (max - mode));
    }
    case 'pert':
    case 'beta': {
      const { alpha, beta, min, range } = betaOf(spec);
      return betaCdf(alpha, beta, (x - min) / range);
    }
    case 'discrete': {
      const { values, reached } = steps(spec.points);
      const above = firstAbove(values, x);
      return above === 0 ? 0 : reached[above - 1]!;
    }
    case 'empirical': {
      const { values } = spec;
      const count = firstAbove(values, x);
      if (count === 0) return 0;
      if (count === values.length) return 1;
      const [from, to] = [values[count - 1]!, values[count]!];
      return (count - 0.5 + (x - from) / (to - from)) / values.length;
    }
    case 'mixture':
      return weighted(spec.parts, (part) => cdf(part.spec, x));
    default:
      return assertNever(spec);
  }
}

/** The same shape in another unit: every value times `factor`, above 0. Shares have no other unit. */
export function scaled(spec: Spec, factor: number): Spec {
  switch (spec.is) {
    case 'point':
      return { ...spec, value: spec.value * factor };
    case 'lognormal':
    case 'normal':
      return { ...spec, p5: spec.p5 * factor, p95: spec.p95 * factor };
    case 'uniform':
      return { ...spec, min: spec.min * factor, max: spec.max * factor };
    case 'triangular':
    case 'pert':
      return { ...spec, min: spec.min * factor, mode: spec.mode * factor, max: spec.max * factor };
    case 'discrete':
      return { ...spec, points: spec.points.map(({ value, weight }) => ({ value: value * factor, weight })) };
    case 'empirical':
      return { ...spec, values: spec.values.map((value) => value * factor) };
    case 'mixture':
      return { ...spec, parts: spec.parts.map((part) => ({ ...part, spec: scaled(part.spec, factor) })) };
    case 'logitnormal':
    case 'beta':
      throw new Error(`a ${spec.is} distribution lies between 0 and 1 and can't be scaled`);
    default:
      return assertNever(spec);
  }
}

function betaOf(spec: Extract<Spec, { max: number; mode: number } | { sd: number }>) {
  if (spec.is !== 'beta') {
    const range = spec.max - spec.min;
    const alpha = 1 + (4 * (spec.mode - spec.min)) / range;
    return { alpha, beta: 6 - alpha, min: spec.min, range };
  }
  const total = (spec.mean * (1 - spec.mean)) / spec.sd ** 2 - 1;
  return { alpha: spec.mean * total, beta: (1 - spec.mean) * total, min: 0, range: 1 };
}

function weighted<T extends { readonly weight: number }>(parts: readonly T[], of: (part: T) => number): number {
  let [total, weight] = [0, 0];
  for (const part of parts) {
    total += part.weight * of(part);
    weight += part.weight;
  }
  return total / weight;
}

/** Point masses in rising order, and the share reached at each; the last is exactly 1. */
function steps(points: readonly { readonly value: number; readonly weight: number }[]) {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const weight = points.reduce((total, point) => total + point.weight, 0);
  let sum = 0;
  const reached = sorted.map((point) => {
    sum += point.weight;
    return sum / weight;
  });
  reached[reached.length - 1] = 1;
  return { values: sorted.map(({ value }) => value), reached };
}

/** Between the least and the greatest of the parts' own quantiles; exactly at a point mass where one holds u. */
function mixtureQuantile(spec: Extract<Spec, { is: 'mixture' }>): (u: number) => number {
  const inner = spec.parts.map((part) => quantileOf(part.spec));
  const masses = [...new Set(spec.parts.flatMap((part) => pointMasses(part.spec)))].sort((a, b) => a - b);
  const upTo = masses.map((x) => cdf(spec, x));
  return (u) => {
    const ends = inner.map((one) => one(u));
    let [low, high] = [Math.min(...ends), Math.max(...ends)];
    if (masses.length > 0) {
      const place = firstAtLeast(upTo, u, 0, upTo.length - 1);
      const [mass, before] = [masses[place]!, masses[place - 1]];
      if (upTo[place]! >= u) {
        if (cdf(spec, mass - Math.abs(mass) * 1e-14 - Number.MIN_VALUE) < u) return mass;
        high = Math.min(high, mass);
        if (before !== undefined) low = Math.max(low, before);
      } else low = Math.max(low, mass);
    }
    return rootOf((x) => cdf(spec, x) - u, low, high);
  };
}

/** Values that have a share of their own. */
function pointMasses(spec: Spec): number[] {
  if (spec.is === 'point') return [spec.value];
  if (spec.is === 'discrete') return spec.points.map(({ value }) => value);
  if (spec.is === 'mixture') return spec.parts.flatMap((part) => pointMasses(part.spec));
  if (spec.is !== 'empirical') return [];
  const { values } = spec;
  return values.filter((value, i) => i === 0 || i === values.length - 1 || value === values[i - 1]);
}

/** The least x at which a function that never falls reaches 0, to the last digits: false position (Illinois) and halving. */
function rootOf(of: (x: number) => number, from: number, to: number): number {
  let [low, high, at_low, at_high] = [from, to, of(from), of(to)];
  if (at_low >= 0) return low;
  for (let i = 0, side = 0; i < 200; i++) {
    const guess = i % 3 === 2 ? Number.NaN : low - (at_low * (high - low)) / (at_high - at_low);
    const x = guess > low && guess < high ? guess : low + (high - low) / 2;
    if (!(x > low && x < high) || high - low <= 1e-15 * Math.max(Math.abs(low), Math.abs(high))) break;
    const value = of(x);
    if (value >= 0) {
      [high, at_high] = [x, value];
      if (side > 0) at_low /= 2;
      side = 1;
    } else {
      [low, at_low] = [x, value];
      if (side < 0) at_high /= 2;
      side = -1;
    }
  }
  return high;
}

/** E[f(Z)] for a standard normal Z: Simpson's rule over -9..9, exact to about 1e-14 for smooth f. */
function normalExpectation(f: (z: number) => number): number {
  const intervals = 720;
  const width = 18 / intervals;
  let total = 0;
  for (let i = 0; i <= intervals; i++) {
    const z = -9 + i * width;
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
    total += (weight * f(z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return (total * width) / 3;
}
