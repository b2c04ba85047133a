/**
 * From the conditions as people write them to what a replay runs on: outage intervals, limits, errors and latencies by the
 * number of the route. Pure renaming and building; what is not stated is undefined, and then the replay adds nothing.
 */

import type { Abandonment } from './abandonment.ts';
import { type ClientRegions, clientRegions } from './client-regions.ts';
import { type RouteErrors, routeErrorsOf } from './errors-in-bursts.ts';
import {
  constantLatency,
  type LatencySpread,
  logNormalLatency,
  normalLatency,
  tabledLatency,
} from './latency-spread.ts';
import type { OutageInterval } from './outage-timeline.ts';
import type { RateLimitRule } from './rate-limits.ts';
import type { RouteLatency } from './route-latency.ts';
import type { Conditions, StatedAbandonment, StatedLatency, StatedRateLimit } from './schema.ts';

/** Severity of an outage that somebody stated. */
export const STATED = 'stated';

export const outageIntervals = ({ outages }: Pick<Conditions, 'outages'>): OutageInterval[] =>
  outages.map(({ component, from, until, failing }) => ({
    component,
    from_ms: Date.parse(from),
    until_ms: Date.parse(until),
    severity: STATED,
    failing_fraction: failing.central,
  }));

export const rateLimitRule = (stated: StatedRateLimit): RateLimitRule => ({
  requests_per_minute: stated.requests_per_minute?.central,
  tokens_per_minute: stated.tokens_per_minute?.central,
  burst_requests: stated.burst_requests?.central,
  burst_tokens: stated.burst_tokens?.central,
  per: stated.per,
});

type StatedSpread = StatedLatency['first_token'];
type StatedHop = StatedLatency['hops'][number]['latency'];

const latencySpread = (stated: StatedSpread): LatencySpread =>
  'p50' in stated
    ? logNormalLatency(stated.p50.central, stated.p95.central)
    : tabledLatency(stated.probabilities, stated.values_ms);

const hopSpread = (stated: StatedHop): LatencySpread =>
  'p50' in stated
    ? normalLatency(stated.p50.central, stated.p95.central)
    : tabledLatency(stated.probabilities, stated.values_ms);

/** @param regions the names whose places requests carry */
export const routeLatencyOf = (stated: StatedLatency, regions: readonly string[]): RouteLatency => ({
  first_token: latencySpread(stated.first_token),
  per_token: latencySpread(stated.per_token),
  prefill_ms_per_1000_tokens: stated.prefill.central,
  failure: stated.failure === undefined ? constantLatency(0) : latencySpread(stated.failure),
  inspection_ms: stated.inspection.central,
  hops: stated.hops.map(({ region, from_prompt_tokens, latency }) => ({
    region: region === undefined ? undefined : regions.indexOf(region),
    from_prompt_tokens,
    spread: hopSpread(latency),
  })),
});

/** Without a timeout nobody asks again. */
export const abandonmentOf = (stated: StatedAbandonment): Abandonment => ({
  after_ms: stated.after.central,
  leaving_fraction: stated.leaving.central,
  timeout_ms: stated.timeout?.central ?? Number.POSITIVE_INFINITY,
  duplicating_fraction: stated.timeout === undefined ? 0 : (stated.duplicating?.central ?? 1),
});

export interface CompiledConditions {
  readonly outages: readonly OutageInterval[];
  /** One entry per route, in the order of the names. */
  readonly rate_limits: readonly (RateLimitRule | undefined)[];
  readonly errors: readonly (RouteErrors | undefined)[];
  readonly latency: readonly (RouteLatency | undefined)[];
  readonly abandonment: (Abandonment & { readonly waits_for: WaitedFor }) | undefined;
  readonly service_levels: readonly ServiceLevel[];
  readonly clients: ClientRegions | undefined;
}

export type WaitedFor = 'first_token' | 'answer';

export interface ServiceLevel {
  readonly measure: WaitedFor;
  readonly within_ms: number;
  /** Share of requests that has to be within; undefined: misses are counted alone. */
  readonly share_fraction: number | undefined;
}

export function compileConditions(
  stated: Conditions,
  routes: readonly string[],
  regions: readonly string[],
): CompiledConditions {
  const each = <T, R>(by: Readonly<Record<string, T>>, of: (one: T) => R): (R | undefined)[] =>
    routes.map((route) => (Object.hasOwn(by, route) ? of(by[route] as T) : undefined));
  return {
    outages: outageIntervals(stated),
    rate_limits: each(stated.rate_limits, rateLimitRule),
    errors: each(stated.error_rate, routeErrorsOf),
    latency: each(stated.latency, (one) => routeLatencyOf(one, regions)),
    abandonment:
      stated.abandonment === undefined
        ? undefined
        : { ...abandonmentOf(stated.abandonment), waits_for: stated.abandonment.waits_for },
    clients: clientRegions(
      Object.fromEntries(Object.entries(stated.clients).map(([name, one]) => [name, one.central])),
    ),
    service_levels: stated.sla.map(({ measure, within, share }) => ({
      measure,
      within_ms: within.central,
      share_fraction: share?.central,
    })),
  };
}
