/**
 * Quotes: prices as one scenario sees them (its start, its contract rates, announced or not), and where knowledge ends.
 * Collects what was used, what is unpriced, and volumes past which no price is published; never gives a number for those.
 */
import { type Diagnostic, warning } from '../errors.ts';
import { type CountMeter, isTokenMeter, METERS, PIECES, type ServiceTier } from '../meters.ts';
import type { Quantity } from '../model/model.ts';
import type { Sheet } from '../model/sheet.ts';
import { periodAt } from '../pricing/as-of.ts';
import { bandEdges } from '../pricing/bands.ts';
import { type PriceBook, rateCardOf } from '../pricing/price-book.ts';
import { meterSeries } from '../pricing/price-series.ts';
import { uncounted } from '../pricing/price-table.ts';
import { holdsAt, windowInWords } from '../pricing/price-window.ts';
import type { PricePeriod, PriceWindow, RateCard } from '../pricing/rate-card.ts';
import { resolveModel, unknownInWords } from '../pricing/resolve.ts';
import type { Scenario } from '../scenario/schema.ts';
import { addMonths, HOURS_PER_WEEK, MS_PER_HOUR, sum } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';

/** What is asked: a model of a seller, at a service tier, in a context band, inside or outside a price window. */
export interface QuoteRequest {
  /** `seller/model`, or what the trace names. */
  readonly model: string;
  readonly tier: ServiceTier;
  readonly band_from_tokens: number;
  readonly window: string | undefined;
  /** At the list price although the scenario states a contract rate. */
  readonly at_list?: boolean;
}

export interface UnpricedUsage {
  readonly model: string;
  readonly reason: string;
  /** Of the measured window, each counted once however many strategies and meters it touches. */
  requests: number;
  readonly strategies: Set<string>;
}

/** A volume past which the answer is not known. */
export interface Limit {
  readonly strategy: string;
  readonly quantity: Quantity;
  readonly max: number;
  readonly message: string;
}

export class Quotes {
  readonly unpriced = new Map<string, UnpricedUsage>();
  readonly used = new Map<string, { readonly source: string; readonly as_of: string }>();
  readonly warnings = new Map<string, Diagnostic>();
  readonly limits: Limit[] = [];
  readonly #sheet: Sheet;
  readonly #book: PriceBook;
  readonly #scenario: Scenario;
  /** The hours of the usage say which share falls into a price window. */
  readonly #hasDailyProfile: boolean;
  /** Parts of the usage that were refused already, by strategy: a part comes once for each of its meters. */
  readonly #refused = new Map<string, Map<string, number>>();
  readonly #windowsOf = new Map<string, readonly PriceWindow[]>();
  readonly #known = new Map<string, Quantity | { readonly unpriced: string }>();

  constructor(sheet: Sheet, book: PriceBook, scenario: Scenario, tellsHours: boolean) {
    this.#sheet = sheet;
    this.#book = book;
    this.#scenario = scenario;
    this.#hasDailyProfile = tellsHours;
  }

  /** USD per million tokens, or per piece, in each month, or why there is no price. */
  price(request: QuoteRequest, meter: CountMeter): Quantity | { readonly unpriced: string } {
    const key = JSON.stringify([request, meter]);
    let quote = this.#known.get(key);
    if (quote === undefined) {
      quote = this.#look(request, meter);
      this.#known.set(key, quote);
    }
    return quote;
  }

  /** The context band of a model that a prompt of this size falls into. */
  bandFrom(model: string, prompt_tokens: number): number {
    const [seller = '', ...id] = model.split('/');
    const edges = bandEdges(this.#book, seller, id.join('/'), `${this.#scenario.start}-01`);
    return edges.findLast((edge) => edge <= prompt_tokens) ?? 0;
  }

  /** Fee per request in each month, beside tokens; undefined where the card has none. */
  perRequest(model: string): Quantity | undefined {
    const card = this.#card(model);
    if (card === undefined) return undefined;
    const fees = Array.from(
      { length: this.#scenario.horizon },
      (_, month) => this.#period(card, month)?.usd_per_request ?? 0,
    );
    if (fees.every((fee) => fee === 0)) return undefined;
    return this.#scaled(
      this.#sheet.series(fees, 'USD/request', `price per request: ${card.source}, ${card.as_of}`),
      card.source,
    );
  }

  /** Why requests that count nothing are not free, or undefined. */
  uncounted(model: string): string | undefined {
    const card = this.#card(model);
    return card && uncounted(this.#period(card, 0), model);
  }

  /**
   * Which price windows a row's hour falls into. A trace of less than a day, or of days, can't tell: its requests are then spread
   * evenly over the week, and a warning says so.
   */
  windows(row: UsageRow): { readonly window: string | undefined; readonly share: number }[] {
    const windows = this.#windows(row.model);
    if (windows.length === 0) return [{ window: undefined, share: 1 }];
    if (this.#hasDailyProfile) {
      const at = windows.find((window) => holdsAt(window, row.hour * MS_PER_HOUR));
      return [{ window: at?.label, share: 1 }];
    }
    const message =
      'its price depends on the hour, and the traffic covers less than a day or is summed by the day; requests are spread evenly over the week';
    this.warnings.set(`PRICE_WINDOW_SPREAD ${row.model}`, warning('PRICE_WINDOW_SPREAD', row.model, message));
    const shares = windows.map((window) => ({
      window: window.label,
      share:
        Array.from({ length: HOURS_PER_WEEK }, (_, hour) => holdsAt(window, hour * MS_PER_HOUR)).filter(Boolean)
          .length / HOURS_PER_WEEK,
    }));
    return [{ window: undefined, share: 1 - shares.reduce((total, { share }) => total + share, 0) }, ...shares];
  }

  /** The windows of all months by label: a month whose prices do not list one charges its base price there. */
  #windows(model: string): readonly PriceWindow[] {
    const known = this.#windowsOf.get(model);
    if (known !== undefined) return known;
    const card = this.#card(model);
    const windows = new Map<string, PriceWindow>();
    for (let month = 0; card !== undefined && month < this.#scenario.horizon; month++) {
      for (const window of this.#period(card, month)?.windows ?? []) {
        const first = windows.get(window.label);
        if (first === undefined) windows.set(window.label, window);
        else if (windowInWords(first) !== windowInWords(window)) {
          const message = `${windowInWords(first)} becomes ${windowInWords(window)} within the horizon; the first hours are used throughout`;
          this.warnings.set(`PRICE_WINDOW_MOVES ${model}`, warning('PRICE_WINDOW_MOVES', model, message));
        }
      }
    }
    this.#windowsOf.set(model, [...windows.values()]);
    return [...windows.values()];
  }

  /** Whether it runs on a machine of one's own, so that a price of 0 says nothing of what it costs. */
  isLocal(model: string): boolean {
    const card = this.#card(model);
    return card !== undefined && this.#book.sellers.get(model.split('/')[0] ?? model)?.access?.kind === 'local';
  }

  #card(model: string): RateCard | undefined {
    const found = resolveModel(this.#book, model, `${this.#scenario.start}-01`);
    return 'unknown' in found ? undefined : rateCardOf(this.#book, found.seller, found.model);
  }

  #period(card: RateCard, month: number): PricePeriod | undefined {
    const { start, announced_prices } = this.#scenario;
    return periodAt(card, `${addMonths(start, month)}-01`, { announced: announced_prices }).period;
  }

  /** Records usage without a price for a strategy; `part` tells the cells of one model apart. */
  refuse(strategy: string, model: string, reason: string, part: string, requests: number): void {
    const key = `${model}: ${reason}`;
    const known = this.unpriced.get(key) ?? { model, reason, requests: 0, strategies: new Set<string>() };
    this.unpriced.set(key, known);
    known.strategies.add(strategy);
    const parts = this.#refused.get(`${key} ${strategy}`) ?? new Map<string, number>();
    this.#refused.set(`${key} ${strategy}`, parts.set(part, requests));
    known.requests = Math.max(known.requests, Math.round(sum(parts.values())));
  }

  limit(strategy: string, quantity: Quantity, max: number, message: string): void {
    this.limits.push({ strategy, quantity, max, message });
  }

  #look(
    { model, tier, band_from_tokens, window, at_list }: QuoteRequest,
    meter: CountMeter,
  ): Quantity | { unpriced: string } {
    const { start, horizon, announced_prices, prices } = this.#scenario;
    const found = resolveModel(this.#book, model, `${start}-01`);
    if ('unknown' in found) {
      return { unpriced: `"${found.unknown}": ${unknownInWords(found)}` };
    }
    const series = meterSeries(
      this.#book,
      { seller: found.seller, model: found.model, tier, band_from_tokens, ...(window === undefined ? {} : { window }) },
      meter,
      start,
      horizon,
      { announced: announced_prices, overrides: at_list ? {} : prices },
    );
    if ('unpriced' in series) return { unpriced: series.unpriced };
    for (const found of series.warnings) this.warnings.set(`${found.code} ${found.path}`, found);
    this.used.set(`${found.seller}/${found.model}`, { source: series.source, as_of: series.as_of });
    return this.#scaled(
      this.#sheet.series(
        series.usd,
        isTokenMeter(meter) ? 'USD/Mtok' : PIECES[meter].price_unit,
        `${(isTokenMeter(meter) ? METERS[meter] : PIECES[meter]).price_key} price: ${series.source}, ${series.as_of}`,
      ),
      series.source,
    );
  }

  /** Prices of the book times what the scenario asks for; own contract rates are what they are. */
  #scaled(price: Quantity, source: string): Quantity {
    const factor = this.#scenario.price_factor;
    if (factor === undefined || source === 'contract') return price;
    const inputs = { price, factor: this.#sheet.amount(factor) };
    return this.#sheet.derive('price * factor', inputs, price.unit, `${price.source}, times price_factor`);
  }
}

export const isPriced = (quote: Quantity | { readonly unpriced: string }): quote is Quantity => 'ref' in quote;
