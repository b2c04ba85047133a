/**
 * When each of many keys lived last: a table from a pair of 32-bit integers (tenant and prompt, scope and block) to a time.
 * Keys are never removed, and slots move as the table grows.
 *
 * A slot is 16 bytes, pair and time side by side, and is found where the key's hash points or soon after (linear probing, at
 * most half full): one line of the processor's cache per key. Eight keys whose second numbers follow each other have
 * neighbouring slots, which suits numbers given in order of first use. The hash's highest bits choose the place, so that
 * all keys keep their order when the table doubles, and memory is walked from one end to the other.
 * First numbers are below 2^32 - 1. `touch` asks for a key's line without waiting for it: many at once arrive sooner than one
 * by one.
 */
const FIRST_SLOTS = 1024;
/** Neighbours: two lines of 64 bytes. */
const GROUP_BITS = 3;
const IN_GROUP = 7;

export class KeyTimes {
  /** Of slot s: times[2 * s + 1]. To be read anew after `put`. */
  times: Float64Array<ArrayBuffer>;
  /** The same bytes: of slot s, ints[4 * s] is the first number + 1, or 0 without a key; ints[4 * s + 1] the second one. */
  private ints: Int32Array<ArrayBuffer>;
  private shift = 32;
  private last = 0;
  private present = 0;

  constructor() {
    this.times = new Float64Array(2 * FIRST_SLOTS);
    this.ints = new Int32Array(this.times.buffer);
    this.measure();
  }

  /** Keys present. */
  get size(): number {
    return this.present;
  }

  /** Something of the key's line: whoever adds these up has all lines fetched. */
  touch(high: number, low: number): number {
    return this.ints[home(high, low, this.shift) << 2]!;
  }

  /** The key's slot, or below 0: the complement of the slot that `put` gives it, if no other key is put before. */
  find(high: number, low: number): number {
    const { ints, last } = this;
    const first = (high + 1) | 0;
    const second = low | 0;
    for (let slot = home(high, low, this.shift); ; slot = (slot + 1) & last) {
      const seen = ints[4 * slot]!;
      if (seen === 0) return ~slot;
      if (seen === first && ints[4 * slot + 1] === second) return slot;
    }
  }

  /** Gives the key a time; `found` is what `find` gave for it. */
  put(found: number, high: number, low: number, time_ms: number): void {
    if (found >= 0) {
      this.times[2 * found + 1] = time_ms;
      return;
    }
    const slot = ~found;
    this.ints[4 * slot] = high + 1;
    this.ints[4 * slot + 1] = low;
    this.times[2 * slot + 1] = time_ms;
    this.present++;
    if (2 * this.present > this.last) this.grow();
  }

  private grow(): void {
    const old = this.ints;
    const oldTimes = this.times;
    const times = new Float64Array(old.length);
    const ints = new Int32Array(times.buffer);
    this.times = times;
    this.ints = ints;
    this.measure();
    const { shift, last } = this;
    for (let at = 0; at < old.length; at += 4) {
      const first = old[at]!;
      if (first === 0) continue;
      let slot = home(first - 1, old[at + 1]!, shift);
      while (ints[4 * slot] !== 0) slot = (slot + 1) & last;
      ints[4 * slot] = first;
      ints[4 * slot + 1] = old[at + 1]!;
      times[2 * slot + 1] = oldTimes[(at >> 1) + 1]!;
    }
  }

  private measure(): void {
    const slots = this.times.length / 2;
    this.last = slots - 1;
    this.shift = 32 - (Math.log2(slots) - GROUP_BITS);
  }
}

/** The slot from which a key is looked for; eight second numbers that follow each other have neighbouring ones. */
function home(high: number, low: number, shift: number): number {
  const spread = Math.imul(Math.imul(high, 0x85ebca6b) ^ (low >>> GROUP_BITS), 0x9e3779b1);
  return ((spread >>> shift) << GROUP_BITS) | (low & IN_GROUP);
}
