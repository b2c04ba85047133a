/**
 * What a call can cost at most, before it goes, and what it did cost, from the usage that its answer tells. Both at the price
 * book's price of the seller behind the target; a gateway's own fees are what a run is to find out, so that the most that
 * a call through one can cost is taken as half as much again.
 *
 *   most = (prompt tokens x input price + output tokens x output price) x 1.5 behind a gateway
 *
 * A model without a price has no most, and is not called unless it runs on one's own machine. Images: image-most.ts.
 */
import { type Counts, NO_COUNTS } from '../meters.ts';
import { charge } from '../pricing/charge.ts';
import { type PriceBook, rateCardOf } from '../pricing/price-book.ts';
import type { Asked } from './dialect.ts';
import { IMAGE_SIZE, imageMost } from './image-most.ts';
import type { Target } from './target.ts';

const GATEWAY_FACTOR = 1.5;

export interface PricedModel {
  readonly seller: string;
  readonly model: string;
}

/** Undefined: not known. */
export function mostUsd(book: PriceBook, target: Target, asked: Asked, on: string): number | undefined {
  if (!isCharged(target, asked)) return 0;
  const usd = mostAtSeller(book, target, asked, on);
  if (usd === undefined) return undefined;
  return target.kind === 'direct' ? usd : usd * GATEWAY_FACTOR;
}

function mostAtSeller(book: PriceBook, target: Target, asked: Asked, on: string): number | undefined {
  if (asked.operation === 'images') {
    const model = pricedModel(book, target, asked);
    return target.usd_per_image ?? (model && imageMost(book, model, asked, on));
  }
  const { prompt_tokens: input_tokens, output_tokens } = asked;
  return costUsd(book, target, asked, { ...NO_COUNTS, input_tokens, output_tokens }, on);
}

/** `at` is a date or an instant. Undefined: unpriced. */
export function costUsd(book: PriceBook, target: Target, asked: Asked, counts: Counts, at: string): number | undefined {
  if (!isCharged(target, asked)) return 0;
  const isImages = asked.operation === 'images';
  if (isImages && target.usd_per_image !== undefined) return target.usd_per_image * Math.max(1, counts.images);
  const model = pricedModel(book, target, asked);
  if (model === undefined) return undefined;
  const route = { ...model, tier: 'standard', ...(isImages ? { image: { size: IMAGE_SIZE } } : {}) } as const;
  return charge(book, route, counts, at).charge_usd ?? undefined;
}

/** What is sent to a gateway may name its seller: openai/text-embedding-3-small. */
export function pricedModel(book: PriceBook, target: Target, asked: Asked): PricedModel | undefined {
  const { priced_as } = target;
  const sent = otherModel(target, asked);
  if (sent === undefined) return priced_as;
  const slash = sent.indexOf('/');
  const named = slash < 1 ? undefined : { seller: sent.slice(0, slash), model: sent.slice(slash + 1) };
  const own = priced_as && { seller: priced_as.seller, model: sent };
  return [own, named].find((one) => one && rateCardOf(book, one.seller, one.model) !== undefined) ?? own ?? named;
}

const otherModel = (target: Target, { operation }: Asked): string | undefined =>
  operation === 'embeddings' ? target.embeddings_model : operation === 'images' ? target.images_model : undefined;

/** One's own machine takes no money, and neither do lists and look-ups. */
export const isCharged = ({ kind }: Target, { operation }: Asked): boolean =>
  kind !== 'local' && operation !== 'models' && operation !== 'cost_lookup';
