import { expect, test } from 'vitest';
import { substream } from '../src/random.ts';

const many = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const centre = mean(values);
  return mean(values.map((v) => (v - centre) ** 2));
};

test('a seed and a name give the same stream again, and these numbers on every machine', () => {
  const draws = () => many(3, substream(1, 'arrivals').uniform);
  expect(draws()).toEqual(draws());
  expect(draws()).toMatchInlineSnapshot(`
    [
      0.28565886261205353,
      0.34933206949903883,
      0.6808122506859463,
    ]
  `);
});

test('another name or another seed is another stream, and streams do not disturb each other', () => {
  const first = substream(1, 'a');
  const alone = many(5, substream(1, 'a').uniform);
  const beside = many(5, () => {
    substream(1, 'b').uniform();
    return first.uniform();
  });
  expect(beside).toEqual(alone);
  const starts = ['a', 'b', 'aa', 'ab', ''].flatMap((name) =>
    [1, 2, -1, 12].map((seed) => substream(seed, name).uniform()),
  );
  expect(new Set(starts).size).toBe(starts.length);
});

test('streams of neighbouring names and seeds are not correlated', () => {
  const size = 20_000;
  const [a, b, c] = [substream(1, 'draw/1'), substream(1, 'draw/2'), substream(2, 'draw/1')].map((stream) =>
    many(size, stream.uniform),
  ) as [number[], number[], number[]];
  const correlation = (x: readonly number[], y: readonly number[]): number =>
    mean(x.map((v, i) => (v - 0.5) * (y[i]! - 0.5))) * 12;
  for (const pair of [correlation(a, b), correlation(a, c), correlation(b, c)])
    expect(Math.abs(pair)).toBeLessThan(4 / Math.sqrt(size));
});

test('first draws of many streams are uniform, so that one draw per name is safe', () => {
  const firsts = Array.from({ length: 20_000 }, (_, i) => substream(7, `user-${i}`).uniform());
  expect(mean(firsts)).toBeCloseTo(0.5, 2);
  expect(variance(firsts)).toBeCloseTo(1 / 12, 2);
});

test('draws have the moments of their distributions', () => {
  const { uniform, normal, exponential, integer } = substream(3, 'moments');
  const size = 100_000;
  const [u, n, e] = [many(size, uniform), many(size, normal), many(size, exponential)];
  expect([mean(u), variance(u)]).toEqual([expect.closeTo(1 / 2, 2), expect.closeTo(1 / 12, 2)]);
  expect([mean(n), variance(n)]).toEqual([expect.closeTo(0, 1), expect.closeTo(1, 1)]);
  expect(n.filter((z) => z > 1.6448536269514722).length / size).toBeCloseTo(0.05, 2);
  expect([mean(e), variance(e)]).toEqual([expect.closeTo(1, 1), expect.closeTo(1, 1)]);
  expect(n.every(Number.isFinite) && e.every((gap) => gap >= 0 && Number.isFinite(gap))).toBe(true);
  const faces = many(6000, () => integer(6));
  expect([...new Set(faces)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  for (const face of [0, 1, 2, 3, 4, 5]) expect(faces.filter((f) => f === face).length).toBeGreaterThan(850);
});

test('a seed that is not a whole number is a bug of the caller', () => {
  expect(() => substream(1.5, 'a')).toThrow('a seed is a whole number');
});
