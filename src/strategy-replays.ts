/**
 * Replays strategies while their traffic is read: requests go in one by one, what each strategy would have used comes out.
 *
 * A scenario whose `replay` names none of its strategies replays nothing. Plans are made with the first request. Memory grows
 * with what policies and caches remember. A replay needs to know when each request came, and every one by itself.
 */
import { sampleTasks } from './conditions/agent-tasks.ts';
import { type Diagnostic, inputError, problem } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { substream } from './random.ts';
import { BatchBuilder } from './replay/build-batches.ts';
import { CacheStudy } from './replay/caches/cache-study.ts';
import type { ReplayBatch } from './replay/columns.ts';
import type { ReplayPlan } from './replay/plan.ts';
import type { Replayed, ReplayedStrategies } from './replay/replayed.ts';
import { Replays } from './replay/replays.ts';
import type { ReplayResult } from './replay/result.ts';
import type { ReplaySpec } from './replay/schema.ts';
import { replayFacts, replayPlans } from './replay-plans.ts';
import type { Policy, Target } from './routing/policy.ts';
import type { Routing } from './routing/routing.ts';
import type { Scenario } from './scenario/schema.ts';
import type { TraceRequest } from './trace/request.ts';

/** Strategies of the scenario that its `replay` names. */
export const replayedIds = ({ replay, strategies }: Pick<Scenario, 'replay' | 'strategies'>): string[] =>
  replay === undefined
    ? []
    : strategies
        .filter(({ id, kind }) => kind !== 'phased' && Object.hasOwn(replay.strategies, id))
        .map(({ id }) => id);

/** Names under `replay.strategies` that are no strategy and close to one that is not replayed: slips, which would change a comparison. */
export function misspeltReplays({ replay, strategies }: Pick<Scenario, 'replay' | 'strategies'>): Diagnostic[] {
  const named = Object.keys(replay?.strategies ?? {});
  const ids = strategies.map(({ id }) => id);
  const open = ids.filter((id) => !named.includes(id));
  return named
    .filter((id) => !ids.includes(id) && didYouMean(id, open) !== '')
    .map((id) =>
      problem('REPLAY_STRATEGY', `replay.strategies.${id}`, `there is no strategy "${id}"${didYouMean(id, open)}`),
    );
}

export class StrategyReplays {
  readonly #scenario: Scenario;
  readonly #spec: ReplaySpec;
  readonly #builder: BatchBuilder;
  readonly #plans: ReadonlyMap<string, ReplayPlan>;
  readonly #replays: Replays;
  /** Of those who share answers in a strategy's response cache. */
  readonly #study: CacheStudy | undefined;
  #prompts = 0;

  /** @param assign the model under which a request counts, as for the rollup */
  constructor(scenario: Scenario, book: PriceBook, assign: (request: TraceRequest) => string | undefined) {
    this.#scenario = scenario;
    this.#spec = inRun(scenario.replay!, scenario.outages.from);
    this.#builder = new BatchBuilder({ assign, onBatch: (batch) => this.#take(batch) });
    const facts = replayFacts(scenario, book, this.#builder.column_names);
    this.#plans = replayPlans(this.#spec, replayedIds(scenario), scenario.strategies, facts);
    this.#replays = new Replays(this.#plans, scenario.seed);
    const tenants = [...this.#plans.keys()].flatMap((id) => this.#spec.strategies[id]!.response_cache?.tenant ?? []);
    this.#study = tenants.length === 0 ? undefined : new CacheStudy({ tenants: [...new Set(tenants)], behind: [] });
  }

  add(request: TraceRequest): void {
    if (request.hash_chain !== undefined && request.hash_chain.length > 0) this.#prompts++;
    this.#builder.add(request);
  }

  #take(batch: ReplayBatch): void {
    this.#replays.take(batch);
    if (this.#prompts > 0) this.#study?.take(batch);
  }

  /** @param clock what the times of the traffic are */
  end(source: string, clock: 'absolute' | 'relative' | 'none'): ReplayedStrategies {
    if (clock === 'none')
      throw inputError('TRACE_NO_TIME', source, 'has no times; a replay needs to know when requests came');
    this.#builder.end();
    return new Map([...this.#replays.results()].map(([id, result]) => [id, this.#replayed(id, result)]));
  }

  #tasks({ latency }: ReplayResult): Replayed['task_latency'] {
    const { seed, traffic } = this.#scenario;
    if (traffic.calls_per_task === undefined || latency.requests === 0) return undefined;
    const calls = Math.round(traffic.calls_per_task.central);
    return sampleTasks(latency, calls, SAMPLED_TASKS, substream(seed, 'replay/tasks'));
  }

  #replayed(id: string, result: ReplayResult): Replayed {
    const stated = this.#spec.strategies[id]!;
    const { conditions, prompt_caches } = this.#spec;
    const studied = this.#prompts === 0 ? undefined : this.#study?.result();
    const { routes } = this.#scenario;
    return {
      result,
      stated,
      prompt_caches,
      metOutages: this.#scenario.outages.from === 'replay',
      metErrors: Object.keys(conditions.error_rate).length > 0,
      sellers: sellersOf(stated.routing, routes),
      fallback: chainOf(stated.routing).flatMap((name) => {
        const route = routes[name];
        return route === undefined ? [] : [`${route.seller}/${route.model}`];
      }),
      quality: meanQuality(result, stated.routing),
      task_latency: this.#tasks(result),
      other_caches: studied?.response_cache.find(({ tenant }) => tenant === stated.response_cache?.tenant),
      lacksPrompts: this.#prompts === 0,
    };
  }
}

const SAMPLED_TASKS = 20_000;

/** Outages that are stated are met in `run` only where the scenario says that it takes outages from there. */
const inRun = (spec: ReplaySpec, from: Scenario['outages']['from']): ReplaySpec =>
  from === 'replay' ? spec : { ...spec, conditions: { ...spec.conditions, outages: [] } };

/** Of every route that the policies name, wherever in them. */
function sellersOf({ policy, policies }: Routing, routes: Scenario['routes']): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string') {
      const route = routes[value] ?? Object.values(routes).find(({ seller, model }) => `${seller}/${model}` === value);
      if (route !== undefined) found.add(route.seller);
    } else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) look(member);
  };
  look([policy, policies]);
  return [...found];
}

/** Routes behind the first, where the policy is a chain of routes. */
function chainOf({ policy, policies }: Routing): readonly string[] {
  const found: Target | undefined = typeof policy === 'string' ? policies[policy] : policy;
  if (typeof found !== 'object') return [];
  const { kind, to } = found as Extract<Policy, { kind: 'fallback' }>;
  return kind === 'fallback' ? to : [];
}

/** Over answers, weighted by route. */
function meanQuality({ attempts_by }: ReplayResult, { quality }: Routing): number | undefined {
  let answers = 0;
  let total = 0;
  for (const { route, status, attempts } of attempts_by) {
    if (status !== '200') continue;
    const of = quality[route]?.central;
    if (of === undefined) return undefined;
    answers += attempts;
    total += attempts * of;
  }
  return answers === 0 ? undefined : total / answers;
}
