/**
 * Compiles a configuration: names become indices, amounts become numbers, policies become orderings. Takes the parsed
 * contract with the routes and prices beside it; all that is wrong is told at once. A compiled policy keeps no state.
 */
import { assertNever, InputError } from '../errors.ts';
import { compileBatch } from './batch.ts';
import type { BreakerRule } from './breaker.ts';
import type { BudgetRule } from './budget.ts';
import { compileBudgetAware } from './budget-aware.ts';
import { compileBreaker, compileBudgets, compileRetry } from './compile-rules.ts';
import { compileConditional } from './conditional.ts';
import { compileCostAware } from './cost-aware.ts';
import { wholeMs } from './exact.ts';
import { StatusBits } from './failure-set.ts';
import { compileFallback } from './fallback.ts';
import { compileLatencyAware } from './latency-aware.ts';
import { Names } from './names.ts';
import type { Ordering } from './order.ts';
import { MAX_STATUSES } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { RetryRule } from './retry.ts';
import type { RetryBudgetRule } from './retry-budget.ts';
import type { Routes } from './route.ts';
import type { RoutePrice } from './route-price.ts';
import type { Routing } from './routing.ts';
import { type Part, Scope, type Setting } from './scope.ts';
import { AssignedRoute } from './single.ts';
import { compileSmart } from './smart.ts';
import type { StateShape } from './state.ts';
import { compileWeighted } from './weighted.ts';

export interface RoutingFacts {
  readonly routes: Routes;
  /** Route -> what it costs now, for policies that compare costs and for budgets. */
  readonly prices?: Readonly<Record<string, RoutePrice>>;
  /** Names that have an index already. */
  readonly names?: Names;
  /** Where the configuration stands, for messages. */
  readonly path?: string;
}

export interface CompiledRouting extends StateShape {
  /** Name of each route; its place is its index. */
  readonly routes: readonly string[];
  readonly names: Names;
  /** Keys of metadata, in the order of a request's slots. */
  readonly metadata: readonly string[];
  /** Index of each route's seller. */
  readonly sellers: Int32Array;
  readonly ordering: Ordering;
  /** Whether requests have to say which route they were assigned to. */
  readonly takesAssigned: boolean;
  readonly statuses: StatusBits;
  readonly attempts: number;
  readonly time_ms: number;
  readonly retry: RetryRule | undefined;
  readonly retryBudget: RetryBudgetRule | undefined;
  readonly breaker: BreakerRule | undefined;
  readonly budgets: readonly BudgetRule[];
  /** Weight of the newest latency; 0: latencies are not learnt, since no policy asks. */
  readonly latency_weight: number;
}

export function compileRouting(routing: Routing, facts: RoutingFacts): CompiledRouting {
  const { path = 'routing', names = new Names(), routes } = facts;
  const routeNames = Object.keys(routes);
  const prices: (RoutePrice | undefined)[] = routeNames.map(() => undefined);
  const quality: (number | undefined)[] = routeNames.map(() => undefined);
  const latency_ms = routeNames.map(() => -1);
  const statuses = new StatusBits();
  const asksForLatency = { isSo: false };
  const bare = { routes, routeNames, policies: routing.policies, path, names, statuses, prices, quality, problems: [] };
  const setting: Setting = {
    ...bare,
    budgets: [],
    compiled: new Map(),
    compile: (policy, scope) => {
      if (policy.kind === 'latency_aware') asksForLatency.isSo = true;
      return compilePolicy(policy, scope);
    },
  };
  const top = new Scope(setting, []);
  for (const name of routeNames)
    if (Object.hasOwn(routing.policies, name))
      top.at('policies', name).problem('ROUTING_AMBIGUOUS', `"${name}" is the name of a route too`);
  for (const [name, price] of Object.entries(facts.prices ?? {})) fill(prices, top.at('prices', name), name, price);
  for (const [name, score] of Object.entries(routing.quality))
    fill(quality, top.at('quality', name), name, score.central);
  for (const [name, median] of Object.entries(routing.latency))
    fill(latency_ms, top.at('latency', name), name, median.central);
  prices.forEach((price, i) => {
    if (price !== undefined && !Object.values(price).every((side) => side >= 0 && side < Number.POSITIVE_INFINITY))
      top.at('prices', routeNames[i] as string).problem('ROUTING_PRICE', 'a price is a number from 0');
  });
  const budgets = compileBudgets(routing.budgets, top.at('budgets'));
  const within: Setting = { ...setting, budgets };
  const scope = new Scope(within, []);
  const root = scope.at('policy').target(routing.policy);
  for (const name of Object.keys(routing.policies)) scope.at('policies', name).target(name);
  const breaker = routing.breaker && compileBreaker(routing.breaker, scope.at('breaker'));
  const retry = routing.retries && compileRetry(routing.retries, scope);
  if (statuses.isFull)
    scope.problem(
      'ROUTING_STATUSES',
      `${statuses.named.length} different statuses are named (${statuses.named.join(', ')}); at most ${MAX_STATUSES} can be`,
    );
  if (setting.problems.length > 0) throw new InputError(setting.problems);
  const sellers = [...new Set(routeNames.map((name) => routes[name]?.seller))];
  return {
    routes: routeNames,
    names,
    metadata: names.metadataKeys(),
    sellers: Int32Array.from(routeNames, (name) => sellers.indexOf(routes[name]?.seller)),
    ordering: root.ordering,
    takesAssigned: root.takesAssigned,
    prices,
    latency_ms,
    statuses,
    attempts: routing.limits.attempts,
    time_ms: wholeMs(routing.limits.time),
    retry,
    retryBudget: routing.retry_budget && {
      capacity: routing.retry_budget.capacity,
      per_request: routing.retry_budget.per_request.central,
      per_second: routing.retry_budget.per_second,
    },
    breaker,
    budgets,
    latency_weight: asksForLatency.isSo ? routing.latency_smoothing.central : 0,
  };
}

function fill<T>(values: (T | undefined)[], scope: Scope, name: string, value: T): void {
  const route = scope.route(name);
  if (route >= 0) values[route] = value;
}

function compilePolicy(policy: Policy, scope: Scope): Part {
  switch (policy.kind) {
    case 'single':
      return policy.route === undefined
        ? { ordering: new AssignedRoute(), routes: [], takesAssigned: true }
        : scope.at('route').plain(policy.route);
    case 'fallback':
      return compileFallback(policy, scope);
    case 'weighted':
      return compileWeighted(policy, scope);
    case 'conditional':
      return compileConditional(policy, scope);
    case 'cost_aware':
      return compileCostAware(policy, scope);
    case 'latency_aware':
      return compileLatencyAware(policy, scope);
    case 'budget_aware':
      return compileBudgetAware(policy, scope);
    case 'batch':
      return compileBatch(policy, scope);
    case 'smart':
      return compileSmart(policy, scope);
    default:
      return assertNever(policy);
  }
}
