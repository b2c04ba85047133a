/** What the price book knows of a system, in rows and sentences: prices at a date, ways in, outages, terms. It adds nothing. */
import { type AccessFacts, LIVE_FEATURES, type WholeAccess, withFurther } from '../pricing/access-facts.ts';
import type { AccessTerms } from '../pricing/access-terms.ts';
import { periodAt } from '../pricing/as-of.ts';
import { outagesOf, type PriceBook } from '../pricing/price-book.ts';
import type { SellerFile } from '../pricing/rate-card.ts';
import { number } from '../report/format.ts';
import { sum } from '../units.ts';
import type { PriceRow, SystemKind, WayIn } from './system.ts';

/** Cards with a price on the date, in the file's order. */
export const pricesOf = ({ cards }: SellerFile, on: string): PriceRow[] =>
  cards.flatMap((card) => {
    const period = periodAt(card, on).period;
    if (period === undefined) return [];
    const { input = null, cache_read = null, output = null } = period.usd_per_mtok;
    return [
      {
        model: card.model,
        input_usd_per_mtok: input,
        cache_read_usd_per_mtok: cache_read,
        output_usd_per_mtok: output,
        tiers: Object.keys(period.tiers ?? {}),
        as_of: card.as_of,
        confidence: card.confidence,
      },
    ];
  });

export function waysInto(id: string, facts: AccessFacts | undefined, kinds: readonly SystemKind[]): WayIn[] {
  if (facts === undefined) return [];
  const own: WayIn = wayIn(id, facts, kinds);
  return [own, ...facts.also.map((further) => wayIn(`${id}@${further.name}`, withFurther(facts, further), kinds))];
}

function wayIn(way: string, whole: WholeAccess | AccessFacts, kinds: readonly SystemKind[]): WayIn {
  const { base_url, ask = {}, reports_cost: cost, supports = {} } = whole;
  const isFree = kinds.includes('local') || kinds.includes('router');
  return {
    way,
    base_url: base_url ?? ask.base_url?.default ?? null,
    api: whole.api,
    key_env: whole.key_of === 'seller' ? 'that of the model’s seller' : isFree ? null : (whole.key_env ?? null),
    asks: Object.values(ask).map(({ question }) => question),
    reports_cost: cost === undefined ? null : `${cost.in} ${cost.name}`,
    supports: LIVE_FEATURES.filter((feature) => supports[feature] === true),
    as_of: whole.as_of,
    confidence: whole.confidence,
    source: whole.source,
    note: whole.note ?? null,
  };
}

export function outagesInWords(book: PriceBook, seller: string): string | null {
  const {
    pooled,
    hours_per_month: hours,
    incidents_per_month,
    mean_hours_per_incident,
    source,
  } = outagesOf(book, seller);
  if (book.sellers.get(seller)?.access?.kind === 'local') return null;
  const said = `${number(sum([hours.full, hours.partial, hours.degraded]))} hours a month (full ${number(hours.full)}, partial ${number(hours.partial)}, degraded ${number(hours.degraded)}), ${number(incidents_per_month)} incidents a month of ${number(mean_hours_per_incident)} hours on average`;
  return pooled ? `no history of its own: the mean of those with one is taken, ${said}` : `${said}; ${source}`;
}

const TERMS: readonly (readonly [keyof AccessTerms, string])[] = [
  ['data_residency', 'data can be kept in'],
  ['signup_countries', 'sign-up from'],
  ['payment_methods', 'paid by'],
  ['provider_only_features', 'not to be had through it'],
];

export const termsInWords = (terms: AccessTerms): string[] =>
  TERMS.flatMap(([key, said]) => (terms[key] === undefined ? [] : [`${said}: ${terms[key].join(', ')}`]));
