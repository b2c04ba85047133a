/**
 * Which row of a table was used last and which one longest ago: a doubly linked list through word 1 of the rows, no object
 * per entry.
 *
 * It knows rows alone. What a row stands for, how large it is and when it was used is the user's.
 */
import type { PairTable } from './pair-table.ts';

export class Recency {
  private readonly table: PairTable;
  /** Integers per row. */
  private readonly stride: number;
  private newest = -1;
  private oldest = -1;

  constructor(table: PairTable, words: number) {
    this.table = table;
    this.stride = 2 * words;
  }

  /** The row used longest ago, or -1 of an empty list. */
  get leastRecent(): number {
    return this.oldest;
  }

  /** Puts a row that is not in the list to its front. */
  add(row: number): void {
    const { table, stride, newest } = this;
    const { ints } = table;
    ints[stride * row + NEWER] = -1;
    ints[stride * row + OLDER] = newest;
    if (newest < 0) this.oldest = row;
    else ints[stride * newest + NEWER] = row;
    this.newest = row;
  }

  remove(row: number): void {
    const { table, stride } = this;
    const { ints } = table;
    const newer = ints[stride * row + NEWER]!;
    const older = ints[stride * row + OLDER]!;
    if (newer < 0) this.newest = older;
    else ints[stride * newer + OLDER] = older;
    if (older < 0) this.oldest = newer;
    else ints[stride * older + NEWER] = newer;
  }

  /** Moves a row of the list to its front. */
  touch(row: number): void {
    if (row === this.newest) return;
    this.remove(row);
    this.add(row);
  }
}

/** Of a row's integers, where its neighbours in the list stand. */
const NEWER = 2;
const OLDER = 3;
