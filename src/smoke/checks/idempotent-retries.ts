/**
 * Whether a request that is sent twice under one Idempotency-Key is answered once: the same answer, one bill. The prompt asks
 * for a number at random; a third call without the key shows whether equal answers mean anything.
 *
 * A key that is not honoured is not_supported: no API has to. Fails where the second call is an error, and where the answer is
 * the same and both requests, by ids of their own, are told a cost.
 */
import type { Seen, TargetCheck } from '../check.ts';
import { answerId, plannedLookUps, toldCost } from '../judging/cost-look-up.ts';
import { askPatiently } from '../judging/patience.ts';
import { chat } from '../judging/prompts.ts';
import { answerInWords, fail, isOk, notRun, notSupported, pass, unanswered, usdInWords } from '../judging/verdicts.ts';

const FREE = chat('Reply with a number of nine digits, chosen at random, and nothing else.', 16, { temperature: 1 });
const keyed = (key: string) => ({ ...FREE, headers: { 'idempotency-key': key } });

export const idempotentRetries: TargetCheck = {
  id: 'idempotent_retries',
  asks: 'the same request twice under one Idempotency-Key, and once without',
  byDefault: true,
  plan: (target) => [keyed('0'), keyed('0'), FREE, ...plannedLookUps(target, 2)],
  run: async (probe) => {
    const asked = keyed(`tollgate-smoke-${probe.random().toString(36).slice(2, 14)}`);
    const first = await askPatiently(probe, asked);
    if (!isOk(first)) return unanswered(first, probe.target)!;
    const second = await askPatiently(probe, asked);
    const both = [first, second];
    if (!isOk(second)) {
      const judged = unanswered(second, probe.target, undefined, both)!;
      return judged.verdict === 'not_run'
        ? notRun(judged.seen, both)
        : fail(`expected the answer again under the same Idempotency-Key, seen: ${answerInWords(second)}`, both);
    }
    if (first.told.text === undefined || first.told.text !== second.told.text)
      return notSupported('two requests under one Idempotency-Key are answered apart', both);
    const other = await askPatiently(probe, FREE);
    const evidence: Seen[] = [...both, other];
    if (other.told.text === first.told.text)
      return notSupported('answers are the same without an Idempotency-Key too', evidence);
    if (answerId(first) === answerId(second)) return pass('the same answer under the same id: one request', evidence);
    const [one, two] = [await toldCost(probe, first), await toldCost(probe, second)];
    evidence.push(...one.lookUps, ...two.lookUps);
    const words = 'the same answer under two ids';
    if (!one.usd || !two.usd) return pass(`${words}; no second cost is told`, evidence);
    return fail(
      `${words}, billed twice: ${usdInWords(one.usd)} and ${usdInWords(two.usd)}; expected one bill`,
      evidence,
    );
  },
};
