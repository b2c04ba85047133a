/** Reports of many shapes: so many strategies under hard names, with random costs, crossings, spreads and drivers. */
import { substream } from '../../../src/random.ts';
import type { Report } from '../../../src/report/contract.ts';
import type { Uncertainty } from '../../../src/report/uncertainty-contract.ts';
import { report } from '../fixture.ts';
import { uncertainty } from '../uncertainty-fixture.ts';

const NAMES = [
  'direct',
  'W'.repeat(40),
  'gateway-of-the-platform-team-with-policy-a',
  'gateway-of-the-platform-team-with-policy-b',
  'a',
  'gateway \u202e with \u200b marks',
  '直接调用供应商的接口不经过任何网关平台',
  'العربية بوابة مُدارة مع رسوم',
  'начать с шлюза, потом уйти напрямую',
  '🚀 🚀 🚀 🚀 🚀 🚀 🚀',
  '<b>bold</b> & co',
  'openrouter',
  'litellm',
];
const PATHS = [
  'traffic.volume.requests_per_month',
  'engineering.effort.rate_limit_handling.upkeep',
  'gateways.a_gateway_with_a_long_name_of_its_own.fees.credit_purchase.fee',
  'discount_rate',
  'outages.recovered_later',
];
const UNITS = ['request/month', 'work_hour/month', 'fraction', 'fraction/year', 'USD/request'];

export function randomReport(seed: number, count: number, scale: number): Report {
  const random = substream(seed, 'random report');
  const ids = Array.from({ length: count }, (_, i) => NAMES[i] ?? `strategy-${i}`);
  const sides = (a: string, b: string) => (random.uniform() < 0.5 ? [a, b] : [b, a]) as [string, string];
  const strategies = ids.map((id, i) => {
    const months = Array.from({ length: report.horizon_months }, () => scale * (1 + random.normal()));
    const total = months.reduce((sum, usd) => sum + usd, 0);
    const parts = { token_charges: random.uniform() * scale * 30, engineering: random.exponential() * scale * 10 };
    return {
      ...report.strategies[i % report.strategies.length]!,
      id,
      monthly_usd: months,
      total_usd: total,
      cash_usd: total,
      npv_usd: total * 0.9,
      cash_npv_usd: total * 0.8,
      by_component: {
        ...parts,
        gateway_fees: random.uniform() < 0.5 ? random.uniform() * scale : 0,
        credits: -random.uniform() * scale * 3,
        outages: total - parts.token_charges - parts.engineering,
      },
    };
  });
  const pairs = ids.slice(1).map((id) => [ids[0]!, id] as const);
  const volumes = Array.from({ length: 20 }, (_, i) => 10 ** (2 + i / 4));
  const crossing = (a: string, b: string, value: number) => {
    const [cheaper_below, cheaper_above] = sides(a, b);
    return { value, kind: 'continuous' as const, cheaper_below, cheaper_above };
  };
  const entry = (a: string, b: string, driver: 'month' | 'volume', value: number) => ({
    ...report.break_even[0]!,
    a,
    b,
    driver,
    at: driver === 'month' ? report.horizon_months : 10 ** (2 + 4.7 * random.uniform()),
    crossings: [crossing(a, b, value)],
  });
  return {
    ...report,
    baseline: ids[0]!,
    strategies,
    break_even: [
      ...pairs.map(([a, b]) => entry(a, b, 'month', report.horizon_months * random.uniform())),
      ...pairs.map(([a, b]) => entry(a, b, 'volume', 10 ** (2 + 4.7 * random.uniform()))),
    ],
    sweeps: [
      {
        ...report.sweeps[0]!,
        values: volumes,
        npv_usd: Object.fromEntries(
          ids.map((id) => {
            const [fixed, each] = [random.normal() * scale * 10, random.uniform() * scale * 1e-4];
            return [id, volumes.map((volume) => fixed + each * volume)];
          }),
        ),
      },
    ],
    recommendation: { ...report.recommendation, strategy: ids.at(-1)!, versus: ids[0]! },
    uncertainty: drawnOf(ids, strategies, scale, random),
  };
}

type Random = ReturnType<typeof substream>;

function drawnOf(
  ids: readonly string[],
  strategies: readonly { readonly npv_usd: number }[],
  scale: number,
  random: Random,
): Uncertainty {
  const [base] = [random.normal() * scale * 5];
  return {
    ...uncertainty,
    best: ids.at(-1)!,
    strategies: ids.map((id, i) => {
      const [mean, spread] = [strategies[i]!.npv_usd, scale * 10 * random.exponential()];
      const own = { ...uncertainty.strategies[0]!.npv_usd, mean, p5: mean - spread, p50: mean, p95: mean + 2 * spread };
      return { ...uncertainty.strategies[0]!, id, npv_usd: own, cash_npv_usd: own };
    }),
    differences: ids.slice(1).map((strategy) => {
      const [slope, spread] = [random.normal() * scale, random.exponential() * scale];
      const months = uncertainty.differences[0]!.by_month.p50.map((_, i) => i + 1);
      return {
        ...uncertainty.differences[0]!,
        strategy,
        versus: ids[0]!,
        by_month: {
          p5: months.map((m) => slope * m - spread * Math.sqrt(m)),
          p50: months.map((m) => slope * m),
          p95: months.map((m) => slope * m + spread * Math.sqrt(m)),
        },
      };
    }),
    break_even_months: ids.slice(1).map((strategy, i) => ({
      ...uncertainty.break_even_months[i % uncertainty.break_even_months.length]!,
      strategy,
      versus: ids[0]!,
    })),
    tornado: {
      strategy: ids.at(-1)!,
      versus: ids[0]!,
      base_usd: base,
      bars: PATHS.map((path, i) => {
        const ends = [random.normal(), random.normal()].map((by) => base + (by * scale * 10) / (i + 1)) as [
          number,
          number,
        ];
        const end = (quantity_usd: number, input: number) => ({
          input,
          quantity_usd,
          best: ids[0]!,
          ...(random.uniform() < 0.7
            ? { flips_at: 2 + (input - 2) * random.uniform(), flips_to: ids[1] ?? ids[0]! }
            : { flips_at: null, flips_to: null }),
        });
        return {
          path,
          unit: UNITS[i]!,
          central: 2,
          low: end(ends[0], 1.234567),
          high: end(ends[1], 3.456789),
          swing_usd: Math.abs(ends[1] - ends[0]),
          is_monotone: ends[0] < base !== ends[1] < base,
        };
      }).sort((a, b) => b.swing_usd - a.swing_usd),
    },
  };
}
