/**
 * What the configuration makes of the names that clients ask for: each leads to a compiled policy, all of which share one
 * state of breakers, latencies and budgets, and one list of names. A name of a route assigns the request to it and leaves
 * the rest to `routing.policy`; a name of a policy asks for that policy.
 *
 * Routes that speak another API, whose key is missing, or of the batch tier, which nobody waits for, are marked down for a
 * request and so passed over.
 */
import { didYouMean } from '../nearest.ts';
import { type CompiledRouting, compileRouting } from '../routing/compile.ts';
import { Cursor } from '../routing/cursor.ts';
import type { PolicyLuck } from '../routing/luck.ts';
import { DIMENSIONS, type Dimension, Names, UNSTATED } from '../routing/names.ts';
import { createRequest, type RoutingRequest, UNASSIGNED } from '../routing/request.ts';
import { createRoutePrices, type RoutePrice, setRoutePrice } from '../routing/route-price.ts';
import { createRoutingState, type RoutingState } from '../routing/state.ts';
import { MS_PER_DAY } from '../units.ts';
import { ApiError } from './api-error.ts';
import { carriedOver } from './carry-over.ts';
import { type RouterConfig, UPSTREAM_APIS, type UpstreamApi } from './config.ts';
import type { Operation } from './operations.ts';
import type { Prices } from './prices.ts';
import type { JsonObject } from './reported-usage.ts';

/** Users and features that are told apart; later ones count as not stated, so that names can't fill the memory. */
const MOST_NAMES = 100_000;

export interface Target {
  readonly compiled: CompiledRouting;
  /** The route that the request is assigned to. */
  readonly route: number;
}

export class RouteTable {
  readonly config: RouterConfig;
  readonly compiled: CompiledRouting;
  readonly state: RoutingState;
  /** Names that clients may ask for, in order. */
  readonly models: ReadonlyMap<string, Target>;
  readonly names: Names;
  readonly #known = new Map<Dimension, Set<string>>();
  readonly #states: Readonly<Record<UpstreamApi, RoutingState>>;
  /** Which routes speak an API, whether there is a key for them or not. */
  readonly #serves: Readonly<Record<UpstreamApi, readonly boolean[]>>;
  readonly #prices: Prices;
  #day: number;
  /** Of the day. */
  #inputPrices: RoutingState['prices'] | undefined;

  /** @param before the table whose place this one takes: what it knew of routes and budgets goes on to hold */
  constructor(config: RouterConfig, keyless: ReadonlySet<string>, prices: Prices, now_ms: number, before?: RouteTable) {
    const names = before?.names ?? new Names();
    this.config = config;
    this.names = names;
    this.#prices = prices;
    this.#day = Math.floor(now_ms / MS_PER_DAY);
    const { routes, routing } = config;
    const facts = { routes, prices: prices.routePrices(dayOf(now_ms)), names };
    this.compiled = compileRouting(routing, facts);
    this.models = targetsOf(config, this.compiled, (policy) => compileRouting({ ...routing, policy }, facts));
    this.knowNames();
    const fresh = createRoutingState(this.compiled);
    this.state = before === undefined ? fresh : carriedOver(fresh, this, before);
    const serves = (api: UpstreamApi): boolean[] =>
      this.compiled.routes.map((name) => {
        const { seller, tier } = routes[name]!;
        return tier !== 'batch' && config.upstreams[seller]!.api === api;
      });
    this.#serves = { openai: serves('openai'), anthropic: serves('anthropic') };
    const downFor = (api: UpstreamApi): Uint8Array =>
      Uint8Array.from(this.compiled.routes, (name, route) =>
        this.#serves[api][route] && !keyless.has(routes[name]!.seller) ? 0 : 1,
      );
    this.#states = Object.fromEntries(
      UPSTREAM_APIS.map((api) => [api, { ...this.state, down: downFor(api) }]),
    ) as Record<UpstreamApi, RoutingState>;
  }

  /** Takes up names that others have put into the list. */
  knowNames(): void {
    for (const [dimension, list] of Object.entries(this.names.toJson()))
      this.#known.set(dimension as Dimension, new Set(list));
  }

  /** Throws an ApiError for a name that is not known, or not to this client. */
  target(model: string, allowed: readonly string[] | undefined): Target {
    const found = this.models.get(model);
    if (found !== undefined && (allowed === undefined || allowed.includes(model))) return found;
    const known = allowed ?? [...this.models.keys()];
    throw new ApiError({
      status: 404,
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
      message: `there is no model "${model.slice(0, 100)}" here${didYouMean(model.slice(0, 100), known)}`,
    });
  }

  /** A walk through the attempts of one request. */
  cursor(target: Target, operation: Operation, asked: JsonObject, { policy, jitter }: PolicyLuck): Cursor {
    const state = this.#states[operation.api];
    const prices = this.#pricesOf(operation, asked);
    return new Cursor(target.compiled, prices === undefined ? state : { ...state, prices }, policy, jitter);
  }

  /** What policies compare and budgets reserve, where it is no chat; undefined: the routes' prices per token. */
  #pricesOf({ name, makesImages }: Operation, { quality, size }: JsonObject): RoutingState['prices'] | undefined {
    if (name === 'embeddings') {
      this.#inputPrices ??= this.#columns(this.#prices.inputPrices(this.#on));
      return this.#inputPrices;
    }
    if (!makesImages) return undefined;
    const stated = (one: unknown): string | undefined => (typeof one === 'string' ? one : undefined);
    return this.#columns(this.#prices.imagePrices(this.#on, { quality: stated(quality), size: stated(size) }));
  }

  get #on(): string {
    return dayOf(this.#day * MS_PER_DAY);
  }

  #columns(prices: Readonly<Record<string, RoutePrice>>): RoutingState['prices'] {
    return createRoutePrices(this.compiled.routes.map((name) => prices[name]));
  }

  /** Whether any route of an order speaks this API, in use or not. */
  speaks(order: readonly number[], api: UpstreamApi): boolean {
    return order.some((route) => this.#serves[api][route] === true);
  }

  request(target: Target, named: Partial<Record<Dimension, string | undefined>>): RoutingRequest {
    const request = createRequest(target.compiled.metadata.length);
    request.route = target.compiled.takesAssigned ? target.route : UNASSIGNED;
    for (const dimension of DIMENSIONS) request[dimension] = this.#index(dimension, named[dimension]);
    return request;
  }

  /** Index of a value of the request's metadata, by the policy's key. */
  metadataIndex(key: string, value: unknown): number {
    return typeof value === 'string' ? this.#index(`metadata.${key}` as Dimension, value) : UNSTATED;
  }

  /** Takes up the prices of a new day. */
  refreshPrices(now_ms: number): void {
    const day = Math.floor(now_ms / MS_PER_DAY);
    if (day <= this.#day) return;
    this.#day = day;
    this.#inputPrices = undefined;
    const prices = this.#prices.routePrices(dayOf(now_ms));
    for (const [route, name] of this.compiled.routes.entries()) setRoutePrice(this.state.prices, route, prices[name]);
  }

  #index(dimension: Dimension, name: string | undefined): number {
    if (name === undefined) return UNSTATED;
    let known = this.#known.get(dimension);
    if (known === undefined) {
      known = new Set();
      this.#known.set(dimension, known);
    }
    if (!known.has(name)) {
      if (known.size >= MOST_NAMES) return UNSTATED;
      known.add(name);
    }
    return this.names.index(dimension, name);
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function targetsOf(
  { routes, routing, models }: RouterConfig,
  compiled: CompiledRouting,
  compile: (policy: string) => CompiledRouting,
): Map<string, Target> {
  const targets = new Map<string, Target>();
  const byName = new Map<string, number>();
  compiled.routes.forEach((name, route) => {
    const { seller, model } = routes[name]!;
    for (const one of [`${seller}/${model}`, name]) byName.set(one, route);
  });
  for (const [name, to] of Object.entries(models)) {
    const route = byName.get(to);
    const isPolicy = Object.hasOwn(routing.policies, to);
    targets.set(name, isPolicy ? { compiled: compile(to), route: UNASSIGNED } : { compiled, route: route! });
  }
  for (const [name, route] of byName) if (!targets.has(name)) targets.set(name, { compiled, route });
  return targets;
}
