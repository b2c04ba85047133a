/** What holds beside the policy, from the contract's amounts to plain numbers: breaker, retries, budgets. */
import { type BreakerRule, SLICES } from './breaker.ts';
import { type BudgetRule, DAY, EVERYBODY, MONTH, NO_LIMIT, TOTAL } from './budget.ts';
import { wholeMs } from './exact.ts';
import { COUNTS, RETRIES } from './failure-set.ts';
import { NAMED_FIELDS } from './request.ts';
import type { RetryRule } from './retry.ts';
import { NANO_USD } from './route-price.ts';
import type { Breaker, Budget, Routing } from './routing.ts';
import type { Scope } from './scope.ts';

export function compileBreaker(breaker: Breaker, scope: Scope): BreakerRule {
  const { statuses } = scope.setting;
  const [cooldown_ms, cap_ms] = [wholeMs(breaker.cooldown), wholeMs(breaker.cooldown_cap)];
  if (cooldown_ms > cap_ms)
    scope.at('cooldown').problem('ROUTING_BREAKER', `${cooldown_ms} ms is above the cap of ${cap_ms} ms`);
  return {
    failures: breaker.failures ?? 0,
    rate: breaker.rate?.central ?? 0,
    min_requests: breaker.min_requests,
    slice_ms: Math.max(1, wholeMs(breaker.window)) / SLICES,
    cooldown_ms,
    factor: breaker.cooldown_factor,
    cap_ms,
    probe_timeout_ms: Math.max(1, wholeMs(breaker.probe_timeout)),
    counts: statuses.mask(breaker.counts, COUNTS),
    at_once: statuses.mask(breaker.at_once, ['quota_exhausted', 'unauthorised']),
    last_resort: breaker.last_resort,
  };
}

export const compileRetry = (retries: NonNullable<Routing['retries']>, scope: Scope): RetryRule => ({
  per_route: retries.per_route,
  on: scope.setting.statuses.mask(retries.on, RETRIES),
  base_ms: wholeMs(retries.base),
  factor: retries.factor,
  cap_ms: wholeMs(retries.cap),
  jitter: retries.jitter,
  retry_after_cap_ms: wholeMs(retries.retry_after_cap),
});

/** Budgets are told apart by a bit each. */
const MAX_BUDGETS = 31;

export function compileBudgets(budgets: readonly Budget[], scope: Scope): BudgetRule[] {
  const { names } = scope.setting;
  if (budgets.length > MAX_BUDGETS)
    scope.problem('ROUTING_BUDGET', `there are ${budgets.length} budgets; at most ${MAX_BUDGETS} can be`);
  return budgets.map(({ name, per, only, period, soft, hard }, i) => {
    const at = scope.at(i);
    if (budgets.findIndex((other) => other.name === name) < i)
      at.at('name').problem('ROUTING_BUDGET', `there is a budget "${name}" already`);
    if (soft !== undefined && hard !== undefined && soft.central > hard.central)
      at.at('soft').problem(
        'ROUTING_BUDGET',
        `${soft.central} USD is above the hard limit of ${hard.central} USD, so it would never be reached`,
      );
    if (only !== undefined && per === 'all')
      at.at('only').problem(
        'ROUTING_BUDGET',
        'names nobody where the budget is for all; write per: key, user, team or feature',
      );
    return {
      name,
      subject: per === 'all' ? EVERYBODY : NAMED_FIELDS.indexOf(per),
      only: only === undefined || per === 'all' ? undefined : ones(only.map((one) => names.index(per, one))),
      period: { day: DAY, month: MONTH, total: TOTAL }[period],
      soft_nano_usd: soft === undefined ? NO_LIMIT : Math.round(soft.central * NANO_USD),
      hard_nano_usd: hard === undefined ? NO_LIMIT : Math.round(hard.central * NANO_USD),
    };
  });
}

function ones(indices: readonly number[]): Uint8Array {
  const marks = new Uint8Array(1 + Math.max(...indices));
  for (const index of indices) marks[index] = 1;
  return marks;
}
