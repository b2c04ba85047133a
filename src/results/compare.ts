/**
 * What changed between two reports: recommendation, costs by strategy and component, inputs, prices, traffic, claims.
 *
 * Takes two reports, gives the changes alone, in a fixed order: that of the later report, then what it no longer has. Numbers
 * that differ by less than a billionth are the same. A share is of the earlier value, which stands beside it; of 0 there is
 * none. What one of the two does not know is null, what it does not have is absent.
 */
import { COMPONENTS, type Report, type ReportStrategy } from '../report/contract.ts';
import { sum } from '../units.ts';
import { type Change, changeOf, changesOf, isSame, type Known, known, namesOf } from './changes.ts';
import { priceChanges } from './compare-prices.ts';
import { reportFigures } from './report-figures.ts';

export interface StrategyChange {
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly figures: readonly Change[];
  readonly components: readonly Change[];
  /** Needs that are met in another way. */
  readonly needs: readonly Change[];
}

export interface Side {
  readonly name: string;
  readonly scenario_hash: string;
  readonly version: string;
  readonly price_book_sha256: string;
  readonly command: string;
}

export interface Comparison {
  readonly schema_version: 1;
  readonly before: Side;
  readonly after: Side;
  readonly is_same: boolean;
  readonly recommendation: readonly Change[];
  readonly strategies: readonly StrategyChange[];
  readonly settings: readonly Change[];
  readonly inputs: readonly InputChange[];
  readonly prices: readonly Change[];
  readonly traffic: readonly Change[];
  readonly unpriced: readonly Change[];
  readonly claims: readonly Change[];
}

export interface InputChange extends Change {
  readonly range?: { readonly before?: string; readonly after?: string };
  readonly source?: { readonly before?: string; readonly after?: string };
}

export function compareReports(before: Report, after: Report): Comparison {
  const found = {
    recommendation: recommendationChanges(before, after),
    strategies: strategyChanges(before, after),
    settings: settingChanges(before, after),
    inputs: inputChanges(before, after),
    prices: priceChanges(before, after),
    traffic: trafficChanges(before, after),
    unpriced: changesOf(unpricedOf(before), unpricedOf(after)),
    claims: changesOf(claimsOf(before), claimsOf(after)),
  };
  return {
    schema_version: 1,
    before: sideOf(before),
    after: sideOf(after),
    is_same: Object.values(found).every((changes) => changes.length === 0),
    ...found,
  };
}

const sideOf = ({ scenario, provenance }: Report): Side => ({
  name: scenario.name,
  scenario_hash: scenario.hash,
  version: provenance.version,
  price_book_sha256: provenance.price_book.sha256,
  command: provenance.command,
});

const RECOMMENDATION = ['recommended', 'versus', 'saving_usd', 'cash_only_strategy', 'perfect_information_usd'];

function recommendationChanges(before: Report, after: Report): Change[] {
  const of = (report: Report): Map<string, Known> => {
    const { lookup, unitOf } = reportFigures(report);
    return known(RECOMMENDATION.map((name) => [name, lookup(name) ?? null, unitOf(name)] as const));
  };
  return changesOf(of(before), of(after));
}

const FIGURES = ['npv_usd', 'cash_npv_usd', 'total_usd', 'cash_usd'] as const;
const DRAWN = ['mean_usd', 'p5_usd', 'p95_usd', 'cheapest_fraction', 'regret_usd'];

function strategyChanges(before: Report, after: Report): StrategyChange[] {
  const [earlier, later] = [before, after].map(({ strategies }) => new Map(strategies.map((one) => [one.id, one]))) as [
    Map<string, ReportStrategy>,
    Map<string, ReportStrategy>,
  ];
  return namesOf(earlier, later).flatMap((id): StrategyChange[] => {
    const [was, is] = [earlier.get(id), later.get(id)];
    const found: StrategyChange = {
      id,
      change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
      figures: changesOf(figuresOf(before, was), figuresOf(after, is)),
      components: changesOf(componentsOf(was), componentsOf(is)),
      needs: was === undefined || is === undefined ? [] : changesOf(needsOf(was), needsOf(is)),
    };
    const isUnchanged = found.figures.length + found.components.length + found.needs.length === 0;
    return found.change === 'changed' && isUnchanged ? [] : [found];
  });
}

function figuresOf(report: Report, strategy: ReportStrategy | undefined): Map<string, Known> {
  if (strategy === undefined) return new Map();
  const { lookup, unitOf } = reportFigures(report);
  const drawn = report.uncertainty === undefined ? [] : DRAWN;
  return known([
    ['kind', strategy.kind],
    ...(strategy.excluded === undefined ? [] : [['excluded', strategy.excluded] as const]),
    ...(strategy.comes_to === undefined ? [] : [['comes to', strategy.comes_to] as const]),
    ...(strategy.unranked === undefined ? [] : [['not ranked', strategy.unranked] as const]),
    ...[...FIGURES, ...drawn].map((head) => {
      const name = `${head}.${strategy.id}`;
      return [head, lookup(name) ?? null, unitOf(name)] as const;
    }),
  ]);
}

const componentsOf = (strategy: ReportStrategy | undefined): Map<string, Known> =>
  strategy === undefined
    ? new Map()
    : known(
        COMPONENTS.map((one) => [one, componentOf(strategy, one), 'USD'] as const).filter(([, value]) => value !== 0),
      );

/** A component that a strategy does not have costs nothing. */
function componentOf({ by_component }: ReportStrategy, component: (typeof COMPONENTS)[number]): number | null {
  const amount = by_component[component];
  return amount === undefined ? 0 : amount;
}

const needsOf = ({ choices }: ReportStrategy): Map<string, Known> =>
  known(
    choices.map(
      ({ need, required, answer }) => [need, `${answer.replaceAll('_', ' ')}${required ? ', required' : ''}`] as const,
    ),
  );

const settingChanges = (before: Report, after: Report): Change[] =>
  changesOf(...([before, after].map(settingsOf) as [Map<string, Known>, Map<string, Known>]));

const settingsOf = (report: Report): Map<string, Known> =>
  known([
    ['start', report.start],
    ['horizon', report.horizon_months, 'month'],
    ['baseline', report.baseline],
    ['seed', report.seed],
    ['price book', report.provenance.price_book.sha256.slice(0, 12)],
    ['tollgate', report.provenance.version],
    ...(report.uncertainty === undefined ? [] : [['draws', report.uncertainty.draws] as const]),
  ]);

function inputChanges(before: Report, after: Report): InputChange[] {
  const [earlier, later] = [before, after].map(
    ({ assumptions }) => new Map(assumptions.map((one) => [one.path, one])),
  ) as [Map<string, Report['assumptions'][number]>, Map<string, Report['assumptions'][number]>];
  return namesOf(earlier, later).flatMap((path): InputChange[] => {
    const [was, is] = [earlier.get(path), later.get(path)];
    const range = textChange(was?.range, is?.range);
    const source = textChange(was?.source, is?.source);
    const isChanged = !isSame(was?.value, is?.value) || was?.unit !== is?.unit;
    if (!isChanged && range === undefined && source === undefined) return [];
    return [
      {
        ...changeOf(path, was && { value: was.value, unit: was.unit }, is && { value: is.value, unit: is.unit }),
        ...(was === undefined || is === undefined || range === undefined ? {} : { range }),
        ...(was === undefined || is === undefined || source === undefined ? {} : { source }),
      },
    ];
  });
}

const textChange = (before: string | undefined, after: string | undefined) =>
  before === after
    ? undefined
    : { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };

const trafficChanges = (before: Report, after: Report): Change[] =>
  changesOf(...([before, after].map(trafficOf) as [Map<string, Known>, Map<string, Known>]));

function trafficOf({ traffic }: Report): Map<string, Known> {
  const { tokens, models, features, window } = traffic;
  return known([
    ['source', traffic.source],
    ['window', window.hours, 'hours'],
    ['requests in the window', traffic.requests, 'requests'],
    ['failed requests', traffic.failed_requests, 'requests'],
    ['rejected rows', traffic.rejected, 'rows'],
    ['requests in the first month', traffic.monthly_requests[0] ?? null, 'requests'],
    ['requests over the horizon', sum(traffic.monthly_requests), 'requests'],
    ...Object.entries(tokens).map(([kind, count]) => [`${kind.replaceAll('_', ' ')} tokens`, count, 'tokens'] as const),
    ...models.map(({ model, requests }) => [`requests of ${model}`, requests, 'requests'] as const),
    ...features.map(({ feature, requests }) => [`requests of feature ${feature}`, requests, 'requests'] as const),
  ]);
}

const unpricedOf = ({ unpriced }: Report): Map<string, Known> =>
  known(unpriced.map(({ model, requests }) => [model, requests, 'requests'] as const));

const claimsOf = ({ claims = [] }: Report): Map<string, Known> =>
  known(claims.map(({ id, verdict, where }) => [id, `${verdict.replace('_', ' ')}: ${where}`] as const));
