/**
 * How outages spread around their expectation, in closed form: hours lost in a span, two components down at once, and
 * what a health check sees too late.
 *
 *   hours lost, P(<= x)    sum over n of Poisson(n; m) P(Erlang(n, D) <= x); mean m D, variance 2 m D^2
 *   both down              u1 u2 of the time, window x u1 u2 (1/D1 + 1/D2) times, 1 / (1/D1 + 1/D2) long on average
 *   not yet seen           E[min(X, d)] / E[X], X log-normal of mean D:
 *                          Phi((a - sigma^2) / sigma) + (d / D) (1 - Phi(a / sigma)), a = ln d - mu
 *
 * Examples: m = 3 incidents of 100 min: nothing at all with probability 0.0497871, at most 300 min with 0.5833287. Two
 * components of MTBF 1,000 h and MTTR 4 h overlap 0.0695703 times in 8,766 h, for 2 h. Outages of 4.59 h, sigma 1.376, are
 * unseen for the first 30 s in 0.18 % of their time.
 * Source: compound Poisson distribution (actuarial textbooks); Cox, Renewal Theory, 1962. The first takes incidents as a
 * Poisson process and durations as exponential: log-normal ones have longer tails, which samples show. Not modelled:
 * incidents that end and begin again within the delay.
 */
import { gammaCdf } from '../special-functions/gamma.ts';

/** Probability that a span with `incidents` expected loses at most `hours`, incidents being exponential of `mean_hours`. */
export function downtimeCdf(incidents: number, mean_hours: number, hours: number): number {
  if (hours < 0) return 0;
  let weight = Math.exp(-incidents);
  let total = weight;
  let mass = weight;
  for (let n = 1; n <= incidents || 1 - mass > 1e-15; n++) {
    weight *= incidents / n;
    mass += weight;
    total += weight * gammaCdf(n, hours / mean_hours);
    if (n > incidents && weight < 1e-18) break;
  }
  return total;
}

export interface Overlap {
  readonly down_fraction: number;
  readonly times: number;
  readonly mean_hours: number;
}

/** Two independent components, down `u1` and `u2` of the time in outages of mean `hours1` and `hours2`. */
export function overlap(window_hours: number, u1: number, hours1: number, u2: number, hours2: number): Overlap {
  const ends_per_hour = 1 / hours1 + 1 / hours2;
  return { down_fraction: u1 * u2, times: window_hours * u1 * u2 * ends_per_hour, mean_hours: 1 / ends_per_hour };
}

/** Share of outage time that passes before a check of this delay has seen the outage. */
export function unseenFraction(mean_hours: number, duration_sigma: number, delay_hours: number): number {
  if (delay_hours === 0) return 0;
  const a = Math.log(delay_hours) - (Math.log(mean_hours) - duration_sigma ** 2 / 2);
  return (
    normalCdf((a - duration_sigma ** 2) / duration_sigma) +
    (delay_hours / mean_hours) * (1 - normalCdf(a / duration_sigma))
  );
}

/** P(Z <= z) of a standard normal Z. */
export const normalCdf = (z: number): number => (1 + Math.sign(z) * gammaCdf(0.5, z ** 2 / 2)) / 2;
