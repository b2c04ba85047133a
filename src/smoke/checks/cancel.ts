/**
 * What happens when a client leaves a stream: it ends at once, the next call works, and, where the target can be asked for the
 * cost of a request, what is billed is less than for the whole answer.
 *
 *   cancelled_cost_fraction   cost of the answer that was left / cost of the same one, read to its end
 *
 * Fails above one half: the client left after five events of some two hundred tokens. Without a look-up of costs it can't be
 * seen from here whether the seller stopped writing; that is said.
 */
import type { Judged, Probe, Seen, TargetCheck } from '../check.ts';
import { hasLookUp, plannedLookUps, toldCost } from '../judging/cost-look-up.ts';
import { counted } from '../judging/figures.ts';
import { askPatiently } from '../judging/patience.ts';
import { COUNT_PROMPT, chat, SAY_OK } from '../judging/prompts.ts';
import { answerInWords, fail, isOk, notRun, pass, shareInWords, unanswered } from '../judging/verdicts.ts';

const AFTER_EVENTS = 5;
const MOST_FRACTION = 0.5;
const WHOLE = chat(COUNT_PROMPT, 200, { isStream: true });
const LEFT = { ...WHOLE, leave_after_events: AFTER_EVENTS };

export const cancel: TargetCheck = {
  id: 'cancel',
  asks: 'a stream that is left after five events, then a chat',
  byDefault: true,
  plan: (target) => [LEFT, SAY_OK, ...(hasLookUp(target) ? [WHOLE, ...plannedLookUps(target, 2)] : [])],
  run: async (probe) => {
    const left = await askPatiently(probe, LEFT);
    const { status, end } = left.exchange;
    if (status >= 400 || status === 0 || left.told.error !== undefined)
      return unanswered(left, probe.target, 'stream') ?? fail(answerInWords(left), left);
    if (end === 'whole') return notRun(`the answer ended before it could be left`, left);
    if (end !== 'cancelled') return fail(`expected a stream to leave, seen: ${answerInWords(left)}`, left);
    const next = await askPatiently(probe, SAY_OK);
    if (!isOk(next))
      return fail(`expected the next call to work after one that was left, seen: ${answerInWords(next)}`, [left, next]);
    return hasLookUp(probe.target)
      ? await judgedCost(probe, left, next)
      : pass('a stream was left and the next call works; whether the seller stopped writing can’t be seen from here', [
          left,
          next,
        ]);
  },
};

async function judgedCost(probe: Probe, left: Seen, next: Seen): Promise<Judged> {
  const whole = await askPatiently(probe, WHOLE);
  const [of, ofWhole] = [await toldCost(probe, left), await toldCost(probe, whole)];
  const evidence = [left, next, whole, ...of.lookUps, ...ofWhole.lookUps];
  const words = 'a stream was left and the next call works';
  if (of.usd === undefined || ofWhole.usd === undefined || ofWhole.usd === 0)
    return pass(`${words}; what the one that was left cost is not told`, evidence);
  const fraction = of.usd / ofWhole.usd;
  const figures = [
    counted(
      'cancelled_cost_fraction',
      'fraction',
      fraction,
      1,
      'cost of an answer that was left / of one read to its end',
    ),
  ];
  const billed = `it cost ${shareInWords(fraction)} of one that is read to its end`;
  return fraction > MOST_FRACTION
    ? fail(`${words}, but ${billed}; expected at most ${shareInWords(MOST_FRACTION)}`, evidence, figures)
    : pass(`${words}; ${billed}`, evidence, figures);
}
