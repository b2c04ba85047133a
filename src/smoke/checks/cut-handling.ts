/**
 * Whether a client can tell a part of an answer from the whole of it. An answer that reaches its limit has to say so; and of
 * all streams that this run saw, none may have come to a clean end without saying why it ended.
 *
 * A stream that is broken off in the network can't be provoked at a live target: if one was seen, it is told whether it
 * looked broken. Whether `[DONE]` stands at the end is the streaming check's business.
 */
import type { Seen, TargetCheck } from '../check.ts';
import { askPatiently } from '../judging/patience.ts';
import { COUNT_PROMPT, chat } from '../judging/prompts.ts';
import { fail, isAtLimit, nameInWords, notSupported, pass, unanswered } from '../judging/verdicts.ts';

const LIMIT = 16;
const ASKED = chat(COUNT_PROMPT, LIMIT, { isStream: true });

/** Ended as if it were whole, and did not say that it was. */
const isTakenAsWhole = ({ exchange, told }: Seen): boolean =>
  exchange.events.length > 0 && exchange.end === 'whole' && told.finish === undefined && told.error === undefined;

export const cutHandling: TargetCheck = {
  id: 'cut_handling',
  asks: 'a stream that is cut short by its limit; all streams of the run are looked at',
  byDefault: true,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'stream');
    const streams = probe.earlier().filter(({ exchange }) => exchange.events.length > 0);
    const silent = streams.filter(isTakenAsWhole);
    if (silent.length > 0)
      return fail(
        `${silent.length} of ${streams.length} streams ended cleanly without saying why they ended, so that a client takes a part as whole; expected a reason, an error or a broken connection`,
        [...silent, seen],
      );
    if (refusal !== undefined) return refusal;
    if (streams.length === 0) return notSupported('no stream came, so that none could be cut', seen);
    const { finish } = seen.told;
    if (!isAtLimit(seen.told))
      return fail(
        `expected length as the end of an answer at its limit of ${LIMIT} tokens, seen: ${nameInWords(finish ?? 'none')}`,
        seen,
      );
    const broken = streams.filter(({ exchange }) => exchange.end === 'cut');
    const cuts =
      broken.length === 0
        ? 'no stream of the run broke off'
        : `${broken.length} of ${streams.length} streams broke off, as broken connections that a client notices`;
    return pass(`an answer at its limit says ${finish}; ${cuts}`, [seen, ...broken]);
  },
};
