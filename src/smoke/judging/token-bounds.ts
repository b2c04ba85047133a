/**
 * The most tokens that a prompt of the suite can have with any tokenizer in use, for plans and reservations: 2.5 characters a
 * token for ASCII and 3 tokens for any other character, and 40 for what a chat puts around it.
 *
 * Counts of o200k and cl100k for the suite's own prompts lie at 3 to 4.3 characters a token, other tokenizers' up to half
 * as much again above that.
 */
const CHARACTERS_PER_TOKEN = 2.5;
const TOKENS_PER_OTHER = 3;
const FRAME_TOKENS = 40;

export function mostTokens(...texts: readonly string[]): number {
  const characters = [...texts.join('')];
  const others = characters.filter((one) => one.codePointAt(0)! > 127).length;
  return FRAME_TOKENS + Math.ceil((characters.length - others) / CHARACTERS_PER_TOKEN) + TOKENS_PER_OTHER * others;
}
