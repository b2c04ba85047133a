/**
 * What attempts cost, from the price book as of the instant they ran, and what routes cost now, for policies and budgets.
 * A route whose model the book does not know is unpriced: null, never 0.
 */
import type { Counts, ServiceTier } from '../meters.ts';
import { charge } from '../pricing/charge.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { priceTable } from '../pricing/price-table.ts';
import { resolveModel } from '../pricing/resolve.ts';
import type { Route, Routes } from '../routing/route.ts';
import type { RoutePrice } from '../routing/route-price.ts';

/** What a price can depend on beside the route and the counts. */
export interface Served {
  /** Tier that the seller says it served at; default: the route's. */
  readonly tier?: ServiceTier | undefined;
  readonly image?: { readonly quality?: string | undefined; readonly size?: string | undefined } | undefined;
}

export class Prices {
  readonly #book: PriceBook;
  readonly #routes: Routes;

  constructor(book: PriceBook, routes: Routes) {
    this.#book = book;
    this.#routes = routes;
  }

  /** USD of one request's counts on a route; null: unpriced. */
  costOf(name: string, counts: Counts, at_ms: number, served: Served = {}): number | null {
    const route = this.#routes[name] as Route;
    const at = new Date(at_ms).toISOString();
    const found = resolveModel(this.#book, `${route.seller}/${route.model}`, at.slice(0, 10));
    if ('unknown' in found) return null;
    const { seller, model } = found;
    const { tier = route.tier, image } = served;
    return charge(this.#book, { seller, model, tier, region: route.region, image }, counts, at).charge_usd;
  }

  /** Base prices on a day; a route without one is left out. */
  routePrices(on: string): Record<string, RoutePrice> {
    const prices: Record<string, RoutePrice> = {};
    for (const [name, { seller, model, tier, region }] of Object.entries(this.#routes)) {
      const found = resolveModel(this.#book, `${seller}/${model}`, on);
      if ('unknown' in found) continue;
      const cell = { seller: found.seller, model: found.model, tier, region, band_from_tokens: 0 };
      const table = priceTable(this.#book, cell, on);
      const [input, output] = [table.price('input_tokens'), table.price('output_tokens')];
      if ('unpriced' in input || 'unpriced' in output) continue;
      prices[name] = { input_usd_per_mtok: input.usd, output_usd_per_mtok: output.usd };
    }
    return prices;
  }
}
