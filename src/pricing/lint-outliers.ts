/**
 * Rules that hold a card against others: the same model elsewhere, its siblings at the seller, its own past. They find slips by
 * powers of ten (a price per thousand, in cents, a shifted column) and a cached price that all siblings list.
 *
 * A slip is a factor of seven or more: half-way, in powers of ten, between prices that differ and prices of another unit.
 * Example: input 150 USD/Mtok beside a median of 15 at other sellers is `unit_slip`, about 10 times as much.
 */
import { offersOf } from './equivalents.ts';
import { type Cell, distinct, type RuleFinding } from './lint-rules.ts';
import type { PriceBook } from './price-book.ts';
import type { PricePeriod, RateCard, SellerFile, TokenPrices } from './rate-card.ts';

const SLIP = 7;
const COLUMNS = ['output', 'cache_read'] as const;

/** @param periods of the card that are not cancelled */
export function againstOthers(
  book: PriceBook,
  file: SellerFile,
  card: RateCard,
  periods: readonly PricePeriod[],
): RuleFinding[] {
  const name = `${file.seller}/${card.model}`;
  const base = currentPrices(card);
  if (base === undefined) return [];
  const elsewhere = offersOf(book.equivalents, name)
    .slice(1)
    .map((offer) => currentPrices(cardNamed(book, offer)))
    .filter((prices) => prices !== undefined);
  const family = file.cards.filter((other) => familyOf(other.model) === familyOf(card.model) && isToken(other));
  const siblings = family.filter((other) => other !== card).map((other) => currentPrices(other)!);
  const rows = slips(base, elsewhere, 'the same model elsewhere');
  return [
    ...(rows.length > 0 ? rows : distinct([...past(periods), ...loneRow(base, siblings)])),
    ...(rows.length > 0 ? [] : columns(base, siblings)),
    ...missingCache(base, siblings),
  ];
}

/** Each cell against the median of the same cell at others. */
function slips(base: TokenPrices, others: readonly TokenPrices[], whose: string): RuleFinding[] {
  return (['input', 'output', 'cache_read'] as const).flatMap((cell): RuleFinding[] => {
    const middle = median(others.flatMap((prices) => prices[cell] ?? []).filter((usd) => usd > 0));
    const own = base[cell];
    if (own === undefined || own === 0 || middle === undefined || !isSlip(own / middle)) return [];
    return [
      {
        rule: 'unit_slip',
        message: `${cell} ${usdText(own)}, ${whose} ${usdText(middle)}: ${times(own / middle)}`,
        found: own,
        against: middle,
      },
    ];
  });
}

/** From one confirmed period to the next. */
function past(periods: readonly PricePeriod[]): RuleFinding[] {
  const dated = periods
    .filter(({ status }) => status === 'confirmed')
    .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  return dated.slice(1).flatMap((period, i) => slips(period.usd_per_mtok, [dated[i]!.usd_per_mtok], 'before that'));
}

/** A row that is far from every sibling in all that it lists. */
function loneRow(base: TokenPrices, siblings: readonly TokenPrices[]): RuleFinding[] {
  const own = base.input;
  const others = siblings.flatMap((prices) => prices.input ?? []).filter((usd) => usd > 0);
  if (own === undefined || own === 0 || others.length < 2) return [];
  const near = others.reduce((best, usd) => (distance(own, usd) < distance(own, best) ? usd : best));
  if (!isSlip(own / near)) return [];
  return [
    {
      rule: 'unit_slip',
      message: `input ${own}, the nearest sibling ${near}: ${times(own / near)}`,
      found: own,
      against: near,
    },
  ];
}

function columns(base: TokenPrices, siblings: readonly TokenPrices[]): RuleFinding[] {
  return COLUMNS.flatMap((cell): RuleFinding[] => {
    const own = ratioOf(base, cell);
    const others = siblings.flatMap((prices) => ratioOf(prices, cell) ?? []);
    const middle = others.length < 2 ? undefined : median(others);
    if (own === undefined || middle === undefined || !isSlip(own / middle)) return [];
    const message = `${cell} ${base[cell]} is ${round(own)} of input ${base.input}; at siblings it is ${round(middle)}: ${times(own / middle)}`;
    return [{ rule: 'column_slip', message, found: own, against: middle }];
  });
}

function missingCache(base: TokenPrices, siblings: readonly TokenPrices[]): RuleFinding[] {
  if (base.cache_read !== undefined || (base.output ?? 0) === 0 || siblings.length === 0) return [];
  const having = siblings.filter(({ cache_read }) => cache_read !== undefined).length;
  if (having * 2 <= siblings.length) return [];
  const message = `no cache_read; ${having} of ${siblings.length} siblings list one`;
  return [{ rule: 'cache_price_missing', message, found: null, against: having }];
}

/** The last confirmed prices that have begun; those without a date began ever since. */
function currentPrices(card: RateCard | undefined): TokenPrices | undefined {
  const confirmed = card?.periods.filter(({ status }) => status === 'confirmed') ?? [];
  return confirmed.reduce<PricePeriod | undefined>(
    (last, period) => (last === undefined || (period.from ?? '') > (last.from ?? '') ? period : last),
    undefined,
  )?.usd_per_mtok;
}

const isToken = (card: RateCard): boolean => (currentPrices(card)?.output ?? 0) > 0;

const cardNamed = (book: PriceBook, name: string): RateCard | undefined => {
  const slash = name.indexOf('/');
  return book.sellers.get(name.slice(0, slash))?.cards.find(({ model }) => model === name.slice(slash + 1));
};

/** The words before the first number, in the last part of the id: `claude`, `gpt`, `gemini`, `DeepSeek-V`. */
const familyOf = (model: string): string => {
  const id = model.split('/').at(-1)!.toLowerCase();
  return /^[a-z]+(?:\.[a-z]+)*/.exec(id)?.[0] ?? id;
};

const ratioOf = (prices: TokenPrices, cell: Cell): number | undefined =>
  prices.input !== undefined && prices.input > 0 && (prices[cell] ?? 0) > 0 ? prices[cell]! / prices.input : undefined;

const isSlip = (ratio: number): boolean => ratio >= SLIP || ratio <= 1 / SLIP;
const distance = (a: number, b: number): number => Math.abs(Math.log(a / b));
const round = (value: number): number => Number(value.toPrecision(3));
const usdText = (usd: number): string => String(Number(usd.toPrecision(12)));

/** `100 times as much`, or `1000 times less`: the nearest power of ten. */
function times(ratio: number): string {
  const power = 10 ** Math.max(1, Math.round(Math.abs(Math.log10(ratio))));
  return ratio > 1 ? `about ${power} times as much` : `about ${power} times less`;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
