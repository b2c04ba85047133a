/** The nearest right names to a misspelt one: what every "unknown name" message offers. The only door to fastest-levenshtein. */
import { distance } from 'fastest-levenshtein';
import { byText } from './units.ts';

/** Up to `count` candidates by edit distance; a name that contains the other counts as near. */
export function nearest(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = name.toLowerCase();
  return [...new Set(candidates)]
    .map((candidate) => {
      const known = candidate.toLowerCase();
      const edits = distance(wanted, known);
      const contains = known.length > 2 && (known.includes(wanted) || wanted.includes(known));
      return { candidate, score: contains ? Math.min(edits, 2) : edits };
    })
    .filter(({ score }) => score <= Math.max(2, Math.ceil(wanted.length * 0.4)))
    .sort((a, b) => a.score - b.score || byText(a.candidate, b.candidate))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** ` (did you mean "a", "b"?)`, or an empty text where nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>, count = 3): string {
  const names = nearest(name, candidates, count);
  return names.length === 0 ? '' : ` (did you mean ${names.map((n) => `"${n}"`).join(', ')}?)`;
}
