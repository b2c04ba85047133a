/**
 * Lint of the price book: rules of proportion that find slips of unit, swapped columns and copied rows.
 *
 *   cache read / input 0.005 to 1; cache write / input 0.95 to 2.05; 1 h >= 5 min; cliff >= base; batch / base 0.2 to 1;
 *   output >= input / 2; input <= 200 USD/Mtok; and each price against its siblings, its past and the same model elsewhere
 *
 * Takes a book, gives findings with both numbers and why it matters. A card may explain a finding (`explained`); an
 * explanation without a finding is one itself. Sound prices can break a rule, wrong ones can keep all: it reads no page.
 * Example: cache read 3.75 beside cache write 0.3 is `cache_columns_swapped`; 150 beside 15 elsewhere is `unit_slip`.
 * Cancelled periods are left out.
 */
import { SERVICE_TIERS } from '../meters.ts';
import { lintAccess } from './access-lint.ts';
import { ageDays, STALE_AFTER_DAYS } from './as-of.ts';
import { offersOf } from './equivalents.ts';
import type { PriceBook } from './price-book.ts';
import type { PricePeriod, RateCard, SellerFile, TokenPrices } from './rate-card.ts';

export const LINT_RULES = {
  cache_read_ratio:
    'cached tokens cost from 0.5 % to all of the input price; else the cell is of another unit or column',
  cache_write_ratio: 'writing a cache costs 0.95 to 2.05 times the input price; else it is storage, or another column',
  cache_write_1h_below_5m: 'keeping a cache longer is never cheaper; such a figure is copied from another model',
  cache_columns_swapped: 'reading a cache is never dearer than writing it; the columns are swapped',
  cache_price_missing: 'siblings list a cached price; without one, cached traffic stays unpriced',
  cliff_below_base: 'longer prompts never cost less; the columns of the cliff are shifted or of another model',
  batch_ratio: 'batch costs 20 % to 100 % of the standard price; above that nobody would batch',
  tier_ratio: 'flex costs 20 % to 100 % of the standard price, priority 1 to 5 times it, fast 1 to 10 times it',
  output_ratio: 'output costs at least half of input; else the two are swapped or one is missing',
  input_above_200: 'no model costs more than 200 USD per million input tokens; the price is per thousand or in cents',
  zero_price: '0 means free: a figure that is not known is left out',
  unit_slip: 'the same model elsewhere, its siblings or its past cost a power of ten more or less: a slip of unit',
  column_slip: 'one column is a power of ten off what it is at siblings, in proportion to input',
  price_old: `the source is more than ${STALE_AFTER_DAYS} days older than the newest of the book`,
  explains_nothing: 'the rule that it explains finds nothing here any more; delete the explanation',
  access_unknown_model: 'how a system names a model is stated for models of the book; else nothing ever uses it',
  access_name_twice: 'a name by which two systems go means neither',
} as const;
export type LintRule = keyof typeof LINT_RULES;

export interface LintFinding {
  /** `seller/model`; of an access block the seller or gateway. */
  readonly card: string;
  readonly rule: LintRule;
  /** Impossible prices are errors and cannot be explained away. */
  readonly severity: 'error' | 'warning';
  /** Where on the card, what was found, and against what. */
  readonly message: string;
  readonly found: number | null;
  readonly against: number | null;
  /** The card's own reason. */
  readonly explained?: string;
}

const ERRORS: ReadonlySet<LintRule> = new Set([
  'cache_write_1h_below_5m',
  'cache_columns_swapped',
  'cliff_below_base',
  'input_above_200',
  'explains_nothing',
]);

type Raw = Pick<LintFinding, 'rule' | 'message' | 'found' | 'against'>;
type Cell = keyof TokenPrices;

/** Every finding, in order of the book; `newest_on` of the book is the day that ages count to. */
export function lint(book: PriceBook): LintFinding[] {
  const ofCards = [...book.sellers.values()].flatMap((file) =>
    file.cards.flatMap((card) => settled(`${file.seller}/${card.model}`, card, findingsOf(book, file, card))),
  );
  const ofAccess = lintAccess(book).map(
    ({ system, rule, message }): LintFinding => ({
      card: system,
      rule,
      severity: 'error',
      message,
      found: null,
      against: null,
    }),
  );
  return [...ofCards, ...ofAccess];
}

export const isOpen = (finding: LintFinding): boolean => finding.explained === undefined;

function settled(name: string, card: RateCard, raw: readonly Raw[]): LintFinding[] {
  const found = raw.map((one): LintFinding => {
    const isError = ERRORS.has(one.rule) || (one.rule === 'batch_ratio' && one.found! > one.against!);
    const reason = isError ? undefined : card.explained.find(({ rule }) => rule === one.rule)?.reason;
    const severity = isError ? 'error' : 'warning';
    return { card: name, severity, ...one, ...(reason === undefined ? {} : { explained: reason }) };
  });
  const idle = card.explained.filter(({ rule }) => !found.some((one) => one.rule === rule));
  return [
    ...found,
    ...idle.map(
      ({ rule }): LintFinding => ({
        card: name,
        rule: 'explains_nothing',
        severity: 'error',
        message: `"${rule}" is explained and not found`,
        found: null,
        against: null,
      }),
    ),
  ];
}

function findingsOf(book: PriceBook, file: SellerFile, card: RateCard): Raw[] {
  const periods = card.periods.filter(({ status }) => status !== 'cancelled');
  const inTables = periods.flatMap((period) => [
    ...tablesOf(period).flatMap(({ where, prices }) => proportions(where, prices)),
    ...againstBase(period),
  ]);
  return [...distinct(inTables), ...againstOthers(book, file, card, periods), ...age(book, card)];
}

/** One finding for each rule and pair of numbers: a card with ten periods of one flaw says it once. */
const distinct = (raw: readonly Raw[]): Raw[] => [
  ...new Map(raw.map((one) => [`${one.rule} ${one.found} ${one.against}`, one])).values(),
];

interface Table {
  readonly where: string;
  readonly prices: TokenPrices;
}

const sinceOf = ({ from }: PricePeriod): string => (from === undefined ? '' : `from ${from}, `);

function tablesOf(period: PricePeriod): Table[] {
  const since = sinceOf(period);
  return [
    { where: `${since}standard`, prices: period.usd_per_mtok },
    ...period.cliffs.map((cliff) => ({
      where: `${since}past ${cliff.prompt_tokens} tokens`,
      prices: cliff.usd_per_mtok,
    })),
    ...period.windows.map((window) => ({ where: `${since}${window.label}`, prices: window.usd_per_mtok })),
    ...SERVICE_TIERS.flatMap((tier) => {
      const own = tier === 'standard' ? undefined : period.tiers[tier];
      return own === undefined ? [] : [{ where: `${since}${tier}`, prices: own.usd_per_mtok }];
    }),
  ];
}

function proportions(where: string, prices: TokenPrices): Raw[] {
  const found: Raw[] = [];
  const tell = (rule: LintRule, cell: Cell, other: Cell): void => {
    const [a, b] = [prices[cell]!, prices[other]!];
    found.push({ rule, message: `${where}: ${cell} ${a} beside ${other} ${b}`, found: a, against: b });
  };
  const { input, output, cache_read, cache_write_5m, cache_write_1h } = prices;
  const write = cache_write_5m ?? cache_write_1h;
  if (input !== undefined && input > 200)
    found.push({ rule: 'input_above_200', message: `${where}: input ${input}`, found: input, against: 200 });
  if (cache_read !== undefined && write !== undefined && cache_read > write)
    tell('cache_columns_swapped', 'cache_read', cache_write_5m === undefined ? 'cache_write_1h' : 'cache_write_5m');
  else if (input !== undefined && input > 0) {
    if (cache_read !== undefined && cache_read > 0 && outside(cache_read / input, 0.005, 1))
      tell('cache_read_ratio', 'cache_read', 'input');
    for (const cell of ['cache_write_5m', 'cache_write_1h'] as const)
      if (prices[cell] !== undefined && prices[cell] > 0 && outside(prices[cell] / input, 0.95, 2.05))
        tell('cache_write_ratio', cell, 'input');
  }
  if (cache_write_5m !== undefined && cache_write_1h !== undefined && cache_write_1h < cache_write_5m)
    tell('cache_write_1h_below_5m', 'cache_write_1h', 'cache_write_5m');
  if (input !== undefined && input > 0 && output !== undefined && output > 0 && output < input / 2)
    tell('output_ratio', 'output', 'input');
  const named = (Object.keys(prices) as Cell[]).filter((cell) => prices[cell] !== undefined);
  const dearest = named.reduce<Cell | undefined>(
    (top, cell) => (prices[cell]! > (prices[top!] ?? 0) ? cell : top),
    undefined,
  );
  for (const cell of named) if (prices[cell] === 0 && dearest !== undefined) tell('zero_price', cell, dearest);
  return found;
}

function againstBase(period: PricePeriod): Raw[] {
  const since = sinceOf(period);
  const found: Raw[] = [];
  const compare = (
    prices: TokenPrices,
    base: TokenPrices,
    tell: (cell: Cell, own: number, standard: number) => void,
  ) => {
    for (const cell of Object.keys(prices) as Cell[]) {
      const [own, standard] = [prices[cell], base[cell]];
      if (own !== undefined && standard !== undefined && standard > 0) tell(cell, own, standard);
    }
  };
  const cliffs = (of: { readonly cliffs: PricePeriod['cliffs']; readonly usd_per_mtok: TokenPrices }, tier: string) => {
    let below = of.usd_per_mtok;
    for (const cliff of [...of.cliffs].sort((a, b) => a.prompt_tokens - b.prompt_tokens)) {
      compare(cliff.usd_per_mtok, below, (cell, own, standard) => {
        if (own >= standard) return;
        const message = `${since}${tier}past ${cliff.prompt_tokens} tokens: ${cell} ${own}, and ${standard} below`;
        found.push({ rule: 'cliff_below_base', message, found: own, against: standard });
      });
      below = { ...below, ...cliff.usd_per_mtok };
    }
  };
  cliffs(period, '');
  for (const tier of SERVICE_TIERS) {
    const own = tier === 'standard' ? undefined : period.tiers[tier];
    if (own === undefined || tier === 'standard') continue;
    cliffs(own, `${tier}, `);
    const [least, most] = TIER_RATIOS[tier];
    compare(own.usd_per_mtok, period.usd_per_mtok, (cell, price, standard) => {
      if (!outside(price / standard, least, most)) return;
      const rule = tier === 'batch' ? 'batch_ratio' : 'tier_ratio';
      const message = `${since}${tier} ${cell} ${price} against ${standard}`;
      found.push({ rule, message, found: price, against: standard });
    });
  }
  return found;
}

const TIER_RATIOS: Readonly<Record<Exclude<(typeof SERVICE_TIERS)[number], 'standard'>, readonly [number, number]>> = {
  batch: [0.2, 1],
  flex: [0.2, 1],
  priority: [1, 5],
  fast: [1, 10],
};

/** A last bit of a quotient is no finding. */
const outside = (ratio: number, least: number, most: number): boolean =>
  ratio < least * (1 - 1e-9) || ratio > most * (1 + 1e-9);

/** Seven times: half-way, in powers of ten, between prices that differ and prices of another unit. */
const SLIP = 7;
const COLUMNS = ['output', 'cache_read'] as const;

function againstOthers(book: PriceBook, file: SellerFile, card: RateCard, periods: readonly PricePeriod[]): Raw[] {
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
function slips(base: TokenPrices, others: readonly TokenPrices[], whose: string): Raw[] {
  return (['input', 'output', 'cache_read'] as const).flatMap((cell): Raw[] => {
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
function past(periods: readonly PricePeriod[]): Raw[] {
  const dated = periods
    .filter(({ status }) => status === 'confirmed')
    .sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  return dated.slice(1).flatMap((period, i) => slips(period.usd_per_mtok, [dated[i]!.usd_per_mtok], 'before that'));
}

/** A row that is far from every sibling in all that it lists. */
function loneRow(base: TokenPrices, siblings: readonly TokenPrices[]): Raw[] {
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

function columns(base: TokenPrices, siblings: readonly TokenPrices[]): Raw[] {
  return COLUMNS.flatMap((cell): Raw[] => {
    const own = ratioOf(base, cell);
    const others = siblings.flatMap((prices) => ratioOf(prices, cell) ?? []);
    const middle = others.length < 2 ? undefined : median(others);
    if (own === undefined || middle === undefined || !isSlip(own / middle)) return [];
    const message = `${cell} ${base[cell]} is ${round(own)} of input ${base.input}; at siblings it is ${round(middle)}: ${times(own / middle)}`;
    return [{ rule: 'column_slip', message, found: own, against: middle }];
  });
}

function missingCache(base: TokenPrices, siblings: readonly TokenPrices[]): Raw[] {
  if (base.cache_read !== undefined || (base.output ?? 0) === 0 || siblings.length === 0) return [];
  const having = siblings.filter(({ cache_read }) => cache_read !== undefined).length;
  if (having * 2 <= siblings.length) return [];
  const message = `no cache_read; ${having} of ${siblings.length} siblings list one`;
  return [{ rule: 'cache_price_missing', message, found: null, against: having }];
}

function age(book: PriceBook, card: RateCard): Raw[] {
  const days = ageDays(card.as_of, book.newest_on);
  if (days <= STALE_AFTER_DAYS) return [];
  const message = `read on ${card.as_of}, ${days} days before ${book.newest_on}`;
  return [{ rule: 'price_old', message, found: days, against: STALE_AFTER_DAYS }];
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
