/**
 * Runs a model for many draws at once: each instruction goes over a block of draws before the next begins, so that reading
 * the instruction costs next to nothing. Takes a model, what varies from draw to draw and what will be read; gives for
 * each draw, to the last bit, what a Machine gives.
 *
 * Registers hold draws side by side, months one after the other. What does not vary is taken from a Machine and repeated
 * along the block; what is one number for all draws and months is read once per instruction.
 */
import { assertNever } from '../errors.ts';
import { type BlockProgram, type BlockVarying, blockProgram, type Charge, type Instruction } from './block-program.ts';
import { apply, Machine } from './machine.ts';
import type { Model, ModelOp, Ref } from './model.ts';

/** Draws of a block: long enough to spread the cost of an instruction, short enough for the cache. */
const BLOCK = 32;

export class BlockMachine {
  readonly model: Model;
  readonly block: number;
  /** Where `offset` points into; the value of draw d in month m stands at offset + m x stride + d. */
  readonly registers: Float64Array;
  readonly #program: BlockProgram;
  readonly #inputs = new Map<number, number>();
  readonly #worlds = new Map<string, number>();

  /** @param targets refs that will be read */
  constructor(model: Model, varying: BlockVarying, targets: readonly Ref[], block = BLOCK) {
    this.model = model;
    this.block = block;
    this.#program = blockProgram(model, varying, targets, block);
    this.registers = new Float64Array(this.#program.size);
    this.#fill();
  }

  /** Gives an input its values in the next block; an input that nothing read depends on is passed over. */
  set(slot: number, values: Float64Array, from: number, count: number): void {
    const at = this.#inputs.get(slot);
    if (at === undefined) return;
    for (let d = 0; d < count; d++) this.registers[at + d] = values[from + d]!;
  }

  readsWorld(component: string): boolean {
    return this.#worlds.has(component);
  }

  /** Gives one draw of the block its factors by month, which begin at `from`. */
  setWorld(component: string, draw: number, factors: Float64Array, from: number): void {
    const at = this.#worlds.get(component);
    if (at === undefined) return;
    for (let m = 0; m < this.model.months; m++) this.registers[at + m * this.block + draw] = factors[from + m]!;
  }

  run(): void {
    const { instructions } = this.#program;
    for (let i = 0; i < instructions.length; i++)
      execute(instructions[i]!, this.registers, this.block, this.model.months);
  }

  /** Where a target stands, and how far its months are apart: 0 where all months have the same value. */
  at(ref: Ref): { readonly offset: number; readonly stride: number } {
    const { offsets, wide } = this.#program;
    if (offsets[ref]! < 0) throw new Error(`quantity ${ref} is no target`);
    return { offset: offsets[ref]!, stride: wide[ref] ? this.block : 0 };
  }

  /** Constants, and inputs at their central values, along the whole block. */
  #fill(): void {
    const { defs, months } = this.model;
    const { offsets, hot, wide } = this.#program;
    const central = new Machine(this.model, []);
    defs.forEach((def, ref) => {
      const at = offsets[ref]!;
      if (at < 0 || (hot[ref] && def.is === 'op')) return;
      if (hot[ref] && def.is === 'input') this.#inputs.set(def.slot, at);
      if (hot[ref] && def.is === 'world') this.#worlds.set(def.component, at);
      for (let m = 0; m < (wide[ref] ? months : 1); m++)
        this.registers.fill(central.value(ref, m), at + m * this.block, at + (m + 1) * this.block);
    });
  }
}

function execute(instruction: Instruction | Charge, r: Float64Array, block: number, months: number): void {
  if (instruction.op === 'charge') {
    charge(instruction, r, block * months);
    return;
  }
  const { op, out, isWide, a, b } = instruction;
  const length = isWide ? block * months : block;
  if (op === 'total') total(r, out, a.at, a.isWide ? block : 0, block, months);
  else if (op === 'running') running(r, out, a.at, a.isWide ? block : 0, block, months);
  else if (b.isConstant && !a.isConstant) withConstant(op, r, out, a.at, r[b.at]!, length);
  else if (a.isConstant && !b.isConstant) ofConstant(op, r, out, r[a.at]!, b.at, length);
  else if (a.isWide === b.isWide) elementwise(op, r, out, a.at, b.at, length);
  else {
    const [stepA, stepB] = [a.isWide ? block : 0, b.isWide ? block : 0];
    for (let m = 0; m < months; m++) elementwise(op, r, out + m * block, a.at + m * stepA, b.at + m * stepB, block);
  }
}

function charge({ out, a, b, divisor, plus }: Charge, r: Float64Array, length: number): void {
  const by = r[divisor]!;
  if (b.isConstant) {
    const price = r[b.at]!;
    if (plus === undefined) for (let i = 0; i < length; i++) r[out + i] = (r[a + i]! * price) / by;
    else for (let i = 0; i < length; i++) r[out + i] = r[plus + i]! + (r[a + i]! * price) / by;
    return;
  }
  const prices = b.at;
  if (plus === undefined) for (let i = 0; i < length; i++) r[out + i] = (r[a + i]! * r[prices + i]!) / by;
  else for (let i = 0; i < length; i++) r[out + i] = r[plus + i]! + (r[a + i]! * r[prices + i]!) / by;
}

function elementwise(op: ModelOp, r: Float64Array, out: number, a: number, b: number, length: number): void {
  switch (op) {
    case '+':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! + r[b + i]!;
      return;
    case '-':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! - r[b + i]!;
      return;
    case '*':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! * r[b + i]!;
      return;
    case '/':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! / r[b + i]!;
      return;
    case 'max':
      for (let i = 0; i < length; i++) r[out + i] = Math.max(r[a + i]!, r[b + i]!);
      return;
    case 'min':
      for (let i = 0; i < length; i++) r[out + i] = Math.min(r[a + i]!, r[b + i]!);
      return;
    case '^':
    case 'ceil':
    case 'floor':
    case 'abs':
    case 'exp':
    case 'log':
    case 'sqrt':
    case '<':
      for (let i = 0; i < length; i++) r[out + i] = apply(op, r[a + i]!, r[b + i]!);
      return;
    case 'total':
    case 'running':
      throw new Error(`"${op}" runs over months`);
    default:
      assertNever(op);
  }
}

/** The second operand is one number. */
function withConstant(op: ModelOp, r: Float64Array, out: number, a: number, b: number, length: number): void {
  switch (op) {
    case '+':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! + b;
      return;
    case '-':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! - b;
      return;
    case '*':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! * b;
      return;
    case '/':
      for (let i = 0; i < length; i++) r[out + i] = r[a + i]! / b;
      return;
    default:
      for (let i = 0; i < length; i++) r[out + i] = apply(op, r[a + i]!, b);
  }
}

/** The first operand is one number. */
function ofConstant(op: ModelOp, r: Float64Array, out: number, a: number, b: number, length: number): void {
  switch (op) {
    case '+':
      for (let i = 0; i < length; i++) r[out + i] = a + r[b + i]!;
      return;
    case '-':
      for (let i = 0; i < length; i++) r[out + i] = a - r[b + i]!;
      return;
    case '*':
      for (let i = 0; i < length; i++) r[out + i] = a * r[b + i]!;
      return;
    default:
      for (let i = 0; i < length; i++) r[out + i] = apply(op, a, r[b + i]!);
  }
}

/** Sums in the order of the months, from 0 on, as a Machine adds them. */
function total(r: Float64Array, out: number, a: number, step: number, block: number, months: number): void {
  for (let d = 0; d < block; d++) r[out + d] = 0 + r[a + d]!;
  for (let m = 1; m < months; m++) for (let d = 0; d < block; d++) r[out + d] = r[out + d]! + r[a + m * step + d]!;
}

function running(r: Float64Array, out: number, a: number, step: number, block: number, months: number): void {
  for (let d = 0; d < block; d++) r[out + d] = 0 + r[a + d]!;
  for (let m = 1; m < months; m++)
    for (let d = 0; d < block; d++) r[out + m * block + d] = r[out + (m - 1) * block + d]! + r[a + m * step + d]!;
}
