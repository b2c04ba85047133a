import { describe, expect, test } from 'vitest';
import { substream } from '../../src/random.ts';
import { Cursor } from '../../src/routing/cursor.ts';
import { ANSWERED, CANCELLED, failureOf, NO_ROUTE, outcomeName, WAIT } from '../../src/routing/outcome.ts';
import { createRequest } from '../../src/routing/request.ts';
import { setDown, stateFromJson, stateToJson } from '../../src/routing/state.ts';
import { A, always, B, C, drive, only, run, T0, went } from './setting.ts';

const chain = { kind: 'fallback', first: 'a', to: ['b', 'c'] };
const quick = { per_route: 2, base: '100 ms', jitter: 'none' };
const breaker = { failures: 2, cooldown: '10 s', window: '60 s' };

describe('attempts', () => {
  test('a healthy first route answers, and nothing else is tried', () => {
    expect(run(drive({ policy: chain, breaker, retries: quick }), always('answered'))).toEqual({
      tried: ['a'],
      outcome: 'answered',
      reason: 'none',
      waits: [],
    });
  });

  test('retries come before fallbacks, each route with its own backoff', () => {
    const driver = drive({ policy: chain, retries: quick, limits: { attempts: 10 } });
    expect(run(driver, always('server_error'))).toEqual({
      tried: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'],
      outcome: 'failed',
      reason: 'routes_spent',
      waits: [100, 200, 100, 200, 100, 200],
    });
  });

  test('one budget of attempts holds over retries and fallbacks: three tries in five layers are not 243', () => {
    const names = Array.from({ length: 5 }, (_, i) => `r${i}`);
    const routes = Object.fromEntries(
      names.map((name) => [name, { seller: name, model: 'm', tier: 'standard' as const }]),
    );
    const policies: Record<string, unknown> = {};
    for (let layer = 0; layer < 4; layer++)
      policies[`layer${layer}`] = {
        kind: 'fallback',
        first: names[layer],
        to: [layer === 3 ? names[4] : `layer${layer + 1}`],
      };
    const config = { policy: 'layer0', policies, retries: { ...quick, per_route: 2 } };
    const most = run(drive({ ...config, limits: { attempts: 100 } }, { routes }), always('server_error'));
    expect(most.tried).toHaveLength(15);
    const capped = run(drive(config, { routes }), always('server_error'));
    expect(capped).toMatchObject({ tried: ['r0', 'r0', 'r0', 'r1'], outcome: 'failed', reason: 'attempts_spent' });
  });

  test('no retry starts after the time budget; a fallback that is still in time does', () => {
    const config = { policy: chain, retries: { ...quick, base: '5 s' }, limits: { time: '4 s' } };
    expect(run(drive(config), only(['b'], 'server_error'))).toMatchObject({ tried: ['a', 'b'], waits: [] });
    const { cursor, request } = drive(config);
    cursor.begin(request, T0);
    cursor.next(T0);
    cursor.report(went('server_error'), T0 + 4001);
    cursor.next(T0 + 4001);
    expect([outcomeName(cursor.outcome), cursor.reason]).toEqual(['failed', 'time_spent']);
  });

  test('a request whose deadline has passed is not attempted', () => {
    const driver = drive({ policy: 'a' });
    driver.request.deadline_ms = T0 - 1;
    expect(run(driver, always('answered'))).toMatchObject({ tried: [], outcome: 'failed', reason: 'time_spent' });
  });

  test('Retry-After is waited for, or the route is left when it is too long', () => {
    const config = { policy: chain, retries: { ...quick, retry_after_cap: '20 s' } };
    const asks = (retry_after_ms: number) => (_: string, attempt: number) =>
      attempt === 1 ? went('rate_limited', { status: 429, retry_after_ms }) : went('answered');
    expect(run(drive(config), asks(3000))).toMatchObject({ tried: ['a', 'a'], waits: [3000] });
    expect(run(drive(config), asks(20_001))).toMatchObject({ tried: ['a', 'b'], waits: [] });
  });

  test('an exhausted quota and a timeout are not retried on their route, but fall over', () => {
    for (const kind of ['quota_exhausted', 'timeout'] as const)
      expect(run(drive({ policy: chain, retries: quick }), only(['b'], kind)).tried).toEqual(['a', 'b']);
  });

  test.each(['truncated', 'cancelled'] as const)('nothing is tried after %s, whatever the policy says', (kind) => {
    const driver = drive({ policy: chain, retries: quick });
    expect(run(driver, always(kind))).toMatchObject({
      tried: ['a'],
      outcome: kind === 'cancelled' ? 'cancelled' : 'failed',
      reason: 'not_recoverable',
    });
  });

  test('the budget of retries holds over all requests', () => {
    const driver = drive({ policy: 'a', retries: quick, retry_budget: { capacity: 3, per_request: 0 } });
    const tries = [1, 2, 3].map(() => run(driver, always('server_error')).tried.length);
    expect(tries).toEqual([3, 2, 1]);
  });

  test('a client that leaves during a wait cancels the request', () => {
    const { cursor, request } = drive({ policy: 'a', retries: quick });
    cursor.begin(request, T0);
    cursor.next(T0);
    expect(() => cursor.cancel()).toThrow('an attempt is out');
    cursor.report(went('server_error'), T0);
    expect([cursor.next(T0), cursor.next(T0 + 99), cursor.not_before_ms]).toEqual([WAIT, WAIT, T0 + 100]);
    cursor.cancel();
    expect(cursor.next(T0 + 100)).toBe(CANCELLED);
  });

  test('misuse is a bug and says so', () => {
    const { cursor, request } = drive({ policy: 'a' });
    expect(() => cursor.report(went('answered'), T0)).toThrow('no attempt to report');
    cursor.begin(request, T0);
    cursor.next(T0);
    expect(() => cursor.next(T0)).toThrow('has to be reported');
    expect(() => cursor.begin(request, T0)).toThrow('is out');
    cursor.report(went('answered'), T0);
    expect(cursor.next(T0)).toBe(ANSWERED);
  });
});

describe('breakers within requests', () => {
  test('an open route is passed over, then probed once, and taken again when the probe answers', () => {
    const driver = drive({ policy: chain, breaker });
    const down = only(['b', 'c'], 'server_error');
    expect(run(driver, down, T0).tried).toEqual(['a', 'b']);
    expect(run(driver, down, T0 + 1).tried).toEqual(['a', 'b']);
    expect(run(driver, down, T0 + 2).tried).toEqual(['b']);
    const other = new Cursor(driver.compiled, driver.state, substream(2, 'other'));
    driver.cursor.begin(driver.request, T0 + 10_001);
    expect([driver.cursor.next(T0 + 10_001), driver.cursor.isProbe]).toEqual([A, true]);
    other.begin(createRequest(), T0 + 10_001);
    expect(other.next(T0 + 10_001)).toBe(B);
    driver.cursor.report(went('answered'), T0 + 10_100);
    other.report(went('answered'), T0 + 10_100);
    other.begin(createRequest(), T0 + 10_200);
    expect([other.next(T0 + 10_200), other.isProbe]).toEqual([A, false]);
  });

  test('a retry whose route has opened while it waited goes to the next', () => {
    const driver = drive({ policy: chain, breaker, retries: quick });
    const { cursor, request, compiled, state } = driver;
    cursor.begin(request, T0);
    cursor.next(T0);
    cursor.report(went('server_error'), T0);
    expect(cursor.next(T0)).toBe(WAIT);
    const other = new Cursor(compiled, state, substream(2, 'other'));
    other.begin(createRequest(), T0 + 50);
    other.next(T0 + 50);
    other.report(went('server_error'), T0 + 60);
    expect(cursor.next(T0 + 100)).toBe(B);
  });

  const allOpen = (last_resort: boolean) => {
    const driver = drive({ policy: chain, breaker: { ...breaker, failures: 1, last_resort } });
    run(driver, only([], 'server_error'), T0);
    return driver;
  };

  test('where all are open the answer says so, with the time until one opens', () => {
    const driver = allOpen(false);
    expect(run(driver, always('answered'), T0 + 4000)).toMatchObject({
      tried: [],
      outcome: 'no_route',
      reason: 'all_open',
    });
    expect([driver.cursor.outcome, driver.cursor.retry_after_ms]).toEqual([NO_ROUTE, 6000]);
  });

  test('a last resort tries the one that opens soonest, and an answer closes it', () => {
    const driver = allOpen(true);
    driver.state.breaker.open_until_ms[C] = T0 + 9000;
    expect(run(driver, always('server_error'), T0 + 4000)).toMatchObject({ tried: ['c'], outcome: 'failed' });
    expect(driver.cursor.isLastResort).toBe(true);
    expect(run(driver, always('answered'), T0 + 4001)).toMatchObject({ tried: ['c'], outcome: 'answered' });
    expect(run(driver, always('answered'), T0 + 4002).tried).toEqual(['c']);
    expect(driver.cursor.isLastResort).toBe(false);
  });

  test('a route that is marked down is not even a last resort', () => {
    const driver = drive({ policy: 'a', breaker: { ...breaker, last_resort: true } });
    setDown(driver.state, A, true);
    expect(run(driver, always('answered'))).toMatchObject({ tried: [], outcome: 'no_route' });
    expect(driver.cursor.retry_after_ms).toBe(-1);
  });

  test('a fallback that is not for open breakers is not a last resort either', () => {
    const driver = drive({
      policy: { kind: 'fallback', first: 'a', to: ['b'], on: ['rate_limited'] },
      breaker: { ...breaker, failures: 1, last_resort: true },
    });
    run(driver, always('server_error'), T0);
    expect(run(driver, always('answered'), T0 + 1).tried).toEqual(['a']);
  });
});

test('failures are told apart by status, and by the body’s code where it says more', () => {
  expect([400, 401, 402, 404, 408, 413, 429, 499, 500, 502, 503, 504, 529].map((status) => failureOf(status))).toEqual([
    'bad_request',
    'unauthorised',
    'quota_exhausted',
    'not_found',
    'timeout',
    'bad_request',
    'rate_limited',
    'cancelled',
    'server_error',
    'server_error',
    'overloaded',
    'timeout',
    'overloaded',
  ]);
  expect(failureOf(429, 'insufficient_quota')).toBe('quota_exhausted');
  expect(failureOf(400, 'context_length_exceeded')).toBe('context_length');
  expect(failureOf(429, 'toString')).toBe('rate_limited');
});

test('a saved state goes on as the one that was saved', () => {
  const config = { policy: chain, breaker, budgets: [{ name: 'x', per: 'user', period: 'day', hard: '1 USD' }] };
  const driver = drive(config);
  driver.request.user = 40;
  run(driver, only(['b'], 'server_error'), T0);
  const json = JSON.parse(JSON.stringify(stateToJson(driver.state)));
  const state = stateFromJson(driver.compiled, json);
  expect(state).toEqual(driver.state);
  const later = { ...driver, state, cursor: new Cursor(driver.compiled, state, substream(1, 'x')) };
  for (const now of [T0 + 1, T0 + 2, T0 + 20_000])
    expect(run(later, only(['b'], 'server_error'), now)).toEqual(run(driver, only(['b'], 'server_error'), now));
  expect(stateToJson(state)).toEqual(stateToJson(driver.state));
});
