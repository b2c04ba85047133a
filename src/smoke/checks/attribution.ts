/**
 * Whether calls can be attributed to people: a user is accepted, metadata too, and, where answers or the look-up of a request
 * show it, the user is found there. That it is kept in a dashboard can't be seen from here.
 */
import type { Seen, TargetCheck } from '../check.ts';
import { plannedLookUps, toldCost } from '../judging/cost-look-up.ts';
import { askPatiently } from '../judging/patience.ts';
import { chat, SAY_OK } from '../judging/prompts.ts';
import { answerInWords, fail, isOk, notRun, pass, unanswered } from '../judging/verdicts.ts';

const USER = 'tollgate-smoke-user';
const WITH_USER = { ...SAY_OK, user: USER };
const WITH_METADATA = chat(SAY_OK.prompt, SAY_OK.output_tokens, { metadata: { suite: 'tollgate-smoke' } });

export const attribution: TargetCheck = {
  id: 'attribution',
  asks: 'a chat with a user, one with metadata',
  byDefault: true,
  plan: (target) => [WITH_USER, WITH_METADATA, ...plannedLookUps(target, 1)],
  run: async (probe) => {
    const seen = await askPatiently(probe, WITH_USER);
    if (!isOk(seen)) {
      const judged = unanswered(seen, probe.target)!;
      return judged.verdict === 'not_run'
        ? notRun(judged.seen, seen)
        : fail(`expected a user to be accepted, seen: ${answerInWords(seen)}`, seen);
    }
    const { lookUps } = await toldCost(probe, seen);
    const tagged = probe.target.api === 'openai' ? [await askPatiently(probe, WITH_METADATA)] : [];
    const metadata = tagged.map((one) =>
      isOk(one) ? ', metadata too' : `; metadata is refused with ${answerInWords(one)}`,
    );
    const shown = [seen, ...lookUps].some(showsUser)
      ? '; the user is shown again'
      : '; whether the user is kept can’t be seen from here';
    return pass(`a user is accepted${metadata.join('')}${shown}`, [seen, ...lookUps, ...tagged]);
  },
};

const showsUser = ({ exchange: { headers, text } }: Seen): boolean =>
  text.includes(USER) || Object.values(headers).some((value) => String(value).includes(USER));
