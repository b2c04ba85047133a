/**
 * How requests end in a replay, and the statuses of attempts, as small integers with their names. Every request ends in
 * exactly one outcome.
 */
import { failed, failureOf } from '../routing/outcome.ts';

/** `refused` by a budget; `abandoned`: the client left; `no_route`: nothing was there to try. */
export const REQUEST_OUTCOMES = ['served', 'served_from_cache', 'failed', 'refused', 'abandoned', 'no_route'] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];
export const [SERVED, FROM_CACHE, FAILED_REQUEST, REFUSED_REQUEST, ABANDONED, WITHOUT_ROUTE] = [
  0, 1, 2, 3, 4, 5,
] as const;

/** Statuses of attempts that are no HTTP status. */
export const CONNECTION = 0;
export const TIMED_OUT = 1;
export const LEFT = 2;
export const OK = 200;
export const STATUSES = 600;

const NAMES: Readonly<Record<number, string>> = { [CONNECTION]: 'connection', [TIMED_OUT]: 'timeout', [LEFT]: 'left' };
export const statusName = (status: number): string => NAMES[status] ?? String(status);

/** By status: 1 where the seller may have made an answer that did not come through, so that it may be billed. */
export const UNHEARD: Uint8Array = Uint8Array.from({ length: STATUSES }, (_, status) =>
  status <= LEFT || status === 408 || status === 502 || status === 504 ? 1 : 0,
);

/** What a canonical trace has in its status column: a code that says the same. */
export const HTTP_STATUS: Readonly<Record<number, number>> = { [CONNECTION]: 503, [TIMED_OUT]: 408, [LEFT]: 499 };

/** Status -> what the policies are told. */
export const RESULTS: Int8Array = Int8Array.from({ length: STATUSES }, (_, status) =>
  status === OK
    ? 0
    : status === CONNECTION
      ? failed('connection')
      : status === TIMED_OUT
        ? failed('timeout')
        : status === LEFT
          ? failed('cancelled')
          : failed(failureOf(status)),
);
