/**
 * What each model, feature, team, user and agent costs under each strategy: token charges by the tokens that they are for, and
 * shares of fees, contracts and credits.
 *
 *   tokens   line x tokens of the name / tokens of the line
 *   fees     line x token charges of the name / those of the line's gateway or seller
 *
 * Example: a line of 30 USD for 10,000 tokens, 2,500 of them of one feature: 7.50 USD; of a fee of 1.50 USD on it 0.375.
 * What belongs to no single one (differences of fallbacks, failed attempts, caches with an assumed share) stands apart, so that
 * the sums are the totals of the components. Not attributed at all: engineering, infrastructure, value lost. A label's part
 * within a line is that of its own tokens at the line's price, tier and prompt size; hours are not known of it.
 */
import type { Alternative, Evaluation } from '../evaluate.ts';
import type { ExplainedLine } from '../explain.ts';
import { answerTokens, promptTokens } from '../meters.ts';
import { Machine } from '../model/machine.ts';
import { LABEL_FIELDS, type LabelField } from '../trace/request.ts';
import { byText, sum } from '../units.ts';
import type { UsageRow } from '../usage/table.ts';
import { ATTRIBUTED, type AttributedCost, type ReportAttribution } from './attribution-contract.ts';
import type { RoutedLine, StrategyRoutes } from './build-routes.ts';
import { type Label, LabelMix, type Used } from './label-mix.ts';
import { nameInBrackets, sellerOf } from './line-names.ts';

type Dimension = ReportAttribution['by'][number]['dimension'];
type Row = ReportAttribution['by'][number]['rows'][number];

/** Rows of a table that people still read; the rest stands in one. */
export const MOST_ROWS = 20;

const PER_1000 = 1000;
const SHARED: ReadonlySet<string> = new Set(['gateway_fees', 'commitments', 'credits']);

const HOW = [
  'Token charges go to the model that they are for, and to features, teams, users and agents in proportion to their tokens of the same kind, price and tier. The rows of a table add up to the token charges of a strategy; each table divides the same money anew.',
  'Gateway fees, contracts and credits are shared in proportion to the token charges of the gateway or seller that they belong to.',
  'Price differences of fallbacks, failed attempts that are billed and caches with an assumed share belong to no single name and stand as not attributed.',
  'Engineering, infrastructure and value lost are not shared out: they do not follow tokens.',
];

const NO_HOURS =
  'What a team, user or agent used is known by model, feature, service tier and prompt size, and not by hour: where a price depends on the time of day, each pays the mean of its model and feature.';
const MOVED =
  'Where a policy moves requests to a model or tier that the traffic did not use, a team, user or agent has the same part of them as of the feature.';

/** The column of a trace that would bring a dimension. */
const COLUMNS: Readonly<Partial<Record<Dimension, string>>> = {
  feature: 'feature',
  team: 'team',
  user: 'user',
  agent: 'agent',
};

export function attributionOf(
  evaluation: Evaluation,
  routesOf: ReadonlyMap<string, StrategyRoutes>,
): ReportAttribution | undefined {
  const { usage, alternatives, replays } = evaluation;
  if (usage.rows.length === 0) return undefined;
  const fields = LABEL_FIELDS.filter((field) => usage.labels?.[field] !== undefined);
  const mixes = new Map(fields.map((field) => [field, new LabelMix(usage, field)]));
  const parts = alternatives.map((one) => partsOf(one, routesOf.get(one.id)!, mixes));
  const stated = new Set<Dimension>(['model', ...fields]);
  if (usage.rows.some(({ feature }) => feature !== '')) stated.add('feature');
  const lacks = ATTRIBUTED.flatMap((dimension) =>
    stated.has(dimension) ? [] : [{ dimension, column: COLUMNS[dimension]! }],
  );
  return {
    how: [
      ...HOW,
      ...(fields.length === 0 ? [] : [NO_HOURS]),
      ...(fields.length === 0 || replays.size === 0 ? [] : [MOVED]),
      ...[...mixes].flatMap(([field, { beyond }]) => (beyond === undefined ? [] : [notToldApart(field)])),
    ],
    by: [
      dimensionOf(
        'model',
        evaluation,
        parts,
        usedBy(usage.rows, ({ model }) => model),
      ),
      dimensionOf(
        'feature',
        evaluation,
        parts,
        usedBy(usage.rows, ({ feature }) => feature),
      ),
      ...[...mixes].map(([field, mix]) => dimensionOf(field, evaluation, parts, mix.used())),
    ],
    ...(lacks.length === 0 ? {} : { lacks }),
  };
}

const notToldApart = (field: LabelField): string =>
  `The traffic has more ${field}s than are told apart. Which ones are is decided by a hash of the name, not by their use; all others stand together.`;

interface Money {
  tokens: number;
  fees: number;
}

type Shares = ReadonlyMap<Label, number>;

/** One strategy: money by name, and what of it has no price. */
interface Parts {
  readonly strategy: string;
  readonly by: ReadonlyMap<Dimension, Map<Label, Money>>;
  readonly unpriced: ReadonlyMap<Dimension, ReadonlySet<Label>>;
  readonly rest: Money;
  /** All of it, attributed or not. */
  readonly total_usd: number;
  readonly isUnpriced: boolean;
}

function partsOf(one: Alternative, routed: StrategyRoutes, mixes: ReadonlyMap<LabelField, LabelMix>): Parts {
  const { routes, features } = routed;
  const dimensions: Dimension[] = ['model', 'feature', ...mixes.keys()];
  const by = new Map(dimensions.map((dimension) => [dimension, new Map<Label, Money>()]));
  const rest: Money = { tokens: 0, fees: 0 };
  let total_usd = 0;
  const add = (dimension: Dimension, name: Label, what: keyof Money, usd: number): void => {
    const of = by.get(dimension)!;
    const money = of.get(name) ?? { tokens: 0, fees: 0 };
    of.set(name, money);
    money[what] += usd;
  };
  const usersOf = (dimension: Dimension, i: number): Iterable<Label> => {
    if (dimension === 'model') return [routes[i]!.model];
    if (dimension === 'feature') return features[i]!;
    const mix = mixes.get(dimension)!;
    return new Set([...features[i]!].flatMap((feature) => [...mix.usersOf(routes[i]!.model, feature)]));
  };
  for (const dimension of dimensions)
    for (const i of routes.keys()) for (const name of usersOf(dimension, i)) add(dimension, name, 'tokens', 0);
  const charged = new Map(dimensions.map((dimension) => [dimension, routes.map(() => new Map<Label, number>())]));
  for (const line of one.lines) {
    if (line.line.component !== 'token_charges') continue;
    const usd = sum(line.amounts_usd);
    total_usd += usd;
    const found: RoutedLine | undefined = routed.of(line);
    if (found === undefined) {
      rest.tokens += usd;
      continue;
    }
    for (const dimension of dimensions) {
      const ofRoute = charged.get(dimension)![found.route]!;
      for (const [name, share] of sharesOf(dimension, found, mixes)) {
        add(dimension, name, 'tokens', usd * share);
        ofRoute.set(name, (ofRoute.get(name) ?? 0) + usd * share);
      }
    }
  }
  for (const line of one.lines) {
    if (!SHARED.has(line.line.component)) continue;
    const usd = sum(line.amounts_usd);
    total_usd += usd;
    const among = routesInScope(line, routed);
    const total = sum(among.flatMap((route) => [...charged.get('feature')![route]!.values()]));
    if (!(total > 0)) {
      rest.fees += usd;
      continue;
    }
    for (const dimension of dimensions)
      for (const route of among)
        for (const [name, charge] of charged.get(dimension)![route]!)
          add(dimension, name, 'fees', (usd * charge) / total);
  }
  const open = [...routes.keys()].filter((i) => routes[i]!.unpriced !== undefined);
  return {
    strategy: one.id,
    by,
    unpriced: new Map(
      dimensions.map((dimension) => [dimension, new Set(open.flatMap((i) => [...usersOf(dimension, i)]))]),
    ),
    rest,
    total_usd,
    isUnpriced: one.isUnpriced,
  };
}

/** Who of a dimension uses how much of what a line counts. */
function sharesOf(
  dimension: Dimension,
  { features, meter, kind }: RoutedLine,
  mixes: ReadonlyMap<LabelField, LabelMix>,
): Shares {
  if (dimension === 'model') return new Map([[kind.model, 1]]);
  if (dimension === 'feature') return features;
  const shares = new Map<Label, number>();
  for (const [feature, share] of features)
    for (const [label, part] of mixes.get(dimension)!.shares({ ...kind, feature }, meter))
      shares.set(label, (shares.get(label) ?? 0) + share * part);
  return shares;
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
  { prepared }: Evaluation,
  parts: readonly Parts[],
  used: ReadonlyMap<Label, Used>,
): ReportAttribution['by'][number] {
  const windows = windowsOf(prepared);
  const moneyOf = ({ by }: Parts, name: Label): number => {
    const money = by.get(dimension)!.get(name);
    return (money?.tokens ?? 0) + (money?.fees ?? 0);
  };
  const names = [...new Set([...used.keys(), ...parts.flatMap(({ by }) => [...by.get(dimension)!.keys()])])]
    .map((name) => ({ name, size: Math.max(...parts.map((part) => moneyOf(part, name))), used: used.get(name) }))
    .sort(
      (a, b) =>
        b.size - a.size || (b.used?.requests ?? 0) - (a.used?.requests ?? 0) || byText(a.name ?? '', b.name ?? ''),
    );
  const named = names.filter(({ name }) => name !== null);
  const isMore = named.length < names.length;
  const shown = named.slice(0, MOST_ROWS);
  const others = [...named.slice(MOST_ROWS), ...names.filter(({ name }) => name === null)];
  const costs = (of: readonly Label[], requests: number | undefined): AttributedCost[] =>
    parts.flatMap((part) => costOf(part, dimension, of, requests));
  const ofOthers = (what: keyof Used): number => sum(others.map((one) => (one.used?.[what] ?? 0) * windows));
  return {
    dimension,
    rows: shown.map(({ name, used: of }): Row => {
      const requests = of && of.requests * windows;
      return {
        name: name === '' ? null : name,
        requests: requests ?? null,
        tokens: of === undefined ? null : of.tokens * windows,
        costs: costs([name], requests),
      };
    }),
    ...(others.length === 0
      ? {}
      : {
          others: {
            names: named.length - shown.length,
            ...(isMore ? { and_more: true } : {}),
            requests: ofOthers('requests'),
            tokens: ofOthers('tokens'),
            costs: costs(
              others.map(({ name }) => name),
              ofOthers('requests'),
            ),
          },
        }),
    not_attributed: parts.map((part) => ({
      strategy: part.strategy,
      tokens_usd: part.rest.tokens,
      fees_usd: part.rest.fees,
      usd_per_1000_requests: null,
      share_fraction: shareOf(part, part.rest.tokens + part.rest.fees),
      unpriced: part.isUnpriced,
    })),
  };
}

/** Of the measured window, by a name of its rows. */
function usedBy(rows: readonly UsageRow[], nameOf: (row: UsageRow) => string): Map<Label, Used> {
  const used = new Map<Label, { requests: number; tokens: number }>();
  for (const row of rows) {
    const sums = used.get(nameOf(row)) ?? { requests: 0, tokens: 0 };
    used.set(nameOf(row), sums);
    sums.requests += row.requests;
    sums.tokens += promptTokens(row) + answerTokens(row);
  }
  return used;
}

/** Measured windows in the horizon. */
function windowsOf({ model, demand }: Evaluation['prepared']): number {
  const machine = new Machine(model, []);
  return sum(Array.from({ length: model.months }, (_, month) => machine.value(demand.windows.ref, month)));
}

const shareOf = ({ total_usd, isUnpriced }: Parts, usd: number): number | null =>
  isUnpriced || !(total_usd > 0) ? null : usd / total_usd;

function costOf(
  part: Parts,
  dimension: Dimension,
  names: readonly Label[],
  requests: number | undefined,
): AttributedCost[] {
  const found = names.flatMap((name) => part.by.get(dimension)!.get(name) ?? []);
  if (found.length === 0) return [];
  const tokens = sum(found.map((money) => money.tokens));
  const fees = sum(found.map((money) => money.fees));
  const isOpen = names.some((name) => part.unpriced.get(dimension)!.has(name));
  const isUnknown = isOpen && tokens === 0;
  return [
    {
      strategy: part.strategy,
      tokens_usd: isUnknown ? null : tokens,
      fees_usd: isUnknown ? null : fees,
      usd_per_1000_requests: isOpen || !requests ? null : ((tokens + fees) * PER_1000) / requests,
      share_fraction: isOpen ? null : shareOf(part, tokens + fees),
      unpriced: isOpen,
    },
  ];
}
