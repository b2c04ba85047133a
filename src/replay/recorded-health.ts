/**
 * How routes were seen to do: attempts that somebody made there, by a router's log or a probe, in place of conditions that
 * are drawn. Each tells how its route does from its instant until the next; the same instant is told by the later one.
 *
 *   seen at 0 s: 200 after 300 ms, at 60 s: 429 with Retry-After 20 s;  an attempt at 59 s is answered, one at 60 s is not
 *
 * What was seen holds in full: outages, limits, errors and latencies that are stated for the route count before its first
 * sighting alone. Not modelled: that load which a policy takes elsewhere would have changed what was seen.
 */

import { inputError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { firstAbove } from '../rising.ts';
import { STATUSES } from './outcomes.ts';

export interface RecordedAttempt {
  readonly route: string;
  /** When it began. */
  readonly at_ms: number;
  /** HTTP status, or one of outcomes.ts. */
  readonly status: number;
  /** Below 0: not known, as are those that are left out. */
  readonly latency_ms?: number;
  readonly first_token_ms?: number;
  /** What it asked to wait. */
  readonly retry_after_ms?: number;
}

const NOT_KNOWN = -1;
/** Nothing has been seen of the route yet. */
export const UNSEEN = -1;

export class RecordedHealth {
  readonly status: Int16Array;
  readonly latency_ms: Float64Array;
  readonly first_token_ms: Float64Array;
  readonly retry_after_ms: Float64Array;
  /** By route: whether any of its latencies is known. */
  readonly hasLatency: readonly boolean[];
  readonly #at_ms: Float64Array;
  /** Route r's sightings stand from #first[r] to #first[r + 1]. */
  readonly #first: Int32Array;

  constructor(routes: readonly string[], recorded: readonly RecordedAttempt[]) {
    const stranger = recorded.find(({ route }) => !routes.includes(route));
    if (stranger !== undefined)
      throw inputError(
        'REPLAY_NAME',
        'recorded',
        `unknown route "${stranger.route}"${didYouMean(stranger.route, routes)}`,
      );
    for (const { at_ms, status } of recorded)
      if (!Number.isFinite(at_ms) || !Number.isInteger(status) || status < 0 || status >= STATUSES)
        throw new Error(`a sighting at ${at_ms} with the status ${status} is none`);
    const parts = routes.map((name) =>
      recorded.filter(({ route }) => route === name).sort((a, b) => a.at_ms - b.at_ms),
    );
    const all = parts.flat();
    const column = (of: (one: RecordedAttempt) => number | undefined): Float64Array =>
      Float64Array.from(all, (one) => of(one) ?? NOT_KNOWN);
    this.#first = new Int32Array(routes.length + 1);
    parts.forEach((part, route) => {
      this.#first[route + 1] = this.#first[route]! + part.length;
    });
    this.#at_ms = column(({ at_ms }) => at_ms);
    this.status = Int16Array.from(all, ({ status }) => status);
    this.latency_ms = column(({ latency_ms }) => latency_ms);
    this.first_token_ms = column(({ first_token_ms }) => first_token_ms);
    this.retry_after_ms = column(({ retry_after_ms }) => retry_after_ms);
    this.hasLatency = parts.map((part) => part.some(({ latency_ms = NOT_KNOWN }) => latency_ms >= 0));
  }

  /** Whether anything was ever seen of the route. */
  knows(route: number): boolean {
    return this.#first[route]! < this.#first[route + 1]!;
  }

  /** Place of what holds at an instant, or UNSEEN; any order of questions. */
  at(route: number, time_ms: number): number {
    const begin = this.#first[route]!;
    const after = firstAbove(this.#at_ms, time_ms, begin, this.#first[route + 1]!);
    return after > begin ? after - 1 : UNSEEN;
  }
}
