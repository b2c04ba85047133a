/**
 * Billed cost beside computed cost, model by model: whether the price book matches the bill, where it does not, and what
 * would explain it.
 *
 *   difference = billed - computed;  relative = billed / computed - 1
 *
 * Example: 10.55 USD billed for usage that the book prices at 10.00 USD: +0.55 USD, +5.5 %. If every day is off by the same
 * factor, the factor is named; otherwise billings that sellers and gateways are known for are tried: cached tokens at the
 * price of fresh ones or for nothing, reasoning not billed, batch at half price, cents for dollars.
 * An explanation is arithmetic that fits within half a percent, not a proof.
 */
import { type CountMeter, isEmpty } from '../meters.ts';
import { NANO_USD } from '../trace/request.ts';
import { MS_PER_DAY, MS_PER_HOUR, sum } from '../units.ts';
import type { Bill, BilledDay } from '../usage/bill.ts';
import { mergeUsage } from '../usage/merge.ts';
import type { UsageRow, UsageTable } from '../usage/table.ts';
import type { PriceBook } from './price-book.ts';
import { type Dating, UsageCharges } from './usage-charges.ts';

export interface ReconciledModel {
  readonly model: string;
  /** Requests compared; null where the log does not count them. */
  readonly requests: number | null;
  readonly billed_usd: number;
  /** Null: not all of its usage has a price. */
  readonly computed_usd: number | null;
  readonly difference_usd: number | null;
  readonly explanation: string | undefined;
}

export interface GapDay {
  readonly model: string;
  readonly date: string;
  readonly billed_usd: number;
  readonly computed_usd: number;
  readonly difference_usd: number;
}

export interface Reconciliation {
  readonly billed_usd: number;
  /** Of models whose usage is priced whole. */
  readonly computed_usd: number;
  readonly models: readonly ReconciledModel[];
  /** Days that differ most, largest first. */
  readonly gap_days: readonly GapDay[];
  /** Requests without a billed cost, left out of the comparison. */
  readonly unbilled_requests: number;
  /** Models with usage that no bill speaks of. */
  readonly unbilled_models: readonly string[];
  /** Days of usage outside the span that statements cover. */
  readonly unbilled_days: number;
}

const dayOf = (row: UsageRow): number => Math.floor((row.hour * MS_PER_HOUR) / MS_PER_DAY);
const min = (days: readonly number[]): number => days.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max = (days: readonly number[]): number => days.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

const TOLERANCE = 0.005;
const SHOWN_DAYS = 5;

export function reconcile(book: PriceBook, bill: Bill, dating: Dating): Reconciliation {
  const stated = new Set(bill.of_statements.map(({ model }) => model));
  const days = bill.of_statements.map(({ day }) => day);
  const span = { first: min(days), last: max(days) };
  const isCovered = (row: UsageRow): boolean => dayOf(row) >= span.first && dayOf(row) <= span.last;
  const usage = mergeUsage(
    bill.with_cost,
    only(bill.without_cost, (row) => stated.has(row.model) && isCovered(row)),
  );
  const billed = [...bill.of_rows, ...bill.of_statements];
  const names = [...new Set(billed.map(({ model }) => model))].sort();
  const compared = names.map((model) => compare(book, model, usage, billed, dating));
  const unbilled = bill.without_cost.rows.filter(
    (row) => !(stated.has(row.model) && isCovered(row)) && !(isEmpty(row) && row.requests === 0),
  );
  return {
    billed_usd: sum(compared.map(({ of }) => of.billed_usd)),
    computed_usd: sum(compared.map(({ of }) => of.computed_usd ?? 0)),
    models: compared.map(({ of }) => of),
    gap_days: compared
      .flatMap(({ days }) => days)
      .filter(({ difference_usd }) => Math.abs(difference_usd) >= 0.005)
      .sort((a, b) => Math.abs(b.difference_usd) - Math.abs(a.difference_usd))
      .slice(0, SHOWN_DAYS),
    unbilled_requests: unbilled.reduce((total, { requests }) => total + requests, 0),
    unbilled_models: [...new Set(unbilled.map(({ model }) => model))].sort(),
    unbilled_days: new Set(unbilled.filter(({ model }) => stated.has(model)).map(dayOf)).size,
  };
}

function compare(book: PriceBook, model: string, usage: UsageTable, all: readonly BilledDay[], dating: Dating) {
  const own = only(usage, (row) => row.model === model);
  const billed = all.filter((one) => one.model === model);
  const billed_usd = sum(billed.map(({ nano_usd }) => nano_usd)) / NANO_USD;
  const computed_usd = own.rows.length === 0 ? null : costOf(book, own, dating);
  const days = computed_usd === null ? [] : byDay(book, model, own, billed, dating);
  const of: ReconciledModel = {
    model,
    requests: own.buckets?.lacks_requests ? null : own.rows.reduce((total, { requests }) => total + requests, 0),
    billed_usd,
    computed_usd,
    difference_usd: computed_usd === null ? null : billed_usd - computed_usd,
    explanation:
      own.rows.length === 0
        ? 'the trace has no usage of it to compare with'
        : computed_usd === null
          ? 'part of its usage has no price'
          : explain(book, own, billed_usd, computed_usd, days, dating),
  };
  return { of, days };
}

function byDay(
  book: PriceBook,
  model: string,
  own: UsageTable,
  billed: readonly BilledDay[],
  dating: Dating,
): GapDay[] {
  const days = [...new Set([...own.rows.map(dayOf), ...billed.map(({ day }) => day)])].sort((a, b) => a - b);
  return days.map((day) => {
    const computed_usd =
      costOf(
        book,
        only(own, (row) => dayOf(row) === day),
        dating,
      ) ?? 0;
    const billed_usd = sum(billed.filter((one) => one.day === day).map(({ nano_usd }) => nano_usd)) / NANO_USD;
    return {
      model,
      date: new Date(day * MS_PER_DAY).toISOString().slice(0, 10),
      billed_usd,
      computed_usd,
      difference_usd: billed_usd - computed_usd,
    };
  });
}

const near = (a: number, b: number): boolean =>
  Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));

function explain(
  book: PriceBook,
  own: UsageTable,
  billed_usd: number,
  computed_usd: number,
  days: readonly GapDay[],
  dating: Dating,
): string | undefined {
  if (computed_usd === 0 || near(billed_usd, computed_usd)) return undefined;
  const factor = billed_usd / computed_usd;
  if (near(factor, 100)) return 'billed is a hundred times as much: it looks like cents read as dollars';
  if (near(factor, 0.01)) return 'billed is a hundredth: it looks like dollars read as cents';
  for (const { meter, becomes, words } of OTHERWISE) {
    if (!own.rows.some((row) => row[meter] > 0)) continue;
    const moved = { ...own, rows: own.rows.map((row) => movedTo(row, meter, becomes)) };
    if (near(costOf(book, moved, dating) ?? Number.NaN, billed_usd)) return words;
  }
  if (near(factor, 0.5)) return 'billed is half of it: a batch discount that the log does not tell';
  const told = days.filter((day) => day.computed_usd > 0.01);
  const isSteady = told.length > 1 && told.every((day) => near(day.billed_usd / day.computed_usd, factor));
  const percent = `${factor > 1 ? '+' : ''}${((factor - 1) * 100).toFixed(1)} %`;
  return isSteady ? `the same ${percent} every day: a fee, a markup or a contract rate` : undefined;
}

/** Ways to bill a meter other than the book's. */
const OTHERWISE: readonly { meter: CountMeter; becomes: CountMeter | undefined; words: string }[] = [
  {
    meter: 'cache_read_tokens',
    becomes: 'input_tokens',
    words: 'fits if cached tokens were billed at the price of fresh ones',
  },
  { meter: 'cache_read_tokens', becomes: undefined, words: 'fits if cached tokens were not billed' },
  {
    meter: 'cache_write_5m_tokens',
    becomes: 'input_tokens',
    words: 'fits if cache writes were billed at the price of fresh input',
  },
  { meter: 'reasoning_tokens', becomes: undefined, words: 'fits if reasoning tokens were not billed' },
];

function movedTo(row: UsageRow, meter: CountMeter, becomes: CountMeter | undefined): UsageRow {
  const moved = { ...row, [meter]: 0 };
  return becomes === undefined ? moved : { ...moved, [becomes]: row[becomes] + row[meter] };
}

const only = (table: UsageTable, keeps: (row: UsageRow) => boolean): UsageTable => ({
  ...table,
  rows: table.rows.filter(keeps),
});

function costOf(book: PriceBook, table: UsageTable, dating: Dating): number | null {
  const charges = new UsageCharges(book);
  charges.add(table, dating);
  return charges.cost_usd;
}
