/**
 * The best strategy over two drivers: who is cheapest in each node of a grid and by how much, and where it changes.
 *
 * Along each edge of the grid whose ends have different best strategies, bisection finds the change, within 1e-9 of the edge
 * unless less is asked for, and goes on from there until the far end's best is reached, so that a strategy which is best only
 * in between shows up too. Of strategies that cost the same the first of the ids is best, in nodes and along edges alike.
 *
 * Example: 1,500 a month against a fee on spend has the border spend x fee = 1,500. Units: the drivers' and the costs'.
 * Not modelled: an island inside a cell or an edge whose ends agree; a finer grid finds it.
 */
import { bisectBest } from './best-change.ts';
import { costsOf, isTie, smallest } from './draws.ts';

/** Along one edge; more than these are not told apart. */
const MOST_CHANGES = 16;

export interface DriverMapDesign {
  readonly ids: readonly string[];
  /** Ascending values of the two drivers. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The cost of each strategy. */
  readonly evaluate: (x: number, y: number) => ArrayLike<number>;
  /** How near to a change it is found, as a share of its edge; 1e-9 unless told. */
  readonly close_fraction?: number;
}

export interface BoundaryPoint {
  readonly x: number;
  readonly y: number;
  /** Cheapest at smaller values of the driver that runs along the edge. */
  readonly below: string;
  /** Cheapest at larger ones. */
  readonly above: string;
  /** The driver that runs along the edge. */
  readonly along: 'x' | 'y';
}

export interface DriverMap {
  readonly ids: readonly string[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Positions in `ids`, row by row: node (i, j) stands at j * x.length + i. */
  readonly best: Uint16Array;
  /** By how much the next best is dearer, in the same order. */
  readonly margin: Float64Array;
  readonly boundary: readonly BoundaryPoint[];
  readonly evaluations: number;
}

export function driverMap({ ids, x, y, evaluate, close_fraction }: DriverMapDesign): DriverMap {
  if (ids.length < 2) throw new Error('a map takes at least two strategies');
  for (const grid of [x, y])
    if (grid.length === 0 || grid.some((value, i) => !(value > (grid[i - 1] ?? Number.NEGATIVE_INFINITY))))
      throw new Error(`the values of a driver have to rise: ${grid.join(', ')}`);
  let evaluations = 0;
  const costsAt = (xValue: number, yValue: number): Float64Array => {
    evaluations += 1;
    return costsOf(ids, evaluate(xValue, yValue), `(${xValue}, ${yValue})`);
  };
  const best = new Uint16Array(x.length * y.length);
  const margin = new Float64Array(x.length * y.length);
  y.forEach((yValue, j) => {
    x.forEach((xValue, i) => {
      const costs = costsAt(xValue, yValue);
      const node = j * x.length + i;
      best[node] = firstOfBest(costs);
      margin[node] = nextAfter(costs, best[node]!) - costs[best[node]!]!;
    });
  });

  const boundary: BoundaryPoint[] = [];
  const walk = (along: 'x' | 'y', fixed: number, from: number, until: number, first: number, last: number): void => {
    const bestAt = (value: number): number =>
      firstOfBest(along === 'x' ? costsAt(value, fixed) : costsAt(fixed, value));
    let [start, current] = [from, first];
    for (let turn = 0; turn < MOST_CHANGES && current !== last; turn++) {
      const found = bisectBest(bestAt, start, until, current, last, close_fraction);
      boundary.push({
        x: along === 'x' ? found.at : fixed,
        y: along === 'x' ? fixed : found.at,
        below: ids[current]!,
        above: ids[found.to]!,
        along,
      });
      [start, current] = [found.beyond, found.to];
    }
  };
  for (let j = 0; j < y.length; j++)
    for (let i = 0; i < x.length; i++) {
      const node = j * x.length + i;
      const right = i + 1 < x.length ? best[node + 1]! : best[node]!;
      const next = j + 1 < y.length ? best[node + x.length]! : best[node]!;
      if (right !== best[node]) walk('x', y[j]!, x[i]!, x[i + 1]!, best[node]!, right);
      if (next !== best[node]) walk('y', x[i]!, y[j]!, y[j + 1]!, best[node]!, next);
    }
  return { ids, x, y, best, margin, boundary, evaluations };
}

function firstOfBest(costs: Float64Array): number {
  const least = costs[smallest(costs)]!;
  let first = 0;
  while (!isTie(costs[first]!, least)) first += 1;
  return first;
}

function nextAfter(costs: Float64Array, best: number): number {
  const others = costs.filter((_, s) => s !== best);
  return others[smallest(others)]!;
}
