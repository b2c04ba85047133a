/**
 * Evaluation -> report model: everything that a report shows, put into the shape of report.json. It selects and words;
 * every figure comes from the evaluation.
 */
import type { Alternative, Evaluation } from '../evaluate.ts';
import { ageDays } from '../pricing/as-of.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { KIND_TITLES } from '../strategies/index.ts';
import type { BestMap } from '../uncertainty/best-map.ts';
import type { MapDriver } from '../uncertainty/map-drivers.ts';
import { byText, sum } from '../units.ts';
import { assumptionsOf } from './build-assumptions.ts';
import { attributionOf } from './build-attribution.ts';
import { breakEvenOf } from './build-break-even.ts';
import { reportedClaims } from './build-claims.ts';
import { factsOf } from './build-facts.ts';
import { optimisedOf, splitOf } from './build-optimised.ts';
import { recommendationOf } from './build-recommendation.ts';
import { replaysOf } from './build-replays.ts';
import { routesOf, type StrategyRoutes } from './build-routes.ts';
import { trafficOf } from './build-traffic.ts';
import { uncertaintyReport } from './build-uncertainty.ts';
import {
  COMPONENTS,
  type Component,
  type Report,
  type ReportLineItem,
  type ReportMap,
  type ReportStrategy,
  SCHEMA_VERSION,
} from './contract.ts';
import type { Provenance } from './provenance.ts';

export function buildReport(evaluation: Evaluation, book: PriceBook, provenance: Provenance): Report {
  const { question, prepared, recommendation } = evaluation;
  const { scenario } = question;
  const routes = routesOf(evaluation);
  const attribution = attributionOf(evaluation, routes);
  const strategies = evaluation.alternatives.map((one) => strategyOf(evaluation, one, routes.get(one.id)!));
  const break_even = evaluation.break_even.map((found) => breakEvenOf(found, scenario.start));
  const uncertainty = evaluation.uncertainty && uncertaintyReport(evaluation.uncertainty, prepared.model);
  return {
    schema_version: SCHEMA_VERSION,
    scenario: {
      name: scenario.name,
      question: scenario.question,
      hash: provenance.scenario_hash,
      notes: scenario.notes,
    },
    seed: scenario.seed,
    start: scenario.start,
    horizon_months: scenario.horizon,
    currency: scenario.currency,
    discount_rate_per_year: scenario.discount_rate.central,
    baseline: scenario.baseline,
    traffic: trafficOf(evaluation, provenance),
    strategies,
    ...(attribution === undefined ? {} : { attribution }),
    break_even,
    sweeps: evaluation.sweeps.map(({ driver, unit, values, npv_usd }) => ({
      driver,
      unit,
      values: [...values],
      npv_usd: Object.fromEntries(Object.entries(npv_usd).map(([id, costs]) => [id, [...costs]])),
    })),
    ...(evaluation.replays.size === 0 ? {} : { replays: replaysOf(evaluation) }),
    recommendation: recommendationOf(recommendation, strategies, break_even, evaluation, uncertainty?.tornado ?? null),
    ...(uncertainty === undefined ? {} : { uncertainty }),
    ...(evaluation.best_map === undefined ? {} : { best_map: mapOf(evaluation.best_map) }),
    ...(scenario.claims.length === 0 ? {} : { claims: reportedClaims(evaluation) }),
    unpriced: [...prepared.quotes.unpriced.values()]
      .sort((a, b) => byText(a.model, b.model))
      .map(({ model, reason, requests, strategies: touched }) => ({
        model,
        reason,
        requests,
        strategies: [...touched],
      })),
    assumptions: assumptionsOf(evaluation),
    diagnostics: [...provenance.diagnostics, ...evaluation.diagnostics].map(({ severity, code, path, message }) => ({
      severity,
      code,
      path,
      message,
    })),
    facts: factsOf(evaluation, book),
    provenance: {
      version: provenance.version,
      inputs: provenance.inputs.map(({ name, sha256 }) => ({ name, sha256 })),
      price_book: {
        sha256: book.digest,
        newest_on: book.newest_on,
        prices: [...prepared.quotes.used]
          .sort(([a], [b]) => byText(a, b))
          .map(([model, { source, as_of }]) => ({
            model,
            source,
            as_of,
            age_days: ageDays(as_of, `${scenario.start}-01`),
          })),
      },
      command: provenance.command,
    },
  };
}

/** Components that tokens without a price touch: their sums would leave something out. */
const TOUCHED_BY_PRICES: ReadonlySet<Component> = new Set(['token_charges', 'gateway_fees', 'commitments', 'credits']);

function strategyOf(evaluation: Evaluation, one: Alternative, routed: StrategyRoutes): ReportStrategy {
  const { question, prepared } = evaluation;
  const optimised = optimisedOf(evaluation, one);
  const split = splitOf(evaluation, one);
  const spec = question.scenario.strategies.find((candidate) => candidate.id === one.id)!;
  const known = (value: number): number | null => (one.isUnpriced ? null : value);
  const items = one.lines.map((line) => lineItemOf(line, routed.of(line)?.route));
  const totalOf = (wanted: (item: ReportLineItem) => boolean): number =>
    sum(items.filter(wanted).map((item) => sum(item.amounts_usd)));
  const present = COMPONENTS.filter(
    (component) =>
      items.some((item) => item.component === component) || (one.isUnpriced && component === 'token_charges'),
  );
  const serving = spec.kind === 'phased' ? [...new Set(spec.phases.map((phase) => phase.via))] : [one.id];
  return {
    id: one.id,
    kind: spec.kind,
    title: spec.title ?? titleOf(spec),
    ...(one.excluded === undefined ? {} : { excluded: one.excluded }),
    ...(one.comes_to === undefined ? {} : { comes_to: one.comes_to }),
    ...(one.unranked === undefined ? {} : { unranked: one.unranked }),
    total_usd: known(totalOf(() => true)),
    cash_usd: known(totalOf((item) => item.cash)),
    npv_usd: known(one.npv_usd),
    cash_npv_usd: known(one.cash_npv_usd),
    monthly_usd: one.monthly_usd.map(known),
    by_component: Object.fromEntries(
      present.map((component) => [
        component,
        one.isUnpriced && TOUCHED_BY_PRICES.has(component) ? null : totalOf((item) => item.component === component),
      ]),
    ),
    choices: serving.flatMap((id) =>
      (prepared.choices.get(id) ?? []).map(({ need, required, answer, reason }) => ({
        need,
        required,
        answer,
        reason: spec.kind === 'phased' ? `while ${id}: ${reason}` : reason,
      })),
    ),
    routes: [...routed.routes],
    ...(optimised.length === 0 ? {} : { optimised }),
    ...(split === undefined ? {} : { split }),
    line_items: items,
  };
}

function titleOf(spec: Evaluation['question']['scenario']['strategies'][number]): string {
  if (spec.kind === 'managed_gateway' || spec.kind === 'self_hosted_gateway')
    return `${KIND_TITLES[spec.kind]} (${spec.gateway})`;
  if (spec.kind === 'phased') return `${spec.phases.map((phase) => phase.via).join(', then ')}`;
  return KIND_TITLES[spec.kind];
}

const mapOf = ({ x, y, chosen_for, strategies, best, boundary }: BestMap): ReportMap => {
  const axis = ({ path, unit, scale, at, values }: MapDriver) => ({ path, unit, scale, at, values: [...values] });
  return {
    x: axis(x),
    y: axis(y),
    chosen_for,
    strategies: [...strategies],
    best: best.map((row) => [...row]),
    boundary: boundary.map(({ x: across, y: up, along, below, above }) => ({ x: across, y: up, along, below, above })),
  };
};

const lineItemOf = (
  { line, from, until, amounts_usd, inputs }: Alternative['lines'][number],
  route: number | undefined,
): ReportLineItem => ({
  component: line.component as Component,
  label: line.label,
  timing: line.timing,
  months: { from, until },
  amounts_usd: [...amounts_usd],
  cash: line.cash,
  formula: line.formula,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([name, { value, values, unit, source }]) => [
      name,
      {
        ...(value === undefined ? {} : { value }),
        ...(values === undefined ? {} : { values: [...values] }),
        unit,
        source,
      },
    ]),
  ),
  ...(route === undefined ? {} : { route }),
});
