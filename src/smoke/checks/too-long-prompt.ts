/**
 * Whether a prompt that is longer than any window is refused as such: a 400, 413 or 422 with an error object, and not cut in
 * silence, which changes what is answered and what is billed. Only where it is asked for by name: a target that takes all of
 * it bills it, and the cap has to have room for that.
 */
import type { TargetCheck } from '../check.ts';
import type { Asked } from '../dialect.ts';
import { counted } from '../judging/figures.ts';
import { askPatiently, isNoRoom } from '../judging/patience.ts';
import { answerInWords, fail, isOk, notRun, notSupported, pass } from '../judging/verdicts.ts';

const WORDS = 1_050_000;
const PROMPT = ' a'.repeat(WORDS);
/** At worst each character is a token. */
const ASKED: Asked = { operation: 'chat', prompt: PROMPT, prompt_tokens: PROMPT.length, output_tokens: 16 };
/** A target that tells fewer has not read all of it. */
const LEAST_TOLD = WORDS / 4;
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

export const tooLongPrompt: TargetCheck = {
  id: 'too_long_prompt',
  asks: 'a prompt of a million words, where the cap has room for it',
  byDefault: false,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const { exchange, told } = seen;
    const { status } = exchange;
    if (status === 402 || isNoRoom(exchange)) return notRun(`it could not be judged: ${answerInWords(seen)}`, seen);
    if (isOk(seen)) {
      const { counts } = told;
      const read = counts === undefined ? undefined : counts.input_tokens + counts.cache_read_tokens;
      if (read === undefined || read < LEAST_TOLD)
        return fail(
          `expected a refusal, seen: an answer to ${read ?? 'an unknown number of'} of ${WORDS} tokens`,
          seen,
        );
      return notSupported(`it takes prompts of ${WORDS} words; none longer is tried`, seen);
    }
    const figures = [counted('too_long_status', '1', status, 1, 'HTTP status for a prompt that is too long')];
    if (!REFUSALS.has(status))
      return fail(`expected HTTP 400, 413 or 422, seen: ${answerInWords(seen)}`, seen, figures);
    return told.error === undefined || told.error.message === ''
      ? fail(`expected an error object with a message, seen: ${answerInWords(seen)} without`, seen, figures)
      : pass(`refused with ${answerInWords(seen)}`, seen, figures);
  },
};
