import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cdf, fromInterval, mean, quantile, quantileOf, type Spec, scaled, sd, Z95 } from '../src/distribution.ts';

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

const coins: Spec = {
  is: 'discrete',
  points: [
    { value: 5, weight: 1 },
    { value: 1, weight: 3 },
  ],
};
const measured: Spec = { is: 'empirical', values: [1, 2, 4, 4, 9] };
const twoWorlds: Spec = {
  is: 'mixture',
  parts: [
    { weight: 3, spec: { is: 'normal', p5: 2, p95: 5 } },
    { weight: 1, spec: { is: 'point', value: 4 } },
  ],
};
const ALL: readonly Spec[] = [
  { is: 'point', value: 7 },
  { is: 'lognormal', p5: 2, p95: 5 },
  { is: 'lognormal', p5: 3, p95: 3 },
  { is: 'normal', p5: -2, p95: 5 },
  { is: 'logitnormal', p5: 0.1, p95: 0.3 },
  { is: 'uniform', min: 1, max: 6 },
  { is: 'triangular', min: 1, mode: 2, max: 6 },
  { is: 'triangular', min: 1, mode: 1, max: 6 },
  { is: 'triangular', min: 1, mode: 6, max: 6 },
  { is: 'pert', min: 1, mode: 2, max: 6 },
  { is: 'pert', min: 1, mode: 6, max: 6 },
  { is: 'beta', mean: 0.3, sd: 0.1 },
  { is: 'beta', mean: 0.02, sd: 0.05 },
  coins,
  measured,
  { is: 'empirical', values: [3] },
  twoWorlds,
  {
    is: 'mixture',
    parts: [
      { weight: 1, spec: twoWorlds },
      { weight: 1, spec: { is: 'lognormal', p5: 20, p95: 500 } },
      { weight: 0.5, spec: measured },
      { weight: 0.5, spec: coins },
    ],
  },
];
const named = ALL.map((spec) => [JSON.stringify(spec).slice(0, 90), spec] as const);

describe('quantiles', () => {
  it.each([
    [{ is: 'lognormal', p5: 2, p95: 5 }, 2, 3.1622776601683795, 5],
    [{ is: 'lognormal', p5: 1, p95: 10 }, 1, 3.1622776601683795, 10],
    [{ is: 'normal', p5: 2, p95: 5 }, 2, 3.5, 5],
    [{ is: 'logitnormal', p5: 0.1, p95: 0.3 }, 0.1, 0.17912878, 0.3],
    [{ is: 'triangular', min: 1, mode: 2, max: 6 }, 1.5, 2.83772234, 5],
    [{ is: 'pert', min: 1, mode: 2, max: 6 }, 1.29488694, 2.3833613, 4.10638362],
    [{ is: 'uniform', min: 0, max: 10 }, 0.5, 5, 9.5],
    [{ is: 'point', value: 7 }, 7, 7, 7],
    [{ is: 'lognormal', p5: 3, p95: 3 }, 3, 3, 3],
  ] as const)('of %j at 5, 50 and 95 %% are %f, %f and %f', (spec, p5, p50, p95) => {
    expect(quantile(spec, 0.05)).toBeCloseTo(p5, 8);
    expect(quantile(spec, 0.5)).toBeCloseTo(p50, 8);
    expect(quantile(spec, 0.95)).toBeCloseTo(p95, 8);
  });

  it('of an interval of no width are its value exactly, as are mean and spread', () => {
    for (const is of ['lognormal', 'normal', 'logitnormal'] as const) {
      const spec: Spec = { is, p5: 0.3, p95: 0.3 };
      expect([quantile(spec, 0.01), quantile(spec, 0.99), mean(spec)]).toEqual([0.3, 0.3, 0.3]);
      expect(sd(spec)).toBeCloseTo(0, 12);
    }
  });

  it('of point masses step where the weights are used up', () => {
    expect([0.001, 0.75, 0.7500001, 0.999].map((u) => quantile(coins, u))).toEqual([1, 1, 5, 5]);
  });

  it('of measured values run straight between (i - 0.5) / n, and are flat beyond', () => {
    expect([0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9, 0.99].map((u) => quantile(measured, u))).toEqual([
      1, 1, 1.5, 2, 3, 4, 4, 6.5, 9, 9,
    ]);
  });

  it('of a mixture hold a point mass exactly, and the continuous part around it', () => {
    // P(normal < 4) = 0.7082; below the mass 0.75 of that is reached, above it a quarter more.
    const below = 0.75 * cdf({ is: 'normal', p5: 2, p95: 5 }, 4);
    expect(quantile(twoWorlds, below + 1e-9)).toBe(4);
    expect(quantile(twoWorlds, below + 0.25 - 1e-9)).toBe(4);
    expect(quantile(twoWorlds, below - 0.001)).toBeLessThan(4);
    expect(quantile(twoWorlds, below + 0.251)).toBeGreaterThan(4);
  });

  it('of a mixture of equals are those of one', () => {
    const spec: Spec = { is: 'lognormal', p5: 2, p95: 5 };
    const twice: Spec = {
      is: 'mixture',
      parts: [
        { weight: 1, spec },
        { weight: 2, spec },
      ],
    };
    for (const u of [1e-6, 0.1, 0.5, 0.999]) expect(quantile(twice, u)).toBeCloseTo(quantile(spec, u), 12);
  });

  it.each(named)('of %s never fall', (_, spec) => {
    const of = quantileOf(spec);
    let before = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < 2000; i++) {
      const x = of(i / 2000);
      expect(x).toBeGreaterThanOrEqual(before);
      before = x;
    }
  });

  it.each(named)('of %s are the least value at which the share below reaches u', (_, spec) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (u) => {
        const x = quantile(spec, u);
        const near = 1e-9 * Math.max(Math.abs(x), 1e-3);
        expect(cdf(spec, x + near)).toBeGreaterThanOrEqual(u - 1e-12);
        expect(cdf(spec, x - near)).toBeLessThanOrEqual(u + 1e-12);
      }),
    );
  });

  it.each(named)('of %s average to its mean and spread to its standard deviation', (_, spec) => {
    const of = quantileOf(spec);
    const n = 200_000;
    let [total, squares] = [0, 0];
    const centre = mean(spec);
    for (let i = 0; i < n; i++) {
      const x = of((i + 0.5) / n) - centre;
      total += x;
      squares += x * x;
    }
    const scale = Math.max(sd(spec), 1e-9);
    expect(Math.abs(total / n) / scale).toBeLessThan(1e-3);
    expect(Math.abs(Math.sqrt(squares / n) - sd(spec)) / scale).toBeLessThan(5e-3);
  });
});

describe('the standard deviation of', () => {
  it.each([
    [{ is: 'lognormal', p5: 2, p95: 5 }, 0.9336842941851182],
    [{ is: 'lognormal', p5: 1, p95: 10 }, 3.212179530392017],
    [{ is: 'lognormal', p5: 0.02, p95: 0.055 }, 0.010950377972340462],
    [{ is: 'normal', p5: 2, p95: 5 }, 0.9119352478676537],
    [{ is: 'pert', min: 1, mode: 2, max: 6 }, 0.8660254037844387],
    [{ is: 'triangular', min: 1, mode: 2, max: 6 }, 1.0801234497346435],
    [{ is: 'beta', mean: 0.3, sd: 0.1 }, 0.1],
  ] as const)('%j is %f', (spec, expected) => {
    expect(sd(spec)).toBeCloseTo(expected, 13);
  });
});

describe('another unit', () => {
  it.each(named.filter(([text]) => !/logitnormal|beta/.test(text)))(
    'scales %s with its mean and quantiles',
    (_, spec) => {
      const twice = scaled(spec, 2);
      expect(mean(twice)).toBeCloseTo(2 * mean(spec), 9);
      for (const u of [0.1, 0.5, 0.9]) expect(quantile(twice, u)).toBeCloseTo(2 * quantile(spec, u), 9);
    },
  );
});
