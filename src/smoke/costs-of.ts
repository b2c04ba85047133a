/**
 * What a call can cost at most, before it goes, and what it did cost, from the usage that its answer tells. Both at the price
 * book's price of the seller behind the target; a gateway's own fees are what a run is to find out, so that the most that
 * a call through one can cost is taken as half as much again.
 *
 *   most = (prompt tokens x input price + output tokens x output price) x 1.5 behind a gateway
 *
 * A model without a price has no most, and is not called unless it runs on one's own machine.
 */
import { type Counts, NO_COUNTS } from '../meters.ts';
import { charge } from '../pricing/charge.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Asked } from './dialect.ts';
import type { Target } from './target.ts';

const GATEWAY_FACTOR = 1.5;

/** Undefined: not known. */
export function mostUsd(book: PriceBook, target: Target, asked: Asked, on: string): number | undefined {
  if (isFree(target) || asked.operation === 'models' || asked.operation === 'cost_lookup') return 0;
  const counts = {
    ...NO_COUNTS,
    input_tokens: asked.prompt_tokens,
    output_tokens: asked.output_tokens,
    ...(asked.operation === 'images' ? { images: 1 } : {}),
  };
  const usd = costUsd(book, target, asked, counts, on);
  if (usd === undefined) return undefined;
  return target.kind === 'direct' ? usd : usd * GATEWAY_FACTOR;
}

/** `at` is a date or an instant. Undefined: unpriced. */
export function costUsd(book: PriceBook, target: Target, asked: Asked, counts: Counts, at: string): number | undefined {
  if (isFree(target)) return 0;
  if (target.priced_as === undefined) return undefined;
  const { seller } = target.priced_as;
  const model = otherModel(target, asked) ?? target.priced_as.model;
  return charge(book, { seller, model, tier: 'standard' }, counts, at).charge_usd ?? undefined;
}

const otherModel = (target: Target, { operation }: Asked): string | undefined =>
  operation === 'embeddings' ? target.embeddings_model : operation === 'images' ? target.images_model : undefined;

const isFree = ({ kind }: Target): boolean => kind === 'local';
