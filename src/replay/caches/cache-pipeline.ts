/**
 * The order in which caches save: the response cache first, and only what it leaves reaches the seller's prompt cache, so
 * that no token is saved twice.
 *
 *   hit: nothing is sent, all counts are 0;   miss: read + written + fresh = prompt tokens
 *
 * Example: the same 1,000 tokens [a b] three times within a minute, a response cache that holds one answer: 1,000 written,
 * then twice nothing. Without the response cache: 1,000 written, then twice 1,000 read.
 * `take` does all for a request that is answered at once on a given route. Where a policy tries routes, ask
 * `isServed`, then `send` per attempt, then `keep` what was answered. Not modelled: prices, and a fee of the cache itself.
 */
import { PromptCache, type PromptCacheSettings, type WriteMeter } from './prompt-cache.ts';
import type { RequestBatch } from './request-batch.ts';
import { ResponseCache, type ResponseCacheSettings } from './response-cache.ts';

export interface CachePipelineSettings {
  readonly response?: ResponseCacheSettings | undefined;
  readonly prompt?: PromptCacheSettings | undefined;
}

export class CachePipeline {
  private readonly response: ResponseCache | undefined;
  private readonly prompt: PromptCache | undefined;
  private readonly write_meter: WriteMeter;
  private last_ms = -Infinity;

  served_from_response_cache = false;
  cache_read_tokens = 0;
  cache_write_5m_tokens = 0;
  cache_write_1h_tokens = 0;
  /** Fresh ones: neither read nor billed as written. */
  input_tokens = 0;

  constructor({ response, prompt }: CachePipelineSettings) {
    this.response = response && new ResponseCache(response);
    this.prompt = prompt && new PromptCache(prompt);
    this.write_meter = prompt?.write_meter ?? 'input_tokens';
  }

  /** One request; the fields tell what became of it. */
  take(batch: RequestBatch, i: number): void {
    if (this.isServed(batch, i)) return;
    this.send(batch, i, batch.scope[i]!);
    this.keep(batch, i);
  }

  /** Has what the response cache knows of these requests brought near, before they are taken one by one. */
  touch(batch: RequestBatch, from: number, until: number): void {
    this.response?.touch(batch, from, until);
  }

  /** Whether the response cache answers. */
  isServed(batch: RequestBatch, i: number): boolean {
    const now_ms = batch.time_ms[i]!;
    if (!(now_ms >= this.last_ms)) throw new Error(`a request at ${now_ms} ms comes after one at ${this.last_ms} ms`);
    this.last_ms = now_ms;
    this.served_from_response_cache = this.response?.answers(batch, i) === true;
    this.cache_read_tokens = 0;
    this.cache_write_5m_tokens = 0;
    this.cache_write_1h_tokens = 0;
    this.input_tokens = 0;
    return this.served_from_response_cache;
  }

  /** Sends the prompt to a seller; `scope` is of the route that is tried. */
  send(batch: RequestBatch, i: number, scope: number): void {
    const tokens = batch.prompt_tokens[i]!;
    const { prompt } = this;
    if (prompt === undefined) {
      this.input_tokens = tokens;
      return;
    }
    prompt.prompt(scope, batch.chains, batch.chain_offset[i]!, batch.chain_length[i]!, tokens, batch.time_ms[i]!);
    const { read_tokens, written_tokens, fresh_tokens } = prompt;
    this.cache_read_tokens = read_tokens;
    this.cache_write_5m_tokens = this.write_meter === 'cache_write_5m_tokens' ? written_tokens : 0;
    this.cache_write_1h_tokens = this.write_meter === 'cache_write_1h_tokens' ? written_tokens : 0;
    this.input_tokens = this.write_meter === 'input_tokens' ? fresh_tokens + written_tokens : fresh_tokens;
  }

  /** Stores the answer for later requests. */
  keep(batch: RequestBatch, i: number): void {
    const prompt = batch.prompt[i]!;
    if (prompt >= 0) this.response?.store(batch.tenant[i]!, prompt, batch.time_ms[i]!, batch.output_tokens[i]!);
  }
}
