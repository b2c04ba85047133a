/**
 * What a new configuration keeps of the state of the old one: the health of routes that are the same, and the spend of
 * budgets of the same name, subject and period. Requests that are under way settle in the budgets that both share.
 */
import type { CompiledRouting } from '../routing/compile.ts';
import type { Route } from '../routing/route.ts';
import type { RoutingState } from '../routing/state.ts';
import type { RouterConfig } from './config.ts';

export interface Known {
  readonly config: RouterConfig;
  readonly compiled: CompiledRouting;
}

export function carriedOver(
  fresh: RoutingState,
  now: Known,
  before: Known & { readonly state: RoutingState },
): RoutingState {
  now.compiled.routes.forEach((name, to) => {
    const from = before.compiled.routes.indexOf(name);
    if (from < 0 || !isSame(now.config.routes[name]!, before.config.routes[name]!)) return;
    if (before.state.latency_ms[from]! >= 0) fresh.latency_ms[to] = before.state.latency_ms[from]!;
    if (now.compiled.breaker === undefined || before.compiled.breaker === undefined) return;
    for (const key of Object.keys(fresh.breaker) as (keyof typeof fresh.breaker)[]) {
      const [target, source] = [fresh.breaker[key], before.state.breaker[key]];
      const per = target.length / now.compiled.routes.length;
      target.set(source.subarray(from * per, (from + 1) * per), to * per);
    }
  });
  const old = before.config.routing.budgets;
  const budgets = now.config.routing.budgets.map(({ name, per, period }, i) => {
    const at = old.findIndex((one) => one.name === name && one.per === per && one.period === period);
    return (at < 0 ? fresh : before.state).budgets[at < 0 ? i : at]!;
  });
  return { ...fresh, budgets };
}

const isSame = (a: Route, b: Route): boolean =>
  a.seller === b.seller && a.model === b.model && a.region === b.region && a.tier === b.tier;
