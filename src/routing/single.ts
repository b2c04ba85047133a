/** One route: a named one, or the one that the request was assigned to. */
import type { Order, Ordering } from './order.ts';
import type { RoutingRequest } from './request.ts';

export class NamedRoute implements Ordering {
  readonly most = 1;
  readonly isFixed = true;
  readonly route: number;

  constructor(route: number) {
    this.route = route;
  }

  push(order: Order): void {
    order.push(this.route);
  }
}

/** Nothing is pushed for a request that was assigned to none. */
export class AssignedRoute implements Ordering {
  readonly most = 1;
  readonly isFixed = true;

  push(order: Order, request: RoutingRequest): void {
    if (request.route >= 0) order.push(request.route);
  }
}
