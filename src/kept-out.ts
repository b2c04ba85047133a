/**
 * Strategies that a scenario keeps out of the ranking (`ranked: false`): as what they are there, and a notice where one of them
 * would cost less than what is recommended. They are priced like all others; what is not ranked is decided here alone.
 */
import type { Recommendation } from './analysis/recommendation.ts';
import { type Diagnostic, notice } from './errors.ts';
import type { StrategySpec } from './scenario/schema.ts';

/** Strategy id -> as what it is there, for those that the scenario keeps out of the ranking. */
export function keptOutOfRanking(strategies: readonly StrategySpec[]): ReadonlyMap<string, string> {
  return new Map(
    strategies
      .filter(({ ranked }) => ranked === false)
      .map(({ id }) => {
        const whole = strategies.filter((other) => partsOf(other).includes(id)).map((other) => other.id);
        return [id, whole.length === 0 ? 'the scenario keeps it out' : `a part of ${whole.join(', ')}`];
      }),
  );
}

/** Strategies that one is made of, by its rules, its search or its phases. */
function partsOf(spec: StrategySpec): string[] {
  if (spec.kind === 'phased') return spec.phases.map(({ via }) => via);
  if (spec.kind !== 'hybrid') return [];
  return [...(spec.split?.between ?? []), ...spec.rules.map((rule) => ('else' in rule ? rule.else : rule.via))];
}

interface Priced {
  readonly id: string;
  readonly npv_usd: number;
  readonly isUnpriced: boolean;
  readonly unranked: string | undefined;
  readonly excluded: string | undefined;
}

/** Whoever reads the recommendation has to know that it is the best of those that may be ranked. */
export function cheaperKeptOut(all: readonly Priced[], recommendation: Recommendation | undefined): Diagnostic[] {
  const chosen = all.find(({ id }) => id === recommendation?.strategy);
  if (chosen === undefined) return [];
  return all
    .filter((one) => one.unranked !== undefined && one.excluded === undefined && !one.isUnpriced)
    .filter((one) => one.npv_usd < chosen.npv_usd)
    .map(({ id }) =>
      notice(
        'UNRANKED_CHEAPER',
        `strategies.${id}`,
        `costs less than ${chosen.id} and is not ranked: \`ranked: false\``,
      ),
    );
}
