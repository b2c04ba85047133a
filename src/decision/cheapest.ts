/**
 * Which strategy is cheapest, how often, and what it costs to be wrong, on paired draws.
 *
 *   regret of s in a draw = cost of s - least cost of any strategy in that draw
 *   error of a share      = sqrt(p (1 - p) / n)
 *
 * Costs within TIE_FRACTION of the least share the win: they count as tied, for none of them as cheapest, so that a
 * strategy and its copy tie in every draw instead of winning half of them each.
 * Example: costs (1, 5) against (2, 3) make each cheapest in 1 of 2 draws with regrets 1 and 0.5.
 * Units: shares 0 to 1; the rest as the costs. Errors are those of independent draws; stratified ones do better.
 */
import { type CostDraws, drawCount, isTie, meanOf, shareError, TIE_FRACTION } from './draws.ts';
import { quantileOfSorted } from './summary.ts';

export interface Standing {
  readonly id: string;
  /** Draws in which it alone is cheapest. */
  readonly sole_fraction: number;
  readonly sole_se: number;
  /** Draws in which it is cheapest together with others. */
  readonly tied_fraction: number;
  readonly tied_se: number;
  /** Expected, against whichever is cheapest in each draw. */
  readonly regret: number;
  readonly regret_se: number;
}

export function cheapest({ ids, costs }: CostDraws, tie = TIE_FRACTION): Standing[] {
  const n = drawCount(ids, costs);
  const sole = new Uint32Array(ids.length);
  const tied = new Uint32Array(ids.length);
  const least = leastCosts(costs);
  for (let i = 0; i < n; i++) {
    let winners = 0;
    let winner = 0;
    for (let s = 0; s < costs.length; s++)
      if (isTie(costs[s]![i]!, least[i]!, tie)) {
        winners += 1;
        winner = s;
      }
    if (winners === 1) sole[winner]! += 1;
    else for (let s = 0; s < costs.length; s++) if (isTie(costs[s]![i]!, least[i]!, tie)) tied[s]! += 1;
  }
  return ids.map((id, s) => {
    const regret = meanOf(minus(costs[s]!, least));
    const [sole_fraction, tied_fraction] = [sole[s]! / n, tied[s]! / n];
    return {
      id,
      sole_fraction,
      sole_se: shareError(sole_fraction, n),
      tied_fraction,
      tied_se: shareError(tied_fraction, n),
      regret: regret.mean,
      regret_se: regret.se,
    };
  });
}

export interface PairedDifference {
  /** Of a - b: below 0 a is cheaper. */
  readonly mean: number;
  readonly se: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly a_cheaper_fraction: number;
  readonly a_cheaper_se: number;
  readonly tie_fraction: number;
}

/** Draw by draw, so that what moves both costs cancels. Quantiles are of type 7. */
export function pairedDifference(a: Float64Array, b: Float64Array, tie = TIE_FRACTION): PairedDifference {
  const n = drawCount(['a', 'b'], [a, b]);
  const differences = minus(a, b);
  let cheaper = 0;
  let ties = 0;
  for (let i = 0; i < n; i++)
    if (isTie(a[i]!, b[i]!, tie)) ties += 1;
    else if (differences[i]! < 0) cheaper += 1;
  const { mean, se } = meanOf(differences);
  const sorted = differences.sort();
  return {
    mean,
    se,
    p5: quantileOfSorted(sorted, 0.05),
    p50: quantileOfSorted(sorted, 0.5),
    p95: quantileOfSorted(sorted, 0.95),
    a_cheaper_fraction: cheaper / n,
    a_cheaper_se: shareError(cheaper / n, n),
    tie_fraction: ties / n,
  };
}

/** The least cost of any strategy in each draw. */
export function leastCosts(costs: readonly Float64Array[]): Float64Array {
  const least = costs[0]!.slice();
  for (let s = 1; s < costs.length; s++) {
    const column = costs[s]!;
    for (let i = 0; i < least.length; i++) if (column[i]! < least[i]!) least[i] = column[i]!;
  }
  return least;
}

export function minus(a: Float64Array, b: Float64Array): Float64Array {
  const difference = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) difference[i] = a[i]! - b[i]!;
  return difference;
}
