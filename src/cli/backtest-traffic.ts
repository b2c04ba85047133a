/**
 * Reads a scenario's traffic in two parts and has the second predicted from the first: the content of `tollgate backtest`.
 *
 * Long traffic is cut at a day where it says what was billed, else at an hour, from the usage table of one reading. Shorter
 * traffic is read twice and cut at the instant.
 */
import { backtest } from '../backtest.ts';
import { inputError } from '../errors.ts';
import type { TrafficOptions } from '../io/source-reading.ts';
import { readInto } from '../io/traffic-source.ts';
import { measure } from '../measure.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Season, windowSeason } from '../scenario/season.ts';
import type { TraceRequest } from '../trace/request.ts';
import { MS_PER_DAY, MS_PER_HOUR } from '../units.ts';
import { billFrom, splitUsage } from '../usage/split.ts';
import type { UsageTable } from '../usage/table.ts';

export interface BacktestOptions extends TrafficOptions {
  /** Of the window, that is known. */
  readonly share: number;
}

const LEAST_HOURS_BY_HOUR = 48;
const LEAST_HOURS_BY_DAY = 96;

export async function backtestTraffic(
  scenario: Scenario,
  scenarioFile: string,
  book: PriceBook,
  { share, ...options }: BacktestOptions,
) {
  if (options.trace === '-')
    throw inputError(
      'BACKTEST_STDIN',
      'standard input',
      'can be read only once, and a backtest may read a trace twice; name a file',
    );
  const on = `${scenario.start}-01`;
  const whole = measure(scenario, book, on);
  const reading = await readInto(scenario, scenarioFile, book, whole, options);
  const usage = whole.table();
  const bill = whole.bill();
  const { window } = usage;
  if (window === undefined || reading.clock === 'none')
    throw inputError(
      'BACKTEST_NO_TIME',
      reading.source,
      'has no times, so there is no first part that could predict the rest',
    );
  const hours = (window.until_ms - window.from_ms) / MS_PER_HOUR;
  const finest =
    hours >= LEAST_HOURS_BY_DAY ? MS_PER_DAY : hours >= LEAST_HOURS_BY_HOUR && bill === undefined ? MS_PER_HOUR : 1;
  const { longest_ms = 0 } = usage.buckets ?? {};
  const unit = Math.max(finest, Math.ceil(longest_ms / MS_PER_HOUR) * MS_PER_HOUR);
  if (longest_ms > 0 && window.until_ms - window.from_ms < 4 * longest_ms)
    throw inputError(
      'BACKTEST_SHORT',
      reading.source,
      `sums over ${longest_ms / MS_PER_HOUR} h each; a backtest needs at least four of them`,
    );
  const at_ms = Math.round((window.from_ms + share * (window.until_ms - window.from_ms)) / unit) * unit;
  const cut =
    unit > 1
      ? {
          parts: splitUsage(usage, at_ms),
          bill: unit % MS_PER_DAY === 0 && bill !== undefined ? billFrom(bill, at_ms) : undefined,
        }
      : await readParts(scenario, scenarioFile, book, at_ms, window, options);
  const [first, rest] = cut.parts;
  if (first.rows.length === 0 || rest.rows.length === 0)
    throw inputError(
      'BACKTEST_EMPTY',
      reading.source,
      `has no request ${first.rows.length === 0 ? 'before' : 'after'} the split; choose another --split`,
    );
  const split_at = new Date(at_ms).toISOString();
  const isDated = reading.clock === 'absolute';
  const { growth, season } = scenario.traffic.volume;
  const found = backtest(book, {
    first,
    rest,
    bill: cut.bill,
    growth_per_month: growth?.central ?? 0,
    season_ratio: isDated && scenario.traffic.synthetic === undefined ? seasonRatio(season, first, rest) : 1,
    on: isDated ? split_at.slice(0, 10) : on,
    rest_on: isDated ? undefined : on,
  });
  return { found, split_at, source: reading.source };
}

/** The rest's over the first part's, as the scenario states them. */
function seasonRatio(season: Season | undefined, first: UsageTable, rest: UsageTable): number {
  if (season === undefined || first.window === undefined || rest.window === undefined) return 1;
  return windowSeason(season, rest.window) / windowSeason(season, first.window);
}

async function readParts(
  scenario: Scenario,
  scenarioFile: string,
  book: PriceBook,
  at_ms: number,
  window: NonNullable<UsageTable['window']>,
  options: TrafficOptions,
) {
  const on = `${scenario.start}-01`;
  const [first, rest] = [measure(scenario, book, on), measure(scenario, book, on)];
  const sink = {
    add: (request: TraceRequest) => (request.time_ms < at_ms ? first : rest).add(request),
    addGrouped: () => {
      throw new Error('single requests are needed');
    },
  };
  await readInto(scenario, scenarioFile, book, sink, { ...options, engine: 'rows' });
  return {
    parts: [
      { ...first.table(), window: { from_ms: window.from_ms, until_ms: at_ms } },
      { ...rest.table(), window: { from_ms: at_ms, until_ms: window.until_ms } },
    ] as const,
    bill: rest.bill(),
  };
}
