import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyTimes } from '../../../src/replay/caches/key-times.ts';

const second = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 0, max: 30 }).map((n) => n * 2 ** 27),
);
const first = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 32 - 2 }));

test('keeps the times that a map keeps', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(first, second, fc.nat(1000)), { maxLength: 400 }), (steps) => {
      const table = new KeyTimes();
      const map = new Map<string, number>();
      for (const [high, low, time_ms] of steps) {
        const found = table.find(high, low);
        const known = map.get(`${high}/${low}`);
        expect(found < 0 ? undefined : table.times[2 * found + 1]).toBe(known);
        table.put(found, high, low, time_ms);
        map.set(`${high}/${low}`, time_ms);
        expect(table.size).toBe(map.size);
      }
    }),
  );
});

test.each([
  ['that follow each other', (i: number) => i],
  ['far apart', (i: number) => Math.imul(i, 0x9e3779b1) >>> 0],
  ['that differ in their highest bits', (i: number) => (i << 16) >>> 0],
])('keeps all keys while it grows, for numbers %s', (_, numberOf) => {
  const table = new KeyTimes();
  for (let i = 0; i < 20_000; i++) {
    table.touch(i % 3, numberOf(i));
    table.put(table.find(i % 3, numberOf(i)), i % 3, numberOf(i), i / 8);
  }
  expect(table.size).toBe(20_000);
  for (let i = 0; i < 20_000; i++) expect(table.times[2 * table.find(i % 3, numberOf(i)) + 1]).toBe(i / 8);
  for (let i = 0; i < 20_000; i++) expect(table.find(3, numberOf(i))).toBeLessThan(0);
});
