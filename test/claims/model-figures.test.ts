/** A figure has one value, whether it is read off a report or computed anew from the model. */
import { describe, expect, it } from 'vitest';
import { FIGURE_HEADS, namesOf } from '../../src/claims/figure-names.ts';
import { aheadFromMonth, breakEvenMonth, ModelFigures } from '../../src/claims/model-figures.ts';
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

describe('the month of break-even', () => {
  const flat = (first: number, then: number): number[] => [first, ...Array.from({ length: 35 }, () => then)];

  it('is when whoever is dearer at first has caught up, and 0 for who is cheaper from the first month on', () => {
    // 20,000 to build and 1,500 a month against 2,750 a month: 20,000 / 1,250
    const [built, rented] = [flat(21_500, 1_500), flat(2_750, 2_750)];
    expect(breakEvenMonth(built, rented)).toBeCloseTo(16, 9);
    expect(breakEvenMonth(rented, built)).toBe(0);
    expect(aheadFromMonth(built, rented)).toBe(17);
    expect(aheadFromMonth(rented, built)).toBe(1);
  });

  it('is infinite for who never catches up, which is told apart from being ahead all along', () => {
    const [cheap, dear] = [flat(10, 10), flat(11, 10)];
    expect(breakEvenMonth(dear, cheap)).toBe(Number.POSITIVE_INFINITY);
    expect(breakEvenMonth(cheap, dear)).toBe(0);
    expect(breakEvenMonth([1], [2])).toBe(0);
    expect(breakEvenMonth([2], [1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('is infinite both ways where two always cost the same, and the end of a tie where one draws away', () => {
    expect(breakEvenMonth(flat(5, 1), flat(5, 1))).toBe(Number.POSITIVE_INFINITY);
    const [a, b] = [
      [5, 1, 1, 1],
      [5, 1, 2, 2],
    ];
    expect(breakEvenMonth(a!, b!)).toBeCloseTo(2, 9);
    expect(breakEvenMonth(b!, a!)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not take the loss of a lead for a break-even', () => {
    const [early, late] = [
      [1, 1, 9, 9],
      [2, 2, 1, 1],
    ];
    expect(breakEvenMonth(early!, late!)).toBe(0);
    expect(breakEvenMonth(late!, early!)).toBeCloseTo(2.25, 9);
  });
});
