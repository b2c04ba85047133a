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
 * Without a bound nothing is dropped, and of a key its time alone is kept (KeyTimes), neither place in a list nor size.
 * Sources: Mattson, Gecsei, Slutz, Traiger, Evaluation Techniques for Storage Hierarchies, 1970 (stack algorithms).
 * Not modelled: an answer is there at once, also for a request that comes while the first one still runs; similar but
 * unequal prompts (semantic caches); what a cache itself costs. Times do not fall.
 */
import { BoundedAnswers } from './bounded-answers.ts';
import { KeyTimes } from './key-times.ts';
import type { RequestBatch } from './request-batch.ts';

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

export class ResponseCache {
  private readonly times = new KeyTimes();
  /** Takes the place of `times` where something bounds the cache. */
  private readonly bounded: BoundedAnswers | undefined;
  private readonly life_ms: number;
  private readonly renews: boolean;
  /** Of the lines that were fetched ahead; kept so that fetching them is no dead code. */
  touched = 0;

  constructor(settings: ResponseCacheSettings) {
    const { capacity_entries = Infinity, capacity_tokens = Infinity, life_ms = Infinity, life_from } = settings;
    for (const [name, bound] of Object.entries({ capacity_entries, capacity_tokens, life_ms }))
      if (!(bound >= 0)) throw new Error(`${name} of a response cache is 0 or more, not ${bound}`);
    this.life_ms = life_ms;
    this.renews = life_from === 'last_use';
    if (capacity_entries < Infinity || capacity_tokens < Infinity)
      this.bounded = new BoundedAnswers(capacity_entries, capacity_tokens);
  }

  /** Answers held, dead ones included. */
  get entries(): number {
    return this.bounded?.entries ?? this.times.size;
  }

  /** Of the answers held; not known of a cache without a bound. */
  get tokens(): number | undefined {
    return this.bounded?.tokens;
  }

  /** Has what is known of these requests' prompts brought near, before they are looked up one by one. */
  touch({ tenant, prompt }: RequestBatch, from: number, until: number): void {
    if (this.bounded !== undefined) return;
    const { times } = this;
    let sum = 0;
    for (let i = from; i < until; i++) sum ^= times.touch(tenant[i]!, prompt[i]!);
    this.touched = sum;
  }

  /** Whether a request is answered; one without a known prompt never is. A hit counts as a use. */
  answers(batch: RequestBatch, i: number): boolean {
    const prompt = batch.prompt[i]!;
    if (prompt < 0) return false;
    if (this.bounded !== undefined) return this.lookup(batch.tenant[i]!, prompt, batch.time_ms[i]!);
    const { times } = this;
    const slot = times.find(batch.tenant[i]!, prompt);
    if (slot < 0) return false;
    const now_ms = batch.time_ms[i]!;
    if (now_ms - times.times[2 * slot + 1]! >= this.life_ms) return false;
    if (this.renews) times.times[2 * slot + 1] = now_ms;
    return true;
  }

  /** Whether the answer is there. A hit counts as a use. */
  lookup(tenant: number, prompt: number, now_ms: number): boolean {
    if (this.bounded !== undefined) return this.bounded.lookup(tenant, prompt, now_ms, this.life_ms, this.renews);
    const { times } = this;
    const slot = times.find(tenant, prompt);
    if (slot < 0 || now_ms - times.times[2 * slot + 1]! >= this.life_ms) return false;
    if (this.renews) times.times[2 * slot + 1] = now_ms;
    return true;
  }

  /** Keeps an answer, anew if it is there already. */
  store(tenant: number, prompt: number, now_ms: number, size_tokens = 0): void {
    if (this.bounded !== undefined) this.bounded.store(tenant, prompt, now_ms, size_tokens);
    else this.times.put(this.times.find(tenant, prompt), tenant, prompt, now_ms);
  }
}
