/**
 * Where a policy is compiled: what its names mean, where it stands, and the list of all that is wrong so far.
 *
 * A target is a route's name, the name of a policy, or seller/model where exactly one route has it. Policies that refer to
 * each other in a circle are refused. Holds no knowledge of single kinds of policy.
 */
import { dotted } from '../diagnose.ts';
import { type Diagnostic, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import type { BudgetRule } from './budget.ts';
import { FALLS_OVER, type FailureSet, type StatusBits } from './failure-set.ts';
import type { Names } from './names.ts';
import type { Ordering } from './order.ts';
import type { Policy, Target } from './policy.ts';
import type { Routes } from './route.ts';
import type { RoutePrice } from './route-price.ts';
import { AssignedRoute, NamedRoute } from './single.ts';

/** A compiled policy, the routes that it can lead to, and whether the assigned one is among them. */
export interface Part {
  readonly ordering: Ordering;
  readonly routes: readonly number[];
  readonly takesAssigned: boolean;
}

/** What all policies of one configuration share. Quality and prices are by index of the route. */
export interface Setting {
  readonly routes: Routes;
  readonly routeNames: readonly string[];
  readonly policies: Readonly<Record<string, Policy>>;
  readonly path: string;
  readonly names: Names;
  readonly statuses: StatusBits;
  readonly prices: readonly (RoutePrice | undefined)[];
  readonly quality: readonly (number | undefined)[];
  readonly budgets: readonly BudgetRule[];
  readonly problems: Diagnostic[];
  readonly compiled: Map<string, Part>;
  readonly compile: (policy: Policy, scope: Scope) => Part;
}

export const NOTHING: Part = { ordering: new AssignedRoute(), routes: [], takesAssigned: false };
export const namedPart = (route: number): Part => ({
  ordering: new NamedRoute(route),
  routes: [route],
  takesAssigned: false,
});

export class Scope {
  readonly setting: Setting;
  readonly keys: readonly PropertyKey[];
  /** Named policies that this one stands in. */
  readonly within: readonly string[];

  constructor(setting: Setting, keys: readonly PropertyKey[], within: readonly string[] = []) {
    this.setting = setting;
    this.keys = keys;
    this.within = within;
  }

  get path(): string {
    return dotted([this.setting.path, ...this.keys].filter((key) => key !== ''));
  }

  at(...keys: PropertyKey[]): Scope {
    return new Scope(this.setting, [...this.keys, ...keys], this.within);
  }

  problem(code: string, message: string): void {
    const { problems } = this.setting;
    const isKnown = problems.some((one) => one.path === this.path && one.message === message);
    if (!isKnown) problems.push(problem(code, this.path, message));
  }

  mask(set: FailureSet | undefined): number {
    return this.setting.statuses.mask(set, FALLS_OVER);
  }

  target(target: Target): Part {
    if (typeof target !== 'string') return this.setting.compile(target, this);
    if (Object.hasOwn(this.setting.policies, target)) return this.#policy(target);
    const route = this.route(target, Object.keys(this.setting.policies));
    return route < 0 ? NOTHING : namedPart(route);
  }

  /** A route alone, whatever policy has its name. */
  plain(name: string): Part {
    const route = this.route(name);
    return route < 0 ? NOTHING : namedPart(route);
  }

  /** The index of a route, -1 with a problem told where there is none. */
  route(name: string, others: readonly string[] = []): number {
    const { routes, routeNames } = this.setting;
    const named = routeNames.indexOf(name);
    if (named >= 0) return named;
    const found = routeNames.filter((key) => `${routes[key]?.seller}/${routes[key]?.model}` === name);
    if (found.length === 1) return routeNames.indexOf(found[0] as string);
    if (found.length > 1) {
      this.problem('ROUTING_AMBIGUOUS', `"${name}" is served by several routes; name one of ${found.join(', ')}`);
      return -1;
    }
    const models = routeNames.map((key) => `${routes[key]?.seller}/${routes[key]?.model}`);
    const known = [...new Set([...routeNames, ...models, ...others])];
    const list = [...routeNames, ...others];
    const all = list.length <= 12 ? `; known are ${list.join(', ')}` : '';
    this.problem('ROUTING_UNKNOWN_ROUTE', `there is no route "${name}"${didYouMean(name, known)}${all}`);
    return -1;
  }

  routesOf(names: readonly string[]): number[] {
    const found = names.map((name, i) => this.at(i).route(name));
    found.forEach((route, i) => {
      if (route >= 0 && found.indexOf(route) < i)
        this.at(i).problem('ROUTING_TWICE', `"${names[i]}" stands here twice`);
    });
    return found.filter((route) => route >= 0);
  }

  #policy(name: string): Part {
    const { setting } = this;
    if (this.within.includes(name)) {
      const circle = [...this.within.slice(this.within.indexOf(name)), name].join(' -> ');
      this.problem('ROUTING_CIRCLE', `policies refer to each other in a circle: ${circle}`);
      return NOTHING;
    }
    const known = setting.compiled.get(name);
    if (known !== undefined) return known;
    const policy = setting.policies[name] as Policy;
    const part = setting.compile(policy, new Scope(setting, ['policies', name], [...this.within, name]));
    setting.compiled.set(name, part);
    return part;
  }
}
