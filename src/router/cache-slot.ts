/** One request's place in the response cache: whether it may be looked up, whether its answer may be kept, and for whom. */
import type { Exchange, RouterParts } from './exchange.ts';
import { type CachedAnswer, cacheKey } from './response-cache.ts';

export class CacheSlot {
  readonly #cache: RouterParts['cache'];
  readonly #key: string | undefined;
  readonly #now: () => number;
  readonly #isAsked: boolean;

  constructor({ cache, config, now }: RouterParts, { client, operation, body, incoming }: Exchange) {
    const control = incoming.headers['cache-control'] ?? '';
    const isTeam = config.cache?.tenant === 'team' && client.team !== undefined;
    this.#cache = cache;
    this.#now = now;
    this.#isAsked = !/\bno-cache\b/.test(control);
    if (cache === undefined || /\bno-store\b/.test(control)) return;
    this.#key = cacheKey(isTeam ? `team ${client.team}` : `client ${client.name}`, operation.path, body);
  }

  get isOpen(): boolean {
    return this.#key !== undefined;
  }

  find(): CachedAnswer | undefined {
    return this.#key !== undefined && this.#isAsked ? this.#cache?.get(this.#key, this.#now()) : undefined;
  }

  keep(answer: () => CachedAnswer): void {
    if (this.#key !== undefined) this.#cache?.put(this.#key, answer(), this.#now());
  }

  /** What an answer that was not found there says. */
  get headers(): Record<string, string> {
    return this.isOpen ? { 'x-tollgate-cache': 'miss' } : {};
  }
}
