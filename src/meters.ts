/**
 * The registry of meters: what a seller counts and bills. The one list from which rollup columns, rate-card keys,
 * line-item labels and report fields are derived.
 *
 * Counts are exclusive leaves: an input token is counted under exactly one of input, cache read and cache write, an
 * output token under exactly one of output and reasoning. A prompt's size, which decides the context band, is the sum
 * of the four input leaves.
 */

export interface Meter {
  /** Column of a trace and of a rollup, unit last. */
  readonly id: string;
  /** Key in a rate card's `usd_per_mtok`. */
  readonly price_key: string;
  /** As a line item names it. */
  readonly label: string;
  /** Part of the prompt, whose size decides the context band. */
  readonly is_prompt: boolean;
  /** Meter whose price applies where the card lists none of its own: the seller counts these under it. */
  readonly billed_as?: TokenMeter;
}

export const TOKEN_METERS = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
] as const;
export type TokenMeter = (typeof TOKEN_METERS)[number];

export const METERS: Readonly<Record<TokenMeter, Meter>> = {
  input_tokens: { id: 'input_tokens', price_key: 'input', label: 'Input tokens', is_prompt: true },
  cache_read_tokens: { id: 'cache_read_tokens', price_key: 'cache_read', label: 'Cache read tokens', is_prompt: true },
  cache_write_5m_tokens: {
    id: 'cache_write_5m_tokens',
    price_key: 'cache_write_5m',
    label: 'Cache write tokens (5 min)',
    is_prompt: true,
  },
  cache_write_1h_tokens: {
    id: 'cache_write_1h_tokens',
    price_key: 'cache_write_1h',
    label: 'Cache write tokens (1 h)',
    is_prompt: true,
  },
  output_tokens: { id: 'output_tokens', price_key: 'output', label: 'Output tokens', is_prompt: false },
  reasoning_tokens: {
    id: 'reasoning_tokens',
    price_key: 'reasoning',
    label: 'Reasoning tokens',
    is_prompt: false,
    billed_as: 'output_tokens',
  },
};

/** Service tiers that a request can ask for; a card without prices for a tier leaves it unpriced. */
export const SERVICE_TIERS = ['standard', 'batch', 'flex', 'priority'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Exclusive token counts of one request or of a sum of requests. */
export type TokenCounts = Readonly<Record<TokenMeter, number>>;

/** Tokens in the prompt: fresh, read from cache and written to cache. */
export const promptTokens = (counts: TokenCounts): number =>
  counts.input_tokens + counts.cache_read_tokens + counts.cache_write_5m_tokens + counts.cache_write_1h_tokens;
