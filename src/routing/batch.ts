/**
 * Batch by deadline: a request that can wait as long as the batch tier may take goes there, the others don't.
 *
 *   to the batch if  deadline - now >= turnaround,  the deadline stated by the request or by its feature
 *
 * Example: turnaround 24 hours: a digest that is needed in 24 hours goes to the batch, one needed in 23 does not. A batch
 * that fails leaves the request to the other policy, until its deadline; that takes the place of the time budget.
 * A request that states no deadline is waited for. Not modelled: filling a batch, its price (the batch route has its own).
 */
import type { Random } from '../random.ts';
import { wholeMsOfHours } from './exact.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import { NOTHING, namedPart, type Part, type Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

export class Batch implements Ordering {
  readonly most: number;
  readonly isFixed = false;
  readonly batch: Ordering;
  readonly otherwise: Ordering;
  readonly turnaround_ms: number;
  /** By index of the feature; 0: its requests do not wait. */
  readonly waits_ms: Float64Array;
  readonly mask: number;

  constructor(batch: Ordering, otherwise: Ordering, turnaround_ms: number, waits_ms: Float64Array, mask: number) {
    this.batch = batch;
    this.otherwise = otherwise;
    this.turnaround_ms = turnaround_ms;
    this.waits_ms = waits_ms;
    this.mask = mask;
    this.most = batch.most + otherwise.most;
  }

  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    const start = order.length;
    const wait_ms = this.waits_ms[request.feature] ?? 0;
    const deadline_ms = request.deadline_ms > 0 ? request.deadline_ms : wait_ms > 0 ? now_ms + wait_ms : 0;
    if (deadline_ms > 0 && deadline_ms - now_ms >= this.turnaround_ms) {
      this.batch.push(order, request, state, now_ms, random);
      order.deadline_ms = deadline_ms;
    }
    const at = order.length;
    this.otherwise.push(order, request, state, now_ms, random);
    order.mark(at, start, this.mask);
  }
}

/** Refuses a route that is not of the batch tier: it would be paid in full while requests wait. */
export function compileBatch(policy: PolicyOf<'batch'>, scope: Scope): Part {
  const { names, routes, routeNames } = scope.setting;
  const route = scope.at('to').route(policy.to);
  const tier = routes[routeNames[route] ?? '']?.tier;
  if (route >= 0 && tier !== 'batch')
    scope
      .at('to')
      .problem('ROUTING_BATCH', `"${policy.to}" is of the tier ${tier}; expected a route of the tier batch`);
  const batch = route < 0 ? NOTHING : namedPart(route);
  const otherwise = scope.at('otherwise').target(policy.otherwise);
  const waits = Object.entries(policy.deadlines ?? {}).map(
    ([feature, wait]) => [names.index('feature', feature), wholeMsOfHours(wait)] as const,
  );
  const waits_ms = new Float64Array(1 + Math.max(0, ...waits.map(([index]) => index)));
  for (const [index, wait_ms] of waits) waits_ms[index] = wait_ms;
  return {
    ordering: new Batch(
      batch.ordering,
      otherwise.ordering,
      wholeMsOfHours(policy.turnaround),
      waits_ms,
      scope.mask(policy.on),
    ),
    routes: [...batch.routes, ...otherwise.routes],
    takesAssigned: otherwise.takesAssigned,
  };
}
