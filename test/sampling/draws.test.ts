import { describe, expect, it } from 'vitest';
import type { Spec } from '../../src/distribution.ts';
import { mean, sd } from '../../src/distribution.ts';
import { InputError } from '../../src/errors.ts';
import { type DrawsRequest, drawInputs, type UncertainInput } from '../../src/sampling/draws.ts';
import { SAMPLING_METHODS } from '../../src/sampling/unit-points.ts';
import { pearson, spearman } from './rank-correlation.ts';

const inputs: readonly UncertainInput[] = [
  { path: 'volume', spec: { is: 'lognormal', p5: 2, p95: 5 } },
  { path: 'rate', spec: { is: 'pert', min: 1, mode: 2, max: 6 } },
  { path: 'share', spec: { is: 'logitnormal', p5: 0.1, p95: 0.3 } },
  { path: 'hours', spec: { is: 'triangular', min: 1, mode: 2, max: 6 } },
  { path: 'fixed', spec: { is: 'point', value: 7 } },
];
const correlations: DrawsRequest['correlations'] = [
  { between: ['volume', 'rate'], rank_correlation: 0.8 },
  { between: ['share', 'rate'], rank_correlation: -0.5 },
];
const request: DrawsRequest = { inputs, n: 10_000, seed: 3 };
const sorted = (column: Float64Array): Float64Array => column.slice().sort();
const byPath = (of: DrawsRequest): Map<string, Float64Array> => {
  const { values } = drawInputs(of);
  return new Map(of.inputs.map(({ path }, i) => [path, values[i]!]));
};

describe('draws', () => {
  it.each(SAMPLING_METHODS)('by %s have the mean and spread of their distributions', (method) => {
    const { values } = drawInputs({ ...request, method });
    inputs.forEach(({ spec }, i) => {
      const average = values[i]!.reduce((a, b) => a + b, 0) / request.n;
      expect(Math.abs(average - mean(spec))).toBeLessThan(0.03 * sd(spec) + 1e-12);
    });
  });

  it('are the same by seed, in whatever order inputs and correlations stand', () => {
    const first = byPath({ ...request, correlations });
    expect(byPath({ ...request, correlations })).toEqual(first);
    const turned = byPath({ ...request, inputs: [...inputs].reverse(), correlations: [...correlations].reverse() });
    for (const [path, column] of first) expect(turned.get(path)).toEqual(column);
    expect(byPath({ ...request, correlations, seed: 4 }).get('rate')).not.toEqual(first.get('rate'));
  });

  it('of one input do not move when another is added', () => {
    const more: UncertainInput = { path: 'another', spec: { is: 'uniform', min: 0, max: 1 } };
    const [before, after] = [
      byPath({ ...request, correlations }),
      byPath({ ...request, inputs: [more, ...inputs], correlations }),
    ];
    for (const [path, column] of before) expect(after.get(path)).toEqual(column);
  });

  it.each(['iman-conover', 'gaussian-copula'] as const)(
    'by %s have the rank correlations that were declared, and the values they had before',
    (correlate_by) => {
      for (const method of SAMPLING_METHODS) {
        const before = byPath({ ...request, method });
        const after = byPath({ ...request, method, correlations, correlate_by });
        for (const [path, column] of before) expect(sorted(after.get(path)!)).toEqual(sorted(column));
        const tolerance = correlate_by === 'iman-conover' ? 0.01 : 0.03;
        const of = (a: string, b: string): number => spearman(after.get(a)!, after.get(b)!);
        expect(Math.abs(of('volume', 'rate') - 0.8)).toBeLessThan(tolerance);
        expect(Math.abs(of('share', 'rate') + 0.5)).toBeLessThan(tolerance);
        expect(Math.abs(of('volume', 'share'))).toBeLessThan(tolerance);
        expect(after.get('hours')).toEqual(before.get('hours'));
      }
    },
  );

  it('of two log-normals of sigma 0.5 correlated by 0.8 as normals have a Pearson correlation of 0.779517', () => {
    const z = 1.6448536269514722;
    const spec: Spec = { is: 'lognormal', p5: Math.exp(-0.5 * z), p95: Math.exp(0.5 * z) };
    const { values } = drawInputs({
      inputs: [
        { path: 'a', spec },
        { path: 'b', spec },
      ],
      correlations: [{ between: ['a', 'b'], rank_correlation: 0.7859392826067277 }],
      n: 100_000,
      seed: 1,
    });
    expect(Math.abs(pearson(values[0]!, values[1]!) - 0.779517)).toBeLessThan(0.004);
  });

  it('that go together completely stand in the same order', () => {
    const { values } = drawInputs({
      ...request,
      correlations: [{ between: ['volume', 'hours'], rank_correlation: 1 }],
    });
    expect(spearman(values[0]!, values[3]!)).toBeCloseTo(1, 12);
    const against = drawInputs({ ...request, correlations: [{ between: ['volume', 'hours'], rank_correlation: -1 }] });
    expect(spearman(against.values[0]!, against.values[3]!)).toBeCloseTo(-1, 12);
  });

  it('of a point are its value; a correlation with it changes nothing and is told', () => {
    const found = drawInputs({ ...request, correlations: [{ between: ['fixed', 'rate'], rank_correlation: 0.5 }] });
    expect(new Set(found.values[4])).toEqual(new Set([7]));
    expect(found.diagnostics).toMatchObject([{ severity: 'info', code: 'CORRELATION_OF_POINT', path: 'fixed' }]);
    expect(found.values).toEqual(drawInputs(request).values);
  });

  it("beyond the dimensions of Sobol' sequences are told", () => {
    const many = Array.from({ length: 130 }, (_, i) => ({
      path: `input_${String(i).padStart(3, '0')}`,
      spec: { is: 'uniform', min: 0, max: 1 } as const,
    }));
    const { diagnostics, method } = drawInputs({ inputs: many, n: 8, method: 'sobol', seed: 1 });
    expect(method).toBe('sobol');
    expect(diagnostics).toMatchObject([{ code: 'BEYOND_SOBOL', path: 'input_128' }]);
    expect(diagnostics[0]!.message).toContain('input_128, input_129');
  });
});

describe('wrong correlations', () => {
  const told = (list: DrawsRequest['correlations'] & object): string[] => {
    try {
      drawInputs({ ...request, correlations: list });
    } catch (error) {
      if (error instanceof InputError) return error.diagnostics.map((d) => `${d.path}: ${d.message}`);
      throw error;
    }
    return [];
  };

  it('are told all at once', () => {
    expect(
      told([
        { between: ['volum', 'rate'], rank_correlation: 0.5 },
        { between: ['rate', 'rate'], rank_correlation: 0.5 },
        { between: ['rate', 'hours'], rank_correlation: 1.5 },
        { between: ['hours', 'rate'], rank_correlation: Number.NaN },
      ]),
    ).toEqual([
      'correlations[0]: there is no uncertain input "volum" (did you mean "volume"?); allowed are volume, rate, share, hours, fixed',
      'correlations[1]: "rate" is correlated with itself; expected two inputs',
      'correlations[2]: the rank correlation is 1.5; allowed is -1 to 1',
      'correlations[3]: hours with rate stands twice; it stands at correlations[2] too',
      'correlations[3]: the rank correlation is NaN; allowed is -1 to 1',
    ]);
  });

  it('that can not hold together are told by pair, with what could', () => {
    const [message, ...others] = told([
      { between: ['hours', 'volume'], rank_correlation: 0.1 },
      { between: ['volume', 'rate'], rank_correlation: 0.9 },
      { between: ['rate', 'share'], rank_correlation: 0.9 },
    ]);
    expect(others).toEqual([]);
    expect(message).toMatch(/^correlations\[1\]: these rank correlations can't hold together: /);
    expect(message).toMatch(/rate with share 0.9 \(could be 0.7\d+\)/);
    expect(message).toMatch(/rate with volume 0.9 \(could be 0.7\d+\)/);
    expect(message).toMatch(/share with volume 0, not declared, \(could be 0.\d+\)/);
    expect(message).toMatch(/largest change is 0.\d+/);
    expect(message).not.toContain('hours');
  });

  it('accept what was proposed', () => {
    const [message = ''] = told([
      { between: ['volume', 'rate'], rank_correlation: 0.9 },
      { between: ['rate', 'share'], rank_correlation: 0.9 },
    ]);
    const could = [...message.matchAll(/(\w+) with (\w+) [^(]*\(could be (-?[\d.]+)\)/g)];
    expect(could).toHaveLength(3);
    expect(told(could.map(([, a, b, rho]) => ({ between: [a!, b!] as const, rank_correlation: Number(rho) })))).toEqual(
      [],
    );
  });
});
