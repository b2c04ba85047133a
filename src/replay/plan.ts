/**
 * What one strategy does with requests, ready to run: compiled policies, what its routes meet, caches, who waits how long,
 * which failures are billed. Names are resolved here; a plan keeps no state and serves any number of replays.
 */
import type { CompiledConditions } from '../conditions/compile-conditions.ts';
import { buildTimeline, type OutageInterval, type OutageTimeline } from '../conditions/outage-timeline.ts';
import type { Random } from '../random.ts';
import type { CompiledRouting } from '../routing/compile.ts';
import { Order } from '../routing/order.ts';
import { createRequest } from '../routing/request.ts';
import type { Route, Routes } from '../routing/route.ts';
import { createRoutingState } from '../routing/state.ts';
import type { Edges } from '../usage/rollup.ts';
import type { PromptCacheSettings } from './caches/prompt-cache.ts';
import type { ResponseCacheSettings } from './caches/response-cache.ts';
import type { Tenant } from './columns.ts';
import type { RecordedAttempt } from './recorded-health.ts';

export interface ReplaySettings {
  readonly routing: CompiledRouting;
  /** Those that the policies were compiled with. */
  readonly routes: Routes;
  /** Model -> route, for requests that are assigned one; default: the one route that has the model. */
  readonly assigned?: Readonly<Record<string, string>>;
  readonly edges?: Edges;
  readonly conditions?: Partial<CompiledConditions>;
  /** Beside stated ones: from history, or sampled. */
  readonly outages?: readonly OutageInterval[];
  /** How routes were seen to do, in place of what is stated for them. */
  readonly recorded?: readonly RecordedAttempt[];
  /** Route -> what stands in its way beside seller and model: a gateway, what several share. */
  readonly components?: Readonly<Record<string, readonly string[]>>;
  readonly response_cache?:
    | (ResponseCacheSettings & { readonly tenant?: Tenant; readonly latency_ms?: number })
    | undefined;
  /** Seller -> its prompt cache, which then takes the place of the trace's own counts where a prompt's blocks are known. */
  readonly prompt_caches?: Readonly<Record<string, PromptCacheSettings>>;
  /** Requests of these features may wait so long, and go at the batch tier if that is as long as a batch may take. */
  readonly batch?: { readonly turnaround_ms: number; readonly waits_ms: Readonly<Record<string, number>> } | undefined;
  /** After which an attempt is given up. */
  readonly timeout_ms?: number;
  /** How long a client holds a request back for a rate limit, before it takes a 429. */
  readonly rate_limit_wait_ms?: number;
  /** Share of failed attempts that are billed as answers are. */
  readonly billed?: { readonly errors: number; readonly timeouts: number };
  /** Tokens on the model of a route for one token on the model that the request named. */
  readonly token_ratios?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Whose requests share a bucket, for limits that are per key; default: all. */
  readonly keys?: Tenant;
  /** How many keys there are at most, the unstated one included. */
  readonly key_count?: number;
}

export interface ReplayPlan extends ReplaySettings {
  readonly timeline: OutageTimeline;
  /** By route: components in its way. */
  readonly in_the_way: readonly (readonly string[])[];
  /** By route: seller/model. */
  readonly models: readonly string[];
  /** Each of them once. */
  readonly billed_models: readonly string[];
}

export const modelOfRoute = ({ seller, model }: Route): string => `${seller}/${model}`;

export function replayPlan(settings: ReplaySettings): ReplayPlan {
  const { routing, routes, components = {}, conditions = {}, outages = [] } = settings;
  const each = routing.routes.map((name) => routes[name]!);
  const in_the_way = each.map((route, i) => [
    ...new Set([route.seller, modelOfRoute(route), ...(components[routing.routes[i]!] ?? [])]),
  ]);
  const intervals = [...(conditions.outages ?? []), ...outages];
  const known = [...new Set([...in_the_way.flat(), ...intervals.map(({ component }) => component)])];
  return {
    ...settings,
    in_the_way,
    models: each.map(modelOfRoute),
    billed_models: [...new Set(each.map(modelOfRoute))],
    timeline: buildTimeline(known, intervals),
  };
}

/** The route that the policy tries first for requests assigned to `assigned`, as long as all is well; -1: it depends. */
export function firstRoute({ routing }: ReplayPlan, assigned: number): number {
  if (!routing.ordering.isFixed) return assigned;
  const order = new Order(routing.ordering.most);
  const request = { ...createRequest(routing.metadata.length), route: assigned };
  routing.ordering.push(order, request, createRoutingState(routing), 0, NO_RANDOM);
  return order.length === 0 ? -1 : order.routes[0]!;
}

/** An order that never changes draws nothing. */
const NO_RANDOM: Random = { uniform: () => 0, normal: () => 0, exponential: () => 0, integer: () => 0 };

/** The route of requests for this model, -1 where there is none or several. */
export function assignedRoute({ routing, routes, assigned = {}, models }: ReplayPlan, model: string): number {
  const named = assigned[model];
  if (named !== undefined) return routing.routes.indexOf(named);
  const found = models.flatMap((one, i) =>
    one === model || (!model.includes('/') && routes[routing.routes[i]!]!.model === model) ? [i] : [],
  );
  const standard = found.filter((i) => routes[routing.routes[i]!]!.tier === 'standard');
  const fitting = found.length === 1 ? found : standard;
  return fitting.length === 1 ? fitting[0]! : -1;
}
