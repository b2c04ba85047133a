/** Requests, routes and plans of tests, with what most of them have in common. */

import { type ReplayPlan, type ReplaySettings, replayPlan } from '../../src/replay/plan.ts';
import { compileRouting } from '../../src/routing/compile.ts';
import type { Names } from '../../src/routing/names.ts';
import type { Routes } from '../../src/routing/route.ts';
import type { RoutePrice } from '../../src/routing/route-price.ts';
import { parseRouting, type RoutingInput } from '../../src/routing/routing.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import type { TraceRequest } from '../../src/trace/request.ts';

export const START_MS = Date.parse('2026-03-02T08:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export const request = (fields: Partial<TraceRequest> = {}): TraceRequest => ({
  ...ABSENT,
  time_ms: START_MS,
  seller: 'openai',
  model: 'large',
  input_tokens: 1000,
  output_tokens: 200,
  ...fields,
});

export const ROUTES: Routes = {
  first: { seller: 'openai', model: 'large', tier: 'standard' },
  second: { seller: 'mistral', model: 'medium', tier: 'standard' },
  third: { seller: 'anthropic', model: 'claude', tier: 'standard' },
};

export const FALLBACK: RoutingInput = { policy: { kind: 'fallback', first: 'first', to: ['second'] } };

export function plan(
  routing: RoutingInput,
  settings: Partial<ReplaySettings> = {},
  facts: { readonly names?: Names; readonly prices?: Readonly<Record<string, RoutePrice>> } = {},
): ReplayPlan {
  const routes = settings.routes ?? ROUTES;
  return replayPlan({ routing: compileRouting(parseRouting(routing), { routes, ...facts }), ...settings, routes });
}

export const outage = (component: string, from_ms: number, until_ms: number, failing_fraction = 1) => ({
  component,
  from_ms,
  until_ms,
  severity: 'full',
  failing_fraction,
});
