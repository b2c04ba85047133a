/**
 * Figures of a few noisy rounds: quantiles, medians with their spread, and ratios and differences taken round by round.
 *
 *   quantile(p) of n sorted values stands at place p (n - 1), counted from 0, and is interpolated between neighbours
 *   example: the median of 1, 2, 4, 8 is 3; the quantile 0.9 stands at place 2.7 and is 4 + 0.7 x 4 = 6.8
 *
 * Two targets that were measured in the same round shared what else the machine did, so their ratio is taken within each
 * round and the median over rounds afterwards. With n rounds, least and most of them hold the true median with probability
 * 1 - 2^(1 - n) if rounds are independent: 6 rounds give 0.96875 (order statistics; David and Nagaraja, Order Statistics,
 * 7.1). Not modelled: that neighbouring rounds are alike, which makes the interval look better than it is.
 */

/** @param sorted ascending */
export function quantile(sorted, p) {
  if (sorted.length === 0) return Number.NaN;
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

const ascending = (values) => Float64Array.from(values).sort();

export const median = (values) => quantile(ascending(values), 0.5);

/** Values that were not measured (NaN, undefined) don't count; nothing measured is undefined. */
export function spread(values) {
  const sorted = ascending(values.filter(Number.isFinite));
  if (sorted.length === 0) return undefined;
  return { median: quantile(sorted, 0.5), least: sorted[0], most: sorted[sorted.length - 1], rounds: sorted.length };
}

/** Round by round; a round that lacks one of the two is left out. */
export const ratios = (ours, theirs) => spread(ours.map((value, round) => value / theirs[round]));

export const differences = (ours, theirs) => spread(ours.map((value, round) => value - theirs[round]));

/** Probability that least and most of so many independent rounds hold the true median. */
export const coverage = (rounds) => 1 - 2 ** (1 - rounds);
