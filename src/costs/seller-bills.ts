/** What each seller invoices in a strategy, after routing: own keys alone, since a gateway's credit is the gateway's invoice. */
import type { Quantity } from '../model/model.ts';
import type { CostInputs, Spend } from './cost-inputs.ts';

/** One seller's invoice, as discounts and credits work on it one after the other. */
export interface SellerBill {
  readonly seller: string;
  /** USD per month, after what came before. */
  readonly due: Quantity;
  /** What came before, in words: the baseline of the next saving. */
  readonly after: string;
  readonly window_tokens: number;
}

export function sellerBills(x: CostInputs, spends: readonly Spend[]): SellerBill[] {
  const parts = x.access.channels.flatMap((channel, i) => (channel.own_keys ? (spends[i]?.by_seller ?? []) : []));
  const signed = Object.entries(x.scenario.contracts).flatMap(([seller, own]) => (own.signed ? [seller] : []));
  return [...new Set([...parts.map((part) => part.seller), ...signed])].map((seller) => {
    const own = parts.filter((part) => part.seller === seller);
    return {
      seller,
      due: x.sheet.sum(
        own.map((part) => part.tokens),
        'USD',
        `invoiced by ${seller} at its prices`,
      ),
      after: 'prices of the rate cards',
      window_tokens: own.reduce((total, part) => total + part.window_tokens, 0),
    };
  });
}
