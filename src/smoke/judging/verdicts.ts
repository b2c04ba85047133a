/**
 * Judgements in few words, and what stands for one where a request was not answered: a refusal of something that a target
 * need not have is not_supported, one for want of quota says nothing, anything else is a failure.
 *
 * Of what a target says only codes and names are repeated: its messages may echo a prompt.
 */
import type { Figure } from '../../measurements/contract.ts';
import type { LiveFeature } from '../../pricing/access-facts.ts';
import type { Judged, Seen } from '../check.ts';
import type { Told } from '../dialect.ts';
import type { Target } from '../target.ts';

type Evidence = Seen | readonly Seen[];
const judged =
  (verdict: Judged['verdict']) =>
  (seen: string, evidence: Evidence, figures: readonly Figure[] = []): Judged => ({
    verdict,
    seen,
    figures,
    evidence: Array.isArray(evidence) ? (evidence as readonly Seen[]) : [evidence as Seen],
  });

export const pass = judged('pass');
export const fail = judged('fail');
export const notSupported = judged('not_supported');
export const notRun = judged('not_run');

/** For want of quota, credit or room. */
const NO_ROOM: ReadonlySet<number> = new Set([402, 429, 503, 529]);
/** For what is not understood or not there. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404, 405, 415, 422, 501]);

export const isOk = ({ exchange, told }: Seen): boolean =>
  exchange.status >= 200 && exchange.status < 300 && exchange.end === 'whole' && told.error === undefined;

/** Its limit of tokens broke it off. */
export const isAtLimit = ({ finish }: Told): boolean => finish === 'length' || finish === 'max_tokens';

/** HTTP 401 (invalid_api_key), or what came in place of an answer. */
export function answerInWords({ exchange, told }: Seen): string {
  const { status, end, failure, total_ms } = exchange;
  if (status === 0) return failure ?? 'no answer came';
  const { code, type } = told.error ?? {};
  const name = [code, type].find((one) => one !== undefined && /^[\w.-]{1,60}$/.test(one));
  const how = end === 'cut' ? ', broken off' : end === 'timeout' ? `, not whole after ${msInWords(total_ms)}` : '';
  const inside = told.error !== undefined && status < 300 ? ' with an error inside' : '';
  return `HTTP ${status}${inside}${name === undefined ? '' : ` (${name})`}${how}`;
}

/** Undefined: it was answered. `feature`: what it asked for beside plain chat. */
export function unanswered(
  seen: Seen,
  { supports }: Target,
  feature?: LiveFeature,
  evidence: Evidence = seen,
): Judged | undefined {
  if (isOk(seen)) return undefined;
  const { status } = seen.exchange;
  if (NO_ROOM.has(status)) return notRun(`it could not be judged: ${answerInWords(seen)}`, evidence);
  if (feature === undefined || !NOT_THERE.has(status))
    return fail(`expected an answer, seen: ${answerInWords(seen)}`, evidence);
  const what = feature.replaceAll('_', ' ');
  return supports[feature] === true
    ? fail(`${what} is documented, and refused with ${answerInWords(seen)}`, evidence)
    : notSupported(`${what} is refused with ${answerInWords(seen)}`, evidence);
}

export const msInWords = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
export const usdInWords = (usd: number): string => `${usd.toFixed(7)} USD`;
export const shareInWords = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** As the target wrote it, of bounded length. */
export const nameInWords = (name: string): string => (name.length <= 80 ? name : `${name.slice(0, 80)} …`);
