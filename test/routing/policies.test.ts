import { describe, expect, test } from 'vitest';
import { setRoutePrice } from '../../src/routing/route-price.ts';
import { learnLatency, setDown } from '../../src/routing/state.ts';
import { A, always, B, C, drive, only, run, T0 } from './setting.ts';

const HOUR = 3_600_000;
const first = (driver: ReturnType<typeof drive>, now = T0): string => run(driver, always('answered'), now).tried[0]!;

describe('single', () => {
  test('takes its route, or the one that the request was assigned to', () => {
    expect(first(drive({ policy: { kind: 'single', route: 'b' } }))).toBe('b');
    const assigned = drive({ policy: { kind: 'single' } });
    assigned.request.route = C;
    expect(first(assigned)).toBe('c');
    assigned.request.route = A;
    expect(first(assigned)).toBe('a');
  });

  test('has no route for a request that was assigned to none', () => {
    expect(run(drive({ policy: { kind: 'single' } }), always('answered'))).toMatchObject({
      tried: [],
      outcome: 'no_route',
      reason: 'no_candidate',
    });
  });

  test('a plain name, seller/model and a policy’s name are targets', () => {
    expect(first(drive({ policy: 'b' }))).toBe('b');
    expect(first(drive({ policy: 'beta/large' }))).toBe('b');
    expect(first(drive({ policy: 'mine', policies: { mine: { kind: 'single', route: 'c' } } }))).toBe('c');
  });
});

describe('fallback', () => {
  test('tries, after the assigned route, the first listed one of another seller', () => {
    const driver = drive({ policy: { kind: 'fallback', to: ['a2', 'b', 'c'] } });
    driver.request.route = A;
    expect(run(driver, only([], 'server_error'))).toMatchObject({
      tried: ['a', 'b', 'c'],
      outcome: 'failed',
      reason: 'routes_spent',
    });
    driver.request.route = B;
    expect(run(driver, only([], 'server_error')).tried).toEqual(['b', 'a2', 'c']);
  });

  test('tries a second route of the same seller where that is allowed', () => {
    const driver = drive({ policy: { kind: 'fallback', first: 'a', to: ['a2'], same_seller: 'allow' } });
    expect(run(driver, only(['a2'], 'server_error')).tried).toEqual(['a', 'a2']);
  });

  test('does not fall over on a bad request, unless it is told to', () => {
    const chain = { kind: 'fallback', first: 'a', to: ['b'] };
    expect(run(drive({ policy: chain }), always('bad_request'))).toMatchObject({
      tried: ['a'],
      outcome: 'failed',
      reason: 'not_recoverable',
    });
    const told = drive({ policy: { ...chain, on: ['context_length'] } });
    expect(run(told, only(['b'], 'context_length')).tried).toEqual(['a', 'b']);
    expect(run(told, only(['b'], 'server_error')).tried).toEqual(['a']);
  });

  test('falls over on an exact status alone', () => {
    const driver = drive({ policy: { kind: 'fallback', first: 'a', to: ['b'], on: [418] } });
    const fate = (status: number) => run(driver, () => ({ ...always('bad_request')(), status })).tried;
    expect([fate(418), fate(400)]).toEqual([['a', 'b'], ['a']]);
  });

  test('is not entered in its middle by a failure that its own beginning was not asked for', () => {
    const driver = drive({
      policy: { kind: 'fallback', first: 'a', to: ['inner'], on: ['rate_limited'] },
      policies: { inner: { kind: 'fallback', first: 'b', to: ['c'], on: ['server_error'] } },
    });
    expect(run(driver, always('server_error')).tried).toEqual(['a']);
    const fate = (name: string) => always(name === 'a' ? 'rate_limited' : 'server_error')();
    expect(run(driver, fate).tried).toEqual(['a', 'b', 'c']);
  });

  test('tries no route twice when it stands in two of its parts', () => {
    const weighted = {
      kind: 'weighted',
      of: [
        { use: 'a', weight: 1 },
        { use: 'b', weight: 1 },
      ],
    };
    const driver = drive({ policy: { kind: 'fallback', first: weighted, to: ['b', 'c'], same_seller: 'allow' } });
    for (let i = 0; i < 20; i++) expect(run(driver, always('server_error')).tried.toSorted()).toEqual(['a', 'b', 'c']);
  });
});

describe('weighted', () => {
  const policy = {
    kind: 'weighted',
    of: [
      { use: 'a', weight: 6 },
      { use: 'b', weight: 3 },
      { use: 'c', weight: 1 },
    ],
  };
  const REQUESTS = 20_000;
  const within = (found: number, share: number, of: number): void => {
    expect(Math.abs(found - share * of)).toBeLessThan(3 * Math.sqrt(of * share * (1 - share)));
  };

  test('gives each route its share, within three standard errors', () => {
    const driver = drive({ policy });
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < REQUESTS; i++) counts[first(driver)]!++;
    within(counts.a!, 0.6, REQUESTS);
    within(counts.b!, 0.3, REQUESTS);
    within(counts.c!, 0.1, REQUESTS);
  });

  test('shares what a failed route leaves by the weights of the others', () => {
    const driver = drive({ policy });
    const orders: Record<string, number> = {};
    for (let i = 0; i < REQUESTS; i++) {
      const order = run(driver, always('server_error')).tried.join('');
      orders[order] = (orders[order] ?? 0) + 1;
    }
    within(orders.abc!, 0.6 * 0.75, REQUESTS);
    within(orders.acb!, 0.6 * 0.25, REQUESTS);
    within(orders.bac!, (0.3 * 6) / 7, REQUESTS);
    within(orders.cab!, (0.1 * 6) / 9, REQUESTS);
  });

  test('takes the routes that are up when one is down', () => {
    const driver = drive({ policy });
    setDown(driver.state, A, true);
    const counts: Record<string, number> = { b: 0, c: 0 };
    for (let i = 0; i < 4000; i++) counts[first(driver)]!++;
    within(counts.b!, 0.75, 4000);
  });

  test('uses a route of weight 0 only when no other is left', () => {
    const driver = drive({
      policy: {
        kind: 'weighted',
        of: [
          { use: 'a', weight: 0 },
          { use: 'b', weight: 1 },
          { use: 'c', weight: 2 },
        ],
      },
    });
    for (let i = 0; i < 200; i++) expect(run(driver, always('server_error')).tried[2]).toBe('a');
  });

  test('a failure of one request does not move the draws of the next', () => {
    const calm = drive({ policy });
    const stormy = drive({ policy, retries: { per_route: 2 } });
    for (let i = 0; i < 300; i++) {
      const order = run(calm, always('answered')).tried[0];
      expect(run(stormy, i % 3 === 0 ? always('bad_request') : always('answered')).tried[0]).toBe(order);
    }
  });
});

describe('conditional', () => {
  const driver = drive({
    policy: {
      kind: 'conditional',
      when: [
        { feature: 'chat', prompt_tokens: { below: 1000 }, use: 'a2' },
        { feature: ['chat', 'search'], tier: ['priority', 'fast'], use: 'c' },
        { metadata: { plan: ['gold', 'silver'] }, user: 'ann', use: 'b' },
        { team: 'ops', region: 'eu', model: 'gpt', key: 'k1', prompt_tokens: { from: 10 }, use: 'b' },
      ],
      else: 'a',
    },
  });
  const { names, metadata } = driver.compiled;
  const asked = (fields: Record<string, string | number>): string => {
    const request = { ...driver.request, metadata: new Int32Array(metadata.length) };
    for (const [field, value] of Object.entries(fields)) {
      if (field === 'plan') request.metadata[metadata.indexOf('plan')] = names.index('metadata.plan', String(value));
      else if (typeof value === 'number') Object.assign(request, { [field]: value });
      else Object.assign(request, { [field]: names.index(field as 'user', value) });
    }
    return first({ ...driver, request });
  };

  test('takes the first rule that holds, else the rest', () => {
    expect(asked({ feature: 'chat', prompt_tokens: 999 })).toBe('a2');
    expect(asked({ feature: 'chat', prompt_tokens: 1000 })).toBe('a');
    expect(asked({ feature: 'chat', prompt_tokens: 1000, tier: 3 })).toBe('c');
    expect(asked({ feature: 'search', tier: 4 })).toBe('c');
    expect(asked({ feature: 'draft', tier: 4 })).toBe('a');
  });

  test('asks for all conditions of a rule, metadata too', () => {
    expect(asked({ user: 'ann', plan: 'gold' })).toBe('b');
    expect(asked({ user: 'ann', plan: 'iron' })).toBe('a');
    expect(asked({ user: 'bob', plan: 'gold' })).toBe('a');
    const all = { team: 'ops', region: 'eu', model: 'gpt', key: 'k1', prompt_tokens: 10 };
    expect(asked(all)).toBe('b');
    for (const field of ['team', 'region', 'model', 'key']) expect(asked({ ...all, [field]: 'other' })).toBe('a');
    expect(asked({ ...all, prompt_tokens: 9 })).toBe('a');
  });

  test('does not take what is not stated for a name', () => {
    expect(asked({})).toBe('a');
  });
});

describe('cost-aware', () => {
  const policy = { kind: 'cost_aware', of: ['b', 'c'] };
  const cheapest = (prompt: number, output: number, driver = drive({ policy })): string => {
    driver.request.prompt_tokens = prompt;
    driver.request.output_tokens = output;
    return first(driver);
  };

  test('takes the route on which this request costs least', () => {
    expect(cheapest(1000, 1000)).toBe('c');
    expect(cheapest(1000, 100)).toBe('b');
  });

  test('goes on to the next cheapest when the cheapest fails or is down', () => {
    const driver = drive({ policy: { ...policy, of: ['a', 'b', 'c'] } });
    driver.request.prompt_tokens = 1000;
    expect(run(driver, always('overloaded')).tried).toEqual(['b', 'c', 'a']);
    setDown(driver.state, B, true);
    expect(first(driver)).toBe('c');
  });

  test('leaves out what is not good enough', () => {
    const quality = { a: 0.9, b: 0.6, c: 0.8 };
    const driver = drive({ policy: { kind: 'cost_aware', of: ['a', 'b', 'c'], quality_floor: 0.8 }, quality });
    driver.request.prompt_tokens = 1000;
    expect(run(driver, always('overloaded')).tried).toEqual(['c', 'a']);
  });

  test('leaves out a route that has lost its price, and follows one that changes', () => {
    const driver = drive({ policy });
    setRoutePrice(driver.state.prices, B, undefined);
    expect(cheapest(1000, 100, driver)).toBe('c');
    setRoutePrice(driver.state.prices, B, { input_usd_per_mtok: 0, output_usd_per_mtok: 0 });
    expect(cheapest(1000, 1000, driver)).toBe('b');
  });
});

describe('latency-aware', () => {
  const config = {
    policy: { kind: 'latency_aware', of: ['a', 'b', 'c'], explore: 0 },
    latency: { a: '100 ms', b: '108 ms', c: '150 ms' },
  };

  test('draws alike within the band of the fastest, and goes on in order of latency', () => {
    const driver = drive(config);
    const orders: Record<string, number> = {};
    for (let i = 0; i < 4000; i++) {
      const order = run(driver, always('overloaded')).tried.join('');
      orders[order] = (orders[order] ?? 0) + 1;
    }
    expect(Object.keys(orders).sort()).toEqual(['abc', 'bac']);
    expect(Math.abs(orders.abc! - 2000)).toBeLessThan(3 * Math.sqrt(1000));
  });

  test('learns from answers: a route that became slow is left', () => {
    const driver = drive({ ...config, latency_smoothing: 0.5, policy: { ...config.policy, tie_band: 0 } });
    const slow = (name: string) => ({ ...always('answered')(), latency_ms: name === 'a' ? 500 : 108 });
    expect(run(driver, slow).tried).toEqual(['a']);
    expect(driver.state.latency_ms[A]).toBe(300);
    expect(run(driver, slow).tried).toEqual(['b']);
  });

  test('measures the band from routes that are up', () => {
    const driver = drive({ ...config, latency: { a: '10 ms', b: '108 ms', c: '110 ms' } });
    setDown(driver.state, A, true);
    const seen = new Set(Array.from({ length: 50 }, () => first(driver)));
    expect([...seen].sort()).toEqual(['b', 'c']);
  });

  test('tries a route that nobody has measured', () => {
    expect(first(drive({ ...config, latency: { a: '100 ms', b: '108 ms' } }))).toBe('c');
  });

  test('explores its share of requests over all routes', () => {
    const driver = drive({ ...config, policy: { ...config.policy, explore: 0.3, tie_band: 0 } });
    let slowest = 0;
    for (let i = 0; i < 6000; i++) if (first(driver) === 'c') slowest++;
    expect(Math.abs(slowest - 600)).toBeLessThan(3 * Math.sqrt(600 * 0.9));
  });

  test('a moving average begins with the first answer', () => {
    const latency = Float64Array.of(-1);
    learnLatency(latency, 0, 200, 0.1);
    learnLatency(latency, 0, 300, 0.1);
    expect(latency[0]).toBeCloseTo(210, 10);
  });
});

describe('batch', () => {
  const policy = {
    kind: 'batch',
    to: 'night',
    turnaround: '24 hours',
    otherwise: 'b',
    deadlines: { digest: '36 hours' },
  };

  test('takes what can wait as long as the batch may take', () => {
    const driver = drive({ policy });
    const due = (hours: number): string => {
      driver.request.deadline_ms = hours === 0 ? 0 : T0 + hours * HOUR;
      return first(driver);
    };
    expect([due(0), due(23), due(24), due(48)]).toEqual(['b', 'b', 'night', 'night']);
  });

  test('takes a feature’s deadline where the request states none', () => {
    const driver = drive({ policy });
    driver.request.feature = driver.compiled.names.index('feature', 'digest');
    expect(first(driver)).toBe('night');
    driver.request.deadline_ms = T0 + HOUR;
    expect(first(driver)).toBe('b');
  });

  test('leaves a request whose batch failed to the other policy, up to its deadline', () => {
    const driver = drive({ policy });
    driver.request.deadline_ms = T0 + 30 * HOUR;
    const late = (hours: number) => {
      driver.cursor.begin(driver.request, T0);
      driver.cursor.next(T0);
      driver.cursor.report(always('timeout')(), T0 + hours * HOUR);
      const next = driver.cursor.next(T0 + hours * HOUR);
      if (next >= 0) driver.cursor.report(always('answered')(), T0 + hours * HOUR);
      return next;
    };
    expect(late(29)).toBe(B);
    expect(late(31)).toBeLessThan(0);
    expect(driver.cursor.reason).toBe('time_spent');
  });
});

describe('smart routing', () => {
  const smart = { kind: 'smart', cheaper: 'a2', otherwise: 'a', simple: { prompt_tokens: { below: 500 } } };

  test('sends simple requests to the cheaper route and what it fails on to the other', () => {
    const driver = drive({ policy: smart });
    driver.request.prompt_tokens = 499;
    expect(run(driver, only(['a'], 'server_error')).tried).toEqual(['a2', 'a']);
    driver.request.prompt_tokens = 500;
    expect(run(driver, always('server_error')).tried).toEqual(['a']);
  });

  test('sends a share of them, within three standard errors', () => {
    const driver = drive({ policy: { ...smart, share: '30 %' } });
    let cheap = 0;
    for (let i = 0; i < 10_000; i++) if (first(driver) === 'a2') cheap++;
    expect(Math.abs(cheap - 3000)).toBeLessThan(3 * Math.sqrt(2100));
  });

  test('takes the cheaper only if it saves more than the quality that it gives up is worth', () => {
    const at = (quality_value: string): string => {
      const driver = drive({ policy: { ...smart, simple: undefined, quality_value }, quality: { a: 0.9, a2: 0.8 } });
      driver.request.prompt_tokens = 1000;
      driver.request.output_tokens = 200;
      return first(driver);
    };
    // 0.006 USD on a, 0.0012 on a2: saves 0.0048 for 0.1 of quality.
    expect([at('0.04 USD/request'), at('0.047 USD/request'), at('0.049 USD/request')]).toEqual(['a2', 'a2', 'a']);
  });
});

test('policies nest: a rule’s branch is a fallback over a draw, by name or in place', () => {
  const driver = drive({
    policy: {
      kind: 'conditional',
      when: [{ feature: 'chat', use: { kind: 'fallback', first: 'draw', to: ['c'] } }],
      else: 'a',
    },
    policies: {
      draw: {
        kind: 'weighted',
        of: [
          { use: 'a2', weight: 1 },
          { use: { kind: 'single', route: 'b' }, weight: 1 },
        ],
      },
    },
  });
  driver.request.feature = driver.compiled.names.index('feature', 'chat');
  for (let i = 0; i < 20; i++) {
    const { tried } = run(driver, only(['c'], 'overloaded'));
    expect(tried.slice(0, 2).toSorted()).toEqual(['a2', 'b']);
    expect(tried[2]).toBe('c');
  }
  driver.request.feature = 0;
  expect(run(driver, always('overloaded')).tried).toEqual(['a']);
});
