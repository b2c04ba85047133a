/**
 * Whether two names mean the same model: gpt-4o-mini, openai/gpt-4o-mini and gpt-4o-mini-2024-07-18 do, gpt-4o does not.
 *
 *   words of both, without makers, dates and words like "latest"; the same words: same
 *   a size (mini, 70b) or a number of the version in one alone, or no word in both: other
 *   anything else in one alone (turbo, thinking): near, to be noted
 *
 * Names that are aliases of a target's own are other than what they stand for; who compares has to know that.
 */
export type Likeness = 'same' | 'near' | 'other';

const PASSED_OVER = new Set(
  'latest preview exp experimental instruct it chat hf free us eu apac global anthropic amazon meta mistralai'.split(
    ' ',
  ),
);
const SIZES = new Set(
  'mini nano micro tiny small medium large lite flash pro max plus ultra opus sonnet haiku o'.split(' '),
);
const DATE = /(?<=^|[-@_])(20\d{2}-?\d{2}-?\d{2}|\d{4})(?=$|[-_:@])/g;

export function likeness(a: string, b: string): Likeness {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const alone = [...[...one].filter((word) => !other.has(word)), ...[...other].filter((word) => !one.has(word))];
  if (alone.length === 0) return 'same';
  const hasShared = [...one].some((word) => other.has(word) && /^[a-z]/.test(word));
  return hasShared && !alone.some((word) => SIZES.has(word) || /^\d/.test(word)) ? 'near' : 'other';
}

/** The date of a snapshot, as the name has it. */
export const snapshotOf = (name: string): string | undefined => baseOf(name).match(DATE)?.at(-1);

const baseOf = (name: string): string => name.toLowerCase().replace(/^.*\//, '');

function wordsOf(name: string): ReadonlySet<string> {
  const text = baseOf(name)
    .replace(/\bgpt-35\b/, 'gpt-3-5')
    .replace(DATE, '')
    .replace(/-v\d+(:\d+)?$/, '')
    .replace(/-0\d\d$/, '');
  const words = text.match(/\d+(?:x\d+)?b\b|[a-z]+|\d+/g) ?? [];
  return new Set(words.filter((word) => !PASSED_OVER.has(word)));
}

/** Which tokenizer counts its prompts, where that is known. */
export function tokenizerOf(name: string): 'o200k' | 'cl100k' | undefined {
  const model = baseOf(name);
  if (/^(chatgpt-4o|gpt-4o|gpt-4[.-]1|gpt-5|o[134](-|$))/.test(model)) return 'o200k';
  return /^gpt-(4|3\.5|35)(-|$)/.test(model) ? 'cl100k' : undefined;
}
