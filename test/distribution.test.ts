import { describe, expect, it } from 'vitest';
import { fromInterval, mean, Z95 } from '../src/distribution.ts';

/** Reference values: squiggle's Lognormal.fromCredibleInterval and scipy.stats. */
describe('a 90 % interval', () => {
  it.each([
    [2, 5, 1.1512925464970227, 0.27853260523016377, 3.287353233105966],
    [1, 10, 1.151292546497023, 0.6999361691719632, 4.040012826945727],
    [0.02, 0.055, -3.406222549588906, 0.307504842711553, 0.034771995769010806],
  ])('%f to %f is log-normal with mu %f, sigma %f and mean %f', (p5, p95, mu, sigma, expected) => {
    const found = fromInterval(Math.log(p5), Math.log(p95));
    expect(found.mu).toBeCloseTo(mu, 14);
    expect(found.sigma).toBeCloseTo(sigma, 14);
    expect(mean({ is: 'lognormal', p5, p95 })).toBeCloseTo(expected, 14);
  });

  it('normal has the mean in its middle', () => {
    expect(mean({ is: 'normal', p5: 2, p95: 5 })).toBe(3.5);
    expect(fromInterval(2, 5).sigma).toBeCloseTo(0.9119352478676537, 14);
    expect(Z95).toBe(1.6448536269514722);
  });

  it('logit-normal has the mean of a quadrature: a half where it is symmetric', () => {
    expect(mean({ is: 'logitnormal', p5: 0.3, p95: 0.7 })).toBeCloseTo(0.5, 13);
    const narrow = mean({ is: 'logitnormal', p5: 0.0999, p95: 0.1001 });
    expect(narrow).toBeCloseTo(0.1, 6);
    const [low, high] = [
      mean({ is: 'logitnormal', p5: 0.1, p95: 0.4 }),
      mean({ is: 'logitnormal', p5: 0.6, p95: 0.9 }),
    ];
    expect(low + high).toBeCloseTo(1, 13);
  });
});

describe('the mean of', () => {
  it.each([
    [{ is: 'pert', min: 1, mode: 2, max: 6 }, 2.5],
    [{ is: 'triangular', min: 1, mode: 2, max: 6 }, 3],
    [{ is: 'uniform', min: 1, max: 6 }, 3.5],
    [{ is: 'beta', mean: 0.3, sd: 0.1 }, 0.3],
    [{ is: 'point', value: 7 }, 7],
    [
      {
        is: 'discrete',
        points: [
          { value: 1, weight: 3 },
          { value: 5, weight: 1 },
        ],
      },
      2,
    ],
  ] as const)('%j is %f', (spec, expected) => {
    expect(mean(spec)).toBeCloseTo(expected, 14);
  });
});
