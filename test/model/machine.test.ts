import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appraise, costOf, targetsOf } from '../../src/appraise.ts';
import { Machine } from '../../src/model/machine.ts';
import { alternatives, type Input, type Model, type Quantity } from '../../src/model/model.ts';
import { Sheet } from '../../src/model/sheet.ts';
import { direct, managed, monthly, run } from '../costs/fixture.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';

const MONTHS = 5;
const input = (path: string, value: number): Input => ({
  path,
  unit: '1',
  source: 'test',
  as_of: undefined,
  spec: { is: 'point', value },
  central: value,
  given: true,
});

const { text: expression } = fc.letrec<{ text: string; leaf: string; call: string; binary: string }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom('a', 'b', 'wide', 'slope'),
    fc.integer({ min: 0, max: 30 }).map((n) => String(n / 4)),
  ),
  call: fc.oneof(
    fc.tuple(fc.constantFrom('max', 'min'), tie('text'), tie('text')).map(([f, x, y]) => `${f}(${x}, ${y})`),
    fc
      .tuple(fc.constantFrom('max', 'min'), tie('leaf'), tie('leaf'), tie('leaf'))
      .map(([f, x, y, z]) => `${f}(${x}, ${y}, ${z})`),
    fc.tuple(fc.constantFrom('ceil', 'floor', 'abs'), tie('text')).map(([f, x]) => `${f}(${x})`),
    fc.tuple(fc.constantFrom('exp', 'log', 'sqrt'), tie('leaf')).map(([f, x]) => `${f}(1 + abs(${x}) / 8)`),
    tie('text').map((x) => `-(${x})`),
  ),
  binary: fc
    .tuple(tie('text'), fc.constantFrom('+', '-', '*', '/', '<', '^'), tie('text'))
    .map(([x, op, y]) =>
      op === '^'
        ? `(1 + abs(${x})) ^ min(3, abs(${y}))`
        : op === '/'
          ? `(${x}) / (1 + abs(${y}))`
          : `((${x}) ${op} (${y}))`,
    ),
  text: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('call'), tie('binary')),
}));

const small = fc.integer({ min: -40, max: 40 }).map((n) => n / 8);
const world = fc.record({
  a: small,
  b: small,
  wide: fc.array(small, { minLength: MONTHS, maxLength: MONTHS }),
  slope: small,
  text: expression,
});

interface Made {
  readonly sheet: Sheet;
  readonly out: Quantity;
  readonly total: Quantity;
  readonly running: Quantity;
}

function make({
  a,
  b,
  wide,
  slope,
  text,
}: {
  a: number;
  b: number;
  wide: number[];
  slope: number;
  text: string;
}): Made {
  const sheet = new Sheet(MONTHS);
  const of = {
    a: sheet.input(input('a', a)),
    b: sheet.number(b, '1', 'test'),
    wide: sheet.series(wide, '1', 'test'),
    slope: sheet.derive(
      'rate * month',
      {
        rate: sheet.input(input('slope', slope)),
        month: sheet.series([0, 1, 2, 3, 4], 'month', 'test'),
      },
      '1',
    ),
  };
  const out = sheet.derive(text, of, '1');
  return { sheet, out, total: sheet.total(out), running: sheet.running(out) };
}

const close = (found: number, expected: number): boolean =>
  Object.is(found, expected) ||
  found === expected ||
  Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected));

describe('the machine', () => {
  it('gives what mathjs gives, month by month, in total and running', () => {
    fc.assert(
      fc.property(world, small, (given, later) => {
        const { sheet, out, total, running } = make(given);
        const machine = new Machine(sheet.model);
        for (const a of [given.a, later]) {
          machine.set(0, a);
          machine.run();
          let so_far = 0;
          for (let month = 0; month < MONTHS; month++) {
            const scope = { a, b: given.b, wide: given.wide[month]!, slope: given.slope * month };
            const expected = evaluateWithMathjs(given.text, scope);
            so_far += expected;
            expect(close(machine.value(out.ref, month), expected), `${given.text} in month ${month}`).toBe(true);
            expect(close(machine.value(running.ref, month), so_far)).toBe(true);
          }
          expect(close(machine.value(total.ref), so_far)).toBe(true);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('gives the same bits with few targets, few varying inputs and after a round trip through JSON', () => {
    fc.assert(
      fc.property(world, small, (given, later) => {
        const { sheet, out, running } = make(given);
        const copy = JSON.parse(JSON.stringify(sheet.model)) as Model;
        const machines = [
          new Machine(sheet.model),
          new Machine(sheet.model, [0]),
          new Machine(sheet.model, [0], [out.ref, running.ref]),
          new Machine(copy, [0, 1], [running.ref, out.ref]),
        ];
        for (const machine of machines) {
          machine.set(0, later);
          machine.run();
        }
        for (let month = 0; month < MONTHS; month++) {
          for (const { ref } of [out, running]) {
            const bits = machines.map((machine) => machine.value(ref, month));
            expect(bits.every((value) => value === bits[0])).toBe(true);
          }
        }
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('reads an input back, and the central value of one that no line uses', () => {
    const sheet = new Sheet(1);
    const used = sheet.input(input('used', 3));
    const machine = new Machine(sheet.model);
    machine.set(0, 7);
    expect(machine.get(0)).toBe(7);
    expect(machine.value(used.ref)).toBe(7);
  });
});

describe('the signature', () => {
  const signed = (text: string) => {
    const sheet = new Sheet(2);
    const x = sheet.input(input('x', 0));
    sheet.derive(text, { x, wide: sheet.series([1, 2], '1', 'test') }, '1');
    const machine = new Machine(sheet.model);
    return (value: number): number => {
      machine.set(0, value);
      machine.run();
      return machine.signature();
    };
  };

  it.each([
    ['max(0, x - 5)', 4, 4.9, 5.1],
    ['min(x, 5) * 3', 1, 4.9, 5.1],
    ['ceil(x / 10)', 1, 9.9, 10.1],
    ['floor(x / 10)', 1, 9.9, 10.1],
    ['abs(x - 5)', 1, 4.9, 5.1],
    ['(x < 5) * 2', 1, 4.9, 5.1],
    ['max(x, 5 * wide)', 6, 9.9, 10.1],
    ['max(0, x - 5) - max(0, 5 - x)', 1, 4.9, 5.1],
  ])('of %s stays from %f to %f and changes at %f', (text, low, high, past) => {
    const signature = signed(text);
    expect(signature(high)).toBe(signature(low));
    expect(signature(past)).not.toBe(signature(high));
    expect(signature(low)).toBe(signature(high));
  });

  it('of smooth formulas never changes', () => {
    const signature = signed('x ^ 2 + exp(x) * wide - x / (1 + x)');
    expect(new Set([0.1, 1, 2, 3].map(signature)).size).toBe(1);
  });
});

describe('the sheet', () => {
  it('shares equal quantities', () => {
    const sheet = new Sheet(3);
    const x = sheet.input(input('x', 1));
    const [one, other] = ['x * 2 + 1', 'x * 2 + 1'].map((text) => sheet.derive(text, { x }, '1'));
    expect(one?.ref).toBe(other?.ref);
    expect(sheet.input(input('x', 1)).ref).toBe(x.ref);
    expect(sheet.series([4, 4, 4], '1', '').ref).toBe(sheet.number(4, '1', '').ref);
  });

  it('refuses a name that a formula has no input for, and series of the wrong length', () => {
    const sheet = new Sheet(3);
    expect(() => sheet.derive('x + y', { x: sheet.number(1, '1', '') }, '1')).toThrow('has no input "y"');
    expect(() => sheet.series([1, 2], '1', '')).toThrow('a series of 2 values in a model of 3 months');
  });

  it('refuses a start line with an amount per month', () => {
    const sheet = new Sheet(2);
    const wide = sheet.series([1, 2], 'USD', '');
    const line = {
      component: 'engineering',
      label: 'x',
      timing: 'start',
      cash: true,
      formula: 'wide',
      inputs: { wide },
    } as const;
    expect(() => sheet.line(line)).toThrow('one amount per month');
  });

  it('refuses inherited names', () => {
    const sheet = new Sheet(1);
    expect(() => sheet.derive('constructor + 1', {}, '1')).toThrow('has no input "constructor"');
  });
});

describe('appraise', () => {
  it('adds the start and the discounted months: 100 and twice 10 at 1 % a month are 119.70395', () => {
    const sheet = new Sheet(2);
    const month = sheet.series([0, 1], 'month', '');
    sheet.model.discount = sheet.derive('1.01 ^ (0 - (month + 1))', { month }, '1').ref;
    const line = (timing: 'start' | 'monthly', usd: number, cash: boolean) =>
      sheet.line({
        component: 'engineering',
        label: timing,
        timing,
        cash,
        formula: 'usd',
        inputs: { usd: sheet.number(usd, 'USD', '') },
      }).index;
    sheet.strategy('a', [line('start', 100, true), line('monthly', 10, false)]);
    const machine = new Machine(sheet.model);
    expect(costOf(machine, 0)).toBeCloseTo(119.70395059307911, 10);
    expect(costOf(machine, 0, 'cash')).toBe(100);
    const out = new Float64Array(1);
    appraise(machine, out);
    expect(out[0]).toBe(costOf(machine, 0));
  });

  it('gives the same bits from a model that went through JSON, and from machines for one alternative each', () => {
    const phased = { id: 'later', kind: 'phased', phases: [{ via: 'toll', for: 4 }, { via: 'direct' }] };
    const { prepared } = run({
      horizon: 12,
      discount_rate: '8 %/year',
      traffic: monthly(70_000, 0.03),
      strategies: [direct, managed('toll', { top_up: 20 }), managed('plans'), phased],
      engineering: {},
      needs: { fallback: 'optional', budgets: 'required' },
      outages: { from: 'history' },
      value: { per_request: '0.01 to 0.05 USD' },
    });
    const { model } = prepared;
    const copy = JSON.parse(JSON.stringify(model)) as Model;
    const [whole, again] = [new Machine(model), new Machine(copy)];
    alternatives(model).forEach((_, i) => {
      const alone = new Machine(model, [0], targetsOf(model, [i]));
      for (const volume of [70_000, 1_000, 5e6]) {
        for (const machine of [whole, again, alone]) {
          machine.set(0, volume);
          machine.run();
        }
      }
      for (const view of ['economic', 'cash'] as const) {
        expect(costOf(again, i, view)).toBe(costOf(whole, i, view));
        expect(costOf(alone, i, view)).toBe(costOf(whole, i, view));
        expect(Number.isFinite(costOf(whole, i, view))).toBe(true);
      }
    });
  });
});
