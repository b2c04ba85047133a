import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compileConditions, STATED } from '../../src/conditions/compile-conditions.ts';
import { readConditions } from '../../src/conditions/read-conditions.ts';
import { conditions } from '../../src/conditions/schema.ts';
import { InputError } from '../../src/errors.ts';

const names = {
  components: ['openai', 'openai/gpt-4o', 'openrouter', 'cloudflare'],
  routes: ['fast', 'cheap'],
  regions: ['eu', 'us'],
};

function refused(input: unknown): string[] {
  try {
    readConditions(input, names);
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const written = {
  outages: [
    { component: 'openai', from: '2026-12-03T14:00Z', until: '2026-12-03T18:30:00+01:00', failing: '30 %' },
    { component: 'openai', from: '2026-12-04', until: '2026-12-05' },
  ],
  rate_limits: { fast: { requests_per_minute: '10 requests/second', tokens_per_minute: '2 Mtok/minute', per: 'key' } },
  error_rate: {
    fast: {
      status: { 429: '0.5 %', 500: 0.003, connection: '0.2 %' },
      bursts: { share: '80 %', rate: '40 %', length: '1 minute' },
    },
  },
  latency: {
    cheap: {
      first_token: { p50: '0.5 s', p95: '2 s' },
      per_token: { probabilities: [0, 0.5, 1], values_ms: [0, 10, 30] },
      prefill: '40 ms/ktok',
      inspection: 5,
      hops: [
        { latency: { p50: '-10 ms', p95: '40 ms' } },
        { region: 'us', from_prompt_tokens: 1000, latency: { p50: 7, p95: 7 } },
      ],
    },
  },
  abandonment: { after: '10 s', leaving: '30 %', timeout: '60 s' },
  sla: [{ measure: 'first_token', within: '2 s', share: '99 %' }],
};

describe('conditions of a scenario', () => {
  it('are read with their units and compiled by the number of the route', () => {
    const compiled = compileConditions(readConditions(written, names), names.routes, names.regions);
    expect(compiled.outages).toEqual([
      {
        component: 'openai',
        from_ms: Date.UTC(2026, 11, 3, 14),
        until_ms: Date.UTC(2026, 11, 3, 17, 30),
        severity: STATED,
        failing_fraction: 0.3,
      },
      {
        component: 'openai',
        from_ms: Date.UTC(2026, 11, 4),
        until_ms: Date.UTC(2026, 11, 5),
        severity: STATED,
        failing_fraction: 1,
      },
    ]);
    expect(compiled.rate_limits[0]?.requests_per_minute).toBeCloseTo(600, 9);
    expect(compiled.rate_limits[0]?.tokens_per_minute).toBeCloseTo(2e6, 6);
    expect(compiled.rate_limits[1]).toBeUndefined();
    expect([...compiled.errors[0]!.rates]).toEqual([
      [429, 0.005],
      [500, 0.003],
      [0, 0.002],
    ]);
    expect(compiled.errors[0]?.bursts?.burst_ms).toBeCloseTo(60_000, 8);
    const latency = compiled.latency[1]!;
    expect(latency.first_token.quantile(0.95) / 2000).toBeCloseTo(1, 5);
    expect(latency.per_token.mean_ms).toBe(12.5);
    expect(latency.prefill_ms_per_1000_tokens).toBeCloseTo(40, 12);
    expect(latency.hops.map(({ region, spread }) => [region, spread.mean_ms])).toEqual([
      [undefined, expect.closeTo(-10, 9)],
      [1, 7],
    ]);
    expect(compiled.abandonment).toEqual({
      after_ms: expect.closeTo(10_000, 8),
      leaving_fraction: 0.3,
      timeout_ms: expect.closeTo(60_000, 8),
      duplicating_fraction: 1,
      waits_for: 'answer',
    });
    expect(compiled.service_levels).toEqual([
      { measure: 'first_token', within_ms: expect.closeTo(2000, 8), share_fraction: 0.99 },
    ]);
    const without = compileConditions(readConditions({ abandonment: { after: '10 s', leaving: 0.3 } }, names), [], []);
    expect(without.abandonment?.duplicating_fraction).toBe(0);
  });

  it('may be left out altogether', () => {
    expect(readConditions({}, names)).toEqual({
      outages: [],
      clients: {},
      rate_limits: {},
      error_rate: {},
      latency: {},
      sla: [],
    });
  });

  it('tell all wrong outages at once, each with its path', () => {
    expect(
      refused({
        outages: [
          { component: 'opnai', from: '2026-12-03T14:00:00Z', until: '2026-12-03T15:00:00Z' },
          { component: 'openai', from: '2026-12-05', until: '2026-12-04' },
          { component: 'openai', from: '2026-12-07', until: '2026-12-09', failing: 1.2 },
          { component: 'openrouter', from: '3 December', until: '2026-12-04' },
        ],
      }),
    ).toEqual([
      'conditions.outages[1].until: 2026-12-04 is not after the start, 2026-12-05',
      'conditions.outages[2].failing: 1.2 is out of range; allowed is between 0 and 1 (did you mean "1.2 %"?)',
      'conditions.outages[3].from: found "3 December"; expected an instant with its offset, "2026-12-03T14:00:00Z", or a day in UTC, "2026-12-03"',
      'conditions.outages[0].component: unknown component "opnai" (did you mean "openai"?); known are openai, openai/gpt-4o, openrouter, cloudflare',
    ]);
  });

  it('tell outages of one component that overlap, and the first that each overlaps with', () => {
    const days = (component: string, from: number, until: number) => ({
      component,
      from: `2026-12-0${from}`,
      until: `2026-12-0${until}`,
    });
    const outages = [days('openai', 6, 8), days('openai', 7, 9), days('openai', 6, 8), days('openrouter', 7, 9)];
    const overlap = 'overlaps with outages[0], which has openai down from 2026-12-06; state the time of both once';
    expect(refused({ outages })).toEqual([`conditions.outages[1]: ${overlap}`, `conditions.outages[2]: ${overlap}`]);
  });

  it('are refused where they are no mapping, and lists where they are lists', () => {
    expect(refused(null)).toEqual(['conditions: found null; expected object']);
    expect(refused({ outages: { component: 'openai' }, latency: [] })).toHaveLength(2);
    expect(refused({ outages: [null, 5, {}] }).length).toBeGreaterThan(2);
  });

  it('let outages touch each other', () => {
    const day = (from: number) => ({ component: 'openai', from: `2026-12-0${from}`, until: `2026-12-0${from + 1}` });
    expect(refused({ outages: [day(2), day(1), day(3)] })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    [
      'an unknown route',
      { rate_limits: { fats: { requests_per_minute: 5 } } },
      'conditions.rate_limits.fats: unknown route "fats" (did you mean "fast"?); known are fast, cheap',
    ],
    [
      'an unknown region',
      { latency: { fast: { ...written.latency.cheap, hops: [{ region: 'ue', latency: { p50: 1, p95: 2 } }] } } },
      'conditions.latency.fast.hops[0].region: unknown region "ue"',
    ],
    ['a misspelt key', { outage: [] }, 'conditions.outage: unknown key "outage" (did you mean "outages"'],
    [
      'an interval',
      { abandonment: { after: '5 to 10 s', leaving: 0.1 } },
      'conditions.abandonment.after: a replay acts on one number',
    ],
    [
      'a limit of nothing',
      { rate_limits: { fast: {} } },
      'conditions.rate_limits.fast.requests_per_minute: is missing, and so is tokens_per_minute',
    ],
    [
      'a limit of 0',
      { rate_limits: { fast: { requests_per_minute: 0 } } },
      'conditions.rate_limits.fast.requests_per_minute: allowed is above 0',
    ],
    [
      'a burst without its limit',
      { rate_limits: { fast: { requests_per_minute: 5, burst_tokens: 5 } } },
      'burst_tokens: stands without tokens_per_minute',
    ],
    [
      'a bucket below one request',
      { rate_limits: { fast: { requests_per_minute: 0.5 } } },
      'burst_requests: is missing; below one request per minute',
    ],
    [
      'another status',
      { error_rate: { fast: { status: { 200: 0.1 } } } },
      'expected an HTTP status from 400 to 599, or connection',
    ],
    [
      'rates above every attempt',
      { error_rate: { fast: { status: { 429: 0.7, 500: 0.7 } } } },
      'conditions.error_rate.fast: the rates of all statuses add up to 1.4',
    ],
    [
      'bursts that can not hold the errors',
      { error_rate: { fast: { status: { 429: 0.1 }, bursts: { share: 1, rate: 0.05, length: '1 s' } } } },
      "conditions.error_rate.fast: bursts with a rate of 0.05 can't hold",
    ],
    [
      'p95 below p50',
      { latency: { fast: { ...written.latency.cheap, first_token: { p50: 5, p95: 4 } } } },
      'conditions.latency.fast.first_token.p95: lies below p50',
    ],
    [
      'a table that falls',
      { latency: { fast: { ...written.latency.cheap, per_token: { probabilities: [0, 1], values_ms: [5, 4] } } } },
      'per_token.values_ms: fall somewhere',
    ],
  ])('refuse %s', (_name, input, message) => {
    expect(refused(input).join('\n')).toContain(message);
  });

  it('have a JSON Schema, in which every leaf says what it is', () => {
    const json = z.toJSONSchema(conditions, { io: 'input' });
    expect(JSON.stringify(json)).toContain('Requests per minute [request/minute]');
  });
});
