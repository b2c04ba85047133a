/**
 * The figures of an evaluation, by name, anew at other values of inputs: costs, components, recommendation, break-even.
 *
 * Appraise and explain run again, optional needs are decided anew, and constraints, splits and what was searched are held, as
 * in sweeps. A strategy with usage that has no price, or past the volume up to which prices are published, has no figures
 * (null). Figures are computed when they are asked for. Nothing is drawn here.
 */
import { cumulative } from '../analysis/break-even.ts';
import { findCrossings } from '../analysis/crossings.ts';
import { Decisions } from '../analysis/decisions.ts';
import { type Recommendation, recommend } from '../analysis/recommendation.ts';
import { appraise } from '../appraise.ts';
import type { Evaluation } from '../evaluate.ts';
import { type ExplainedLine, explain } from '../explain.ts';
import { pastPublishedPrices } from '../findings.ts';
import type { Lookup } from '../formula/condition.ts';
import { Machine } from '../model/machine.ts';
import { alternatives } from '../model/model.ts';
import { sum } from '../units.ts';
import { figureOf, INPUT, type Subjects } from './figure-names.ts';
import { countsOf, isReplayedFigure, replayedFigure } from './replayed-figures.ts';

/** What claims are judged by: an answer with its replays. */
export type Judgeable = Pick<Evaluation, 'question' | 'prepared' | 'alternatives' | 'replays'>;

export interface Costs {
  readonly economic: Float64Array;
  readonly cash: Float64Array;
}

export class ModelFigures {
  readonly ids: readonly string[];
  readonly #evaluation: Judgeable;
  readonly #machine: Machine;
  readonly #decisions: Decisions;
  readonly #all: readonly number[];
  readonly #subjects: Subjects;
  readonly #unpriced: ReadonlySet<string>;
  readonly #excluded: ReadonlySet<string>;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #costs: Costs;
  #unpublished: ReadonlyMap<string, string> = new Map();
  #recommendation: Recommendation | undefined | null = null;
  readonly #lines = new Map<string, readonly ExplainedLine[]>();
  #taken = 0;

  /** @param varying slots of the inputs that `settle` is given values of */
  constructor(evaluation: Judgeable, components: readonly string[], varying: readonly number[]) {
    const { model } = evaluation.prepared;
    this.#evaluation = evaluation;
    this.ids = alternatives(model);
    this.#all = this.ids.map((_, position) => position);
    this.#decisions = new Decisions(model);
    this.#machine = new Machine(model, [...varying, ...this.#decisions.slots(this.#all)]);
    this.#costs = { economic: new Float64Array(this.ids.length), cash: new Float64Array(this.ids.length) };
    this.#slots = new Map(model.inputs.map(({ path }, slot) => [path, slot]));
    this.#subjects = { strategies: this.ids, components, inputs: [...this.#slots.keys()] };
    this.#unpriced = unpricedIds(evaluation);
    const unpublished = pastPublishedPrices(evaluation.prepared, this.#machine, evaluation.question.scenario.start);
    this.#excluded = new Set(
      evaluation.alternatives
        .filter(
          ({ id, excluded, comes_to, unranked }) =>
            comes_to !== undefined ||
            unranked !== undefined ||
            (excluded !== undefined && excluded !== unpublished.get(id)),
        )
        .map(({ id }) => id),
    );
  }

  /** Gives inputs their values, by slot; decides optional needs anew. */
  settle(values: ReadonlyMap<number, number>): void {
    for (const [slot, value] of values) this.#machine.set(slot, value);
    this.#taken = this.#decisions.settle(this.#machine, this.#all);
    appraise(this.#machine, this.#costs.economic);
    appraise(this.#machine, this.#costs.cash, 'cash');
    this.#unpublished = pastPublishedPrices(
      this.#evaluation.prepared,
      this.#machine,
      this.#evaluation.question.scenario.start,
    );
    this.#recommendation = null;
    this.#lines.clear();
  }

  /** Net present costs by position in `ids`; read them before the next `settle`. */
  get costs(): Costs {
    return this.#costs;
  }

  /** Equal signatures: same branches everywhere, same needs built. */
  get signature(): number {
    return this.#machine.signature() * 31 + this.#taken;
  }

  /** Strategies that can be the best somewhere: no constraint rules them out, and what they use has a price. */
  get contenders(): readonly string[] {
    return this.ids.filter((id) => !this.#excluded.has(id) && !this.#unpriced.has(id));
  }

  isKnown(id: string): boolean {
    return !this.#unpublished.has(id) && !this.#unpriced.has(id);
  }

  /** Strategies that a constraint or the scenario rules out, or that come to another, are not ranked. */
  isRanked(id: string): boolean {
    return !this.#excluded.has(id) && !this.#unpublished.has(id);
  }

  readonly lookup: Lookup = (name) => {
    if (name.startsWith(INPUT)) {
      const path = name.slice(INPUT.length);
      const ref = this.#evaluation.prepared.claimed.get(path);
      if (ref !== undefined) return this.#machine.value(ref);
      const slot = this.#slots.get(path);
      return slot === undefined ? undefined : this.#machine.get(slot);
    }
    const found = figureOf(name, this.#subjects);
    return found?.head.from === 'model' ? this.#figure(found.head.head, found.parts) : undefined;
  };

  #figure(head: string, [id = '', other = '']: readonly string[]): number | string | null {
    const { prepared, question } = this.#evaluation;
    switch (head) {
      case 'requests_per_month':
        return this.#machine.value(prepared.demand.requests_per_month.ref);
      case 'baseline':
        return question.scenario.baseline;
      case 'recommended':
        return this.#recommended()?.strategy ?? null;
      case 'versus':
      case 'saving_usd':
      case 'cash_only_strategy':
        return this.#recommended()?.[head] ?? null;
      default:
    }
    if (isReplayedFigure(head)) {
      const replayed = this.#evaluation.replays.get(id);
      return replayedFigure(head, replayed && countsOf(replayed.result));
    }
    if (!this.isKnown(id)) return null;
    const position = this.ids.indexOf(id);
    switch (head) {
      case 'npv_usd':
        return this.#costs.economic[position]!;
      case 'cash_npv_usd':
        return this.#costs.cash[position]!;
      case 'total_usd':
        return this.#total(id, () => true);
      case 'cash_usd':
        return this.#total(id, ({ cash }) => cash);
      case 'component_usd':
        return this.#total(id, ({ component }) => component === other);
      case 'break_even_month':
        return this.isKnown(other) ? breakEvenMonth(this.#monthly(id), this.#monthly(other)) : null;
      case 'ahead_from_month':
        return this.isKnown(other) ? aheadFromMonth(this.#monthly(id), this.#monthly(other)) : null;
      default:
        throw new Error(`no figure is called "${head}"`);
    }
  }

  #recommended(): Recommendation | undefined {
    if (this.#recommendation !== null) return this.#recommendation;
    const { question, alternatives: evaluated } = this.#evaluation;
    const { strategies, baseline, materiality } = question.scenario;
    this.#recommendation = recommend(
      evaluated.map(({ id, split }, position) => {
        const spec = strategies.find((one) => one.id === id);
        return {
          id,
          npv_usd: this.isKnown(id) ? this.#costs.economic[position]! : null,
          cash_npv_usd: this.isKnown(id) ? this.#costs.cash[position]! : null,
          isExcluded: !this.isRanked(id),
          phases: split?.between ?? (spec?.kind === 'phased' ? spec.phases.map(({ via }) => via) : []),
        };
      }),
      evaluated.find(({ id }) => id === baseline)?.comes_to ?? baseline,
      materiality,
    );
    return this.#recommendation;
  }

  #linesOf(id: string): readonly ExplainedLine[] {
    const known = this.#lines.get(id) ?? explain(this.#machine, this.ids.indexOf(id));
    this.#lines.set(id, known);
    return known;
  }

  #total(id: string, isWanted: (line: ExplainedLine['line']) => boolean): number {
    return sum(
      this.#linesOf(id)
        .filter(({ line }) => isWanted(line))
        .map(({ amounts_usd }) => sum(amounts_usd)),
    );
  }

  #monthly(id: string): number[] {
    const lines = this.#linesOf(id);
    return Array.from({ length: this.#machine.model.months }, (_, month) =>
      lines.reduce((total, { amounts_usd }) => total + amounts_usd[month]!, 0),
    );
  }
}

/**
 * When the first has caught up with the second: 0 where it has cost less from the first month on, else the first time from the
 * end of the first month on at which it has cost no more so far; infinite: never, or the two always cost the same.
 */
export function breakEvenMonth(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [cumulative(a), cumulative(b)];
  if (aheadFromMonth(a, b) === 1) return 0;
  const at = (sums: readonly number[], x: number): number => {
    const month = Math.min(Math.floor(x), sums.length - 2);
    return sums[month]! + (x - month) * (sums[month + 1]! - sums[month]!);
  };
  const grid = a.map((_, month) => month + 1);
  const { crossings } = findCrossings((x) => ({ a: at(left, x), b: at(right, x), signature: 0 }), grid);
  const caughtUp = crossings.find(({ below, above }) => below === 1 || above === -1);
  return caughtUp?.value ?? Number.POSITIVE_INFINITY;
}

/** First month, counted from 1, at whose end the first has cost less so far; infinite: never. */
export function aheadFromMonth(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [cumulative(a), cumulative(b)];
  const month = left.findIndex((cost, i) => cost < right[i]! - 1e-12 * Math.max(Math.abs(cost), Math.abs(right[i]!)));
  return month < 0 ? Number.POSITIVE_INFINITY : month;
}

/** Strategies with usage that has no price, phased ones by way of their phases. */
function unpricedIds({ prepared: { quotes, model }, question }: Judgeable): Set<string> {
  if (question.scenario.accept_unpriced) return new Set();
  const touched = new Set([...quotes.unpriced.values()].flatMap(({ strategies }) => [...strategies]));
  for (const { id, phases } of model.phased)
    if (phases.some(({ strategy }) => touched.has(model.strategies[strategy]!.id))) touched.add(id);
  return touched;
}
