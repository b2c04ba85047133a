/**
 * What a trace tells a first scenario: how many requests in which window, models with their cards or the nearest names,
 * features, whether it grew. Takes the usage as it was read, under the names that the trace itself uses; prices nothing.
 */
import type { PriceBook } from '../pricing/price-book.ts';
import { resolveModel, ruleInWords } from '../pricing/resolve.ts';
import { UsageCharges } from '../pricing/usage-charges.ts';
import { HOURS_PER_MONTH, MS_PER_HOUR } from '../units.ts';
import { UNASSIGNED } from '../usage/rollup.ts';
import { hasDates, type UsageRow, type UsageTable } from '../usage/table.ts';

export interface TraceFacts {
  /** As the scenario names it, relative to its folder. */
  readonly path: string;
  readonly format: string;
  /** Given by whoever asked, because the guess is wrong. */
  readonly stated_format: string | undefined;
  readonly mapping: string | undefined;
  readonly rows: number;
  /** Null where rows sum requests without counting them. */
  readonly requests: number | null;
  /** Null without times. */
  readonly window: { readonly from: string; readonly until: string; readonly hours: number } | null;
  /** Of requests, or of tokens where they are not counted; the largest first. */
  readonly models: readonly TraceModel[];
  /** Share of the usage that names no model. */
  readonly unnamed_share: number;
  /** Who sold that, where all of it names one seller: an export of OpenAI's holds no model of another. */
  readonly unnamed_seller: string | undefined;
  readonly features: readonly string[];
  /** Growth a month, if the difference between its halves went on; null: too short, or too few to tell. */
  readonly growth_per_month: number | null;
  /** The longest that a row sums over; null where all rows are single requests. */
  readonly summed_over_hours: number | null;
  /** How it was understood, where that had to be settled. */
  readonly settles: readonly string[];
}

export interface TraceModel {
  /** As the trace names it. */
  readonly name: string;
  readonly share: number;
  /** Of the price book; undefined: no card has this name. */
  readonly card: string | undefined;
  readonly rule: string | undefined;
  readonly nearest: readonly string[];
  /** Why part of its usage has no price although there is a card. */
  readonly lacks: string | undefined;
}

type Read = Pick<
  TraceFacts,
  'path' | 'format' | 'stated_format' | 'mapping' | 'rows' | 'settles' | 'unnamed_seller'
> & {
  readonly clock: 'absolute' | 'relative' | 'none';
};

export function traceFacts(usage: UsageTable, { clock, ...read }: Read, book: PriceBook, on: string): TraceFacts {
  const lacksRequests = usage.buckets?.lacks_requests === true;
  const weightOf = (row: UsageRow): number =>
    lacksRequests ? row.input_tokens + row.cache_read_tokens + row.output_tokens : row.requests;
  const byModel = shares(usage.rows, ({ model }) => model, weightOf);
  const byFeature = shares(usage.rows, ({ feature }) => feature, weightOf);
  const requests = usage.rows.reduce((total, row) => total + row.requests, 0);
  const window = clock === 'none' ? undefined : usage.window;
  return {
    ...read,
    requests: lacksRequests ? null : requests,
    window: window === undefined ? null : inWords(window, clock === 'absolute' && hasDates(usage)),
    models: byModel
      .filter(([name]) => name !== UNASSIGNED)
      .map(([name, share]) => {
        const found = resolveModel(book, name, on);
        if (!('seller' in found))
          return { name, share, card: undefined, rule: undefined, nearest: found.nearest, lacks: undefined };
        const card = `${found.seller}/${found.model}`;
        return { name, share, card, rule: ruleInWords(found), nearest: [], lacks: gapsOf(usage, name, card, book, on) };
      }),
    unnamed_share: byModel.find(([name]) => name === UNASSIGNED)?.[1] ?? 0,
    features: byFeature.map(([feature]) => feature).filter((feature) => feature !== ''),
    growth_per_month: window === undefined ? null : growth(usage, window, weightOf),
    summed_over_hours: usage.buckets === undefined ? null : usage.buckets.longest_ms / MS_PER_HOUR,
  };
}

/** What its card does not price of what was used. */
function gapsOf(usage: UsageTable, name: string, card: string, book: PriceBook, on: string): string | undefined {
  const charges = new UsageCharges(book);
  const rows = usage.rows.filter(({ model }) => model === name).map((row) => ({ ...row, model: card }));
  charges.add({ ...usage, rows }, { on, has_hours: false });
  return charges.unpriced[0]?.reason;
}

function shares(
  rows: readonly UsageRow[],
  keyOf: (row: UsageRow) => string,
  weightOf: (row: UsageRow) => number,
): [key: string, share: number][] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + weightOf(row));
  const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
  return [...sums]
    .map(([key, sum]): [string, number] => [key, total === 0 ? 0 : sum / total])
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

const inWords = ({ from_ms, until_ms }: NonNullable<UsageTable['window']>, isDated: boolean) => ({
  from: isDated ? new Date(from_ms).toISOString().slice(0, 10) : 'its beginning',
  until: isDated ? new Date(until_ms - 1).toISOString().slice(0, 10) : 'its end',
  hours: Math.max((until_ms - from_ms) / MS_PER_HOUR, 1 / 60),
});

/** Shorter than four weeks a week-end more in one half looks like growth. */
const LEAST_HOURS = 4 * 7 * 24;

/** Halves lie half a window apart: ratio ^ (730 h / half a window) - 1. */
function growth(
  usage: UsageTable,
  { from_ms, until_ms }: NonNullable<UsageTable['window']>,
  weightOf: (row: UsageRow) => number,
): number | null {
  const hours = (until_ms - from_ms) / MS_PER_HOUR;
  if (hours < LEAST_HOURS || (usage.buckets?.longest_ms ?? 0) > 24 * MS_PER_HOUR) return null;
  const middle = (from_ms + until_ms) / 2 / MS_PER_HOUR;
  let [first, second] = [0, 0];
  for (const row of usage.rows) {
    if (row.hour < middle) first += weightOf(row);
    else second += weightOf(row);
  }
  if (first < 100 || second < 100) return null;
  return (second / first) ** (HOURS_PER_MONTH / (hours / 2)) - 1;
}
