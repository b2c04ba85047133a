/**
 * How sure an outcome is: costs of the ranked alternatives in draws of all that is not one number, of outage worlds too.
 * Draws of a seed are those of a report. Costs are worked out block by block, and each block is a step, so
 * that progress can be told and a page can paint in between.
 */
import { cheapest } from '../decision/cheapest.ts';
import { summarise } from '../decision/summary.ts';
import { alternatives, type Model } from '../model/model.ts';
import { type DrawnWorld, drawCosts } from '../uncertainty/draw-costs.ts';
import { drawModel } from '../uncertainty/draw-model.ts';
import { outagePools } from '../uncertainty/how-sure.ts';
import type { Drawing, OutcomeUncertainty } from './what-if.ts';

const AT_ONCE = 256;
/** Of the way, once the worlds are drawn and their costs are not. */
const DRAWN = 0.1;

/** Gives the part that is done, step by step. */
export function* uncertaintyAt(
  drawing: Drawing,
  model: Model,
  ranked: readonly { readonly id: string }[],
  asked: {
    readonly draws: number;
    readonly seed: number;
  },
): Generator<number, OutcomeUncertainty> {
  const { draws, seed } = asked;
  const ids = ranked.map(({ id }) => id);
  const all = alternatives(model);
  const positions = ids.map((id) => all.indexOf(id));
  const pools = outagePools(model, ids, new Map(Object.entries(drawing.outages)), draws, seed);
  yield DRAWN / 2;
  const { correlations, correlate_by } = drawing;
  const { drawn } = drawModel(model, { draws, method: 'latin-hypercube', seed, correlations, correlate_by, pools });
  yield DRAWN;
  const costs = ids.map(() => new Float64Array(draws));
  for (let from = 0; from < draws; from += AT_ONCE) {
    const found = drawCosts(model, positions, partOf(drawn, from), { withMonths: false });
    found.npv_usd.forEach((part, i) => {
      costs[i]!.set(part, from);
    });
    yield DRAWN + (1 - DRAWN) * Math.min(1, (from + AT_ONCE) / draws);
  }
  const standings = cheapest({ ids, costs });
  return {
    draws,
    strategies: ids.map((id, i) => {
      const { mean, p5, p50, p95 } = summarise(costs[i]!);
      const { sole_fraction, tied_fraction } = standings[i]!;
      return {
        id,
        cheapest_fraction: sole_fraction,
        tied_fraction,
        mean_usd: mean,
        p5_usd: p5,
        p50_usd: p50,
        p95_usd: p95,
      };
    }),
  };
}

function partOf({ draws, inputs, worlds }: DrawnWorld, from: number): DrawnWorld {
  const until = Math.min(draws, from + AT_ONCE);
  return {
    draws: until - from,
    inputs: inputs.map(({ slot, values }) => ({ slot, values: values.subarray(from, until) })),
    worlds: worlds.map((world) => ({ ...world, picks: world.picks.subarray(from, until) })),
  };
}
