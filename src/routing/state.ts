/**
 * All that routing remembers between requests, as plain data: health, breakers, latencies, prices, retry tokens, budgets.
 *
 * Every change of it is a function of the state, an event and the instant, so that a live run and a replay can be compared
 * step by step: two states that saw the same events are equal as JSON. What a request under way holds is in its cursor.
 */
import { type BreakerState, createBreakerState } from './breaker.ts';
import { type BudgetState, type Calendar, createBudgetState, createCalendar } from './budget.ts';
import { createRetryBucket, type RetryBucket, type RetryBudgetRule } from './retry-budget.ts';
import { createRoutePrices, type RoutePrice, type RoutePrices } from './route-price.ts';

export interface RoutingState {
  /** 1: marked down from outside (a health check, an operator, a known outage): never tried, not even as a last resort. */
  readonly down: Uint8Array;
  readonly breaker: BreakerState;
  /** Moving average of answers' latency, milliseconds; begins at the stated median; -1: not known. */
  readonly latency_ms: Float64Array;
  readonly prices: RoutePrices;
  readonly retry_bucket: RetryBucket;
  readonly budgets: readonly BudgetState[];
  readonly calendar: Calendar;
}

/** What a compiled policy says about the state that it needs. */
export interface StateShape {
  readonly routes: readonly string[];
  readonly latency_ms: readonly number[];
  readonly prices: readonly (RoutePrice | undefined)[];
  readonly retryBudget: RetryBudgetRule | undefined;
  readonly budgets: readonly unknown[];
}

export const createRoutingState = (shape: StateShape): RoutingState => ({
  down: new Uint8Array(shape.routes.length),
  breaker: createBreakerState(shape.routes.length),
  latency_ms: Float64Array.from(shape.latency_ms),
  prices: createRoutePrices(shape.prices),
  retry_bucket: createRetryBucket(shape.retryBudget),
  budgets: shape.budgets.map(createBudgetState),
  calendar: createCalendar(),
});

export function setDown(state: RoutingState, route: number, down: boolean): void {
  state.down[route] = down ? 1 : 0;
}

/** Takes an answer's latency into the route's moving average. */
export function learnLatency(latency_ms: Float64Array, route: number, found_ms: number, weight: number): void {
  const known = latency_ms[route] as number;
  latency_ms[route] = known < 0 ? found_ms : known + weight * (found_ms - known);
}

type Json = number | readonly Json[] | { readonly [key: string]: Json };

/** The state as JSON: typed arrays become lists. */
export const stateToJson = (state: RoutingState): Json => plain(state);

/** The state that this JSON was taken of; both from policies of the same shape. */
export function stateFromJson(shape: StateShape, json: Json): RoutingState {
  return restored(createRoutingState(shape), json, 'state') as RoutingState;
}

function plain(value: unknown): Json {
  if (typeof value === 'number') return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, plain(member)]));
}

function restored(blank: unknown, json: Json | undefined, path: string): unknown {
  if (json === undefined) throw new Error(`${path} is missing in the saved state`);
  if (typeof blank === 'number') return json;
  if (blank instanceof Float64Array) return Float64Array.from(json as number[]);
  if (blank instanceof Int32Array) return Int32Array.from(json as number[]);
  if (blank instanceof Uint8Array) return Uint8Array.from(json as number[]);
  if (Array.isArray(blank)) return blank.map((one, i) => restored(one, (json as Json[])[i], `${path}[${i}]`));
  return Object.fromEntries(
    Object.entries(blank as object).map(([key, one]) => [
      key,
      restored(one, (json as Record<string, Json>)[key], `${path}.${key}`),
    ]),
  );
}
