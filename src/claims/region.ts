/**
 * Where in a range of one input, or in a rectangle of two, a condition holds.
 *
 * Along one input the condition is judged on a grid, and each change between neighbours is bisected to 1e-9 of the step: the
 * share is the length of the stretches where it holds over the length of the range. Over two inputs this is done in rows of
 * the second, and the share is the mean of the rows by the trapezoid rule. Shares are even over the range, whatever its
 * distribution; where the first runs over more than a decade, even in its logarithm, as it is drawn. Examples: x > 3 over 0
 * to 10 holds in 0.7, from 3 on; x > 100 over 10 to 10,000 in 2/3.
 * Not found: a stretch narrower than a step of the grid whose ends agree.
 */
import type { Verdict } from '../formula/condition.ts';
import { type Axis, gridOf, isWide } from './axes.ts';

export interface Stretch<T = Verdict> {
  readonly from: number;
  readonly to: number;
  readonly verdict: T;
}

export interface BoundaryPoint {
  readonly x: number;
  /** Absent along one input. */
  readonly y?: number;
  /** Verdict at smaller and at larger x. */
  readonly below: Verdict;
  readonly above: Verdict;
}

export interface Region {
  readonly share_fraction: number;
  readonly unknown_fraction: number;
  readonly boundary: readonly BoundaryPoint[];
  /** Along one input: the whole range, stretch by stretch. */
  readonly stretches: readonly Stretch[];
  /** Over two inputs: the same along the first at both ends of the second. */
  readonly ends: readonly (readonly Stretch[])[];
  /** Over two inputs: the same along the first at rising values of the second. */
  readonly rows: readonly RegionRow[];
}

export interface RegionRow {
  readonly at: number;
  readonly stretches: readonly Stretch[];
}

const STEPS = 64;
const ROWS = 32;
const STEPS_OF_ROW = 24;
const MOST_CHANGES = 16;
const BISECTIONS = 60;
const CLOSE_FRACTION = 1e-9;

/** The range from end to end, cut where what is judged changes. */
export function stretchesOf<T = Verdict>(
  judge: (x: number) => T,
  range: Pick<Axis, 'from' | 'to'>,
  steps = STEPS,
): Stretch<T>[] {
  const grid = gridOf(range, steps);
  const found: Stretch<T>[] = [];
  let [start, current] = [range.from, judge(range.from)];
  const cut = (at: number, next: T): void => {
    found.push({ from: start, to: at, verdict: current });
    [start, current] = [at, next];
  };
  for (let i = 1; i < grid.length; i++) {
    const last = judge(grid[i]!);
    let from = grid[i - 1]!;
    for (let turn = 0; turn < MOST_CHANGES && current !== last; turn++) {
      const change = changeBetween(judge, from, grid[i]!, current, last);
      cut(change.at, change.verdict);
      from = change.beyond;
    }
  }
  cut(range.to, current);
  return found;
}

function changeBetween<T>(judge: (x: number) => T, from: number, until: number, first: T, last: T) {
  let [inside, beyond, verdict] = [from, until, last];
  const close = CLOSE_FRACTION * (until - from);
  for (let i = 0; i < BISECTIONS && beyond - inside > close; i++) {
    const middle = inside + (beyond - inside) / 2;
    const found = judge(middle);
    if (found === first) inside = middle;
    else [beyond, verdict] = [middle, found];
  }
  return { at: inside + (beyond - inside) / 2, beyond, verdict };
}

type Range = Pick<Axis, 'from' | 'to'>;

/** How much of the range lies between two of its values. */
const partOf = ({ from, to }: Range, low: number, high: number): number =>
  isWide(from, to) ? Math.log(high / low) / Math.log(to / from) : (high - low) / (to - from);

const shareOf = (stretches: readonly Stretch[], wanted: Verdict, range: Range): number =>
  stretches.every(({ verdict }) => verdict === wanted)
    ? 1
    : stretches.reduce((share, one) => share + (one.verdict === wanted ? partOf(range, one.from, one.to) : 0), 0);

const changesOf = (stretches: readonly Stretch[]): BoundaryPoint[] =>
  stretches.slice(1).map(({ from, verdict }, i) => ({ x: from, below: stretches[i]!.verdict, above: verdict }));

export function regionAlong(judge: (x: number) => Verdict, x: Axis): Region {
  const stretches = stretchesOf(judge, x);
  return {
    share_fraction: shareOf(stretches, 'holds', x),
    unknown_fraction: shareOf(stretches, 'unknown', x),
    boundary: changesOf(stretches),
    stretches,
    ends: [],
    rows: [],
  };
}

export function regionOver(judge: (x: number, y: number) => Verdict, x: Axis, y: Axis): Region {
  const rows = Array.from({ length: ROWS + 1 }, (_, j) => {
    const at = j === ROWS ? y.to : y.from + ((y.to - y.from) * j) / ROWS;
    return { at, stretches: stretchesOf((value) => judge(value, at), x, STEPS_OF_ROW) };
  });
  const mean = (wanted: Verdict): number =>
    rows.every(({ stretches }) => stretches.every(({ verdict }) => verdict === wanted))
      ? 1
      : rows.reduce(
          (sum, { stretches }, j) => sum + shareOf(stretches, wanted, x) / (j === 0 || j === ROWS ? 2 * ROWS : ROWS),
          0,
        );
  return {
    share_fraction: mean('holds'),
    unknown_fraction: mean('unknown'),
    boundary: rows.flatMap(({ at, stretches }) => changesOf(stretches).map((point) => ({ ...point, y: at }))),
    stretches: [],
    ends: [rows[0]!.stretches, rows.at(-1)!.stretches],
    rows,
  };
}
