/**
 * What a run asks for, put into draws: outage worlds of the components that are read, the contest, what follows from
 * them, and Sobol' indices where they are asked for.
 */
import type { Recommendation } from '../analysis/recommendation.ts';
import type { OutageRenewal } from '../conditions/outage-renewal.ts';
import { type OutageWorlds, outageWorlds } from '../conditions/outage-worlds.ts';
import type { SobolIndices } from '../decision/sobol-indices.ts';
import { alternatives, type Model } from '../model/model.ts';
import type { CorrelationMethod } from '../sampling/correlate.ts';
import type { RankCorrelation } from '../sampling/read-correlations.ts';
import type { SamplingMethod } from '../sampling/unit-points.ts';
import { readInputs } from './read-inputs.ts';
import { sobolOfModel } from './sobol-of-model.ts';
import { type ModelUncertainty, uncertaintyOf } from './uncertainty-of.ts';

export interface SureOptions {
  /** Whether the best strategy is mapped over two inputs; it takes a fifth of a second, with draws or without. */
  readonly map?: boolean | undefined;
  /** 0, the default, switches everything off. */
  readonly draws?: number | undefined;
  readonly method?: SamplingMethod | undefined;
  /** `expected`: outages cost in every draw what they cost on average. */
  readonly incidents?: 'sampled' | 'expected' | undefined;
  readonly correlations?: readonly RankCorrelation[] | undefined;
  readonly correlate_by?: CorrelationMethod | undefined;
  /** Rows of the two samples of Sobol' indices; 0, the default: none are worked out. */
  readonly sobol?: number | undefined;
  readonly onProgress?: ((evaluations: number, of: number) => void) | undefined;
}

export interface HowSure extends ModelUncertainty {
  readonly sobol:
    | { readonly strategy: string; readonly versus: string; readonly base_draws: number; readonly found: SobolIndices }
    | undefined;
}

/** Worlds of each component. A draw picks one, so that more draws than these meet some of them again. */
const MOST_WORLDS = 1000;
const DRAWS_PER_WORLD = 4;

/** Worlds of every component that the costs of these alternatives read. */
export function outagePools(
  model: Model,
  ids: readonly string[],
  outages: ReadonlyMap<string, OutageRenewal>,
  draws: number,
  seed: number,
): Map<string, OutageWorlds> {
  const all = alternatives(model);
  const { components } = readInputs(
    model,
    ids.map((id) => all.indexOf(id)),
  );
  const worlds = Math.min(MOST_WORLDS, Math.ceil(draws / DRAWS_PER_WORLD));
  return new Map(
    [...outages]
      .filter(([component]) => components.has(component))
      .map(([component, renewal]) => [
        component,
        outageWorlds({ renewal, component, worlds, months: model.months, seed }),
      ]),
  );
}

export function howSure(
  model: Model,
  contest: {
    readonly ranked: readonly string[];
    readonly baseline: string;
    readonly recommendation: Recommendation | undefined;
  },
  outages: ReadonlyMap<string, OutageRenewal>,
  seed: number,
  options: SureOptions,
): HowSure | undefined {
  const { draws = 0, method = 'latin-hypercube', incidents = 'sampled', correlations = [], sobol = 0 } = options;
  const { ranked, baseline, recommendation } = contest;
  if (draws === 0) return undefined;
  const pools = incidents === 'sampled' ? outagePools(model, ranked, outages, draws, seed) : new Map();
  const sampling = { draws, method, seed, correlations, correlate_by: options.correlate_by, pools };
  const found = uncertaintyOf(
    model,
    { ranked, baseline, recommended: recommendation?.strategy, versus: recommendation?.versus ?? undefined },
    sampling,
  );
  const pair = found?.doubted;
  if (found === undefined || pair === undefined || sobol === 0) return found && { ...found, sobol: undefined };
  const { strategy, versus } = pair;
  const indices = sobolOfModel(model, {
    ...sampling,
    pair: [strategy, versus],
    base_draws: sobol,
    onProgress: options.onProgress,
  });
  return {
    ...found,
    sobol: { strategy, versus, base_draws: sobol, found: indices.found },
    diagnostics: [...found.diagnostics, ...indices.diagnostics],
  };
}
