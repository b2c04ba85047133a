/**
 * How an attempt ends and how a request ends, as small integers, so that a replay can report millions of them.
 *
 * A failure has a kind; sets of kinds are bit masks, and up to 12 exact HTTP statuses may stand in a set beside them.
 * What has reached the client can't be taken back: a truncated answer and a client that left end the request.
 * `insufficient_quota` arrives as a 429 but is terminal for its route (langchain-ai/langchainjs#1929).
 */

/** Kinds of failure, in the order of their bits. */
export const FAILURE_KINDS = [
  'rate_limited',
  'quota_exhausted',
  'overloaded',
  'server_error',
  'timeout',
  'connection',
  'unauthorised',
  'not_found',
  'bad_request',
  'context_length',
  'content_filtered',
  'breaker_open',
  'truncated',
  'cancelled',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** What a policy may name: `truncated` and `cancelled` are final whatever it says. */
export const RECOVERABLE_KINDS = FAILURE_KINDS.slice(0, 12) as readonly Exclude<
  FailureKind,
  'truncated' | 'cancelled'
>[];

/** The attempt's result: an answer, or 1 + the index of its kind of failure. */
export const ANSWERED_ATTEMPT = 0;
export const failed = (kind: FailureKind): number => 1 + FAILURE_KINDS.indexOf(kind);
export const kindOf = (result: number): FailureKind | undefined => FAILURE_KINDS[result - 1];

export const bitOf = (kind: FailureKind): number => 1 << FAILURE_KINDS.indexOf(kind);
export const maskOf = (kinds: readonly FailureKind[]): number => kinds.reduce((mask, kind) => mask | bitOf(kind), 0);
export const BREAKER_OPEN = bitOf('breaker_open');
export const FINAL = maskOf(['truncated', 'cancelled']);

/** Distinct statuses that the sets of one configuration may name: the bits of an integer that are left. */
export const MAX_STATUSES = 30 - FAILURE_KINDS.length - 4;

/** What `next` answers when there is no attempt to make: the one outcome of the request. */
export const PENDING = 0;
export const NO_ROUTE = -1;
export const REFUSED = -2;
export const FAILED = -3;
export const ANSWERED = -4;
export const CANCELLED = -5;
/** Not over: the same route is tried again later. */
export const WAIT = -6;

const OUTCOMES = ['pending', 'no_route', 'refused', 'failed', 'answered', 'cancelled', 'wait'] as const;
export const outcomeName = (outcome: number): (typeof OUTCOMES)[number] => {
  const name = OUTCOMES[-outcome];
  if (name === undefined) throw new Error(`${outcome} is no outcome of a request`);
  return name;
};

/** Why a request was not answered, beside its outcome. */
export type Reason =
  | 'none'
  | 'not_recoverable'
  | 'attempts_spent'
  | 'time_spent'
  | 'routes_spent'
  | 'all_open'
  | 'no_candidate'
  | 'over_budget'
  | 'unpriced';

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  401: 'unauthorised',
  402: 'quota_exhausted',
  403: 'unauthorised',
  404: 'not_found',
  408: 'timeout',
  429: 'rate_limited',
  499: 'cancelled',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** `error.code` or `error.type` of the body, where it says more than the status. */
const BY_CODE: Readonly<Record<string, FailureKind>> = {
  insufficient_quota: 'quota_exhausted',
  billing_hard_limit_reached: 'quota_exhausted',
  billing_not_active: 'quota_exhausted',
  context_length_exceeded: 'context_length',
  content_filter: 'content_filtered',
  content_policy_violation: 'content_filtered',
  overloaded_error: 'overloaded',
};

/** The kind of failure of an HTTP answer that is an error; the body's own code goes first. */
export function failureOf(status: number, code?: string): FailureKind {
  const told = code === undefined ? undefined : Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return told ?? BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'bad_request');
}
