/**
 * The tornado of a model: the difference of two alternatives with one input at its P10 or P90, all others at their central
 * values, outages at their expectation. Who is best at an end, and where that changes, is told among all ranked alternatives.
 *
 * Where a skewed input's central value, which is its mean, lies beyond its P10 or P90, the bar ends at the central value.
 */
import { costOf, targetsOf } from '../appraise.ts';
import { type Tornado, tornado } from '../decision/tornado.ts';
import { quantile } from '../distribution.ts';
import { Machine } from '../model/machine.ts';
import { alternatives, type Model } from '../model/model.ts';

const [LOW, HIGH] = [0.1, 0.9];

/** @param slots inputs that vary, each of which gets a bar */
export function tornadoOfModel(
  model: Model,
  slots: readonly number[],
  ranked: readonly string[],
  [strategy, versus]: readonly [string, string],
): Tornado {
  const ids = alternatives(model);
  const positions = ranked.map((id) => ids.indexOf(id));
  const machine = new Machine(model, slots, targetsOf(model, positions));
  const [left, right] = [ranked.indexOf(strategy), ranked.indexOf(versus)];
  return tornado({
    ids: ranked,
    inputs: slots.map((slot) => {
      const { path, spec, central } = model.inputs[slot]!;
      return {
        id: path,
        p10: Math.min(quantile(spec, LOW), central),
        central,
        p90: Math.max(quantile(spec, HIGH), central),
      };
    }),
    evaluate: (values) => {
      slots.forEach((slot, i) => {
        machine.set(slot, values[i]!);
      });
      machine.run();
      return positions.map((position) => costOf(machine, position));
    },
    quantity: (costs) => costs[left]! - costs[right]!,
  });
}
