/**
 * Distributions: the shape of what is not known exactly. A Spec is data; its mean is what deterministic views use
 * (medians lie 10 to 14 % lower than what draws give).
 *
 * Intervals are 90 % intervals, P5 to P95, with z = 1.6448536269514722:
 *   log-normal   mu = (ln lo + ln hi) / 2, sigma = (ln hi - ln lo) / 2z, mean = exp(mu + sigma^2 / 2)
 *   normal       mean = (lo + hi) / 2, sd = (hi - lo) / 2z
 *   logit-normal the same in logits, for shares, which stay within 0..1; mean by quadrature
 *   PERT         alpha = 1 + 4 (mode - min) / (max - min), mean = (min + 4 mode + max) / 6
 *
 * Example: 2 to 5 log-normal has mu 1.1512925, sigma 0.2785326, mean 3.2873532; PERT(1, 2, 6) has mean 2.5.
 * Not modelled here: correlation between inputs.
 */
import { assertNever } from './errors.ts';

export type Spec =
  | { readonly is: 'point'; readonly value: number }
  | { readonly is: 'lognormal' | 'normal' | 'logitnormal'; readonly p5: number; readonly p95: number }
  | { readonly is: 'uniform'; readonly min: number; readonly max: number }
  | { readonly is: 'triangular' | 'pert'; readonly min: number; readonly mode: number; readonly max: number }
  | { readonly is: 'beta'; readonly mean: number; readonly sd: number }
  | { readonly is: 'discrete'; readonly points: readonly { readonly value: number; readonly weight: number }[] };

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
      const { mu, sigma } = fromInterval(Math.log(spec.p5), Math.log(spec.p95));
      return Math.exp(mu + sigma ** 2 / 2);
    }
    case 'logitnormal': {
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
    case 'discrete': {
      const weight = spec.points.reduce((total, p) => total + p.weight, 0);
      return spec.points.reduce((total, p) => total + p.value * p.weight, 0) / weight;
    }
    default:
      return assertNever(spec);
  }
}

/** The same shape in another unit: every value times `factor`. Shares have no other unit. */
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
    case 'logitnormal':
    case 'beta':
      throw new Error(`a ${spec.is} distribution lies between 0 and 1 and can't be scaled`);
    default:
      return assertNever(spec);
  }
}

/** E[f(Z)] for a standard normal Z: Simpson's rule over -9..9, exact to about 1e-14 for smooth f. */
function normalExpectation(f: (z: number) => number): number {
  const steps = 720;
  const width = 18 / steps;
  let total = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -9 + i * width;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    total += (weight * f(z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return (total * width) / 3;
}
