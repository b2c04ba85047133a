/**
 * All crossings of two costs along a driver, or how far apart they stay.
 *
 * Between two probes with equal branch signatures both costs are smooth; where signatures differ there is a kink (a step,
 * a tier, a contract date) and the gap is split until it closes. Sign changes on smooth pieces are bracketed and solved;
 * a piece without one is searched for a touch. Where costs are equal over a stretch the crossing is an interval, told as
 * `tie_from` and `tie_until`. Probes are capped: a search that stops early says so.
 *
 * A single-root solver is wrong here: a fee on a bill that falls 1 % a month pays back 20,000 in month 20 and loses it
 * again after month 108. Negative roots lie outside the range and are never reported.
 */

export interface Costs {
  readonly a: number;
  readonly b: number;
  /** Equal signatures: same branches of every max, min, ceil and comparison. */
  readonly signature: number;
}

export type CrossingKind = 'continuous' | 'jump' | 'tie_from' | 'tie_until';

export interface FoundCrossing {
  readonly value: number;
  readonly kind: CrossingKind;
  /** Sign of a - b just below and just above. */
  readonly below: number;
  readonly above: number;
}

export interface Search {
  readonly crossings: readonly FoundCrossing[];
  /** Where the costs come nearest to each other, and by how much they differ there. */
  readonly nearest: { readonly value: number; readonly difference: number };
  readonly probes: number;
  /** false: the cap was reached, there may be further crossings. */
  readonly complete: boolean;
}

interface Point extends Costs {
  readonly x: number;
  readonly difference: number;
  readonly sign: number;
}

const MAX_PROBES = 4000;
/** Differences below this share of the costs are ties: sums of the same terms in another order. */
const TIE = 1e-12;
const CLOSED = 1e-10;
/** Costs that are equal at both ends of this share of a grid cell are taken as equal in between, whatever steps they share. */
const TIE_STRETCH = 1 / 16;

/**
 * @param cost both costs at a driver value
 * @param grid ascending values; the search covers the range from the first to the last
 */
export function findCrossings(cost: (x: number) => Costs, grid: readonly number[], maxProbes = MAX_PROBES): Search {
  let probes = 0;
  let complete = true;
  let nearest = { value: Number.NaN, difference: Number.POSITIVE_INFINITY };
  const crossings: FoundCrossing[] = [];

  const probe = (x: number): Point => {
    probes += 1;
    const costs = cost(x);
    const difference = costs.a - costs.b;
    if (Math.abs(difference) < Math.abs(nearest.difference)) nearest = { value: x, difference };
    const scale = Math.max(Math.abs(costs.a), Math.abs(costs.b));
    return { x, ...costs, difference, sign: Math.abs(difference) <= TIE * scale ? 0 : Math.sign(difference) };
  };

  const cross = (value: number, kind: CrossingKind, below: number, above: number): void => {
    crossings.push({ value, kind, below, above });
  };

  /** A sign change between neighbours: a tie begins or ends, or the curves cross. */
  const settle = (p: Point, q: Point, isSmooth: boolean): void => {
    if (p.sign === q.sign) return;
    if (p.sign === 0) cross(p.x, 'tie_until', 0, q.sign);
    else if (q.sign === 0) cross(q.x, 'tie_from', p.sign, 0);
    else cross(isSmooth ? root(p, q) : q.x, isSmooth ? 'continuous' : 'jump', p.sign, q.sign);
  };

  /** Regula falsi with bisection every third step, inside the bracket. */
  const root = (p: Point, q: Point): number => {
    let [low, high] = [p, q];
    for (let i = 0; i < 80 && high.x - low.x > 1e-13 * Math.abs(high.x); i++) {
      const share = i % 3 === 2 ? 0.5 : low.difference / (low.difference - high.difference);
      const middle = probe(low.x + (high.x - low.x) * Math.min(0.999, Math.max(0.001, share)));
      if (middle.sign === 0) return middle.x;
      if (middle.sign === low.sign) low = middle;
      else high = middle;
    }
    return (low.x + high.x) / 2;
  };

  /**
   * A smooth piece with equal signs at both ends may still dip across zero in between, if the costs come nearer to each
   * other from both ends inwards.
   */
  const dip = (p: Point, q: Point): Point | undefined => {
    const width = q.x - p.x;
    const nears = (end: Point, inside: Point): boolean =>
      Math.abs(end.difference) - Math.abs(inside.difference) > TIE * Math.max(Math.abs(end.a), Math.abs(end.b));
    if (!nears(p, probe(p.x + 1e-5 * width)) || !nears(q, probe(q.x - 1e-5 * width))) return undefined;
    let [low, high] = [p, q];
    for (let i = 0; i < 40; i++) {
      const third = (high.x - low.x) / 3;
      const left = probe(low.x + third);
      const right = probe(high.x - third);
      for (const found of [left, right]) {
        if (found.sign !== p.sign) return found.sign === 0 ? besideOf(found, p, width) : found;
      }
      if (Math.abs(left.difference) < Math.abs(right.difference)) high = right;
      else low = left;
    }
    return undefined;
  };

  /** Equal costs at one value: a touch, or a root met by chance, with the dip on one side of it. */
  const besideOf = (found: Point, p: Point, width: number): Point => {
    for (const step of [1e-4, 1e-7, -1e-4, -1e-7]) {
      const beside = probe(found.x + step * width);
      if (beside.sign === -p.sign) return beside;
    }
    return found;
  };

  const walk = (p: Point, q: Point, least_tie: number): void => {
    if (probes >= maxProbes) {
      complete = false;
      settle(p, q, false);
      return;
    }
    if (p.signature === q.signature) {
      if (p.sign !== 0 && p.sign === q.sign) {
        const inside = dip(p, q);
        if (inside !== undefined) {
          settle(p, inside, true);
          settle(inside, q, true);
        }
        return;
      }
      settle(p, q, true);
      return;
    }
    if (q.x - p.x <= CLOSED * Math.max(1, Math.abs(q.x))) {
      settle(p, q, false);
      return;
    }
    if (excluded(p, q) || (p.sign === 0 && q.sign === 0 && q.x - p.x <= least_tie)) return;
    const middle = probe((p.x + q.x) / 2);
    walk(p, middle, least_tie);
    walk(middle, q, least_tie);
  };

  /** Both costs rise with most drivers; where they do over the whole grid, end values bound what lies between. */
  const points = grid.map(probe);
  const isMonotone = (['a', 'b'] as const).every((side) =>
    [1, -1].some((up) => points.every((point, i) => i === 0 || up * (point[side] - points[i - 1]![side]) >= 0)),
  );
  const excluded = (p: Point, q: Point): boolean => {
    if (!isMonotone || p.sign === 0 || p.sign !== q.sign) return false;
    const [dear, cheap] = p.sign > 0 ? (['a', 'b'] as const) : (['b', 'a'] as const);
    return Math.min(p[dear], q[dear]) > Math.max(p[cheap], q[cheap]);
  };
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1]!, points[i]!];
    walk(p, q, (q.x - p.x) * TIE_STRETCH);
  }
  return { crossings: joinTouches(crossings), nearest, probes, complete };
}

/** A tie that begins and ends at one value is a touch or a plain crossing, not an interval. */
function joinTouches(found: readonly FoundCrossing[]): FoundCrossing[] {
  const out: FoundCrossing[] = [];
  for (const crossing of found) {
    const last = out.at(-1);
    const isPoint =
      last?.kind === 'tie_from' &&
      crossing.kind === 'tie_until' &&
      Math.abs(crossing.value - last.value) <= 1e-9 * Math.max(1, Math.abs(crossing.value));
    if (!isPoint) {
      out.push(crossing);
      continue;
    }
    out.pop();
    if (last.below !== crossing.above) out.push({ ...crossing, kind: 'continuous', below: last.below });
  }
  return out;
}

/** `count` + 1 values from low to high, evenly spaced. */
export const linearGrid = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);

/** The same, evenly spaced in logarithms. */
export const logarithmicGrid = (low: number, high: number, count: number): number[] => {
  const grid = linearGrid(Math.log(low), Math.log(high), count).map(Math.exp);
  grid[0] = low;
  grid[count] = high;
  return grid;
};
