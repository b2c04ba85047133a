/**
 * Whether what is left of a quota falls by what was used: three calls in a row, remaining requests and tokens before and after.
 *
 *   a quota that refills as it is used may stand still: limit / 60 s x time between the calls is let pass
 *
 * Fails where remaining requests stand still without that. How long free credits last is not asked; headers do not tell it.
 */
import type { Figure } from '../../measurements/contract.ts';
import { MS_PER_MINUTE } from '../../units.ts';
import type { Seen, TargetCheck } from '../check.ts';
import { counted } from '../judging/figures.ts';
import { SAY_OK } from '../judging/prompts.ts';
import { limit, QUOTAS, type Quota, remaining } from '../judging/quota-headers.ts';
import { fail, isOk, notSupported, pass, unanswered } from '../judging/verdicts.ts';

const CALLS = 3;

export const quotaBurn: TargetCheck = {
  id: 'quota_burn',
  asks: `${CALLS} chats of a few tokens in a row`,
  byDefault: true,
  plan: () => Array.from({ length: CALLS }, () => SAY_OK),
  run: async ({ ask, target }) => {
    const evidence: Seen[] = [];
    for (let i = 0; i < CALLS; i++) {
      const seen = await ask(SAY_OK);
      evidence.push(seen);
      if (!isOk(seen)) return unanswered(seen, target, undefined, evidence)!;
    }
    const figures = QUOTAS.flatMap((quota) => figuresOf(evidence, quota));
    if (figures.length === 0) return notSupported('no header tells what is left of a quota', evidence);
    const words = figures.map(({ name, value }) => `${name.replaceAll('_', ' ')} ${value}`).join(', ');
    return isFrozen(evidence)
      ? fail(`expected remaining requests to fall with ${CALLS} calls, seen: ${words}`, evidence, figures)
      : pass(words, evidence, figures);
  },
};

function figuresOf(calls: readonly Seen[], quota: Quota): readonly Figure[] {
  const left = calls.map(({ exchange }) => remaining(exchange.headers, quota));
  const [before, after] = [left[0], left.at(-1)];
  if (before === undefined || after === undefined) return [];
  const how = `as headers tell it, over ${calls.length} calls`;
  return [
    counted(`remaining_${quota}`, quota === 'tokens' ? 'token' : '1', after, calls.length, how),
    counted(`burned_${quota}`, quota === 'tokens' ? 'token' : '1', before - after, calls.length, how),
  ];
}

/** All of the time between the calls could not have refilled one request. */
function isFrozen(calls: readonly Seen[]): boolean {
  const left = calls.map(({ exchange }) => remaining(exchange.headers, 'requests'));
  const [one] = left;
  const most = limit(calls[0]!.exchange.headers, 'requests');
  if (one === undefined || most === undefined || left.some((other) => other !== one)) return false;
  const [first, last] = [calls[0]!.exchange, calls.at(-1)!.exchange];
  const refilled = (most / MS_PER_MINUTE) * (last.started_ms + last.total_ms - first.started_ms);
  return one >= most || refilled < 1;
}
