import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReuseDistance } from '../../../src/replay/caches/reuse-distance.ts';

const distances = (keys: readonly number[]): number[] => {
  const uses = new ReuseDistance();
  return keys.map((key, now) => {
    const number = uses.find(key % 2, key);
    const distance = number < 0 ? -1 : uses.distance(number);
    uses.use(key % 2, key, now);
    return distance;
  });
};

/** By a list in order of last use. */
const plainDistances = (keys: readonly number[]): number[] => {
  const stack: number[] = [];
  return keys.map((key) => {
    const distance = stack.indexOf(key);
    if (distance >= 0) stack.splice(distance, 1);
    stack.unshift(key);
    return distance;
  });
};

test('the worked example of the header', () => {
  const [a, b, c] = [1, 2, 3];
  expect(distances([a, b, c, b, a])).toEqual([-1, -1, -1, 1, 2]);
});

test('distances are those of a list in order of last use, also after positions were numbered anew many times', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(90), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 120 }),
      (keys, times) => {
        const long = Array.from({ length: times }, (_, round) => keys.map((key) => (key * (round + 1)) % 91)).flat();
        expect(distances(long)).toEqual(plainDistances(long));
      },
    ),
    { numRuns: 60 },
  );
});

test('more keys than positions at first', () => {
  const keys = Array.from({ length: 3000 }, (_, i) => i);
  const backwards = keys.toReversed();
  expect(distances([...keys, ...backwards, ...keys])).toEqual([...keys.map(() => -1), ...keys, ...keys]);
});

test('tells when a key was last used', () => {
  const uses = new ReuseDistance();
  uses.use(0, 7, 100);
  uses.use(0, 8, 200);
  uses.use(0, 7, 350);
  expect([uses.lastUse(uses.find(0, 7)), uses.lastUse(uses.find(0, 8)), uses.keys]).toEqual([350, 200, 2]);
});
