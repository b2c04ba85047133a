/**
 * A draw by weight; the parts that were not drawn follow in drawn order, without replacement.
 *
 *   part i is first with probability w_i / sum of w
 *
 * One uniform draw u serves the whole order: where it falls within a part's share is uniform again, and independent of the
 * part. So every request takes one draw from the stream, however many parts fail, and a later request is not moved by an
 * earlier failure. Example: weights 3 and 1, u = 0.9: the second is first.
 * A part of weight 0 is never drawn while another is left: it is a last fallback. Not modelled: sessions that stick.
 */
import type { Random } from '../random.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import type { Part, Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

export class Weighted implements Ordering {
  readonly most: number;
  readonly parts: readonly Ordering[];
  readonly weights: Float64Array;
  readonly total: number;
  readonly mask: number;
  readonly #left: Uint8Array;

  constructor(parts: readonly Ordering[], weights: readonly number[], mask: number) {
    this.parts = parts;
    this.weights = Float64Array.from(weights);
    this.total = weights.reduce((a, b) => a + b, 0);
    this.mask = mask;
    this.most = parts.reduce((most, part) => most + part.most, 0);
    this.#left = new Uint8Array(parts.length);
  }

  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    const start = order.length;
    const count = this.parts.length;
    const left = this.#left;
    left.fill(1);
    let total = this.total;
    let u = random.uniform();
    for (let drawn = 0; drawn < count; drawn++) {
      const i = this.#draw(u * total);
      const weight = this.weights[i] as number;
      left[i] = 0;
      u = weight > 0 ? Math.min(Math.max((u * total - this.#before(i)) / weight, 0), 1 - 2 ** -53) : u;
      total -= weight;
      const at = order.length;
      (this.parts[i] as Ordering).push(order, request, state, now_ms, random);
      order.mark(at, start, this.mask);
    }
  }

  /** The part that is left within whose share `x` falls; by rounding past the end, the last that has a weight. */
  #draw(x: number): number {
    let last = -1;
    let below = 0;
    for (let i = 0; i < this.parts.length; i++) {
      if (this.#left[i] === 0) continue;
      const weight = this.weights[i] as number;
      below += weight;
      if (x < below) return i;
      if (last < 0 || weight > 0) last = i;
    }
    return last;
  }

  /** Weight of the parts that are left and stand before part `i`. */
  #before(i: number): number {
    let below = 0;
    for (let k = 0; k < i; k++) if (this.#left[k] === 1) below += this.weights[k] as number;
    return below;
  }
}

export function compileWeighted(policy: PolicyOf<'weighted'>, scope: Scope): Part {
  const parts = policy.of.map(({ use }, i) => scope.at('of', i, 'use').target(use));
  const weights = policy.of.map(({ weight }) => weight);
  weights.forEach((weight, i) => {
    if (!(weight >= 0 && Number.isFinite(weight)))
      scope.at('of', i, 'weight').problem('ROUTING_WEIGHT', `found ${weight}; a weight is a number from 0`);
  });
  if (weights.every((weight) => weight === 0))
    scope.at('of').problem('ROUTING_WEIGHT', 'the weights sum to 0; at least one has to be above 0');
  return {
    ordering: new Weighted(
      parts.map((part) => part.ordering),
      weights,
      scope.mask(policy.on),
    ),
    routes: parts.flatMap((part) => part.routes),
    takesAssigned: parts.some((part) => part.takesAssigned),
  };
}
