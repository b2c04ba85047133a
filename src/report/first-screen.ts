/**
 * What stands on the first screen of every text format beside the answer: money at stake, strategies with their shown
 * amounts, the running difference, drivers, what would change the answer, what to measure, how good the data is, caveats.
 *
 * Takes the report, gives plain text without markup and shown numbers; renderers escape, align and cut. What can't be said
 * is null and left out.
 */
import { inputLabel } from '../input-words.ts';
import { againstBaseline, horizonWords, inRankOrder, isRanked, marks } from './answer.ts';
import { breakEvenSentence, centralBreakEven } from './break-even-words.ts';
import { cumulativeDifferences } from './charts/series.ts';
import { shownBars } from './charts/tornado-marks.ts';
import { claimRows } from './claim-words.ts';
import type { Report, ReportStrategy } from './contract.ts';
import { byWorth, flipWords, inputNames, inputValue, measureNext } from './driver-words.ts';
import { age, number, plural, UNKNOWN } from './format.ts';
import { knownShare, knownUsd, roughDifference, roughUsd, usdMargin } from './known-digits.ts';
import { sureSentence } from './uncertainty-words.ts';
import { crossingsWords } from './words.ts';

const MOST_DRIVERS = 3;
const MOST_MEASURED = 3;

export interface StrategyRow {
  readonly strategy: ReportStrategy;
  readonly npv: string;
  readonly cash: string;
  /** `baseline` for itself. */
  readonly against: string;
  /** Empty where it was not drawn. */
  readonly cheapest: string;
  readonly isChosen: boolean;
  readonly isRanked: boolean;
  readonly remarks: readonly string[];
}

const amount = (usd: number | null): string => (usd === null ? UNKNOWN : roughUsd(usd));

/** In the order of the ranking, amounts net present. */
export const strategyRows = (report: Report): StrategyRow[] =>
  inRankOrder(report).map((strategy) => {
    const difference = againstBaseline(report, strategy);
    return {
      strategy,
      npv: amount(strategy.npv_usd),
      cash: amount(strategy.cash_npv_usd),
      against: strategy.id === report.baseline ? 'baseline' : difference === null ? '' : roughDifference(difference),
      cheapest: chanceOf(report, strategy.id),
      isChosen: strategy.id === report.recommendation.strategy,
      isRanked: isRanked(strategy),
      remarks: marks(report, strategy).filter((mark) => mark !== 'baseline'),
    };
  });

function chanceOf({ uncertainty: found }: Report, id: string): string {
  const drawn = found?.strategies.find((one) => one.id === id);
  return found === undefined || drawn === undefined ? '' : knownShare(drawn.cheapest_fraction, found.draws);
}

/** In place of how sure, where there are no draws. */
export const NOT_DRAWN =
  'Every input stands at one value here: nothing is uncertain, or no draws were asked for. How far the answer carries is told under what would change it.';

/** How sure the answer is, or that there are no draws; null where there is no answer. */
export const sureWords = (report: Report): string | null =>
  report.recommendation.strategy === null ? null : (sureSentence(report) ?? NOT_DRAWN);

/** What a wrong choice can cost: the distance to the dearest, and what the chosen one costs too much on average. */
export function stakeSentence(report: Report): string | null {
  const { strategy: chosen } = report.recommendation;
  const ranked = inRankOrder(report).filter((one) => isRanked(one) && one.npv_usd !== null);
  const own = ranked.find(({ id }) => id === chosen);
  const dearest = ranked.at(-1);
  if (own === undefined || dearest === undefined || ranked.length < 2) return null;
  const distance = dearest.npv_usd! - own.npv_usd!;
  const regret = regretWords(report, own.id);
  return [
    ...(distance > 0
      ? [`${dearest.id}, the dearest, costs ${roughUsd(distance)} more than ${own.id} over ${horizonWords(report)}.`]
      : []),
    ...(regret === null ? [] : [regret]),
  ].join(' ');
}

function regretWords({ uncertainty: found }: Report, id: string): string | null {
  const drawn = found?.strategies.find((one) => one.id === id);
  if (drawn === undefined) return null;
  return drawn.regret_usd === 0
    ? 'In no draw would another choice have been cheaper.'
    : `Over all draws ${id} costs on average ${knownUsd(drawn.regret_usd, drawn.regret_se)} more than the cheapest of each (${usdMargin(drawn.regret_se)}; the expected regret).`;
}

export interface RunningDifference {
  readonly strategy: string;
  readonly versus: string;
  /** Cost so far of the first less that of the second, undiscounted, at the end of each month. */
  readonly values: readonly number[];
  readonly from: string;
  readonly until: string;
  /** Months since the start in which both have cost the same. */
  readonly crossings: readonly number[];
  /** When it pays, or who is ahead throughout; then the same over all draws. */
  readonly breakEven: readonly string[];
}

/** Of the recommended strategy against what its saving is counted against: the baseline, or its rival where it is that. */
export function runningDifference(report: Report): RunningDifference | null {
  const { strategy, versus } = report.recommendation;
  if (strategy === null || versus === null) return null;
  const series = cumulativeDifferences(report);
  const [own, other] = [strategy, versus].map((id) => series.find((one) => one.strategy.id === id)?.values);
  if (own === undefined || other === undefined) return null;
  const values = own.map((usd, month) => usd - other[month]!).slice(1);
  const entry = report.break_even.find(
    ({ driver, a, b }) => driver === 'month' && [a, b].includes(strategy) && [a, b].includes(versus),
  );
  const drawn = centralBreakEven(report);
  return {
    strategy,
    versus,
    values,
    from: roughDifference(values[0] ?? 0),
    until: roughDifference(values.at(-1) ?? 0),
    crossings: entry?.crossings.map(({ value }) => value) ?? [],
    breakEven: [
      ...(entry === undefined ? [] : [breakEvenWords(crossingsWords(report, entry).join('; '))]),
      ...(drawn !== undefined && report.uncertainty !== undefined
        ? [breakEvenSentence(drawn, report.uncertainty.draws)]
        : []),
    ],
  };
}

const breakEvenWords = (words: string): string =>
  `${words.startsWith('never: ') ? words.replace('never: ', 'No break-even: ') : `Break-even: ${words}`}.`;

export interface DriverRow {
  readonly label: string;
  readonly range: string;
  readonly effect: string;
  /** Empty where the cheapest stays the cheapest. */
  readonly flip: string;
}

export interface Drivers {
  readonly strategy: string;
  readonly versus: string;
  readonly rows: readonly DriverRow[];
}

/** The strongest, with the values of the input at which another strategy becomes the cheapest. */
export function strongestDrivers({ uncertainty: found }: Report): Drivers | null {
  const tornado = found?.tornado ?? null;
  const shown = tornado === null ? [] : shownBars(tornado).slice(0, MOST_DRIVERS);
  if (tornado === null || shown.length === 0) return null;
  return {
    strategy: tornado.strategy,
    versus: tornado.versus,
    rows: shown.map((bar) => ({
      label: inputLabel(bar.path),
      range: rangeWords(inputValue(bar.low.input, bar.unit), inputValue(bar.high.input, bar.unit)),
      effect: `${roughDifference(bar.low.quantity_usd)} to ${roughDifference(bar.high.quantity_usd)}`,
      flip: flipWords(bar).join('; '),
    })),
  };
}

/** `1.17 to 3.43 hours of work`, `$74.30 to $113/hour`: a unit that both have is said once. */
function rangeWords(low: string, high: string): string {
  const unit = /[ /].*$/.exec(high)?.[0] ?? '';
  return `${unit !== '' && low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}

/** The nearest values at which the answer changes. */
export const changeSentence = ({ recommendation }: Report): string | null =>
  recommendation.would_change_if.length === 0
    ? null
    : upperFirst(`${recommendation.would_change_if.map((one) => one.replace(/\.$/, '')).join('; ')}.`);

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The inputs that are worth knowing first, or why none is. */
export function measureSentence({ uncertainty: found }: Report): string | null {
  if (found === undefined) return null;
  const { told } = byWorth(found);
  if (told.length === 0) return measureNext(found)[0] ?? null;
  return `${told
    .slice(0, MOST_MEASURED)
    .map((one) => `${inputNames(one)}, worth up to ${knownUsd(one.value_usd, one.se)}`)
    .join('; ')}.`;
}

/** Of the scenario's claims: how many of each verdict, and the first. */
export function claimsSentence(report: Report): string | null {
  const rows = claimRows(report);
  const [first] = rows;
  if (first === undefined) return null;
  const verdicts = [...new Set(rows.map(({ verdict }) => verdict))];
  const counts = verdicts.map(
    (verdict) => `${number(rows.filter((row) => row.verdict === verdict).length)} ${verdict}`,
  );
  const told = `${first.verdict}: ${first.text} — ${first.where}`;
  return rows.length === 1 ? upperFirst(told) : `${counts.join(', ')}. The first ${told}`;
}

/** Window, rejects, unpriced usage, and how old the prices are. */
export function dataSentence({ traffic, unpriced, provenance }: Report): string {
  const { from, until, hours } = traffic.window;
  const span = hours >= 48 ? plural(Math.round(hours / 24), 'day') : plural(Math.round(hours), 'hour');
  const ages = provenance.price_book.prices.map(({ age_days }) => age_days);
  const oldest = Math.max(...ages);
  return `${[
    `${plural(traffic.requests, 'request')}${hours > 0 ? ` from ${from.slice(0, 10)} to ${until.slice(0, 10)} (${span})` : ''}`,
    traffic.rejected === 0 ? 'no row rejected' : `${plural(traffic.rejected, 'row')} rejected`,
    unpriced.length === 0
      ? 'all usage priced'
      : `unpriced: ${unpriced.map(({ model, requests }) => `${model} (${plural(requests, 'request')})`).join(', ')}`,
    ages.length === 0 ? 'no price used' : `oldest price ${age(oldest)}${oldest < 0 ? '' : ' before the start'}`,
  ].join('; ')}.`;
}

/** How many of each kind, and the gravest that comes first. */
export function caveatsSentence({ diagnostics, scenario }: Report): string {
  const of = (severity: string) => diagnostics.filter((one) => one.severity === severity);
  const [errors, warnings, notices] = [of('error'), of('warning'), of('info')];
  const counts = [
    ...(errors.length === 0 ? [] : [plural(errors.length, 'error')]),
    ...(warnings.length === 0 ? [] : [plural(warnings.length, 'warning')]),
    ...(notices.length === 0 ? [] : [plural(notices.length, 'notice')]),
    ...(scenario.notes.length === 0 ? [] : [plural(scenario.notes.length, 'note')]),
  ];
  const [first] = [...errors, ...warnings, ...notices];
  const told = first === undefined ? scenario.notes[0] : `${first.path}: ${first.message}`;
  if (told === undefined) return 'None: nothing was warned about.';
  const isAlone = errors.length + warnings.length + notices.length + scenario.notes.length === 1;
  return `${counts.join(', ')}. ${isAlone ? '' : 'The first: '}${told}`;
}
