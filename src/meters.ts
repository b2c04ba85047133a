/**
 * The registry of meters: what a seller counts and bills. The one list from which trace columns, rollup columns,
 * rate-card keys, line-item labels and report fields are derived.
 *
 * Counts are exclusive leaves: an input token is counted under exactly one prompt meter (text, audio or image; fresh, read
 * from cache or written to it), an output token under exactly one of the others. A prompt's size, which decides the
 * context band, is the sum of the leaves with `is_prompt`. Pieces (images, searches, pages) are counted beside tokens.
 */

/** Which count of a report a token falls under. */
export type TokenSide = 'input' | 'cache_read' | 'cache_write' | 'output';

/** What clients report inside a larger count, so that it has to be taken out of it. */
export type TokenPart = 'cache_read' | 'cache_write' | 'audio' | 'image' | 'reasoning' | 'citation';

interface AnyMeter {
  /** Key in a rate card: of `usd_per_mtok` for tokens, `usd_per_<key>` of the period for pieces. */
  readonly price_key: string;
  /** As a line item names it. */
  readonly label: string;
  /** What one trace column counts, in words. */
  readonly counts: string;
}

interface AnyTokenMeter extends AnyMeter {
  readonly side: TokenSide;
  readonly part?: TokenPart;
  /** Part of the prompt, whose size decides the context band. */
  readonly is_prompt: boolean;
  /** Meter whose price applies where the card lists none of its own: the seller counts these under it. */
  readonly billed_as?: string;
}

interface AnyUnitMeter extends AnyMeter {
  /** Counted pieces to which the price belongs: 1, or a million where token-hours are sold by Mtok-hour. */
  readonly per: number;
  /** Unit of a count on the sheet, and of the price. */
  readonly unit: string;
  readonly price_unit: string;
}

const TOKENS = {
  input_tokens: {
    price_key: 'input',
    label: 'Input tokens',
    counts: 'Fresh input tokens of text: neither read from cache nor written to it',
    side: 'input',
    is_prompt: true,
  },
  cache_read_tokens: {
    price_key: 'cache_read',
    label: 'Cache read tokens',
    counts: 'Input tokens read from cache',
    side: 'cache_read',
    part: 'cache_read',
    is_prompt: true,
  },
  cache_write_5m_tokens: {
    price_key: 'cache_write_5m',
    label: 'Cache write tokens (5 min)',
    counts: 'Input tokens written to cache for five minutes',
    side: 'cache_write',
    part: 'cache_write',
    is_prompt: true,
  },
  cache_write_1h_tokens: {
    price_key: 'cache_write_1h',
    label: 'Cache write tokens (1 h)',
    counts: 'Input tokens written to cache for an hour',
    side: 'cache_write',
    part: 'cache_write',
    is_prompt: true,
  },
  output_tokens: {
    price_key: 'output',
    label: 'Output tokens',
    counts: 'Output tokens of text without reasoning',
    side: 'output',
    is_prompt: false,
  },
  reasoning_tokens: {
    price_key: 'reasoning',
    label: 'Reasoning tokens',
    counts: 'Reasoning tokens',
    side: 'output',
    part: 'reasoning',
    is_prompt: false,
    billed_as: 'output_tokens',
  },
  audio_input_tokens: {
    price_key: 'audio_input',
    label: 'Audio input tokens',
    counts: 'Fresh input tokens of audio',
    side: 'input',
    part: 'audio',
    is_prompt: true,
  },
  audio_cache_read_tokens: {
    price_key: 'audio_cache_read',
    label: 'Audio cache read tokens',
    counts: 'Input tokens of audio read from cache',
    side: 'cache_read',
    part: 'audio',
    is_prompt: true,
  },
  audio_output_tokens: {
    price_key: 'audio_output',
    label: 'Audio output tokens',
    counts: 'Output tokens of audio',
    side: 'output',
    part: 'audio',
    is_prompt: false,
  },
  image_input_tokens: {
    price_key: 'image_input',
    label: 'Image input tokens',
    counts: 'Fresh input tokens of images, where they have a price of their own',
    side: 'input',
    part: 'image',
    is_prompt: true,
  },
  image_output_tokens: {
    price_key: 'image_output',
    label: 'Image output tokens',
    counts: 'Output tokens of images',
    side: 'output',
    part: 'image',
    is_prompt: false,
  },
  citation_tokens: {
    price_key: 'citation',
    label: 'Citation tokens',
    counts: 'Citation tokens of a research model',
    side: 'output',
    part: 'citation',
    is_prompt: false,
  },
} as const satisfies Readonly<Record<string, AnyTokenMeter>>;

const UNITS = {
  requests: {
    price_key: 'request',
    label: 'Requests',
    counts: 'Requests',
    per: 1,
    unit: 'request',
    price_unit: 'USD/request',
  },
  images: {
    price_key: 'image',
    label: 'Images',
    counts: 'Images made, billed by the piece',
    per: 1,
    unit: '1',
    price_unit: 'USD',
  },
  web_searches: {
    price_key: 'web_search',
    label: 'Web searches',
    counts: 'Web searches',
    per: 1,
    unit: '1',
    price_unit: 'USD',
  },
  rerank_queries: {
    price_key: 'rerank_query',
    label: 'Rerank queries',
    counts: 'Rerank queries (search units)',
    per: 1,
    unit: '1',
    price_unit: 'USD',
  },
  ocr_pages: {
    price_key: 'ocr_page',
    label: 'OCR pages',
    counts: 'Pages read by OCR',
    per: 1,
    unit: '1',
    price_unit: 'USD',
  },
  annotation_pages: {
    price_key: 'annotation_page',
    label: 'Annotated pages',
    counts: 'Pages annotated beside OCR',
    per: 1,
    unit: '1',
    price_unit: 'USD',
  },
  cache_storage_token_hours: {
    price_key: 'mtok_hour_cache_storage',
    label: 'Cache storage (token-hours)',
    counts: 'Cached tokens times the hours that they were stored',
    per: 1_000_000,
    unit: 'tokens * hour',
    price_unit: 'USD/Mtok/hour',
  },
} as const satisfies Readonly<Record<string, AnyUnitMeter>>;

export type TokenMeter = keyof typeof TOKENS;
export type UnitMeter = keyof typeof UNITS;
/** Pieces that a request can hold any number of: every unit meter but the request itself. */
export type PieceMeter = Exclude<UnitMeter, 'requests'>;
/** What a request counts: a column of a trace and of a rollup. */
export type CountMeter = TokenMeter | PieceMeter;
export type MeterId = TokenMeter | UnitMeter;

export interface TokenMeterEntry extends AnyTokenMeter {
  readonly id: TokenMeter;
  readonly billed_as?: TokenMeter;
}
export interface UnitMeterEntry extends AnyUnitMeter {
  readonly id: UnitMeter;
}

const keysOf = <K extends string>(entries: Readonly<Record<K, unknown>>): readonly K[] => Object.keys(entries) as K[];
const withIds = (entries: object): object =>
  Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, { id, ...entry }]));

export const METERS = withIds(TOKENS) as Readonly<Record<TokenMeter, TokenMeterEntry>>;
export const PIECES = withIds(UNITS) as Readonly<Record<UnitMeter, UnitMeterEntry>>;

export const TOKEN_METERS = keysOf(TOKENS);
export const UNIT_METERS = keysOf(UNITS);
export const PIECE_METERS = UNIT_METERS.filter((meter): meter is PieceMeter => meter !== 'requests');
/** Columns of a trace and of a rollup, tokens first. */
export const COUNT_METERS: readonly CountMeter[] = [...TOKEN_METERS, ...PIECE_METERS];

export const isTokenMeter = (meter: MeterId): meter is TokenMeter => meter in TOKENS;
/** Tokens or pieces to which the price of a meter belongs. */
export const perOf = (meter: MeterId): number => (isTokenMeter(meter) ? 1_000_000 : UNITS[meter].per);
export const labelOf = (meter: MeterId): string => (isTokenMeter(meter) ? TOKENS[meter] : UNITS[meter]).label;

/** The field of a rate card's period that prices pieces: `usd_per_web_search`. */
export type UnitPriceField = { [M in UnitMeter]: `usd_per_${(typeof UNITS)[M]['price_key']}` }[UnitMeter];
export const unitPriceField = (meter: UnitMeter): UnitPriceField => `usd_per_${UNITS[meter].price_key}`;

/** Service tiers that a request can ask for; a card without prices for a tier leaves it unpriced. */
export const SERVICE_TIERS = ['standard', 'batch', 'flex', 'priority', 'fast'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Exclusive token counts of one request or of a sum of requests. */
export type TokenCounts = Readonly<Record<TokenMeter, number>>;
/** Tokens and pieces. */
export type Counts = Readonly<Record<CountMeter, number>>;

/** A count of nothing, in the order of the registry. */
export const NO_COUNTS: Counts = Object.freeze(Object.fromEntries(COUNT_METERS.map((meter) => [meter, 0])) as Counts);

const PROMPT_METERS = TOKEN_METERS.filter((meter) => TOKENS[meter].is_prompt);
const ANSWER_METERS = TOKEN_METERS.filter((meter) => !TOKENS[meter].is_prompt);

/** Tokens in the prompt: fresh, read from cache and written to cache; text, audio and images. */
export const promptTokens = (counts: TokenCounts): number => sumOver(PROMPT_METERS, counts);

/** Tokens in the answer, reasoning included. */
export const answerTokens = (counts: TokenCounts): number => sumOver(ANSWER_METERS, counts);

/** Nothing was counted: no token and no piece. */
export const isEmpty = (counts: Counts): boolean => COUNT_METERS.every((meter) => counts[meter] === 0);

/** The four token counts of a report: audio and images count with text, both lives of a cache write together. */
export function tokensBySide(counts: TokenCounts): Record<TokenSide, number> {
  const sides = { input: 0, cache_read: 0, cache_write: 0, output: 0 };
  for (const meter of TOKEN_METERS) sides[TOKENS[meter].side] += counts[meter];
  return sides;
}

function sumOver(meters: readonly TokenMeter[], counts: TokenCounts): number {
  let total = 0;
  for (let i = 0; i < meters.length; i++) total += counts[meters[i]!];
  return total;
}
