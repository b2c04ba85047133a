/**
 * Whether a stream is what a strict client expects: events of the right shape, text, an end that is told, usage at the end.
 * The shape itself is the dialect's business; a stream whose pieces all come at once is not seen here.
 */
import type { TargetCheck } from '../check.ts';
import { askPatiently } from '../judging/patience.ts';
import { chat } from '../judging/prompts.ts';
import { fail, isAtLimit, pass, unanswered } from '../judging/verdicts.ts';

const ASKED = chat('Count from 1 to 10 in digits, with a blank between.', 64, { isStream: true });

export const streaming: TargetCheck = {
  id: 'streaming',
  asks: 'a stream with usage',
  byDefault: true,
  plan: () => [ASKED],
  run: async (probe) => {
    const seen = await askPatiently(probe, ASKED);
    const refusal = unanswered(seen, probe.target, 'stream');
    if (refusal !== undefined) return refusal;
    const { exchange, told } = seen;
    if (exchange.events.length === 0) return fail('expected a stream of events, seen: an answer in one piece', seen);
    const faults = [
      ...told.faults,
      ...(told.text === undefined && !isAtLimit(told) ? ['no text came'] : []),
      ...(told.isEnded || told.faults.length > 0 ? [] : ['its end is not told']),
      ...(told.counts === undefined && !told.faults.some((fault) => fault.includes('usage'))
        ? ['its usage can’t be read']
        : []),
    ];
    return faults.length > 0
      ? fail(`expected a stream as its API has it, seen: ${faults.join('; ')}`, seen)
      : pass(`${exchange.events.length} events of the right shape, with usage and an end`, seen);
  },
};
