/**
 * The fastest route: lowest moving average of latency, drawn alike among those within a band of the fastest.
 *
 *   in the band:  latency <= fastest x (1 + tie band), over the routes that may be tried now
 *   average after an answer:  a + weight x (latency - a), from the stated median or the first answer on
 *
 * Example: 100, 108 and 150 ms with a band of 10 %: the first two are drawn alike, the third comes after them. The band
 * keeps a herd from jumping between routes that differ by noise. A share of requests explores a route at random, so that one
 * that was slow once is measured again; a route that is not known at all counts as 0 ms and is tried soon.
 * One draw per request. Source: exponentially weighted moving average, as in Finagle's and Envoy's balancers.
 * Not modelled: latency by prompt size, peak-sensitive averages, requests under way.
 */
import type { Random } from '../random.ts';
import { admission, BLOCKED } from './breaker.ts';
import { pushAscending } from './cost-aware.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import type { Part, Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

export class LatencyAware implements Ordering {
  readonly most: number;
  readonly isFixed = false;
  readonly routes: Int32Array;
  readonly tieBand: number;
  readonly explore: number;
  readonly mask: number;
  readonly #scores: Float64Array;
  readonly #isOpen: Uint8Array;

  constructor(routes: readonly number[], tieBand: number, explore: number, mask: number) {
    this.routes = Int32Array.from(routes);
    this.tieBand = tieBand;
    this.explore = explore;
    this.mask = mask;
    this.most = routes.length;
    this.#scores = new Float64Array(routes.length);
    this.#isOpen = new Uint8Array(routes.length);
  }

  push(order: Order, _request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    const start = order.length;
    const u = random.uniform();
    const count = this.routes.length;
    let fastest = Number.POSITIVE_INFINITY;
    let available = 0;
    for (let i = 0; i < count; i++) {
      const route = this.routes[i] as number;
      const latency = Math.max(0, state.latency_ms[route] as number);
      const isOpen = state.down[route] === 1 || admission(state.breaker, route, now_ms) === BLOCKED;
      this.#scores[i] = latency;
      this.#isOpen[i] = isOpen ? 1 : 0;
      if (isOpen) continue;
      available++;
      if (latency < fastest) fastest = latency;
    }
    if (available > 0) {
      const first =
        u < this.explore
          ? this.#nth(Math.floor((u / this.explore) * available), Number.POSITIVE_INFINITY)
          : this.#within(fastest * (1 + this.tieBand), (u - this.explore) / (1 - this.explore));
      order.push(this.routes[first] as number);
      this.#scores[first] = Number.POSITIVE_INFINITY;
    }
    pushAscending(order, this.routes, this.#scores, this.mask, start);
  }

  /** One of the routes up to a latency, by a uniform number. */
  #within(most_ms: number, u: number): number {
    let count = 0;
    for (let i = 0; i < this.routes.length; i++)
      if (this.#isOpen[i] === 0 && (this.#scores[i] as number) <= most_ms) count++;
    return this.#nth(Math.min(count - 1, Math.floor(u * count)), most_ms);
  }

  #nth(n: number, most_ms: number): number {
    let left = n;
    for (let i = 0; i < this.routes.length; i++)
      if (this.#isOpen[i] === 0 && (this.#scores[i] as number) <= most_ms && left-- === 0) return i;
    throw new Error(`there are no ${n + 1} routes up to ${most_ms} ms`);
  }
}

export function compileLatencyAware(policy: PolicyOf<'latency_aware'>, scope: Scope): Part {
  const routes = scope.at('of').routesOf(policy.of);
  const { tie_band, explore, on } = policy;
  return {
    ordering: new LatencyAware(routes, tie_band.central, explore.central, scope.mask(on)),
    routes,
    takesAssigned: false,
  };
}
