/**
 * What a client is told when no attempt was answered: the last seller's own error byte for byte where it is one that the
 * client can act on, else an error of the router's own. A seller's refusal of the router's key is not the client's business
 * and may quote the key; a page of HTML is no answer to a program.
 */
import type { Cursor } from '../routing/cursor.ts';
import { NO_ROUTE, REFUSED } from '../routing/outcome.ts';
import type { ApiProblem } from './api-error.ts';
import { headersToClient } from './headers.ts';
import type { FailedAttempt } from './try-route.ts';
import { holdsKey } from './without-key.ts';

export interface PassedOn {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly wire: string;
}

const UNKNOWN_WAIT_S = 5;

/** @param key of the seller that answered last, so that it can't be passed on */
export function sellersError(last: FailedAttempt | undefined, key: string | undefined): PassedOn | undefined {
  const answer = last?.answer;
  if (answer === undefined || [401, 402, 403].includes(answer.status)) return undefined;
  if (!/^application\/(.+\+)?json\b/i.test(String(answer.headers['content-type'] ?? ''))) return undefined;
  if (holdsKey(answer.wire, key)) return undefined;
  return { status: answer.status, headers: headersToClient(answer.headers), wire: answer.wire };
}

/** @param speaks whether any route of the order speaks the API that was asked */
export function ownError(cursor: Cursor, last: FailedAttempt | undefined, speaks: boolean): ApiProblem {
  if (cursor.outcome === REFUSED) return overBudget(cursor.reason === 'unpriced');
  if (cursor.outcome === NO_ROUTE) return noRoute(cursor, speaks);
  return failedAttempt(last);
}

const overBudget = (isUnpriced: boolean): ApiProblem =>
  isUnpriced
    ? {
        status: 403,
        type: 'budget_exceeded',
        code: 'unpriced_route',
        message: 'a hard budget holds, and what this model costs is not known',
        headers: { 'x-should-retry': 'false' },
      }
    : {
        status: 429,
        type: 'budget_exceeded',
        code: 'insufficient_quota',
        message: 'the request could go past a budget of this router',
        headers: { 'x-should-retry': 'false' },
      };

function noRoute({ reason, retry_after_ms }: Cursor, speaks: boolean): ApiProblem {
  if (reason === 'all_open' && !speaks)
    return {
      status: 400,
      type: 'invalid_request_error',
      code: 'unsupported_operation',
      param: 'model',
      message: 'no route of this model serves this operation',
    };
  const wait_s = retry_after_ms < 0 ? UNKNOWN_WAIT_S : Math.max(1, Math.ceil(retry_after_ms / 1000));
  return {
    status: 503,
    type: 'upstream_error',
    code: 'no_route',
    message: 'every route of this model is out of service at the moment',
    headers: { 'retry-after': String(wait_s) },
  };
}

function failedAttempt(last: FailedAttempt | undefined): ApiProblem {
  const type = 'upstream_error';
  if (last === undefined)
    return {
      status: 503,
      type,
      code: 'time_spent',
      message: 'no attempt was made in time',
      headers: { 'retry-after': '1' },
    };
  const { answer, kind, message } = last;
  if (answer === undefined) {
    if (kind === 'timeout') return { status: 504, type, code: 'upstream_timeout', message };
    return { status: 502, type, code: kind === 'connection' ? 'upstream_unreachable' : 'upstream_error', message };
  }
  if ([401, 402, 403].includes(answer.status))
    return { status: 502, type, code: 'upstream_refused_key', message: 'the seller refused the key of this router' };
  const { 'content-type': _, ...headers } = headersToClient(answer.headers);
  return { status: answer.status, type, code: 'upstream_error', message, headers };
}
