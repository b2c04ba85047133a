/**
 * Answers kept for requests that are exactly the same: of the same tenant, to the same model, with the same body, whatever
 * the order of its members. The tenant is a part of the key that can't be left out (GHSA-h9ww-f95j-h54c of another router).
 * Least recently used first out, by number and by bytes; each for its life from when it was put in.
 *
 * Streams are kept apart from whole answers and given back as the bytes they were, all at once.
 */
import { createHash } from 'node:crypto';
import type { AskedBody } from './request-body.ts';

export interface CachedAnswer {
  readonly status: number;
  readonly content_type: string;
  readonly bytes: Buffer;
  readonly route: string;
}

export interface CacheRule {
  readonly entries: number;
  readonly bytes: number;
  readonly life_ms: number;
}

/** An answer larger than this share of the cache is not kept. */
const LARGEST_SHARE = 0.1;

export class ResponseCache {
  readonly #rule: CacheRule;
  readonly #kept = new Map<string, { readonly answer: CachedAnswer; readonly until_ms: number }>();
  #bytes = 0;
  hits = 0;
  misses = 0;

  constructor(rule: CacheRule) {
    this.#rule = rule;
  }

  get entries(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get largest_bytes(): number {
    return this.#rule.bytes * LARGEST_SHARE;
  }

  get(key: string, now_ms: number): CachedAnswer | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) {
      this.misses++;
      return undefined;
    }
    this.#kept.delete(key);
    if (now_ms >= found.until_ms) {
      this.misses++;
      this.#bytes -= found.answer.bytes.length;
      return undefined;
    }
    this.#kept.set(key, found);
    this.hits++;
    return found.answer;
  }

  put(key: string, answer: CachedAnswer, now_ms: number): void {
    if (answer.bytes.length > this.largest_bytes) return;
    this.#drop(key);
    this.#kept.set(key, { answer, until_ms: now_ms + this.#rule.life_ms });
    this.#bytes += answer.bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#rule.entries && this.#bytes <= this.#rule.bytes) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.answer.bytes.length ?? 0;
    this.#kept.delete(key);
  }
}

export function cacheKey(tenant: string, path: string, { model, value, isStream }: AskedBody): string {
  const { stream: _, ...rest } = value;
  const parts = [tenant, path, model, isStream, rest];
  return createHash('sha256').update(JSON.stringify(parts, inOrder)).digest('base64');
}

const inOrder = (_: string, node: unknown): unknown =>
  typeof node === 'object' && node !== null && !Array.isArray(node)
    ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
    : node;
