/**
 * Optional needs: each is evaluated built and done without, and the cheaper is used and named. Decided once, at the
 * scenario's central values; break-even and other views hold the decision.
 */
import { bestBuilds } from './analysis/best-builds.ts';
import { targetsOf } from './appraise.ts';
import type { Capability } from './capabilities.ts';
import { buildPath } from './input-paths.ts';
import { Machine } from './model/machine.ts';
import type { Model } from './model/model.ts';
import { askedFor, kindOfNeed } from './scenario/needs.ts';
import type { Question } from './scenario/resolve.ts';

export interface BuildChoice {
  readonly need: Capability;
  readonly required: boolean;
  readonly answer: 'brought' | 'already_built' | 'built' | 'done_without';
  readonly reason: string;
  /** Net present cost that the decision saves against its opposite, USD; undefined where there was no choice. */
  readonly saves_usd: number | undefined;
}

/** Decides, and writes the decisions into the model's inputs as their central values. */
export function decideBuilds(
  model: Model,
  { scenario }: Question,
  broughtBy: (strategy: string) => ReadonlyMap<Capability, string>,
): Map<string, BuildChoice[]> {
  const choices = new Map<string, BuildChoice[]>();
  model.strategies.forEach((strategy, alternative) => {
    const open = openChoices(model, strategy.id);
    const saved = cheapest(model, alternative, open);
    choices.set(
      strategy.id,
      askedFor(scenario).map((capability) => {
        const required = kindOfNeed(scenario.needs[capability]) === 'required';
        return choiceOf(
          capability,
          required,
          broughtBy(strategy.id).get(capability),
          scenario.already_built.includes(capability),
          saved.get(capability),
        );
      }),
    );
  });
  return choices;
}

interface Open {
  readonly capability: Capability;
  readonly slot: number;
}

function openChoices(model: Model, strategy: string): Open[] {
  const prefix = buildPath(strategy, '');
  return model.inputs.flatMap((input, slot) =>
    input.path.startsWith(prefix) ? [{ capability: input.path.slice(prefix.length) as Capability, slot }] : [],
  );
}

function cheapest(
  model: Model,
  alternative: number,
  open: readonly Open[],
): Map<Capability, { built: boolean; saves_usd: number }> {
  const machine = new Machine(
    model,
    open.map(({ slot }) => slot),
    targetsOf(model, [alternative]),
  );
  const decided = bestBuilds(
    machine,
    alternative,
    open.map(({ slot }) => slot),
  );
  return new Map(
    decided.map(({ slot, built, saves_usd }, i) => {
      model.inputs[slot]!.central = built ? 1 : 0;
      return [open[i]!.capability, { built, saves_usd }];
    }),
  );
}

function choiceOf(
  need: Capability,
  required: boolean,
  bringer: string | undefined,
  wasBuilt: boolean,
  decided: { built: boolean; saves_usd: number } | undefined,
): BuildChoice {
  const base = { need, required, saves_usd: decided?.saves_usd };
  if (bringer !== undefined) return { ...base, answer: 'brought', reason: `brought by ${bringer}` };
  if (wasBuilt) return { ...base, answer: 'already_built', reason: 'already built; upkeep only' };
  if (decided === undefined)
    return { ...base, answer: 'built', reason: required ? 'required' : 'the replay of the strategy relies on it' };
  return decided.built
    ? { ...base, answer: 'built', reason: 'optional; building it is cheaper than doing without' }
    : { ...base, answer: 'done_without', reason: 'optional; doing without is cheaper than building it' };
}
