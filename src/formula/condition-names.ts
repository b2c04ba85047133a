/** Whether the names of a condition exist, and what they stand for; the nearest right names where they don't. */
import { didYouMean, nearest } from '../nearest.ts';
import type { Condition } from './condition.ts';

export interface NamedFigures {
  /** Whether a name is a number, a text, or unknown. */
  readonly kindOf: (name: string) => 'number' | 'text' | undefined;
  /** All names, to find the nearest among. */
  readonly names: () => Iterable<string>;
  /** What texts can be compared with: ids of strategies. */
  readonly words: readonly string[];
}

/** What is wrong with the names, in words; empty where all is well. */
export function nameProblems(condition: Condition, known: NamedFigures): string[] {
  return condition.comparisons.flatMap(({ names, words, operator, text }) => {
    const texts = names.filter((name) => known.kindOf(name) === 'text');
    if (texts.length === 0) return names.flatMap((name) => unknownName(name, known));
    if (words === undefined) return [`"${texts[0]}" is a name, not a number, in "${text}"`];
    if (operator !== '==' && operator !== '!=') return [`names are compared by == and != alone, not by "${operator}"`];
    return names
      .filter((name) => !texts.includes(name) && !known.words.includes(name))
      .map(
        (name) => `there is no strategy "${name}"${didYouMean(name, known.words)}; known are ${known.words.join(', ')}`,
      );
  });
}

function unknownName(name: string, known: NamedFigures): string[] {
  if (known.kindOf(name) !== undefined) return [];
  const parts = splitByMinus(name, known);
  if (parts !== undefined) return [`there is no figure "${name}"; a minus needs spaces: ${parts.join(' - ')}`];
  const all = [...known.names()];
  const near = didYouMean(name, all);
  const sameHead = near === '' ? nearest(name.split('.')[0]!, new Set(all.map((one) => one.split('.')[0]!))) : [];
  const hint =
    sameHead.length === 0
      ? near
      : ` (did you mean ${sameHead.map((head) => `"${all.find((one) => one.split('.')[0] === head)}"`).join(', ')}?)`;
  return [`there is no figure "${name}"${hint}`];
}

/** `saving_usd-1000` was meant as a subtraction where its parts are figures or numbers. */
function splitByMinus(name: string, known: NamedFigures): [string, string] | undefined {
  const means = (part: string): boolean => known.kindOf(part) === 'number' || /^\d+(\.\d+)?$/.test(part);
  for (let at = name.indexOf('-'); at > 0; at = name.indexOf('-', at + 1)) {
    const [left, right] = [name.slice(0, at), name.slice(at + 1)];
    if (means(left) && means(right)) return [left, right];
  }
  return undefined;
}
