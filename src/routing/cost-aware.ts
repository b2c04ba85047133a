/**
 * The cheapest route that is good enough: routes by what this request would cost on them, cheapest first.
 *
 *   cost = prompt tokens x input price + expected output tokens x output price
 *
 * Example: for 1,000 prompt and 1,000 output tokens a route at 2 and 2 USD/Mtok (0.004 USD) goes before one at 1 and 4
 * (0.005 USD); for 1,000 and 100 it is the other way round (0.0022 and 0.0014 USD). Equal costs keep the listed order. The
 * quality floor is applied when the policy is compiled, health when a route is entered. A route that has lost its price is
 * left out: unpriced is never 0.
 * Not modelled: prices that depend on the cache, the hour or the tier, beyond the one price that the caller gives.
 */
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import { estimate, UNPRICED } from './route-price.ts';
import type { Part, Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

export class CostAware implements Ordering {
  readonly most: number;
  readonly isFixed = false;
  readonly routes: Int32Array;
  readonly mask: number;
  readonly #costs: Float64Array;

  constructor(routes: readonly number[], mask: number) {
    this.routes = Int32Array.from(routes);
    this.mask = mask;
    this.most = routes.length;
    this.#costs = new Float64Array(routes.length);
  }

  push(order: Order, request: RoutingRequest, state: RoutingState): void {
    const costs = this.#costs;
    for (let i = 0; i < costs.length; i++) {
      const cost = estimate(state.prices, this.routes[i] as number, request.prompt_tokens, request.output_tokens);
      costs[i] = cost === UNPRICED ? Number.POSITIVE_INFINITY : cost;
    }
    pushAscending(order, this.routes, costs, this.mask, order.length);
  }
}

/** Pushes routes by rising score, in listed order where scores are equal; those of infinite score not at all. */
export function pushAscending(
  order: Order,
  routes: Int32Array,
  scores: Float64Array,
  mask: number,
  start: number,
): void {
  for (;;) {
    let best = -1;
    let lowest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < scores.length; i++) {
      if ((scores[i] as number) >= lowest) continue;
      best = i;
      lowest = scores[i] as number;
    }
    if (best < 0) return;
    scores[best] = Number.POSITIVE_INFINITY;
    const at = order.length;
    order.push(routes[best] as number);
    order.mark(at, start, mask);
  }
}

/** Refuses routes without a price, and without a quality where a floor is given: neither is guessed. */
export function compileCostAware(policy: PolicyOf<'cost_aware'>, scope: Scope): Part {
  const { prices, routeNames } = scope.setting;
  const routes = scope.at('of').routesOf(policy.of);
  for (const route of routes)
    if (prices[route] === undefined)
      scope.at('of').problem('ROUTING_UNPRICED', `"${routeNames[route]}" has no price to compare`);
  const floor = policy.quality_floor?.central;
  const goodEnough = floor === undefined ? routes : routes.filter((route) => reaches(route, floor, scope.at('of')));
  if (goodEnough.length === 0 && routes.some((route) => scope.setting.quality[route] !== undefined))
    scope.at('quality_floor').problem('ROUTING_QUALITY', `no route reaches a quality of ${floor}`);
  return { ordering: new CostAware(goodEnough, scope.mask(policy.on)), routes: goodEnough, takesAssigned: false };
}

/** Whether a route's quality reaches a floor; one that is not known is a problem. */
export function reaches(route: number, floor: number, scope: Scope): boolean {
  const { quality, routeNames } = scope.setting;
  const found = quality[route];
  if (found !== undefined) return found >= floor;
  scope.problem(
    'ROUTING_QUALITY',
    `"${routeNames[route]}" has no quality under \`quality\`, which a quality floor needs`,
  );
  return false;
}
