/**
 * Early access: what using a new model later than the baseline costs (a negative amount: earlier is a gain).
 *
 *   value lost = new_models / 12 x (lag_hours - baseline_lag_hours) / 24 x usd_per_day
 *
 * Example: 6 new models a year, 24 h instead of 336 h, 10 USD a day: 0.5 x -13 x 10 = -65 USD a month.
 * Source: the scenario; declared only where it states the value. Not modelled: that the worth of a head start fades.
 */
import type { Quantity } from '../model/model.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export function earlyAccess(x: CostInputs, spends: readonly Spend[]): void {
  const worth = x.scenario.value.early_access;
  const lag_hours = lagOf(x, spends);
  if (worth === undefined || lag_hours === undefined || x.baseline_lag === undefined) return;
  x.add({
    component: 'early_access',
    cash: false,
    label: 'Lag behind new models, against the baseline',
    timing: 'monthly',
    formula: 'new_models_per_year / 12 * (lag_hours - baseline_lag_hours) / 24 * usd_per_day',
    inputs: {
      new_models_per_year: x.sheet.amount(worth.new_models),
      lag_hours,
      baseline_lag_hours: x.baseline_lag,
      usd_per_day: x.sheet.amount(worth.per_day),
    },
  });
}

/** A strategy with any gateway in it gets new models as fast as the gateway. */
export function lagOf(
  x: Pick<CostInputs, 'sheet' | 'scenario' | 'access'>,
  spends: readonly Pick<Spend, 'via'>[],
): Quantity | undefined {
  const worth = x.scenario.value.early_access;
  if (worth === undefined) return undefined;
  return x.sheet.amount(spends.some((spend) => spend.via !== 'direct') ? worth.lag_gateway : worth.lag_direct);
}
