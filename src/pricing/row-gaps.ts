/**
 * The rows whose billed cost is furthest from what the price book says: where to look when a bill does not match.
 *
 * Prices are looked up once for each model, day, tier and band; a row then costs a handful of multiplications. Rows without
 * a price, and those whose price depends on the hour, are left out: the comparison by model speaks of them.
 */
import { COUNT_METERS, promptTokens } from '../meters.ts';
import { NANO_USD, type TraceRequest } from '../trace/request.ts';
import { MS_PER_DAY } from '../units.ts';
import { isStatement } from '../usage/bill.ts';
import { bandOf } from '../usage/rollup.ts';
import { periodAt } from './as-of.ts';
import { bandEdges } from './bands.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import { priceTable } from './price-table.ts';
import { resolveModel } from './resolve.ts';

export interface GapRow {
  readonly file: string;
  readonly line: number;
  readonly model: string;
  readonly billed_usd: number;
  readonly computed_usd: number;
}

const KEPT = 5;

export class RowGaps {
  readonly #book: PriceBook;
  readonly #on: string | undefined;
  readonly #prices = new Map<string, ReadonlyMap<string, number> | undefined>();
  readonly #worst: GapRow[] = [];
  #least = 0;

  /** @param on the one date of all prices; undefined: each row's own day */
  constructor(book: PriceBook, on: string | undefined) {
    this.#book = book;
    this.#on = on;
  }

  add(request: TraceRequest, model: string, file: string, line: number): void {
    if (request.billed_nano_usd === undefined || isStatement(request)) return;
    const computed_usd = this.#costOf(request, model);
    if (computed_usd === undefined) return;
    const billed_usd = request.billed_nano_usd / NANO_USD;
    const gap = Math.abs(billed_usd - computed_usd);
    if (gap <= this.#least || gap < 0.001 * computed_usd) return;
    this.#worst.push({ file, line, model, billed_usd, computed_usd });
    this.#worst.sort((a, b) => gapOf(b) - gapOf(a));
    if (this.#worst.length > KEPT) this.#worst.pop();
    if (this.#worst.length === KEPT) this.#least = gapOf(this.#worst[KEPT - 1]!);
  }

  /** Furthest first. */
  get worst(): readonly GapRow[] {
    return this.#worst;
  }

  #costOf(request: TraceRequest, model: string): number | undefined {
    const day = Math.floor(request.time_ms / MS_PER_DAY);
    // A row that sums requests says how long prompts were, or nothing does.
    const prompt = request.context_from_tokens ?? (request.until_ms === undefined ? promptTokens(request) : 0);
    const band = this.#bandOf(model, prompt);
    const key = `${this.#on === undefined ? day : ''} ${request.tier} ${band} ${model}`;
    let prices = this.#prices.get(key);
    if (prices === undefined && !this.#prices.has(key)) {
      prices = this.#look(request, model, band, this.#on ?? new Date(day * MS_PER_DAY).toISOString().slice(0, 10));
      this.#prices.set(key, prices);
    }
    if (prices === undefined) return undefined;
    const fee = prices.get('requests') ?? 0;
    if (fee > 0 && request.requests === undefined) return undefined;
    let usd = fee * (request.requests ?? 0);
    for (const meter of COUNT_METERS) {
      const count = request[meter];
      if (count === 0) continue;
      const price = prices.get(meter);
      if (price === undefined) return undefined;
      usd += count * price;
    }
    return usd;
  }

  #edges = new Map<string, readonly number[]>();

  #bandOf(model: string, prompt_tokens: number): number {
    let edges = this.#edges.get(model);
    if (edges === undefined) {
      const slash = model.indexOf('/');
      edges = slash < 0 ? [] : bandEdges(this.#book, model.slice(0, slash), model.slice(slash + 1));
      this.#edges.set(model, edges);
    }
    const band = bandOf(prompt_tokens, edges);
    return band === 0 ? 0 : edges[band - 1]!;
  }

  #look(
    { tier }: TraceRequest,
    model: string,
    band_from_tokens: number,
    on: string,
  ): ReadonlyMap<string, number> | undefined {
    const found = resolveModel(this.#book, model, on);
    if ('unknown' in found) return undefined;
    const card = rateCardOf(this.#book, found.seller, found.model)!;
    const { period } = periodAt(card, on, {}, model);
    if (period === undefined || period.windows.length > 0) return undefined;
    const asked = { seller: found.seller, model: found.model, tier, band_from_tokens, window: undefined };
    const table = priceTable(this.#book, asked, on);
    const prices = new Map<string, number>();
    for (const meter of [...COUNT_METERS, 'requests'] as const) {
      const price = table.price(meter);
      if (price !== undefined && 'usd' in price) prices.set(meter, price.usd / price.per);
    }
    return prices;
  }
}

const gapOf = ({ billed_usd, computed_usd }: GapRow): number => Math.abs(billed_usd - computed_usd);
