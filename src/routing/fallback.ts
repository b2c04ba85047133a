/**
 * A fallback chain: the parts in order, each entered after a failure of the set.
 *
 * A second route of a seller that stands before it is passed over unless the policy allows it: when a seller is down, its
 * models are down together (incidents of a seller's API and its other services overlap by more than nine tenths, those of
 * two sellers no more than by chance; atlarge-research incident data 2023-07 to 2025-01).
 *
 * Example: to [B of seller 1, C of seller 2] after A of seller 1 gives A, C. Not modelled: a fallback that is called before
 * the first has failed (hedging).
 */
import type { Random } from '../random.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import type { Part, Scope } from './scope.ts';
import { AssignedRoute } from './single.ts';
import type { RoutingState } from './state.ts';

export class Fallback implements Ordering {
  readonly most: number;
  readonly isFixed: boolean;
  readonly parts: readonly Ordering[];
  readonly mask: number;
  readonly skipsSeller: number;

  constructor(parts: readonly Ordering[], mask: number, skipsSeller = false) {
    this.parts = parts;
    this.mask = mask;
    this.skipsSeller = skipsSeller ? 1 : 0;
    this.isFixed = parts.every((part) => part.isFixed);
    this.most = parts.reduce((most, part) => most + part.most, 0);
  }

  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    const start = order.length;
    for (let i = 0; i < this.parts.length; i++) {
      const at = order.length;
      (this.parts[i] as Ordering).push(order, request, state, now_ms, random);
      order.mark(at, start, this.mask, this.skipsSeller);
    }
  }
}

const ASSIGNED: Part = { ordering: new AssignedRoute(), routes: [], takesAssigned: true };

/** Refuses a chain that names a route twice, falls back to itself, or to a route that it could never try. */
export function compileFallback(policy: PolicyOf<'fallback'>, scope: Scope): Part {
  const first = policy.first === undefined ? ASSIGNED : scope.at('first').target(policy.first);
  const rest = policy.to.map((name, i) => scope.at('to', i).target(name));
  const skips = policy.same_seller !== 'allow';
  rest.forEach((part, i) => {
    const at = scope.at('to', i);
    const [route] = part.routes;
    const isPlain = part.routes.length === 1 && !part.takesAssigned;
    if (!isPlain || route === undefined) return;
    const isSame = (other: Part): boolean =>
      other.routes.length === 1 && !other.takesAssigned && other.routes[0] === route;
    if (isSame(first)) at.problem('ROUTING_TO_ITSELF', `"${policy.to[i]}" falls back to itself`);
    else if (rest.slice(0, i).some(isSame)) at.problem('ROUTING_TWICE', `"${policy.to[i]}" stands here twice`);
    else if (skips && !first.takesAssigned && first.routes.length > 0) {
      const sellerOf = (one: number): string | undefined => {
        const { routes, routeNames } = scope.setting;
        return routes[routeNames[one] as string]?.seller;
      };
      if (first.routes.every((one) => sellerOf(one) === sellerOf(route)))
        at.problem(
          'ROUTING_SAME_SELLER',
          `"${policy.to[i]}" is never tried: its seller ${sellerOf(route)} has failed before it; write same_seller: allow`,
        );
    }
  });
  const parts = [first, ...rest];
  return {
    ordering: new Fallback(
      parts.map((part) => part.ordering),
      scope.mask(policy.on),
      skips,
    ),
    routes: parts.flatMap((part) => part.routes),
    takesAssigned: parts.some((part) => part.takesAssigned),
  };
}
