import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COUNT_METERS, type CountMeter, NO_COUNTS, SERVICE_TIERS } from '../../src/meters.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import { mergeUsage } from '../../src/usage/merge.ts';
import { bandOf, createRollup, type RollupOptions, totals } from '../../src/usage/rollup.ts';
import type { UsageTable } from '../../src/usage/table.ts';

const HOUR = 3_600_000;
const request = (fields: Partial<TraceRequest>): TraceRequest => ({ ...ABSENT, ...fields });

function rollUp(requests: Iterable<TraceRequest>, options?: RollupOptions): UsageTable {
  const rollup = createRollup(options);
  for (const one of requests) rollup.add(one);
  return rollup.table();
}

const plain = (table: UsageTable) => ({ ...table, requests_per_minute: [...table.requests_per_minute] });

test('requests of one hour, model, feature, band and tier are one row of integer sums', () => {
  const table = rollUp([
    request({ time_ms: 5 * HOUR + 1, seller: 's', model: 'm', feature: 'a', input_tokens: 10, output_tokens: 1 }),
    request({ time_ms: 5 * HOUR + 2, seller: 's', model: 'm', feature: 'a', input_tokens: 20, cache_read_tokens: 5 }),
    request({ time_ms: 6 * HOUR, seller: 's', model: 'm', feature: 'a', reasoning_tokens: 7, tier: 'batch' }),
  ]);
  const key = { model: 's/m', feature: 'a', band: 0 };
  expect(plain(table)).toEqual({
    edges: {},
    rows: [
      {
        ...NO_COUNTS,
        ...key,
        hour: 5,
        tier: 'standard',
        requests: 2,
        input_tokens: 30,
        cache_read_tokens: 5,
        output_tokens: 1,
      },
      {
        ...NO_COUNTS,
        ...key,
        hour: 6,
        tier: 'batch',
        requests: 1,
        input_tokens: 0,
        output_tokens: 0,
        reasoning_tokens: 7,
      },
    ],
    window: { from_ms: 5 * HOUR + 1, until_ms: 6 * HOUR + 1 },
    failed_requests: 0,
    requests_per_minute: [
      [300, 2],
      [360, 1],
    ],
  });
});

test('the model is the row’s own, with its seller if it names one, unless the caller assigns another', () => {
  const requests = [request({ model: 'm' }), request({ seller: 's', model: 'm' }), request({ seller: 's' })];
  const models = (table: UsageTable) => table.rows.map(({ model }) => model);
  expect(models(rollUp(requests))).toEqual(['m', 's/m', 'unassigned']);
  expect(models(rollUp(requests, { assign: ({ model }) => (model === undefined ? 'x/y' : undefined) }))).toEqual([
    'unassigned',
    'x/y',
  ]);
});

test('the band is told by the whole prompt, cached tokens included, and an edge belongs to the band above', () => {
  const edges = { m: [100, 200] };
  const table = rollUp(
    [
      request({ model: 'm', input_tokens: 99, output_tokens: 500 }),
      request({
        model: 'm',
        input_tokens: 40,
        cache_read_tokens: 30,
        cache_write_5m_tokens: 20,
        cache_write_1h_tokens: 10,
      }),
      request({ model: 'm', input_tokens: 200 }),
      request({ model: 'other', input_tokens: 500 }),
    ],
    { edges },
  );
  expect(table.edges).toBe(edges);
  expect(table.rows.map(({ model, band, requests }) => [model, band, requests])).toEqual([
    ['m', 0, 1],
    ['m', 1, 1],
    ['m', 2, 1],
    ['other', 0, 1],
  ]);
  expect([0, 99, 100, 199, 200, 1e9].map((tokens) => bandOf(tokens, edges.m))).toEqual([0, 0, 1, 1, 2, 2]);
});

test('failures without tokens are counted apart, yet are load; failures with tokens are usage', () => {
  const table = rollUp([
    request({ time_ms: 0, status: 500 }),
    request({ time_ms: 1, status: 429, feature: 'f' }),
    request({ time_ms: 2, status: 400, input_tokens: 3 }),
    request({ time_ms: 3, status: 200 }),
  ]);
  expect(table.failed_requests).toBe(2);
  expect(totals(table)).toMatchObject({ requests: 2, input_tokens: 3 });
  expect(plain(table).requests_per_minute).toEqual([[0, 4]]);
  expect(table.window).toEqual({ from_ms: 0, until_ms: 4 });
});

test('nothing read is an empty table without a window', () => {
  expect(plain(rollUp([]))).toEqual({
    edges: {},
    rows: [],
    window: undefined,
    failed_requests: 0,
    requests_per_minute: [],
  });
});

test('a sum that would no longer be exact throws, in one table and in a merge', () => {
  const big = request({ input_tokens: Number.MAX_SAFE_INTEGER });
  expect(() => rollUp([big, request({ input_tokens: 1 })])).toThrow('input_tokens passes 2^53');
  expect(() => mergeUsage(rollUp([big]), rollUp([request({ input_tokens: 1 })]))).toThrow('passes 2^53');
  expect(() => totals(rollUp([big, request({ input_tokens: 1, feature: 'f' })]))).toThrow('passes 2^53');
});

test('edges that do not rise are a bug of the caller', () => {
  expect(() => createRollup({ edges: { m: [200, 100] } })).toThrow('do not rise');
  expect(() => createRollup({ edges: { m: [0] } })).toThrow('do not rise');
});

test('tables with different edges for a model do not merge; what only one of them knows does', () => {
  const a = rollUp([request({ model: 'm', input_tokens: 5 })], { edges: { m: [100] } });
  expect(() => mergeUsage(a, rollUp([], { edges: { m: [200] } }))).toThrow('band edges are 100 and 200');
  expect(() => mergeUsage(a, rollUp([request({ model: 'm' })]))).toThrow('band edges are 100 and none');
  const b = rollUp([request({ model: 'n', input_tokens: 7 })], { edges: { n: [50] } });
  expect(mergeUsage(a, b)).toMatchObject({ edges: { m: [100], n: [50] }, rows: [{ model: 'm' }, { model: 'n' }] });
});

const tokens = fc.nat({ max: 400 });
const anyRequest: fc.Arbitrary<TraceRequest> = fc.record({
  time_ms: fc.nat({ max: 5 * HOUR }),
  seller: fc.constantFrom(undefined, 's'),
  model: fc.constantFrom(undefined, 'm', 'n'),
  tier: fc.constantFrom(...SERVICE_TIERS),
  ...(Object.fromEntries(COUNT_METERS.map((meter) => [meter, tokens])) as Record<CountMeter, typeof tokens>),
  feature: fc.constantFrom(undefined, 'a', 'b', '["'),
  user: fc.constantFrom(undefined, 'ann', 'bob', '["', 'toString'),
  team: fc.constantFrom(undefined, 'red'),
  agent: fc.constant(undefined),
  status: fc.constantFrom(undefined, 200, 500),
  latency_ms: fc.constant(undefined),
  ttft_ms: fc.constant(undefined),
  hash_chain: fc.constant(undefined),
  until_ms: fc.constant(undefined),
  requests: fc.constant(1),
  context_from_tokens: fc.constant(undefined),
  billed_nano_usd: fc.constant(undefined),
});

test('any order and any split of a trace give the same table', () => {
  const edges = { m: [300, 900], 's/n': [500] };
  const parts = fc.array(fc.tuple(anyRequest, fc.nat(), fc.nat({ max: 2 })), { maxLength: 80 });
  fc.assert(
    fc.property(parts, (drawn) => {
      const whole = rollUp(
        drawn.map(([one]) => one),
        { edges },
      );
      const shuffled = [...drawn].sort(([, a], [, b]) => a - b);
      const split = [0, 1, 2].map((part) =>
        rollUp(
          shuffled.filter(([, , at]) => at === part).map(([one]) => one),
          { edges },
        ),
      );
      const [first, second, third] = split as [UsageTable, UsageTable, UsageTable];
      expect(plain(mergeUsage(mergeUsage(third, first), second))).toEqual(plain(whole));
      expect(JSON.stringify(plain(mergeUsage(third, mergeUsage(second, first))).rows)).toBe(
        JSON.stringify(plain(whole).rows),
      );
      const requests = drawn.filter(([one]) => one.status !== 500 || usedAny(one)).length;
      expect(totals(whole).requests + whole.failed_requests).toBe(drawn.length);
      expect(totals(whole).requests).toBe(requests);
    }),
  );
});

const usedAny = (one: TraceRequest): boolean => COUNT_METERS.some((meter) => one[meter] > 0);
