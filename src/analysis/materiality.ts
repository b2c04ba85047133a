/**
 * Materiality: an alternative that contains another as its special case (a change-over that could stay away, a commitment
 * that could be 0) is never dearer at its best, so it is named only if it saves enough to be worth the bother.
 *
 *   material: simplest - best >= materiality x |simplest|
 *
 * Example: 98 against 100 at 2 % is material, 98.1 is not. The 2 % are this project's convention; a scenario sets its own.
 */

/** Least advantage over the simplest special case, as a share of its cost. */
export const MATERIALITY = 0.02;

export const isMaterial = (best_usd: number, simplest_usd: number, materiality = MATERIALITY): boolean =>
  simplest_usd - best_usd >= materiality * Math.abs(simplest_usd);

/** Costs nearer to each other than this share are ties: sums of the same terms in another order. */
const TIE = 1e-12;

/** The position of the least cost; of ties the first. */
export function firstLeast(costs: readonly number[]): number {
  const least = costs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return costs.findIndex((cost) => cost - least <= TIE * Math.abs(least));
}
