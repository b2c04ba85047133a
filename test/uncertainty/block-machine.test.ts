import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockMachine } from '../../src/model/block-machine.ts';
import { blockProgram } from '../../src/model/block-program.ts';
import { Machine } from '../../src/model/machine.ts';
import type { Model, ModelOp, Ref } from '../../src/model/model.ts';
import { Sheet } from '../../src/model/sheet.ts';

const MONTHS = 3;
/** `charge` and `charged` are what a line of token charges does, alone and added to a sum. */
const OPS: readonly (ModelOp | 'charge' | 'charged')[] = [
  'charge',
  'charged',
  'charged',
  '+',
  '-',
  '*',
  '/',
  '^',
  'max',
  'min',
  'ceil',
  'abs',
  'exp',
  '<',
  'total',
  'running',
];

interface Step {
  readonly op: (typeof OPS)[number];
  readonly a: number;
  readonly b: number;
}

const steps = fc.array(fc.record({ op: fc.constantFrom(...OPS), a: fc.nat(), b: fc.nat() }), {
  minLength: 1,
  maxLength: 60,
});
const values = fc.array(
  fc.integer({ min: -40, max: 40 }).map((n) => n / 8),
  { minLength: 10, maxLength: 10 },
);

/** Two inputs, a number, a series, and operators on whatever came before. */
function modelOf(program: readonly Step[]): { model: Model; computed: readonly Ref[] } {
  const sheet = new Sheet(MONTHS);
  const input = (path: string) =>
    sheet.input({
      path,
      unit: '1',
      source: '',
      as_of: undefined,
      spec: { is: 'point', value: 1 },
      central: 1,
      given: true,
    });
  const known = [
    input('x'),
    input('y'),
    input('held'),
    sheet.number(0.75, '1', ''),
    sheet.series([1, -2, 0.5], '1', ''),
  ];
  const start = known.length;
  for (const { op, a, b } of program) {
    const [left, right] = [known[a % known.length]!, known[b % known.length]!];
    const operands = { left, right };
    known.push(
      op === 'total'
        ? sheet.total(left)
        : op === 'running'
          ? sheet.running(left)
          : sheet.derive(formulaOf(op), operands, '1'),
    );
  }
  return { model: sheet.model, computed: known.slice(start).map(({ ref }) => ref) };
}

const formulaOf = (op: Step['op']): string => {
  if (op === 'charge') return 'left * right / 1000000';
  if (op === 'charged') return 'left + right * left / 1000000 + right * 3 / 1000000';
  if (op === 'max' || op === 'min') return `${op}(left, right)`;
  if (op === 'ceil' || op === 'abs') return `${op}(left)`;
  if (op === 'exp') return 'exp(min(left, 4))';
  if (op === '^') return 'abs(left) ^ min(right, 3)';
  return `left ${op} right`;
};

test('a block of draws is what a machine gives draw by draw, to the last bit, whichever quantities are read', () => {
  fc.assert(
    fc.property(steps, values, fc.nat(), (program, numbers, pick) => {
      const { model, computed } = modelOf(program);
      const targets = computed.filter((_, i) => ((pick >> (i % 20)) & 1) === 1 || i === computed.length - 1);
      const block = new BlockMachine(model, { slots: [0, 1], components: [] }, targets, 4);
      const machine = new Machine(model, [0, 1], targets);
      const columns = [Float64Array.from(numbers), Float64Array.from(numbers).reverse()];
      for (let from = 0; from < numbers.length; from += block.block) {
        const count = Math.min(block.block, numbers.length - from);
        columns.forEach((column, slot) => {
          block.set(slot, column, from, count);
        });
        block.run();
        for (let d = 0; d < count; d++) {
          columns.forEach((column, slot) => {
            machine.set(slot, column[from + d]!);
          });
          machine.run();
          for (const ref of targets)
            for (let month = 0; month < MONTHS; month++) {
              const { offset, stride } = block.at(ref);
              expect(block.registers[offset + month * stride + d]).toBe(machine.value(ref, month));
            }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a world is 1 unless it is drawn, and gives each month its own factor', () => {
  const sheet = new Sheet(MONTHS);
  const lost = sheet.derive('3 * world', { world: sheet.world('acme') }, '1');
  const total = sheet.total(lost);
  expect(new Machine(sheet.model).value(total.ref)).toBe(9);
  const block = new BlockMachine(sheet.model, { slots: [], components: ['acme'] }, [lost.ref, total.ref], 2);
  block.setWorld('acme', 1, Float64Array.of(9, 9, 9, 0, 2, 4), 3);
  block.run();
  const { offset, stride } = block.at(lost.ref);
  expect([0, 1, 2].map((month) => block.registers[offset + month * stride + 1])).toEqual([0, 6, 12]);
  expect([0, 1].map((d) => block.registers[block.at(total.ref).offset + d])).toEqual([9, 18]);
});

test('a charge is one instruction where nothing else reads what stands between, and several where something does', () => {
  const { model, computed } = modelOf([
    { op: 'running', a: 0, b: 0 },
    { op: '*', a: 5, b: 3 },
    { op: '/', a: 6, b: 3 },
    { op: '+', a: 5, b: 7 },
    { op: '*', a: 6, b: 0 },
    { op: '-', a: 7, b: 8 },
  ]);
  const [, product, quotient, sum, again, rest] = computed as [Ref, Ref, Ref, Ref, Ref, Ref];
  const operators = (targets: readonly Ref[]): string[] =>
    blockProgram(model, { slots: [0], components: [] }, targets, 2).instructions.map(({ op }) => op);
  expect(operators([sum])).toEqual(['running', 'charge']);
  expect(operators([quotient])).toEqual(['running', 'charge']);
  expect(operators([sum, quotient])).toEqual(['running', 'charge', '+']);
  expect(operators([sum, product])).toEqual(['running', '*', '/', '+']);
  for (const targets of [[sum], [quotient], [sum, quotient], [sum, again], [sum, product], [again, sum, rest]]) {
    const block = new BlockMachine(model, { slots: [0], components: [] }, targets, 2);
    const machine = new Machine(model, [0], targets);
    block.set(0, Float64Array.of(3, 7), 0, 2);
    block.run();
    machine.set(0, 7);
    machine.run();
    for (const ref of targets)
      for (let month = 0; month < MONTHS; month++) {
        const { offset, stride } = block.at(ref);
        expect(block.registers[offset + month * stride + 1]).toBe(machine.value(ref, month));
      }
  }
});
