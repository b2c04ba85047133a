/**
 * What an importer of another price book gives: cards in this project's units, and what it could not hold. Importers map
 * names and units, they judge nothing; every figure that was there and is not in a card is listed.
 */
import type { Cliff, PriceWindow, TokenPrices } from '../rate-card.ts';

export interface ImportedPeriod {
  readonly from?: string;
  readonly until?: string;
  readonly usd_per_mtok: TokenPrices;
  readonly cliffs?: readonly Cliff[];
  readonly tiers?: Readonly<Partial<Record<'batch' | 'flex' | 'priority', { readonly usd_per_mtok: TokenPrices }>>>;
  readonly windows?: readonly PriceWindow[];
  readonly usd_per_request?: number;
  readonly usd_per_web_search?: number;
}

export interface ImportedCard {
  readonly seller: string;
  readonly model: string;
  readonly periods: readonly ImportedPeriod[];
}

export interface Imported {
  readonly cards: readonly ImportedCard[];
  /** `openai/gpt-4o: input_cost_per_image`, or `provider x: 12 models, no seller of this book`. */
  readonly not_held: readonly string[];
}

/** `seller`: who invoices, for files that do not say it. */
export type Importer = (document: unknown, seller: string | undefined) => Imported;

export type Json = Readonly<Record<string, unknown>>;
export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const mapOf = (value: unknown): Json => (isMap(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A price, from a number or a decimal text; undefined for anything else, negative ones too (routers write -1 for "varies"). */
export function priceOf(value: unknown, factor = 1): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return undefined;
  return Number((number * factor).toPrecision(12));
}

/** Token prices from a row: `names` says which of its keys is which meter; `factor` brings it to USD per million tokens. */
export function pricesOf(row: Json, names: Readonly<Record<string, string>>, factor: number): TokenPrices {
  const found: Record<string, number> = {};
  for (const [key, meter] of Object.entries(names)) {
    const usd = priceOf(row[key], factor);
    if (usd !== undefined) found[meter] ??= usd;
  }
  return found as TokenPrices;
}

/** Keys of a row that hold a price other than 0 and are not among the known ones. */
export const leftOver = (row: Json, known: ReadonlySet<string>): string[] =>
  Object.entries(row)
    .filter(([key, value]) => !known.has(key) && hasPrice(value))
    .map(([key]) => key);

const hasPrice = (value: unknown): boolean =>
  isMap(value)
    ? Object.values(value).some(hasPrice)
    : Array.isArray(value)
      ? value.some(hasPrice)
      : (priceOf(value) ?? 0) > 0;

/** Rows of providers that are no sellers of this book, counted. */
export class Skipped {
  readonly #counts = new Map<string, number>();

  add(provider: string): void {
    this.#counts.set(provider, (this.#counts.get(provider) ?? 0) + 1);
  }

  get words(): string[] {
    return [...this.#counts].map(([provider, n]) => `provider ${provider}: ${n} models, no seller of this book`);
  }
}

export const isEmptyPeriod = (period: ImportedPeriod): boolean =>
  Object.keys(period.usd_per_mtok).length === 0 && period.usd_per_request === undefined;
