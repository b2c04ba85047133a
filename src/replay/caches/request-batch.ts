/**
 * What caches need to know of many requests: columns of one length, no object per request. Requests stand in order of time.
 *
 * It numbers nothing itself: tenants, scopes, prompts and blocks come as integers, equal where the things are equal.
 */

export interface RequestBatch {
  readonly requests: number;
  readonly time_ms: Float64Array;
  /** Whose answers may be served to whom. */
  readonly tenant: Uint32Array;
  /** The exact prompt with its parameters, or -1 where it is not known or must not be answered from a cache. */
  readonly prompt: Int32Array;
  /** Seller, model and organisation, within which prompt blocks are found again. */
  readonly scope: Uint32Array;
  /** All block chains, one after the other; a request's chain is `chain_length` ids from `chain_offset` on. */
  readonly chains: Uint32Array;
  readonly chain_offset: Uint32Array;
  readonly chain_length: Uint32Array;
  readonly prompt_tokens: Uint32Array;
  readonly output_tokens: Uint32Array;
}
