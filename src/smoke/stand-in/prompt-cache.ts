/**
 * The stand-in's prompt cache. A prompt is looked up block by block from its start, as sellers that cache by themselves do:
 * from 1,024 tokens on, in steps of 128. Where the API has marks, what stands before the last mark is written once and read
 * as a whole afterwards, from 1,024 tokens on. What nobody read for its life is forgotten. One cache a route and model.
 */
import { createHash } from 'node:crypto';
import { tokensOf } from './tokens.ts';

const BLOCK_CHARACTERS = 512;
const LEAST_TOKENS = 1024;
const STEP_TOKENS = 128;
const MOST_BLOCKS = 200_000;

export interface PromptUse {
  readonly fresh: number;
  readonly read: number;
  readonly written: number;
}

export class PromptCache {
  readonly #life_ms: number;
  /** Hash of all up to a block -> when it is forgotten, and the block's tokens; the oldest first. */
  readonly #known = new Map<string, { readonly until_ms: number; readonly tokens: number }>();

  constructor(life_ms: number) {
    this.#life_ms = life_ms;
  }

  /** Without marks: the longest start that is known. `tokens` are all of the prompt. */
  automatic(model: string, text: string, tokens: number, now_ms: number): PromptUse {
    if (tokens < LEAST_TOKENS) return { fresh: tokens, read: 0, written: 0 };
    let hash = model;
    let known = 0;
    let isKnown = true;
    for (let at = 0; at + BLOCK_CHARACTERS <= text.length; at += BLOCK_CHARACTERS) {
      const block = text.slice(at, at + BLOCK_CHARACTERS);
      hash = hashOf(hash, block);
      const found = this.#known.get(hash);
      isKnown &&= found !== undefined && found.until_ms > now_ms;
      const inside = found?.tokens ?? tokensOf(block);
      if (isKnown) known += inside;
      this.#keep(hash, now_ms + this.#life_ms, inside);
    }
    const whole = Math.floor(Math.min(known, tokens) / STEP_TOKENS) * STEP_TOKENS;
    const read = whole < LEAST_TOKENS ? 0 : whole;
    return { fresh: tokens - read, read, written: 0 };
  }

  /** `marked` is what stands before the last mark. */
  marked(model: string, marked: string, tokens: number, now_ms: number, life_ms = this.#life_ms): PromptUse {
    const hash = hashOf(`${model} marked`, marked);
    const found = this.#known.get(hash);
    const inside = Math.min(found?.tokens ?? tokensOf(marked), tokens);
    if (inside < LEAST_TOKENS) return { fresh: tokens, read: 0, written: 0 };
    const isKnown = found !== undefined && found.until_ms > now_ms;
    this.#keep(hash, now_ms + life_ms, inside);
    return { fresh: tokens - inside, read: isKnown ? inside : 0, written: isKnown ? 0 : inside };
  }

  #keep(hash: string, until_ms: number, tokens: number): void {
    this.#known.delete(hash);
    this.#known.set(hash, { until_ms, tokens });
    if (this.#known.size <= MOST_BLOCKS) return;
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
  }
}

const hashOf = (before: string, block: string): string =>
  createHash('sha256').update(before).update('\0').update(block).digest('base64').slice(0, 22);
