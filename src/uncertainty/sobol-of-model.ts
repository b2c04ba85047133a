/**
 * Sobol' indices of a model: how much of the variance of the difference of two alternatives each uncertain input brings, and
 * which outage worlds the components meet.
 *
 * The two samples are the halves of one scrambled Sobol' sequence of twice as many dimensions. Inputs that are declared
 * correlated, directly or through others, count as one group: apart from each other their indices mean nothing.
 * Evaluations: N x (2 + groups). Not modelled: how much of a group is whose.
 */
import { minus } from '../decision/cheapest.ts';
import { type SobolIndices, sobolIndices } from '../decision/sobol-indices.ts';
import type { Diagnostic } from '../errors.ts';
import { alternatives, type Model } from '../model/model.ts';
import { drawInputs } from '../sampling/draws.ts';
import type { RankCorrelation } from '../sampling/read-correlations.ts';
import { drawCosts } from './draw-costs.ts';
import { type Sampling, WORLD, worldPath } from './draw-model.ts';
import { readInputs } from './read-inputs.ts';

export interface SobolRequest extends Pick<Sampling, 'seed' | 'correlations' | 'correlate_by' | 'pools'> {
  readonly pair: readonly [string, string];
  /** Rows of each sample; a power of two fills space best. */
  readonly base_draws: number;
  readonly onProgress?: ((evaluations: number, of: number) => void) | undefined;
}

export function sobolOfModel(
  model: Model,
  { pair, base_draws, seed, correlations, correlate_by = 'iman-conover', pools, onProgress }: SobolRequest,
): { found: SobolIndices; diagnostics: readonly Diagnostic[] } {
  const ids = alternatives(model);
  const positions = pair.map((id) => ids.indexOf(id));
  const { slots, components } = readInputs(model, positions);
  const drawn = [...pools.keys()].filter((component) => components.has(component));
  const inputs = [
    ...slots.map((slot) => model.inputs[slot]!),
    ...drawn.map((component) => ({ path: worldPath(component), spec: WORLD })),
  ];
  const paths = inputs.map(({ path }) => path);
  const pairs = correlations.filter(({ between }) => between.every((path) => paths.includes(path)));
  const halves = ['A', 'B'].map(
    (half) =>
      (path: string): string =>
        `${half} ${path}`,
  );
  const { values, diagnostics } = drawInputs({
    inputs: halves.flatMap((named) => inputs.map(({ path, spec }) => ({ path: named(path), spec }))),
    correlations: halves.flatMap((named) =>
      pairs.map(({ between: [a, b], ...rest }) => ({ ...rest, between: [named(a), named(b)] as const })),
    ),
    correlate_by,
    n: base_draws,
    method: 'sobol',
    seed,
  });
  const groupOf = groups(paths, pairs);
  const total = base_draws * (2 + new Set(paths.map(groupOf)).size);
  let evaluations = 0;
  const found = sobolIndices({
    inputs: paths.map((path) => (groupOf(path) === path ? { id: path } : { id: path, group: groupOf(path) })),
    A: values.slice(0, inputs.length),
    B: values.slice(inputs.length),
    evaluate: (points) => {
      const { npv_usd } = drawCosts(
        model,
        positions,
        {
          draws: base_draws,
          inputs: slots.map((slot, i) => ({ slot, values: points[i]! })),
          worlds: drawn.map((component, i) => ({
            component,
            pool: pools.get(component)!,
            picks: points[slots.length + i]!,
          })),
        },
        { withMonths: false },
      );
      evaluations += base_draws;
      onProgress?.(evaluations, total);
      return minus(npv_usd[0]!, npv_usd[1]!);
    },
    correlated: pairs.map(({ between }) => between),
    seed,
  });
  return { found, diagnostics };
}

/** The name of the group of a path: its own where it is correlated with nothing. */
function groups(paths: readonly string[], pairs: readonly RankCorrelation[]): (path: string) => string {
  const members = new Map(paths.map((path) => [path, new Set([path])]));
  for (const { between } of pairs) {
    const joined = new Set(between.flatMap((path) => [...members.get(path)!]));
    for (const path of joined) members.set(path, joined);
  }
  return (path) => [...members.get(path)!].join(' and ');
}
