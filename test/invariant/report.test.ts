/** What holds for every report: of every bundled scenario, and of variants that reach into its corners. */
import { describe, expect, it } from 'vitest';
import { type Report, type ReportLineItem, reportContract } from '../../src/report/contract.ts';
import { renderJson } from '../../src/report/json.ts';
import { sum } from '../../src/units.ts';
import { evaluateWithMathjs } from '../mathjs-reference.ts';
import { type Run, runScenario, SCENARIOS } from './fixture.ts';

const VARIANTS: Record<string, readonly string[]> = {
  'as it stands': [],
  'one month': ['horizon=1'],
  'ten years, growing': ['horizon=120', 'traffic.volume.growth=2 %/month'],
  'at a hundredth of the volume': ['traffic.volume.requests_per_month=500'],
  'at 50 million requests': ['traffic.volume.requests_per_month=50000000'],
  'with a season': ['traffic.volume.season.december=190 %', 'traffic.volume.season.february=0.4 to 0.6'],
  'shrinking, undiscounted': ['traffic.volume.growth=-20 %/month', 'discount_rate=0'],
  'with retries and values': [
    'outages.error_rate=2 %',
    'outages.billed_share=50 %',
    'value.per_request=0.05',
    'value.latency.churn_per_100ms=0.1 %',
    'value.early_access={new_models: 6, lag_direct: 336, lag_gateway: 24, per_day: 10}',
    'engineering.migrations={per_year: 3}',
  ],
  'with top-ups, own keys and needs': [
    'strategies.openrouter.top_up=25 USD',
    'needs={fallback: optional, budgets: {need: optional, absence: 300 USD/month}, caching: required}',
    'already_built=[caching]',
  ],
  'on own keys': ['strategies.openrouter.billing=own_keys', 'traffic.volume.requests_per_month=3000000'],
};

const cases = SCENARIOS.flatMap((name) => Object.entries(VARIANTS).map(([variant, sets]) => ({ name, variant, sets })));
const near = (found: number, expected: number, scale = Math.abs(expected)): void =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(scale, 1e-6));
const magnitude = (items: readonly ReportLineItem[]): number =>
  sum(items.flatMap((item) => item.amounts_usd.map(Math.abs)));

/** The amounts of a line, computed from what the report shows of it alone. */
function recomputed(item: ReportLineItem, months: number): number[] {
  const at = (month: number): number =>
    evaluateWithMathjs(
      item.formula,
      Object.fromEntries(
        Object.entries(item.inputs).map(([name, { value, values }]) => [name, value ?? values![month]!]),
      ),
    );
  return Array.from({ length: months }, (_, month) => {
    if (item.timing === 'start') return month === item.months.from ? at(month) : 0;
    return month >= item.months.from && month < item.months.until ? at(month) : 0;
  });
}

function checkSums({ strategies, horizon_months }: Report): void {
  for (const strategy of strategies) {
    const { line_items } = strategy;
    const scale = magnitude(line_items);
    for (const item of line_items) {
      expect(item.amounts_usd.length).toBe(horizon_months);
      expect(item.months.from).toBeLessThan(item.months.until);
      expect(item.months.until).toBeLessThanOrEqual(horizon_months);
      if (!['credits', 'latency', 'early_access'].includes(item.component) && !item.label.startsWith('Fallback from'))
        expect(Math.min(...item.amounts_usd), item.label).toBeGreaterThanOrEqual(0);
    }
    if (strategy.total_usd === null) continue;
    near(strategy.total_usd, sum(line_items.map((item) => sum(item.amounts_usd))), scale);
    near(strategy.total_usd, sum(strategy.monthly_usd.map((usd) => usd!)), scale);
    near(strategy.total_usd, sum(Object.values(strategy.by_component).map((usd) => usd!)), scale);
    near(strategy.cash_usd!, sum(line_items.filter((item) => item.cash).map((item) => sum(item.amounts_usd))), scale);
    strategy.monthly_usd.forEach((usd, month) => {
      near(usd!, sum(line_items.map((item) => item.amounts_usd[month]!)), scale);
    });
    for (const [component, usd] of Object.entries(strategy.by_component)) {
      const own = line_items.filter((item) => item.component === component);
      near(usd!, sum(own.map((item) => sum(item.amounts_usd))), scale);
    }
  }
}

function checkFormulas({ strategies, horizon_months }: Report): void {
  for (const { id, line_items } of strategies) {
    for (const item of line_items) {
      const expected = recomputed(item, horizon_months);
      item.amounts_usd.forEach((usd, month) => {
        expect(
          Math.abs(usd - expected[month]!) <= 1e-9 * Math.max(Math.abs(usd), 1e-9),
          `${id}, ${item.label}, month ${month}: ${usd} is not ${expected[month]}`,
        ).toBe(true);
      });
    }
  }
}

/** Net present costs from the line items alone: start lines at the beginning of their month, the rest at its end. */
function checkPresentValues({ strategies, discount_rate_per_year }: Report): void {
  const worth = (month: number): number => (1 + discount_rate_per_year) ** (-month / 12);
  for (const strategy of strategies) {
    if (strategy.npv_usd === null) continue;
    const npv = (items: readonly ReportLineItem[]): number =>
      sum(
        items.flatMap((item) =>
          item.amounts_usd.map((usd, month) => usd * worth(item.timing === 'start' ? month : month + 1)),
        ),
      );
    const scale = magnitude(strategy.line_items);
    near(strategy.npv_usd, npv(strategy.line_items), scale);
    near(strategy.cash_npv_usd!, npv(strategy.line_items.filter((item) => item.cash)), scale);
  }
}

describe.each(cases)('$name, $variant', ({ name, sets }) => {
  let made: Run | undefined;
  const get = async (): Promise<Run> => {
    made ??= await runScenario(name, sets);
    return made;
  };

  it('has sums that are those of its line items', async () => checkSums((await get()).report));
  it('has line items that their formulas and inputs give', async () => checkFormulas((await get()).report));
  it('has net present costs that follow from its line items', async () => checkPresentValues((await get()).report));
  it('keeps the contract', async () => {
    const { report } = await get();
    expect(reportContract.parse(report)).toEqual(report);
  });
});

describe('the same inputs twice', () => {
  it.each(SCENARIOS)('give the same bytes: %s', async (name) => {
    const [one, other] = [await runScenario(name), await runScenario(name)];
    expect(renderJson(one.report)).toBe(renderJson(other.report));
  });
});
