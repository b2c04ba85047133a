/**
 * Why a strategy is recommended, in sentences: the components in which it differs most from what it is measured by, whether it
 * is close, and what is cheaper still but not by enough. The report and its live part say the same.
 *
 * Takes sums by component over the horizon, gives plain text; it weighs nothing.
 */
import type { Recommendation } from '../analysis/recommendation.ts';
import type { Component } from './contract.ts';
import { share } from './format.ts';
import { roughUsd } from './known-digits.ts';
import { COMPONENT_WORDS } from './words.ts';

/** Advantages below this share of the cost are called close. */
const CLOSE = 0.02;
const MOST_COMPONENTS = 3;

export interface Reasoned {
  readonly id: string;
  readonly npv_usd: number | null;
  /** Undiscounted; a component that is missing or unpriced counts as none. */
  readonly by_component: Readonly<Partial<Record<string, number | null>>>;
}

export const reasonsOf = (found: Recommendation, strategies: readonly Reasoned[], materiality: number): string[] => {
  const chosen = strategies.find(({ id }) => id === found.strategy)!;
  const other = strategies.find(({ id }) => id === found.versus);
  return [
    ...(other === undefined ? ['It is the only strategy that can be ranked.'] : differences(chosen, other)),
    ...closeness(found, chosen),
    ...(found.immaterial === null
      ? []
      : [
          `${found.immaterial} is cheaper still, but by less than ${share(materiality)}, and contains ${found.strategy} as its simplest case.`,
        ]),
  ];
};

/** The components in which the two differ most. */
function differences(chosen: Reasoned, other: Reasoned): string[] {
  return (Object.keys(COMPONENT_WORDS) as Component[])
    .map((component) => ({
      component,
      difference: (chosen.by_component[component] ?? 0) - (other.by_component[component] ?? 0),
    }))
    .filter(({ difference }) => Math.abs(difference) >= 1)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, MOST_COMPONENTS)
    .map(
      ({ component, difference }) =>
        `${COMPONENT_WORDS[component]}: ${roughUsd(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} than ${other.id} over the horizon.`,
    );
}

function closeness({ next_best, margin_usd }: Recommendation, chosen: Reasoned): string[] {
  if (next_best === null || margin_usd === null || chosen.npv_usd === null) return [];
  const ratio = margin_usd / Math.abs(chosen.npv_usd);
  return ratio < CLOSE
    ? [
        `It is close: ${next_best} costs ${roughUsd(margin_usd)} more, ${share(Number(ratio.toPrecision(2)))} of the total.`,
      ]
    : [];
}
