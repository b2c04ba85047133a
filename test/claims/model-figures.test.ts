/** A figure has one value, whether it is read off a report or computed anew from the model. */
import { describe, expect, it } from 'vitest';
import { FIGURE_HEADS, namesOf } from '../../src/claims/figure-names.ts';
import { ModelFigures } from '../../src/claims/model-figures.ts';
import { COMPONENTS } from '../../src/report/contract.ts';
import { reportFigures } from '../../src/results/report-figures.ts';
import { runScenario, SCENARIOS } from '../invariant/fixture.ts';

describe('figures of the model', () => {
  it.each(SCENARIOS)('are those of the report: %s', async (name) => {
    const { evaluation, report } = await runScenario(name);
    const { inputs } = evaluation.prepared.model;
    const figures = new ModelFigures(evaluation, COMPONENTS, [0]);
    figures.settle(new Map());
    const { lookup } = reportFigures(report);
    const subjects = { strategies: figures.ids, components: COMPONENTS, inputs: [] };
    const names = [
      ...FIGURE_HEADS.filter(({ from }) => from === 'model').flatMap((head) => namesOf(head, subjects)),
      ...inputs.map(({ path }) => `input.${path}`),
    ];
    expect(names.length).toBeGreaterThan(50);
    for (const one of names) {
      const [found, expected] = [figures.lookup(one), lookup(one)];
      if (typeof found !== 'number' || typeof expected !== 'number' || !Number.isFinite(expected))
        expect({ [one]: found }).toEqual({ [one]: expected });
      else expect(Math.abs(found - expected), one).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
    }
  });

  it('come back when an input does', async () => {
    const { evaluation } = await runScenario(SCENARIOS[0]!);
    const slot = evaluation.prepared.model.inputs.findIndex(({ path }) => path === 'traffic.volume.requests_per_month');
    const figures = new ModelFigures(evaluation, COMPONENTS, [slot]);
    figures.settle(new Map());
    const id = figures.ids[0]!;
    const [before, own] = [figures.lookup(`total_usd.${id}`), evaluation.prepared.model.inputs[slot]!.central];
    figures.settle(new Map([[slot, own * 3]]));
    expect(figures.lookup(`total_usd.${id}`)).not.toBe(before);
    expect(figures.lookup('requests_per_month')).toBeCloseTo(own * 3, 6);
    figures.settle(new Map([[slot, own]]));
    expect(figures.lookup(`total_usd.${id}`)).toBe(before);
  });

  it('have no other names', async () => {
    const { evaluation } = await runScenario(SCENARIOS[0]!);
    const figures = new ModelFigures(evaluation, COMPONENTS, []);
    figures.settle(new Map());
    for (const name of ['npv_usd', 'npv_usd.nobody', 'toString', 'unpriced', 'input.nothing', 'npv_usd.__proto__'])
      expect(figures.lookup(name)).toBeUndefined();
  });
});
