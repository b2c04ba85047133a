/**
 * Budgets in whole nano-dollars, per subject and calendar period in UTC: reserved before an attempt, settled after it.
 *
 *   an attempt is made if  spent + reserved + estimate <= hard  for every budget that applies, else refused
 *   settled:               reserved -= estimate, spent += cost  (the estimate where the cost is not known)
 *
 * Reserving makes requests that run at the same time safe: checking first and adding later lets all of them through on
 * the last cent (BerriAI/litellm#34732, #40095). Spend can pass the limit only by as much as an attempt costs more than was
 * reserved for it. A route without a price is refused where a hard limit applies (fail closed, litellm#24949).
 *
 * Example: hard 1 USD, spent 0.70, reserved 0.20: an attempt of 0.10 is made, one of 0.11 is refused.
 * A reservation that is out at midnight counts in the new period, as does what it settles for: spend is booked when it is
 * known. Requests that name no subject share one budget. Integers are exact up to 2^53 nano-dollars, 9.0 million USD.
 * Not modelled: budgets in tokens or requests, periods in local time.
 */
import { MS_PER_DAY } from '../units.ts';
import { namedValue, type RoutingRequest } from './request.ts';
import { UNPRICED } from './route-price.ts';

export const DAY = 0;
export const MONTH = 1;
export const TOTAL = 2;
export const EVERYBODY = -1;
export const NO_LIMIT = -1;

export interface BudgetRule {
  readonly name: string;
  /** Place in NAMED_FIELDS, or EVERYBODY. */
  readonly subject: number;
  /** By index of the subject's name: 1 where the budget holds; undefined: for each. */
  readonly only: Uint8Array | undefined;
  /** DAY, MONTH or TOTAL. */
  readonly period: number;
  readonly soft_nano_usd: number;
  readonly hard_nano_usd: number;
}

/** One entry per subject; they grow with the highest index seen. */
export interface BudgetState {
  spent_nano_usd: Float64Array;
  reserved_nano_usd: Float64Array;
  /** Days or months since 1970. */
  period: Float64Array;
  /** Attempts whose cost is not known and could not be counted: only under soft limits. */
  unpriced_attempts: number;
}

/** The month that was looked at last, so that a calendar is asked once a month. */
export interface Calendar {
  month: number;
  from_ms: number;
  until_ms: number;
}

export const createBudgetState = (): BudgetState => ({
  spent_nano_usd: new Float64Array(1),
  reserved_nano_usd: new Float64Array(1),
  period: new Float64Array(1),
  unpriced_attempts: 0,
});
export const createCalendar = (): Calendar => ({ month: 0, from_ms: 0, until_ms: 0 });

/** The entry of a request in a budget's state; -1 where the budget does not hold for it. */
export function subjectOf(rule: BudgetRule, request: RoutingRequest): number {
  if (rule.subject === EVERYBODY) return 0;
  const index = namedValue(request, rule.subject);
  return rule.only === undefined || rule.only[index] === 1 ? index : -1;
}

/** Spent and reserved in the period of `now`. */
export function committed(
  state: BudgetState,
  rule: BudgetRule,
  calendar: Calendar,
  subject: number,
  now_ms: number,
): number {
  if (subject >= state.period.length) grow(state, subject);
  const period = periodOf(rule, calendar, now_ms);
  if (period > (state.period[subject] as number)) {
    state.period[subject] = period;
    state.spent_nano_usd[subject] = 0;
  }
  return (state.spent_nano_usd[subject] as number) + (state.reserved_nano_usd[subject] as number);
}

/** Whether an attempt of this estimate may be made; UNPRICED ones only where nothing is limited for certain. */
export const allows = (rule: BudgetRule, committed_nano_usd: number, estimate_nano_usd: number): boolean =>
  rule.hard_nano_usd === NO_LIMIT ||
  (estimate_nano_usd !== UNPRICED && committed_nano_usd + estimate_nano_usd <= rule.hard_nano_usd);

export function reserve(state: BudgetState, subject: number, estimate_nano_usd: number): void {
  if (estimate_nano_usd === UNPRICED) return;
  state.reserved_nano_usd[subject] = (state.reserved_nano_usd[subject] as number) + estimate_nano_usd;
}

/** @param cost_nano_usd what the attempt cost; UNPRICED: not known */
export function settle(
  state: BudgetState,
  rule: BudgetRule,
  calendar: Calendar,
  subject: number,
  estimate_nano_usd: number,
  cost_nano_usd: number,
  now_ms: number,
): void {
  committed(state, rule, calendar, subject, now_ms);
  if (estimate_nano_usd !== UNPRICED)
    state.reserved_nano_usd[subject] = (state.reserved_nano_usd[subject] as number) - estimate_nano_usd;
  const cost = cost_nano_usd === UNPRICED ? estimate_nano_usd : Math.ceil(cost_nano_usd);
  if (cost === UNPRICED) state.unpriced_attempts++;
  else state.spent_nano_usd[subject] = (state.spent_nano_usd[subject] as number) + cost;
}

export const isPastSoft = (rule: BudgetRule, committed_nano_usd: number): boolean =>
  rule.soft_nano_usd !== NO_LIMIT && committed_nano_usd >= rule.soft_nano_usd;

function periodOf(rule: BudgetRule, calendar: Calendar, now_ms: number): number {
  if (rule.period === DAY) return Math.floor(now_ms / MS_PER_DAY);
  if (rule.period === TOTAL) return 0;
  if (now_ms < calendar.from_ms || now_ms >= calendar.until_ms) {
    const date = new Date(now_ms);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    calendar.month = (year - 1970) * 12 + month;
    calendar.from_ms = Date.UTC(year, month);
    calendar.until_ms = Date.UTC(year, month + 1);
  }
  return calendar.month;
}

function grow(state: BudgetState, subject: number): void {
  const size = Math.max(16, 2 ** Math.ceil(Math.log2(subject + 1)));
  const larger = (old: Float64Array): Float64Array => {
    const grown = new Float64Array(size);
    grown.set(old);
    return grown;
  };
  state.spent_nano_usd = larger(state.spent_nano_usd);
  state.reserved_nano_usd = larger(state.reserved_nano_usd);
  state.period = larger(state.period);
}
