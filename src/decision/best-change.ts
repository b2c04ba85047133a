/**
 * Where the best strategy changes along one value: who is best at a place, and bisection between two places that differ.
 *
 * A change is found within 1e-9 of the way, or what is asked for, be it a crossing or a step. Of several changes it finds one;
 * who takes over is read just beyond it. Example: costs 1,500 and 0.055 x from 50,000 down to 20,000 change at 27,272.73.
 */
import { isTie, smallest } from './draws.ts';

/** The cheapest strategy; on a tie the one that was best before. */
export function bestOr(costs: ArrayLike<number>, before: number): number {
  const best = smallest(costs);
  return isTie(costs[best]!, costs[before]!) ? before : best;
}

const BISECTIONS = 60;
const CLOSE_FRACTION = 1e-9;

/** A place between `from`, where `best` is cheapest, and `until`, where it is not, at which it stops to be; and who follows. */
export function bisectBest(
  bestAt: (x: number) => number,
  from: number,
  until: number,
  best: number,
  bestUntil: number,
  closeFraction = CLOSE_FRACTION,
): { at: number; beyond: number; to: number } {
  let [inside, outside, to] = [from, until, bestUntil];
  const close = closeFraction * Math.abs(until - from);
  for (let i = 0; i < BISECTIONS && Math.abs(outside - inside) > close; i++) {
    const middle = inside + (outside - inside) / 2;
    const found = bestAt(middle);
    if (found === best) inside = middle;
    else [outside, to] = [middle, found];
  }
  return { at: inside + (outside - inside) / 2, beyond: outside, to };
}
