/**
 * All prices of one cell on a date, resolved once: a seller's model at one service tier, prompt size, hour and region.
 *
 * Which table of the card: window, else cliff, else base; another tier reads its own table, or the standard one times its
 * factor for the meters that factor lists. Then the factors of the region, in the card's order, each on the meters it
 * lists. Nothing else is carried over: what a table does not list is unpriced. Pieces cost the same at every prompt size
 * and hour; at another tier they are unpriced unless the tier lists them, but a fee per request holds at every tier.
 *
 * Example: claude-opus-5 at 5/25 in fast mode (x 2 on input and output) costs 10/50, in region us (x 1.1) 11/55.
 */
import { type Diagnostic, warning } from '../errors.ts';
import {
  type Counts,
  isTokenMeter,
  labelOf,
  METERS,
  type MeterId,
  PIECES,
  perOf,
  type ServiceTier,
  type TokenMeter,
  UNIT_METERS,
  type UnitMeter,
  unitPriceField,
} from '../meters.ts';
import { periodAt } from './as-of.ts';
import { cliffAt, cliffEdge } from './bands.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import type { Cliff, Multiplier, PricePeriod, RateCard, SearchContext, TokenPrices, UnitPrices } from './rate-card.ts';

export interface PriceCell {
  readonly seller: string;
  /** Exact id of a card; aliases are resolved before. */
  readonly model: string;
  readonly tier: ServiceTier;
  /** Smallest prompt of the band, 0 for the base band. */
  readonly band_from_tokens: number;
  /** Label of the time window, absent outside all windows. */
  readonly window?: string | undefined;
  /** Region in which requests are processed, absent where none is asked for. */
  readonly region?: string | undefined;
  readonly search_context?: SearchContext | undefined;
  readonly image?: ImageKind | undefined;
}

export interface ImageKind {
  readonly quality?: string | undefined;
  readonly size?: string | undefined;
}

/** Negotiated prices by `seller/model`, in USD per million tokens; meters not listed stay at the list price. */
export type ContractPrices = Readonly<Record<string, TokenPrices>>;

export interface PriceOptions {
  /** Apply announced prices from their first day on. */
  readonly announced?: boolean | undefined;
  readonly overrides?: ContractPrices | undefined;
}

/** USD for `per` tokens or pieces. */
export interface MeterPrice {
  readonly usd: number;
  readonly per: number;
  readonly source: string;
  readonly as_of: string;
  /** The cell in words: `openai/gpt-5 batch input`. */
  readonly cell: string;
  readonly warnings: readonly Diagnostic[];
}

export interface Unpriced {
  readonly unpriced: string;
}

export interface PriceTable {
  /** The period that holds, undefined where none does. */
  readonly period: PricePeriod | undefined;
  /** A fee per request that the card does not list is no gap but no fee: undefined. */
  price(meter: TokenMeter): MeterPrice | Unpriced;
  price(meter: MeterId): MeterPrice | Unpriced | undefined;
}

export function priceTable(book: PriceBook, cell: PriceCell, on: string, options: PriceOptions = {}): PriceTable {
  const name = `${cell.seller}/${cell.model}`;
  const contract = cell.tier === 'standard' ? options.overrides?.[name] : undefined;
  const found = listed(book, cell, name, on, options.announced);
  const price = (meter: MeterId): MeterPrice | Unpriced | undefined => {
    if (!isTokenMeter(meter)) return piecePrice(found, cell, meter);
    for (const { price_key } of billingChain(meter)) {
      const agreed = contract?.[price_key];
      if (agreed !== undefined) {
        const words = `${name} contract ${price_key}`;
        return { usd: agreed, per: perOf(meter), source: 'contract', as_of: on, cell: words, warnings: [] };
      }
      const usd = 'unpriced' in found ? undefined : found.tokens[price_key];
      if (usd !== undefined && !('unpriced' in found)) return priced(found, meter, usd, price_key, found.words);
    }
    return 'unpriced' in found ? { unpriced: found.unpriced } : missing(found, meter);
  };
  return { period: found.period, price: price as PriceTable['price'] };
}

/** The meter, then those it is billed as where it has no price of its own. */
function billingChain(meter: TokenMeter): readonly (typeof METERS)[TokenMeter][] {
  const own = METERS[meter];
  return own.billed_as === undefined ? [own] : [own, ...billingChain(own.billed_as)];
}

interface Listed {
  readonly period: PricePeriod;
  readonly tokens: TokenPrices;
  readonly pieces: UnitPrices;
  readonly regions: readonly Multiplier[];
  readonly words: string;
  readonly name: string;
  readonly card: RateCard;
  readonly warnings: readonly Diagnostic[];
}
type NotListed = Unpriced & { readonly period: PricePeriod | undefined };

const priced = ({ card, warnings }: Listed, meter: MeterId, usd: number, key: string, words: string): MeterPrice => ({
  usd,
  per: perOf(meter),
  source: card.source,
  as_of: card.as_of,
  cell: `${words} ${key}`,
  warnings,
});

const missing = ({ words }: Listed, meter: MeterId): Unpriced => ({
  unpriced: `${words} lists no price for ${inSentence(labelOf(meter))}`,
});

const inSentence = (label: string): string => (label.startsWith('OCR') ? label : label.toLowerCase());

function listed(
  book: PriceBook,
  cell: PriceCell,
  name: string,
  on: string,
  announced: boolean | undefined,
): Listed | NotListed {
  const card = rateCardOf(book, cell.seller, cell.model);
  if (card === undefined) return { unpriced: `${name} has no rate card`, period: undefined };
  const { period, warnings } = periodAt(card, on, { announced }, name);
  if (period === undefined) return { unpriced: `${name} has no ${firstDay(card)}`, period };
  const chosen = tableOf(period, cell, name);
  if ('unpriced' in chosen) return { ...chosen, period };
  const regions = cell.region === undefined ? [] : period.regions.filter(({ region }) => region === cell.region);
  if (cell.region !== undefined && regions.length === 0)
    return { unpriced: `${name} lists no price for region ${cell.region}`, period };
  const since = period.from === undefined ? '' : ` since ${period.from}`;
  const kind = period.status === 'announced' ? ' announced' : '';
  const where = cell.region === undefined ? '' : `, region ${cell.region}`;
  let tokens = chosen.tokens;
  for (const one of regions) tokens = { ...tokens, ...multiplied(tokens, one) };
  return { ...chosen, period, tokens, regions, words: `${chosen.words}${where}${since}${kind}`, name, card, warnings };
}

interface Chosen {
  readonly tokens: TokenPrices;
  readonly pieces: UnitPrices;
  readonly words: string;
}

/** Which of a period's price tables a cell reads. Nothing is carried over from another table. */
function tableOf(
  period: PricePeriod,
  { tier, band_from_tokens, window: label }: PriceCell,
  name: string,
): Chosen | Unpriced {
  const cliff = cliffAt(period.cliffs, band_from_tokens);
  const size = cliff === undefined ? '' : `, prompts from ${cliffEdge(cliff)} tokens`;
  const window = period.windows.find((candidate) => candidate.label === label);
  if (window !== undefined) {
    const words = `${name} ${tier}, ${window.label}${size}`;
    if (tier !== 'standard' || cliff !== undefined) return { unpriced: `${words} is not listed` };
    return { tokens: window.usd_per_mtok, pieces: period, words };
  }
  const words = `${name} ${tier}${size}`;
  const standard = cliff?.usd_per_mtok ?? period.usd_per_mtok;
  if (tier === 'standard') return { tokens: standard, pieces: period, words };
  const offer = period.tiers[tier];
  if (offer === undefined) return { unpriced: `${words} is not listed` };
  const own = cliffAt(offer.cliffs, band_from_tokens);
  const isListed = edgeOf(own) >= edgeOf(cliff);
  if (!isListed && offer.multiplier === undefined) return { unpriced: `${words} is not listed` };
  const tokens = {
    ...(offer.multiplier === undefined ? {} : multiplied(standard, offer.multiplier)),
    ...(isListed ? (own ?? offer).usd_per_mtok : {}),
  };
  return { tokens, pieces: { usd_per_request: period.usd_per_request, ...given(offer) }, words };
}

/**
 * Why a request that counts nothing is no free request: its card sells pieces alone, and the pieces were not counted.
 * undefined: nothing is missing.
 */
export function uncounted(period: PricePeriod | undefined, name: string): string | undefined {
  if (period === undefined || period.usd_per_request !== undefined) return undefined;
  if (Object.keys(period.usd_per_mtok).length > 0) return undefined;
  const pieces = UNIT_METERS.filter((meter) => period[unitPriceField(meter)] !== undefined);
  if (pieces.length === 0) return undefined;
  return `${name} bills ${pieces.map((meter) => inSentence(labelOf(meter))).join(', ')}, and none was counted`;
}

/** The listed meters alone, at their multiple. */
function multiplied(prices: TokenPrices, { factor, meters }: Multiplier): TokenPrices {
  return Object.fromEntries(
    Object.entries(prices).flatMap(([key, usd]) =>
      usd !== undefined && meters.includes(key) ? [[key, usd * factor]] : [],
    ),
  );
}

const given = (prices: UnitPrices): UnitPrices =>
  Object.fromEntries(Object.entries(prices).filter(([, usd]) => typeof usd === 'number'));

/**
 * Images that are counted beside their own tokens: where a card prices the tokens and no image, as that of gpt-image-1 does, the
 * tokens are the whole bill and the count is none. Without tokens the images stay unpriced.
 */
export function isBilledByTokens(
  meter: MeterId,
  counts: Pick<Counts, 'image_output_tokens'>,
  priceOf: (meter: 'images' | 'image_output_tokens') => object | undefined,
): boolean {
  if (meter !== 'images' || counts.image_output_tokens === 0) return false;
  const [image, token] = [priceOf('images'), priceOf('image_output_tokens')];
  return image !== undefined && 'unpriced' in image && token !== undefined && !('unpriced' in token);
}

/** The price of a piece, by quality and size or search context where it depends on them. */
function piecePrice(found: Listed | NotListed, cell: PriceCell, meter: UnitMeter): MeterPrice | Unpriced | undefined {
  if ('unpriced' in found) return meter === 'requests' ? undefined : { unpriced: found.unpriced };
  const { price_key } = PIECES[meter];
  const base = found.pieces[unitPriceField(meter)];
  const by =
    price_key === 'request' || price_key === 'web_search' ? found.period.by_search_context[price_key] : undefined;
  const hasImages = meter === 'images' && found.period.images.length > 0;
  const words = `${found.name} ${cell.tier}`;
  const at = (usd: number, detail = ''): MeterPrice =>
    priced(found, meter, inRegion(found, price_key, usd), `${price_key}${detail}`, words);
  if (hasImages && cell.tier === 'standard') {
    const { quality, size } = cell.image ?? {};
    const kinds = found.period.images.filter(
      (one) => (quality === undefined || one.quality === quality) && (size === undefined || one.size === size),
    );
    const amounts = [...new Set(kinds.map(({ usd }) => usd))];
    if (amounts.length === 1)
      return at(amounts[0]!, quality || size ? ` ${[quality, size].filter(Boolean).join(' ')}` : '');
    const all = found.period.images.map((one) => `${[one.quality, one.size].filter(Boolean).join(' ')} ${one.usd}`);
    return {
      unpriced: `${words} lists images by quality and size: ${all.join(', ')} USD; one of them has to be named`,
    };
  }
  if (cell.search_context !== undefined && by !== undefined) {
    const usd = by[cell.search_context];
    return usd === undefined
      ? { unpriced: `${words} lists no ${price_key.replace('_', ' ')} with search context ${cell.search_context}` }
      : at(usd, ` ${cell.search_context}`);
  }
  if (base === undefined) {
    if (by !== undefined)
      return { unpriced: `${words} prices a ${price_key.replace('_', ' ')} by search context; none is named` };
    return meter === 'requests' ? undefined : { unpriced: `${words} lists no price for ${inSentence(labelOf(meter))}` };
  }
  const price = at(base);
  if (by === undefined) return price;
  const sizes = Object.entries(by).map(([context, usd]) => `${context} ${usd}`);
  const told = warning(
    'PRICE_SEARCH_CONTEXT',
    found.name,
    `each ${price_key.replace('_', ' ')} is priced at ${base} USD; by search context it is ${sizes.join(', ')}`,
  );
  return { ...price, warnings: [...price.warnings, told] };
}

const inRegion = ({ regions }: Listed, key: string, usd: number): number =>
  regions.reduce((price, { meters, factor }) => (meters.includes(key) ? price * factor : price), usd);

const edgeOf = (cliff: Cliff | undefined): number => (cliff === undefined ? 0 : cliffEdge(cliff));

const firstDay = (card: RateCard): string => {
  const confirmed = card.periods.filter((period) => period.status === 'confirmed');
  const first = confirmed.map((period) => period.from ?? '').sort()[0];
  return first === undefined ? 'confirmed price' : `price before ${first}`;
};
