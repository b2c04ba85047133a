/**
 * What each model and each feature costs under each strategy: token charges by the tokens that they are for, and shares of
 * fees, contracts and credits.
 *
 *   tokens   line x tokens of the feature / tokens of the line
 *   fees     line x token charges of the model or feature / those of the line's gateway or seller
 *
 * Example: a line of 30 USD for 10,000 tokens, 2,500 of them of one feature: 7.50 USD; of a fee of 1.50 USD on it 0.375.
 * What belongs to no single one (differences of fallbacks, failed attempts, caches with an assumed share) stays apart, so that
 * the sums are the totals of the components. Not attributed at all: engineering, infrastructure, value lost.
 */
import type { Alternative, Evaluation } from '../evaluate.ts';
import type { ExplainedLine } from '../explain.ts';
import { Machine } from '../model/machine.ts';
import { byText, sum } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';
import type { AttributedCost, ReportAttribution } from './attribution-contract.ts';
import type { RoutedLine, StrategyRoutes } from './build-routes.ts';
import { nameInBrackets, sellerOf } from './line-names.ts';

type Dimension = ReportAttribution['by'][number]['dimension'];
type Row = ReportAttribution['by'][number]['rows'][number];

/** Rows of a table that people still read; the rest stands in one. */
export const MOST_ROWS = 20;

const PER_1000 = 1000;
const SHARED: ReadonlySet<string> = new Set(['gateway_fees', 'commitments', 'credits']);

const HOW = [
  'Token charges go to the model that they are for, and to features in proportion to their tokens of the same kind, price and tier. The rows add up to the token charges of a strategy.',
  'Gateway fees, contracts and credits are shared in proportion to the token charges of the gateway or seller that they belong to.',
  'Price differences of fallbacks, failed attempts that are billed and caches with an assumed share belong to no single model or feature and stand as not attributed.',
  'Engineering, infrastructure and value lost are not shared out: they do not follow tokens.',
  'The traffic is summed by model and feature; users and teams are not told apart in these sums. To see what each team costs, let a mapping of columns read the team as the feature (traffic.mapping).',
];

export function attributionOf(
  evaluation: Evaluation,
  routesOf: ReadonlyMap<string, StrategyRoutes>,
): ReportAttribution | undefined {
  if (evaluation.usage.rows.length === 0) return undefined;
  const parts = evaluation.alternatives.map((one) => partsOf(one, routesOf.get(one.id)!));
  return { how: HOW, by: [dimensionOf('model', evaluation, parts), dimensionOf('feature', evaluation, parts)] };
}

interface Money {
  tokens: number;
  fees: number;
}

/** One strategy: money by name, and what of it has no price. */
interface Parts {
  readonly strategy: string;
  readonly by: Record<Dimension, Map<string, Money>>;
  readonly unpriced: Record<Dimension, ReadonlySet<string>>;
  readonly rest: Money;
  readonly isUnpriced: boolean;
}

function partsOf(one: Alternative, routed: StrategyRoutes): Parts {
  const { routes, features } = routed;
  const by: Parts['by'] = { model: new Map(), feature: new Map() };
  const rest: Money = { tokens: 0, fees: 0 };
  const add = (dimension: Dimension, name: string, what: keyof Money, usd: number): void => {
    const money = by[dimension].get(name) ?? { tokens: 0, fees: 0 };
    by[dimension].set(name, money);
    money[what] += usd;
  };
  for (const [i, { model }] of routes.entries()) {
    add('model', model, 'tokens', 0);
    for (const feature of features[i]!) add('feature', feature, 'tokens', 0);
  }
  const charged = routes.map(() => new Map<string, number>());
  for (const line of one.lines) {
    if (line.line.component !== 'token_charges') continue;
    const usd = sum(line.amounts_usd);
    const found: RoutedLine | undefined = routed.of(line);
    if (found === undefined) {
      rest.tokens += usd;
      continue;
    }
    add('model', routes[found.route]!.model, 'tokens', usd);
    for (const [feature, share] of found.features) {
      add('feature', feature, 'tokens', usd * share);
      charged[found.route]!.set(feature, (charged[found.route]!.get(feature) ?? 0) + usd * share);
    }
  }
  for (const line of one.lines) {
    if (!SHARED.has(line.line.component)) continue;
    const usd = sum(line.amounts_usd);
    const among = routesInScope(line, routed);
    const total = sum(among.flatMap((route) => [...charged[route]!.values()]));
    if (!(total > 0)) {
      rest.fees += usd;
      continue;
    }
    for (const route of among)
      for (const [feature, charge] of charged[route]!) {
        add('model', routes[route]!.model, 'fees', (usd * charge) / total);
        add('feature', feature, 'fees', (usd * charge) / total);
      }
  }
  const open = routes.flatMap(({ unpriced }, i) => (unpriced === undefined ? [] : [i]));
  return {
    strategy: one.id,
    by,
    unpriced: {
      model: new Set(open.map((i) => routes[i]!.model)),
      feature: new Set(open.flatMap((i) => [...features[i]!])),
    },
    rest,
    isUnpriced: one.isUnpriced,
  };
}

/** Routes of a fee's gateway or of a contract's seller in its months; all of these months where its label names neither. */
function routesInScope({ line, from, until }: ExplainedLine, { routes }: StrategyRoutes): number[] {
  const meanwhile = [...routes.entries()].filter(([, { months }]) => months.from < until && from < months.until);
  const name = nameInBrackets(line.label);
  const through = meanwhile.filter(([, { via }]) => via === name);
  const from_seller = meanwhile.filter(([, route]) => sellerOf(route.model) === name && route.invoiced_by === name);
  const found = through.length > 0 ? through : from_seller.length > 0 ? from_seller : meanwhile;
  return found.map(([i]) => i);
}

function dimensionOf(
  dimension: Dimension,
  { usage, prepared }: Evaluation,
  parts: readonly Parts[],
): ReportAttribution['by'][number] {
  const windows = windowsOf(prepared);
  const requests = new Map<string, number>();
  for (const row of usage.rows) {
    const name = nameOf(dimension, row);
    requests.set(name, (requests.get(name) ?? 0) + row.requests);
  }
  const asked = (name: string): number | undefined => {
    const counted = requests.get(name);
    return counted === undefined ? undefined : counted * windows;
  };
  const largest = (name: string): number =>
    Math.max(...parts.map(({ by }) => (by[dimension].get(name)?.tokens ?? 0) + (by[dimension].get(name)?.fees ?? 0)));
  const names = [...new Set([...requests.keys(), ...parts.flatMap(({ by }) => [...by[dimension].keys()])])]
    .map((name) => ({ name, size: largest(name), requests: asked(name) }))
    .sort((a, b) => b.size - a.size || (b.requests ?? 0) - (a.requests ?? 0) || byText(a.name, b.name));
  const shown = names.slice(0, MOST_ROWS);
  const others = names.slice(MOST_ROWS);
  const costs = (of: readonly string[], count: number | undefined): AttributedCost[] =>
    parts.flatMap((part) => costOf(part, dimension, of, count));
  const requestsOfOthers = sum(others.map((one) => one.requests ?? 0));
  return {
    dimension,
    rows: shown.map(
      (one): Row => ({
        name: one.name === '' ? null : one.name,
        requests: one.requests ?? null,
        costs: costs([one.name], one.requests),
      }),
    ),
    ...(others.length === 0
      ? {}
      : {
          others: {
            names: others.length,
            requests: requestsOfOthers,
            costs: costs(
              others.map(({ name }) => name),
              requestsOfOthers,
            ),
          },
        }),
    not_attributed: parts.map(({ strategy, rest, isUnpriced }) => ({
      strategy,
      tokens_usd: rest.tokens,
      fees_usd: rest.fees,
      usd_per_1000_requests: null,
      unpriced: isUnpriced,
    })),
  };
}

/** Measured windows in the horizon. */
function windowsOf({ model, demand }: Evaluation['prepared']): number {
  const machine = new Machine(model, []);
  return sum(Array.from({ length: model.months }, (_, month) => machine.value(demand.windows.ref, month)));
}

const nameOf = (dimension: Dimension, { model, feature }: UsageRow): string =>
  dimension === 'model' ? model : feature;

function costOf(
  { strategy, by, unpriced }: Parts,
  dimension: Dimension,
  names: readonly string[],
  requests: number | undefined,
): AttributedCost[] {
  const found = names.flatMap((name) => by[dimension].get(name) ?? []);
  if (found.length === 0) return [];
  const tokens = sum(found.map((money) => money.tokens));
  const fees = sum(found.map((money) => money.fees));
  const isOpen = names.some((name) => unpriced[dimension].has(name));
  const isUnknown = isOpen && tokens === 0;
  return [
    {
      strategy,
      tokens_usd: isUnknown ? null : tokens,
      fees_usd: isUnknown ? null : fees,
      usd_per_1000_requests: isOpen || !requests ? null : ((tokens + fees) * PER_1000) / requests,
      unpriced: isOpen,
    },
  ];
}
