import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSwitches, type PhaseLength, soleStrategy } from '../../src/analysis/best-switch.ts';
import { costOf } from '../../src/appraise.ts';
import { explain } from '../../src/explain.ts';
import { Machine } from '../../src/model/machine.ts';
import { alternatives, type Model, type PhasedModel } from '../../src/model/model.ts';
import { Sheet } from '../../src/model/sheet.ts';
import { direct, type Input, managed, monthly, of, run } from '../costs/fixture.ts';

interface Part {
  readonly start: number;
  readonly monthly: readonly number[];
}

/** Strategies of the given costs, and a phased one through all of them. */
function modelOf(parts: readonly Part[], migration: number, discount = 1): Model {
  const months = parts[0]!.monthly.length;
  const sheet = new Sheet(months);
  const line = { component: 'engineering', cash: true, formula: 'amount' } as const;
  sheet.model.discount = sheet.series(
    Array.from({ length: months }, (_, month) => discount ** (month + 1)),
    '1',
    '',
  ).ref;
  parts.forEach((part, i) => {
    const once = { ...line, label: `once ${i}`, timing: 'start' as const };
    const each = { ...line, label: `each ${i}`, timing: 'monthly' as const };
    sheet.strategy(`s${i}`, [
      sheet.line({ ...once, inputs: { amount: sheet.number(part.start, 'USD', '') } }).index,
      sheet.line({ ...each, inputs: { amount: sheet.series(part.monthly, 'USD', '') } }).index,
    ]);
  });
  const over = { ...line, label: 'change-over', timing: 'start' as const };
  const { index, amount } = sheet.line({ ...over, inputs: { amount: sheet.number(migration, 'USD', '') } });
  const change = { lines: [index], amount: amount.ref };
  sheet.model.phased.push({
    id: 'phased',
    phases: parts.map((_, i) => ({ strategy: i, change_over: i === 0 ? undefined : change })),
    starts: parts.map(() => 0),
  });
  return sheet.model;
}

const phasedOf = (model: Model): PhasedModel => model.phased[0]!;
const position = (model: Model): number => model.strategies.length;
const cost = (model: Model, starts: readonly number[]): number => {
  const before = phasedOf(model).starts;
  phasedOf(model).starts = [...starts];
  const found = costOf(new Machine(model), position(model));
  phasedOf(model).starts = before;
  return found;
};

describe('a month of change-over', () => {
  const rising = { start: 0, monthly: [10, 20, 30, 40, 50, 60] };
  const built = { start: 15, monthly: [25, 25, 25, 25, 25, 25] };

  it('is where the cost that rises has passed what it takes to leave', () => {
    const model = modelOf([rising, built], 5);
    const [found] = chooseSwitches(model, phasedOf(model), ['best', undefined]);
    // at s: 10 + 20 + ... of s months, 20 once, 25 for each of the others; at once there is no change-over
    expect(found?.tried.map(({ npv_usd }) => npv_usd)).toEqual([165, 155, 150, 155, 170, 195, 210]);
    expect(found).toMatchObject({ strategy: 'phased', phase: 0, month: 2 });
    expect(phasedOf(model).starts).toEqual([0, 2]);
    expect(soleStrategy(model, 'phased')).toBeUndefined();
  });

  it('is never where leaving does not pay, and costs what staying costs', () => {
    const model = modelOf([rising, { ...built, start: 1000 }], 5);
    expect(chooseSwitches(model, phasedOf(model), ['best', undefined])[0]?.month).toBe(6);
    expect(soleStrategy(model, 'phased')).toBe('s0');
    const machine = new Machine(model);
    expect(costOf(machine, position(model))).toBe(costOf(machine, 0));
  });

  it('is at once where waiting does not pay, without a change-over', () => {
    const model = modelOf([rising, { start: 0, monthly: [1, 1, 1, 1, 1, 1] }], 5);
    expect(chooseSwitches(model, phasedOf(model), ['best', undefined])[0]?.month).toBe(0);
    expect(soleStrategy(model, 'phased')).toBe('s1');
    const machine = new Machine(model);
    expect(costOf(machine, position(model))).toBe(costOf(machine, 1));
    expect(explain(machine, position(model)).map(({ line }) => line.label)).toEqual(['each 1']);
  });

  it('is the earliest of those that cost the same', () => {
    const flat = { start: 0, monthly: [7, 7, 7, 7] };
    const model = modelOf([flat, flat], 0, 0.99);
    expect(chooseSwitches(model, phasedOf(model), ['best', undefined])[0]?.month).toBe(0);
    const later = modelOf(
      [
        { start: 0, monthly: [1, 7, 7, 9] },
        { start: 0, monthly: [9, 7, 7, 1] },
      ],
      0,
    );
    expect(chooseSwitches(later, phasedOf(later), ['best', undefined])[0]?.month).toBe(1);
  });

  it('leaves lengths that are stated alone', () => {
    const model = modelOf([rising, built], 5);
    phasedOf(model).starts = [0, 4];
    expect(chooseSwitches(model, phasedOf(model), [4, undefined])).toEqual([]);
    expect(phasedOf(model).starts).toEqual([0, 4]);
  });
});

/** Every plan that the lengths allow. */
function plans(lengths: readonly PhaseLength[], months: number): number[][] {
  return lengths.slice(0, -1).reduce<number[][]>(
    (all, length) =>
      all.flatMap((starts) => {
        const from = starts.at(-1)!;
        const ends =
          length === 'best'
            ? Array.from({ length: months - from + 1 }, (_, i) => from + i)
            : [Math.min(from + (length ?? 0), months)];
        return ends.map((end) => [...starts, end]);
      }),
    [[0]],
  );
}

const whole = (max: number) => fc.integer({ min: 0, max });
const cases = fc.integer({ min: 1, max: 6 }).chain((months) =>
  fc.integer({ min: 2, max: 4 }).chain((count) =>
    fc.record({
      months: fc.constant(months),
      parts: fc.array(
        fc.record({ start: whole(40), monthly: fc.array(whole(30), { minLength: months, maxLength: months }) }),
        {
          minLength: count,
          maxLength: count,
        },
      ),
      migration: whole(20),
      lengths: fc.array(fc.oneof(fc.constant('best' as const), fc.integer({ min: 1, max: 4 })), {
        minLength: count - 1,
        maxLength: count - 1,
      }),
    }),
  ),
);

describe('any number of searched phases', () => {
  it('gives the least of all plans, of ties the one that changes earliest', () => {
    fc.assert(
      fc.property(cases, ({ months, parts, migration, lengths }) => {
        const model = modelOf(parts, migration);
        const all = [...lengths, undefined];
        const found = chooseSwitches(model, phasedOf(model), all);
        if (found.length === 0) return;
        const tried = plans(all, months).map((starts) => ({ starts, usd: cost(model, starts) }));
        const least = Math.min(...tried.map(({ usd }) => usd));
        expect(phasedOf(model).starts).toEqual(tried.find(({ usd }) => usd === least)?.starts);
        for (const one of found) {
          expect(Math.min(...one.tried.map(({ npv_usd }) => npv_usd))).toBe(least);
          expect(one.tried.find(({ month }) => month === one.month)?.npv_usd).toBe(least);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('gives the same plan from the same model that went through JSON', () => {
    fc.assert(
      fc.property(cases, ({ parts, migration, lengths }) => {
        const model = modelOf(parts, migration, 0.99);
        const copy = JSON.parse(JSON.stringify(model)) as Model;
        const all = [...lengths, undefined];
        expect(chooseSwitches(copy, phasedOf(copy), all)).toEqual(chooseSwitches(model, phasedOf(model), all));
      }),
      { numRuns: 50, seed: 7 },
    );
  });
});

/** A markup of 5.5 % on traffic that grows, against access that one builds. */
const growing = (length: unknown, own: Input = {}): Input => ({
  horizon: 12,
  discount_rate: '8 %/year',
  traffic: monthly(100_000, 0.15),
  prices: { 'acme/large': { input: 1, output: 0 } },
  strategies: [
    { ...direct, id: 'built' },
    managed('cut'),
    { id: 'later', kind: 'phased', migration: '0.05 hours', phases: [{ via: 'cut', for: length }, { via: 'built' }] },
  ],
  baseline: 'built',
  ...own,
});
/** Hours that only `built` takes: the gateway brings budgets. */
const upkeep = (build: number, each: number): Input => ({
  needs: { budgets: 'required' },
  gateways: { cut: { kind: 'managed', fees: { token_markup: 0.055 }, capabilities: { budgets: true } } },
  engineering: {
    loaded_rate: 100,
    effort: { budgets: { build, upkeep: each } },
    adapter: { build: 0, upkeep: 0 },
    gateway_integration: 0,
  },
});
const own = upkeep(0.2, 0.1);

describe('`for: best` in a scenario', () => {
  const best = run(growing('best', own));
  const [found] = best.prepared.switches;

  it('is never worse than any month that could be written, nor than either phase alone', () => {
    expect(found!.month).toBeGreaterThan(0);
    expect(found!.month).toBeLessThan(12);
    const npv = of(best, 'later').npv_usd;
    for (let month = 1; month < 12; month++) {
      const fixed = of(run(growing(month, own)), 'later').npv_usd;
      expect(fixed).toBeGreaterThanOrEqual(npv);
      expect(found?.tried.find((one) => one.month === month)?.npv_usd).toBe(fixed);
    }
    expect(of(best, 'built').npv_usd).toBeGreaterThanOrEqual(npv);
    expect(of(best, 'cut').npv_usd).toBeGreaterThanOrEqual(npv);
  });

  it('costs the same as the month that it chose, written down', () => {
    const fixed = run(growing(found!.month, own));
    expect(of(best, 'later').lines).toEqual(of(fixed, 'later').lines);
    expect(best.recommendation).toEqual(fixed.recommendation);
  });

  it('is not moved by a strategy that nobody would take, nor chosen differently on another day', () => {
    const more = run(
      growing('best', {
        ...own,
        strategies: [
          ...(growing('best').strategies as object[]),
          { ...managed('toll'), id: 'dear' },
          { id: 'detour', kind: 'phased', migration: '90 hours', phases: [{ via: 'dear', for: 3 }, { via: 'built' }] },
        ],
      }),
    );
    expect(more.prepared.switches).toEqual(best.prepared.switches);
    expect(more.recommendation?.strategy).toBe(best.recommendation?.strategy);
    expect(run(growing('best', own)).prepared.switches).toEqual(best.prepared.switches);
  });

  it('is held where break-even and sweeps vary what it was chosen at', () => {
    const { model } = best.prepared;
    const machine = new Machine(model);
    const { values, npv_usd } = best.sweeps.find(({ driver }) => driver === 'volume')!;
    const slot = model.inputs.findIndex(({ path }) => path === 'traffic.volume.requests_per_month');
    const later = alternatives(model).indexOf('later');
    [0, 20, 64].forEach((i) => {
      machine.set(slot, values[i]!);
      machine.run();
      expect(npv_usd.later![i]).toBe(costOf(machine, later));
    });
    expect(model.phased[0]!.starts).toEqual([0, found!.month]);
  });

  it('that is never or at once is told as its phase, is not ranked, and is no mistake', () => {
    for (const [needs, phase, month] of [
      [upkeep(50, 9), 'cut', 12],
      [upkeep(0, 0), 'built', 0],
    ] as const) {
      const one = run(growing('best', needs));
      expect(one.prepared.switches[0]?.month).toBe(month);
      expect(of(one, 'later')).toMatchObject({ comes_to: phase, npv_usd: of(one, phase).npv_usd });
      expect(one.recommendation).toMatchObject({ strategy: phase, immaterial: null });
      expect(one.recommendation?.next_best).not.toBe('later');
      expect(one.break_even.some(({ a, b }) => a === 'later' || b === 'later')).toBe(false);
      expect(one.diagnostics.map(({ code }) => code)).not.toContain('WITHOUT_EFFECT');
    }
  });

  it('is compared as its phase where it is the baseline', () => {
    const one = run(growing('best', { ...upkeep(50, 9), baseline: 'later' }));
    expect(one.recommendation).toMatchObject({ strategy: 'cut', versus: 'built' });
  });

  it('is recommended only if it saves as much as counts as material', () => {
    const alone = Math.min(of(best, 'built').npv_usd, of(best, 'cut').npv_usd);
    const saved = 1 - of(best, 'later').npv_usd / alone;
    expect(saved).toBeGreaterThan(0);
    const at = (materiality: number) => run(growing('best', { ...own, materiality })).recommendation;
    expect(at(saved * 0.99)?.strategy).toBe('later');
    expect(at(saved * 1.01)).toMatchObject({ immaterial: 'later' });
    expect(of(best, 'later').optimised).toMatchObject([
      { decision: 'change_over', simplest_npv_usd: alone, is_material: saved >= 0.02 },
    ]);
  });
});
