/**
 * A charge of one month, as rows of focus.csv are made of it: who sells, produces and invoices what, and its four costs.
 *
 *   list        at list prices                        contracted  less negotiated discounts
 *   effective   less all discounts, amortised         billed      what an invoice of the month says
 *
 * What is paid before it is used (credit, commitments) is billed when bought and effective when used, so that each of the
 * two columns adds up to the cost and neither may be added to the other. Source: FOCUS 1.2, BilledCost and EffectiveCost.
 */
import type { Component } from '../contract.ts';
import type { ChargeCategory, ChargeFrequency, CommitmentStatus } from './columns.ts';

/** Who stands as provider and invoice issuer of what nobody sells. */
export const OWN = { infrastructure: 'Own infrastructure', engineering: 'Own team' } as const;

export interface Costs {
  readonly list: number;
  readonly contracted: number;
  readonly effective: number;
  readonly billed: number;
}

export interface Usage {
  readonly requests: number;
  readonly tokens: {
    readonly input: number;
    readonly cache_read: number;
    readonly cache_write: number;
    readonly output: number;
  };
}

export interface Charge extends Costs {
  readonly component: Component;
  readonly category: ChargeCategory;
  readonly frequency: ChargeFrequency;
  /** Ids of sellers and gateways; the names stand in the facts of the report. */
  readonly issuer: string;
  readonly provider: string;
  readonly publisher: string;
  readonly via: string | null;
  readonly model: string | null;
  readonly description: string;
  /** Of the traffic that it is for; null: it is for no traffic. */
  readonly usage: Usage | null;
  /** The seller with whom is committed, where it is part of a commitment. */
  readonly commitment: { readonly seller: string; readonly status: CommitmentStatus | null } | null;
  /** Why it has no price: the whole of it, or a part that its costs leave out. */
  readonly unpriced: { readonly isWhole: boolean; readonly why: string } | null;
}

/** One and the same cost in all four columns: no discount, nothing paid before. */
export const plain = (usd: number): Costs => ({ list: usd, contracted: usd, effective: usd, billed: usd });

/** Bought to be used up later: billed now, effective when used. */
export const prepaid = (usd: number): Costs => ({ list: usd, contracted: usd, effective: 0, billed: usd });

/** A part of a charge, all that it counts with it. */
export const partOf = <C extends Charge>(charge: C, share: number): C => ({
  ...charge,
  list: charge.list * share,
  contracted: charge.contracted * share,
  effective: charge.effective * share,
  billed: charge.billed * share,
  usage: charge.usage && {
    requests: charge.usage.requests * share,
    tokens: {
      input: charge.usage.tokens.input * share,
      cache_read: charge.usage.tokens.cache_read * share,
      cache_write: charge.usage.tokens.cache_write * share,
      output: charge.usage.tokens.output * share,
    },
  },
});
