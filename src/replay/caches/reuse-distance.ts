/**
 * Reuse distances of a sequence of uses: how many other keys were used since a key's own last use. An LRU cache of C entries
 * hits exactly where the distance is below C, whatever C is (stack property).
 *
 * Example: A B C B A: B has distance 1 (C), A has 2 (B, C). Unit: distinct keys.
 * Uses get ascending positions; only each key's last one is marked. A Fenwick tree over words of 32 marks counts the marks
 * after a position in O(log n); positions are numbered anew when they run out, so memory grows with distinct keys.
 * Sources: Mattson et al., Evaluation Techniques for Storage Hierarchies, 1970; Bennett and Kruskal, LRU Stack
 * Processing, 1975; Fenwick, A New Data Structure for Cumulative Frequency Tables, 1994.
 */
import { PairTable } from './pair-table.ts';

/** A row: the pair, its position, when it was last used. */
const WORDS = 3;
const POSITION = 2;
const LAST_USE = 2;

const FIRST_MARK_WORDS = 64;
const MARKS = 32;

export class ReuseDistance {
  private readonly table = new PairTable(WORDS);
  private marks = new Int32Array(FIRST_MARK_WORDS);
  private tree = new Int32Array(FIRST_MARK_WORDS + 1);
  /** Which key each position belongs to, where it is marked. */
  private owners = new Int32Array(FIRST_MARK_WORDS * MARKS);
  private next = 0;

  /** Distinct keys used. */
  get keys(): number {
    return this.table.size;
  }

  /** The key's number, or -1 if it was never used. */
  find(high: number, low: number): number {
    return this.table.find(high, low);
  }

  /** Distinct other keys used since this one was. */
  distance(key: number): number {
    const position = this.table.ints[2 * WORDS * key + POSITION]!;
    const word = position >>> 5;
    let marked = ones(this.marks[word]! & (-1 >>> (31 - (position & 31))));
    for (let node = word; node > 0; node &= node - 1) marked += this.tree[node]!;
    return this.table.size - marked;
  }

  /** When it was last used. */
  lastUse(key: number): number {
    return this.table.doubles[WORDS * key + LAST_USE]!;
  }

  use(high: number, low: number, now_ms: number): void {
    let key = this.table.find(high, low);
    if (this.next === this.owners.length) this.renumber();
    if (key < 0) key = this.table.add(high, low);
    else this.mark(this.table.ints[2 * WORDS * key + POSITION]!, -1);
    const position = this.next++;
    this.mark(position, 1);
    this.owners[position] = key;
    this.table.ints[2 * WORDS * key + POSITION] = position;
    this.table.doubles[WORDS * key + LAST_USE] = now_ms;
  }

  private mark(position: number, change: 1 | -1): void {
    const { tree, marks } = this;
    const word = position >>> 5;
    marks[word] = marks[word]! ^ (1 << (position & 31));
    for (let node = word + 1; node < tree.length; node += node & -node) tree[node] = tree[node]! + change;
  }

  /** Closes the gaps that earlier uses left; at least half of the positions are free afterwards. */
  private renumber(): void {
    const { marks, owners, table } = this;
    const words = 2 * this.table.size > owners.length ? 2 * marks.length : marks.length;
    const kept = new Int32Array(words * MARKS);
    let position = 0;
    for (let old = 0; old < owners.length; old++) {
      if (((marks[old >>> 5]! >>> (old & 31)) & 1) === 0) continue;
      const key = owners[old]!;
      kept[position] = key;
      table.ints[2 * WORDS * key + POSITION] = position++;
    }
    this.owners = kept;
    this.marks = new Int32Array(words);
    this.tree = new Int32Array(words + 1);
    this.next = 0;
    while (this.next < position) this.mark(this.next++, 1);
  }
}

/** Bits that are set. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
