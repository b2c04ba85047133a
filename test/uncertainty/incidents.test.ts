import { describe, expect, it } from 'vitest';
import { targetsOf } from '../../src/appraise.ts';
import { BlockMachine } from '../../src/model/block-machine.ts';
import { Machine } from '../../src/model/machine.ts';
import { amounts, type Input, managed, monthly, of, run } from '../costs/fixture.ts';
import { drawn, sure } from './drawn.ts';

const chain = { kind: 'fallback', to: ['beta/twin'] };
const own: Input = {
  horizon: 12,
  traffic: monthly(50_000),
  outages: { from: 'history', recovered_later: 0, common_cause: 0.1, response: 2 },
  value: { per_request: 1 },
  engineering: { loaded_rate: 0 },
  strategies: [{ id: 'direct', kind: 'direct' }, { id: 'backed', kind: 'direct', policy: chain }, managed('able')],
};

describe('incidents', () => {
  it('that are drawn cost on average what their expectation costs, with a fallback and behind a gateway as well', () => {
    const evaluation = drawn(own, { draws: 4000, method: 'plain' });
    const { strategies } = evaluation.uncertainty!;
    expect(strategies.map(({ id }) => id)).toEqual(['direct', 'backed', 'able']);
    for (const { id, npv } of strategies) {
      expect(npv.se).toBeGreaterThan(0);
      expect(Math.abs(npv.mean - of(evaluation, id).npv_usd)).toBeLessThan(3 * npv.se);
    }
  });

  it('have heavy tails: the dearest 5 % lie far above the mean', () => {
    const [direct] = sure(own, { draws: 2000 }).strategies;
    const outages = amounts(run(own), 'direct', 'Requests lost').reduce((total, amount) => total + amount, 0);
    expect(direct!.npv.cvar95 - direct!.npv.mean).toBeGreaterThan(0.5 * outages);
  });

  it('hit every strategy of a seller in the same month: two alike differ in nothing', () => {
    const twins = {
      ...own,
      strategies: [
        { id: 'direct', kind: 'direct' },
        { id: 'copy', kind: 'direct' },
      ],
    };
    expect(sure(twins, { draws: 200 }).differences[0]?.npv).toMatchObject({ mean: 0, tie_fraction: 1 });
  });

  it('are left out where their expectation is asked for', () => {
    const { uncertainty } = drawn(own, { draws: 200, incidents: 'expected' });
    for (const { npv } of uncertainty?.strategies ?? []) expect(npv.p95).toBe(npv.p5);
  });

  it('never fail more than all requests of a month, nor more of both sellers than of the first', () => {
    const { model } = run(own).prepared;
    const all = model.strategies.map((_, i) => i);
    const components = ['acme', 'beta', 'gateway able'];
    const machine = new BlockMachine(model, { slots: [], components }, targetsOf(model, all));
    const flood = new Float64Array(model.months).fill(1e9);
    for (const component of components) machine.setWorld(component, 0, flood, 0);
    machine.run();
    const calm = new Machine(model);
    const requests = 50_000;
    for (const [i, strategy] of model.strategies.entries()) {
      const { offset, stride } = machine.at(strategy.monthly);
      for (let month = 0; month < model.months; month++) {
        const lost = machine.registers[offset + month * stride]! - calm.value(strategy.cash_monthly, month);
        expect(lost, `strategy ${i}`).toBeLessThanOrEqual(requests * (1 + 1e-9));
        expect(lost, `strategy ${i}`).toBeGreaterThan(requests * 0.1);
      }
    }
  });
});
