import { describe, expect, it } from 'vitest';
import type { Axis } from '../../src/claims/axes.ts';
import { gridOf } from '../../src/claims/axes.ts';
import { regionAlong, regionOver, stretchesOf } from '../../src/claims/region.ts';
import type { Verdict } from '../../src/formula/condition.ts';

const axis = (from: number, to: number): Axis => ({
  path: 'x',
  unit: '1',
  slot: 0,
  from,
  to,
  at: from,
  range: 'stated',
});
const when = (isTrue: boolean): Verdict => (isTrue ? 'holds' : 'fails');

describe('where a condition holds along one input', () => {
  it('is told with its share and its boundary', () => {
    const found = regionAlong((x) => when(x > 3), axis(0, 10));
    expect(found.share_fraction).toBeCloseTo(0.7, 8);
    expect(found.boundary).toHaveLength(1);
    expect(found.boundary[0]).toMatchObject({ below: 'fails', above: 'holds' });
    expect(found.boundary[0]!.x).toBeCloseTo(3, 8);
  });

  it('has a share of the decades where the range runs over several', () => {
    expect(regionAlong((x) => when(x > 100), axis(10, 10_000)).share_fraction).toBeCloseTo(2 / 3, 8);
    expect(regionOver((x) => when(x > 100), axis(10, 10_000), axis(0, 1)).share_fraction).toBeCloseTo(2 / 3, 8);
  });

  it('may be several stretches, unknown ones among them', () => {
    const judge = (x: number): Verdict => (x > 8 ? 'unknown' : when(x < 1 || (x > 2 && x < 5)));
    const found = regionAlong(judge, axis(0, 10));
    expect(found.boundary.map(({ x }) => Number(x.toFixed(6)))).toEqual([1, 2, 5, 8]);
    expect(found.share_fraction).toBeCloseTo(0.4, 6);
    expect(found.unknown_fraction).toBeCloseTo(0.2, 6);
    expect(found.stretches.map(({ verdict }) => verdict)).toEqual(['holds', 'fails', 'holds', 'fails', 'unknown']);
  });

  it('throughout and nowhere are exactly one and zero', () => {
    expect(regionAlong(() => 'holds', axis(0.1, 0.7)).share_fraction).toBe(1);
    expect(regionAlong(() => 'fails', axis(0.1, 0.7)).share_fraction).toBe(0);
    expect(regionAlong(() => 'fails', axis(0.1, 0.7)).boundary).toEqual([]);
  });

  it('finds two changes between neighbours of the grid where its ends differ', () => {
    const judge = (x: number): string => (x < 5.001 ? 'a' : x < 5.002 ? 'b' : 'c');
    const found = stretchesOf(judge, axis(0, 10), 4);
    expect(found[0]!.verdict).toBe('a');
    expect(found.at(-1)!.verdict).toBe('c');
  });

  it('looks closely at the small end of a range over decades', () => {
    const found = regionAlong((x) => when(x > 30 && x < 50), axis(10, 1e7));
    expect(found.boundary.map(({ x }) => Math.round(x))).toEqual([30, 50]);
  });
});

describe('where a condition holds over two inputs', () => {
  it('is the area below a line', () => {
    const found = regionOver((x, y) => when(x + y < 1), axis(0, 1), axis(0, 1));
    expect(found.share_fraction).toBeCloseTo(0.5, 6);
    for (const { x, y } of found.boundary) expect(x + y!).toBeCloseTo(1, 6);
    expect(found.boundary.length).toBeGreaterThan(30);
  });

  it('throughout is exactly one', () => {
    expect(regionOver(() => 'holds', axis(0, 1), axis(2, 3)).share_fraction).toBe(1);
  });
});

describe('a grid', () => {
  it('rises from end to end', () => {
    for (const [from, to] of [
      [0, 1],
      [1, 1e6],
      [-5, 5],
      [0.1, 0.3],
    ] as const) {
      const grid = gridOf({ from, to }, 16);
      expect([grid[0], grid.at(-1)]).toEqual([from, to]);
      expect(grid.every((value, i) => i === 0 || value > grid[i - 1]!)).toBe(true);
      expect(grid.length).toBeGreaterThanOrEqual(17);
    }
  });
});
