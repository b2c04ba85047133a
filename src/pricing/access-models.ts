/**
 * Which model a target means: the name that is sent, and the rate card that prices it.
 *
 * Takes what stands behind the system's name: an id of the price book, an alias, or a name of the system's own. Prices and
 * names come from the book and the system's declared rule (access-names.ts); nothing is guessed, and a name that neither
 * knows is sent as it stands, unpriced.
 */
import type { ModelNames } from './access-facts.ts';
import { type BookName, namesHere, nameThere } from './access-names.ts';
import type { System } from './access-systems.ts';
import type { PriceBook } from './price-book.ts';
import { resolveModel, unknownInWords } from './resolve.ts';

export interface Called {
  /** As it is sent; undefined: no rule says how. */
  readonly model: string | undefined;
  /** Its rate card. */
  readonly name: BookName | undefined;
  readonly findings: readonly string[];
}

const AS_IT_STANDS: ModelNames = { form: '{model}', versions_with_dots: [], names: {}, other_models: [] };

/** What is sent, and which card that is. A name that the book does not know is sent as it stands. */
export function calledAs(
  book: PriceBook,
  { id, isSeller }: System,
  rule: ModelNames = AS_IT_STANDS,
  rest: string,
): Called {
  if (rule.other_models.includes(rest))
    return { model: rest, name: undefined, findings: [`${id} calls another model so`] };
  const asked = isSeller ? `${id}/${rest}` : rest;
  const card = cardOf(book, asked, isSeller ? id : undefined);
  if (card !== undefined) {
    const isTheirs = !isSeller && rest !== `${card.seller}/${card.sent}`;
    const model = nameThere(rule, { seller: card.seller, model: card.sent }) ?? (isTheirs ? rest : undefined);
    return { model, name: { seller: card.seller, model: card.model }, findings: [] };
  }
  const theirs = namesHere(rule, rest)
    .map(({ seller = isSeller ? id : undefined, model }) =>
      cardOf(book, seller === undefined ? model : `${seller}/${model}`, seller),
    )
    .find((found) => found !== undefined);
  if (theirs !== undefined) return { model: rest, name: { seller: theirs.seller, model: theirs.model }, findings: [] };
  const model =
    isSeller && book.sellers.get(id)?.cards.length !== 0 ? nameThere(rule, { seller: id, model: rest }) : rest;
  return { model, name: undefined, findings: [unpriced(book, asked)] };
}

function unpriced(book: PriceBook, asked: string): string {
  const found = resolveModel(book, asked);
  return 'unknown' in found ? unknownInWords(found) : 'no rate card of this seller has this name';
}

/** The card of a name, of this seller if one is given; `sent` is its id, or the alias that was written. */
function cardOf(book: PriceBook, text: string, seller: string | undefined): (BookName & { sent: string }) | undefined {
  const found = resolveModel(book, text);
  if ('unknown' in found || (seller !== undefined && found.seller !== seller)) return undefined;
  const sent = found.rule === 'alias' ? text.slice(text.indexOf('/') + 1) : found.model;
  return { seller: found.seller, model: found.model, sent };
}
