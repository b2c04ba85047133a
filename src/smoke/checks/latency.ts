/**
 * How long answers take, and how much longer than the baseline's: one stream a round over all targets in turn.
 *
 *   first_token_ms   until the first piece of content;  total_ms   until the end
 *   added            median over rounds of own - baseline, with the interval of its order statistics
 *
 * Fails where more than a fifth of the rounds went unanswered, where the first token comes more than 1 s after the baseline's,
 * or after more than 10 s (limits of attention: Nielsen, Usability Engineering, 1993, 5.5). Rounds refused for want of room
 * (429) are left out, as are those whose limit was used up before a first token (by reasoning). Answers differ in length, and
 * added_total_ms with them. Not judged: p95 of few rounds; it has an interval only from some 70 rounds on.
 */
import { type Estimate, pairedMedian, quantileInterval, shareInterval } from '../../measurements/intervals.ts';
import type { PairedCheck, Seen } from '../check.ts';
import { estimated } from '../judging/figures.ts';
import { chat } from '../judging/prompts.ts';
import { fail, isAtLimit, isOk, msInWords, notRun, pass } from '../judging/verdicts.ts';

const MOST_UNANSWERED_FRACTION = 0.2;
const MOST_ADDED_MS = 1000;
const MOST_FIRST_TOKEN_MS = 10_000;
const ASKED = chat('Name the seven days of the week and one thing that people do on each.', 64, { isStream: true });

type Rounds = readonly (readonly Seen[])[];
type What = (one: Seen) => number | undefined;
const firstToken: What = ({ told }) => told.first_token_ms;
const total: What = ({ exchange }) => exchange.total_ms;
const isAnswered = (one: Seen): boolean => isOk(one) && one.told.first_token_ms !== undefined;
const isUsedUp = (one: Seen): boolean => isOk(one) && isAtLimit(one.told) && one.told.first_token_ms === undefined;
const times = (rounds: Rounds, what: What): readonly (number | undefined)[] =>
  rounds.map(([one]) => (one !== undefined && isAnswered(one) ? what(one) : undefined));
const known = (values: readonly (number | undefined)[]): number[] => values.filter((one) => one !== undefined);

export const latency: PairedCheck = {
  id: 'latency',
  asks: 'one stream of some 64 tokens a round',
  byDefault: true,
  rounds: (asked) => asked,
  plan: () => [ASKED],
  round: async ({ ask }) => [await ask(ASKED)],
  judge: (own, baseline) => {
    const calls = own.flat();
    const counting = calls.filter((one) => one.exchange.status !== 429 && !isUsedUp(one));
    if (counting.length === 0)
      return notRun('each round was refused with HTTP 429, or used up its limit before the first token', calls);
    const lost = counting.filter((one) => !isAnswered(one)).length;
    const [first, whole] = [times(own, firstToken), times(own, total)];
    const added = baseline && pairedMedian(first, times(baseline, firstToken));
    const addedTotal = baseline && pairedMedian(whole, times(baseline, total));
    const p50 = quantileInterval(known(first), 0.5);
    const figures = [
      ...estimated('first_token_p50_ms', 'ms', p50, 'median over rounds'),
      ...estimated('first_token_p95_ms', 'ms', quantileInterval(known(first), 0.95), '95th percentile over rounds'),
      ...estimated('total_p50_ms', 'ms', quantileInterval(known(whole), 0.5), 'median over rounds'),
      ...estimated('total_p95_ms', 'ms', quantileInterval(known(whole), 0.95), '95th percentile over rounds'),
      ...estimated('added_first_token_ms', 'ms', added, 'median of differences from the baseline, round by round'),
      ...estimated('added_total_ms', 'ms', addedTotal, 'median of differences from the baseline, round by round'),
      ...estimated('error_fraction', 'fraction', shareInterval(lost, counting.length), 'rounds without a whole answer'),
    ];
    const seen = inWords(counting.length, lost, p50, added);
    const isSlow =
      (added !== undefined && added.value > MOST_ADDED_MS) || (p50 !== undefined && p50.value > MOST_FIRST_TOKEN_MS);
    if (lost > MOST_UNANSWERED_FRACTION * counting.length)
      return fail(`${seen}; expected at most a fifth unanswered`, calls, figures);
    return isSlow
      ? fail(
          `${seen}; expected at most ${MOST_ADDED_MS} ms more than the baseline and at most ${MOST_FIRST_TOKEN_MS} ms`,
          calls,
          figures,
        )
      : pass(seen, calls, figures);
  },
};

function inWords(n: number, lost: number, p50: Estimate | undefined, added: Estimate | undefined): string {
  const more =
    added === undefined
      ? ''
      : `, ${msInWords(Math.abs(added.value))} ${added.value < 0 ? 'before' : 'after'} the baseline’s`;
  const time = p50 === undefined ? '' : `; first token after ${msInWords(p50.value)}${more} (medians)`;
  return `${n - lost} of ${n} rounds were answered${time}`;
}
