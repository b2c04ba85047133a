/**
 * Past a soft limit another policy takes over, usually a cheaper one; hard limits hold for every policy and are kept where
 * attempts are made. Takes the budgets that it watches; a budget that does not hold for the request is not asked.
 *
 * Example: soft 8 of hard 10 USD a day: from 8 USD spent or reserved on, requests go to the cheaper route; an attempt that
 * could pass 10 USD is refused.
 */
import { didYouMean } from '../nearest.ts';
import type { Random } from '../random.ts';
import { type BudgetRule, type BudgetState, committed, isPastSoft, NO_LIMIT, subjectOf } from './budget.ts';
import type { Order, Ordering } from './order.ts';
import type { PolicyOf } from './policy.ts';
import type { RoutingRequest } from './request.ts';
import type { Part, Scope } from './scope.ts';
import type { RoutingState } from './state.ts';

export class BudgetAware implements Ordering {
  readonly most: number;
  readonly isFixed = false;
  readonly within: Ordering;
  readonly aboveSoft: Ordering;
  readonly rules: readonly BudgetRule[];
  readonly watched: readonly number[];

  constructor(within: Ordering, aboveSoft: Ordering, rules: readonly BudgetRule[], watched: readonly number[]) {
    this.within = within;
    this.aboveSoft = aboveSoft;
    this.rules = rules;
    this.watched = watched;
    this.most = Math.max(within.most, aboveSoft.most);
  }

  push(order: Order, request: RoutingRequest, state: RoutingState, now_ms: number, random: Random): void {
    const chosen = this.#isPast(request, state, now_ms) ? this.aboveSoft : this.within;
    chosen.push(order, request, state, now_ms, random);
  }

  #isPast(request: RoutingRequest, state: RoutingState, now_ms: number): boolean {
    for (let i = 0; i < this.watched.length; i++) {
      const at = this.watched[i] as number;
      const rule = this.rules[at] as BudgetRule;
      const subject = subjectOf(rule, request);
      if (subject < 0) continue;
      const held = committed(state.budgets[at] as BudgetState, rule, state.calendar, subject, now_ms);
      if (isPastSoft(rule, held)) return true;
    }
    return false;
  }
}

export function compileBudgetAware(policy: PolicyOf<'budget_aware'>, scope: Scope): Part {
  const { budgets } = scope.setting;
  const known = budgets.map(({ name }) => name);
  const watched = (policy.budgets ?? known).map((name, i) => {
    const found = known.indexOf(name);
    if (found < 0)
      scope
        .at('budgets', i)
        .problem(
          'ROUTING_BUDGET',
          `there is no budget "${name}"${didYouMean(name, known)}; known are ${known.join(', ')}`,
        );
    return found;
  });
  if (!watched.includes(-1) && watched.every((i) => budgets[i]?.soft_nano_usd === NO_LIMIT))
    scope.problem('ROUTING_BUDGET', 'watches no budget with a soft limit, so nothing would ever be past it');
  const within = scope.at('within').target(policy.within);
  const aboveSoft = policy.above_soft === undefined ? within : scope.at('above_soft').target(policy.above_soft);
  return {
    ordering: new BudgetAware(
      within.ordering,
      aboveSoft.ordering,
      budgets,
      watched.filter((i) => i >= 0),
    ),
    routes: [...new Set([...within.routes, ...aboveSoft.routes])],
    takesAssigned: within.takesAssigned || aboveSoft.takesAssigned,
  };
}
