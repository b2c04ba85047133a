/** What a run asks for, put into draws: outage worlds of the components, the contest, and what follows from them. */
import type { Recommendation } from '../analysis/recommendation.ts';
import type { OutageRenewal } from '../conditions/outage-renewal.ts';
import { outageWorlds } from '../conditions/outage-worlds.ts';
import type { Model } from '../model/model.ts';
import type { RankCorrelation } from '../sampling/read-correlations.ts';
import type { SamplingMethod } from '../sampling/unit-points.ts';
import { type ModelUncertainty, uncertaintyOf } from './uncertainty-of.ts';

export interface SureOptions {
  /** 0, the default, switches everything off. */
  readonly draws?: number | undefined;
  readonly method?: SamplingMethod | undefined;
  /** `expected`: outages cost in every draw what they cost on average. */
  readonly incidents?: 'sampled' | 'expected' | undefined;
  readonly correlations?: readonly RankCorrelation[] | undefined;
}

/** Worlds of each component. A draw picks one, so that more draws than these meet some of them again. */
const WORLDS = 1000;

export function howSure(
  model: Model,
  contest: {
    readonly ranked: readonly string[];
    readonly baseline: string;
    readonly recommendation: Recommendation | undefined;
  },
  outages: ReadonlyMap<string, OutageRenewal>,
  seed: number,
  { draws = 0, method = 'latin-hypercube', incidents = 'sampled', correlations = [] }: SureOptions,
): ModelUncertainty | undefined {
  if (draws === 0) return undefined;
  const { months } = model;
  const pools = new Map(
    [...(incidents === 'sampled' ? outages : [])].map(([component, renewal]) => [
      component,
      outageWorlds({ renewal, component, worlds: WORLDS, months, seed }),
    ]),
  );
  const { ranked, baseline, recommendation } = contest;
  return uncertaintyOf(
    model,
    {
      ranked,
      baseline,
      recommended: recommendation?.strategy,
      versus: recommendation?.versus ?? undefined,
    },
    { draws, method, seed, correlations, pools },
  );
}
