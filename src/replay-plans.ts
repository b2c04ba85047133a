/**
 * Plans of the strategies that a scenario replays: the contract with what the price book knows beside it (prices of routes,
 * prompt sizes at which prices step) and what the scenario says elsewhere (batchable features, the gateway in the way).
 *
 * In `run` a replay meets the outages that the contract states only with `outages: {from: replay}`. Else history's
 * expectation is added to its usage by costs/outages.ts, and an outage met here as well would count twice.
 */
import type { OutageInterval } from './conditions/outage-timeline.ts';
import { allOrProblems } from './errors.ts';
import { allBandEdges } from './pricing/bands.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { priceTable } from './pricing/price-table.ts';
import { resolveModel } from './pricing/resolve.ts';
import type { ColumnNames } from './replay/columns.ts';
import type { ReplayPlan } from './replay/plan.ts';
import { planOfStrategy, type ReplayFacts } from './replay/scenario-plan.ts';
import type { ReplaySpec } from './replay/schema.ts';
import type { Routes } from './routing/route.ts';
import type { RoutePrice } from './routing/route-price.ts';
import { promptSizes } from './scenario/prompt-sizes.ts';
import type { Scenario } from './scenario/schema.ts';

/** What plans of all strategies have in common. */
export function replayFacts(
  scenario: Pick<Scenario, 'routes' | 'start' | 'traffic' | 'strategies'>,
  book: PriceBook,
  column_names: ColumnNames,
  outages: readonly OutageInterval[] = [],
): ReplayFacts {
  return {
    routes: scenario.routes,
    edges: allBandEdges(book, promptSizes(scenario)),
    prices: routePrices(book, scenario.routes, `${scenario.start}-01`),
    column_names,
    outages,
    batchable: scenario.traffic.batchable?.features ?? [],
    gateways: scenario.strategies.flatMap((strategy) => ('gateway' in strategy ? [strategy.gateway] : [])),
  };
}

/**
 * Plans by strategy; all that is wrong with any of them is told at once.
 * @param ids strategies that `spec` names
 */
export const replayPlans = (
  spec: ReplaySpec,
  ids: readonly string[],
  strategies: Scenario['strategies'],
  facts: ReplayFacts,
): Map<string, ReplayPlan> =>
  new Map(
    allOrProblems(
      ids,
      (id) => [id, planOfStrategy(spec, id, { ...facts, gateway: gatewayOf(id, strategies) })] as const,
    ),
  );

const gatewayOf = (id: string, strategies: Scenario['strategies']): string | undefined => {
  const strategy = strategies.find((one) => one.id === id);
  return strategy !== undefined && 'gateway' in strategy ? strategy.gateway : undefined;
};

/** Base prices of routes, for policies that compare costs and for budgets; a route without one is left out. */
export const routePrices = (book: PriceBook, routes: Routes, on: string): Readonly<Record<string, RoutePrice>> =>
  Object.fromEntries(
    Object.entries(routes).flatMap(([name, { seller, model, tier }]) => {
      const found = resolveModel(book, `${seller}/${model}`, on);
      if ('unknown' in found) return [];
      const table = priceTable(book, { seller: found.seller, model: found.model, tier, band_from_tokens: 0 }, on);
      const [input, output] = [table.price('input_tokens'), table.price('output_tokens')];
      return 'unpriced' in input || 'unpriced' in output
        ? []
        : [[name, { input_usd_per_mtok: input.usd, output_usd_per_mtok: output.usd }]];
    }),
  );
