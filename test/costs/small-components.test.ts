import { describe, expect, it } from 'vitest';
import { amounts, direct, lines, managed, monthly, of, requests, run, usageOf } from './fixture.ts';

const first = (found: Parameters<typeof amounts>[0], id: string, label: string): number =>
  amounts(found, id, label)[0]!;

describe('demand', () => {
  const window_ms = Math.round(0.9549 * 3_600_000);
  const traffic = requests(8819).map((request, i) => ({
    ...request,
    time_ms: Date.parse('2026-11-02') + Math.floor((i * (window_ms - 1)) / 8818),
  }));

  it('scales a window to months of 730 hours: 8,819 requests in 0.9549 h are 6.74 million', () => {
    const found = run({}, traffic);
    const volume = found.prepared.model.inputs.find((input) => input.path === 'traffic.volume.requests_per_month');
    expect(volume?.central).toBeCloseTo((8819 * 730) / (window_ms / 3_600_000), 6);
    expect(Math.round(volume!.central / 1e4) / 100).toBe(6.74);
    expect(volume?.given).toBe(false);
  });

  it('grows by 1.4258 in twelve months at 3 % a month', () => {
    const found = run({ horizon: 13, traffic: monthly(1000, 0.03) });
    const [start, ...later] = of(found, 'direct').monthly_usd;
    expect(later.at(-1)! / start!).toBeCloseTo(1.4257608868461786, 12);
  });

  it('stays the same in every month without growth', () => {
    const { monthly_usd } = of(run({ horizon: 24 }), 'direct');
    expect(new Set(monthly_usd).size).toBe(1);
  });

  it('charges what the window cost where the window is the month', () => {
    // ten requests over 730 hours: 10 x (1,000 x 3 + 100 x 15) / 1,000,000
    expect(of(run({}), 'direct').monthly_usd[0]).toBeCloseTo(0.045, 9);
  });
});

describe('infrastructure', () => {
  it('takes four replicas for 6.742 million requests a month at a peak of 26 times the mean: 300 USD', () => {
    // 100 minutes, 100 requests, 26 of them in the first minute
    const start = Date.parse('2026-11-02');
    const traffic = requests(100).map((request, i) => ({
      ...request,
      time_ms: i < 26 ? start + i : i < 99 ? start + (i - 25) * 60_000 : start + 100 * 60_000 - 1,
    }));
    const strategies = [direct, { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' } as const];
    const found = run({ strategies, traffic: monthly(6_742_000) }, traffic);
    expect(found.prepared.demand.peak_to_mean).toBeDefined();
    const peak = found.prepared.model.inputs.find((input) => input.path === 'traffic.peak_to_mean');
    expect(peak?.central).toBeCloseTo(26, 12);
    expect(first(found, 'proxy', 'Gateway replicas')).toBe(200);
    expect(first(found, 'proxy', 'Database')).toBe(100);
    const few = run({ strategies, traffic: monthly(10_000) }, traffic);
    expect(first(few, 'proxy', 'Gateway replicas')).toBe(100);
  });
});

describe('engineering', () => {
  const engineering = {
    loaded_rate: 100,
    effort: { fallback: { build: 40, upkeep: 2 } },
    adapter: { build: 16, upkeep: 1, learning: 0.9 },
    gateway_integration: 8,
  };
  const both = [...requests(5), ...requests(5, { seller: 'beta', model: 'twin' })];

  it('builds a required fallback once for 4,000 and keeps it up for 200 a month', () => {
    const found = run({ engineering, needs: { fallback: 'required' } });
    expect(amounts(found, 'direct', 'Build: Outage fallback')).toEqual([4000, 0]);
    expect(amounts(found, 'direct', 'Upkeep: Outage fallback')).toEqual([200, 200]);
  });

  it('builds two adapters of 16 hours in 28.8', () => {
    const found = run({ engineering }, both);
    expect(first(found, 'direct', 'Build: adapters')).toBeCloseTo(2880, 9);
    expect(amounts(found, 'direct', 'Upkeep: adapters')).toEqual([200, 200]);
  });

  it('builds no adapter behind a gateway, and connects to it once', () => {
    const found = run({ engineering, strategies: [direct, managed('toll')] }, both);
    expect(lines(found, 'toll', 'Build: adapters')).toEqual([]);
    expect(amounts(found, 'toll', 'Connect to the gateway')).toEqual([800, 0]);
    expect(amounts(found, 'toll', 'Upkeep: connection')).toEqual([100, 100]);
  });

  it('sets up and runs what one hosts oneself', () => {
    const strategies = [direct, { id: 'proxy', kind: 'self_hosted_gateway', gateway: 'proxy' } as const];
    const found = run({ engineering, strategies });
    expect(amounts(found, 'proxy', 'Set up the gateway')).toEqual([1600, 0]);
    expect(amounts(found, 'proxy', 'Run the gateway')).toEqual([400, 400]);
  });

  it('spreads migrations over the months', () => {
    const migrations = { per_year: 2, direct: 12, gateway: 3 };
    const found = run({ engineering: { ...engineering, migrations }, strategies: [direct, managed('toll')] });
    expect(first(found, 'direct', 'Migrations')).toBeCloseTo(200, 9);
    expect(first(found, 'toll', 'Migrations')).toBeCloseTo(50, 9);
  });
});

describe('credits', () => {
  it('of 10 USD at 6 USD a month give -6, -4 and 0', () => {
    const found = run({
      horizon: 3,
      strategies: [direct, managed('gift')],
      traffic: monthly(1_000),
      prices: { 'acme/large': { input: 6, output: 0 } },
    });
    expect(amounts(found, 'gift', 'Signup credit')).toEqual([-6, -4, 0]);
  });

  it('are not given on own keys', () => {
    const found = run({ strategies: [direct, managed('gift', { billing: 'own_keys' })] });
    expect(lines(found, 'gift', 'Signup credit')).toEqual([]);
  });
});

describe('latency', () => {
  const value = { per_request: 0.05, latency: { churn_per_100ms: 0.001 } };

  it('of 40 ms costs 1 USD on 50,000 requests of 0.05 USD at 0.1 % per 100 ms', () => {
    const found = run({ strategies: [direct, managed('able')], traffic: monthly(50_000), value });
    expect(first(found, 'able', 'Churn')).toBeCloseTo(1, 12);
    expect(lines(found, 'direct', 'Churn')).toEqual([]);
  });

  it('is a gain where the baseline is slower', () => {
    const found = run({
      strategies: [direct, managed('able')],
      baseline: 'able',
      traffic: monthly(50_000),
      value,
    });
    expect(first(found, 'direct', 'Churn')).toBeCloseTo(-1, 12);
  });

  it('of a hybrid weighs hops by requests', () => {
    const hybrid = {
      id: 'mixed',
      kind: 'hybrid',
      rules: [{ model: 'beta/twin', via: 'able' }, { else: 'direct' }],
    } as const;
    const traffic = [...requests(3), ...requests(1, { seller: 'beta', model: 'twin' })];
    const found = run({ strategies: [direct, managed('able'), hybrid], traffic: monthly(50_000), value }, traffic);
    expect(first(found, 'mixed', 'Churn')).toBeCloseTo(0.25, 12);
  });
});

describe('early access', () => {
  it('through a gateway with a lag of 24 instead of 336 hours is worth 65 USD a month', () => {
    const value = { early_access: { new_models: 6, lag_direct: 336, lag_gateway: 24, per_day: 10 } };
    const found = run({ strategies: [direct, managed('able')], value });
    expect(first(found, 'able', 'Lag behind new models')).toBeCloseTo(-65, 12);
    expect(lines(found, 'direct', 'Lag behind new models')).toEqual([]);
  });
});

describe('outages', () => {
  const outages = { from: 'history', recovered_later: 0.4, common_cause: 0, response: 3 } as const;
  const own = {
    traffic: monthly(50_000),
    value: { per_request: 0.05 },
    outages,
    strategies: [
      direct,
      { id: 'library', kind: 'direct', library: 'a library', policy: { kind: 'fallback', to: ['beta/twin'] } },
      managed('able', { policy: { kind: 'fallback', to: ['beta/twin'] } }),
    ],
  } as const;

  it('without a fallback lose 4.35 USD a month, with one 0.0161', () => {
    const found = run(own);
    expect(first(found, 'direct', 'Requests lost')).toBeCloseTo(4.35, 9);
    expect(first(found, 'library', 'Requests lost')).toBeCloseTo(0.016095, 12);
  });

  it('through a gateway add its own downtime in series', () => {
    const found = run(own);
    const lost = 1 - (1 - 0.001) * (1 - 0.0029 * 0.0037);
    expect(first(found, 'able', 'Requests lost')).toBeCloseTo(50_000 * lost * 0.6 * 0.05, 9);
  });

  it('reroute at the price of the fallback', () => {
    const found = run(own);
    // twin costs 4 / 20 against 3 / 15: 0.006 against 0.0045 USD a request
    const rerouted = 50_000 * (0.0029 - 0.0029 * 0.0037);
    expect(first(found, 'library', 'Fallback from acme')).toBeCloseTo(rerouted * 0.0015, 9);
  });

  it('take effort per incident that nothing absorbs', () => {
    const found = run({ ...own, engineering: { loaded_rate: 100 } });
    // failing hours 0.0029 x 730 over incidents of one hour, three hours each
    expect(first(found, 'direct', 'Incident response (acme)')).toBeCloseTo(2.117 * 300, 9);
    expect(lines(found, 'library', 'Incident response')).toEqual([]);
    expect(first(found, 'able', 'Incident response (able)')).toBeCloseTo(0.73 * 300, 9);
  });

  it('have no value where a request has none', () => {
    const { value: _, ...rest } = own;
    const found = run(rest);
    for (const { lines: all } of found.alternatives) {
      expect(all.filter(({ line }) => line.component === 'outages')).toEqual([]);
    }
    expect(found.diagnostics.map(({ code }) => code)).toContain('REQUEST_VALUE_MISSING');
  });

  it('do not lose batch requests', () => {
    const traffic = requests(10, { tier: 'batch' });
    expect(lines(run(own, traffic), 'direct', 'Requests lost')).toEqual([]);
    expect(usageOf(traffic).rows.every((row) => row.tier === 'batch')).toBe(true);
  });

  it('retries bill failed attempts and lose what fails every time', () => {
    const found = run({
      traffic: monthly(1_000),
      value: { per_request: 0.05 },
      outages: { from: 'none', error_rate: 0.1, attempts: 3, billed_share: 0.5, recovered_later: 0 },
    });
    // (1.11 - 0.999) x 0.5 of 4.50 USD; one in a thousand requests fails three times
    expect(first(found, 'direct', 'Failed attempts')).toBeCloseTo(4.5 * 0.0555, 12);
    expect(first(found, 'direct', 'Requests that fail')).toBeCloseTo(0.05, 12);
  });

  it('are refused where every attempt fails', () => {
    expect(() => run({ outages: { from: 'none', error_rate: '100 %' } })).toThrow(/error_rate: .*less than 100 %/);
  });
});
