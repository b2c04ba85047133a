/**
 * How many requests arrived in each minute. Takes times in any order; those of one minute in a row cost one look-up, as traces
 * are mostly in order. Gives minutes since 1970 UTC, rising.
 */
import { MS_PER_MINUTE } from '../units.ts';

export class RequestsPerMinute {
  readonly #minutes = new Map<number, number>();
  #minute = Number.NaN;
  /** Of the minute at hand, not yet in the map. */
  #requests = 0;

  add(time_ms: number): void {
    const minute = Math.floor(time_ms / MS_PER_MINUTE);
    if (minute !== this.#minute) {
      this.#settle();
      this.#minute = minute;
    }
    this.#requests++;
  }

  addAll(requests_per_minute: ReadonlyMap<number, number>): void {
    for (const [minute, requests] of requests_per_minute) this.#increase(minute, requests);
  }

  rising(): ReadonlyMap<number, number> {
    this.#settle();
    return risingMinutes(this.#minutes);
  }

  #settle(): void {
    if (this.#requests > 0) this.#increase(this.#minute, this.#requests);
    this.#requests = 0;
  }

  #increase(minute: number, requests: number): void {
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + requests);
  }
}

export const risingMinutes = (minutes: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
  new Map([...minutes].sort(([a], [b]) => a - b));
