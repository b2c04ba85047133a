import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairTable } from '../../../src/replay/caches/pair-table.ts';

const number = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 0, max: 30 }).map((n) => n * 2 ** 27),
);

test('finds what a map finds, whatever is added and removed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3 }), number), { maxLength: 400 }),
      (steps) => {
        const table = new PairTable(2);
        const map = new Map<string, number>();
        for (const [remove, high, low] of steps) {
          const key = `${high}/${low}`;
          expect(table.find(high, low)).toBe(map.get(key) ?? -1);
          if (map.has(key)) {
            if (!remove) continue;
            table.remove(map.get(key)!);
            map.delete(key);
          } else {
            const row = table.add(high, low);
            expect([...map.values()]).not.toContain(row);
            map.set(key, row);
          }
          expect(table.size).toBe(map.size);
        }
        for (const [key, row] of map) {
          const [high, low] = key.split('/').map(Number);
          expect(table.find(high!, low!)).toBe(row);
        }
      },
    ),
  );
});

test('keeps rows and what they hold while it grows, and uses the rows of removed pairs again', () => {
  const table = new PairTable(2);
  for (let i = 0; i < 5000; i++) {
    const row = table.add(i % 3, i);
    table.doubles[2 * row + 1] = i / 8;
  }
  for (let i = 0; i < 5000; i++) expect(table.doubles[2 * table.find(i % 3, i) + 1]).toBe(i / 8);
  for (let i = 0; i < 5000; i += 2) table.remove(table.find(i % 3, i));
  for (let i = 0; i < 5000; i++) expect(table.find(i % 3, i) < 0).toBe(i % 2 === 0);
  const bytes = table.doubles.length;
  for (let i = 5000; i < 7500; i++) expect(table.add(7, i)).toBeLessThan(5000);
  expect(table.doubles.length).toBe(bytes);
});
