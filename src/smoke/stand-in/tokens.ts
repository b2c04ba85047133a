/**
 * Tokens of a text as the stand-in counts them: a rule of its own, near what tokenizers give and the same on every machine.
 * A run of Latin letters is a token for each six begun, a run of digits one for each three, other letters and marks one
 * each, punctuation one for each two; blanks between words count nothing. Prompts of the suite whose tokens are known have
 * theirs, of o200k.
 *
 * Example: "Say OK, please." is 5: Say, OK, the comma, please, the full stop.
 */
import { COUNTED_PROMPTS } from '../judging/counted-prompts.ts';

const KNOWN = new Map(COUNTED_PROMPTS.map(({ text, tokens }) => [text, tokens.o200k]));
const RUNS = /[A-Za-z]+|\d+|[\p{L}\p{M}]|\s+|[^\s\p{L}\p{M}\d]+/gu;

/** Long texts come again and again, as prompts do that share a start; their counts are kept, the last ones. */
const LONG_CHARACTERS = 256;
const MOST_KEPT = 256;
const kept = new Map<string, number>();

export function tokensOf(text: string): number {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  if (text.length < LONG_CHARACTERS) return counted(text);
  const tokens = kept.get(text) ?? counted(text);
  kept.delete(text);
  kept.set(text, tokens);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string);
  return tokens;
}

function counted(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(RUNS)) {
    const first = run.charCodeAt(0);
    if (/\s/.test(run)) tokens += run === ' ' ? 0 : 1;
    else if (first >= 0x30 && first <= 0x39) tokens += Math.ceil(run.length / 3);
    else if (first < 0x80 && /[A-Za-z]/.test(run)) tokens += Math.ceil(run.length / 6);
    else tokens += first < 0x80 ? Math.ceil(run.length / 2) : 1;
  }
  return tokens;
}

/** Text cut into what is sent token by token: joined, it is the text. */
export const piecesOf = (text: string): readonly string[] => text.match(/\s*\S{1,6}|\s+$/gu) ?? [];
