/** What draws could have said of the strategies of fixture.ts: four that are ranked, one of them with a hostile name. */
import type { Report } from '../../src/report/contract.ts';
import type { Uncertainty } from '../../src/report/uncertainty-contract.ts';
import { HORIZON, HOSTILE, report } from './fixture.ts';

export const DRAWS = 2_000;
export const MIXED = 'mixed <b>& co</b>';

const byMonth = (of: (month: number) => number): number[] => Array.from({ length: HORIZON }, (_, i) => of(i + 1));
const summary = (mean: number, se: number, p5: number, p50: number, p95: number) => ({ mean, se, p5, p50, p95 });

const drawn = (
  id: string,
  mean: number,
  sd: number,
  [cheapest, tied, regret]: readonly [number, number, number],
): Uncertainty['strategies'][number] => ({
  id,
  npv_usd: { ...summary(mean, sd / 45, mean - 1.45 * sd, mean - 0.1 * sd, mean + 1.8 * sd), cvar95: mean + 2.4 * sd },
  cash_npv_usd: {
    ...summary(0.9 * mean, sd / 50, 0.9 * mean - 1.4 * sd, 0.9 * mean - 0.1 * sd, 0.9 * mean + 1.7 * sd),
    cvar95: 0.9 * mean + 2.2 * sd,
  },
  cheapest_fraction: cheapest,
  cheapest_se: Math.sqrt((cheapest * (1 - cheapest)) / DRAWS),
  tied_fraction: tied,
  regret_usd: regret,
  regret_se: regret / 25,
});

/** Set-up costs at once, savings over time, and a spread that grows with the root of time. */
const difference = (
  strategy: string,
  setUp: number,
  perMonth: number,
  spread: number,
  cheaper_fraction: number,
): Uncertainty['differences'][number] => {
  const p50 = byMonth((m) => setUp + perMonth * m);
  const width = byMonth((m) => 800 + spread * m ** 1.15);
  const end = HORIZON - 1;
  return {
    strategy,
    versus: 'direct',
    npv_usd: summary(
      0.9 * p50[end]! - 300,
      width[end]! / 74,
      0.9 * (p50[end]! - 1.15 * width[end]!),
      0.9 * p50[end]!,
      0.9 * (p50[end]! + width[end]!),
    ),
    cheaper_fraction,
    cheaper_se: Math.sqrt((cheaper_fraction * (1 - cheaper_fraction)) / DRAWS),
    tie_fraction: 0,
    by_month: {
      p5: p50.map((v, i) => v - 1.15 * width[i]!),
      p50,
      p95: p50.map((v, i) => v + width[i]!),
    },
  };
};

export const months = (
  p5_month: number | null,
  p50_month: number | null,
  p95_month: number | null,
  never_fraction: number,
  from_start_fraction = 0,
): Uncertainty['break_even_months'][number]['first_crossing'] => ({
  from_start_fraction,
  later_fraction: 1 - never_fraction - from_start_fraction,
  never_fraction,
  never_se: Math.sqrt((never_fraction * (1 - never_fraction)) / DRAWS),
  p5_month,
  p50_month,
  p95_month,
  fraction_by_month: byMonth((m) => (m === 1 ? from_start_fraction : (1 - never_fraction - from_start_fraction) / 35)),
});

export const uncertainty: Uncertainty = {
  draws: DRAWS,
  method: 'latin_hypercube',
  seed: 1,
  incidents: 'sampled',
  varied: 23,
  best: MIXED,
  strategies: [
    drawn('direct', 1_148_000, 196_000, [0.0545, 0, 37_900]),
    drawn('openrouter', 1_161_000, 207_000, [0.0235, 0, 50_400]),
    drawn('litellm', 1_121_500, 201_000, [0.0895, 0, 10_900]),
    drawn(MIXED, 1_112_400, 195_000, [0.8325, 0, 1_790]),
  ],
  differences: [
    difference('openrouter', -9_400, 560, 480, 0.42),
    difference('litellm', 5_600, -910, 500, 0.912),
    difference(MIXED, 2_100, -1_130, 640, 0.9465),
  ],
  break_even_months: [
    {
      strategy: 'openrouter',
      versus: 'direct',
      first_crossing: months(1, 1, 3, 0.0125, 0.871),
      for_good: months(1, null, null, 0.58, 0.39),
      lost_again_fraction: 0.5675,
    },
    {
      strategy: 'litellm',
      versus: 'direct',
      first_crossing: months(4, 8, 29, 0.0385),
      for_good: months(4, 9, null, 0.088),
      lost_again_fraction: 0.0495,
    },
    {
      strategy: MIXED,
      versus: 'direct',
      first_crossing: months(1, 3, 22, 0.0415, 0.108),
      for_good: months(2, 4, null, 0.0535, 0.05),
      lost_again_fraction: 0.012,
    },
  ],
  dominance: [
    { a: 'direct', b: 'openrouter', dominant: null, order: null, a_cheaper_fraction: 0.58, tie_fraction: 0 },
    { a: 'direct', b: 'litellm', dominant: null, order: null, a_cheaper_fraction: 0.088, tie_fraction: 0 },
    { a: 'direct', b: MIXED, dominant: MIXED, order: 'first', a_cheaper_fraction: 0.0535, tie_fraction: 0 },
    { a: 'openrouter', b: 'litellm', dominant: 'litellm', order: 'second', a_cheaper_fraction: 0.19, tie_fraction: 0 },
    { a: 'openrouter', b: MIXED, dominant: MIXED, order: 'first', a_cheaper_fraction: 0, tie_fraction: 0 },
    { a: 'litellm', b: MIXED, dominant: null, order: null, a_cheaper_fraction: 0.14, tie_fraction: 0 },
  ],
  perfect_information: { inputs: [], value_usd: 1_790, se: 71.6, cross_fitted_usd: 1_790 },
  partial_information: [
    { inputs: ['traffic.volume.requests_per_month'], value_usd: 940, se: 62, cross_fitted_usd: 905 },
    { inputs: ['engineering.loaded_rate'], value_usd: 412, se: 48, cross_fitted_usd: 377 },
    { inputs: ['outages.pooled.full', 'outages.pooled.partial'], value_usd: 205, se: 41, cross_fitted_usd: 160 },
    { inputs: ['gateways.litellm.self_hosting.cpu_per_request'], value_usd: 45, se: 31, cross_fitted_usd: -12 },
    { inputs: [`value.${HOSTILE.script}`], value_usd: 12, se: 18, cross_fitted_usd: -30 },
  ],
  tornado: {
    strategy: MIXED,
    versus: 'direct',
    base_usd: -35_900,
    bars: [
      {
        path: 'traffic.volume.requests_per_month',
        unit: 'request/month',
        central: 4_000_000,
        low: {
          input: 1_812_000,
          quantity_usd: 6_100,
          best: 'direct',
          flips_at: 2_104_330.1,
          flips_to: 'direct',
        },
        high: { input: 6_550_000, quantity_usd: -78_400, best: MIXED, flips_at: null, flips_to: null },
        swing_usd: 84_500,
        is_monotone: true,
      },
      {
        path: 'engineering.loaded_rate',
        unit: 'USD/work_hour',
        central: 95,
        low: { input: 74.2, quantity_usd: -21_300, best: MIXED, flips_at: null, flips_to: null },
        high: { input: 118.6, quantity_usd: -52_700, best: MIXED, flips_at: null, flips_to: null },
        swing_usd: 31_400,
        is_monotone: true,
      },
      {
        path: 'gateways.openrouter.fees.credit_purchase.fee',
        unit: 'fraction',
        central: 0.055,
        low: { input: 0.031, quantity_usd: -47_000, best: 'openrouter', flips_at: 0.0342, flips_to: 'openrouter' },
        high: { input: 0.081, quantity_usd: -24_100, best: MIXED, flips_at: null, flips_to: null },
        swing_usd: 22_900,
        is_monotone: true,
      },
      {
        path: 'outages.recovered_later',
        unit: 'fraction',
        central: 0.6,
        low: { input: 0.38, quantity_usd: -41_200, best: MIXED, flips_at: null, flips_to: null },
        high: { input: 0.79, quantity_usd: -39_500, best: MIXED, flips_at: null, flips_to: null },
        swing_usd: 5_300,
        is_monotone: false,
      },
      {
        path: `value.${HOSTILE.script}`,
        unit: 'USD/request',
        central: 0.05,
        low: { input: 0.0284, quantity_usd: -34_900, best: MIXED, flips_at: null, flips_to: null },
        high: { input: 0.0771, quantity_usd: -37_600, best: MIXED, flips_at: null, flips_to: null },
        swing_usd: 2_700,
        is_monotone: true,
      },
      {
        path: 'discount_rate',
        unit: 'fraction/year',
        central: 0.08,
        low: { input: 0.08, quantity_usd: -35_900, best: MIXED, flips_at: null, flips_to: null },
        high: { input: 0.08, quantity_usd: -35_900, best: MIXED, flips_at: null, flips_to: null },
        swing_usd: 0,
        is_monotone: true,
      },
    ],
  },
  sobol: {
    strategy: MIXED,
    versus: 'direct',
    base_draws: 1_024,
    evaluations: 25_600,
    indices: [
      {
        inputs: ['traffic.volume.requests_per_month'],
        first_order: { value: 0.71, low: 0.66, high: 0.76 },
        total: { value: 0.752, low: 0.7, high: 0.81 },
      },
      {
        inputs: ['engineering.loaded_rate'],
        first_order: { value: 0.121, low: 0.08, high: 0.16 },
        total: { value: 0.148, low: 0.11, high: 0.19 },
      },
      {
        inputs: ['outages.pooled.full', 'outages.pooled.partial'],
        first_order: { value: 0.008, low: -0.02, high: 0.04 },
        total: { value: 0.021, low: -0.01, high: 0.05 },
      },
    ],
  },
};

/** direct wins at low volumes, the dearer the hour the sooner it loses. */
export const bestMap: NonNullable<Report['best_map']> = {
  x: {
    path: 'traffic.volume.requests_per_month',
    unit: 'request/month',
    scale: 'logarithmic',
    at: 4_000_000,
    values: [1_000_000, 2_000_000, 4_000_000, 8_000_000],
  },
  y: { path: 'engineering.loaded_rate', unit: 'USD/work_hour', scale: 'linear', at: 95, values: [0, 95, 200] },
  chosen_for: 'flips',
  strategies: ['direct', MIXED],
  best: [
    ['direct', 'direct', 'direct', 'direct'],
    ['direct', 'direct', MIXED, MIXED],
    ['direct', MIXED, MIXED, MIXED],
  ],
  boundary: [
    { x: 8_000_000, y: 40, along: 'y', below: 'direct', above: MIXED },
    { x: 4_000_000, y: 80, along: 'y', below: 'direct', above: MIXED },
    { x: 3_000_000, y: 95, along: 'x', below: 'direct', above: MIXED },
    { x: 2_000_000, y: 150, along: 'y', below: 'direct', above: MIXED },
    { x: 1_500_000, y: 200, along: 'x', below: 'direct', above: MIXED },
  ],
};

export const uncertainReport: Report = { ...report, uncertainty, best_map: bestMap };
