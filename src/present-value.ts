/**
 * What later money is worth at the start.
 *
 *   NPV, end of period   sum of amount_i / (1 + r)^i, i = 1..n
 *   XNPV                 sum of amount / (1 + r)^((date - first date) / 365)
 *
 * Example: 10 % and -10000, 3000, 4200, 6800 at period ends give 1188.4434. A yearly rate becomes a monthly one by
 * (1 + r)^(1/12) - 1. Source: Microsoft Excel, functions NPV and XNPV. Not modelled: tax, inflation apart from the rate.
 */
import { daysBetween, sum } from './units.ts';

/** Present value of amounts at the end of periods 1..n. */
export const npv = (rate: number, amounts: readonly number[]): number =>
  sum(amounts.map((amount, i) => amount / (1 + rate) ** (i + 1)));

/** Present value, at the first date, of dated amounts; years of 365 days. */
export function xnpv(rate: number, flows: readonly { readonly date: string; readonly amount: number }[]): number {
  const first = flows[0];
  if (first === undefined) return 0;
  return sum(flows.map(({ date, amount }) => amount / (1 + rate) ** (daysBetween(first.date, date) / 365)));
}

/** Worth, at the start, of one dollar at the end of each of `months` months. */
export const discountFactors = (monthlyRate: number, months: number): number[] =>
  Array.from({ length: months }, (_, i) => (1 + monthlyRate) ** -(i + 1));
