import { expect, test } from 'vitest';
import { appraise, targetsOf } from '../../src/appraise.ts';
import { Machine } from '../../src/model/machine.ts';
import { alternatives } from '../../src/model/model.ts';
import { drawInputs } from '../../src/sampling/draws.ts';
import { drawCosts } from '../../src/uncertainty/draw-costs.ts';
import { runScenario, SCENARIOS } from '../invariant/fixture.ts';

test.each(SCENARIOS)('each draw of %s costs what a machine with its inputs says, to the last bit', async (name) => {
  const { evaluation } = await runScenario(name);
  const { model } = evaluation.prepared;
  const all = alternatives(model).map((_, i) => i);
  const slots = model.inputs.flatMap(({ spec }, slot) => (spec.is === 'point' ? [] : [slot]));
  // No multiple of a block, so that the last one is filled in part.
  const draws = 77;
  const { values } = drawInputs({ inputs: slots.map((slot) => model.inputs[slot]!), n: draws, seed: 1 });
  const inputs = slots.map((slot, i) => ({ slot, values: values[i]! }));
  const drawn = drawCosts(model, all, { draws, inputs, worlds: [] });

  const machine = new Machine(model, slots, targetsOf(model, all));
  const [npv, cash] = [new Float64Array(all.length), new Float64Array(all.length)];
  for (let d = 0; d < draws; d++) {
    for (const { slot, values: column } of inputs) machine.set(slot, column[d]!);
    machine.run();
    appraise(machine, npv);
    appraise(machine, cash, 'cash');
    expect(drawn.npv_usd.map((column) => column[d])).toEqual([...npv]);
    expect(drawn.cash_npv_usd.map((column) => column[d])).toEqual([...cash]);
  }
});
