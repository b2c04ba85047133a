/**
 * Volume discounts: what a seller takes off by the month's spend with it, over all of its models and channels on own keys.
 *
 *   whole     -spend x discount of the tier reached
 *   beyond    -sum over tiers (max(0, spend - from) x what the tier adds to the discount)
 *
 * Example: 5 % from 10,000 and 10 % from 20,000 USD on a month of 30,000 USD: 3,000 off the whole, or
 * 0.05 x 20,000 + 0.05 x 10,000 = 1,500 beyond. Source: the scenario's `contracts`, else `terms` of the seller. Baseline: the
 * prices of the rate cards, of prompt caches, tiers and batch. Not modelled: tiers that count a year or a past month.
 */
import type { Quantity } from '../model/model.ts';
import type { VolumeTiers } from '../pricing/seller-terms.ts';
import type { CostInputs } from './cost-inputs.ts';
import type { SellerBill } from './seller-bills.ts';

export function volumeDiscount(x: CostInputs, bill: SellerBill): SellerBill {
  const { seller, due } = bill;
  const own = x.scenario.contracts[seller]?.volume_tiers;
  const given = own ?? x.terms(seller)?.volume_tiers;
  if (given === undefined) return bill;
  const source =
    own === undefined ? `pricing/sellers/${seller}.yaml: ${x.terms(seller)?.volume_tiers?.source}` : 'contract';
  const off = x.add({
    component: 'commitments',
    cash: true,
    label: `Volume discount (${seller}, off ${bill.after})`,
    timing: 'monthly',
    formula: `0 - (${termsOf(given)})`,
    inputs: { spend: due, ...tierInputs(x, given, source) },
  });
  return {
    ...bill,
    due: x.sheet.derive('due + off', { due, off }, 'USD', 'after volume discount'),
    after: 'what is left after volume discount',
  };
}

const termsOf = ({ rule, tiers }: VolumeTiers): string =>
  tiers
    .map((_, i) =>
      rule === 'whole' ? `spend * (1 - (spend < from_${i})) * step_${i}` : `max(0, spend - from_${i}) * step_${i}`,
    )
    .join(' + ');

function tierInputs(x: CostInputs, { tiers }: VolumeTiers, source: string): Record<string, Quantity> {
  return Object.fromEntries(
    tiers.flatMap(({ from_usd_per_month, discount }, i) => [
      [`from_${i}`, x.sheet.number(from_usd_per_month, 'USD', source)],
      [`step_${i}`, x.sheet.number(discount - (tiers[i - 1]?.discount ?? 0), '1', `${source}; what the tier adds`)],
    ]),
  );
}
