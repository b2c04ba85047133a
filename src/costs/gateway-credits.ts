/**
 * What a gateway gives: requests that are free after signup, credit at signup, credit each month, free requests each day.
 * Each pays from what those before it left, so that nothing is paid twice.
 *
 *   signup requests   bill x min(requests, free - requests before) / requests
 *   signup credit     min(bill, credit - used before)
 *   monthly credit    min(bill, credit), until the month after the first purchase where a purchase ends it
 *   daily requests    bill x min(1, free a day x 30.4167 / requests)
 *
 * Examples: 10 USD at signup and a bill of 6 USD a month: 6, 4, 0. 5 USD a month and bills of 4, 8 and 4 USD: 4, 5, 0, since
 * the second month buys credit. Source: `free_credit_usd` and `fees.allowance` of the schedule. Not modelled: days that use
 * less than their free requests, a mix of models that makes the first requests cheaper than the others.
 */
import { notice } from '../errors.ts';
import type { Quantity } from '../model/model.ts';
import { HOURS_PER_MONTH } from '../units.ts';
import type { Channel } from './access.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

export interface Gift {
  readonly label: string;
  /** What it pays in each month; not negative. */
  readonly formula: string;
  readonly inputs: Readonly<Record<string, Quantity>>;
  readonly paid: Quantity;
}

export function giftsOf(x: CostInputs, channel: Channel, spend: Spend, billed: Quantity): Gift[] {
  const { gateway } = channel;
  if (gateway === undefined || channel.own_keys) return [];
  const { allowance } = gateway.fees;
  const source = `pricing/gateways/${channel.via}.yaml`;
  const { sheet } = x;
  const gifts: Gift[] = [];
  const give = (label: string, formula: string, inputs: (bill: Quantity) => Record<string, Quantity>): void => {
    const bill = billAfter(x, billed, gifts);
    const named = inputs(bill);
    gifts.push({ label, formula, inputs: named, paid: sheet.derive(formula, named, 'USD', label) });
  };
  const before = (quantity: Quantity, unit: string): Quantity =>
    sheet.derive(
      'so_far - now',
      { so_far: sheet.running(quantity), now: quantity },
      unit,
      `before the month: ${quantity.source}`,
    );

  if (allowance?.signup_requests !== undefined && x.scenario.signup_credits) {
    const free = sheet.number(allowance.signup_requests, 'request', source);
    give(`Free requests at signup (${channel.via})`, 'bill * min(requests, free_left) / requests', (bill) => ({
      bill,
      requests: spend.requests,
      free_left: sheet.derive(
        'max(0, free - used)',
        { free, used: before(spend.requests, 'request') },
        'request',
        `${allowance.signup_requests} free requests less the requests before the month`,
      ),
    }));
  }
  if (gateway.free_credit_usd > 0 && x.scenario.signup_credits) {
    const credit = sheet.number(gateway.free_credit_usd, 'USD', source);
    give(`Signup credit (${channel.via})`, 'min(bill, credit_left)', (bill) => ({
      bill,
      credit_left: sheet.derive(
        'max(0, credit - spent)',
        { credit, spent: before(bill, 'USD') },
        'USD',
        `credit of ${gateway.free_credit_usd} USD less the spend before the month`,
      ),
    }));
  }
  if (allowance?.usd_per_month !== undefined) {
    const credit = sheet.number(allowance.usd_per_month, 'USD', source);
    const label = `Monthly credit (${channel.via})`;
    if (!allowance.ends_with_first_purchase) give(label, 'min(bill, credit)', (bill) => ({ bill, credit }));
    else
      give(`${label}, until credit is bought`, '(bought_before < 1) * min(bill, credit)', (bill) => ({
        bill,
        credit,
        bought_before: before(
          sheet.derive('credit < bill', { credit, bill }, '1', 'months that need more than the credit'),
          '1',
        ),
      }));
  }
  if (allowance?.requests_per_day !== undefined) {
    if (allowance.of === undefined)
      x.warn(
        notice(
          'ALLOWANCE_UNKNOWN',
          `gateways.${channel.via}`,
          `${allowance.requests_per_day} requests a day are free, and it is not known of which models; they are not counted`,
        ),
      );
    if (allowance.of === 'all_models')
      give(`Free requests (${channel.via})`, 'bill * min(1, free_per_day * days / requests)', (bill) => ({
        bill,
        free_per_day: sheet.number(allowance.requests_per_day!, 'request/day', source),
        days: sheet.number(HOURS_PER_MONTH / 24, 'day', 'a month of 730 hours'),
        requests: spend.requests,
      }));
  }
  return gifts;
}

/** The bill less what gifts pay of it: what credit is bought for. */
export const billAfter = (x: CostInputs, billed: Quantity, gifts: readonly Gift[]): Quantity =>
  gifts.length === 0
    ? billed
    : x.sheet.derive(
        'max(0, bill - paid)',
        {
          bill: billed,
          paid: x.sheet.sum(
            gifts.map((gift) => gift.paid),
            'USD',
            'paid by what is free',
          ),
        },
        'USD',
        'the bill less what is free',
      );
