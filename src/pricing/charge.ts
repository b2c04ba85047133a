/**
 * The charge of one request, or of so many identical ones, meter by meter.
 *
 *   amount = tokens x requests x USD per million tokens / 1,000,000, one multiplication by the price for each meter
 *
 * The prompt's size (input, cache read and cache write tokens of one request) decides which prices hold for all of the
 * request. At an instant the time windows apply; at a date the base prices do, with a warning that shows the window.
 *
 * Example: 250,000 input and 1,000 output tokens at 3/15, and 6/30 above 200,000: 1.50 + 0.03 = 1.53 USD. Flat prices
 * would give 0.765, pricing only the tokens above the cliff 0.915; both are wrong.
 * Not modelled: web searches and cache storage, which a card may list, since no count of them is given.
 */
import { type Diagnostic, InputError, inputError, problem, warning } from '../errors.ts';
import { METERS, promptTokens, type ServiceTier, TOKEN_METERS, type TokenCounts } from '../meters.ts';
import { sum, TOKENS_PER_MTOK } from '../units.ts';
import { ageDays, periodAt } from './as-of.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import { windowAt, windowInWords } from './price-window.ts';
import type { PricePeriod } from './rate-card.ts';
import { type PriceCell, type PriceOptions, unitPrice } from './unit-price.ts';

export interface ChargedRoute {
  readonly seller: string;
  readonly model: string;
  readonly tier: ServiceTier;
}

/** Counts of one request; `requests` is how many there are of it, by default 1. */
export type ChargedCounts = Partial<TokenCounts> & { readonly requests?: number | undefined };

export interface ChargedMeter {
  readonly meter: string;
  readonly label: string;
  /** Tokens or requests, over all requests. */
  readonly quantity: number;
  /** Null where unpriced, and for requests, which are priced each. */
  readonly usd_per_mtok: number | null;
  readonly usd_per_request?: number;
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
  const { tokens, requests } = checkedCounts(counts);
  const { on, time_ms } = readTime(at);
  const name = `${route.seller}/${route.model}`;
  const card = rateCardOf(book, route.seller, route.model);
  const period = card && periodAt(card, on, options, name).period;
  const window = period && time_ms !== undefined ? windowAt(period, time_ms) : undefined;
  const cell: PriceCell = { ...route, band_from_tokens: promptTokens(tokens), window: window?.label };

  const priced = TOKEN_METERS.filter((meter) => tokens[meter] > 0).map((meter) => {
    const price = unitPrice(book, cell, meter, on, options);
    const quantity = tokens[meter] * requests;
    return { meter, label: METERS[meter].label, quantity, price };
  });
  const meters = [
    ...priced.map(({ price, ...line }): ChargedMeter => {
      if ('unpriced' in price) return { ...line, usd_per_mtok: null, amount_usd: null, cell: price.unpriced };
      const { usd_per_mtok } = price;
      return { ...line, usd_per_mtok, amount_usd: (line.quantity * usd_per_mtok) / TOKENS_PER_MTOK, cell: price.cell };
    }),
    ...requestMeter(period, requests, name),
  ];
  const unpriced = [
    ...(period === undefined && priced.length === 0 ? [`${name} has no price on ${on}`] : []),
    ...priced.flatMap(({ price }) => ('unpriced' in price ? [price.unpriced] : [])),
  ];
  const used = priced.flatMap(({ price }) => ('unpriced' in price ? [] : [price]));
  const source = [...new Set(used.map((price) => price.source))].join('; ') || (card?.source ?? null);
  const as_of = used.map((price) => price.as_of).sort()[0] ?? card?.as_of ?? null;
  return {
    charge_usd: unpriced.length > 0 ? null : sum(meters.map((line) => line.amount_usd ?? 0)),
    meters,
    source,
    as_of,
    age_days: as_of === null ? null : ageDays(as_of, on),
    unpriced: [...new Set(unpriced)],
    warnings: distinct([
      ...used.flatMap((price) => price.warnings),
      ...(time_ms === undefined ? windowWarnings(period, route.tier, name) : []),
    ]),
  };
}

/** What the card bills for each request beside tokens. */
function requestMeter(period: PricePeriod | undefined, requests: number, name: string): ChargedMeter[] {
  const usd_per_request = period?.usd_per_request;
  if (usd_per_request === undefined || requests === 0) return [];
  return [
    {
      meter: 'requests',
      label: 'Requests',
      quantity: requests,
      usd_per_mtok: null,
      usd_per_request,
      amount_usd: requests * usd_per_request,
      cell: `${name} request`,
    },
  ];
}

function windowWarnings(period: PricePeriod | undefined, tier: ServiceTier, name: string): Diagnostic[] {
  if (tier !== 'standard') return [];
  return (period?.windows ?? []).map((window) => {
    const prices = Object.entries(window.usd_per_mtok).map(([key, usd]) => `${key} ${usd}`);
    const message = `base prices are used; other prices hold in ${windowInWords(window)}: ${prices.join(', ')} USD/Mtok`;
    return warning('PRICE_WINDOW', name, message);
  });
}

function checkedCounts({ requests = 1, ...given }: ChargedCounts): { tokens: TokenCounts; requests: number } {
  const tokens = Object.fromEntries(TOKEN_METERS.map((meter) => [meter, given[meter] ?? 0])) as TokenCounts;
  const wrong = Object.entries({ ...tokens, requests }).filter(
    ([, count]) => !Number.isSafeInteger(count) || count < 0,
  );
  if (wrong.length > 0) {
    throw new InputError(
      wrong.map(([name, count]) => problem('CHARGE_COUNT', name, `${count} is no count; allowed are 0, 1, 2, …`)),
    );
  }
  return { tokens, requests };
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
