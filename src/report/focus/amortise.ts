/**
 * What is paid for before it is used: commitments with a seller and credit of a gateway.
 *
 *   commitment  purchases: periods x fee, `upfront` of it once and the rest in equal fees
 *               usage of a period: min(use, fee) used, effective and not billed; fee - used unused; the rest as usual
 *   credit      usage: effective, and billed only as far as a gift pays it, which a credit takes off again
 *
 * Examples: 1 USD an hour for 8,760 hours, half of it upfront: 4,380 once and 365 in each of 12 months. 60 USD committed at
 * 20 % off and 60 of list spend: 48 used, 12 unused. 0.75 used of 1: 0.25 unused. 490 USD of usage from credit: 490 effective,
 * 0 billed. Source: FOCUS 1.2, discount handling and the appendix on commitment discounts (its prose gives 182.50 for the
 * monthly fee of the first example, which 8,760 x 0.5 / 12 contradicts). Not modelled: rollover of what is unused.
 */
import { type Charge, partOf, plain, prepaid } from './charge.ts';

export interface Purchases {
  readonly one_time_usd: number;
  readonly recurring_usd: number;
}

/** What is billed for a commitment: once at its start, and in each of `fees` months. */
export const commitmentPurchases = (
  committed: { readonly usd_per_period: number; readonly periods: number },
  { upfront_fraction, fees }: { readonly upfront_fraction: number; readonly fees: number },
): Purchases => {
  const whole_usd = committed.usd_per_period * committed.periods;
  return { one_time_usd: whole_usd * upfront_fraction, recurring_usd: (whole_usd * (1 - upfront_fraction)) / fees };
};

/** How much of a period's commitment its use takes, and what is left. */
export const commitmentUse = (
  committed_usd: number,
  use_usd: number,
): { readonly used_usd: number; readonly unused_usd: number } => {
  const used_usd = Math.min(Math.max(use_usd, 0), committed_usd);
  return { used_usd, unused_usd: committed_usd - used_usd };
};

/**
 * A seller's usage of one month under its contract. `negotiated_usd` and `committed_off_usd` are what discounts take off,
 * positive; the second hangs on the commitment. `committed_usd` is undefined where nothing is committed.
 */
export interface Contract {
  readonly seller: string;
  readonly negotiated_usd: number;
  readonly committed_off_usd: number;
  /** The discount holds for what is committed alone. */
  readonly onCommittedAlone: boolean;
  readonly committed_usd: number | undefined;
  readonly label: string;
}

/** Usage with its discounts in it, split into what a commitment covers and what it does not; the purchase; what is unused. */
export function underContract(charges: readonly Charge[], contract: Contract): Charge[] {
  const { negotiated_usd, committed_off_usd, committed_usd } = contract;
  const list = charges.reduce((total, charge) => total + charge.list, 0);
  const off = negotiated_usd + committed_off_usd;
  if (list === 0) return [...charges, ...discountAlone(contract, off), ...commitmentCharges(contract, 0)];
  const negotiated = committed_usd === undefined ? off : negotiated_usd;
  const discounted = charges.map((charge) => {
    const effective = charge.list * (1 - off / list);
    return { ...charge, contracted: charge.list * (1 - negotiated / list), effective, billed: effective };
  });
  if (committed_usd === undefined || committed_usd === 0) return discounted;
  const { used_usd } = commitmentUse(committed_usd, list - off);
  const covered = used_usd / (list - off);
  // Where the discount is on what is committed alone, the rest is at the price before it.
  const covered_list = contract.onCommittedAlone ? (used_usd + committed_off_usd) / (list - negotiated_usd) : covered;
  const split = discounted.flatMap((charge): Charge[] => {
    const used: Charge = {
      ...partOf(charge, covered_list),
      effective: charge.effective * covered,
      billed: 0,
      commitment: { seller: contract.seller, status: 'Used' },
    };
    const rest = {
      ...partOf(charge, 1 - covered_list),
      effective: charge.effective * (1 - covered),
      billed: charge.effective * (1 - covered),
    };
    return covered >= 1 ? [used] : [used, rest];
  });
  return [...split, ...commitmentCharges(contract, list - off)];
}

const ofContract = (seller: string) =>
  ({
    component: 'commitments',
    issuer: seller,
    provider: seller,
    publisher: seller,
    via: null,
    model: null,
    usage: null,
    unpriced: null,
  }) as const;

/** A discount whose usage can't be found: told, never lost. */
const discountAlone = ({ seller }: Contract, off: number): Charge[] =>
  off === 0
    ? []
    : [
        {
          ...ofContract(seller),
          ...plain(-off),
          category: 'Adjustment',
          frequency: 'Recurring',
          description: `Discounts (${seller})`,
          commitment: null,
        },
      ];

function commitmentCharges({ seller, committed_usd, label }: Contract, use_usd: number): Charge[] {
  if (committed_usd === undefined || committed_usd === 0) return [];
  const of = ofContract(seller);
  const { recurring_usd } = commitmentPurchases(
    { usd_per_period: committed_usd, periods: 1 },
    { upfront_fraction: 0, fees: 1 },
  );
  const { unused_usd } = commitmentUse(committed_usd, use_usd);
  const purchase: Charge = {
    ...of,
    ...prepaid(recurring_usd),
    category: 'Purchase',
    frequency: 'Recurring',
    description: `Commitment (${seller})`,
    commitment: { seller, status: null },
  };
  if (unused_usd === 0) return [purchase];
  return [
    purchase,
    {
      ...of,
      list: 0,
      contracted: 0,
      effective: unused_usd,
      billed: 0,
      category: 'Usage',
      frequency: 'Usage-Based',
      description: label,
      commitment: { seller, status: 'Unused' },
    },
  ];
}

/**
 * Usage that a gateway takes from credit. A gift pays its share of each charge, which is billed and credited; the purchase
 * pays the rest. `bought_usd` undefined: each month buys what it uses.
 */
export function fromCredit(
  charges: readonly Charge[],
  { gateway, gifts_usd, bought_usd }: { gateway: string; gifts_usd: number; bought_usd: number | undefined },
): Charge[] {
  const used = charges.reduce((total, { effective }) => total + effective, 0);
  if (!(used > 0)) return [...charges];
  const given = Math.min(1, gifts_usd / used);
  const bought = bought_usd ?? Math.max(0, used - gifts_usd);
  const drawn = charges.map((charge) => ({ ...charge, billed: charge.effective * given }));
  if (bought === 0) return drawn;
  return [
    ...drawn,
    {
      ...prepaid(bought),
      component: 'token_charges',
      category: 'Purchase',
      frequency: bought_usd === undefined ? 'Recurring' : 'One-Time',
      issuer: gateway,
      provider: gateway,
      publisher: gateway,
      via: gateway,
      model: null,
      description: `Credit (${gateway})`,
      usage: null,
      commitment: null,
      unpriced: null,
    },
  ];
}
