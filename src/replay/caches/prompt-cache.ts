/**
 * A seller's prompt cache. A prompt is a chain of blocks, outermost first; a block's id stands for the whole prompt up to its
 * end, as hash chains do. What is alive from the start on is read, the rest of the chain is written, what no block covers
 * is fresh:   read + written + fresh = prompt tokens
 *
 * Example, blocks of 512 tokens, life 5 minutes: a prompt of 1,300 tokens [a b c], a minute later one of 1,200 [a b d]: first
 * 0 read, 1,300 written; then 1,024 read, 176 written. 5 minutes later [a b] of 1,024 tokens reads nothing.
 * The last block may be partial. A prefix shorter than `minimum_tokens` is neither written nor read. Blocks of one scope
 * (seller, model, organisation) are never found in another. A bounded cache drops what was used longest ago, inner blocks
 * before outer ones; its capacity is shared by all scopes.
 * Sources: platform.claude.com/docs/en/build-with-claude/prompt-caching (lives of 5 minutes and 1 hour, renewed by use, minimum
 * lengths); Mooncake's hash chains, kvcache-ai/Mooncake FAST25-release.
 * Not modelled: a block can be read at once, also by a request that comes before the first answer begins; marked
 * break-points, of which some sellers allow few (every block's end is one here); caches of several machines; storage
 * fees. Counted from insertion, a prefix ends at the first dead block and a longer life can read less. Times do not fall.
 */
import { KeyTimes } from './key-times.ts';
import { PairTable } from './pair-table.ts';
import { Recency } from './recency.ts';
import type { LifeFrom } from './response-cache.ts';

/** The meter under which a seller counts what it writes: a plain input token where writing is not billed apart. */
export type WriteMeter = 'cache_write_5m_tokens' | 'cache_write_1h_tokens' | 'input_tokens';

export interface PromptCacheSettings {
  readonly block_tokens: number;
  readonly life_ms: number;
  readonly life_from: LifeFrom;
  readonly write_meter: WriteMeter;
  /** Shortest prefix that is kept. Default: 0. */
  readonly minimum_tokens?: number;
  /** A last block that is not full is fresh: for sellers that keep whole blocks. Default: false. */
  readonly whole_blocks?: boolean;
  /** Default: no bound. */
  readonly capacity_blocks?: number;
}

export const FIVE_MINUTES_MS = 300_000;
export const ONE_HOUR_MS = 3_600_000;

/** A row of a bounded cache: the pair, its place in the list, since when it lives. */
const WORDS = 3;
const SINCE = 2;

export class PromptCache {
  /** Since when blocks live, where nothing bounds the cache. */
  private readonly times = new KeyTimes();
  private readonly table = new PairTable(WORDS);
  private readonly recency: Recency | undefined;
  private readonly block_tokens: number;
  private readonly life_ms: number;
  private readonly renews: boolean;
  private readonly minimum_tokens: number;
  private readonly whole_blocks: boolean;
  private readonly capacity_blocks: number;

  /** Of the last prompt, tokens read. */
  read_tokens = 0;
  /** Of the last prompt, tokens written. */
  written_tokens = 0;
  /** Of the last prompt, tokens neither read nor written. */
  fresh_tokens = 0;

  constructor(settings: PromptCacheSettings) {
    const { block_tokens, life_ms, minimum_tokens = 0, capacity_blocks = Infinity } = settings;
    if (!(block_tokens >= 1)) throw new Error(`block_tokens of a prompt cache is 1 or more, not ${block_tokens}`);
    for (const [name, bound] of Object.entries({ life_ms, minimum_tokens, capacity_blocks }))
      if (!(bound >= 0)) throw new Error(`${name} of a prompt cache is 0 or more, not ${bound}`);
    this.block_tokens = block_tokens;
    this.life_ms = life_ms;
    this.renews = settings.life_from === 'last_use';
    this.minimum_tokens = minimum_tokens;
    this.whole_blocks = settings.whole_blocks ?? false;
    this.capacity_blocks = capacity_blocks;
    if (capacity_blocks < Infinity) this.recency = new Recency(this.table, WORDS);
  }

  /** Blocks held, dead ones included. */
  get blocks(): number {
    return this.recency === undefined ? this.times.size : this.table.size;
  }

  /** Reads and writes the `length` blocks at `chains[offset]`; the three counts tell how the prompt was split. */
  prompt(
    scope: number,
    chains: Uint32Array,
    offset: number,
    length: number,
    prompt_tokens: number,
    now_ms: number,
  ): void {
    const blocks = coveredBlocks(length, prompt_tokens, this.block_tokens, this.whole_blocks);
    const covered = Math.min(prompt_tokens, blocks * this.block_tokens);
    if (covered < this.minimum_tokens || covered === 0) {
      this.read_tokens = 0;
      this.written_tokens = 0;
    } else {
      const alive =
        this.recency === undefined
          ? this.passUnbounded(scope, chains, offset, blocks, now_ms)
          : this.passBounded(this.recency, scope, chains, offset, blocks, now_ms);
      const read = Math.min(prompt_tokens, alive * this.block_tokens);
      this.read_tokens = read < this.minimum_tokens ? 0 : read;
      if (this.read_tokens < read && !this.renews) this.rewrite(scope, chains, offset, alive, now_ms);
      this.written_tokens = covered - this.read_tokens;
    }
    this.fresh_tokens = prompt_tokens - this.read_tokens - this.written_tokens;
  }

  /** How many blocks were alive from the start on; afterwards all are. */
  private passUnbounded(scope: number, chains: Uint32Array, offset: number, blocks: number, now_ms: number): number {
    const { times, renews, life_ms } = this;
    let alive = 0;
    for (let i = 0; i < blocks; i++) {
      const block = chains[offset + i]!;
      const found = times.find(scope, block);
      if (found >= 0 && alive === i && now_ms - times.times[2 * found + 1]! < life_ms) {
        alive++;
        if (!renews) continue;
      }
      times.put(found, scope, block, now_ms);
    }
    return alive;
  }

  /** The same, as far as there is room; uses count from the innermost block outwards, so that no block outlives the one before it. */
  private passBounded(
    recency: Recency,
    scope: number,
    chains: Uint32Array,
    offset: number,
    blocks: number,
    now_ms: number,
  ): number {
    const { table } = this;
    let alive = 0;
    for (; alive < blocks; alive++) {
      const row = table.find(scope, chains[offset + alive]!);
      if (row < 0 || now_ms - table.doubles[WORDS * row + SINCE]! >= this.life_ms) break;
      // Else the blocks added below could drop it before its own turn, and its life would begin again.
      recency.touch(row);
    }
    for (let i = Math.min(blocks, Math.floor(this.capacity_blocks)) - 1; i >= 0; i--) {
      const block = chains[offset + i]!;
      let row = table.find(scope, block);
      if (row >= 0) {
        recency.touch(row);
        if (i < alive && !this.renews) continue;
      } else {
        if (table.size + 1 > this.capacity_blocks) {
          const oldest = recency.leastRecent;
          recency.remove(oldest);
          table.remove(oldest);
        }
        row = table.add(scope, block);
        recency.add(row);
      }
      table.doubles[WORDS * row + SINCE] = now_ms;
    }
    return alive;
  }

  /** Blocks too few to be read are written with the rest: their life begins again. */
  private rewrite(scope: number, chains: Uint32Array, offset: number, blocks: number, now_ms: number): void {
    const { table, times } = this;
    for (let i = 0; i < blocks; i++) {
      const block = chains[offset + i]!;
      if (this.recency === undefined) {
        times.put(times.find(scope, block), scope, block, now_ms);
        continue;
      }
      const row = table.find(scope, block);
      if (row >= 0) table.doubles[WORDS * row + SINCE] = now_ms;
    }
  }
}

/** How many blocks of a chain lie within the prompt: none starts behind its end, and of `whole` ones none ends there. */
export function coveredBlocks(length: number, prompt_tokens: number, block_tokens: number, whole: boolean): number {
  const within = prompt_tokens / block_tokens;
  return Math.min(length, whole ? Math.floor(within) : Math.ceil(within));
}
