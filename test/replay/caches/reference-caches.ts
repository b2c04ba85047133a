/** Caches as plainly as they can be written, slow and evident: what the fast ones are held against. */
import type { PromptCacheSettings } from '../../../src/replay/caches/prompt-cache.ts';
import type { ResponseCacheSettings } from '../../../src/replay/caches/response-cache.ts';

export type FaultsOf = (pages: readonly number[], frames: number) => number;

/** What came in first goes first. */
export const fifoFaults: FaultsOf = (pages, frames) => {
  const held: number[] = [];
  let faults = 0;
  for (const page of pages) {
    if (held.includes(page)) continue;
    faults++;
    if (held.length === frames) held.shift();
    held.push(page);
  }
  return faults;
};

/** Belady's: what is needed again last goes first. */
export const optimalFaults: FaultsOf = (pages, frames) => {
  const held: number[] = [];
  let faults = 0;
  for (const [at, page] of pages.entries()) {
    if (held.includes(page)) continue;
    faults++;
    if (held.length === frames) {
      const needed = held.map((other) => {
        const next = pages.indexOf(other, at);
        return next < 0 ? Infinity : next;
      });
      held.splice(needed.indexOf(Math.max(...needed)), 1);
    }
    held.push(page);
  }
  return faults;
};

interface Entry {
  since_ms: number;
  size_tokens: number;
}

/** A map in order of last use. */
export class PlainResponseCache {
  readonly held = new Map<string, Entry>();
  private readonly settings: ResponseCacheSettings;

  constructor(settings: ResponseCacheSettings) {
    this.settings = settings;
  }

  lookup(tenant: number, prompt: number, now_ms: number): boolean {
    const key = `${tenant}/${prompt}`;
    const entry = this.held.get(key);
    if (entry === undefined || now_ms - entry.since_ms >= (this.settings.life_ms ?? Infinity)) return false;
    if (this.settings.life_from === 'last_use') entry.since_ms = now_ms;
    this.held.delete(key);
    this.held.set(key, entry);
    return true;
  }

  store(tenant: number, prompt: number, now_ms: number, size_tokens: number): void {
    const { capacity_entries = Infinity, capacity_tokens = Infinity } = this.settings;
    const key = `${tenant}/${prompt}`;
    this.held.delete(key);
    if (size_tokens > capacity_tokens || capacity_entries < 1) return;
    this.held.set(key, { since_ms: now_ms, size_tokens });
    while (this.held.size > capacity_entries || this.tokens > capacity_tokens)
      this.held.delete([...this.held.keys()][0]!);
  }

  get tokens(): number {
    return [...this.held.values()].reduce((sum, { size_tokens }) => sum + size_tokens, 0);
  }
}

/** Returns [read, written, fresh] of each prompt. */
export class PlainPromptCache {
  private readonly held = new Map<string, number>();
  private readonly settings: PromptCacheSettings;

  constructor(settings: PromptCacheSettings) {
    this.settings = settings;
  }

  prompt(scope: number, chain: readonly number[], tokens: number, now_ms: number): [number, number, number] {
    const { block_tokens, life_ms, life_from, whole_blocks, minimum_tokens = 0 } = this.settings;
    const { capacity_blocks = Infinity } = this.settings;
    const blocks = chain.filter((_, i) =>
      whole_blocks ? (i + 1) * block_tokens <= tokens : i * block_tokens < tokens,
    );
    const end = Math.min(tokens, blocks.length * block_tokens);
    if (end < minimum_tokens) return [0, 0, tokens];
    const keys = blocks.map((block) => `${scope}/${block}`);
    const dead = keys.findIndex((key) => now_ms - (this.held.get(key) ?? -Infinity) >= life_ms);
    const alive = dead < 0 ? keys.length : dead;
    const prefix = Math.min(tokens, alive * block_tokens);
    const read = prefix >= minimum_tokens ? prefix : 0;
    for (const [i, key] of [...keys.entries()].reverse()) {
      const renewed = life_from === 'last_use' || i >= alive || read < prefix;
      const since_ms = renewed ? now_ms : this.held.get(key)!;
      this.held.delete(key);
      this.held.set(key, since_ms);
    }
    while (this.held.size > capacity_blocks) this.held.delete([...this.held.keys()][0]!);
    return [read, end - read, tokens - end];
  }
}
