/**
 * Whether a target can be called at all: a chat of a few tokens with its key gives HTTP 200 with text or usage. What fails
 * here is asked nothing else. It does not judge what the answer says.
 */
import type { TargetCheck } from '../check.ts';
import { askPatiently } from '../judging/patience.ts';
import { SAY_OK } from '../judging/prompts.ts';
import { reachHint } from '../judging/reach-hint.ts';
import { answerInWords, fail, isOk, msInWords, pass } from '../judging/verdicts.ts';

export const reachable: TargetCheck = {
  id: 'reachable',
  asks: 'a chat of a few tokens, with its key',
  byDefault: true,
  plan: () => [SAY_OK],
  run: async (probe) => {
    const seen = await askPatiently(probe, SAY_OK);
    const { told, exchange } = seen;
    if (!isOk(seen))
      return fail(`expected HTTP 200, seen: ${answerInWords(seen)}${reachHint(seen, probe.target)}`, seen);
    if (told.text === undefined && told.counts === undefined)
      return fail('expected an answer with text or usage, seen: HTTP 200 with neither', seen);
    return pass(`answers with HTTP 200 in ${msInWords(exchange.total_ms)}`, seen);
  },
};
