/**
 * A rate card and a charge as tables for a terminal, and a rate card as JSON. It prints nothing and looks nothing up.
 * Amounts are shown to 12 significant digits at most, which only hides the noise of binary fractions.
 */
import type { ServiceTier } from '../meters.ts';
import { METERS, PIECES, TOKEN_METERS, UNIT_METERS, unitPriceField } from '../meters.ts';
import { ageDays } from '../pricing/as-of.ts';
import type { Charge } from '../pricing/charge.ts';
import { windowInWords } from '../pricing/price-window.ts';
import type { Cliff, Multiplier, PricePeriod, RateCard, TokenPrices } from '../pricing/rate-card.ts';

export async function chargeInWords(name: string, tier: ServiceTier, at: string, charge: Charge): Promise<string> {
  const { table, pc } = await terminal();
  const rows = table(['Meter', 'Quantity', 'USD/Mtok', 'USD'], ['left', 'right', 'right', 'right']);
  for (const line of charge.meters) {
    const each = line.per === 1 ? 'each' : `per ${whole(line.per ?? 1)}`;
    const price = line.usd_per_unit === undefined ? line.usd_per_mtok : `${line.usd_per_unit} ${each}`;
    rows.push([line.label, whole(line.quantity), shown(price), shown(line.amount_usd)]);
  }
  rows.push([pc.bold('Total'), '', '', pc.bold(shown(charge.charge_usd))]);
  return [
    `${name}, ${tier}, at ${at}`,
    rows.toString(),
    ...readOn(charge.source, charge.as_of, charge.age_days),
    ...charge.unpriced.map((reason) => pc.red(`Unpriced: ${reason}`)),
    ...charge.warnings.map((found) => pc.yellow(`${found.code}: ${found.message}`)),
  ].join('\n');
}

/** All price cells of a card: a row for each period, tier, cliff and window. */
export async function cardInWords(seller: string, card: RateCard, at: string): Promise<string> {
  const { table } = await terminal();
  const keys = TOKEN_METERS.map((meter) => METERS[meter].price_key);
  const cells = card.periods.flatMap(cellsOf);
  const used = keys.filter((key) => cells.some(({ prices }) => prices[key] !== undefined));
  const rows = table(
    ['Period', 'Tier', 'Prompt', ...used],
    ['left', 'left', 'left', ...used.map(() => 'right' as const)],
  );
  for (const { period, tier, prompt, prices } of cells) {
    rows.push([period, tier, prompt, ...used.map((key) => shown(prices[key] ?? null))]);
  }
  const aliases = card.aliases.map(
    ({ id, from, until }) => `${id}${from ? ` from ${from}` : ''}${until ? ` until ${until}` : ''}`,
  );
  return [
    `${seller}/${card.model}, USD per million tokens`,
    rows.toString(),
    ...card.periods.flatMap(extrasOf),
    ...(aliases.length === 0 ? [] : [`Also sold as: ${aliases.join(', ')}`]),
    ...readOn(card.source, card.as_of, ageDays(card.as_of, at)),
    `Confidence: ${card.confidence}`,
    ...(card.note === undefined ? [] : [`Note: ${card.note}`]),
  ].join('\n');
}

export const cardInJson = (seller: string, card: RateCard, at: string) => ({
  seller,
  ...card,
  age_days: ageDays(card.as_of, at),
});

interface Cell {
  readonly period: string;
  readonly tier: string;
  readonly prompt: string;
  readonly prices: TokenPrices;
}

function cellsOf(period: PricePeriod): Cell[] {
  const from = period.from === undefined ? '' : `from ${period.from}`;
  const until = period.until === undefined ? '' : `until ${period.until}`;
  const status = period.status === 'confirmed' ? '' : `(${period.status})`;
  const when = [from, until, status].filter((part) => part !== '').join(' ') || 'any date';
  const first = period.cliffs[0];
  const offer = (tier: string, prices: TokenPrices, cliffs: readonly Cliff[]): Cell[] => [
    { period: when, tier, prompt: first === undefined ? 'any size' : belowInWords(first), prices },
    ...cliffs.map((cliff) => ({ period: when, tier, prompt: cliffInWords(cliff), prices: cliff.usd_per_mtok })),
  ];
  return [
    ...offer('standard', period.usd_per_mtok, period.cliffs),
    ...Object.entries(period.tiers).flatMap(([tier, own]) => (own ? offer(tier, own.usd_per_mtok, own.cliffs) : [])),
    ...period.windows.map((window) => ({
      period: when,
      tier: `standard, ${window.label}`,
      prompt: 'any size',
      prices: window.usd_per_mtok,
    })),
  ];
}

const cliffInWords = (cliff: Cliff): string =>
  `${cliff.rule === 'above' ? 'above' : 'from'} ${whole(cliff.prompt_tokens)}`;

const belowInWords = (cliff: Cliff): string =>
  `${cliff.rule === 'above' ? 'up to' : 'below'} ${whole(cliff.prompt_tokens)}`;

const extrasOf = (period: PricePeriod): string[] => [
  ...period.windows.map((window) => `Hours: ${windowInWords(window)}`),
  ...UNIT_METERS.flatMap((meter) => {
    const usd = period[unitPriceField(meter)];
    if (usd === undefined) return [];
    if (meter === 'cache_storage_token_hours') return [`Cache storage: ${usd} USD per million tokens and hour`];
    return [`Each ${PIECES[meter].price_key.replaceAll('_', ' ')}: ${usd} USD`];
  }),
  ...Object.entries(period.by_search_context).map(([what, prices]) => {
    const sizes = Object.entries(prices ?? {}).map(([size, usd]) => `${size} ${usd}`);
    return `Each ${what.replaceAll('_', ' ')} by search context: ${sizes.join(', ')} USD`;
  }),
  ...period.images.map(
    (one) => `Each image, ${[one.quality, one.size].filter(Boolean).join(' ') || 'any'}: ${one.usd} USD`,
  ),
  ...Object.entries(period.tiers).flatMap(([tier, offer]) =>
    offer?.multiplier === undefined ? [] : [`Tier ${tier}: ${factorInWords(offer.multiplier)}`],
  ),
  ...period.regions.map((one) => `Region ${one.region}: ${factorInWords(one)}`),
  ...(period.note === undefined
    ? []
    : [`${period.from === undefined ? 'First period' : `From ${period.from}`}: ${period.note}`]),
];

const factorInWords = ({ name, factor, meters }: Multiplier): string => `${name}, x ${factor} on ${meters.join(', ')}`;

const readOn = (source: string | null, as_of: string | null, age_days: number | null): string[] => [
  `Source: ${source ?? 'none'}`,
  ...(as_of === null ? [] : [`As of: ${as_of}, ${age_days} days old on that date`]),
];

const whole = (count: number): string => count.toLocaleString('en-GB');

const shown = (value: number | string | null): string =>
  value === null ? 'unpriced' : typeof value === 'string' ? value : String(Number(value.toPrecision(12)));

async function terminal() {
  const [{ default: Table }, { colours }] = await Promise.all([import('cli-table3'), import('./colours.ts')]);
  const pc = colours();
  const table = (head: string[], colAligns: ('left' | 'right')[]) =>
    new Table({ head: head.map((name) => pc.bold(name)), colAligns, style: { head: [], border: [], compact: true } });
  return { table, pc };
}
