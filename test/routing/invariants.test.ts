/**
 * What holds for every policy, state and course of events: several requests at once share a state, routes fail at random,
 * and each step is checked against the state that it saw.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { substream } from '../../src/random.ts';
import { admission, BLOCKED, PROBE } from '../../src/routing/breaker.ts';
import { Cursor } from '../../src/routing/cursor.ts';
import { FAILURE_KINDS, PENDING, WAIT } from '../../src/routing/outcome.ts';
import { createRequest, type RoutingRequest } from '../../src/routing/request.ts';
import { estimate } from '../../src/routing/route-price.ts';
import { createRoutingState, type RoutingState, setDown, stateToJson } from '../../src/routing/state.ts';
import { compile, ROUTES, T0, went } from './setting.ts';

const names = Object.keys(ROUTES);
const name = fc.constantFrom(...names);
const some = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });

const { policy } = fc.letrec<{ policy: unknown }>((tie) => ({
  policy: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    name,
    some.map((of) => ({ kind: 'cost_aware', of })),
    some.map((of) => ({ kind: 'latency_aware', of, explore: 0.2 })),
    fc.tuple(tie('policy'), fc.nat(3), tie('policy'), fc.integer({ min: 1, max: 3 })).map(([x, v, y, w]) => ({
      kind: 'weighted',
      of: [
        { use: x, weight: v },
        { use: y, weight: w },
      ],
    })),
    fc
      .tuple(tie('policy'), tie('policy'))
      .map(([first, then]) => ({ kind: 'smart', cheaper: first, otherwise: then, share: 0.4 })),
    fc.tuple(some, fc.boolean()).map(([[first, ...to], isNarrow]) => ({
      kind: 'fallback',
      first,
      to: to.length > 0 ? to : [first === 'a' ? 'b' : 'a'],
      same_seller: 'allow',
      ...(isNarrow ? { on: ['rate_limited', 'breaker_open'] } : {}),
    })),
    fc.tuple(tie('policy'), tie('policy')).map(([use, rest]) => ({
      kind: 'conditional',
      when: [{ prompt_tokens: { below: 500 }, use }],
      else: rest,
    })),
    fc
      .tuple(tie('policy'), tie('policy'))
      .map(([within, above_soft]) => ({ kind: 'budget_aware', within, above_soft })),
    tie('policy').map((otherwise) => ({ kind: 'batch', to: 'night', turnaround: '1 hours', otherwise })),
  ),
}));

const HARD = 0.02;
const config = fc.record({
  policy,
  limits: fc.record({ attempts: fc.integer({ min: 1, max: 6 }), time: fc.constantFrom('2 s', '60 s') }),
  retries: fc.option(
    fc.record({
      per_route: fc.nat(3),
      base: fc.constantFrom('0 ms', '200 ms'),
      jitter: fc.constantFrom('full', 'equal'),
    }),
    { nil: undefined },
  ),
  retry_budget: fc.option(fc.constant({ capacity: 3, per_second: 0.1 }), { nil: undefined }),
  breaker: fc.option(
    fc.record({ failures: fc.integer({ min: 1, max: 3 }), cooldown: fc.constant('3 s'), last_resort: fc.boolean() }),
    { nil: undefined },
  ),
  budgets: fc.constant([{ name: 'x', per: 'user', period: 'day', soft: HARD / 2, hard: HARD }]),
});
const WHOLE = { minLength: 40, maxLength: 120 };
const steps = fc.array(
  fc.record({
    wait_ms: fc.oneof(fc.nat(50), fc.nat(5000)),
    who: fc.nat(3),
    user: fc.nat(2),
    prompt: fc.integer({ min: 1, max: 2000 }),
    deadline: fc.constantFrom(0, 0, 0, 2 * 3_600_000),
    kind: fc.integer({ min: 0, max: 2 * FAILURE_KINDS.length }),
    asked_ms: fc.constantFrom(-1, -1, 500, 4000, 1e6),
    share: fc.constantFrom(1, 0.5, 0),
    down: fc.constantFrom(...Array.from({ length: 20 }, (_, i) => i)),
  }),
  WHOLE,
);

interface Seen {
  readonly log: string[];
  readonly state: RoutingState;
}
/** Quicker than expect, which is asked a million times here. */
function holds(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

const tally = { attempts: 0, probes: 0, lastResorts: 0, ended: new Set<number>() };

function play(input: unknown, events: typeof steps extends fc.Arbitrary<infer T> ? T : never, seed: number): Seen {
  const compiled = compile(input);
  const state = createRoutingState(compiled);
  const open = { last_resort: compiled.breaker?.last_resort === true };
  const clients = Array.from({ length: 4 }, (_, i) => ({
    cursor: new Cursor(compiled, state, substream(seed, `routing/${i}`), substream(seed, `jitter/${i}`)),
    request: createRequest() as RoutingRequest,
    route: -1,
    count: 0,
  }));
  const log: string[] = [];
  let now = T0;
  for (const step of events) {
    now += step.wait_ms;
    setDown(state, step.down % names.length, step.down >= 17);
    const client = clients[step.who]!;
    const { cursor, request } = client;
    if (client.route >= 0) {
      const kind = step.kind > FAILURE_KINDS.length ? 0 : step.kind;
      const reserved = Math.ceil(estimate(state.prices, client.route, request.prompt_tokens, request.output_tokens));
      cursor.report(
        {
          ...went('answered'),
          result: kind,
          retry_after_ms: step.asked_ms,
          latency_ms: step.wait_ms,
          cost_nano_usd: reserved * step.share,
        },
        now,
      );
      client.route = -1;
      if (cursor.outcome !== PENDING) tally.ended.add(cursor.outcome);
      log.push(`${step.who} ${kind === 0 ? 'answered' : FAILURE_KINDS[kind - 1]}`);
    } else if (cursor.outcome !== PENDING) {
      Object.assign(request, { user: step.user, prompt_tokens: step.prompt, output_tokens: 100 });
      request.deadline_ms = step.deadline === 0 ? 0 : now + step.deadline;
      cursor.begin(request, now);
      client.count = 0;
    } else {
      const before = names.map((_, route) => ({
        admitted: admission(state.breaker, route, now),
        down: state.down[route] === 1,
      }));
      const next = cursor.next(now);
      log.push(`${step.who} ${next}`);
      if (next >= 0) {
        client.route = next;
        client.count++;
        tally.attempts++;
        const { admitted, down } = before[next]!;
        holds(!down, 'tried a route that is marked down');
        holds(cursor.isProbe === (admitted === PROBE), 'a half-open route is tried by its one probe');
        holds(cursor.isLastResort === (admitted === BLOCKED), 'an open route is tried as a last resort alone');
        if (admitted === PROBE) tally.probes++;
        if (admitted === BLOCKED) {
          tally.lastResorts++;
          holds(open.last_resort && client.count === 1, 'a last resort is declared, and the only attempt so far');
        }
        holds(
          client.count <= compiled.attempts && cursor.attempts === client.count,
          'attempts stay within their budget',
        );
      } else if (next !== WAIT) {
        tally.ended.add(next);
        const isFinal = [cursor.outcome, cursor.next(now), cursor.next(now + 1e6)].every((later) => later === next);
        holds(isFinal, 'an outcome is final');
      }
    }
    for (const budget of state.budgets)
      budget.spent_nano_usd.forEach((spent, user) => {
        const reserved = budget.reserved_nano_usd[user]!;
        holds(reserved >= 0 && spent + reserved <= HARD * 1e9, 'a budget is never overspent');
      });
  }
  return { log, state };
}

test('attempts stay within their budget, open routes are left alone, budgets hold, and an outcome is final', () => {
  fc.assert(
    fc.property(config, steps, fc.nat(1000), (input, events, seed) => {
      play(input, events, seed);
    }),
    { seed: 11, numRuns: 400 },
  );
  expect(tally.attempts).toBeGreaterThan(3000);
  expect(tally.probes).toBeGreaterThan(50);
  expect(tally.lastResorts).toBeGreaterThan(20);
  expect([...tally.ended].sort((a, b) => a - b)).toEqual([-5, -4, -3, -2, -1]);
});

test('the same seed and events give the same attempts and the same state, step by step', () => {
  fc.assert(
    fc.property(config, steps, fc.nat(1000), (input, events, seed) => {
      const [first, second] = [play(input, events, seed), play(input, events, seed)];
      expect(second.log).toEqual(first.log);
      expect(stateToJson(second.state)).toEqual(stateToJson(first.state));
    }),
    { seed: 12, numRuns: 100 },
  );
});

test('what an attempt costs above its reservation is all that a budget can be passed by', () => {
  const compiled = compile({ policy: 'b', budgets: [{ name: 'x', period: 'day', hard: HARD }] });
  fc.assert(
    fc.property(fc.array(fc.nat(3_000_000), { minLength: 30, maxLength: 60 }), (costs) => {
      const state = createRoutingState(compiled);
      const cursor = new Cursor(compiled, state, substream(1, 'x'));
      const request = createRequest();
      request.prompt_tokens = 1000;
      let passed = 0;
      for (const cost_nano_usd of costs) {
        cursor.begin(request, T0);
        if (cursor.next(T0) < 0) continue;
        cursor.report(went('answered', { cost_nano_usd }), T0);
        passed = Math.max(passed, cost_nano_usd - 1_000_000);
      }
      expect(state.budgets[0]!.spent_nano_usd[0]!).toBeLessThanOrEqual(HARD * 1e9 + passed);
    }),
    { seed: 13, numRuns: 200 },
  );
});
