/**
 * Availability of sellers, alone, with a fallback, and behind a gateway: the expectation of what outages do.
 *
 *   one component               A = MTBF / (MTBF + MTTR)
 *   at time t, up at 0          A(t) = m / (l + m) + l / (l + m) exp(-(l + m) t), l = 1 / MTBF, m = 1 / MTTR
 *   seller with a fallback      u = beta min(u1, u2) + (1 - beta)^2 u1 u2, beta the common cause
 *   behind a gateway            A = A_gw (1 - u): a component in series
 *   a gateway helps iff         A_gw > A1 / (1 - u1 u2)
 *
 * Example: u1 = 0.0029, u2 = 0.0037, A_gw = 0.999: failover alone 0.99998927, through the gateway 0.99898928073; with
 * beta = 0.1 it is 0.9997013087 and 0.9987016073913. Below A_gw = 0.9971106989978 the gateway does harm.
 * Source: reliability textbooks (series and parallel systems, beta-factor model). Not modelled: detection time, repair
 * queues, outages that grow with the user's own load.
 */

/** Long-run availability from mean time between failures and mean time to repair, both in hours. */
export const availability = (mtbf_hours: number, mttr_hours: number): number => mtbf_hours / (mtbf_hours + mttr_hours);

/** Availability `t_hours` after a moment at which the component worked. */
export function availabilityAt(mtbf_hours: number, mttr_hours: number, t_hours: number): number {
  const failure = 1 / mtbf_hours;
  const repair = 1 / mttr_hours;
  const both = failure + repair;
  return repair / both + (failure / both) * Math.exp(-both * t_hours);
}

/** All have to work. */
export const inSeries = (availabilities: readonly number[]): number =>
  availabilities.reduce((product, a) => product * a, 1);

/** One has to work; failures independent. */
export const inParallel = (availabilities: readonly number[]): number =>
  1 - availabilities.reduce((product, a) => product * (1 - a), 1);

/** Formula text of the share of time in which seller and fallback are both down. */
export const BOTH_DOWN_FORMULA =
  'common_cause * min(seller_down, fallback_down) + (1 - common_cause) ^ 2 * seller_down * fallback_down';

/** Share of time in which seller and fallback are both down. */
export const bothDown = (seller: number, fallback: number, commonCause = 0): number =>
  commonCause * Math.min(seller, fallback) + (1 - commonCause) ** 2 * seller * fallback;

/** Least availability of a gateway with failover that still beats the first seller alone. */
export const leastHelpfulGateway = (seller: number, fallback: number): number =>
  (1 - seller) / (1 - bothDown(seller, fallback));
