/**
 * The best split of traffic: which group (a model, a feature) goes which way, at the least cost of the whole. Groups do not
 * add up, since adapters, plans and volume discounts are shared, so whole plans are costed and not groups.
 *
 * Exact up to 256 plans (8 groups two ways). Beyond that each group is moved by itself from every pure plan until no single
 * move helps: the result then says that not all were tried. The cost function is handed in, plans by the batch. Of ties the
 * plan that comes first is taken: everything the first way, then the last group moved first.
 *
 * Example: two groups two ways cost 10, 7, 9, 8: the second plan, the last group moved. Shares of one
 * group are groups of their own: equal parts of it.
 */
import { firstLeast } from './materiality.ts';

/** Per group the position of its way. */
export type SplitPlan = readonly number[];

export interface BestSplit {
  readonly plan: SplitPlan;
  readonly cost: number;
  /** Cost of everything one way, by way. */
  readonly pure: readonly number[];
  readonly tried: number;
  /** false: more plans than could all be tried. */
  readonly exact: boolean;
}

export const MOST_PLANS = 256;

/**
 * @param costsOf costs of whole plans; Infinity for what can't be had
 * @param alike groups are equal parts of one thing: how many go each way is all that matters, and that is tried in full
 */
export function bestSplit(
  groups: number,
  ways: number,
  costsOf: (plans: readonly SplitPlan[]) => readonly number[],
  alike = false,
): BestSplit {
  const exact = alike || ways ** groups <= MOST_PLANS;
  const known = new Map<string, { plan: SplitPlan; cost: number }>();
  const learn = (plans: readonly SplitPlan[]): void => {
    const fresh = plans.filter((plan) => !known.has(plan.join()));
    if (fresh.length === 0) return;
    const costs = costsOf(fresh);
    fresh.forEach((plan, i) => {
      known.set(plan.join(), { plan, cost: costs[i]! });
    });
  };
  const pure = Array.from({ length: ways }, (_, way) => new Array<number>(groups).fill(way));
  learn(alike ? everyCount(groups, ways) : exact ? every(groups, ways) : pure);
  if (!exact) for (const start of pure) descend(start, ways, learn, (plan) => known.get(plan.join())!.cost);
  const all = [...known.values()].sort((a, b) => inOrder(a.plan, b.plan));
  const { plan, cost } = all[firstLeast(all.map((one) => one.cost))] ?? all[0]!;
  return { plan, cost, pure: pure.map((one) => known.get(one.join())!.cost), tried: all.length, exact };
}

const every = (groups: number, ways: number): number[][] =>
  Array.from({ length: ways ** groups }, (_, number) =>
    Array.from({ length: groups }, (_way, group) => Math.floor(number / ways ** (groups - 1 - group)) % ways),
  );

/** Plans in which the way never goes back: one for each way to share alike groups out. */
const everyCount = (groups: number, ways: number, from = 0): number[][] =>
  groups === 0
    ? [[]]
    : Array.from({ length: ways - from }, (_, i) => from + i).flatMap((way) =>
        everyCount(groups - 1, ways, way).map((rest) => [way, ...rest]),
      );

const inOrder = (a: SplitPlan, b: SplitPlan): number => {
  const at = a.findIndex((way, group) => way !== b[group]);
  return at < 0 ? 0 : a[at]! - b[at]!;
};

/** Takes the best single move as long as one helps. */
function descend(
  start: SplitPlan,
  ways: number,
  learn: (plans: readonly SplitPlan[]) => void,
  costOf: (plan: SplitPlan) => number,
): void {
  let plan = start;
  for (;;) {
    const from = plan;
    const moves = from.flatMap((way, group) =>
      Array.from({ length: ways }, (_, other) => other)
        .filter((other) => other !== way)
        .map((other) => from.with(group, other)),
    );
    learn(moves);
    const best = moves[firstLeast(moves.map(costOf))];
    if (best === undefined || !(costOf(best) < costOf(plan))) return;
    plan = best;
  }
}
