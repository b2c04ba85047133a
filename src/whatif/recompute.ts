/**
 * The report worked out again at other values of its drivers: what prepare decides at central values is decided anew (what is
 * built, levels of contracts, months of change-over), then costs, ranking and recommendation follow as in evaluate. Takes
 * plain JSON and settings, gives plain figures; it measures nothing, and what a run would search or replay again is held.
 *
 * `run({'engineering.loaded_rate': 150})` is what `tollgate run --set engineering.loaded_rate=150` says of the costs.
 */
import { bestBuilds } from '../analysis/best-builds.ts';
import { levelsTried } from '../analysis/best-contract.ts';
import { bestSwitches, type PhaseLength, rankedAlone, soleStrategy } from '../analysis/best-switch.ts';
import { firstLeast } from '../analysis/materiality.ts';
import { type Recommendation, recommend } from '../analysis/recommendation.ts';
import { costOf, targetsOf } from '../appraise.ts';
import type { Capability } from '../capabilities.ts';
import { commitmentPath } from '../input-paths.ts';
import { Machine } from '../model/machine.ts';
import type { Model } from '../model/model.ts';
import { type BreakEvenDriver, breakEvenOf, type WhatIfBreakEven } from './break-even.ts';
import { Limits } from './limits.ts';
import { componentSums, monthlyCosts } from './sums.ts';
import { uncertaintyAt } from './uncertainty.ts';
import type { Choice, Outcome, OutcomeAlternative, OutcomeUncertainty, Settings, WhatIf } from './what-if.ts';

export type { BreakEvenDriver, WhatIfBreakEven } from './break-even.ts';

/** What a strategy decides for itself. */
interface Open {
  readonly position: number;
  readonly builds: WhatIf['decisions']['builds'];
  readonly contracts: readonly {
    readonly seller: string;
    readonly step_usd: number | undefined;
    readonly slot: number;
  }[];
  /** Runs that strategy alone. */
  readonly machine: Machine;
}

export class Recomputer {
  readonly #whatIf: WhatIf;
  readonly #model: Model;
  readonly #machine: Machine;
  readonly #drivers: ReadonlyMap<string, { readonly slot: number; readonly central: number }>;
  readonly #open: readonly Open[];
  readonly #limits: Limits;
  /** Strategies that the scenario keeps out of the ranking. */
  readonly #kept: ReadonlySet<string>;

  constructor(whatIf: WhatIf) {
    this.#whatIf = whatIf;
    // Months of change-over are written into the model, which is this object's own therefore.
    this.#model = { ...whatIf.model, phased: structuredClone(whatIf.model.phased) };
    const model = this.#model;
    const slots = new Map(model.inputs.map(({ path }, slot) => [path, slot]));
    this.#drivers = new Map(
      whatIf.drivers.map(({ path, central }) => {
        const slot = slots.get(path);
        if (slot === undefined) throw new Error(`the model has no input "${path}"`);
        return [path, { slot, central }];
      }),
    );
    const varied = [...this.#drivers.values()].map(({ slot }) => slot);
    const { builds, contracts } = whatIf.decisions;
    const decided = model.strategies.map(({ id }, position) => ({
      position,
      builds: builds.filter(({ strategy }) => strategy === id),
      contracts: contracts.flatMap(({ seller, step_usd }) => {
        const slot = slots.get(commitmentPath(id, seller));
        return slot === undefined ? [] : [{ seller, step_usd, slot }];
      }),
    }));
    const decidedSlots = decided.flatMap((one) => [...one.builds, ...one.contracts].map(({ slot }) => slot));
    this.#machine = new Machine(model, [...varied, ...decidedSlots]);
    this.#open = decided
      .filter((one) => one.builds.length + one.contracts.length > 0)
      .map((one) => {
        const own = [...one.builds, ...one.contracts].map(({ slot }) => slot);
        return { ...one, machine: new Machine(model, [...varied, ...own], targetsOf(model, [one.position])) };
      });
    this.#limits = new Limits(model, whatIf);
    this.#kept = new Set(whatIf.alternatives.filter(({ unranked }) => unranked !== undefined).map(({ id }) => id));
  }

  /** @throws on a path that is no driver's */
  run(settings: Settings): Outcome {
    const model = this.#model;
    const machine = this.#machine;
    this.#set(machine, settings);
    const choices = new Map(
      this.#open.map((open) => [model.strategies[open.position]!.id, this.#decide(open, settings)]),
    );
    machine.run();
    const changes = this.#changeOver();
    const past = this.#limits.passed(machine);
    const found = this.#whatIf.alternatives.map((given, position): OutcomeAlternative => {
      const isUnpriced = given.is_unpriced || past.has(given.id);
      const own = choices.get(given.id) ?? [];
      return {
        id: given.id,
        npv_usd: isUnpriced ? null : costOf(machine, position),
        cash_npv_usd: isUnpriced ? null : costOf(machine, position, 'cash'),
        monthly_usd: monthlyCosts(machine, position),
        by_component: componentSums(machine, position),
        choices: [...own, ...(changes.get(given.id) ?? [])],
        excluded: given.excluded ?? past.get(given.id),
        comes_to: rankedAlone(soleStrategy(model, given.id) ?? given.comes_to, this.#kept),
        unranked: given.unranked,
      };
    });
    return { alternatives: found, recommendation: this.#recommend(found) };
  }

  /** Every crossing of two alternatives along a driver, or along the months; undefined where it has no such driver. */
  breakEven(settings: Settings, driver: BreakEvenDriver, a: string, b: string): WhatIfBreakEven | undefined {
    return breakEvenOf(this.#whatIf, this.#settled(settings), this.#limits, driver, a, b);
  }

  /** How often each ranked alternative is the cheapest when all that is uncertain is drawn, and what it costs then. */
  uncertainty(settings: Settings, draws: number, seed?: number): OutcomeUncertainty {
    const steps = this.uncertaintySteps(settings, draws, seed);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  }

  /** The same in steps that give the part that is done. */
  uncertaintySteps(
    settings: Settings,
    draws: number,
    seed: number = this.#whatIf.draws.seed,
  ): Generator<number, OutcomeUncertainty> {
    const { model, outcome } = this.#settled(settings);
    const ranked = outcome.alternatives.filter((one) => one.npv_usd !== null && !isOut(one));
    return uncertaintyAt(this.#whatIf.draws, { ...model, inputs: this.#certain(model, settings) }, ranked, {
      draws,
      seed,
    });
  }

  /** The model with the settings and what follows from them as its central values. */
  #settled(settings: Settings): { model: Model; outcome: Outcome } {
    const outcome = this.run(settings);
    const inputs = this.#model.inputs.map((input, slot) => ({ ...input, central: this.#machine.get(slot) }));
    return { model: { ...this.#model, inputs, phased: structuredClone(this.#model.phased) }, outcome };
  }

  /** What is set is one number, as it is in a scenario. */
  #certain(model: Model, settings: Settings): Model['inputs'] {
    const set = new Set(Object.keys(settings));
    return model.inputs.map((input) =>
      set.has(input.path) ? { ...input, spec: { is: 'point', value: input.central } } : input,
    );
  }

  #set(machine: Machine, settings: Settings): void {
    for (const path of Object.keys(settings))
      if (!this.#drivers.has(path)) throw new Error(`"${path}" is no driver of this report`);
    for (const [path, { slot, central }] of this.#drivers) machine.set(slot, settings[path] ?? central);
  }

  /** First what is built, at no committed spend, then the contracts, as prepare does. */
  #decide({ position, builds, contracts, machine }: Open, settings: Settings): Choice[] {
    this.#set(machine, settings);
    const free = builds.filter(({ need_slot }) => machine.get(need_slot) < 1);
    for (const { slot } of [...builds, ...contracts]) this.#take(machine, slot, 0);
    machine.run();
    const built = bestBuilds(
      machine,
      position,
      free.map(({ slot }) => slot),
    );
    for (const { slot, built: isBuilt } of built) this.#take(machine, slot, isBuilt ? 1 : 0);
    const committed = contracts.map(({ seller, step_usd, slot }): Choice => {
      const tried = levelsTried(machine, position, slot, step_usd);
      const { commitment_usd } = tried[firstLeast(tried.map((one) => one.npv_usd))]!;
      this.#take(machine, slot, commitment_usd);
      return { decision: 'commitment', subject: seller, usd_per_month: commitment_usd };
    });
    return [
      ...built.map(({ built: is_built, saves_usd }, i): Choice => {
        return { decision: 'build', subject: free[i]!.capability as Capability, is_built, saves_usd };
      }),
      ...committed,
    ];
  }

  #take(machine: Machine, slot: number, value: number): void {
    machine.set(slot, value);
    this.#machine.set(slot, value);
  }

  #changeOver(): Map<string, Choice[]> {
    const model = this.#model;
    return new Map(
      this.#whatIf.decisions.switches.map(({ strategy, lengths }) => {
        const phased = model.phased.find(({ id }) => id === strategy)!;
        const months = lengths.map((length): PhaseLength => length ?? undefined);
        const found = bestSwitches(this.#machine, phased, months);
        return [
          strategy,
          found.map(({ phase, month }): Choice => {
            const next = phased.phases[phase + 1]!.strategy;
            return { decision: 'change_over', subject: model.strategies[next]!.id, month };
          }),
        ];
      }),
    );
  }

  #recommend(found: readonly OutcomeAlternative[]): Recommendation | undefined {
    const { baseline, materiality, alternatives: given } = this.#whatIf;
    return recommend(
      found.map((one, i) => ({
        id: one.id,
        npv_usd: one.npv_usd,
        cash_npv_usd: one.cash_npv_usd,
        isExcluded: isOut(one),
        phases: given[i]!.phases,
      })),
      found.find(({ id }) => id === baseline)?.comes_to ?? baseline,
      materiality,
    );
  }
}

/** Shown, not ranked. */
const isOut = ({ excluded, comes_to, unranked }: OutcomeAlternative): boolean =>
  [excluded, comes_to, unranked].some((why) => why !== undefined);
