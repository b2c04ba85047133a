/**
 * Discounts of a rate card by the volume of a month.
 *
 *   marginal: each step's discount on what lies above its threshold, up to the next; all: the highest step reached, on all
 *   of the month. Thresholds count USD at list prices, or tokens; tokens share the month's spend evenly.
 *
 * Example: 10 % above 1,000 USD and 20 % above 10,000 USD on a month of 15,000 USD: marginal 1,000 + 8,100 + 4,000 =
 * 13,100 USD; on all of it 12,000 USD. Not modelled: discounts across the cards of a seller.
 */
import type { VolumeDiscount } from './rate-card.ts';

export interface MonthOfSpend {
  /** At list prices. */
  readonly spend_usd: number;
  readonly tokens: number;
}

/** What a month costs after the discounts. Steps of one card share measure and scope; conflicts.ts checks it. */
export function discounted(steps: readonly VolumeDiscount[], month: MonthOfSpend): number {
  const reached = steps.filter((step) => month[step.measure] > step.above).sort((a, b) => a.above - b.above);
  const last = reached.at(-1);
  if (last === undefined) return month.spend_usd;
  if (last.scope === 'all') return month.spend_usd * (1 - last.discount_fraction);
  const volume = month[last.measure];
  const off = reached.map(({ above, discount_fraction }, index) => {
    const until = reached[index + 1]?.above ?? volume;
    return (until - above) * discount_fraction;
  });
  return month.spend_usd * (1 - off.reduce((total, part) => total + part, 0) / volume);
}
