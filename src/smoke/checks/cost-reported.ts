/**
 * Whether the cost that a target tells is the one that its usage comes to by the price book: three calls of different sizes.
 *
 *   markup_fraction = sum of told costs / sum of computed costs - 1
 *
 * Fails where less is told than computed (beyond 1 %), since then one of the two is wrong; where a direct seller tells more (beyond
 * 1 %); and where a gateway tells more than half as much again. A gateway's fee below that is measured, not judged. Half
 * a micro-dollar a call is let pass as rounding. Fees that are taken elsewhere (on credits, by the month) are not in it.
 */
import { ratioInterval } from '../../measurements/intervals.ts';
import { sum } from '../../units.ts';
import type { Seen, TargetCheck } from '../check.ts';
import { plannedLookUps, toldCost } from '../judging/cost-look-up.ts';
import { COUNTED_PROMPTS } from '../judging/counted-prompts.ts';
import { estimated } from '../judging/figures.ts';
import { askPatiently } from '../judging/patience.ts';
import { COUNT_PROMPT, chat, SAY_OK } from '../judging/prompts.ts';
import { fail, isOk, notRun, notSupported, pass, shareInWords, unanswered, usdInWords } from '../judging/verdicts.ts';

const MOST_OFF_FRACTION = 0.01;
const MOST_MARKUP_FRACTION = 0.5;
const ROUNDING_USD = 5e-7;
const ASKED = [SAY_OK, chat(COUNTED_PROMPTS.map(({ text }) => text).join('\n\n'), 16), chat(COUNT_PROMPT, 100)];

export const costReported: TargetCheck = {
  id: 'cost_reported',
  asks: 'three chats of different sizes, and their costs',
  byDefault: true,
  plan: (target) => (target.reports_cost === undefined ? [] : [...ASKED, ...plannedLookUps(target, ASKED.length)]),
  run: async (probe) => {
    const { kind, reports_cost } = probe.target;
    if (reports_cost === undefined) return notSupported('it documents no place where answers tell their cost', []);
    const evidence: Seen[] = [];
    const told: (number | undefined)[] = [];
    const computed: (number | undefined)[] = [];
    for (const asked of ASKED) {
      const seen = await askPatiently(probe, asked);
      if (!isOk(seen)) return unanswered(seen, probe.target, undefined, [...evidence, seen])!;
      const { usd, lookUps } = await toldCost(probe, seen);
      evidence.push(seen, ...lookUps);
      told.push(usd);
      computed.push(seen.computed_usd);
    }
    const missing = told.filter((one) => one === undefined).length;
    if (missing > 0)
      return fail(
        `expected the cost of ${told.length} calls in ${reports_cost.in} ${reports_cost.name}, seen: ${told.length - missing}`,
        evidence,
      );
    const ratio = ratioInterval(told, computed);
    const total_usd = sum(told as number[]);
    if (ratio === undefined || computed.includes(undefined))
      return notRun(
        `${usdInWords(total_usd)} are told for ${told.length} calls; there is no computed cost to hold it against`,
        evidence,
      );
    const minusOne = (value: number | undefined) => (value === undefined ? undefined : value - 1);
    const markup = { ...ratio, value: ratio.value - 1, low: minusOne(ratio.low), high: minusOne(ratio.high) };
    const figures = estimated(
      'markup_fraction',
      'fraction',
      markup,
      'sum of costs told / sum of costs by the price book - 1',
    );
    const expected_usd = sum(computed as number[]);
    const most = kind === 'direct' ? MOST_OFF_FRACTION : MOST_MARKUP_FRACTION;
    const rounding_usd = ROUNDING_USD * told.length;
    const words = `${usdInWords(total_usd)} are told, ${usdInWords(expected_usd)} by the price book: ${shareInWords(Math.abs(markup.value))} ${markup.value < 0 ? 'less' : 'more'}`;
    const isLess = total_usd < expected_usd * (1 - MOST_OFF_FRACTION) - rounding_usd;
    const isMore = total_usd > expected_usd * (1 + most) + rounding_usd;
    return isLess || isMore
      ? fail(`${words}; expected at most ${shareInWords(isLess ? MOST_OFF_FRACTION : most)}`, evidence, figures)
      : pass(words, evidence, figures);
  },
};
