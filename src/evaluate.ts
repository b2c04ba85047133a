/**
 * The pipeline on one screen. Read me first.
 *
 *   scenario.yaml -> requests -> usage  ->  MODEL  -> costs, line items -> analysis -> report
 *                  trace      measure     prepare     appraise, explain
 *                 |-- seconds, once --| milliseconds |---- microseconds, again and again ----|
 *
 * measure (measure.ts)    reads every request once and gives a small table of integers.
 * prepare (prepare.ts)    turns question, usage and price book into a model: every look-up happens there.
 * appraise (appraise.ts)  model -> what each alternative costs; explain (explain.ts) reads line items off the same registers.
 * analysis                re-runs appraise alone: break-even, sweeps, recommendation; uncertainty does so for draws of the
 *                         inputs. Contracts and months of change-over written as `best` are held as prepare chose them.
 */
import { type BestDecision, bestDecisions } from './analysis/best-decisions.ts';
import { rankedAlone, soleStrategy } from './analysis/best-switch.ts';
import { type BreakEven, breakEvens } from './analysis/break-even.ts';
import { hourlyRateRange, volumeRange } from './analysis/drivers.ts';
import { type Recommendation, recommend } from './analysis/recommendation.ts';
import { type Sweep, sweep } from './analysis/sweep.ts';
import { costOf } from './appraise.ts';
import { applyConstraints, gatewayIds } from './constraints.ts';
import { tellsHours } from './costs/demand.ts';
import type { Diagnostic } from './errors.ts';
import { type ExplainedLine, explain } from './explain.ts';
import { findings, pastPublishedPrices, publishedVolumes } from './findings.ts';
import { cheaperKeptOut, keptOutOfRanking } from './kept-out.ts';
import { Machine } from './model/machine.ts';
import { alternatives } from './model/model.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { PriceBook } from './pricing/price-book.ts';
import { UsageCharges } from './pricing/usage-charges.ts';
import { NO_REPLAYS, type ReplayedStrategies } from './replay/replayed.ts';
import { type PricedSaving, pricedSavings } from './replay/savings.ts';
import { correlationsAskedFor } from './scenario/draws-asked-for.ts';
import type { Question } from './scenario/resolve.ts';
import { type FoundSplit, settleSplits } from './settle-splits.ts';
import { type BestMap, bestMap } from './uncertainty/best-map.ts';
import { type HowSure, howSure, type SureOptions } from './uncertainty/how-sure.ts';
import { mapDrivers } from './uncertainty/map-drivers.ts';
import type { UsageTable } from './usage/table.ts';

export interface Alternative {
  readonly id: string;
  readonly npv_usd: number;
  readonly cash_npv_usd: number;
  readonly lines: readonly ExplainedLine[];
  /** Undiscounted, by month; start lines in the first month of their window. */
  readonly monthly_usd: readonly number[];
  readonly excluded: string | undefined;
  /**
   * The one strategy that an alternative comes to: a phased one that changes over never or at once, a searched split that sends
   * everything one way. Shown, not ranked.
   */
  readonly comes_to: string | undefined;
  /** As what the scenario keeps it out of the ranking. Shown, not ranked. */
  readonly unranked: string | undefined;
  /** What was searched for it: months of change-over, levels of contracts. */
  readonly optimised: readonly BestDecision[];
  /** A hybrid whose rules were searched. */
  readonly split: FoundSplit | undefined;
  /** Part of its usage has no price: its sums leave that out and must not be shown as totals. */
  readonly isUnpriced: boolean;
}

export interface Evaluation {
  readonly question: Question;
  readonly usage: UsageTable;
  readonly book: PriceBook;
  readonly replays: ReplayedStrategies;
  /** What caches and batches save of what replayed strategies would have used; prices of the start, the measured window. */
  readonly replay_savings: ReadonlyMap<string, readonly PricedSaving[]>;
  readonly prepared: Prepared;
  readonly alternatives: readonly Alternative[];
  readonly break_even: readonly BreakEven[];
  readonly sweeps: readonly Sweep[];
  readonly recommendation: Recommendation | undefined;
  /** undefined: nothing is uncertain, or no draws were asked for. */
  readonly uncertainty: HowSure | undefined;
  /** undefined: fewer than two strategies are ranked, fewer than two inputs can vary, or it was not asked for. */
  readonly best_map: BestMap | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param replays of strategies whose policies change what is used (strategy-replays.ts); none by default
 * @param sure how many draws of what is uncertain, and of which kind; none by default
 */
export function evaluate(
  asked: Question,
  usage: UsageTable,
  book: PriceBook,
  replays: ReplayedStrategies = NO_REPLAYS,
  sure: SureOptions = {},
): Evaluation {
  // 1 and 2. Model, costs and line items: `answer`, below.
  const { question, prepared, machine, baseline, notices, recommendation, ...found } = answer(
    asked,
    usage,
    book,
    replays,
  );
  const { scenario } = question;
  const { model } = prepared;
  const evaluated = found.alternatives;

  // 3. Analysis: appraise again and again, with drivers varied.
  const comparable = evaluated.filter(
    (one) => !one.isUnpriced && one.comes_to === undefined && one.unranked === undefined,
  );
  const published = publishedVolumes(prepared, machine);
  const contenders = comparable.map(({ id, monthly_usd }) => ({
    id,
    monthly_usd,
    gateways: gatewaysOf(question, id),
    most_requests_per_month: published.get(id),
  }));
  const most = Math.min(...comparable.map(({ id }) => published.get(id) ?? Number.POSITIVE_INFINITY));
  const ranges = [volumeRange(model, most), hourlyRateRange(model)].filter((range) => range !== undefined);

  // 3b. How sure: the same costs in draws of all that is not one number.
  const ranked = comparable.filter((one) => one.excluded === undefined).map(({ id }) => id);
  const { left_out, ...together } = correlationsAskedFor(
    scenario,
    model.inputs.map(({ path }) => path),
  );
  const uncertainty = howSure(model, { ranked, baseline, recommendation }, prepared.outages, scenario.seed, {
    ...together,
    ...sure,
  });
  // 3c. Where another strategy would be the best: the two inputs that matter most, moved together.
  const drivers =
    sure.map === true && ranked.length > 1 ? mapDrivers(model, uncertainty?.tornado?.found, most) : undefined;
  const past =
    prepared.quotes.limits.length === 0
      ? undefined
      : (at: Machine) => pastPublishedPrices(prepared, at, scenario.start);
  return {
    question,
    usage,
    book,
    replays,
    replay_savings: savingsOf(replays, usage, book, scenario.start),
    prepared,
    alternatives: evaluated,
    break_even: breakEvens(model, contenders),
    sweeps: ranges.map((range) =>
      sweep(
        model,
        range,
        comparable.map((one) => one.id),
      ),
    ),
    recommendation,
    uncertainty,
    best_map: drivers && bestMap(model, ranked, drivers, past),
    diagnostics: [
      ...findings(question, usage, prepared, replays),
      ...notices,
      ...(uncertainty === undefined ? [] : [...left_out, ...uncertainty.diagnostics]),
    ],
  };
}

/** What a question comes to before any driver is varied. */
export interface Answer extends Pick<Evaluation, 'question' | 'prepared' | 'alternatives' | 'recommendation'> {
  /** At the scenario's own values. */
  readonly machine: Machine;
  /** The strategy that the others are counted against. */
  readonly baseline: string;
  readonly notices: readonly Diagnostic[];
}

/** Model and costs: what each alternative costs, and which one is recommended. */
export function answer(
  asked: Question,
  usage: UsageTable,
  book: PriceBook,
  replays: ReplayedStrategies = NO_REPLAYS,
): Answer {
  // 1. Model: every look-up by date, seller, capability and path; before it, splits that are to be found become rules.
  const { question, splits } = settleSplits(asked, usage, book, replays);
  const { scenario } = question;
  const prepared = prepare(question, usage, book, replays);
  const { model } = prepared;

  // 2. Costs and line items, from the same registers.
  const machine = new Machine(model);
  const { excluded, notices } = applyConstraints(question, {
    passagesOf: (id) => [id, ...phasesOf(question, id)].flatMap((part) => prepared.passages.get(part) ?? []),
    termsOf: (seller) => book.sellers.get(seller)?.terms,
  });
  const unpublished = pastPublishedPrices(prepared, machine, scenario.start);
  const unpriced = unpricedStrategies(prepared);
  const ids = alternatives(model);
  const kept = keptOutOfRanking(scenario.strategies);
  const costOfId = (id: string): number => costOf(machine, ids.indexOf(id));
  const evaluated = ids.map((id, position): Alternative => {
    const lines = explain(machine, position);
    const split = splits.find(({ strategy }) => strategy === id);
    return {
      id,
      npv_usd: costOf(machine, position),
      cash_npv_usd: costOf(machine, position, 'cash'),
      lines,
      monthly_usd: Array.from({ length: model.months }, (_, month) =>
        lines.reduce((total, line) => total + line.amounts_usd[month]!, 0),
      ),
      excluded: excluded.get(id) ?? unpublished.get(id),
      comes_to: rankedAlone(soleStrategy(model, id) ?? soleWay(split, costOfId), kept),
      unranked: kept.get(id),
      split,
      optimised: bestDecisions(
        id,
        prepared,
        phasesOf(question, id).map((phase) => ({ id: phase, npv_usd: costOfId(phase) })),
        scenario.materiality,
      ),
      isUnpriced: unpublished.has(id) || (!scenario.accept_unpriced && unpriced.has(id)),
    };
  });

  const baseline = evaluated.find(({ id }) => id === scenario.baseline)?.comes_to ?? scenario.baseline;
  const recommendation = recommend(
    evaluated.map((one) => ({
      id: one.id,
      npv_usd: one.isUnpriced ? null : one.npv_usd,
      cash_npv_usd: one.isUnpriced ? null : one.cash_npv_usd,
      isExcluded: [one.excluded, one.comes_to, one.unranked].some((why) => why !== undefined),
      phases: one.split?.between ?? phasesOf(question, one.id),
    })),
    baseline,
    scenario.materiality,
  );
  const told = [...notices, ...cheaperKeptOut(evaluated, recommendation)];
  return { question, prepared, machine, alternatives: evaluated, baseline, notices: told, recommendation };
}

function savingsOf(replays: ReplayedStrategies, usage: UsageTable, book: PriceBook, start: string) {
  const dating = { on: `${start}-01`, has_hours: tellsHours(usage) };
  const price = (table: UsageTable): number | null => {
    const charges = new UsageCharges(book);
    charges.add(table, dating);
    return charges.cost_usd;
  };
  return new Map([...replays].map(([id, { result }]) => [id, pricedSavings(result, price)]));
}

/** Strategies with usage that has no price, phased ones by way of their phases. */
export function unpricedStrategies({ quotes, model }: Prepared): Set<string> {
  const touched = new Set([...quotes.unpriced.values()].flatMap(({ strategies }) => [...strategies]));
  for (const { id, phases } of model.phased) {
    if (phases.some(({ strategy }) => touched.has(model.strategies[strategy]!.id))) touched.add(id);
  }
  return touched;
}

const specOf = ({ scenario }: Question, id: string) => scenario.strategies.find((spec) => spec.id === id)!;
export const gatewaysOf = (question: Question, id: string): string[] =>
  gatewayIds(specOf(question, id), question.scenario.strategies);
export const phasesOf = (question: Question, id: string): string[] => {
  const spec = specOf(question, id);
  return spec.kind === 'phased' ? spec.phases.map((phase) => phase.via) : [];
};

/** Where a searched split sends everything one way, and costs what that way costs by itself. */
function soleWay(split: FoundSplit | undefined, costOfWay: (id: string) => number): string | undefined {
  const [first] = split?.routes ?? [];
  if (split === undefined || first === undefined || split.routes.some(({ via }) => via !== first.via)) return undefined;
  const alone = costOfWay(first.via);
  return Math.abs(split.cost - alone) <= 1e-9 * Math.abs(alone) ? first.via : undefined;
}
