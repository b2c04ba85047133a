/**
 * Whether one strategy is better for everybody, or for everybody who dislikes risk, pair by pair.
 *
 *   first order    a is no dearer than b at any quantile: better for whoever prefers to pay less
 *   second order   increasing convex order, E max(0, cost - t) no higher for any t: better for whoever also prefers a
 *                  sure cost to an unsure one of the same mean
 *
 * On n draws each, sorted: a[i] <= b[i] for all i; and for all k the sum of the n - k dearest of a is at most that of b.
 * Example: a sure 3 against 2 or 4 dominates in the second order alone. Beside it stands how often a is cheaper in the same
 * world: cheaper in 97 % of futures is not dominant if the other 3 % are dear enough.
 * Says what the draws say: a dominance may fail in a tail that no draw reached. Order after first implies second.
 * Source: Shaked and Shanthikumar, Stochastic Orders, 2007, 1.A and 4.A.
 */
import { pairedDifference } from './cheapest.ts';
import { type CostDraws, drawCount, isTie, TIE_FRACTION } from './draws.ts';

export interface RiskComparison {
  readonly a: string;
  readonly b: string;
  /** Id of the one that dominates; null where neither does. */
  readonly dominant: string | null;
  readonly order: 'first' | 'second' | null;
  readonly same_distribution: boolean;
  /** In the same world. */
  readonly a_cheaper_fraction: number;
  readonly tie_fraction: number;
  /** Share of quantiles at which it is the dearer one. */
  readonly a_dearer_quantiles_fraction: number;
  readonly b_dearer_quantiles_fraction: number;
}

/** Every pair once, in the order of the ids. */
export function compareRisk({ ids, costs }: CostDraws): RiskComparison[] {
  drawCount(ids, costs);
  const sorted = costs.map((column) => column.slice().sort());
  return ids.flatMap((a, s) =>
    ids.slice(s + 1).map((b, offset) => {
      const t = s + 1 + offset;
      const quantiles = dearerQuantiles(sorted[s]!, sorted[t]!);
      const { a_cheaper_fraction, tie_fraction } = pairedDifference(costs[s]!, costs[t]!);
      const order = orderOf(quantiles, dearerTails(sorted[s]!, sorted[t]!));
      return {
        a,
        b,
        dominant: order === null ? null : order.isA ? a : b,
        order: order?.order ?? null,
        same_distribution: quantiles.a === 0 && quantiles.b === 0,
        a_cheaper_fraction,
        tie_fraction,
        a_dearer_quantiles_fraction: quantiles.a / sorted[s]!.length,
        b_dearer_quantiles_fraction: quantiles.b / sorted[s]!.length,
      };
    }),
  );
}

/** At how many places each of the two is the dearer one. */
interface Dearer {
  readonly a: number;
  readonly b: number;
}

function orderOf(quantiles: Dearer, tails: Dearer): { order: 'first' | 'second'; isA: boolean } | null {
  if (quantiles.a === 0 && quantiles.b === 0) return null;
  if (quantiles.a === 0 || quantiles.b === 0) return { order: 'first', isA: quantiles.a === 0 };
  if (tails.a === 0 || tails.b === 0) return { order: 'second', isA: tails.a === 0 };
  return null;
}

function dearerQuantiles(a: Float64Array, b: Float64Array): Dearer {
  const count = { a: 0, b: 0 };
  for (let i = 0; i < a.length; i++) if (!isTie(a[i]!, b[i]!)) count[a[i]! > b[i]! ? 'a' : 'b'] += 1;
  return count;
}

function dearerTails(a: Float64Array, b: Float64Array): Dearer {
  const count = { a: 0, b: 0 };
  let gap = 0;
  let size = 0;
  for (let i = a.length - 1; i >= 0; i--) {
    gap += a[i]! - b[i]!;
    size += Math.max(Math.abs(a[i]!), Math.abs(b[i]!));
    if (Math.abs(gap) > TIE_FRACTION * size) count[gap > 0 ? 'a' : 'b'] += 1;
  }
  return count;
}
