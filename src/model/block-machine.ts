/**
 * Runs a model for many draws at once: each instruction goes over a block of draws before the next begins, so that reading
 * the instruction costs next to nothing. Takes a model, what varies from draw to draw and what will be read; gives for
 * each draw, to the last bit, what a Machine gives.
 *
 * Registers hold draws side by side, months one after the other. A register is used again once nothing needs it, so
 * that a block stays in the processor's cache. What does not vary is taken from a Machine and repeated along the block.
 */
import { assertNever } from '../errors.ts';
import { apply, dependencies, Machine } from './machine.ts';
import type { Model, ModelOp, Ref } from './model.ts';

export interface BlockVarying {
  /** Slots of inputs that have a value of their own in each draw. */
  readonly slots: readonly number[];
  /** Components whose outage worlds are drawn; the others keep a factor of 1. */
  readonly components: readonly string[];
}

interface Instruction {
  readonly op: ModelOp;
  readonly out: number;
  readonly isWide: boolean;
  readonly a: number;
  readonly isWideA: boolean;
  readonly b: number;
  readonly isWideB: boolean;
}

/** Draws of a block: long enough to spread the cost of an instruction, short enough for the cache. */
const BLOCK = 32;

export class BlockMachine {
  readonly model: Model;
  readonly block: number;
  /** Where `offset` points into; the value of draw d in month m stands at offset + m x stride + d. */
  readonly registers: Float64Array;
  readonly #offsets: Int32Array;
  readonly #wide: Uint8Array;
  readonly #program: readonly Instruction[];
  readonly #inputs = new Map<number, number>();
  readonly #worlds = new Map<string, number>();

  /** @param targets refs that will be read */
  constructor(model: Model, varying: BlockVarying, targets: readonly Ref[], block = BLOCK) {
    this.model = model;
    this.block = block;
    const needed = dependencies(model, targets);
    const { hot, wide } = whatVaries(model, varying);
    this.#wide = wide;
    const layout = new Layout(model, wide, block);
    const lasts = lastReaders(model, hot, needed, targets);
    this.#offsets = layout.offsets;

    const program: Instruction[] = [];
    const isComputed = (ref: Ref): boolean => model.defs[ref]!.is === 'op' && hot[ref] === 1;
    const place = (ref: Ref): void => {
      if (layout.offsets[ref]! < 0) layout.take(ref, isComputed(ref));
    };
    model.defs.forEach((def, ref) => {
      if (!needed[ref]) return;
      if (def.is !== 'op' && hot[ref]) place(ref);
      if (def.is !== 'op' || !hot[ref]) return;
      place(def.a);
      place(def.b);
      // A total gathers months into a register that none of its months may share.
      if (def.op === 'total') place(ref);
      for (const operand of new Set([def.a, def.b])) if (lasts[operand] === ref) layout.give(operand);
      place(ref);
      program.push({
        op: def.op,
        out: layout.offsets[ref]!,
        isWide: wide[ref] === 1,
        a: layout.offsets[def.a]!,
        isWideA: wide[def.a] === 1,
        b: layout.offsets[def.b]!,
        isWideB: wide[def.b] === 1,
      });
    });
    for (const target of targets) place(target);
    this.#program = program;
    this.registers = new Float64Array(layout.size);
    this.#fill(hot);
  }

  /** Gives an input its values in the next block; an input that nothing read depends on is passed over. */
  set(slot: number, values: Float64Array, from: number, count: number): void {
    const at = this.#inputs.get(slot);
    if (at === undefined) return;
    for (let d = 0; d < count; d++) this.registers[at + d] = values[from + d]!;
  }

  /** Whether anything that is read depends on the input. */
  reads(slot: number): boolean {
    return this.#inputs.has(slot);
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
    for (const instruction of this.#program) execute(instruction, this.registers, this.block, this.model.months);
  }

  /** Where a target stands, and how far its months are apart: 0 where all months have the same value. */
  at(ref: Ref): { readonly offset: number; readonly stride: number } {
    return { offset: this.#offsets[ref]!, stride: this.#wide[ref] ? this.block : 0 };
  }

  get instructions(): number {
    return this.#program.length;
  }

  /** Constants, and inputs at their central values, along the whole block. */
  #fill(hot: Uint8Array): void {
    const { defs, months } = this.model;
    const central = new Machine(this.model, []);
    defs.forEach((def, ref) => {
      const at = this.#offsets[ref]!;
      if (at < 0 || (hot[ref] && def.is === 'op')) return;
      if (hot[ref] && def.is === 'input') this.#inputs.set(def.slot, at);
      if (hot[ref] && def.is === 'world') this.#worlds.set(def.component, at);
      for (let m = 0; m < (this.#wide[ref] ? months : 1); m++)
        this.registers.fill(central.value(ref, m), at + m * this.block, at + (m + 1) * this.block);
    });
  }
}

/** What differs between draws, and what has one value per month: worlds do, and what comes of them. */
function whatVaries(model: Model, { slots, components }: BlockVarying): { hot: Uint8Array; wide: Uint8Array } {
  const hot = new Uint8Array(model.defs.length);
  const wide = Uint8Array.from(model.wide, Number);
  const [varied, drawn] = [new Set(slots), new Set(components)];
  model.defs.forEach((def, ref) => {
    if (def.is === 'input') hot[ref] = varied.has(def.slot) ? 1 : 0;
    if (def.is === 'world' && drawn.has(def.component)) {
      hot[ref] = 1;
      wide[ref] = 1;
    }
    if (def.is !== 'op') return;
    hot[ref] = hot[def.a]! | hot[def.b]!;
    if (def.op !== 'total') wide[ref]! |= wide[def.a]! | wide[def.b]!;
  });
  return { hot, wide };
}

/** Per hot quantity the last instruction that reads it; -1 for what has to stay: targets, inputs, constants. */
function lastReaders(model: Model, hot: Uint8Array, needed: Uint8Array, targets: readonly Ref[]): Int32Array {
  const lasts = new Int32Array(model.defs.length).fill(-1);
  model.defs.forEach((def, ref) => {
    if (def.is !== 'op' || !hot[ref] || !needed[ref]) return;
    for (const operand of [def.a, def.b]) if (model.defs[operand]!.is === 'op' && hot[operand]) lasts[operand] = ref;
  });
  for (const target of targets) lasts[target] = -1;
  return lasts;
}

/** Which register a quantity has; registers given back are taken again by the next quantity of their size. */
class Layout {
  readonly offsets: Int32Array;
  size = 0;
  readonly #free: [number[], number[]] = [[], []];
  readonly #wide: Uint8Array;
  readonly #lengths: readonly [number, number];

  constructor(model: Model, wide: Uint8Array, block: number) {
    this.offsets = new Int32Array(model.defs.length).fill(-1);
    this.#wide = wide;
    this.#lengths = [block, block * model.months];
  }

  /** @param mayReuse not what is written before the program runs: that has to last through all blocks */
  take(ref: Ref, mayReuse: boolean): void {
    const kind = this.#wide[ref] as 0 | 1;
    const again = mayReuse ? this.#free[kind].pop() : undefined;
    this.offsets[ref] = again ?? this.size;
    if (again === undefined) this.size += this.#lengths[kind];
  }

  give(ref: Ref): void {
    this.#free[this.#wide[ref] as 0 | 1].push(this.offsets[ref]!);
  }
}

function execute(x: Instruction, r: Float64Array, block: number, months: number): void {
  if (x.op === 'total' || x.op === 'running') {
    overMonths(x, r, block, months);
    return;
  }
  // Where neither or both of the operands have months, one loop goes over all of them.
  const isFlat = x.isWideA === x.isWideB || !x.isWide;
  const rows = isFlat ? 1 : months;
  const length = isFlat && x.isWide ? block * months : block;
  const stepA = x.isWideA ? length : 0;
  const stepB = x.isWideB ? length : 0;
  for (let row = 0; row < rows; row++) {
    elementwise(x.op, r, x.out + row * length, x.a + row * stepA, x.b + row * stepB, length);
  }
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

/** Sums in the order of the months, as a Machine adds them. */
function overMonths({ op, out, a, isWideA }: Instruction, r: Float64Array, block: number, months: number): void {
  const step = isWideA ? block : 0;
  if (op === 'total') {
    for (let d = 0; d < block; d++) r[out + d] = 0 + r[a + d]!;
    for (let m = 1; m < months; m++) for (let d = 0; d < block; d++) r[out + d] = r[out + d]! + r[a + m * step + d]!;
    return;
  }
  for (let d = 0; d < block; d++) r[out + d] = 0 + r[a + d]!;
  for (let m = 1; m < months; m++)
    for (let d = 0; d < block; d++) r[out + m * block + d] = r[out + (m - 1) * block + d]! + r[a + m * step + d]!;
}
