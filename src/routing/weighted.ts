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

/** The largest number below 1: rounding may not carry a share past its end. */
const BELOW_ONE = 1 - 2 ** -53;

export class Weighted implements Ordering {
  readonly most: number;
  readonly isFixed = false;
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
      const x = u * total;
      let i = -1;
      let before = 0;
      for (let k = 0, below = 0; k < count; k++) {
        if (left[k] === 0) continue;
        const weight = this.weights[k] as number;
        if (i < 0 || weight > 0) {
          i = k;
          before = below;
        }
        below += weight;
        if (x < below) break;
      }
      const weight = this.weights[i] as number;
      left[i] = 0;
      if (weight > 0) u = Math.min(Math.max((x - before) / weight, 0), BELOW_ONE);
      total -= weight;
      const at = order.length;
      (this.parts[i] as Ordering).push(order, request, state, now_ms, random);
      order.mark(at, start, this.mask);
    }
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
