import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../src/analysis/recommendation.ts';
import type { Evaluation } from '../../src/evaluate.ts';
import { recommendationOf } from '../../src/report/build-recommendation.ts';
import type { ReportBreakEven, ReportStrategy } from '../../src/report/contract.ts';
import type { Tornado, TornadoBar } from '../../src/report/driver-words.ts';

const evaluation = { question: { scenario: { materiality: 0.02, start: '2026-12' } } } as unknown as Evaluation;
const strategies = ['direct', 'library'].map(
  (id) => ({ id, npv_usd: 1, by_component: {} }) as unknown as ReportStrategy,
);
const found: Recommendation = {
  strategy: 'library',
  versus: 'direct',
  saving_usd: 2_850,
  next_best: 'direct',
  margin_usd: 2_850,
  cash_only_strategy: 'library',
  immaterial: null,
};
const end = (flips_at: number | null, flips_to: string | null): TornadoBar['low'] => ({
  input: 1,
  quantity_usd: 1,
  best: 'library',
  flips_at,
  flips_to,
});
const bar = (low: TornadoBar['low'], high: TornadoBar['low']): TornadoBar => ({
  path: 'engineering.adapter.build',
  unit: 'work_hour',
  central: 17.5,
  low,
  high,
  swing_usd: 1,
  is_monotone: true,
});
const tornado = (bars: TornadoBar[], strategy = 'library'): Tornado => ({
  strategy,
  versus: 'vercel',
  base_usd: 1,
  bars,
});
const changes = (drawn: Tornado | null, breakEven: ReportBreakEven[] = [], one = found): string[] =>
  recommendationOf(one, strategies, breakEven, evaluation, drawn).would_change_if;
const NOTHING = 'nothing in the ranges searched: no volume, markup or hourly rate makes another strategy cheaper.';

describe('what would change the answer', () => {
  it('is an uncertain input within its own range where volume, markup and hourly rate change nothing', () => {
    expect(changes(tornado([bar(end(9, 'vercel'), end(23.04, 'openrouter'))]))).toEqual([
      '“Hours to connect to a seller” falls below 9 hours of work (now 17.5 hours of work): then vercel.',
      '“Hours to connect to a seller” rises above 23 hours of work (now 17.5 hours of work): then openrouter.',
    ]);
    expect(changes(tornado(Array.from({ length: 5 }, () => bar(end(9, 'vercel'), end(null, null)))))).toHaveLength(3);
  });

  it('is nothing in the ranges searched where no draws were made, none flips, or they compare another strategy', () => {
    for (const none of [
      null,
      tornado([bar(end(null, null), end(null, null))]),
      tornado([bar(end(9, 'a'), end(9, 'b'))], 'direct'),
    ])
      expect(changes(none)).toEqual([NOTHING]);
  });

  it('is a volume, markup or hourly rate first', () => {
    const volume: ReportBreakEven = {
      driver: 'volume',
      a: 'library',
      b: 'direct',
      unit: 'request/month',
      at: 40_000,
      subjects: [],
      crossings: [{ value: 90_000, cheaper_below: 'library', cheaper_above: 'direct' }],
    } as unknown as ReportBreakEven;
    const told = changes(tornado([bar(end(9, 'vercel'), end(null, null))]), [volume]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^the volume rises above 90,000 .* then direct\.$/);
  });

  it('is not asked where there is one strategy alone', () => {
    expect(changes(null, [], { ...found, versus: null, saving_usd: null, next_best: null })).toEqual([
      'nothing: there is no other strategy to compare it with.',
    ]);
  });
});
