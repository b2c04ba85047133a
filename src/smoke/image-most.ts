/**
 * What one image of the suite (1024 x 1024) can cost at most. Sellers bill images by the piece, by quality and size, or by
 * tokens; what a card lists of these is added up, each at its dearest, since what quality is made without asking is not told.
 *
 *   most = dearest price of that size + input tokens x input price + output tokens x dearest output price + fee per request
 *
 * Example: 0.011 low and 0.167 high of 1024x1024, and 0.25 of another size, give 0.167. A card that lists neither pieces nor
 * output tokens gives none.
 */
import type { MeterId } from '../meters.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { priceTable } from '../pricing/price-table.ts';

export const IMAGE_SIZE = '1024x1024';

interface AskedImage {
  readonly prompt_tokens: number;
  readonly output_tokens: number;
}

/** USD; undefined: unpriced. `on` is a date. */
export function imageMost(
  book: PriceBook,
  model: { readonly seller: string; readonly model: string },
  { prompt_tokens, output_tokens }: AskedImage,
  on: string,
): number | undefined {
  const { period, price } = priceTable(book, { ...model, tier: 'standard', band_from_tokens: prompt_tokens }, on);
  const ofMeter = (meter: MeterId): number | undefined => {
    const found = price(meter);
    return found === undefined || 'unpriced' in found ? undefined : found.usd / found.per;
  };
  const listed = period?.images ?? [];
  const sized = listed.filter(({ size }) => size === undefined || size === IMAGE_SIZE);
  const byKind = dearest((sized.length > 0 ? sized : listed).map(({ usd }) => usd));
  const piece = byKind ?? ofMeter('images');
  const output = dearest([ofMeter('image_output_tokens'), ofMeter('output_tokens')]);
  if (piece === undefined && output === undefined) return undefined;
  return (
    (piece ?? 0) +
    prompt_tokens * (ofMeter('input_tokens') ?? 0) +
    output_tokens * (output ?? 0) +
    (ofMeter('requests') ?? 0)
  );
}

function dearest(prices: readonly (number | undefined)[]): number | undefined {
  const known = prices.filter((usd) => usd !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
