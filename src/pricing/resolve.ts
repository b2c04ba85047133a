/**
 * Which card a model id means, as clients, logs and gateways write it: by a named rule, or not at all.
 *
 * A price belongs to (seller, exact model id). The rules are tried in order and each either names exactly one card or gives
 * no answer; where one finds several, the name is ambiguous and the answer names them. There is no prefix matching, no
 * suffix is stripped (`:free` is another offer), and a snapshot is another model unless an alias says otherwise. What no
 * rule finds is unknown, with the nearest names. An answer that is not the card's own id says by which rule it was found.
 */
import { nearest } from '../nearest.ts';
import type { PriceBook } from './price-book.ts';
import type { RateCard, SellerFile } from './rate-card.ts';

/** Sellers of their own models. Hosts of others' weights are not in it: their price is not the model's price. */
export const FIRST_PARTY_SELLERS: readonly string[] = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'mistral',
  'xai',
  'cohere',
  'alibaba',
  'moonshot',
  'zai',
  'minimax',
  'perplexity',
  'voyage',
];

/** Other spellings of a seller, as routers and client libraries write it in front of a model. */
export const SELLER_SPELLINGS: Readonly<Record<string, string>> = {
  'x-ai': 'xai',
  gemini: 'google',
  mistralai: 'mistral',
  dashscope: 'alibaba',
  together_ai: 'together',
  'together-ai': 'together',
  fireworks_ai: 'fireworks',
  'fireworks-ai': 'fireworks',
};

export const RESOLUTION_RULES = {
  alias: 'an alias on the card',
  first_party: 'no seller is named, and one seller of its own models lists exactly this id',
  bedrock_id: 'written as an id of Amazon Bedrock (region, vendor, model), so the seller is bedrock',
  dots_as_dashes: 'dots in the version stand for dashes, as routers write them',
  seller_spelling: "another spelling of the seller's name",
  letter_case: 'one id differs in upper and lower case alone',
} as const;
export type ResolutionRule = keyof typeof RESOLUTION_RULES;

export interface Resolved {
  readonly seller: string;
  readonly model: string;
  /** Absent where the name is the card's own. */
  readonly rule?: ResolutionRule;
}
export interface Unknown {
  readonly unknown: string;
  /** Up to three; the candidates themselves where the name is ambiguous. */
  readonly nearest: readonly string[];
  readonly isAmbiguous?: true;
}

/** The card that a name means on a date (by default the book's newest), or the nearest names. */
export function resolveModel(book: PriceBook, text: string, on: string = book.newest_on): Resolved | Unknown {
  const { seller, id } = split(text);
  const file = book.sellers.get(seller);
  const exact = file && indexOf(file).byId.get(id);
  if (file !== undefined && exact !== undefined) return { seller: file.seller, model: exact.model };
  for (const [rule, find] of RULES) {
    const found = unique(find({ book, text, seller, id, on }));
    if (found.length === 1) return { ...found[0]!, rule };
    if (found.length > 1) return { unknown: text, nearest: found.slice(0, 3).map(nameOf), isAmbiguous: true };
  }
  return { unknown: text, nearest: nearestModels(book, text) };
}

/** `no rate card has this name; nearest are openai/gpt-4o` */
export function unknownInWords({ nearest, isAmbiguous }: Unknown): string {
  if (isAmbiguous) return `this name is ambiguous; it may be ${nearest.join(' or ')}`;
  return `no rate card has this name${nearest.length === 0 ? '' : `; nearest are ${nearest.join(', ')}`}`;
}

/** `openai/gpt-4o, resolved by rule: an alias on the card`; undefined where the name is the card's own. */
export const ruleInWords = ({ rule, ...card }: Resolved): string | undefined =>
  rule === undefined ? undefined : `${nameOf(card)}, resolved by rule: ${RESOLUTION_RULES[rule]}`;

interface Asked {
  readonly book: PriceBook;
  readonly text: string;
  readonly seller: string;
  readonly id: string;
  readonly on: string;
}
type Named = Pick<Resolved, 'seller' | 'model'>;

const BEDROCK_ID =
  /^(?:(?:us|eu|apac|global|jp|au|us-gov)\.)?(?:anthropic|amazon|meta|openai|deepseek|mistral|cohere)\./;

/** In order; a rule that finds nothing leaves the name to the next one. */
const RULES: readonly (readonly [ResolutionRule, (asked: Asked) => Named[]])[] = [
  ['alias', ({ book, seller, id, on }) => listed(book, [seller], id, on)],
  ['first_party', ({ book, text, on }) => listed(book, FIRST_PARTY_SELLERS, text, on)],
  ['bedrock_id', ({ book, text, on }) => (BEDROCK_ID.test(text) ? listed(book, ['bedrock'], text, on) : [])],
  [
    'dots_as_dashes',
    ({ book, text, seller, id, on }) =>
      !id.includes('.')
        ? []
        : FIRST_PARTY_SELLERS.includes(seller)
          ? listed(book, [seller], dashed(id), on)
          : listed(book, FIRST_PARTY_SELLERS, dashed(text), on),
  ],
  [
    'seller_spelling',
    ({ book, seller, id, on }) => {
      const own = Object.hasOwn(SELLER_SPELLINGS, seller) ? [SELLER_SPELLINGS[seller]!] : [];
      return listed(book, own, id, on);
    },
  ],
  [
    'letter_case',
    ({ book, text, seller, id, on }) => {
      const named = [...book.sellers.keys()].filter((known) => known === seller.toLowerCase());
      return named.length > 0 ? caseless(book, named, id, on) : caseless(book, FIRST_PARTY_SELLERS, text, on);
    },
  ],
];

const dashed = (id: string): string => id.replaceAll('.', '-');

/** Cards of these sellers with exactly this id, or an alias of it that holds on the date. */
function listed(book: PriceBook, sellers: readonly string[], id: string, on: string): Named[] {
  return sellers.flatMap((seller) => {
    const file = book.sellers.get(seller);
    if (file === undefined) return [];
    const { byId, byAlias } = indexOf(file);
    const card = byId.get(id) ?? byAlias.get(id)?.find((one) => holds(one, id, on));
    return card === undefined ? [] : [{ seller, model: card.model }];
  });
}

function caseless(book: PriceBook, sellers: readonly string[], id: string, on: string): Named[] {
  return sellers.flatMap((seller) => {
    const file = book.sellers.get(seller);
    const spellings = file === undefined ? [] : (indexOf(file).byLowerCase.get(id.toLowerCase()) ?? []);
    return spellings.flatMap((spelling) => listed(book, [seller], spelling, on));
  });
}

const holds = (card: RateCard, id: string, on: string): boolean =>
  card.aliases.some(
    (alias) =>
      alias.id === id &&
      (alias.from === undefined || alias.from <= on) &&
      (alias.until === undefined || on < alias.until),
  );

const unique = (found: readonly Named[]): Named[] => [...new Map(found.map((one) => [nameOf(one), one])).values()];
const nameOf = ({ seller, model }: Named): string => `${seller}/${model}`;

/** At the first slash; a model id may hold slashes itself. */
function split(text: string): { seller: string; id: string } {
  const slash = text.indexOf('/');
  return slash < 0 ? { seller: '', id: text } : { seller: text.slice(0, slash), id: text.slice(slash + 1) };
}

/** Asked for the same name once a month and line, of books that do not change. */
const nearestKnown = new WeakMap<PriceBook, Map<string, string[]>>();

/** The same model at other sellers first, then by spelling. */
function nearestModels(book: PriceBook, text: string): string[] {
  const known = nearestKnown.get(book) ?? new Map<string, string[]>();
  nearestKnown.set(book, known);
  const found = known.get(text) ?? searchedNearest(book, text);
  known.set(text, found);
  return found;
}

function searchedNearest(book: PriceBook, text: string): string[] {
  const known = [...book.sellers.values()].flatMap((file) => file.cards.map((card) => `${file.seller}/${card.model}`));
  const bare = text.slice(text.indexOf('/') + 1);
  const elsewhere = known.filter((name) => name.endsWith(`/${text}`) || name.endsWith(`/${bare}`));
  const own = new Map(
    FIRST_PARTY_SELLERS.flatMap((seller) =>
      (book.sellers.get(seller)?.cards ?? []).map(({ model }): [string, string] => [model, `${seller}/${model}`]),
    ),
  );
  const misspelt = nearest(bare, own.keys()).map((model) => own.get(model)!);
  return [...new Set([...elsewhere, ...nearest(text, known), ...misspelt, ...nearest(bare, known)])].slice(0, 3);
}

interface Index {
  readonly byId: ReadonlyMap<string, RateCard>;
  readonly byAlias: ReadonlyMap<string, readonly RateCard[]>;
  /** Ids and aliases as they are written, by their lower-case form. */
  readonly byLowerCase: ReadonlyMap<string, readonly string[]>;
}
const indexes = new WeakMap<SellerFile, Index>();

function indexOf(file: SellerFile): Index {
  let index = indexes.get(file);
  if (index === undefined) {
    const aliased = file.cards.flatMap((card) => card.aliases.map(({ id }) => [id, card] as const));
    const ids = [...file.cards.map((card) => card.model), ...aliased.map(([id]) => id)];
    index = {
      byId: new Map(file.cards.map((card) => [card.model, card])),
      byAlias: grouped(aliased),
      byLowerCase: grouped([...new Set(ids)].map((id) => [id.toLowerCase(), id])),
    };
    indexes.set(file, index);
  }
  return index;
}

function grouped<T>(pairs: readonly (readonly [string, T])[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}
