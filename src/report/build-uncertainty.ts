/**
 * How sure the answer is, in the shape of report.json. It selects and renames; every figure comes from the evaluation.
 */
import type { MonthDistribution } from '../decision/break-even-months.ts';
import type { PairedDifference } from '../decision/cheapest.ts';
import type { Summary } from '../decision/summary.ts';
import type { TornadoEnd } from '../decision/tornado.ts';
import type { InformationValue } from '../decision/value-of-information.ts';
import type { Model } from '../model/model.ts';
import type { HowSure } from '../uncertainty/how-sure.ts';
import type { Uncertainty } from './uncertainty-contract.ts';

export function uncertaintyReport(found: HowSure, model: Model): Uncertainty {
  const { sampling, tornado, perfect_information, sobol } = found;
  return {
    draws: sampling.draws,
    method: METHODS[sampling.method],
    seed: sampling.seed,
    incidents: sampling.pools.size > 0 ? 'sampled' : 'expected',
    varied: found.varied,
    best: found.best,
    strategies: found.strategies.map(({ id, npv, cash, standing }) => ({
      id,
      npv_usd: summary(npv),
      cash_npv_usd: summary(cash),
      cheapest_fraction: standing.sole_fraction,
      cheapest_se: standing.sole_se,
      tied_fraction: standing.tied_fraction,
      regret_usd: standing.regret,
      regret_se: standing.regret_se,
    })),
    differences: found.differences.map(({ strategy, versus, npv, by_month }) => ({
      strategy,
      versus,
      npv_usd: difference(npv),
      cheaper_fraction: npv.a_cheaper_fraction,
      cheaper_se: npv.a_cheaper_se,
      tie_fraction: npv.tie_fraction,
      by_month: { p5: [...by_month.p5], p50: [...by_month.p50], p95: [...by_month.p95] },
    })),
    break_even_months: found.break_even_months.map(({ strategy, versus, first_crossing, for_good, ...rest }) => ({
      strategy,
      versus,
      first_crossing: months(first_crossing),
      for_good: months(for_good),
      lost_again_fraction: rest.lost_again_fraction,
    })),
    dominance: found.dominance.map(({ a, b, dominant, order, a_cheaper_fraction, tie_fraction }) => ({
      a,
      b,
      dominant,
      order,
      a_cheaper_fraction,
      tie_fraction,
    })),
    perfect_information: perfect_information === undefined ? null : information(perfect_information, []),
    partial_information: found.partial_information.map((one) => information(one, one.inputs)),
    tornado:
      tornado === undefined
        ? null
        : {
            strategy: tornado.strategy,
            versus: tornado.versus,
            base_usd: tornado.found.base,
            bars: tornado.found.bars.map(({ id, central, low, high, swing, is_monotone }) => ({
              path: id,
              unit: model.inputs.find(({ path }) => path === id)!.unit,
              central,
              low: end(low),
              high: end(high),
              swing_usd: swing,
              is_monotone,
            })),
          },
    sobol:
      sobol === undefined
        ? null
        : {
            strategy: sobol.strategy,
            versus: sobol.versus,
            base_draws: sobol.base_draws,
            evaluations: sobol.found.evaluations,
            indices: sobol.found.indices
              .map((index) => ({
                inputs: [...index.inputs],
                first_order: { value: index.first_order, low: index.first_order_low, high: index.first_order_high },
                total: { value: index.total, low: index.total_low, high: index.total_high },
              }))
              .sort((a, b) => b.total.value - a.total.value),
          },
  };
}

const METHODS = { 'latin-hypercube': 'latin_hypercube', plain: 'plain', sobol: 'sobol' } as const;

const summary = ({ mean, se, p5, p50, p95, cvar95 }: Summary) => ({ mean, se, p5, p50, p95, cvar95 });
const difference = ({ mean, se, p5, p50, p95 }: PairedDifference) => ({ mean, se, p5, p50, p95 });

const information = ({ value, se, cross_fitted }: InformationValue, inputs: readonly string[]) => ({
  inputs: [...inputs],
  value_usd: value,
  se,
  cross_fitted_usd: cross_fitted,
});

const end = ({ input, quantity, best, flip }: TornadoEnd) => ({
  input,
  quantity_usd: quantity,
  best,
  flips_at: flip?.input ?? null,
  flips_to: flip?.to ?? null,
});

/** Never is no month. */
const monthOrNull = (month: number): number | null => (Number.isFinite(month) ? month : null);

const months = (found: MonthDistribution) => ({
  from_start_fraction: found.from_start_fraction,
  later_fraction: found.later_fraction,
  never_fraction: found.never_fraction,
  never_se: found.never_se,
  p5_month: monthOrNull(found.p5_month),
  p50_month: monthOrNull(found.p50_month),
  p95_month: monthOrNull(found.p95_month),
  fraction_by_month: [...found.fraction_by_month],
});
