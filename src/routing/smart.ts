/**
 * Smart routing: requests that are simple enough go to a cheaper route, a share of them or all.
 *
 *   simple:   the conditions on feature and prompt size hold
 *   taken:    u < share, one draw per simple request where the share is below 1
 *   worth it: cost(otherwise) - cost(cheaper) >= quality value x (quality(otherwise) - quality(cheaper)), where it is given
 *
 * Example: costs 0.006 and 0.001 USD, qualities 0.9 and 0.8, a quality of 1 worth 0.04 USD/request: saves 0.005, gives up
 * 0.004, so the cheaper takes it; at 0.06 USD it does not. A cheaper route that fails leaves the request to the other.
 * Not modelled: judging a prompt by its text, answers that are judged and asked again.
 */
import type { Random } from '../random.ts';
import { type Conditions, compileConditions } from './conditional.ts';
import { reaches } from './cost-aware.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import { estimate, NANO_USD, UNPRICED } from './route-price.ts';
import type { Part, Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

/** What the quality that is given up is worth, and the two routes that are compared. */
export interface Worth {
  readonly cheaper: number;
  readonly otherwise: number;
  readonly lost_nano_usd: number;
}

export class Smart implements Ordering {
  readonly most: number;
  readonly isFixed = false;
  readonly cheaper: Ordering;
  readonly otherwise: Ordering;
  readonly simple: Conditions;
  readonly share: number;
  readonly worth: Worth | undefined;
  readonly mask: number;

  constructor(
    cheaper: Ordering,
    otherwise: Ordering,
    simple: Conditions,
    share: number,
    worth: Worth | undefined,
    mask: number,
  ) {
    this.cheaper = cheaper;
    this.otherwise = otherwise;
    this.simple = simple;
    this.share = share;
    this.worth = worth;
    this.mask = mask;
    this.most = cheaper.most + otherwise.most;
  }

  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    const start = order.length;
    const isDrawn = this.simple.hold(request) && (this.share >= 1 || random.uniform() < this.share);
    if (isDrawn && isWorthIt(this.worth, request, state)) this.cheaper.push(order, request, state, now_ms, random);
    const at = order.length;
    this.otherwise.push(order, request, state, now_ms, random);
    order.mark(at, start, this.mask);
  }
}

/** A route without a price can't be said to save anything. */
function isWorthIt(worth: Worth | undefined, request: RoutingRequest, state: RoutingState): boolean {
  if (worth === undefined) return true;
  const { prompt_tokens, output_tokens } = request;
  const cheaper = estimate(state.prices, worth.cheaper, prompt_tokens, output_tokens);
  const otherwise = estimate(state.prices, worth.otherwise, prompt_tokens, output_tokens);
  return cheaper !== UNPRICED && otherwise !== UNPRICED && otherwise - cheaper >= worth.lost_nano_usd;
}

export function compileSmart(policy: PolicyOf<'smart'>, scope: Scope): Part {
  const cheaper = scope.at('cheaper').target(policy.cheaper);
  const otherwise = scope.at('otherwise').target(policy.otherwise);
  const floor = policy.quality_floor?.central;
  if (floor !== undefined) checkFloor(cheaper, floor, scope);
  return {
    ordering: new Smart(
      cheaper.ordering,
      otherwise.ordering,
      compileConditions(policy.simple ?? {}, scope.at('simple')),
      policy.share.central,
      policy.quality_value === undefined ? undefined : worthOf(policy.quality_value.central, cheaper, otherwise, scope),
      scope.mask(policy.on),
    ),
    routes: [...cheaper.routes, ...otherwise.routes],
    takesAssigned: cheaper.takesAssigned || otherwise.takesAssigned,
  };
}

function checkFloor(cheaper: Part, floor: number, scope: Scope): void {
  const { quality, routeNames } = scope.setting;
  const at = scope.at('cheaper');
  if (cheaper.takesAssigned)
    at.problem('ROUTING_QUALITY', 'a quality floor needs named routes; the assigned route can be any');
  for (const route of new Set(cheaper.routes))
    if (!reaches(route, floor, at) && quality[route] !== undefined)
      at.problem(
        'ROUTING_QUALITY',
        `"${routeNames[route]}" has a quality of ${quality[route]}, below the floor ${floor}`,
      );
}

/** A quality has a value between two routes whose qualities and prices are known. */
function worthOf(value_usd: number, cheaper: Part, otherwise: Part, scope: Scope): Worth | undefined {
  const { quality, prices, routeNames } = scope.setting;
  const [low, high] = [cheaper, otherwise].map((part, i) => {
    const at = scope.at(i === 0 ? 'cheaper' : 'otherwise');
    const [route] = part.routes;
    if (part.takesAssigned || part.routes.length > 1)
      at.problem('ROUTING_QUALITY', 'a quality value compares two routes; expected one route here, not a policy');
    if (route === undefined) return undefined;
    if (quality[route] === undefined)
      at.problem(
        'ROUTING_QUALITY',
        `"${routeNames[route]}" has no quality under \`quality\`, which a quality value needs`,
      );
    if (prices[route] === undefined) at.problem('ROUTING_UNPRICED', `"${routeNames[route]}" has no price to compare`);
    return route;
  });
  if (low === undefined || high === undefined) return undefined;
  const lost = ((quality[high] ?? 0) - (quality[low] ?? 0)) * value_usd;
  return { cheaper: low, otherwise: high, lost_nano_usd: lost * NANO_USD };
}
