/**
 * The order in which a policy wants a request's routes tried, and under which failures each of them is entered.
 *
 * A policy pushes its candidates; one that other policies are nested in marks where each of its parts begins. Candidate j
 * may be entered after a failure at i when the failure is in `entry[j]` and the policy that asks for j was already on its
 * way at i, `start[j]` <= i: a nested policy can't be entered in its middle.
 *
 * Example: fallback(first: weighted(A, B), to: [C]) that drew B gives B, A, C with start 0, 0, 0.
 */
import type { Random } from '../random.ts';
import type { RoutingRequest } from './request.ts';
import type { RoutingState } from './state.ts';

/** A compiled policy: pushes routes in order. */
export interface Ordering {
  /** Candidates that it pushes at most. */
  readonly most: number;
  /** Whether the order depends on nothing but the assigned route, so that it can be kept. */
  readonly isFixed: boolean;
  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void;
}

/** Entered under any failure: first of all, or by the policy's own choice. */
export const ALWAYS = -1;

export class Order {
  length = 0;
  readonly routes: Int32Array;
  readonly entry: Int32Array;
  readonly start: Int32Array;
  /** 1: passed over when its seller stands before it within its policy. */
  readonly skipsSeller: Uint8Array;
  /** A batch or a request's own deadline takes the place of the time budget; 0: none. */
  deadline_ms = 0;

  constructor(most: number) {
    this.routes = new Int32Array(most);
    this.entry = new Int32Array(most);
    this.start = new Int32Array(most);
    this.skipsSeller = new Uint8Array(most);
  }

  push(route: number): void {
    const at = this.length++;
    this.routes[at] = route;
    this.entry[at] = ALWAYS;
    this.start[at] = at;
    this.skipsSeller[at] = 0;
  }

  /** Says that the part that begins at `at` is entered after `mask` by a policy that began at `start`. */
  mark(at: number, start: number, mask: number, skipsSeller = 0): void {
    if (at >= this.length || at === start) return;
    this.entry[at] = mask;
    this.start[at] = start;
    this.skipsSeller[at] = skipsSeller;
  }
}
