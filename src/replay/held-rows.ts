/**
 * Rows of a replay in columns, held back so that late ones find their place. Gives batches in order of time; equal times stay as
 * they came. Chains of blocks lie in the order in which they came, one behind the other. It numbers and checks nothing.
 */
import { COUNT_METERS } from '../meters.ts';
import { type ColumnNames, METER_COUNT, type ReplayBatch } from './columns.ts';

export class HeldRows {
  rows = 0;
  blocks = 0;
  isSorted = true;
  chains = new Uint32Array(1024);
  readonly occurs = new Uint8Array(METER_COUNT);
  readonly time_ms: Float64Array;
  readonly prompt: Int32Array;
  readonly chain_offset: Uint32Array;
  readonly chain_length: Uint32Array;
  readonly prompt_tokens: Uint32Array;
  readonly context_tokens: Uint32Array;
  readonly output_tokens: Uint32Array;
  readonly model: Uint32Array;
  readonly feature: Uint32Array;
  readonly user: Uint32Array;
  readonly team: Uint32Array;
  readonly tier: Uint8Array;
  readonly counts: readonly Float64Array[];

  constructor(rows: number) {
    this.time_ms = new Float64Array(rows);
    this.prompt = new Int32Array(rows);
    this.chain_offset = new Uint32Array(rows);
    this.chain_length = new Uint32Array(rows);
    this.prompt_tokens = new Uint32Array(rows);
    this.context_tokens = new Uint32Array(rows);
    this.output_tokens = new Uint32Array(rows);
    this.model = new Uint32Array(rows);
    this.feature = new Uint32Array(rows);
    this.user = new Uint32Array(rows);
    this.team = new Uint32Array(rows);
    this.tier = new Uint8Array(rows);
    this.counts = Array.from({ length: METER_COUNT }, () => new Float64Array(rows));
  }

  reserve(blocks: number): void {
    if (this.blocks + blocks <= this.chains.length) return;
    const larger = new Uint32Array(2 * (this.blocks + blocks));
    larger.set(this.chains.subarray(0, this.blocks));
    this.chains = larger;
  }

  /** Places by time; equal times stay as they came. */
  order(): Uint32Array {
    const order = Uint32Array.from({ length: this.rows }, (_, i) => i);
    const { time_ms } = this;
    return this.isSorted ? order : order.sort((a, b) => time_ms[a]! - time_ms[b]! || a - b);
  }

  /** A batch of the first `rows` in this order. */
  take(order: Uint32Array, rows: number, column_names: ColumnNames): ReplayBatch {
    const gather = <A extends Float64Array | Uint32Array | Int32Array | Uint8Array>(from: A, to: A): A => {
      for (let i = 0; i < rows; i++) to[i] = from[order[i]!]!;
      return to;
    };
    const integers = (from: Uint32Array): Uint32Array => gather(from, new Uint32Array(rows));
    const chain_length = integers(this.chain_length);
    const chains = new Uint32Array(chain_length.reduce((total, length) => total + length, 0));
    const chain_offset = new Uint32Array(rows);
    let blocks = 0;
    for (let i = 0; i < rows; i++) {
      const from = this.chain_offset[order[i]!]!;
      chain_offset[i] = blocks;
      chains.set(this.chains.subarray(from, from + chain_length[i]!), blocks);
      blocks += chain_length[i]!;
    }
    const meters = COUNT_METERS.flatMap((_, m) => (this.occurs[m] === 1 ? [m] : []));
    const model = integers(this.model);
    return {
      requests: rows,
      time_ms: gather(this.time_ms, new Float64Array(rows)),
      tenant: new Uint32Array(rows),
      prompt: gather(this.prompt, new Int32Array(rows)),
      scope: model,
      chains,
      chain_offset,
      chain_length,
      prompt_tokens: integers(this.prompt_tokens),
      output_tokens: integers(this.output_tokens),
      column_names,
      context_tokens: integers(this.context_tokens),
      model,
      feature: integers(this.feature),
      user: integers(this.user),
      team: integers(this.team),
      tier: gather(this.tier, new Uint8Array(rows)),
      meters: Uint8Array.from(meters),
      counts: this.counts.map((count, m) =>
        this.occurs[m] === 1 ? gather(count, new Float64Array(rows)) : new Float64Array(0),
      ),
    };
  }

  /** Keeps the rows behind the first `rows` of this order, sorted. */
  keep(order: Uint32Array, rows: number): void {
    const columns = [
      this.time_ms,
      this.prompt,
      this.chain_length,
      this.prompt_tokens,
      this.context_tokens,
      this.output_tokens,
      this.model,
      this.feature,
      this.user,
      this.team,
      this.tier,
      ...this.counts,
    ];
    if (this.isSorted) {
      this.#shift(columns, rows);
      return;
    }
    const rest = order.subarray(rows).slice();
    const chains: number[] = [];
    const offsets: number[] = [];
    for (const from of rest) {
      offsets.push(chains.length);
      const offset = this.chain_offset[from]!;
      for (let b = 0; b < this.chain_length[from]!; b++) chains.push(this.chains[offset + b]!);
    }
    for (const column of columns) column.set(Array.from(rest, (from) => column[from]!));
    this.chain_offset.set(offsets);
    this.chains.set(chains);
    this.blocks = chains.length;
    this.rows = rest.length;
    this.isSorted = true;
    if (this.rows === 0) this.occurs.fill(0);
  }

  /** Rows that came in order stand one after the other, and so do their chains. */
  #shift(columns: readonly { copyWithin(target: number, start: number, end: number): unknown }[], rows: number): void {
    const blocks = rows < this.rows ? this.chain_offset[rows]! : this.blocks;
    for (const column of columns) column.copyWithin(0, rows, this.rows);
    this.chain_offset.copyWithin(0, rows, this.rows);
    this.chains.copyWithin(0, blocks, this.blocks);
    this.rows -= rows;
    this.blocks -= blocks;
    for (let i = 0; i < this.rows; i++) this.chain_offset[i] = this.chain_offset[i]! - blocks;
    if (this.rows === 0) this.occurs.fill(0);
  }
}
