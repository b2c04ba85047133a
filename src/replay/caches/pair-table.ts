/**
 * A table of fixed-length rows, found by a pair of 32-bit integers (tenant and prompt, scope and block). A row's number
 * stays while the row does; the number of a removed row is given out again.
 *
 * A row is a few words of 8 bytes side by side, since a miss of the processor's cache costs more than all arithmetic here:
 * word 0 holds the pair, words from 1 on are the user's, as a double of `doubles` or two integers of `ints`.
 * Adding may move all rows: `ints` and `doubles` are to be read anew after it.
 * Open addressing, linear probing, at most half full; deletion shifts back, so nothing is ever marked as deleted.
 * Pairs whose second numbers follow each other stand side by side, which suits numbers given in order of first use.
 */
const FIRST_ROWS = 512;

export class PairTable {
  /** Of row r, word w: ints[2 * (words * r + w)] and the one after it. */
  ints: Int32Array<ArrayBuffer>;
  /** The same bytes: of row r, word w: doubles[words * r + w]. */
  doubles: Float64Array<ArrayBuffer>;
  private readonly words: number;
  /** Two integers a bucket: the pair's hash, and its row + 1, or 0 where there is none. */
  private buckets = new Int32Array(4 * FIRST_ROWS);
  private firstFree = -1;
  private used = 0;
  private present = 0;

  constructor(words: number) {
    this.words = words;
    this.doubles = new Float64Array(words * FIRST_ROWS);
    this.ints = new Int32Array(this.doubles.buffer);
  }

  /** Rows present. */
  get size(): number {
    return this.present;
  }

  /** The pair's row, or -1. */
  find(high: number, low: number): number {
    const { buckets, ints } = this;
    const stride = 2 * this.words;
    const last = buckets.length - 1;
    const hash = scatter(high, low);
    for (let at = (hash << 1) & last; ; at = (at + 2) & last) {
      const row = buckets[at + 1]! - 1;
      if (row < 0) return -1;
      if (buckets[at] !== hash) continue;
      if (ints[stride * row] === (high | 0) && ints[stride * row + 1] === (low | 0)) return row;
    }
  }

  /** A row for a pair that is not present; its words hold what they held before. */
  add(high: number, low: number): number {
    if (4 * (this.present + 1) > this.buckets.length) this.grow();
    const stride = 2 * this.words;
    let row = this.firstFree;
    if (row < 0) row = this.used++;
    else this.firstFree = this.ints[stride * row]!;
    this.ints[stride * row] = high;
    this.ints[stride * row + 1] = low;
    this.present++;
    this.place(scatter(high, low), row);
    return row;
  }

  remove(row: number): void {
    const { buckets, ints } = this;
    const at = 2 * this.words * row;
    const last = buckets.length - 1;
    let hole = (scatter(ints[at]!, ints[at + 1]!) << 1) & last;
    while (buckets[hole + 1] !== row + 1) hole = (hole + 2) & last;
    for (let next = (hole + 2) & last; buckets[next + 1] !== 0; next = (next + 2) & last) {
      const home = (buckets[next]! << 1) & last;
      if (((next - home) & last) < ((next - hole) & last)) continue;
      buckets[hole] = buckets[next]!;
      buckets[hole + 1] = buckets[next + 1]!;
      hole = next;
    }
    buckets[hole + 1] = 0;
    ints[at] = this.firstFree;
    this.firstFree = row;
    this.present--;
  }

  private place(hash: number, row: number): void {
    const { buckets } = this;
    const last = buckets.length - 1;
    let at = (hash << 1) & last;
    while (buckets[at + 1] !== 0) at = (at + 2) & last;
    buckets[at] = hash;
    buckets[at + 1] = row + 1;
  }

  /** Only a table without free rows grows. */
  private grow(): void {
    const doubles = new Float64Array(2 * this.doubles.length);
    doubles.set(this.doubles);
    this.doubles = doubles;
    this.ints = new Int32Array(doubles.buffer);
    const old = this.buckets;
    this.buckets = new Int32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) this.place(old[at]!, old[at + 1]! - 1);
  }
}

/**
 * A hash whose low bits, which choose the bucket, are scattered, save the last three: those are the second number's own, so
 * that eight numbers that follow each other stand in one line of the processor's cache.
 */
function scatter(high: number, low: number): number {
  const mixed = Math.imul(high, 0x85ebca6b) ^ (low >>> 3);
  const spread = Math.imul(mixed ^ (mixed >>> 15), 0x9e3779b1);
  return ((spread ^ (spread >>> 15)) << 3) | (low & 7);
}
