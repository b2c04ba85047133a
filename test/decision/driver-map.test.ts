import { describe, expect, it } from 'vitest';
import { type DriverMapDesign, driverMap } from '../../src/decision/driver-map.ts';

const grid = (from: number, until: number, steps: number): number[] =>
  Array.from({ length: steps + 1 }, (_, i) => from + ((until - from) * i) / steps);

/** 1,500 a month against a fee on spend: the border is spend x fee = 1,500. */
const feeMap = (changes: Partial<DriverMapDesign> = {}): DriverMapDesign => ({
  ids: ['own', 'managed'],
  x: grid(10_000, 60_000, 5),
  y: grid(0, 0.1, 4),
  evaluate: (spend, fee) => [1_500, spend * fee],
  ...changes,
});

describe('a map of the best strategy over two drivers', () => {
  it('has the best and its margin in each node, rows by y', () => {
    const found = driverMap(feeMap());
    const at = (x: number, y: number): [string, number] => [
      found.ids[found.best[y * found.x.length + x]!]!,
      found.margin[y * found.x.length + x]!,
    ];
    expect([found.best.length, found.margin.length]).toEqual([30, 30]);
    expect(at(0, 0)).toEqual(['managed', 1_500]);
    expect(at(5, 0)).toEqual(['managed', 1_500]);
    expect(at(5, 4)).toEqual(['own', 4_500]);
    expect(at(0, 4)).toEqual(['managed', expect.closeTo(500, 9)]);
  });

  it('puts points of the border where both cost the same', () => {
    const { boundary } = driverMap(feeMap());
    expect(boundary.length).toBeGreaterThan(5);
    for (const { x, y, below, above } of boundary) {
      expect(Math.abs(x * y - 1_500)).toBeLessThan(1e-4);
      expect([below, above].sort()).toEqual(['managed', 'own']);
    }
  });

  it('finds a strategy that is best only between two nodes', () => {
    const found = driverMap({
      ids: ['left', 'sliver', 'right'],
      x: [0, 1],
      y: [0, 1],
      evaluate: (x) => [x, 0.45 + 0.1 * Math.abs(x - 0.5), 1 - x],
    });
    const along = found.boundary.filter((point) => point.y === 0).map(({ x, below, above }) => [x, below, above]);
    expect(along).toEqual([
      [expect.closeTo(0.5 / 1.1, 6), 'left', 'sliver'],
      [expect.closeTo(1 - 0.5 / 1.1, 6), 'sliver', 'right'],
    ]);
  });

  it('finds a border that runs through nodes, where both cost exactly the same', () => {
    const lines = { ids: ['a', 'b'], x: [0, 1, 2], y: [0, 1] };
    const rising = driverMap({ ...lines, evaluate: (x) => [1, x] });
    const falling = driverMap({ ...lines, evaluate: (x) => [1, 2 - x] });
    expect(rising.boundary.map(({ x, above }) => [x, above])).toEqual([
      [expect.closeTo(1, 6), 'a'],
      [expect.closeTo(1, 6), 'a'],
    ]);
    expect(falling.boundary.map(({ x, above }) => [x, above])).toEqual([
      [expect.closeTo(1, 6), 'b'],
      [expect.closeTo(1, 6), 'b'],
    ]);
  });

  it('takes the same sum in another order as the same cost', () => {
    const found = driverMap(feeMap({ evaluate: () => [0.1 + 0.2, 0.3] }));
    expect([...found.best]).toEqual(new Array(30).fill(0));
  });

  it('takes a step of the costs as a border too', () => {
    const found = driverMap({ ids: ['a', 'b'], x: [0, 10], y: [0, 1], evaluate: (x) => [x > 3 ? 2 : 0, 1] });
    expect(found.boundary.map(({ x }) => x)).toEqual([expect.closeTo(3, 6), expect.closeTo(3, 6)]);
  });

  it('has no border where one strategy is best everywhere, and a margin of 0 where two cost the same', () => {
    const found = driverMap(feeMap({ evaluate: () => [1, 1] }));
    expect(found.boundary).toEqual([]);
    expect([...found.margin]).toEqual(new Array(30).fill(0));
    expect([...found.best]).toEqual(new Array(30).fill(0));
  });

  it('refuses a grid that does not rise, and a single strategy', () => {
    expect(() => driverMap(feeMap({ x: [1, 1] }))).toThrow('rise');
    expect(() => driverMap(feeMap({ ids: ['own'] }))).toThrow('two strategies');
  });

  it('refuses a cost that is not known', () => {
    expect(() => driverMap(feeMap({ evaluate: () => [1, Number.NaN] }))).toThrow('managed costs NaN at (10000, 0)');
  });
});
