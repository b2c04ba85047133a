/**
 * Gaps between requests as quantile functions of mean 1: what a renewal process draws from. Takes the `arrivals` of a
 * spec; a rate gives the gaps their length later.
 *
 *   poisson   -ln(1 - u)                                     CV 1
 *   gamma     shape a = 1 / CV^2, scale 1 / a
 *   weibull   (-ln(1 - u))^(1/k) / Gamma(1 + 1/k)            CV^2 = Gamma(1 + 2/k) / Gamma(1 + 1/k)^2 - 1, solved for k
 *   empirical the table's own quantiles over their mean
 *
 * Examples: gamma of CV 2 has shape 0.25; Weibull of shape k = 0.5 has CV sqrt(5) = 2.2360679775, so that CV has k = 0.5.
 * Source: Cox, Renewal Theory, 1962; which of the two fits LLM traffic better differs by client (ServeGen, Alibaba 2025).
 * Not modelled: gaps that depend on those before them; a rate series carries what they have in common.
 */

import { gammaQuantile, logGamma } from '../special-functions/gamma.ts';
import { inverseOf, meanOf } from './inverse.ts';
import type { Arrivals } from './schema.ts';

/** From a uniform in [0, 1) to a gap whose mean is 1. */
export type GapQuantile = (u: number) => number;

export function gapQuantile(arrivals: Arrivals): GapQuantile {
  switch (arrivals.process) {
    case 'poisson':
      return (u) => -Math.log1p(-u);
    case 'gamma': {
      const shape = 1 / arrivals.cv ** 2;
      const log_gamma = logGamma(shape);
      return (u) => gammaQuantile(shape, u, log_gamma) / shape;
    }
    case 'weibull': {
      const shape = weibullShape(arrivals.cv);
      const scale = Math.exp(-logGamma(1 + 1 / shape));
      return (u) => scale * (-Math.log1p(-u)) ** (1 / shape);
    }
    case 'empirical': {
      const inverse = inverseOf(arrivals.gap_ms);
      const mean = meanOf(arrivals.gap_ms);
      return (u) => inverse(u) / mean;
    }
  }
}

/** Coefficient of variation of a Weibull distribution of this shape. */
export const weibullVariation = (shape: number): number =>
  Math.sqrt(Math.expm1(logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape)));

/** The shape that has this coefficient of variation, which falls as the shape rises: bisection in ln k. */
export function weibullShape(cv: number): number {
  let [low, high] = [Math.log(0.05), Math.log(1000)];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (weibullVariation(Math.exp(middle)) > cv) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
