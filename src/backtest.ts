/**
 * Backtest: what the first part of a trace predicts for the rest, as a scenario projects it, against what was used and billed.
 *
 *   predicted requests = requests of the first part x hours of the rest / hours of the first x (1 + growth)^months between
 *                        x season of the rest / season of the first part, as the scenario states them
 *   predicted tokens   = tokens of the first part x predicted requests / requests of the first part
 *
 * A stated volume is left aside: what is tested is the projection of measured traffic. The error in money is taken apart in one
 * order, so that its parts add up: with the rest's own volume, then its own mix of models, then its own tokens per request,
 * then the prices of its own days, then what was billed. Example: 100 requests at 2 USD in 10 h predict 200 USD for 10 h; 110
 * at 2.1 USD are 231 USD: volume -20, tokens per request -11. Months between are counted from middle to middle. Not modelled:
 * profiles of the day and the week; both parts should cover whole weeks.
 */
import { COUNT_METERS, isEmpty, METERS, TOKEN_METERS, type TokenSide, tokensBySide } from './meters.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { type UnpricedModel, UsageCharges } from './pricing/usage-charges.ts';
import { HOURS_PER_MONTH, MS_PER_HOUR, sum } from './units.ts';
import { arrivals } from './usage/arrivals.ts';
import type { Bill } from './usage/bill.ts';
import type { UsageRow, UsageTable } from './usage/table.ts';

export interface BacktestInput {
  readonly first: UsageTable;
  readonly rest: UsageTable;
  /** What the rest was billed, if the trace says so. */
  readonly bill: Bill | undefined;
  readonly growth_per_month: number;
  /** Season of the rest over that of the first part; absent: 1. */
  readonly season_ratio?: number;
  /** Day on which the prediction is made. */
  readonly on: string;
  /** The one day of the rest's prices, where its clock is relative; absent: each row's own. */
  readonly rest_on?: string | undefined;
}

export interface Predicted {
  readonly predicted: number;
  readonly actual: number;
}

export interface BacktestSide extends Predicted {
  readonly side: TokenSide;
  readonly predicted_usd: number;
  readonly actual_usd: number;
}

export interface Backtest {
  readonly first_hours: number;
  readonly rest_hours: number;
  readonly requests: Predicted;
  readonly peak_to_mean: Predicted | undefined;
  readonly failed_fraction: Predicted;
  readonly sides: readonly BacktestSide[];
  readonly cost_usd: Predicted;
  /** Undefined: the rest does not say what was billed, or not of all of it. */
  readonly billed_usd: number | undefined;
  /** Predicted less true, in USD; they add up to predicted cost less billed cost, or less actual cost without a bill. */
  readonly errors: readonly { readonly cause: BacktestCause; readonly usd: number }[];
  readonly models_not_seen: readonly string[];
}

export type BacktestCause = 'volume' | 'mix' | 'sizes' | 'prices' | 'bill';

/** The answer, or what has no price, without which there is none. */
export function backtest(
  book: PriceBook,
  input: BacktestInput,
): Backtest | { readonly unpriced: readonly UnpricedModel[] } {
  const { first, rest, growth_per_month, season_ratio = 1, on, rest_on } = input;
  const unpriced = [
    ...costOf(book, first.rows, first, on).unpriced,
    ...costOf(book, rest.rows, rest, rest_on).unpriced,
  ];
  if (unpriced.length > 0) return { unpriced };
  const usd = (rows: readonly UsageRow[], table: UsageTable, day: string | undefined): number =>
    costOf(book, rows, table, day).usd;

  const [first_hours, rest_hours] = [hoursOf(first), hoursOf(rest)];
  const requests_first = requestsOf(first.rows);
  const requests_rest = requestsOf(rest.rows);
  const months = (first_hours + rest_hours) / 2 / HOURS_PER_MONTH;
  const predicted_requests =
    (requests_first / first_hours) * rest_hours * (1 + growth_per_month) ** months * season_ratio;
  const scale = predicted_requests / requests_first;

  const models = [...new Set([...first.rows, ...rest.rows].map(({ model }) => model))].sort();
  const per_model = models.map((model) => {
    const [mine, theirs] = [first, rest].map(({ rows }) => rows.filter((row) => row.model === model)) as [
      UsageRow[],
      UsageRow[],
    ];
    return {
      share_first: requestsOf(mine) / requests_first,
      requests_rest: requestsOf(theirs),
      usd_first: usd(mine, first, on),
      usd_rest_then: usd(theirs, rest, on),
      requests_first: requestsOf(mine),
    };
  });
  const predicted_usd = scale * sum(per_model.map(({ usd_first }) => usd_first));
  const at_own_volume = predicted_usd * (requests_rest / predicted_requests);
  // A model that the first part does not have brings its own cost per request: all of it is mix.
  const at_own_mix = sum(
    per_model.map((m) =>
      m.requests_first === 0 ? m.usd_rest_then : (m.usd_first / m.requests_first) * m.requests_rest,
    ),
  );
  const at_own_sizes = sum(per_model.map(({ usd_rest_then }) => usd_rest_then));
  const actual_usd = usd(rest.rows, rest, rest_on);
  const billed_usd = billedOf(input.bill);
  const errors: { cause: BacktestCause; usd: number }[] = [
    { cause: 'volume', usd: predicted_usd - at_own_volume },
    { cause: 'mix', usd: at_own_volume - at_own_mix },
    { cause: 'sizes', usd: at_own_mix - at_own_sizes },
    { cause: 'prices', usd: at_own_sizes - actual_usd },
    ...(billed_usd === undefined ? [] : [{ cause: 'bill' as const, usd: actual_usd - billed_usd }]),
  ];
  const peaks = [first, rest].map((table) =>
    table.requests_per_minute.size === 0 ? undefined : arrivals(table)?.peak_to_mean,
  );
  const seen = new Set(first.rows.map(({ model }) => model));
  return {
    first_hours,
    rest_hours,
    requests: { predicted: predicted_requests, actual: requests_rest },
    peak_to_mean:
      peaks[0] === undefined || peaks[1] === undefined ? undefined : { predicted: peaks[0], actual: peaks[1] },
    failed_fraction: { predicted: failedFraction(first), actual: failedFraction(rest) },
    sides: SIDES.map((side) => ({
      side,
      predicted: scale * tokensOf(first.rows, side),
      actual: tokensOf(rest.rows, side),
      predicted_usd: scale * usd(onlySide(first.rows, side), first, on),
      actual_usd: usd(onlySide(rest.rows, side), rest, rest_on),
    })),
    cost_usd: { predicted: predicted_usd, actual: actual_usd },
    billed_usd,
    errors,
    models_not_seen: models.filter((model) => !seen.has(model)),
  };
}

const SIDES: readonly TokenSide[] = ['input', 'cache_read', 'cache_write', 'output'];

const requestsOf = (rows: readonly UsageRow[]): number => rows.reduce((total, { requests }) => total + requests, 0);
const tokensOf = (rows: readonly UsageRow[], side: TokenSide): number =>
  rows.reduce((total, row) => total + tokensBySide(row)[side], 0);
const hoursOf = ({ window }: UsageTable): number =>
  window === undefined ? 0 : (window.until_ms - window.from_ms) / MS_PER_HOUR;

/** Rows with the tokens of one side alone; those that have none of it are left out. */
const onlySide = (rows: readonly UsageRow[], side: TokenSide): UsageRow[] =>
  rows
    .map((row) => {
      const others = COUNT_METERS.filter((meter) => !isOf(meter, side)).map((meter) => [meter, 0] as const);
      return { ...row, requests: 0, ...Object.fromEntries(others) };
    })
    .filter((row) => tokensBySide(row)[side] > 0);

const isOf = (meter: string, side: TokenSide): boolean =>
  (TOKEN_METERS as readonly string[]).includes(meter) && METERS[meter as (typeof TOKEN_METERS)[number]].side === side;

function costOf(book: PriceBook, rows: readonly UsageRow[], table: UsageTable, on: string | undefined) {
  const charges = new UsageCharges(book);
  charges.add({ ...table, rows }, { on, has_hours: true });
  return { usd: charges.cost_usd ?? 0, unpriced: charges.unpriced };
}

/** What all of it was billed; undefined where rows without a bill are left. */
function billedOf(bill: Bill | undefined): number | undefined {
  if (bill === undefined) return undefined;
  const stated = new Set(bill.of_statements.map(({ model }) => model));
  if (bill.without_cost.rows.some((row) => !(isEmpty(row) && row.requests === 0) && !stated.has(row.model)))
    return undefined;
  return sum([...bill.of_rows, ...bill.of_statements].map(({ nano_usd }) => nano_usd)) / 1e9;
}

const failedFraction = ({ rows, failed_requests }: UsageTable): number => {
  const all = requestsOf(rows) + failed_requests;
  return all === 0 ? 0 : failed_requests / all;
};
