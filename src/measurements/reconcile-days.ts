/**
 * The router's log against a bill that names no requests, as sellers invoice: by model and day (UTC). Fewer causes can be
 * told apart: a day's difference is of counts as far as the bill's own counts, priced by the price book, differ from the
 * log's; all else is price. Where the bill has no counts the two can't be told from each other.
 *
 *   billed - predicted = (bill's counts at list - predicted) + (billed - bill's counts at list)
 */
import { MS_PER_DAY } from '../units.ts';
import type { ChargedDay, Predicted, Reconciled } from './reconcile-contract.ts';
import { SteadyFactors } from './reconcile-factors.ts';
import { CauseTally, NANO, wholeBeside } from './reconcile-tally.ts';

interface Day {
  readonly model: string;
  readonly date: string;
  nano: number;
  attempts: number;
  unknown: number;
  unpriced: number;
  readonly charged: ChargedDay[];
}

const ALL = 'all models';

/** @param nameOf `seller/model` of an attempt, as the price book has it */
export function reconcileDays(
  predictions: readonly Predicted[],
  charges: readonly ChargedDay[],
  nameOf: (one: Predicted['attempt']) => string,
): Reconciled {
  const tally = new CauseTally();
  const factors = new SteadyFactors();
  const days = new Map<string, Day>();
  const dayOf = (model: string, date: string): Day => {
    const key = `${date} ${model}`;
    const day = days.get(key) ?? { model, date, nano: 0, attempts: 0, unknown: 0, unpriced: 0, charged: [] };
    days.set(key, day);
    return day;
  };
  // A bill that leaves a model unnamed can't be told apart by models at all.
  const hasModels = charges.every(({ model }) => model !== undefined);
  for (const { attempt, usd } of predictions) {
    if (attempt.outcome === 'cached') tally.add('router_cache', 0);
    if (attempt.billing !== 'billed' && attempt.billing !== 'unknown') continue;
    const day = dayOf(
      hasModels ? nameOf(attempt) : ALL,
      new Date(Math.floor(attempt.time_ms / MS_PER_DAY) * MS_PER_DAY).toISOString().slice(0, 10),
    );
    day.attempts++;
    if (attempt.billing === 'unknown' || attempt.cost_status === 'estimated') day.unknown++;
    if (usd === null) day.unpriced++;
    else day.nano += usd * NANO;
  }
  for (const charge of charges)
    dayOf(hasModels && charge.model !== undefined ? charge.model : ALL, charge.date).charged.push(charge);
  for (const day of days.values()) reconcileDay(day, tally, factors);
  return { by: 'model_and_day', ...tally.result(), steady_factors: factors.found(), known: null };
}

function reconcileDay(day: Day, tally: CauseTally, factors: SteadyFactors): void {
  const { model, date, nano, attempts, unknown, unpriced, charged } = day;
  const billed = charged.reduce((total, { nano_usd }) => total + nano_usd, 0);
  tally.bill(billed);
  const told = { where: `${model} on ${date}`, billed_nano_usd: billed, predicted_nano_usd: nano };
  const whole = wholeBeside(nano, billed, Math.max(1, attempts));
  tally.predict(nano, whole);
  if (charged.length === 0) {
    if (unpriced > 0) tally.add('unpriced', 0, { ...told, what: `${unpriced} attempts` });
    if (whole !== 0) tally.add('not_on_bill', -whole, { ...told, what: `${attempts} attempts` });
    return;
  }
  if (attempts === 0) {
    tally.add('not_in_log', billed, { ...told, what: 'the log has no attempt' });
    return;
  }
  if (billed === whole) return;
  if (unpriced > 0) {
    tally.add('unpriced', billed - whole, { ...told, what: `${unpriced} of ${attempts} attempts have no price` });
    return;
  }
  const known = charged.map(({ counts_usd }) => counts_usd);
  const may = unknown === 0 ? '' : `; ${unknown} of ${attempts} attempts are of unknown billing`;
  if (!known.every((usd) => typeof usd === 'number')) {
    tally.add('price_or_counts', billed - whole, { ...told, what: `${attempts} attempts${may}` });
    return;
  }
  const listed = known.reduce((total, usd) => total + usd * NANO, 0);
  factors.add(model, null, listed, billed);
  const counted = Math.abs(listed - nano) < 1 ? whole : wholeBeside(listed, billed, charged.length);
  if (counted !== whole) tally.add('counts', counted - whole, { ...told, what: `other counts than the bill${may}` });
  if (counted !== billed)
    tally.add('price', billed - counted, { ...told, what: 'the same counts at list come to less or more' });
}
