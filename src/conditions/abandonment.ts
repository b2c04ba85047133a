/**
 * Clients that do not wait: some leave after a while, some ask a second time while the first request still runs.
 *
 *   leaves at         `after_ms` with probability `leaving`, else never; what was begun is billed all the same
 *   left, expected    leaving x P(T > after)
 *   asks twice        `duplicating` of those who have not left send the request again at `timeout_ms`
 *   twice, expected   duplicating x P(T > timeout) x (1 - leaving) where leaving comes first, after <= timeout; else
 *                     duplicating x P(T > timeout)
 *
 * T is the time that the client waits for: to the first token in a stream, else to the answer. Example: 30 % leave after
 * 10 s, all others ask again at 60 s; 4 % of the requests take over 10 s and 0.5 % over 60 s: 1.2 % leave and 0.35 % are
 * sent twice. Source: elementary. Not modelled: patience that differs by length, second requests that time out too,
 * clients that come back later (recovered later: costs/outages.ts).
 */
export interface Abandonment {
  readonly after_ms: number;
  /** Share of the requests still open then whose client leaves. */
  readonly leaving_fraction: number;
  readonly timeout_ms: number;
  /** Share of the requests still open at the timeout that are sent again. */
  readonly duplicating_fraction: number;
}

export const NOT_LEAVING = Number.POSITIVE_INFINITY;

/** Milliseconds after which this client leaves. */
export const leavesAfterMs = (abandonment: Abandonment, u: number): number =>
  u < abandonment.leaving_fraction ? abandonment.after_ms : NOT_LEAVING;

/** Milliseconds after which this client asks again. */
export const asksAgainAfterMs = (abandonment: Abandonment, u: number): number =>
  u < abandonment.duplicating_fraction ? abandonment.timeout_ms : NOT_LEAVING;

/** How one request ends for its client. */
export const hasLeft = (wait_ms: number, leaves_after_ms: number): boolean => wait_ms > leaves_after_ms;
export const isAskedAgain = (wait_ms: number, leaves_after_ms: number, asks_again_after_ms: number): boolean =>
  wait_ms > asks_again_after_ms && leaves_after_ms > asks_again_after_ms;

/** @param tail P(T > t) of the time that clients wait for */
export const expectedLeft = (abandonment: Abandonment, tail: (ms: number) => number): number =>
  abandonment.leaving_fraction * tail(abandonment.after_ms);

export const expectedDuplicates = (abandonment: Abandonment, tail: (ms: number) => number): number =>
  abandonment.duplicating_fraction *
  tail(abandonment.timeout_ms) *
  (abandonment.after_ms <= abandonment.timeout_ms ? 1 - abandonment.leaving_fraction : 1);
