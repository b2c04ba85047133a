/**
 * Cost components through the real sheet and machine: a price book of two sellers and some gateways with round figures, and
 * a way from requests and a few lines of scenario to the line items of a strategy.
 */
import { type Alternative, type Evaluation, evaluate } from '../../src/evaluate.ts';
import type { ExplainedLine } from '../../src/explain.ts';
import { measure } from '../../src/measure.ts';
import { feeSchedule } from '../../src/pricing/fee-schedule.ts';
import { outageHistory } from '../../src/pricing/outage-history.ts';
import { type PriceBook, priceBook } from '../../src/pricing/price-book.ts';
import { sellerFile } from '../../src/pricing/rate-card.ts';
import { NO_REPLAYS, type ReplayedStrategies } from '../../src/replay/replayed.ts';
import { resolveScenario } from '../../src/scenario/resolve.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { replayedIds, StrategyReplays } from '../../src/strategy-replays.ts';
import { ABSENT } from '../../src/trace/adapter.ts';
import type { TraceRequest } from '../../src/trace/request.ts';
import type { UsageTable } from '../../src/usage/table.ts';

const card = { source: 'test', as_of: '2026-08-01', confidence: 'high' };

const sellers = [
  {
    seller: 'acme',
    name: 'Acme',
    cards: [
      {
        model: 'large',
        aliases: [{ id: 'large-latest' }],
        ...card,
        periods: [
          {
            usd_per_mtok: { input: 3, cache_read: 0.3, output: 15 },
            cliffs: [{ prompt_tokens: 200_000, usd_per_mtok: { input: 6, output: 30 } }],
            tiers: { batch: { usd_per_mtok: { input: 1.5, output: 7.5 } } },
          },
        ],
      },
      { model: 'rerank', ...card, periods: [{ usd_per_mtok: { input: 0 }, usd_per_request: 0.002 }] },
      {
        model: 'pieces',
        ...card,
        periods: [{ usd_per_mtok: {}, usd_per_web_search: 0.01, usd_per_mtok_hour_cache_storage: 4.5 }],
      },
      {
        model: 'stepped',
        ...card,
        periods: [
          { until: '2027-02-01', usd_per_mtok: { input: 10, output: 10 } },
          { from: '2027-02-01', usd_per_mtok: { input: 5, output: 5 } },
        ],
      },
    ],
  },
  {
    seller: 'beta',
    name: 'Beta',
    cards: [{ model: 'twin', ...card, periods: [{ usd_per_mtok: { input: 4, output: 20 } }] }],
  },
];

const known = { as_of: '2026-08-01', confidence: 'high', sources: [] };
const gateways = [
  { gateway: 'toll', name: 'Toll', kind: 'managed', fees: { credit_purchase: { fee: 0.055, minimum_usd: 0.8 } } },
  { gateway: 'markup', name: 'Markup', kind: 'managed', fees: { token_markup: 0.05 } },
  { gateway: 'gift', name: 'Gift', kind: 'managed', free_credit_usd: 10 },
  { gateway: 'deposit', name: 'Deposit', kind: 'managed', fees: { minimum_purchase_usd: 20 } },
  {
    gateway: 'plans',
    name: 'Plans',
    kind: 'managed',
    billing: 'own_keys',
    fees: {
      plans: [
        { id: 'free', usd_per_month: 0, included_requests: 10_000 },
        {
          id: 'pro',
          usd_per_month: 49,
          included_requests: 100_000,
          overage: { usd: 9, per_requests: 100_000, up_to_requests: 3_000_000 },
        },
        { id: 'flat', usd_per_month: 49 },
      ],
      default_plan: 'pro',
    },
  },
  {
    gateway: 'keys',
    name: 'Keys',
    kind: 'managed',
    billing: 'own_keys',
    fees: { byok: { fee: 0.05, free_requests_per_month: 1_000_000 } },
  },
  { gateway: 'metered', name: 'Metered', kind: 'managed', fees: { per_request: 0.0001, per_model: 5 } },
  {
    gateway: 'able',
    name: 'Able',
    kind: 'managed',
    capabilities: { fallback: true, budgets: true },
    hop_latency: 40,
    downtime: 0.001,
  },
  {
    gateway: 'proxy',
    name: 'Proxy',
    kind: 'self_hosted',
    billing: 'own_keys',
    capabilities: { fallback: true },
    hop_latency: 0,
    downtime: 0.002,
    self_hosting: {
      cpu_per_request: 30,
      cores_per_replica: 1,
      target_utilisation: 0.6,
      min_replicas: 2,
      replica: 50,
      data_stores: 100,
      setup: '2 days',
      upkeep: '4 hours/month',
    },
  },
];

const failures = (full: number) => ({
  hours_per_month: { full, partial: 0, degraded: 0 },
  incidents_per_month: 1,
  mean_hours_per_incident: 1,
  duration_sigma: 1,
  gap_cv: 1,
  source: 'test',
});
const window = { from: '2025-01-01', until: '2026-01-01' };

export const book: PriceBook = priceBook({
  sellers: sellers.map((file) => sellerFile.parse(file)),
  gateways: gateways.map((schedule) => feeSchedule.parse({ ...known, ...schedule })),
  outages: outageHistory.parse({
    severity: { full: 1, partial: 0.3, degraded: 0.01 },
    scope_match: { full: 1, partial: 0.5, degraded: 0.5 },
    services: [
      { seller: 'acme', service: 'API', window, ...failures(0.0029 * 730) },
      { seller: 'beta', service: 'API', window, ...failures(0.0037 * 730) },
    ],
    pooled: failures(1),
    gateway_pooled_downtime: 0.001,
  }),
  digest: 'test',
});

const FIRST_MS = Date.parse('2026-11-02T00:00:00Z');

/** `count` equal requests of acme/large, spread evenly over a window of 730 hours. */
export const requests = (count: number, own: Partial<TraceRequest> = {}): TraceRequest[] =>
  Array.from({ length: count }, (_, i) => ({
    ...ABSENT,
    time_ms: FIRST_MS + Math.round((i * (730 * 3_600_000 - 1)) / Math.max(1, count - 1)),
    seller: 'acme',
    model: 'large',
    input_tokens: 1000,
    output_tokens: 100,
    ...own,
  }));

/** As it would stand in the file; the contract checks it. */
export type Input = Readonly<Record<string, unknown>>;

/** A scenario that costs nothing beside what the test adds: no engineering, no outages, two months, no discount. */
export const scenario = (own: Input): Input => ({
  name: 'test',
  start: '2026-12',
  horizon: 2,
  discount_rate: 0,
  traffic: { trace: 'none.csv' },
  outages: { from: 'none' },
  engineering: { loaded_rate: 0 },
  baseline: 'direct',
  strategies: [{ id: 'direct', kind: 'direct' }],
  ...own,
});

export function usageOf(traffic: Iterable<TraceRequest>, own: Input = {}, from: PriceBook = book): UsageTable {
  const { scenario: read } = resolveScenario(scenario(own), from);
  const rollup = measure(read, from, '2026-12-01');
  for (const request of traffic) rollup.add(request);
  return rollup.table();
}

export function run(own: Input, traffic: Iterable<TraceRequest> = requests(10), from: PriceBook = book): Evaluation {
  const question = resolveScenario(scenario(own), from);
  return evaluate(question, usageOf(traffic, own, from), from, replaysOf(question.scenario, traffic, from));
}

function replaysOf(read: Scenario, traffic: Iterable<TraceRequest>, from: PriceBook): ReplayedStrategies {
  if (replayedIds(read).length === 0) return NO_REPLAYS;
  const replays = new StrategyReplays(read, from, measure(read, from, '2026-12-01').modelOf);
  for (const request of traffic) replays.add(request);
  return replays.end('test', 'absolute');
}

export const of = (evaluation: Evaluation, id: string): Alternative => {
  const found = evaluation.alternatives.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no alternative ${id}`);
  return found;
};

/** The line items of a strategy whose labels begin so. */
export const lines = (evaluation: Evaluation, id: string, label: string): ExplainedLine[] =>
  of(evaluation, id).lines.filter(({ line }) => line.label.startsWith(label));

/** The amounts by month of the one line whose label begins so; zeros where it is 0 throughout. */
export function amounts(evaluation: Evaluation, id: string, label: string): readonly number[] {
  const found = lines(evaluation, id, label);
  if (found.length > 1) throw new Error(`${found.length} lines "${label}"`);
  return found[0]?.amounts_usd ?? new Array<number>(evaluation.prepared.model.months).fill(0);
}

export const monthly = (requests_per_month: number, growth = 0): Input => ({
  trace: 'none.csv',
  volume: { requests_per_month, growth },
});

export const direct = { id: 'direct', kind: 'direct' } as const;
export const managed = (gateway: string, own: object = {}) =>
  ({ id: gateway, kind: 'managed_gateway', gateway, ...own }) as const;
