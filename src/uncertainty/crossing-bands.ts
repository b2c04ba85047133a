/**
 * Break-even under uncertainty: at which value of a driver two alternatives cost the same, draw by draw.
 *
 *   d_k = cost of the strategy - cost of the other, at the k-th value of the driver, in one draw
 *   crossing = the first change of sign between two values, on the straight line between them (of logarithms, on a wide axis)
 *
 * Draws without a change of sign are told apart by who is cheaper throughout. All other inputs and outage worlds are drawn; what
 * is built, contracts and months of change-over stay as they were decided. Example: differences of -10 at 100 and +30 at 200:
 * crossing at 125. Not modelled: crossings between two values that come in pairs, for which the grid is too wide.
 */
import { quantiles } from '../decision/summary.ts';
import { alternatives, type Model } from '../model/model.ts';
import { type DrawnWorld, drawCosts } from './draw-costs.ts';
import { drawModel, type Sampling } from './draw-model.ts';

export interface CrossingBand {
  readonly strategy: string;
  readonly versus: string;
  /** Of the draws that cross; null: none does. */
  readonly p5: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly crossing_fraction: number;
  /** Draws in which the strategy is cheaper, or dearer, at every value. */
  readonly cheaper_fraction: number;
  readonly dearer_fraction: number;
  /** Draws that cross more than once: the first crossing is taken. */
  readonly several_fraction: number;
}

export interface Driver {
  readonly slot: number;
  /** Rising. */
  readonly values: readonly number[];
  readonly scale: 'linear' | 'logarithmic';
}

/** @param strategies each is compared with `versus` */
export function crossingBands(
  model: Model,
  driver: Driver,
  strategies: readonly string[],
  versus: string,
  sampling: Sampling,
): CrossingBand[] {
  const ids = alternatives(model);
  const wanted = [...strategies, versus].map((id) => ids.indexOf(id));
  const { drawn } = drawModel(model, sampling);
  const columns = driver.values.map(
    (value) => drawCosts(model, wanted, withDriverAt(drawn, driver.slot, value), { withMonths: false }).npv_usd,
  );
  const own = strategies.length;
  return strategies.map((strategy, s) =>
    bandOf(strategy, versus, driver, sampling.draws, (draw, k) => columns[k]![s]![draw]! - columns[k]![own]![draw]!),
  );
}

const withDriverAt = (drawn: DrawnWorld, slot: number, value: number): DrawnWorld => ({
  ...drawn,
  inputs: [
    ...drawn.inputs.filter((one) => one.slot !== slot),
    { slot, values: new Float64Array(drawn.draws).fill(value) },
  ],
});

function bandOf(
  strategy: string,
  versus: string,
  { values, scale }: Driver,
  draws: number,
  difference: (draw: number, k: number) => number,
): CrossingBand {
  const found: number[] = [];
  let [cheaper, dearer, several] = [0, 0, 0];
  for (let draw = 0; draw < draws; draw++) {
    let crossings = 0;
    let before = difference(draw, 0);
    let sign = Math.sign(before);
    for (let k = 1; k < values.length; k++) {
      const after = difference(draw, k);
      if (sign * after < 0) {
        if (crossings++ === 0) found.push(between(values[k - 1]!, values[k]!, before / (before - after), scale));
        sign = Math.sign(after);
      } else if (sign === 0) sign = Math.sign(after);
      before = after;
    }
    if (crossings > 1) several++;
    if (crossings === 0 && sign < 0) cheaper++;
    if (crossings === 0 && sign > 0) dearer++;
  }
  const [p5 = null, p50 = null, p95 = null] =
    found.length === 0 ? [] : quantiles(Float64Array.from(found), [0.05, 0.5, 0.95]);
  return {
    strategy,
    versus,
    p5,
    p50,
    p95,
    crossing_fraction: found.length / draws,
    cheaper_fraction: cheaper / draws,
    dearer_fraction: dearer / draws,
    several_fraction: several / draws,
  };
}

const between = (from: number, to: number, share: number, scale: Driver['scale']): number =>
  scale === 'linear' ? from + (to - from) * share : from * (to / from) ** share;
