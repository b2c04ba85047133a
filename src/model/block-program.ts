/**
 * Lays out a model for blocks of draws: which quantities differ between draws, in which order they are worked out, and which
 * register each has. Takes a model, what varies and what will be read; runs nothing.
 *
 * A quantity is worked out just before it is needed, so that few are held at once, and a register that nothing needs
 * any more is used again: a block of draws stays in the processor's cache.
 */
import type { Model, ModelOp, Ref } from './model.ts';

export interface BlockVarying {
  /** Slots of inputs that have a value of their own in each draw. */
  readonly slots: readonly number[];
  /** Components whose outage worlds are drawn; the others keep a factor of 1. */
  readonly components: readonly string[];
}

export interface Operand {
  readonly at: number;
  /** It has one value per month. */
  readonly isWide: boolean;
  /** It has one value for all months and draws. */
  readonly isConstant: boolean;
}

export interface Instruction {
  readonly op: ModelOp;
  readonly out: number;
  readonly isWide: boolean;
  readonly a: Operand;
  readonly b: Operand;
}

/**
 * plus + a x b / divisor, in that order, with what stands between kept in no register: the amount of a line of charges
 * added to a sum. All but the divisor have months, or b is a constant.
 */
export interface Charge {
  readonly op: 'charge';
  readonly out: number;
  readonly a: number;
  readonly b: Operand;
  /** Where the divisor stands, one number. */
  readonly divisor: number;
  /** undefined: nothing is added. */
  readonly plus: number | undefined;
}

export interface BlockProgram {
  readonly instructions: readonly (Instruction | Charge)[];
  /** Per quantity where its register begins; -1: it has none. */
  readonly offsets: Int32Array;
  readonly wide: Uint8Array;
  readonly hot: Uint8Array;
  /** Numbers that all registers take. */
  readonly size: number;
}

export function blockProgram(
  model: Model,
  varying: BlockVarying,
  targets: readonly Ref[],
  block: number,
): BlockProgram {
  const { hot, wide } = whatVaries(model, varying);
  const isComputed = (ref: Ref): boolean => model.defs[ref]!.is === 'op' && hot[ref] === 1;
  const order = inOrder(model, targets, isComputed);
  const layout = new Layout(wide, [block, block * model.months]);
  const lasts = lastReaders(model, order, targets, isComputed);
  // What is written before the program runs has to last through all blocks: its registers come first and stay.
  for (const ref of [...order.flatMap((one) => operandsOf(model, one)), ...targets])
    if (!isComputed(ref)) layout.take(ref);

  const operand = (ref: Ref): Operand => ({
    at: layout.offsets[ref]!,
    isWide: wide[ref] === 1,
    isConstant: wide[ref] === 0 && hot[ref] === 0,
  });
  const instructions = order.map((ref, step): Instruction => {
    const def = model.defs[ref]!;
    if (def.is !== 'op') throw new Error(`quantity ${ref} is no operator`);
    const [a, b] = [operand(def.a), operand(def.b)];
    // A total gathers months into a register that none of its months may share.
    if (def.op === 'total') layout.take(ref);
    for (const one of new Set([def.a, def.b])) if (lasts.get(one) === step) layout.give(one);
    layout.take(ref);
    return { op: def.op, out: layout.offsets[ref]!, isWide: wide[ref] === 1, a, b };
  });
  const once = readOnce(model, order, targets);
  const isPassedOn = order.map((ref, step) => once.has(ref) && operandsOf(model, order[step + 1] ?? ref).includes(ref));
  return { instructions: withCharges(instructions, isPassedOn), offsets: layout.offsets, wide, hot, size: layout.size };
}

/** @param isPassedOn per step whether its result is read by the next step and by nothing else */
function withCharges(steps: readonly Instruction[], isPassedOn: readonly boolean[]): (Instruction | Charge)[] {
  const made: (Instruction | Charge)[] = [];
  for (let i = 0; i < steps.length; i++) {
    const [product, quotient, sum] = [steps[i]!, steps[i + 1], steps[i + 2]];
    const charge = isPassedOn[i] && quotient !== undefined ? chargeOf(product, quotient) : undefined;
    const plus = charge !== undefined && isPassedOn[i + 1] && sum !== undefined ? addedTo(sum, charge.out) : undefined;
    if (charge === undefined) made.push(product);
    else if (plus === undefined || sum === undefined) made.push(charge);
    else made.push({ ...charge, out: sum.out, plus });
    i += charge === undefined ? 0 : plus === undefined ? 1 : 2;
  }
  return made;
}

function chargeOf(product: Instruction, quotient: Instruction): Charge | undefined {
  const [a, b] = product.a.isWide ? [product.a, product.b] : [product.b, product.a];
  const isCharge =
    product.op === '*' &&
    quotient.op === '/' &&
    a.isWide &&
    (b.isWide || b.isConstant) &&
    quotient.b.isConstant &&
    quotient.b.at !== product.out;
  if (!isCharge) return undefined;
  return { op: 'charge', out: quotient.out, a: a.at, b, divisor: quotient.b.at, plus: undefined };
}

/** What the sum adds to a register, where both have months. */
function addedTo({ op, a, b }: Instruction, register: number): number | undefined {
  if (op !== '+' || !a.isWide || !b.isWide || a.at === b.at) return undefined;
  return a.at === register ? b.at : a.at;
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

const operandsOf = (model: Model, ref: Ref): readonly Ref[] => {
  const def = model.defs[ref]!;
  return def.is === 'op' ? [def.a, def.b] : [];
};

/** Quantities to be worked out, each after what it needs and as late as may be. */
function inOrder(model: Model, targets: readonly Ref[], isComputed: (ref: Ref) => boolean): Ref[] {
  const order: Ref[] = [];
  const state = new Uint8Array(model.defs.length);
  for (const target of targets) {
    const open = [target];
    for (let ref = open.at(-1); ref !== undefined; ref = open.at(-1)) {
      if (state[ref] === 2 || !isComputed(ref)) open.pop();
      else if (state[ref] === 1) {
        state[ref] = 2;
        order.push(ref);
        open.pop();
      } else {
        state[ref] = 1;
        for (const operand of operandsOf(model, ref).toReversed()) if (state[operand] === 0) open.push(operand);
      }
    }
  }
  return order;
}

/** The last step that reads a computed quantity; none for targets, which stay. */
function lastReaders(
  model: Model,
  order: readonly Ref[],
  targets: readonly Ref[],
  isComputed: (ref: Ref) => boolean,
): ReadonlyMap<Ref, number> {
  const lasts = new Map<Ref, number>();
  order.forEach((ref, step) => {
    for (const operand of operandsOf(model, ref)) if (isComputed(operand)) lasts.set(operand, step);
  });
  for (const target of targets) lasts.delete(target);
  return lasts;
}

/** Computed quantities that one place alone reads, and that are no targets. */
function readOnce(model: Model, order: readonly Ref[], targets: readonly Ref[]): ReadonlySet<Ref> {
  const reads = new Map<Ref, number>();
  for (const ref of [...order.flatMap((one) => operandsOf(model, one)), ...targets])
    reads.set(ref, (reads.get(ref) ?? 0) + 1);
  return new Set(order.filter((ref) => reads.get(ref) === 1));
}

/** Registers of two sizes; those given back are taken again. */
class Layout {
  readonly offsets: Int32Array;
  size = 0;
  readonly #free: readonly [number[], number[]] = [[], []];
  readonly #wide: Uint8Array;
  readonly #lengths: readonly [number, number];

  constructor(wide: Uint8Array, lengths: readonly [number, number]) {
    this.offsets = new Int32Array(wide.length).fill(-1);
    this.#wide = wide;
    this.#lengths = lengths;
  }

  /** A quantity that has a register keeps it. */
  take(ref: Ref): void {
    if (this.offsets[ref]! >= 0) return;
    const kind = this.#wide[ref] as 0 | 1;
    const again = this.#free[kind].pop();
    this.offsets[ref] = again ?? this.size;
    if (again === undefined) this.size += this.#lengths[kind];
  }

  give(ref: Ref): void {
    this.#free[this.#wide[ref] as 0 | 1].push(this.offsets[ref]!);
  }
}
