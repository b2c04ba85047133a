/**
 * Hybrids with a `split`: finds which models, features, prompt sizes or shares go over which strategy at the least net present
 * cost, and writes the rules into the question, so that everything after it sees an ordinary hybrid. Chosen once, at central
 * values.
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
  readonly by: Split['by'];
  readonly between: readonly string[];
  /** Per model, feature, range of sizes or share of the traffic, the strategy that it goes over. */
  readonly routes: readonly { readonly of: string; readonly via: string }[];
}

type Hybrid = Extract<StrategySpec, { kind: 'hybrid' }>;
type Split = NonNullable<Hybrid['split']>;

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
    const { split } = spec;
    const { between, by } = split;
    const groups = groupsOf(split, usage);
    const rulesOf = (plan: SplitPlan): Hybrid['rules'] => rules(split, groups, plan);
    const found = bestSplit(
      groups.length,
      between.length,
      (plans) => costs(question, usage, book, replays, spec, plans.map(rulesOf)),
      by === 'share',
    );
    splits.push({ ...found, strategy: spec.id, by, between, routes: routesOf(split, groups, found.plan) });
    return { ...spec, rules: rulesOf(found.plan) };
  });
  return splits.length === 0
    ? { question, splits }
    : { question: { ...question, scenario: { ...question.scenario, strategies } }, splits };
}

/** What is sent one way as a whole, with the condition of its rule. */
interface Group {
  readonly of: string;
  readonly when: Omit<Extract<Hybrid['rules'][number], { via: string }>, 'via'>;
}

function groupsOf({ by, at = [], parts, only = {} }: Split, { rows }: UsageTable): Group[] {
  if (by === 'share')
    return Array.from({ length: parts }, () => ({ of: `1/${parts} of the requests`, when: { ...only } }));
  if (by === 'prompt_size')
    return [0, ...at].map((from, i) => {
      const below = at[i];
      const when = {
        ...only,
        prompt_tokens: below === undefined ? { from } : from === 0 ? { below } : { from, below },
      };
      return { of: sizeInWords(from, below), when };
    });
  return [...new Set(rows.map((row) => row[by]))].sort(byText).map((of) => ({ of, when: { [by]: of } }));
}

const sizeInWords = (from: number, below: number | undefined): string =>
  below === undefined
    ? `prompts from ${from} tokens`
    : from === 0
      ? `prompts below ${below} tokens`
      : `prompts from ${from} to below ${below} tokens`;

const countOf = (plan: SplitPlan, way: number): number => plan.filter((one) => one === way).length;

/** One rule per group that does not go the way of the rest: the most frequent one, or the first where a part alone is split. */
function rules(split: Split, groups: readonly Group[], plan: SplitPlan): Hybrid['rules'] {
  const { between, by, only } = split;
  if (by === 'share') return shares(split, plan);
  const rest =
    only === undefined
      ? between.reduce((best, _, way) => (countOf(plan, way) > countOf(plan, best) ? way : best), 0)
      : 0;
  return [
    ...groups.flatMap(({ when }, i) => (plan[i] === rest ? [] : [{ ...when, via: between[plan[i]!]! }])),
    { else: between[rest]! },
  ];
}

/** Each rule takes its share of what is left; the last way takes the rest, unless a part alone is split. */
function shares({ between, only }: Split, plan: SplitPlan): Hybrid['rules'] {
  const ways = between.map((via, way) => ({ via, parts: countOf(plan, way) })).filter(({ parts }) => parts > 0);
  let left = plan.length;
  const each = ways.map(({ via, parts }) => {
    const share = parts / left;
    left -= parts;
    return { ...only, ...(share === 1 ? {} : { share }), via };
  });
  return only === undefined ? [...each.slice(0, -1), { else: each.at(-1)!.via }] : [...each, { else: between[0]! }];
}

function routesOf({ between, by }: Split, groups: readonly Group[], plan: SplitPlan): FoundSplit['routes'] {
  if (by !== 'share') return groups.map(({ of }, i) => ({ of, via: between[plan[i]!]! }));
  return between.flatMap((via, way) => {
    const parts = countOf(plan, way);
    return parts === 0 ? [] : [{ of: `${Math.round((100 * parts) / plan.length)} % of the requests`, via }];
  });
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
