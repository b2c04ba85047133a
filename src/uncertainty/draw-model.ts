/**
 * Draws of all that varies in a model: inputs that are not one number, and which outage world each component meets.
 *
 * Points stay: prices, decisions of what is built, months of change-over, contracts and splits were settled at central values
 * before the first draw. Worlds take a dimension each, as inputs do, so that the sampling method evens them out as well.
 */
import type { OutageWorlds } from '../conditions/outage-worlds.ts';
import type { Diagnostic } from '../errors.ts';
import type { Model } from '../model/model.ts';
import type { CorrelationMethod } from '../sampling/correlate.ts';
import { drawInputs, type UncertainInput } from '../sampling/draws.ts';
import type { RankCorrelation } from '../sampling/read-correlations.ts';
import type { SamplingMethod } from '../sampling/unit-points.ts';
import type { DrawnWorld } from './draw-costs.ts';

export interface Sampling {
  readonly draws: number;
  readonly method: SamplingMethod;
  readonly seed: number;
  readonly correlations: readonly RankCorrelation[];
  readonly correlate_by?: CorrelationMethod | undefined;
  /** Worlds by component; none: outages cost their expectation. */
  readonly pools: ReadonlyMap<string, OutageWorlds>;
}

export function drawModel(
  model: Model,
  { draws, method, seed, correlations, correlate_by = 'iman-conover', pools }: Sampling,
): { drawn: DrawnWorld; diagnostics: readonly Diagnostic[] } {
  const named = new Set(correlations.flatMap(({ between }) => between));
  const slots = model.inputs.flatMap(({ spec, path }, slot) => (spec.is !== 'point' || named.has(path) ? [slot] : []));
  const components = [...pools.keys()];
  const inputs: UncertainInput[] = [
    ...slots.map((slot) => model.inputs[slot]!),
    ...components.map((component) => ({ path: worldPath(component), spec: WORLD })),
  ];
  const { values, diagnostics } = drawInputs({ inputs, correlations, correlate_by, n: draws, method, seed });
  return {
    drawn: {
      draws,
      inputs: slots.flatMap((slot, i) =>
        model.inputs[slot]!.spec.is === 'point' ? [] : [{ slot, values: values[i]! }],
      ),
      worlds: components.map((component, i) => ({
        component,
        pool: pools.get(component)!,
        picks: values[slots.length + i]!,
      })),
    },
    diagnostics,
  };
}

export const WORLD = { is: 'uniform', min: 0, max: 1 } as const;

/** Name of the dimension that picks a component's world. */
export const worldPath = (component: string): string => `outage worlds of ${component}`;
