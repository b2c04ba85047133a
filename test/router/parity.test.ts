/**
 * What a replay says that a policy would have done is what the router does: the same attempts at the same instants, the same
 * outcomes, the same cost to the nano-dollar.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { live, type ParityCase, ROUTES, replayed, type Sellers } from './parity-setting.ts';
import { drawHealth, drawTraffic, START_MS } from './parity-traffic.ts';
import { ANSWER, ask, CHAT, startRouter } from './setting.ts';
import { type Behaviour, json, pause, TestUpstream } from './upstream.ts';
import { VirtualTime } from './virtual-time.ts';

let time: VirtualTime;
let sellers: Sellers;

// Waiting moves the clock; all else of a wait is timers, which have tests of their own.
vi.mock('../../src/router/backoff.ts', () => ({
  backoff: async (ms: number) => {
    time.advance(ms);
    return ms;
  },
}));

beforeAll(async () => {
  const [alpha, beta] = await Promise.all([new TestUpstream().listen(), new TestUpstream().listen()]);
  sellers = { alpha, beta };
  return async () => {
    await Promise.all([alpha.close(), beta.close()]);
  };
});

beforeEach(() => {
  time = new VirtualTime(START_MS).install();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const both = { kind: 'fallback' as const, to: ['b'] };
const breaker = { failures: 2, window: '60 s', cooldown: '8 s' };
const budgets = [
  { name: 'teams', per: 'team' as const, period: 'day' as const, soft: '0.08 USD', hard: '0.1 USD' },
  { name: 'house', per: 'all' as const, period: 'total' as const, hard: '0.17 USD' },
];

const CASES: Record<string, ParityCase & { readonly hasCached?: boolean }> = {
  'fallback with retries': { routing: { policy: both, retries: { per_route: 2, jitter: 'none' } } },
  'retries with full jitter and a budget of retries': {
    routing: {
      policy: both,
      retries: { per_route: 3, on: ['overloaded', 'rate_limited', 'connection', 'timeout'], retry_after_cap: '20 s' },
      retry_budget: { capacity: 5, per_request: 0.2 },
      limits: { attempts: 4, time: '40 s' },
    },
  },
  weighted: {
    routing: {
      policy: {
        kind: 'weighted',
        of: [
          { use: 'a', weight: 3 },
          { use: 'b', weight: 1 },
        ],
      },
    },
  },
  'weighted, retried with equal jitter, behind a breaker': {
    routing: {
      policy: {
        kind: 'weighted',
        of: [
          { use: 'a', weight: 1 },
          { use: 'b', weight: 1 },
        ],
      },
      retries: { per_route: 1, jitter: 'equal' },
      breaker,
    },
  },
  conditional: {
    routing: {
      policy: {
        kind: 'conditional',
        when: [
          { team: 'lab', feature: ['chat', 'digest'], use: 'b' },
          { prompt_tokens: { from: 1500 }, use: { kind: 'fallback', first: 'a', to: ['b'] } },
          { user: 'u1', use: 'b' },
          { model: 'beta/m', use: 'b' },
        ],
        else: 'a',
      },
      retries: { per_route: 1 },
    },
  },
  'cost-aware': { routing: { policy: { kind: 'cost_aware', of: ['a', 'b'] }, breaker } },
  'latency-aware': {
    routing: {
      policy: { kind: 'latency_aware', of: ['a', 'b'], explore: 0.1 },
      latency: { a: '500 ms', b: '800 ms' },
      latency_smoothing: 0.3,
      breaker: { ...breaker, last_resort: true },
    },
  },
  smart: {
    routing: {
      policy: { kind: 'smart', cheaper: 'b', otherwise: 'a', share: 0.5, simple: { prompt_tokens: { below: 2000 } } },
      retries: { per_route: 1 },
    },
  },
  'budget-aware, with hard limits per team and for all': {
    hasCached: false,
    routing: {
      policy: { kind: 'budget_aware', budgets: ['teams'], within: 'a', above_soft: 'b' },
      retries: { per_route: 2, on: ['overloaded', 'connection', 'timeout'] },
      budgets,
    },
  },
  'breaker and cooldown by share': {
    routing: {
      policy: both,
      breaker: { rate: 0.4, min_requests: 4, window: '2 minutes', cooldown: '10 s', cooldown_cap: '40 s' },
    },
  },
  'response cache in front of a chain': {
    routing: { policy: both, retries: { per_route: 1 }, breaker },
    cache: { entries: 30, life: '20 minutes' },
  },
};

/** Long runs: TOLLGATE_LONG=1 npx vitest run test/router/parity.test.ts */
const IS_LONG = process.env.TOLLGATE_LONG === '1';
const SEEDS = IS_LONG ? [7, 8, 9, 10, 11, 12] : [7];
const REQUESTS = IS_LONG ? 400 : 90;

const met = new Set<string>();
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('live and replayed', () => {
  test.each(Object.entries(CASES))(
    '%s: the same attempts, outcomes and costs',
    { timeout: 600_000 },
    async (_, one) => {
      for (const seed of SEEDS) {
        time.advanceTo(time.now_ms);
        const traffic = drawTraffic(seed, REQUESTS, 9000, one.hasCached !== false, time.now_ms);
        const health = drawHealth(seed, time.now_ms, time.now_ms + REQUESTS * 12_000);
        const lived = await live(sellers, time, one, traffic, health, seed);
        const again = replayed(one, traffic, lived.began_ms, health, seed);
        expect(again.attempts).toEqual(lived.attempts);
        expect(again.outcomes).toEqual(lived.outcomes);
        expect(again.cost_nano_usd).toEqual(lived.cost_nano_usd);
        expect(Math.round(again.usage_usd! * 1e9)).toBe(sum(lived.cost_nano_usd));
        for (const { outcome } of lived.attempts) met.add(outcome);
        for (const outcome of Object.keys(lived.outcomes)) met.add(`request ${outcome}`);
        for (const { attempt } of lived.attempts) if (attempt > 1) met.add('a further attempt');
      }
    },
  );

  test('went through every kind of trouble that the script has, and every end of a request', () => {
    const attempts = ['answered', 'rate_limited', 'overloaded', 'server_error', 'timeout', 'connection', 'bad_request'];
    const requests = ['answered', 'cached', 'failed', 'refused', 'no_route'].map((outcome) => `request ${outcome}`);
    expect([...met].sort()).toEqual([...attempts, ...requests, 'a further attempt'].sort());
  });

  test('differ by assumption alone where nobody knows: a replay bills what timed out unless it is told not to', async () => {
    const one = CASES['fallback with retries']!;
    const traffic = drawTraffic(3, 60, 9000, true, START_MS);
    const health = drawHealth(3, START_MS, START_MS + 720_000);
    const lived = await live(sellers, time, one, traffic, health, 3);
    const billed = replayed(one, traffic, lived.began_ms, health, 3, 1);
    const isTimeout = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'timeout';
    expect(billed.result.billed_failures).toBe(lived.attempts.filter(isTimeout).length);
    expect(billed.result.billed_failures).toBeGreaterThan(0);
    const assumed = billed.attempts.filter(isTimeout).map(({ cost_nano_usd }) => cost_nano_usd!);
    expect(sum(billed.cost_nano_usd)).toBe(sum(lived.cost_nano_usd) + sum(assumed));
  });
});

describe('draws', () => {
  test('belong to the number of a request: requests that overlap go where they go one by one', async () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    const routing = { policy: CASES.weighted!.routing.policy };
    const open = () =>
      startRouter({
        routes: ROUTES,
        routing,
        upstreams: { alpha: { base_url: sellers.alpha.base_url }, beta: { base_url: sellers.beta.base_url } },
      });
    const [alone, together] = await Promise.all([open(), open()]);
    const answer = json(ANSWER);
    sellers.alpha.script(answer);
    sellers.beta.script(answer);
    const oneByOne: unknown[] = [];
    for (let i = 0; i < 40; i++) oneByOne.push((await ask(alone, CHAT)).headers['x-tollgate-route']);
    const begun: Promise<unknown>[] = [];
    const release: (() => void)[] = [];
    const held: Behaviour = async (response, seen) => {
      await new Promise<void>((resolve) => release.push(resolve));
      await answer(response, seen);
    };
    sellers.alpha.script(held);
    sellers.beta.script(held);
    for (let i = 0; i < 40; i++) {
      begun.push(ask(together, CHAT).then(({ headers }) => headers['x-tollgate-route']));
      while (sellers.alpha.calls.length + sellers.beta.calls.length <= i) await pause(1);
      // The one before last ends while this one runs.
      if (release.length > 1) release.splice(release.length - 2, 1)[0]!();
    }
    for (const end of release) end();
    expect(await Promise.all(begun)).toEqual(oneByOne);
    expect(new Set(oneByOne)).toEqual(new Set(['a', 'b']));
    await Promise.all([alone.router.close(), together.router.close()]);
  });
});
