/**
 * Credits: what is given at signup, each month or each day, as negative amounts. What a gateway gives is worked out in
 * gateway-credits.ts, since less credit is then bought; what sellers give in seller-credits.ts.
 *
 *   amount_m = -min(bill_m, max(0, credit - spend before month m))
 *
 * Example: 10 USD of credit and 6 USD a month: -6, -4, 0. Source: the schedule in pricing/gateways. Not modelled: SLA refunds.
 */
import type { CostInputs } from './cost-inputs.ts';
import type { Gift } from './gateway-credits.ts';
import type { SellerBill } from './seller-bills.ts';
import { sellerCredits } from './seller-credits.ts';

export function credits(x: CostInputs, gifts: readonly (readonly Gift[])[], bills: readonly SellerBill[]): void {
  for (const { label, formula, inputs } of gifts.flat()) {
    x.add({ component: 'credits', cash: true, label, timing: 'monthly', formula: `0 - ${formula}`, inputs });
  }
  for (const bill of bills) sellerCredits(x, bill);
}
