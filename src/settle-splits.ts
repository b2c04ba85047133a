/**
 * Hybrids with a `split`: finds which models or features go over which strategy at the least net present cost, and writes the
 * rules into the question, so that everything after it sees an ordinary hybrid. Chosen once, at central values.
 *
 * Candidates are prepared as hybrids beside each other, some 20 ms each (256 in 4.4 s on two busy cores). One that constraints
 * exclude, or part of whose usage has no price, is not taken; where that leaves none, all goes over the first.
 */
import { type BestSplit, bestSplit, type SplitPlan } from './analysis/best-split.ts';
import { costOf } from './appraise.ts';
import { applyConstraints } from './constraints.ts';
import { pastPublishedPrices } from './findings.ts';
import { Machine } from './model/machine.ts';
import { alternatives } from './model/model.ts';
import { prepare } from './prepare.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { NO_REPLAYS, type ReplayedStrategies } from './replay/replayed.ts';
import type { Question } from './scenario/resolve.ts';
import type { StrategySpec } from './scenario/schema.ts';
import { byText } from './units.ts';
import type { UsageTable } from './usage/table.ts';

export interface FoundSplit extends BestSplit {
  readonly strategy: string;
  readonly by: 'model' | 'feature';
  readonly between: readonly string[];
  /** Per model or feature of the traffic, the strategy that it goes over. */
  readonly routes: readonly { readonly of: string; readonly via: string }[];
}

type Hybrid = Extract<StrategySpec, { kind: 'hybrid' }>;

/** The question with every split settled. */
export function settleSplits(
  question: Question,
  usage: UsageTable,
  book: PriceBook,
  replays: ReplayedStrategies = NO_REPLAYS,
): { question: Question; splits: FoundSplit[] } {
  const splits: FoundSplit[] = [];
  const strategies = question.scenario.strategies.map((spec): StrategySpec => {
    if (spec.kind !== 'hybrid' || spec.split === undefined) return spec;
    const { between, by } = spec.split;
    const groups = [...new Set(usage.rows.map((row) => row[by]))].sort(byText);
    const rulesOf = (plan: SplitPlan): Hybrid['rules'] => rules(groups, plan, between, by);
    const found = bestSplit(groups.length, between.length, (plans) =>
      costs(question, usage, book, replays, spec, plans.map(rulesOf)),
    );
    const routes = groups.map((of, i) => ({ of, via: between[found.plan[i]!]! }));
    splits.push({ ...found, strategy: spec.id, by, between, routes });
    return { ...spec, rules: rulesOf(found.plan) };
  });
  return splits.length === 0
    ? { question, splits }
    : { question: { ...question, scenario: { ...question.scenario, strategies } }, splits };
}

/** One rule per group that does not go the most frequent way. */
function rules(groups: readonly string[], plan: SplitPlan, between: readonly string[], by: 'model' | 'feature') {
  const count = (way: number): number => plan.filter((one) => one === way).length;
  const most = between.reduce((best, _, way) => (count(way) > count(best) ? way : best), 0);
  return [
    ...groups.flatMap((group, i) => (plan[i] === most ? [] : [{ [by]: group, via: between[plan[i]!]! }])),
    { else: between[most]! },
  ];
}

function costs(
  question: Question,
  usage: UsageTable,
  book: PriceBook,
  replays: ReplayedStrategies,
  spec: Hybrid,
  candidates: readonly Hybrid['rules'][],
): number[] {
  const { scenario } = question;
  const others = scenario.strategies.filter((one) => one.id === scenario.baseline || one.kind !== 'phased');
  const named = candidates.map((own, i): Hybrid => ({ ...spec, id: `${spec.id}#${i}`, rules: own }));
  const reduced = { ...question, scenario: { ...scenario, strategies: [...others, ...named] } };
  const prepared = prepare(reduced, usage, book, replays);
  const machine = new Machine(prepared.model, []);
  const { excluded } = applyConstraints(reduced, {
    passagesOf: (id) => prepared.passages.get(id) ?? [],
    termsOf: (seller) => book.sellers.get(seller)?.terms,
  });
  const unpublished = pastPublishedPrices(prepared, machine, scenario.start);
  const unpriced = new Set([...prepared.quotes.unpriced.values()].flatMap(({ strategies }) => [...strategies]));
  const ids = alternatives(prepared.model);
  return named.map(({ id }) =>
    excluded.has(id) || unpublished.has(id) || (unpriced.has(id) && !scenario.accept_unpriced)
      ? Number.POSITIVE_INFINITY
      : costOf(machine, ids.indexOf(id)),
  );
}
