/**
 * What a client's retries have to go by. A request that is refused for its own fault is refused at once, and no header says
 * that it was tried again; a 429 of this run said when to come back, in a form that clients read (milliseconds, seconds, an
 * HTTP date, or a reset among rate-limit headers), and who came back then was let in.
 *
 * A 429 is not provoked: it would cost a minute's quota. Retries that a gateway makes and tells nobody are seen by their time
 * alone.
 */
import { NOT_ASKED } from '../../routing/retry-after.ts';
import type { Seen, TargetCheck } from '../check.ts';
import { askPatiently, toldWaitMs } from '../judging/patience.ts';
import { TOO_HOT } from '../judging/prompts.ts';
import { hasResets } from '../judging/quota-headers.ts';
import { answerInWords, fail, isOk, msInWords, notRun, notSupported, pass } from '../judging/verdicts.ts';

const MOST_REFUSAL_MS = 5000;
/** Two clocks, of whole milliseconds and of parts of them, and a timer that may be early. */
const GRAIN_MS = 3;
/** Header -> attempts that it tells beyond the first, where it is greater than this. */
const ATTEMPTS: Readonly<Record<string, number>> = {
  'x-portkey-retry-attempt-count': 0,
  'x-litellm-attempted-retries': 0,
  'x-tollgate-attempts': 1,
};

export const retryBehaviour: TargetCheck = {
  id: 'retry_behaviour',
  asks: 'a request with an impossible temperature; refusals of the whole run are looked at',
  byDefault: true,
  plan: () => [TOO_HOT],
  run: async (probe) => {
    const seen = await askPatiently(probe, TOO_HOT);
    const earlier = probe.earlier();
    const limited = earlier.filter(({ exchange }) => exchange.status === 429);
    const evidence = [seen, ...limited.filter((one) => one !== seen)];
    const wrong = [...faultsOf(seen), ...limited.flatMap(faultsOfLimit), ...refusedAgain(earlier)];
    const { status, total_ms } = seen.exchange;
    const refusal =
      status >= 400 && status < 500
        ? `a bad request was refused with ${answerInWords(seen)} in ${msInWords(total_ms)}`
        : `an impossible temperature was answered with ${answerInWords(seen)}`;
    const limits =
      limited.length === 0
        ? 'no HTTP 429 was seen in this run'
        : `${limited.length} HTTP 429 were seen, ${limited.filter((one) => faultsOfLimit(one).length === 0).length} of them say when to come back`;
    const tells = earlier.some((one) => isOk(one) && hasResets(one.exchange.headers));
    const told = `${refusal}; ${limits}; answers ${tells ? 'carry' : 'carry no'} rate-limit headers with resets`;
    if (wrong.length > 0) return fail(`${wrong.join('; ')} (${told})`, evidence);
    if (status === 429) return notRun(told, evidence);
    return isOk(seen) && limited.length === 0 ? notSupported(told, evidence) : pass(told, evidence);
  },
};

function faultsOf(seen: Seen): string[] {
  const { status, total_ms, headers } = seen.exchange;
  if (isOk(seen)) return [];
  const again = Object.entries(ATTEMPTS).filter(([name, first]) => Number(headers[name] ?? 0) > first);
  return [
    ...(status >= 400 && status < 500
      ? []
      : [`expected a bad request to be refused with 4xx, seen: ${answerInWords(seen)}`]),
    ...again.map(([name]) => `a bad request was tried again (${name}: ${Number(headers[name])})`),
    ...(total_ms > MOST_REFUSAL_MS
      ? [`a bad request was refused after ${msInWords(total_ms)}, expected within ${MOST_REFUSAL_MS} ms`]
      : []),
  ];
}

/** Of a 429. */
function faultsOfLimit({ exchange }: Seen): string[] {
  if (toldWaitMs(exchange) !== NOT_ASKED || hasResets(exchange.headers)) return [];
  const { 'retry-after': text } = exchange.headers;
  return [
    text === undefined
      ? 'HTTP 429 without Retry-After, expected milliseconds, seconds or a date'
      : 'HTTP 429 with a Retry-After that is neither seconds nor a date',
  ];
}

/** Came back after as long as it was told, and was turned away again. */
function refusedAgain(earlier: readonly Seen[]): string[] {
  const again = earlier.filter(({ exchange: { status, started_ms } }, i) => {
    const before = earlier[i - 1]?.exchange;
    if (status !== 429 || before?.status !== 429) return false;
    const wait_ms = toldWaitMs(before);
    return wait_ms !== NOT_ASKED && started_ms >= before.started_ms + before.total_ms + wait_ms - GRAIN_MS;
  });
  return again.length === 0
    ? []
    : [`${again.length} times HTTP 429 after a wait as long as Retry-After had said, expected an answer`];
}
