/**
 * Runs a model: registers, and the instructions that depend on what varies. Everything else is evaluated once, when the
 * machine is made. An interpreter over plain arrays: no eval, nothing allocated per run.
 */
import { assertNever } from '../errors.ts';
import type { Model, ModelOp, Ref } from './model.ts';

const CODES: readonly ModelOp[] = [
  '+',
  '-',
  '*',
  '/',
  '^',
  'max',
  'min',
  'ceil',
  'floor',
  'abs',
  'exp',
  'log',
  'sqrt',
  '<',
  'total',
  'running',
];
const CODE = Object.fromEntries(CODES.map((op, i) => [op, i])) as Record<ModelOp, number>;
/** Operators with a kink or a jump: which branch they took tells smooth pieces apart. */
const KINKED: ReadonlySet<number> = new Set([CODE.max, CODE.min, CODE.ceil, CODE.floor, CODE.abs, CODE['<']]);
const WIDTH = 7;

export class Machine {
  readonly model: Model;
  readonly #registers: Float64Array;
  readonly #offsets: Int32Array;
  readonly #hot: Int32Array;
  readonly #slots: Int32Array;

  /**
   * @param varying slots of the inputs that `set` will be called for (default: all)
   * @param targets refs that will be read; what they do not depend on is not run again (default: all)
   */
  constructor(
    model: Model,
    varying: readonly number[] = model.inputs.map((_, slot) => slot),
    targets?: readonly Ref[],
  ) {
    this.model = model;
    const { defs, wide, months } = model;
    this.#offsets = new Int32Array(defs.length);
    let size = 0;
    for (let ref = 0; ref < defs.length; ref++) {
      this.#offsets[ref] = size;
      size += wide[ref] ? months : 1;
    }
    this.#registers = new Float64Array(size);
    this.#slots = new Int32Array(model.inputs.length).fill(-1);
    this.#hot = this.#load(new Set(varying), targets === undefined ? undefined : dependencies(model, targets));
  }

  /** Gives an input a value; takes effect at the next `run`. */
  set(slot: number, value: number): void {
    const register = this.#slots[slot] ?? -1;
    if (register >= 0) this.#registers[register] = value;
  }

  get(slot: number): number {
    const register = this.#slots[slot] ?? -1;
    return register >= 0 ? this.#registers[register]! : this.model.inputs[slot]!.central;
  }

  run(): void {
    execute(this.#hot, this.#registers);
  }

  /** The value of a quantity in a month (a quantity that is not wide has the same in every month). */
  value(ref: Ref, month = 0): number {
    return this.#registers[this.#offsets[ref]! + (this.model.wide[ref] ? month : 0)]!;
  }

  /** Which branch every kinked operator took, as a hash: equal signatures lie on one smooth piece. */
  signature(): number {
    const hot = this.#hot;
    const registers = this.#registers;
    let hash = 17;
    for (let p = 0; p < hot.length; p += WIDTH) {
      const code = hot[p]!;
      if (!KINKED.has(code)) continue;
      for (let i = 0; i < hot[p + 2]!; i++) {
        const a = registers[hot[p + 3]! + i * hot[p + 4]!]!;
        const b = registers[hot[p + 5]! + i * hot[p + 6]!]!;
        const branch =
          code === CODE.ceil
            ? Math.ceil(a)
            : code === CODE.floor
              ? Math.floor(a)
              : code === CODE.abs
                ? Math.sign(a)
                : a < b
                  ? 1
                  : 2;
        hash = Math.imul(hash ^ branch, 16777619) ^ p;
      }
    }
    return hash;
  }

  #load(varying: ReadonlySet<number>, needed: Uint8Array | undefined): Int32Array {
    const { defs, wide, months, inputs } = this.model;
    const registers = this.#registers;
    const isHot = new Uint8Array(defs.length);
    const all: number[] = [];
    const hot: number[] = [];
    defs.forEach((def, ref) => {
      const at = this.#offsets[ref]!;
      switch (def.is) {
        case 'number':
          registers[at] = def.value;
          return;
        case 'series':
          registers.set(def.values, at);
          return;
        case 'input':
          registers[at] = inputs[def.slot]!.central;
          this.#slots[def.slot] = at;
          isHot[ref] = varying.has(def.slot) ? 1 : 0;
          return;
        case 'world':
          registers[at] = 1;
          return;
        case 'op': {
          const count = def.op === 'total' || def.op === 'running' || wide[ref] ? months : 1;
          const stride = (operand: Ref): number => (wide[operand] ? 1 : 0);
          const instruction = [
            CODE[def.op],
            at,
            count,
            this.#offsets[def.a]!,
            stride(def.a),
            this.#offsets[def.b]!,
            stride(def.b),
          ];
          all.push(...instruction);
          if (isHot[def.a] || isHot[def.b]) {
            isHot[ref] = 1;
            if (needed === undefined || needed[ref]) hot.push(...instruction);
          }
          return;
        }
        default:
          assertNever(def);
      }
    });
    execute(Int32Array.from(all), registers);
    return Int32Array.from(hot);
  }
}

/** What the targets depend on: a comparison of two strategies is neither slowed nor disturbed by the others. */
export function dependencies(model: Model, targets: readonly Ref[]): Uint8Array {
  const seen = new Uint8Array(model.defs.length);
  for (const target of targets) seen[target] = 1;
  for (let ref = model.defs.length - 1; ref >= 0; ref--) {
    const def = model.defs[ref]!;
    if (seen[ref] && def.is === 'op') {
      seen[def.a] = 1;
      seen[def.b] = 1;
    }
  }
  return seen;
}

/** One operator on two numbers; a unary operator reads the first. */
export function apply(op: ModelOp, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '^':
      return a ** b;
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    case 'ceil':
      return Math.ceil(a);
    case 'floor':
      return Math.floor(a);
    case 'abs':
      return Math.abs(a);
    case 'exp':
      return Math.exp(a);
    case 'log':
      return Math.log(a);
    case 'sqrt':
      return Math.sqrt(a);
    case '<':
      return a < b ? 1 : 0;
    case 'total':
    case 'running':
      throw new Error(`"${op}" runs over months`);
    default:
      return assertNever(op);
  }
}

function execute(code: Int32Array, r: Float64Array): void {
  for (let p = 0; p < code.length; p += WIDTH) {
    const out = code[p + 1]!;
    const count = code[p + 2]!;
    const a = code[p + 3]!;
    const sa = code[p + 4]!;
    const b = code[p + 5]!;
    const sb = code[p + 6]!;
    switch (code[p]) {
      case 0:
        for (let i = 0; i < count; i++) r[out + i] = r[a + i * sa]! + r[b + i * sb]!;
        break;
      case 1:
        for (let i = 0; i < count; i++) r[out + i] = r[a + i * sa]! - r[b + i * sb]!;
        break;
      case 2:
        for (let i = 0; i < count; i++) r[out + i] = r[a + i * sa]! * r[b + i * sb]!;
        break;
      case 3:
        for (let i = 0; i < count; i++) r[out + i] = r[a + i * sa]! / r[b + i * sb]!;
        break;
      case 4:
        for (let i = 0; i < count; i++) r[out + i] = r[a + i * sa]! ** r[b + i * sb]!;
        break;
      case 5:
        for (let i = 0; i < count; i++) r[out + i] = Math.max(r[a + i * sa]!, r[b + i * sb]!);
        break;
      case 6:
        for (let i = 0; i < count; i++) r[out + i] = Math.min(r[a + i * sa]!, r[b + i * sb]!);
        break;
      case 14: {
        let t = 0;
        for (let i = 0; i < count; i++) t += r[a + i * sa]!;
        r[out] = t;
        break;
      }
      case 15: {
        let t = 0;
        for (let i = 0; i < count; i++) {
          t += r[a + i * sa]!;
          r[out + i] = t;
        }
        break;
      }
      default: {
        const op = CODES[code[p]!]!;
        for (let i = 0; i < count; i++) r[out + i] = apply(op, r[a + i * sa]!, r[b + i * sb]!);
      }
    }
  }
}
