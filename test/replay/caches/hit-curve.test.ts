import { expect, test } from 'vitest';
import { HitCurve, hitsAt, mergeHitTables } from '../../../src/replay/caches/hit-curve.ts';

const EDGES = { capacities: [2, 10], lives_ms: [2000, 60_000] };

const example = () => {
  const curve = new HitCurve(EDGES);
  for (let i = 0; i < 4; i++) curve.seen(1, 0, 100, 20);
  curve.reused(0, 5000, 1, 0, 100, 20);
  curve.reused(3, 1000, 1, 0, 100, 20);
  return curve;
};

test('the worked example of the header', () => {
  const table = example().table();
  const requests = (capacity: number, life_ms: number): number => hitsAt(table, capacity, life_ms).requests;
  expect([requests(2, 2000), requests(2, 60_000), requests(10, 2000), requests(10, 60_000)]).toEqual([0, 1, 1, 2]);
  expect(hitsAt(table, 10, 60_000)).toEqual({ requests: 2, blocks: 0, input_tokens: 200, output_tokens: 40 });
  expect(table.total).toEqual({ requests: 4, blocks: 0, input_tokens: 400, output_tokens: 80 });
});

test('what lies at or above the last edge is no hit at any of them', () => {
  const curve = new HitCurve(EDGES);
  curve.reused(10, 1, 1, 0, 1, 1);
  curve.reused(1, 60_000, 1, 0, 1, 1);
  expect(curve.table().cells.every((count) => count === 0)).toBe(true);
});

test('tables of equal edges add up, survive JSON, and others are refused', () => {
  const table = example().table();
  const sum = mergeHitTables(table, JSON.parse(JSON.stringify(table)));
  expect(hitsAt(sum, 10, 60_000).input_tokens).toBe(400);
  expect(sum.total.requests).toBe(8);
  const other = new HitCurve({ ...EDGES, capacities: [2, 11] }).table();
  expect(() => mergeHitTables(table, other)).toThrow('hit tables of capacities 2, 10 and 2, 11 do not add up');
});

test('between edges nothing is known', () => {
  const table = example().table();
  expect(() => hitsAt(table, 5, 2000)).toThrow('capacity 5 is no edge of 2, 10');
  expect(() => hitsAt(table, 2, 1)).toThrow('life 1 ms is no edge of 2000, 60000');
});

test('edges that do not ascend are told', () => {
  expect(() => new HitCurve({ ...EDGES, lives_ms: [5, 5] })).toThrow(
    'lives_ms of a hit curve ascend from above 0, not 5, 5',
  );
  expect(() => new HitCurve({ ...EDGES, capacities: [] })).toThrow('capacities of a hit curve');
});
