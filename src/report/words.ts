/** Plain words for the terms of report.json: components, kinds of strategy, drivers, answers to a need. Text only. */
import { CAPABILITIES } from '../capabilities.ts';
import type { Month } from '../units.ts';
import type { Component, Crossing, Driver, Report, ReportBilled, ReportBreakEven } from './contract.ts';
import { listed, monthPoint, quantity, share } from './format.ts';

export const COMPONENT_WORDS: Record<Component, string> = {
  token_charges: 'Token charges',
  gateway_fees: 'Gateway fees',
  infrastructure: 'Infrastructure',
  engineering: 'Engineering',
  commitments: 'Volume discounts and commitments',
  credits: 'Credits and refunds',
  outages: 'Value lost in outages and failures',
  latency: 'Value lost to latency',
  quality: 'Value lost to quality',
  early_access: 'Value of early access',
};

const KIND_WORDS: Record<string, string> = {
  direct: 'direct provider access',
  managed_gateway: 'managed gateway',
  self_hosted_gateway: 'self-hosted gateway',
  hybrid: 'mix, route by route',
  phased: 'one after the other',
};
export const kindWords = (kind: string): string => KIND_WORDS[kind] ?? kind.replaceAll('_', ' ');

export const ANSWER_WORDS = {
  brought: 'brought by the gateway',
  already_built: 'already built, upkeep only',
  built: 'built and kept up',
  done_without: 'done without',
} as const;

export const DRIVER_WORDS: Record<Driver, string> = {
  month: 'Time (months since the start)',
  volume: 'Traffic volume',
  markup: 'Gateway markup on tokens',
  hourly_rate: 'Loaded hourly rate of engineers',
};

export const needWords = (need: string): string =>
  Object.hasOwn(CAPABILITIES, need) ? CAPABILITIES[need as keyof typeof CAPABILITIES] : need.replaceAll('_', ' ');

/** The driver, and whose price it is where it is one gateway's. */
export const driverWords = ({ driver, subjects }: ReportBreakEven): string =>
  subjects === undefined || subjects.length === 0
    ? DRIVER_WORDS[driver]
    : `${DRIVER_WORDS[driver]}, ${listed(subjects)}`;

/** A value of a driver with its unit, three significant digits; a month with its place in the calendar. */
export function driverValue(start: Month, driver: Driver, unit: string, value: number): string {
  const shown = Number(value.toPrecision(3));
  if (driver === 'month') return monthPoint(start, value);
  if (driver === 'markup') return share(shown);
  return quantity(shown, driver === 'volume' ? 'requests/month' : unit);
}

const CROSSING_WORDS: Record<Crossing['kind'], string> = {
  continuous: '',
  jump: ' (at a step)',
  tie_from: ' (equal from here on)',
  tie_until: ' (equal up to here)',
};

/** One crossing: where it lies and who is cheaper on either side. */
export function crossingWords(report: Report, entry: ReportBreakEven, crossing: Crossing): string {
  const where = driverValue(report.start, entry.driver, entry.unit, crossing.value) + CROSSING_WORDS[crossing.kind];
  const [before, after] = entry.driver === 'month' ? ['before', 'after'] : ['below', 'above'];
  const { cheaper_below: lower, cheaper_above: upper } = crossing;
  if (lower === undefined && upper === undefined) return where;
  if (lower === undefined) return `${where}: ${upper} cheaper ${after}`;
  return `${where}: ${lower} cheaper ${before}${upper === undefined ? '' : `, ${upper} ${after}`}`;
}

/** Crossings of a pair along a driver, or "never" and by how much. */
export const crossingsWords = (report: Report, entry: ReportBreakEven): string[] =>
  entry.crossings.length > 0
    ? entry.crossings.map((crossing) => crossingWords(report, entry, crossing))
    : [entry.verdict];

/** Where the two cost the same, without who is ahead. */
export const crossingValues = (report: Report, entry: ReportBreakEven): string[] =>
  entry.crossings.length === 0
    ? ['never']
    : entry.crossings.map(
        ({ value, kind }) => driverValue(report.start, entry.driver, entry.unit, value) + CROSSING_WORDS[kind],
      );

/** Comparisons with the recommended strategy, or with the baseline where none is recommended: those that stand open. */
export const isCentral = ({ baseline, recommendation }: Report, { a, b }: ReportBreakEven): boolean =>
  [a, b].includes(recommendation.strategy ?? baseline);

/** What a billed cost is. */
export const BILLED_WORDS: Readonly<Record<ReportBilled['basis'], string>> = {
  invoiced: 'What the trace says was invoiced, beside what the price book says for the same usage.',
  estimated: 'What the log itself estimated as cost, beside what the price book says. It is no invoice.',
  list: 'The list prices that the log states, beside those of the price book.',
  mixed: 'What the files say was billed or estimated, beside what the price book says.',
};

/** What of the usage no bill speaks of; empty where it speaks of all. */
export function unbilledWords({ unbilled_models, unbilled_days }: ReportBilled): string {
  if (unbilled_models.length === 0) return '';
  const days = unbilled_days === 0 ? '' : ` The bill covers fewer days than the usage; ${unbilled_days} are left out.`;
  return `Usage without a bill is left out of ${unbilled_models.length === 1 ? 'this model' : 'these models'}: ${unbilled_models.join(', ')}.${days}`;
}

/** `+5.5%`; empty where it can't be said. */
export const relativeDifference = (billed_usd: number, computed_usd: number | null): string => {
  if (computed_usd === null || computed_usd === 0) return '';
  const percent = (billed_usd / computed_usd - 1) * 100;
  return `${percent >= 0 ? '+' : '\u2212'}${Math.abs(percent).toFixed(1)}%`;
};
