/**
 * A cache of whole answers, found by the exact prompt: of a gateway or of one's own. A hit sends nothing to the seller.
 *
 *   hit: the pair (tenant, prompt) is stored and now - since < life, since = its insertion, or its last use
 *   full: what was used longest ago is dropped (LRU) until entries and tokens fit
 *
 * Example, 2 entries, life 10 s from last use: A at 0 s and 4 s, B at 8 s, A at 13 s, C at 14 s, B at 15 s. A hits at 4 s and
 * at 13 s (9 s old); C drops B, which misses. From insertion A would miss at 13 s. Units: milliseconds, tokens of the answer.
 * Every use moves an entry to the front and a dead entry keeps its place until it is stored anew or dropped, so that what
 * is held does not depend on life: more entries and longer lives never hit less, if every miss is stored.
 * Sources: Mattson, Gecsei, Slutz, Traiger, Evaluation Techniques for Storage Hierarchies, 1970 (stack algorithms).
 * Not modelled: an answer is there at once, also for a request that comes while the first one still runs; similar but
 * unequal prompts (semantic caches); what a cache itself costs. Times do not fall.
 */
import { PairTable } from './pair-table.ts';
import { Recency } from './recency.ts';

/** From when a life is counted: from being stored, or from the last use, which renews it. */
export type LifeFrom = 'insertion' | 'last_use';

export interface ResponseCacheSettings {
  /** Answers held at most. Default: no bound. */
  readonly capacity_entries?: number;
  /** Tokens of answers held at most; a larger answer is not stored. Default: no bound. */
  readonly capacity_tokens?: number;
  /** Default: for ever. */
  readonly life_ms?: number;
  readonly life_from: LifeFrom;
}

/** A row: the pair, its place in the list, since when it lives, its size. */
const WORDS = 4;
const SINCE = 2;
const SIZE = 3;

export class ResponseCache {
  private readonly table = new PairTable(WORDS);
  private readonly recency: Recency | undefined;
  private readonly capacity_entries: number;
  private readonly capacity_tokens: number;
  private readonly life_ms: number;
  private readonly renews: boolean;
  private held_tokens = 0;

  constructor(settings: ResponseCacheSettings) {
    const { capacity_entries = Infinity, capacity_tokens = Infinity, life_ms = Infinity, life_from } = settings;
    for (const [name, bound] of Object.entries({ capacity_entries, capacity_tokens, life_ms }))
      if (!(bound >= 0)) throw new Error(`${name} of a response cache is 0 or more, not ${bound}`);
    this.capacity_entries = capacity_entries;
    this.capacity_tokens = capacity_tokens;
    this.life_ms = life_ms;
    this.renews = life_from === 'last_use';
    if (capacity_entries < Infinity || capacity_tokens < Infinity) this.recency = new Recency(this.table, WORDS);
  }

  /** Answers held, dead ones included. */
  get entries(): number {
    return this.table.size;
  }

  get tokens(): number {
    return this.held_tokens;
  }

  /** Whether the answer is there. A hit counts as a use. */
  lookup(tenant: number, prompt: number, now_ms: number): boolean {
    const { table } = this;
    const row = table.find(tenant, prompt);
    if (row < 0) return false;
    const since = WORDS * row + SINCE;
    if (now_ms - table.doubles[since]! >= this.life_ms) return false;
    if (this.renews) table.doubles[since] = now_ms;
    this.recency?.touch(row);
    return true;
  }

  /** Keeps an answer, anew if it is there already. */
  store(tenant: number, prompt: number, now_ms: number, size_tokens = 0): void {
    const { table } = this;
    let row = table.find(tenant, prompt);
    if (size_tokens > this.capacity_tokens || this.capacity_entries < 1) {
      if (row >= 0) this.drop(row);
      return;
    }
    if (row < 0) {
      this.makeRoom(1, size_tokens);
      row = table.add(tenant, prompt);
      this.recency?.add(row);
    } else {
      this.recency?.touch(row);
      this.makeRoom(0, size_tokens - table.doubles[WORDS * row + SIZE]!);
      this.held_tokens -= table.doubles[WORDS * row + SIZE]!;
    }
    table.doubles[WORDS * row + SINCE] = now_ms;
    table.doubles[WORDS * row + SIZE] = size_tokens;
    this.held_tokens += size_tokens;
  }

  private makeRoom(entries: number, tokens: number): void {
    while (
      this.table.size + entries > this.capacity_entries ||
      (this.held_tokens + tokens > this.capacity_tokens && this.table.size > 0)
    )
      this.drop(this.recency!.leastRecent);
  }

  private drop(row: number): void {
    this.held_tokens -= this.table.doubles[WORDS * row + SIZE]!;
    this.recency?.remove(row);
    this.table.remove(row);
  }
}
