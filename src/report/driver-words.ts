/**
 * What the decision hangs on, in words: values of inputs at which it flips, and what knowing an input beforehand is worth.
 *
 * A worth that lies within two standard errors of zero, or that cross-fitting takes away, is no rank: it is said to be
 * nothing that the draws can tell from $0. Values of inputs have three digits.
 */
import { quotedLabel } from '../input-words.ts';
import { listed, number, plural, quantity } from './format.ts';
import { knownUsd, usdMargin } from './known-digits.ts';
import type { Uncertainty } from './uncertainty-contract.ts';

export type InformationValue = Uncertainty['partial_information'][number];
export type Tornado = NonNullable<Uncertainty['tornado']>;
export type TornadoBar = Tornado['bars'][number];

const TOP = 5;

export const inputValue = (value: number, unit: string): string =>
  quantity(Number(value.toPrecision(3)), unit.replace(/^request\b/, 'requests'));

/** `direct above $98/hour`; null where this end leaves the decision as it is. */
export const flipOf = ({ unit, central }: TornadoBar, { flips_at, flips_to }: TornadoBar['low']): string | null =>
  flips_at === null || flips_to === null
    ? null
    : `${flips_to} ${flips_at < central ? 'below' : 'above'} ${inputValue(flips_at, unit)}`;

export const flipWords = (bar: TornadoBar): string[] =>
  [flipOf(bar, bar.low), flipOf(bar, bar.high)].filter((words) => words !== null);

export const isTold = ({ value_usd, se, cross_fitted_usd }: InformationValue): boolean =>
  value_usd > 2 * se && cross_fitted_usd > 0;

/** The inputs that are worth knowing, dearest first, and those of which that can't be said. */
export function byWorth({ partial_information }: Uncertainty): { told: InformationValue[]; rest: InformationValue[] } {
  return {
    told: partial_information.filter(isTold),
    rest: partial_information.filter((value) => !isTold(value)),
  };
}

/** As in a sentence, each in quotes. */
export const inputNames = ({ inputs }: Pick<InformationValue, 'inputs'>): string => listed(inputs.map(quotedLabel));

export const worthWords = ({ value_usd, se }: InformationValue): string =>
  `${knownUsd(value_usd, se)}${se >= 1 ? ` (${usdMargin(se)})` : ''}`;

/** The first five inputs to measure, or why there is nothing to measure first. */
export function measureNext(found: Uncertainty): string[] {
  const { told, rest } = byWorth(found);
  const names = rest.map(inputNames);
  const unknown =
    names.length <= TOP ? listed(names) : `${names.slice(0, TOP).join(', ')} and ${number(names.length - TOP)} more`;
  if (told.length === 0)
    return rest.length === 0
      ? []
      : [
          `No single input is worth measuring first: of ${plural(rest.length, 'candidate')}, none has a value that the draws can tell from $0.`,
        ];
  return [
    ...told
      .slice(0, TOP)
      .map((value) => `Knowing ${inputNames(value)} before deciding is worth at most ${worthWords(value)}.`),
    ...(rest.length === 0 ? [] : [`Not to be told from $0: ${unknown}.`]),
  ];
}

/** What knowing everything would be worth: no measurement can be worth more. */
export function perfectSentence({ perfect_information: value }: Uncertainty): string | null {
  if (value === null) return null;
  return isTold(value)
    ? `Knowing every input before deciding would be worth at most ${worthWords(value)}; no measurement is worth more.`
    : 'Knowing every input before deciding would be worth nothing that the draws can tell from $0: measure nothing for the sake of this choice.';
}
