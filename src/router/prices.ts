/**
 * What attempts cost, from the price book as of the instant they ran, and what routes cost now, for policies and budgets.
 * A route whose model the book does not know is unpriced: null, never 0.
 *
 * The charge of pricing/charge.ts for each request, from prices that are looked up once a day for each route, tier and size
 * of prompt; where they depend on the hour, on an image or on a count of nothing, it is asked itself.
 */
import { COUNT_METERS, type Counts, perOf, promptTokens, type ServiceTier } from '../meters.ts';
import { cliffEdge } from '../pricing/bands.ts';
import { charge } from '../pricing/charge.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { priceTable } from '../pricing/price-table.ts';
import { resolveModel } from '../pricing/resolve.ts';
import type { Route, Routes } from '../routing/route.ts';
import type { RoutePrice } from '../routing/route-price.ts';
import { MS_PER_DAY, sum } from '../units.ts';

/** What a price can depend on beside the route and the counts. */
export interface Served {
  /** Tier that the seller says it served at; default: the route's. */
  readonly tier?: ServiceTier | undefined;
  readonly image?: { readonly quality?: string | undefined; readonly size?: string | undefined } | undefined;
}

/** Prices of one route and tier on one day. */
interface DayPrices {
  /** Prices hold all day. */
  readonly isPlain: boolean;
  /** Prompt sizes from which other prices hold, ascending. */
  readonly edges: readonly number[];
  /** By the number of edges passed: USD per `perOf` of each meter, null: unpriced; and the fee per request. */
  readonly bands: ((number | null)[] | undefined)[];
}

export class Prices {
  readonly #book: PriceBook;
  readonly #routes: Routes;
  readonly #days = new Map<string, DayPrices>();
  #day = 0;

  constructor(book: PriceBook, routes: Routes) {
    this.#book = book;
    this.#routes = routes;
  }

  /** USD of one request's counts on a route; null: unpriced. */
  costOf(name: string, counts: Counts, at_ms: number, served: Served = {}): number | null {
    const tier = served.tier ?? this.#routes[name]!.tier;
    const prices = served.image === undefined ? this.#dayPrices(name, tier, at_ms) : undefined;
    if (prices?.isPlain !== true) return this.#charge(name, counts, at_ms, tier, served.image);
    const tokens = promptTokens(counts);
    const band = prices.edges.findLastIndex((edge) => edge <= tokens) + 1;
    prices.bands[band] ??= this.#band(name, tier, at_ms, tokens);
    const usd = prices.bands[band];
    const parts: number[] = [];
    for (let i = 0; i < COUNT_METERS.length; i++) {
      const meter = COUNT_METERS[i]!;
      if (counts[meter] === 0) continue;
      const price = usd[i];
      if (price === null || price === undefined) return null;
      parts.push((counts[meter] * price) / perOf(meter));
    }
    const fee = usd[COUNT_METERS.length];
    if (parts.length === 0 || fee === null) return this.#charge(name, counts, at_ms, tier, undefined);
    return sum([...parts, fee as number]);
  }

  /** Base prices on a day; a route without one is left out. */
  routePrices(on: string): Record<string, RoutePrice> {
    return this.#priced((name, { tier }) => {
      const table = this.#table(name, tier, on, 0);
      const [input, output] = [table?.price('input_tokens'), table?.price('output_tokens')];
      if (input === undefined || output === undefined || 'unpriced' in input || 'unpriced' in output) return undefined;
      return priceOf(input.usd, output.usd);
    });
  }

  /** Of requests without an answer in tokens, as embeddings: the input's price alone. */
  inputPrices(on: string): Record<string, RoutePrice> {
    return this.#priced((name, { tier }) => {
      const input = this.#table(name, tier, on, 0)?.price('input_tokens');
      return input === undefined || 'unpriced' in input ? undefined : priceOf(input.usd, 0);
    });
  }

  /**
   * Of requests that make images: an image stands for a token of the answer. A route that bills images by their tokens is
   * left out, since nobody knows how many they will be.
   */
  imagePrices(on: string, image: NonNullable<Served['image']>): Record<string, RoutePrice> {
    return this.#priced((name, { tier }) => {
      const one = this.#table(name, tier, on, 0, image)?.price('images');
      return one === undefined || 'unpriced' in one ? undefined : priceOf(0, (one.usd / perOf('images')) * PER_MTOK);
    });
  }

  #priced(priceOn: (name: string, route: Route) => RoutePrice | undefined): Record<string, RoutePrice> {
    return Object.fromEntries(
      Object.entries(this.#routes).flatMap(([name, route]) => {
        const price = priceOn(name, route);
        return price === undefined ? [] : [[name, price]];
      }),
    );
  }

  #charge(name: string, counts: Counts, at_ms: number, tier: ServiceTier, image: Served['image']): number | null {
    const at = new Date(at_ms).toISOString();
    const card = this.#cardOf(name, at.slice(0, 10));
    return (
      card && charge(this.#book, { ...card, tier, region: this.#routes[name]!.region, image }, counts, at).charge_usd
    );
  }

  #dayPrices(name: string, tier: ServiceTier, at_ms: number): DayPrices {
    const day = Math.floor(at_ms / MS_PER_DAY);
    if (day !== this.#day) this.#days.clear();
    this.#day = day;
    const key = `${tier} ${name}`;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const period = this.#table(name, tier, dateOf(at_ms), 0)?.period;
    const cliffs = [...(period?.cliffs ?? []), ...Object.values(period?.tiers ?? {}).flatMap((offer) => offer.cliffs)];
    const edges = [...new Set(cliffs.map(cliffEdge))].sort((a, b) => a - b);
    const made: DayPrices = { isPlain: period !== undefined && period.windows.length === 0, edges, bands: [] };
    this.#days.set(key, made);
    return made;
  }

  #band(name: string, tier: ServiceTier, at_ms: number, tokens: number): (number | null)[] {
    const table = this.#table(name, tier, dateOf(at_ms), tokens);
    const usd = ([...COUNT_METERS, 'requests'] as const).map((meter) => {
      const price = table?.price(meter);
      return price === undefined ? (meter === 'requests' ? 0 : null) : 'unpriced' in price ? null : price.usd;
    });
    return usd;
  }

  #table(name: string, tier: ServiceTier, on: string, band_from_tokens: number, image?: Served['image']) {
    const card = this.#cardOf(name, on);
    const { region } = this.#routes[name] as Route;
    return card === null ? undefined : priceTable(this.#book, { ...card, tier, region, band_from_tokens, image }, on);
  }

  #cardOf(name: string, on: string): { readonly seller: string; readonly model: string } | null {
    const { seller, model } = this.#routes[name] as Route;
    const found = resolveModel(this.#book, `${seller}/${model}`, on);
    return 'unknown' in found ? null : { seller: found.seller, model: found.model };
  }
}

const PER_MTOK = 1_000_000;
const priceOf = (input_usd_per_mtok: number, output_usd_per_mtok: number): RoutePrice => ({
  input_usd_per_mtok,
  output_usd_per_mtok,
});

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
