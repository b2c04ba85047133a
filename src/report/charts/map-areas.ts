/**
 * The areas of a map as strips from left to right: between two rows of its grid borders run straight from where the upper one
 * changes to where the lower one does, in steps too small to see.
 *
 * Takes nodes and the places where the cheapest changes, gives strips in the units of the axes. Where at some node of two
 * rows there is no cheapest, cells half-way between the nodes are given instead.
 */

import { type PictureAxis, rangeOf } from './driver-axis.ts';

export interface MapPicture {
  readonly x: PictureAxis;
  readonly y: PictureAxis;
  readonly best: readonly (readonly (string | null)[])[];
  readonly boundary: readonly {
    readonly x: number;
    readonly y: number;
    readonly along: 'x' | 'y';
    readonly above: string;
  }[];
}

export interface AreaStrip {
  readonly strategy: string;
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
}

/** Steps between two rows. */
const STEPS = 8;

/** Borders of the cells around the values: half-way between neighbours, as the scale goes. */
export function cellsOf({ values, scale }: PictureAxis): [number, number][] {
  return values.map((value, i) => [
    i === 0 ? value : between(scale, values[i - 1]!, value, 0.5),
    i === values.length - 1 ? value : between(scale, value, values[i + 1]!, 0.5),
  ]);
}

const between = (scale: PictureAxis['scale'], a: number, b: number, part: number): number =>
  scale === 'logarithmic' ? a * (b / a) ** part : a + (b - a) * part;

export function areaStrips(map: MapPicture): AreaStrip[] {
  const { x, y, best } = map;
  if (y.values.length < 2 || x.values.length < 2 || best.some((row) => row.includes(null))) return wholeCells(map);
  return merged(
    best.slice(1).flatMap((_, j) =>
      Array.from({ length: STEPS }, (_unused, k) => {
        const [from, until] = [k, k + 1].map((step) => between(y.scale, y.values[j]!, y.values[j + 1]!, step / STEPS));
        return rowOf(map, j, (k + 0.5) / STEPS).map((strip) => ({ ...strip, y: from!, y2: until! }));
      }).flat(),
    ),
  );
}

/** One line from left to right, part of the way from row j to the next. */
function rowOf(map: MapPicture, j: number, part: number): Omit<AreaStrip, 'y' | 'y2'>[] {
  const { x, y, best, boundary } = map;
  const at = between(y.scale, y.values[j]!, y.values[j + 1]!, part);
  const ids = x.values.map(
    (value, i) =>
      boundary
        .filter((point) => point.along === 'y' && point.x === value && point.y >= y.values[j]! && point.y <= at)
        .sort((a, b) => b.y - a.y)[0]?.above ?? best[j]![i]!,
  );
  const [first, last] = rangeOf(x);
  const strips = [{ strategy: ids[0]!, x: first, x2: last }];
  ids.slice(1).forEach((id, i) => {
    const current = strips.at(-1)!;
    if (id === current.strategy) return;
    const cut = cutAt(map, j, i, at);
    strips[strips.length - 1] = { ...current, x2: cut };
    strips.push({ strategy: id, x: cut, x2: last });
  });
  return strips;
}

/** Where one area ends and the next begins between columns i and i + 1: on the line between the two changes on the cell's edges. */
function cutAt({ x, y, boundary }: MapPicture, j: number, i: number, at: number): number {
  const [left, right] = [x.values[i]!, x.values[i + 1]!];
  const [low, high] = [y.values[j]!, y.values[j + 1]!];
  const on = boundary.filter((point) =>
    point.along === 'x'
      ? (point.y === low || point.y === high) && point.x >= left && point.x <= right
      : (point.x === left || point.x === right) && point.y >= low && point.y <= high,
  );
  const [a, b] = on;
  if (on.length !== 2 || a!.y === b!.y)
    return on.find(({ along }) => along === 'x')?.x ?? between(x.scale, left, right, 0.5);
  const part = shareOf(y.scale, a!.y, b!.y, at);
  return between(x.scale, a!.x, b!.x, Math.min(1, Math.max(0, part)));
}

const shareOf = (scale: PictureAxis['scale'], from: number, to: number, at: number): number =>
  scale === 'logarithmic' ? Math.log(at / from) / Math.log(to / from) : (at - from) / (to - from);

function wholeCells({ x, y, best }: MapPicture): AreaStrip[] {
  const [columns, rows] = [cellsOf(x), cellsOf(y)];
  return best.flatMap((row, j) =>
    row.map((id, i) => ({
      strategy: id ?? 'none',
      x: columns[i]![0],
      x2: columns[i]![1],
      y: rows[j]![0],
      y2: rows[j]![1],
    })),
  );
}

/** Strips of the same width and strategy that lie on each other become one. */
function merged(strips: readonly AreaStrip[]): AreaStrip[] {
  const done: AreaStrip[] = [];
  const open = new Map<string, number>();
  for (const strip of strips) {
    const key = `${strip.strategy} ${strip.x} ${strip.x2} ${strip.y}`;
    const place = open.get(key);
    if (place !== undefined) done[place] = { ...done[place]!, y2: strip.y2 };
    const own = place ?? done.push(strip) - 1;
    open.delete(key);
    open.set(`${strip.strategy} ${strip.x} ${strip.x2} ${strip.y2}`, own);
  }
  return done;
}
