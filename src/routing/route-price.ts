/**
 * What a request would cost on a route, in nano-dollars: to compare routes and to reserve on budgets, not to bill.
 *
 *   nano-USD = prompt tokens x input price + output tokens x output price;  1 USD/Mtok = 1,000 nano-USD/token
 *
 * Example: 1,000 prompt and 200 output tokens at 3 and 15 USD/Mtok: 1,000 x 3,000 + 200 x 15,000 = 6,000,000 nano-USD =
 * 0.006 USD. A price that is not known is -1 and no estimate is made: unpriced is never 0.
 * Not modelled: cached tokens, tiers, bands and every other condition of a rate card; the caller gives one price per side.
 */
export interface RoutePrice {
  readonly input_usd_per_mtok: number;
  readonly output_usd_per_mtok: number;
}

export interface RoutePrices {
  readonly input_nano_usd_per_token: Float64Array;
  readonly output_nano_usd_per_token: Float64Array;
}

/** Nano-dollars in a dollar. */
export const NANO_USD = 1_000_000_000;
const NANO_USD_PER_TOKEN = NANO_USD / 1_000_000;
export const UNPRICED = -1;

export const createRoutePrices = (prices: readonly (RoutePrice | undefined)[]): RoutePrices => ({
  input_nano_usd_per_token: Float64Array.from(prices, (price) => nano(price?.input_usd_per_mtok)),
  output_nano_usd_per_token: Float64Array.from(prices, (price) => nano(price?.output_usd_per_mtok)),
});

/** Prices change on a date: from now on this one holds, or none. */
export function setRoutePrice(prices: RoutePrices, route: number, price: RoutePrice | undefined): void {
  prices.input_nano_usd_per_token[route] = nano(price?.input_usd_per_mtok);
  prices.output_nano_usd_per_token[route] = nano(price?.output_usd_per_mtok);
}

const nano = (usd_per_mtok: number | undefined): number =>
  usd_per_mtok === undefined ? UNPRICED : usd_per_mtok * NANO_USD_PER_TOKEN;

/** Nano-dollars, not rounded; UNPRICED where a side has no price. */
export function estimate(prices: RoutePrices, route: number, prompt_tokens: number, output_tokens: number): number {
  const input = prices.input_nano_usd_per_token[route] as number;
  const output = prices.output_nano_usd_per_token[route] as number;
  return input < 0 || output < 0 ? UNPRICED : prompt_tokens * input + output_tokens * output;
}
