/**
 * The same traffic twice: live through the router before sellers whose health is a script, and through the replay with that
 * script as its conditions. The clock is virtual, so that latencies, waits and time-outs are the same numbers in both. Both
 * give attempts in one shape, to be compared as they are.
 */
import { COUNT_METERS, type Counts, NO_COUNTS } from '../../src/meters.ts';
import { charge } from '../../src/pricing/charge.ts';
import { UsageCharges } from '../../src/pricing/usage-charges.ts';
import { batchesOf } from '../../src/replay/build-batches.ts';
import { CONNECTION, OK, RESULTS } from '../../src/replay/outcomes.ts';
import type { RecordedAttempt } from '../../src/replay/recorded-health.ts';
import { replay } from '../../src/replay/replay.ts';
import type { ReplayResult } from '../../src/replay/result.ts';
import { planOfStrategy } from '../../src/replay/scenario-plan.ts';
import { type ReplaySpecInput, replaySpec } from '../../src/replay/schema.ts';
import type { RequestEntry } from '../../src/router/ledger.ts';
import { Prices } from '../../src/router/prices.ts';
import { kindOf } from '../../src/routing/outcome.ts';
import type { Routes } from '../../src/routing/route.ts';
import type { RoutingInput } from '../../src/routing/routing.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import { NANO_USD, type TraceRequest } from '../../src/trace/request.ts';
import { type Demand, START_MS, TEAMS, TIMEOUT_MS } from './parity-traffic.ts';
import { ask, book, sha256, startRouter, type TestRouter } from './setting.ts';
import { type Behaviour, json, type TestUpstream } from './upstream.ts';
import type { VirtualTime } from './virtual-time.ts';

export const ROUTES: Routes = {
  a: { seller: 'alpha', model: 'm', tier: 'standard' },
  b: { seller: 'beta', model: 'm', tier: 'standard' },
};

/** What a run is of: the policy's contract as it stands in both files. */
export interface ParityCase {
  readonly routing: RoutingInput;
  readonly cache?: { readonly entries: number; readonly life: string };
}

/** One attempt, as far as both sides can know it. */
export interface SeenAttempt {
  readonly request: number;
  readonly attempt: number;
  readonly route: string;
  readonly at_ms: number;
  readonly outcome: string;
  readonly billing: string;
  readonly cost_nano_usd: number | null;
}

export interface Lived {
  readonly attempts: SeenAttempt[];
  readonly outcomes: Record<string, number>;
  /** By request; attempts that nobody knows the price of left out. */
  readonly cost_nano_usd: number[];
  readonly entries: readonly RequestEntry[];
  /** When each request really began. */
  readonly began_ms: number[];
}

const nano = (usd: number): number => Math.round(usd * NANO_USD);
const contentOf = ({ prompt, prompt_tokens }: Demand): string => `${prompt} `.padEnd(3 * prompt_tokens, 'word ');

const seller =
  (time: VirtualTime, health: readonly RecordedAttempt[]): Behaviour =>
  async (response, { body, headers }) => {
    const { status, latency_ms = 0, retry_after_ms = -1 } = health.findLast(({ at_ms }) => at_ms <= time.now_ms)!;
    time.advance(Math.min(latency_ms, TIMEOUT_MS));
    if (latency_ms > TIMEOUT_MS) return;
    if (status === CONNECTION) response.socket?.resetAndDestroy();
    else if (status !== OK) {
      const asked = retry_after_ms < 0 ? {} : { 'retry-after': String(retry_after_ms / 1000) };
      await json({ error: { message: 'no' } }, status, asked)(response, undefined as never);
    } else {
      const [prompt_tokens, cached_tokens] = String(headers.traceparent ?? '0 0')
        .split(' ')
        .map(Number);
      const usage = { prompt_tokens, completion_tokens: body.max_tokens, prompt_tokens_details: { cached_tokens } };
      const choices = [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }];
      await json({ choices, usage })(response, undefined as never);
    }
  };

export interface Sellers {
  readonly alpha: TestUpstream;
  readonly beta: TestUpstream;
}

export async function live(
  { alpha, beta }: Sellers,
  time: VirtualTime,
  { routing, cache }: ParityCase,
  traffic: readonly Demand[],
  health: readonly RecordedAttempt[],
  seed: number,
  use: (router: TestRouter) => Promise<void> = async () => undefined,
  more: object = {},
): Promise<Lived> {
  const of = (route: string) => health.filter((one) => one.route === route).sort((x, y) => x.at_ms - y.at_ms);
  alpha.script(seller(time, of('a')));
  beta.script(seller(time, of('b')));
  const router = await startRouter(
    {
      routes: ROUTES,
      routing,
      upstreams: { alpha: { base_url: alpha.base_url }, beta: { base_url: beta.base_url } },
      clients: TEAMS.map((team) => ({ name: team, team, key_sha256: sha256(team) })),
      timeouts: { first_byte: `${TIMEOUT_MS} ms`, idle: `${TIMEOUT_MS} ms` },
      ...(cache && { cache: { ...cache, tenant: 'team' } }),
      ...more,
    },
    { seed, now: () => time.now_ms },
  );
  const began_ms: number[] = [];
  try {
    for (const [i, demand] of traffic.entries()) {
      time.advanceTo(Math.max(Math.ceil(time.now_ms), demand.at_ms));
      began_ms.push(time.now_ms);
      await askFor(router, demand);
      if (router.entries.length !== i + 1) throw new Error(`${router.entries.length} entries for ${i + 1} requests`);
    }
    if (router.bugs.length > 0) throw router.bugs[0];
    await use(router);
  } finally {
    await router.router.close();
  }
  return { ...fromLedger(router.entries), entries: router.entries, began_ms };
}

const askFor = (router: TestRouter, demand: Demand) =>
  ask(
    router,
    {
      model: `${ROUTES[demand.route]!.seller}/m`,
      messages: [{ role: 'user', content: contentOf(demand) }],
      max_tokens: demand.output_tokens,
    },
    {
      headers: {
        authorization: `Bearer ${demand.team}`,
        'x-tollgate-user': demand.user,
        'x-tollgate-feature': demand.feature,
        traceparent: `${demand.prompt_tokens} ${demand.cached_tokens}`,
      },
    },
  );

function fromLedger(entries: readonly RequestEntry[]): Pick<Lived, 'attempts' | 'outcomes' | 'cost_nano_usd'> {
  const outcomes: Record<string, number> = {};
  for (const { outcome } of entries) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const attempts = entries.flatMap((entry, request) =>
    entry.attempts.map(({ attempt, route, time_ms, result, billing, cost }) => ({
      request,
      attempt,
      route,
      at_ms: time_ms,
      outcome: result as string,
      billing: billing as string,
      cost_nano_usd: cost.usd === null ? null : nano(cost.usd),
    })),
  );
  const cost_nano_usd = entries.map((entry) =>
    nano(entry.attempts.reduce((sum, { cost }) => sum + (cost.usd ?? 0), 0)),
  );
  return { attempts, outcomes, cost_nano_usd };
}

export interface Replayed extends Pick<Lived, 'attempts' | 'outcomes' | 'cost_nano_usd'> {
  readonly result: ReplayResult;
  /** List price of the replay's whole usage. */
  readonly usage_usd: number | null;
}

const UNHEARD = new Set([408, 502, 504]);

export function replayed(
  { routing, cache }: ParityCase,
  traffic: readonly Demand[],
  began_ms: readonly number[],
  health: readonly RecordedAttempt[],
  seed: number,
  billed_timeouts = 0,
): Replayed {
  const batches = batchesOf(traffic.map((demand, i) => traceRequest(demand, began_ms[i]!)));
  const column_names = batches[0]!.column_names;
  const spec: ReplaySpecInput = {
    timeout: `${TIMEOUT_MS} ms`,
    billed: { timeouts: billed_timeouts },
    strategies: { one: { routing, ...(cache && { response_cache: { ...cache, tenant: 'team' } }) } },
  };
  const plan = planOfStrategy(replaySpec.parse(spec), 'one', {
    routes: ROUTES,
    edges: {},
    prices: new Prices(book, ROUTES).routePrices(new Date(START_MS).toISOString().slice(0, 10)),
    recorded: health,
    column_names,
  });
  const attempts: SeenAttempt[] = [];
  const cost_nano_usd = traffic.map(() => 0);
  const result = replay(batches, plan, seed, (told) => {
    const { request, attempt, time_ms, status, isBilled } = told;
    const route = plan.routing.routes[told.route]!;
    const at = new Date(time_ms).toISOString();
    const counts = Object.fromEntries(COUNT_METERS.map((meter, i) => [meter, told.counts[i]!]));
    const usd = isBilled ? charge(book, ROUTES[route]!, counts, at).charge_usd : 0;
    const isUnknown = !isBilled && (status < 100 || UNHEARD.has(status));
    cost_nano_usd[request]! += nano(usd ?? 0);
    attempts.push({
      request,
      attempt,
      route,
      at_ms: time_ms,
      outcome: kindOf(RESULTS[status]!) ?? 'answered',
      billing: isBilled ? 'billed' : isUnknown ? 'unknown' : 'refused',
      cost_nano_usd: isUnknown ? null : nano(usd!),
    });
  });
  const { served, served_from_cache, failed, refused, no_route } = result.outcomes;
  const outcomes = Object.fromEntries(
    Object.entries({ answered: served, cached: served_from_cache, failed, refused, no_route }).filter(([, n]) => n > 0),
  );
  const charges = new UsageCharges(book);
  charges.add(result.usage, { on: undefined, has_hours: true });
  return { attempts, outcomes, cost_nano_usd, result, usage_usd: charges.cost_usd };
}

function traceRequest(demand: Demand, time_ms: number): TraceRequest {
  const { team, user, feature, route, prompt, prompt_tokens, cached_tokens, output_tokens } = demand;
  const counts: Counts = {
    ...NO_COUNTS,
    input_tokens: prompt_tokens - cached_tokens,
    cache_read_tokens: cached_tokens,
    output_tokens,
  };
  const { seller: name, model } = ROUTES[route]!;
  return { ...ABSENT, ...counts, time_ms, seller: name, model, team, user, feature, hash_chain: [prompt] };
}
