/**
 * The charge of one request, or of so many identical ones, meter by meter: tokens, requests and pieces.
 *
 *   amount = count x requests x USD / per, one multiplication by the price for each meter; per is a million for tokens
 *
 * The prompt's size (all prompt tokens of one request) decides which prices hold for all of the request. At an instant the
 * time windows apply; at a date the base prices do, with a warning that shows the window. Usage as a client reports it is
 * taken apart by decompose.ts first.
 *
 * Example: 250,000 input and 1,000 output tokens at 3/15, and 6/30 above 200,000: 1.50 + 0.03 = 1.53 USD. Flat prices
 * would give 0.765, pricing only the tokens above the cliff 0.915; both are wrong.
 * Not applied, and told as warnings: free quotas and volume discounts, which belong to a month and not to a request.
 */
import { type Diagnostic, InputError, inputError, notice, problem, warning } from '../errors.ts';
import {
  COUNT_METERS,
  type Counts,
  isTokenMeter,
  labelOf,
  type MeterId,
  promptTokens,
  type ServiceTier,
} from '../meters.ts';
import { sum } from '../units.ts';
import { ageDays, periodAt } from './as-of.ts';
import { decompose, type ReportedUsage, type UsageConvention } from './decompose.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import {
  type ImageKind,
  isBilledByTokens,
  type PriceCell,
  type PriceOptions,
  priceTable,
  uncounted,
} from './price-table.ts';
import { windowAt, windowInWords } from './price-window.ts';
import type { PricePeriod, SearchContext } from './rate-card.ts';

export interface ChargedRoute {
  readonly seller: string;
  readonly model: string;
  readonly tier: ServiceTier;
  readonly region?: string | undefined;
  readonly search_context?: SearchContext | undefined;
  readonly image?: ImageKind | undefined;
}

/** Counts of one request; `requests` is how many there are of it, by default 1. */
export type ChargedCounts = Partial<Counts> & { readonly requests?: number | undefined };

export interface ChargedMeter {
  readonly meter: string;
  readonly label: string;
  /** Tokens, requests or pieces, over all requests. */
  readonly quantity: number;
  /** Null where unpriced, and for what is priced by the piece. */
  readonly usd_per_mtok: number | null;
  readonly usd_per_request?: number;
  /** USD for `per` pieces, of what is no token. */
  readonly usd_per_unit?: number;
  readonly per?: number;
  readonly amount_usd: number | null;
  readonly cell: string;
}

export interface Charge {
  /** Null as soon as one meter is unpriced. */
  readonly charge_usd: number | null;
  readonly meters: readonly ChargedMeter[];
  readonly source: string | null;
  readonly as_of: string | null;
  readonly age_days: number | null;
  readonly unpriced: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/** `at` is a date, `2026-11-20`, or an instant with its zone, `2026-11-20T02:30Z`. */
export function charge(
  book: PriceBook,
  route: ChargedRoute,
  counts: ChargedCounts,
  at: string,
  options: PriceOptions = {},
): Charge {
  const { each, requests } = checkedCounts(counts);
  const { on, time_ms } = readTime(at);
  const name = `${route.seller}/${route.model}`;
  const card = rateCardOf(book, route.seller, route.model);
  const period = card && periodAt(card, on, options, name).period;
  const window = period && time_ms !== undefined ? windowAt(period, time_ms) : undefined;
  const cell: PriceCell = { ...route, band_from_tokens: promptTokens(each), window: window?.label };
  const table = priceTable(book, cell, on, options);

  const used = COUNT_METERS.filter(
    (meter) => each[meter] > 0 && !isBilledByTokens(meter, each, (of) => table.price(of)),
  );
  const quantities: [MeterId, number][] = used.map((meter) => [meter, each[meter] * requests]);
  if (requests > 0) quantities.push(['requests', requests]);
  const found = quantities.flatMap(([meter, quantity]) => {
    const price = table.price(meter);
    return price === undefined ? [] : [{ meter, quantity, price }];
  });
  const unpriced = [
    ...(period === undefined && used.length === 0 ? [`${name} has no price on ${on}`] : []),
    ...(used.length === 0 && requests > 0 ? [uncounted(period, name)].filter((reason) => reason !== undefined) : []),
    ...found.flatMap(({ price }) => ('unpriced' in price ? [price.unpriced] : [])),
  ];
  const meters = found.map(({ meter, quantity, price }): ChargedMeter => {
    const line = { meter, label: labelOf(meter), quantity };
    if ('unpriced' in price) return { ...line, usd_per_mtok: null, amount_usd: null, cell: price.unpriced };
    const { usd, per, cell } = price;
    const amount_usd = (quantity * usd) / per;
    if (isTokenMeter(meter)) return { ...line, usd_per_mtok: usd, amount_usd, cell };
    const fee = meter === 'requests' ? { usd_per_request: usd } : {};
    return { ...line, usd_per_mtok: null, ...fee, usd_per_unit: usd, per, amount_usd, cell };
  });
  const prices = found.flatMap(({ price }) => ('unpriced' in price ? [] : [price]));
  const source = [...new Set(prices.map((price) => price.source))].join('; ') || (card?.source ?? null);
  const as_of = prices.map((price) => price.as_of).sort()[0] ?? card?.as_of ?? null;
  return {
    charge_usd: unpriced.length > 0 ? null : sum(meters.map((line) => line.amount_usd ?? 0)),
    meters,
    source,
    as_of,
    age_days: as_of === null ? null : ageDays(as_of, on),
    unpriced: [...new Set(unpriced)],
    warnings: distinct([
      ...prices.flatMap((price) => price.warnings),
      ...(time_ms === undefined ? windowWarnings(period, route.tier, name) : []),
      ...allowancesIn(period, name),
    ]),
  };
}

/** The charge of usage as a client reports it; `inclusive` and `exclusive` are explained in decompose.ts. */
export const chargeReported = <C extends UsageConvention>(
  book: PriceBook,
  route: ChargedRoute,
  convention: C,
  usage: ReportedUsage[C],
  at: string,
  options: PriceOptions = {},
): Charge => charge(book, route, decompose(convention, usage), at, options);

/** What a month would take off and a single charge does not. */
export function allowancesIn(period: PricePeriod | undefined, name: string): Diagnostic[] {
  const quotas = (period?.free_quota ?? []).map(({ amount, meter, per }) => {
    const what = meter === 'requests' ? 'requests' : labelOf(meter).toLowerCase();
    return `${amount} ${what} free per ${per}`;
  });
  const steps = (period?.volume_discounts ?? []).map(({ above, measure, discount_fraction }) => {
    const unit = measure === 'tokens' ? 'tokens' : 'USD';
    return `${discount_fraction * 100} % off above ${above} ${unit} a month`;
  });
  const all = [...quotas, ...steps];
  if (all.length === 0) return [];
  return [notice('PRICE_ALLOWANCE', name, `not taken off here: ${all.join('; ')}`)];
}

function windowWarnings(period: PricePeriod | undefined, tier: ServiceTier, name: string): Diagnostic[] {
  if (tier !== 'standard') return [];
  return (period?.windows ?? []).map((window) => {
    const prices = Object.entries(window.usd_per_mtok).map(([key, usd]) => `${key} ${usd}`);
    const message = `base prices are used; other prices hold in ${windowInWords(window)}: ${prices.join(', ')} USD/Mtok`;
    return warning('PRICE_WINDOW', name, message);
  });
}

function checkedCounts({ requests = 1, ...given }: ChargedCounts): { each: Counts; requests: number } {
  const each = Object.fromEntries(COUNT_METERS.map((meter) => [meter, given[meter] ?? 0])) as Counts;
  const wrong = Object.entries({ ...each, requests }).filter(([, count]) => !Number.isSafeInteger(count) || count < 0);
  if (wrong.length > 0) {
    throw new InputError(
      wrong.map(([name, count]) => problem('CHARGE_COUNT', name, `${count} is no count; allowed are 0, 1, 2, …`)),
    );
  }
  return { each, requests };
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The UTC date of a date or instant, and the instant itself if it is one. */
export function readTime(at: string): { on: string; time_ms: number | undefined } {
  const time_ms = DATE.test(at) || INSTANT.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time_ms)) {
    const allowed = 'a date (2026-11-20) or an instant with its zone (2026-11-20T02:30Z)';
    throw inputError('CHARGE_TIME', 'at', `"${at}" is no time; allowed is ${allowed}`);
  }
  const on = new Date(time_ms).toISOString().slice(0, 10);
  return { on, time_ms: DATE.test(at) ? undefined : time_ms };
}

const distinct = (found: readonly Diagnostic[]): Diagnostic[] => [
  ...new Map(found.map((one) => [`${one.code} ${one.path} ${one.message}`, one])).values(),
];
