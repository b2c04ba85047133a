/**
 * Which price a call's cost is computed from, with its date and age on the day of the call; and where there is none, in words
 * which one is missing and where a person can give it.
 */
import type { UsedPrice } from '../measurements/contract.ts';
import { ageDays } from '../pricing/as-of.ts';
import { type PriceBook, rateCardOf } from '../pricing/price-book.ts';
import { isCharged, pricedModel } from './costs-of.ts';
import type { Asked } from './dialect.ts';
import type { Target } from './target.ts';

/** Undefined: nothing is charged, or there is no price. */
export function priceUsed(book: PriceBook, target: Target, asked: Asked, on: string): UsedPrice | undefined {
  if (!isCharged(target, asked)) return undefined;
  const model = pricedModel(book, target, asked);
  if (asked.operation === 'images' && target.usd_per_image !== undefined)
    return {
      seller: target.system,
      model: target.images_model ?? '',
      as_of: null,
      age_days: null,
      source: `given with the target ${target.id}: ${target.usd_per_image} USD an image`,
    };
  const card = model && rateCardOf(book, model.seller, model.model);
  if (card === undefined) return undefined;
  const { seller, model: id } = model!;
  return { seller, model: id, as_of: card.as_of, age_days: ageDays(card.as_of, on), source: card.source };
}

/** Of a call whose most is not known. */
export function noPriceWords(book: PriceBook, target: Target, asked: Asked): string {
  const model = pricedModel(book, target, asked);
  const name = model === undefined ? target.model : `${model.seller}/${model.model}`;
  const isListed = model !== undefined && rateCardOf(book, model.seller, model.model) !== undefined;
  const [what, how] = WORDS[asked.operation] ?? WORDS.chat!;
  return `${name} has no ${isListed ? `${what} price` : 'price'} in the book, so that no cap could hold; ${how}`;
}

const OWN_BOOK = 'name a price book that lists it (--prices)';
const WORDS: Readonly<Partial<Record<Asked['operation'], readonly [string, string]>>> = {
  chat: ['token', `name the model whose price holds under priced_as, or ${OWN_BOOK}`],
  embeddings: ['token', OWN_BOOK],
  images: ['image', `say in targets.yaml what one costs (images_price: 0.04 USD), or ${OWN_BOOK}`],
};
