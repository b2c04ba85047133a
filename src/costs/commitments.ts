/**
 * Commitments: a discount for a least spend per month with a seller, and the unused part, which is paid.
 *
 *   discount on all         -spend x discount
 *   on what is committed    -min(spend, commitment / (1 - discount)) x discount
 *   unused part             max(0, commitment - spend x (1 - discount))
 *
 * Example: 60 USD committed at 20 % off and 60 USD of list spend: 48 for usage and 12 for the unused part. A discount on what
 * is committed is a newsvendor's order: bought at 5 instead of 7, with demand uniform in 50..80, 58.5714 are best (critical
 * ratio 2/7). Source: the scenario's `contracts`. Baseline: the spend after volume discount. Not modelled: commitments that
 * count a whole year, rollover of the unused part. A level written as `best` is a decision of each strategy, an input that
 * analysis/best-contract.ts sets; until then it is 0.
 */
import { commitmentPath } from '../input-paths.ts';
import type { Quantity } from '../model/model.ts';
import type { CostInputs } from './cost-inputs.ts';
import type { SellerBill } from './seller-bills.ts';

export function commit(x: CostInputs, bill: SellerBill): SellerBill {
  const { seller, due } = bill;
  const contract = x.scenario.contracts[seller];
  if (contract === undefined) return bill;
  const { commitment_usd_per_month, discount_on, months } = contract;
  if (commitment_usd_per_month === undefined && contract.discount === undefined) return bill;
  const { sheet } = x;
  const discount =
    contract.discount === undefined
      ? sheet.number(0, '1', 'the contract has no discount')
      : sheet.amount(contract.discount);
  const isSearched = commitment_usd_per_month === 'best';
  const commitment = isSearched
    ? searched(x, seller)
    : commitment_usd_per_month && sheet.amount(commitment_usd_per_month);
  const term = termOf(x, months);
  const line = { component: 'commitments', cash: true, timing: 'monthly' } as const;
  const onCommitted = commitment !== undefined && (isSearched || discount_on === 'committed');
  const off = x.add({
    ...line,
    label: `Discount by contract (${seller}, off ${bill.after})`,
    formula: `0 - ${onCommitted ? 'min(spend, commitment / (1 - discount))' : 'spend'} * discount${term.factor}`,
    inputs: { spend: due, discount, ...(onCommitted ? { commitment } : {}), ...term.inputs },
  });
  const discounted = sheet.derive('due + off', { due, off }, 'USD', `invoiced by ${seller} after its contract`);
  if (commitment !== undefined)
    x.add({
      ...line,
      label: `Unused part of the commitment (${seller})`,
      formula: `max(0, commitment - spend * (1 - discount))${term.factor}`,
      inputs: { commitment, spend: due, discount, ...term.inputs },
    });
  return { ...bill, due: discounted, after: 'what is left after its contract' };
}

const searched = ({ sheet, id }: CostInputs, seller: string): Quantity =>
  sheet.input({
    path: commitmentPath(id, seller),
    unit: 'USD/month',
    source: 'decision: the level of least net present cost at central values, chosen once and then held',
    as_of: undefined,
    spec: { is: 'point', value: 0 },
    central: 0,
    given: false,
  });

/** A factor of 0 in the months after the contract; nothing where it lasts. */
function termOf(x: CostInputs, months: number | undefined): { factor: string; inputs: Record<string, Quantity> } {
  const { horizon } = x.scenario;
  if (months === undefined || months >= horizon) return { factor: '', inputs: {} };
  const term = Array.from({ length: horizon }, (_, month) => Number(month < months));
  return {
    factor: ' * in_term',
    inputs: { in_term: x.sheet.series(term, '1', `1 in the ${months} months of the contract`) },
  };
}
