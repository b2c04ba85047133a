/**
 * From the contract of a replay to the plan of one strategy: names to indices, units to milliseconds, the seller's prices
 * to what policies and budgets compare. All that is wrong is told at once.
 *
 * Routes and prices come from the caller; a model without a price stays unpriced, and a hard budget then refuses it.
 */
import { compileConditions } from '../conditions/compile-conditions.ts';
import type { OutageInterval } from '../conditions/outage-timeline.ts';
import { InputError, problem } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { compileRouting } from '../routing/compile.ts';
import { wholeMs, wholeMsOfHours } from '../routing/exact.ts';
import type { Names } from '../routing/names.ts';
import type { PolicyOf } from '../routing/policy.ts';
import type { Routes } from '../routing/route.ts';
import type { RoutePrice } from '../routing/route-price.ts';
import type { Routing } from '../routing/routing.ts';
import { MS_PER_DAY } from '../units.ts';
import type { Edges } from '../usage/rollup.ts';
import type { ColumnNames } from './columns.ts';
import { type ReplayPlan, replayPlan } from './plan.ts';
import type { RecordedAttempt } from './recorded-health.ts';
import type { ReplaySpec, StrategyReplay } from './schema.ts';

export interface ReplayFacts {
  readonly routes: Routes;
  readonly edges: Edges;
  /** Of routes, where they have one. */
  readonly prices: Readonly<Record<string, RoutePrice>>;
  /** Beside stated ones: from history, or sampled. */
  readonly outages?: readonly OutageInterval[];
  /** How routes were seen to do, in place of what is stated for them. */
  readonly recorded?: readonly RecordedAttempt[];
  /** Of the batches that are to be replayed. */
  readonly column_names: ColumnNames;
  /** Features whose requests can wait a day, for strategies that state no `batch` of their own. */
  readonly batchable?: readonly string[];
  /** What stands in the way of every route of the strategy. */
  readonly gateway?: string | undefined;
  /** All that strategies of the scenario go through: names that an outage may have. */
  readonly gateways?: readonly string[];
}

/** @param strategy one of those that the contract names */
export function planOfStrategy(spec: ReplaySpec, strategy: string, facts: ReplayFacts): ReplayPlan {
  const stated = spec.strategies[strategy];
  if (stated === undefined) {
    const known = Object.keys(spec.strategies);
    throw new InputError([
      problem(
        'REPLAY_STRATEGY',
        'replay.strategies',
        `has no strategy "${strategy}"${didYouMean(strategy, known)}; it has ${known.join(', ') || 'none'}`,
      ),
    ]);
  }
  checkNames(spec, strategy, facts);
  const { routes, edges, prices, column_names, outages = [], recorded = [], batchable = [] } = facts;
  const names: Names = column_names.names;
  const routing = compileRouting(stated.routing, {
    routes,
    prices,
    names,
    path: `replay.strategies.${strategy}.routing`,
  });
  const { response_cache: cache, batch } = stated;
  const keys = { all: 1, team: column_names.teams.length, user: column_names.users.length };
  return replayPlan({
    routing,
    routes,
    edges,
    assigned: spec.assigned,
    conditions: compileConditions(spec.conditions, routing.routes, Object.keys(spec.conditions.clients)),
    outages,
    recorded,
    components: inTheWay(stated.through, facts),
    response_cache: cache && {
      life_from: cache.life_from,
      tenant: cache.tenant,
      ...(cache.entries === undefined ? {} : { capacity_entries: cache.entries }),
      ...(cache.tokens === undefined ? {} : { capacity_tokens: cache.tokens }),
      ...(cache.life === undefined ? {} : { life_ms: wholeMs(cache.life) }),
      ...(cache.latency === undefined ? {} : { latency_ms: cache.latency.central }),
    },
    prompt_caches: Object.fromEntries(
      Object.entries(spec.prompt_caches).map(([seller, { life, capacity_blocks, ...rest }]) => [
        seller,
        { ...rest, life_ms: wholeMs(life), ...(capacity_blocks === undefined ? {} : { capacity_blocks }) },
      ]),
    ),
    batch:
      batch === undefined
        ? (waitingADay(batchable) ?? waitingByPolicy(stated.routing))
        : {
            turnaround_ms: wholeMs(batch.turnaround),
            waits_ms: Object.fromEntries(
              Object.entries(batch.waits).map(([feature, wait]) => [feature, wholeMs(wait)]),
            ),
          },
    ...(spec.timeout === undefined ? {} : { timeout_ms: wholeMs(spec.timeout) }),
    rate_limit_wait_ms: wholeMs(stated.rate_limit_wait),
    billed: { errors: spec.billed.errors.central, timeouts: spec.billed.timeouts.central },
    token_ratios: spec.token_ratios,
    keys: spec.keys,
    key_count: keys[spec.keys],
  });
}

const waitingADay = (features: readonly string[]): ReplayPlan['batch'] =>
  features.length === 0
    ? undefined
    : { turnaround_ms: MS_PER_DAY, waits_ms: Object.fromEntries(features.map((feature) => [feature, MS_PER_DAY])) };

/** Deadlines that batch policies state: how long an answer takes is then known, and the policy alone says what waits. */
function waitingByPolicy(routing: Routing): ReplayPlan['batch'] {
  const waits_ms: Record<string, number> = {};
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { kind, deadlines = {} } = value as Partial<PolicyOf<'batch'>>;
    if (kind === 'batch')
      for (const [feature, wait] of Object.entries(deadlines)) waits_ms[feature] = wholeMsOfHours(wait);
    for (const member of Object.values(value)) look(member);
  };
  look([routing.policy, routing.policies]);
  return Object.keys(waits_ms).length === 0 ? undefined : { turnaround_ms: Number.POSITIVE_INFINITY, waits_ms };
}

const inTheWay = (
  through: StrategyReplay['through'],
  { routes, gateway }: Pick<ReplayFacts, 'routes' | 'gateway'>,
): Readonly<Record<string, readonly string[]>> =>
  gateway === undefined
    ? through
    : Object.fromEntries(Object.keys(routes).map((route) => [route, [gateway, ...(through[route] ?? [])]]));

function checkNames(spec: ReplaySpec, strategy: string, { routes, gateways = [] }: ReplayFacts): void {
  const names = Object.keys(routes);
  const sellers = [...new Set(Object.values(routes).map(({ seller }) => seller))];
  const models = [...new Set(Object.values(routes).map(({ seller, model }) => `${seller}/${model}`))];
  const through = Object.values(spec.strategies).flatMap((one) => Object.values(one.through).flat());
  const found = [
    ...unknown(
      `replay.strategies.${strategy}.through`,
      'route',
      Object.keys(spec.strategies[strategy]!.through),
      names,
    ),
    ...unknown('replay.assigned', 'route', Object.values(spec.assigned), names),
    ...unknown('replay.prompt_caches', 'seller', Object.keys(spec.prompt_caches), sellers),
    ...unknown(
      'replay.conditions.outages',
      'component',
      spec.conditions.outages.map(({ component }) => component),
      [...sellers, ...models, ...through, ...gateways],
    ),
    ...(['rate_limits', 'error_rate', 'latency'] as const).flatMap((block) =>
      unknown(`replay.conditions.${block}`, 'route', Object.keys(spec.conditions[block]), names),
    ),
    ...Object.entries(spec.conditions.latency).flatMap(([route, { hops }]) =>
      unknown(
        `replay.conditions.latency.${route}.hops`,
        'region of clients',
        hops.flatMap(({ region }) => region ?? []),
        Object.keys(spec.conditions.clients),
      ),
    ),
    ...unknown(
      'replay.token_ratios',
      'model of a route',
      Object.values(spec.token_ratios).flatMap(Object.keys),
      models,
    ),
  ];
  if (found.length > 0) throw new InputError(found);
}

const unknown = (path: string, kind: string, used: readonly string[], known: readonly string[]) =>
  used
    .filter((name) => !known.includes(name))
    .map((name) =>
      problem(
        'REPLAY_NAME',
        path,
        `unknown ${kind} "${name}"${didYouMean(name, known)}; ${known.length === 0 ? 'there is none' : `known are ${known.join(', ')}`}`,
      ),
    );
