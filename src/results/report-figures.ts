/**
 * Every figure of a report by a name that people can write: what policies and comparisons read. The names are those of claims,
 * and beside them what only a finished report knows: counts of findings, and how sure the answer is.
 *
 * null: not known, because usage is unpriced or no draws were made. A component that a strategy does not have is 0; a
 * break-even that is never reached is infinite, one in months that lies before the first month's end is 0. Nothing is computed
 * that the report does not say.
 */
import { FIGURE_HEADS, figureNames, figureOf, INPUT, namesOf, type Subjects } from '../claims/figure-names.ts';
import { aheadFromMonth, breakEvenMonth } from '../claims/model-figures.ts';
import { isReplayedFigure, replayedFigure } from '../claims/replayed-figures.ts';
import type { Lookup } from '../formula/condition.ts';
import type { NamedFigures } from '../formula/condition-names.ts';
import { VOLUME_PATH } from '../input-paths.ts';
import { COMPONENTS, type Component, type Driver, type Report, type ReportStrategy } from '../report/contract.ts';
import { sum } from '../units.ts';

export interface Figure {
  readonly name: string;
  readonly value: number | string | null;
  readonly unit: string;
}

export interface ReportFigures {
  readonly lookup: Lookup;
  readonly named: NamedFigures;
  readonly unitOf: (name: string) => string;
}

export function reportFigures(report: Report): ReportFigures {
  const inputs = new Map(report.assumptions.map((one) => [one.path, one]));
  const subjects: Subjects = {
    strategies: report.strategies.map(({ id }) => id),
    components: COMPONENTS,
    inputs: [...inputs.keys()],
  };
  return {
    lookup: (name) => {
      if (name.startsWith(INPUT)) return inputs.get(name.slice(INPUT.length))?.value;
      const found = figureOf(name, subjects);
      return found === undefined ? undefined : figureValue(report, found.head.head, found.parts);
    },
    named: figureNames(subjects, ['model', 'report', 'draws']),
    unitOf: (name) =>
      name.startsWith(INPUT)
        ? (inputs.get(name.slice(INPUT.length))?.unit ?? '')
        : (figureOf(name, subjects)?.head.unit ?? ''),
  };
}

/** Names that can be checked before a scenario is run; any input may turn out to exist. */
export const namesBeforeRun = (strategies: readonly string[]): NamedFigures =>
  figureNames({ strategies, components: COMPONENTS, inputs: undefined }, ['model', 'report', 'draws']);

/** All figures, in a fixed order. */
export function resultNames(report: Report): Figure[] {
  const { lookup, unitOf } = reportFigures(report);
  const subjects = { strategies: report.strategies.map(({ id }) => id), components: COMPONENTS, inputs: [] };
  const names = [
    ...FIGURE_HEADS.flatMap((head) => namesOf(head, subjects)),
    ...report.assumptions.map(({ path }) => `${INPUT}${path}`),
  ];
  return names.map((name) => ({ name, value: lookup(name) ?? null, unit: unitOf(name) }));
}

type Value = number | string | null;

function figureValue(report: Report, head: string, [id = '', other = '']: readonly string[]): Value {
  const strategy = report.strategies.find((one) => one.id === id);
  if (strategy !== undefined) return ofStrategy(report, strategy, head, other);
  const { recommendation, traffic, unpriced, diagnostics, provenance } = report;
  switch (head) {
    case 'recommended':
      return recommendation.strategy;
    case 'versus':
    case 'saving_usd':
    case 'cash_only_strategy':
      return recommendation[head];
    case 'baseline':
      return report.baseline;
    case 'requests_per_month':
      return report.assumptions.find(({ path }) => path === VOLUME_PATH)?.value ?? traffic.monthly_requests[0] ?? null;
    case 'unpriced':
      return unpriced.length;
    case 'unpriced_requests':
      return sum(unpriced.map(({ requests }) => requests));
    case 'requests':
    case 'failed_requests':
    case 'rejected':
      return traffic[head];
    case 'errors':
    case 'warnings':
      return diagnostics.filter(({ severity }) => `${severity}s` === head).length;
    case 'oldest_price_days':
      return provenance.price_book.prices.length === 0
        ? null
        : Math.max(...provenance.price_book.prices.map(({ age_days }) => age_days));
    case 'perfect_information_usd':
      return report.uncertainty?.perfect_information?.value_usd ?? null;
    default:
      throw new Error(`no figure is called "${head}"`);
  }
}

const BREAK_EVENS: Readonly<Record<string, Driver>> = {
  break_even_volume: 'volume',
  break_even_markup: 'markup',
  break_even_hourly_rate: 'hourly_rate',
};

function ofStrategy(report: Report, strategy: ReportStrategy, head: string, other: string): Value {
  if (isReplayedFigure(head))
    return replayedFigure(
      head,
      report.replays?.find((one) => one.strategy === strategy.id),
    );
  switch (head) {
    case 'npv_usd':
    case 'cash_npv_usd':
    case 'total_usd':
    case 'cash_usd':
      return strategy[head];
    case 'component_usd': {
      const amount = strategy.by_component[other as Component];
      return amount === undefined ? (strategy.total_usd === null ? null : 0) : amount;
    }
    case 'ahead_from_month':
    case 'break_even_month': {
      const [own, others] = [strategy, report.strategies.find(({ id }) => id === other)!].map(knownMonths);
      if (own === undefined || others === undefined) return null;
      return head === 'ahead_from_month' ? aheadFromMonth(own, others) : breakEvenMonth(own, others);
    }
    case 'cheapest_fraction':
    case 'regret_usd':
      return drawn(report, strategy.id)?.[head] ?? null;
    case 'mean_usd':
    case 'p5_usd':
    case 'p50_usd':
    case 'p95_usd':
    case 'cvar95_usd':
      return (
        drawn(report, strategy.id)?.npv_usd[head.replace('_usd', '') as 'mean' | 'p5' | 'p50' | 'p95' | 'cvar95'] ??
        null
      );
    default:
      return crossing(report, strategy.id, other, BREAK_EVENS[head]!);
  }
}

const drawn = ({ uncertainty }: Report, id: string) => uncertainty?.strategies.find((one) => one.id === id);

const knownMonths = ({ monthly_usd }: ReportStrategy): number[] | undefined =>
  monthly_usd.includes(null) ? undefined : (monthly_usd as number[]);

/** The first crossing; infinite where the two never cost the same, null where it was not searched. */
function crossing(report: Report, a: string, b: string, driver: Driver): number | null {
  const entry = report.break_even.find(
    (one) => one.driver === driver && ((one.a === a && one.b === b) || (one.a === b && one.b === a)),
  );
  return entry === undefined ? null : (entry.crossings[0]?.value ?? Number.POSITIVE_INFINITY);
}
