/**
 * What one request holds on budgets: which entries are its own, and what is reserved for the attempt that is out.
 *
 * An attempt reserves on every budget that holds for the request, or on none: prompt tokens and the longest answer allowed
 * at the route's price. It is settled when the attempt is reported, whatever came of it.
 */
import {
  allows,
  type BudgetRule,
  type BudgetState,
  committed,
  isPastSoft,
  NO_LIMIT,
  reserve,
  settle,
  subjectOf,
} from './budget.ts';
import type { RoutingRequest } from './request.ts';
import { estimate, UNPRICED } from './route-price.ts';
import type { RoutingState } from './state.ts';

export class Reservation {
  readonly #rules: readonly BudgetRule[];
  readonly #state: RoutingState;
  readonly #subjects: Int32Array;
  #request: RoutingRequest | undefined;
  #reserved_nano_usd = UNPRICED;

  constructor(rules: readonly BudgetRule[], state: RoutingState) {
    this.#rules = rules;
    this.#state = state;
    this.#subjects = new Int32Array(rules.length);
  }

  /** Takes up a request; gives a bit for each budget that is past its soft limit. */
  begin(request: RoutingRequest, now_ms: number): number {
    this.#request = request;
    let past = 0;
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i] as BudgetRule;
      const subject = subjectOf(rule, request);
      this.#subjects[i] = subject;
      if (subject < 0 || rule.soft_nano_usd === NO_LIMIT) continue;
      if (isPastSoft(rule, this.#committed(i, rule, subject, now_ms))) past |= 1 << i;
    }
    return past;
  }

  /** Reserves for an attempt on a route; says why it may not be made, or 'none'. */
  reserve(route: number, now_ms: number): 'none' | 'over_budget' | 'unpriced' {
    const { prompt_tokens, output_tokens, max_output_tokens } = this.#request as RoutingRequest;
    const longest = max_output_tokens > 0 ? max_output_tokens : output_tokens;
    const cost = estimate(this.#state.prices, route, prompt_tokens, longest);
    const reserved = cost === UNPRICED ? UNPRICED : Math.ceil(cost);
    for (let i = 0; i < this.#rules.length; i++) {
      const subject = this.#subjects[i] as number;
      if (subject < 0) continue;
      const rule = this.#rules[i] as BudgetRule;
      if (!allows(rule, this.#committed(i, rule, subject, now_ms), reserved))
        return reserved === UNPRICED ? 'unpriced' : 'over_budget';
    }
    for (let i = 0; i < this.#rules.length; i++) {
      const subject = this.#subjects[i] as number;
      if (subject >= 0) reserve(this.#state.budgets[i] as BudgetState, subject, reserved);
    }
    this.#reserved_nano_usd = reserved;
    return 'none';
  }

  /** @param cost_nano_usd below 0: not known */
  settle(cost_nano_usd: number, now_ms: number): void {
    const cost = cost_nano_usd < 0 ? UNPRICED : cost_nano_usd;
    for (let i = 0; i < this.#rules.length; i++) {
      const subject = this.#subjects[i] as number;
      if (subject < 0) continue;
      const state = this.#state.budgets[i] as BudgetState;
      const rule = this.#rules[i] as BudgetRule;
      settle(state, rule, this.#state.calendar, subject, this.#reserved_nano_usd, cost, now_ms);
    }
  }

  #committed(i: number, rule: BudgetRule, subject: number, now_ms: number): number {
    return committed(this.#state.budgets[i] as BudgetState, rule, this.#state.calendar, subject, now_ms);
  }
}
