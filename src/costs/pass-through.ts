/**
 * Pass-through: which of a seller's discounts reach who pays through a gateway.
 *
 * What the schedule's `passes_through` says holds. Where it says nothing: cached input keeps its price on own keys, since the
 * seller invoices, and costs the input price on a gateway's credit; batch goes at the standard price; own contract rates
 * apply, since the scenario states them. Everything but a plain "passes through" is told.
 * Example: 1,000,000 cached tokens at 0.30 USD/Mtok cost 0.30 directly and, at an input price of 3, 3.00 where the discount
 * does not pass. Not modelled: what a gateway that hides cached reads charges for cache writes.
 */
import { notice } from '../errors.ts';
import type { ServiceTier, TokenMeter } from '../meters.ts';
import type { Channel } from './access.ts';
import type { CostInputs } from './cost-inputs.ts';

export type Discount = 'batch' | 'cache_read' | 'negotiated';

const WORDS: Record<Discount, readonly [what: string, otherwise: string]> = {
  batch: ['the batch price', 'batch requests are priced at the standard price'],
  cache_read: ['the price of cached input', 'cached input is priced as input'],
  negotiated: ['own contract rates', 'the list price is used'],
};

export function passes(x: CostInputs, channel: Channel, discount: Discount): boolean {
  const { gateway, own_keys, via } = channel;
  if (gateway === undefined) return true;
  const stated = gateway.passes_through[discount];
  if (stated === true) return true;
  if (stated === undefined && own_keys && discount !== 'batch') return true;
  const [what, otherwise] = WORDS[discount];
  const applies = stated === undefined && discount === 'negotiated';
  const known = stated === false ? `${what} does not pass through` : `it is not known whether ${what} pass through`;
  x.warn(
    notice(
      stated === false ? 'DISCOUNT_NOT_PASSED' : 'DISCOUNT_UNKNOWN',
      `gateways.${via}`,
      `${known}; ${applies ? 'taken as applying, as the scenario states them' : otherwise}`,
    ),
  );
  return applies;
}

/** How a cell is priced through a channel: its tier, whose prices, and as which meter each meter is billed. */
export interface Reached {
  readonly tier: ServiceTier;
  readonly at_list: boolean;
  readonly billedAs: (meter: TokenMeter) => TokenMeter;
}

export function reached(
  x: CostInputs,
  channel: Channel,
  cell: { readonly model: string; readonly tier: ServiceTier; readonly tokens: Readonly<Record<TokenMeter, number>> },
): Reached {
  const cached = Object.entries(AS_INPUT).some(([meter]) => cell.tokens[meter as TokenMeter] > 0);
  const hidesCache = cached && !passes(x, channel, 'cache_read');
  return {
    tier: cell.tier === 'batch' && !passes(x, channel, 'batch') ? 'standard' : cell.tier,
    at_list: Object.hasOwn(x.scenario.prices, cell.model) && !passes(x, channel, 'negotiated'),
    billedAs: (meter) => (hidesCache ? (AS_INPUT[meter] ?? meter) : meter),
  };
}

/** The fresh meter of each cached one. */
const AS_INPUT: Partial<Record<TokenMeter, TokenMeter>> = {
  cache_read_tokens: 'input_tokens',
  audio_cache_read_tokens: 'audio_input_tokens',
};
