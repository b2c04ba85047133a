/**
 * Answers held within a number of entries and a number of tokens, whichever is reached first: what was used longest ago is
 * dropped until a new one fits. Judges no life by itself: it is told.
 */
import { PairTable } from './pair-table.ts';
import { Recency } from './recency.ts';

/** A row: the pair, its place in the list, since when it lives, its size. */
const WORDS = 4;
const SINCE = 2;
const SIZE = 3;

export class BoundedAnswers {
  private readonly table = new PairTable(WORDS);
  private readonly recency = new Recency(this.table, WORDS);
  private readonly capacity_entries: number;
  private readonly capacity_tokens: number;
  /** Of the answers held. */
  tokens = 0;

  constructor(capacity_entries: number, capacity_tokens: number) {
    this.capacity_entries = capacity_entries;
    this.capacity_tokens = capacity_tokens;
  }

  get entries(): number {
    return this.table.size;
  }

  lookup(tenant: number, prompt: number, now_ms: number, life_ms: number, renews: boolean): boolean {
    const { table } = this;
    const row = table.find(tenant, prompt);
    if (row < 0) return false;
    const since = WORDS * row + SINCE;
    if (now_ms - table.doubles[since]! >= life_ms) return false;
    if (renews) table.doubles[since] = now_ms;
    this.recency.touch(row);
    return true;
  }

  store(tenant: number, prompt: number, now_ms: number, size_tokens: number): void {
    const { table } = this;
    let row = table.find(tenant, prompt);
    if (size_tokens > this.capacity_tokens || this.capacity_entries < 1) {
      if (row >= 0) this.drop(row);
      return;
    }
    if (row < 0) {
      this.makeRoom(1, size_tokens);
      row = table.add(tenant, prompt);
      this.recency.add(row);
    } else {
      this.recency.touch(row);
      this.makeRoom(0, size_tokens - table.doubles[WORDS * row + SIZE]!);
      this.tokens -= table.doubles[WORDS * row + SIZE]!;
    }
    table.doubles[WORDS * row + SINCE] = now_ms;
    table.doubles[WORDS * row + SIZE] = size_tokens;
    this.tokens += size_tokens;
  }

  private makeRoom(entries: number, tokens: number): void {
    while (
      this.table.size + entries > this.capacity_entries ||
      (this.tokens + tokens > this.capacity_tokens && this.table.size > 0)
    )
      this.drop(this.recency.leastRecent);
  }

  private drop(row: number): void {
    this.tokens -= this.table.doubles[WORDS * row + SIZE]!;
    this.recency.remove(row);
    this.table.remove(row);
  }
}
