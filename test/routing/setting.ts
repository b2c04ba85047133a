/** Routes, prices and a short way to compile and drive policies, shared by the tests of routing. */
import { substream } from '../../src/random.ts';
import { type AttemptResult, createResult } from '../../src/routing/attempt.ts';
import { type CompiledRouting, compileRouting, type RoutingFacts } from '../../src/routing/compile.ts';
import { Cursor } from '../../src/routing/cursor.ts';
import { type FailureKind, failed, outcomeName, WAIT } from '../../src/routing/outcome.ts';
import { createRequest, type RoutingRequest } from '../../src/routing/request.ts';
import type { Routes } from '../../src/routing/route.ts';
import { parseRouting } from '../../src/routing/routing.ts';
import { createRoutingState, type RoutingState } from '../../src/routing/state.ts';

export const T0 = Date.parse('2026-11-15T12:00:00Z');

const route = (seller: string, model: string, tier: 'standard' | 'batch' = 'standard') => ({ seller, model, tier });
export const ROUTES: Routes = {
  a: route('alpha', 'large'),
  a2: route('alpha', 'small'),
  b: route('beta', 'large'),
  c: route('gamma', 'large'),
  night: route('alpha', 'large', 'batch'),
};
export const [A, A2, B, C, NIGHT] = [0, 1, 2, 3, 4];

const price = (input: number, output: number) => ({ input_usd_per_mtok: input, output_usd_per_mtok: output });
export const PRICES = { a: price(3, 15), a2: price(1, 1), b: price(1, 4), c: price(2, 2), night: price(1.5, 7.5) };

export const FACTS: RoutingFacts = { routes: ROUTES, prices: PRICES };
export const compile = (config: unknown, facts: RoutingFacts = FACTS): CompiledRouting =>
  compileRouting(parseRouting(config), facts);

export interface Driver {
  readonly compiled: CompiledRouting;
  readonly state: RoutingState;
  readonly cursor: Cursor;
  readonly request: RoutingRequest;
}

export function drive(config: unknown, facts: RoutingFacts = FACTS, seed = 1): Driver {
  const compiled = compile(config, facts);
  const state = createRoutingState(compiled);
  const cursor = new Cursor(compiled, state, substream(seed, 'routing'), substream(seed, 'jitter'));
  return { compiled, state, cursor, request: createRequest(compiled.metadata.length) };
}

/** The result of an attempt: an answer, or a failure of this kind. */
export const went = (kind: FailureKind | 'answered', more: Partial<AttemptResult> = {}): AttemptResult => ({
  ...createResult(),
  result: kind === 'answered' ? 0 : failed(kind),
  ...more,
});

/** Runs a request; `fate` says how an attempt on a route goes. Gives the routes tried, the outcome and its reason. */
export function run(
  { cursor, compiled, request }: Driver,
  fate: (route: string, attempt: number) => AttemptResult,
  now_ms: number = T0,
): { tried: string[]; outcome: string; reason: string; waits: number[] } {
  const tried: string[] = [];
  const waits: number[] = [];
  let now = now_ms;
  cursor.begin(request, now);
  for (let next = cursor.next(now); next >= 0 || next === WAIT; next = cursor.next(now)) {
    if (next === WAIT) {
      waits.push(cursor.not_before_ms - now);
      now = cursor.not_before_ms;
      continue;
    }
    const name = compiled.routes[next]!;
    tried.push(name);
    cursor.report(fate(name, tried.length), now);
  }
  return { tried, outcome: outcomeName(cursor.outcome), reason: cursor.reason, waits };
}

export const always = (kind: FailureKind | 'answered') => () => went(kind);
/** Routes that answer; all others fail with this kind. */
export const only = (up: readonly string[], kind: FailureKind) => (name: string) =>
  went(up.includes(name) ? 'answered' : kind);
