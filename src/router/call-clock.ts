/**
 * The limits of one call on one timer: a time for all of it, and a time within which something has to come. What came in time
 * moves the limit and not the timer, which looks again when it fires; chunks of a stream cost no timers.
 */
export class CallClock {
  readonly #onTimeout: () => void;
  readonly #end: number;
  #limit = Number.POSITIVE_INFINITY;
  #fires = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(total_ms: number, now: number, onTimeout: () => void) {
    this.#end = now + total_ms;
    this.#onTimeout = onTimeout;
  }

  /** Something has to come within so long. */
  expect(ms: number, now: number): void {
    this.#limit = now + ms;
    this.#set(now);
  }

  /** It came. */
  relax(): void {
    this.#limit = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#fires = Number.NEGATIVE_INFINITY;
  }

  #set(now: number): void {
    const next = Math.min(this.#end, this.#limit);
    if (next >= this.#fires) return;
    clearTimeout(this.#timer);
    this.#fires = next;
    this.#timer = setTimeout(this.#look, Math.max(1, next - now));
  }

  readonly #look = (): void => {
    const now = performance.now();
    this.#fires = Number.POSITIVE_INFINITY;
    if (now >= Math.min(this.#end, this.#limit)) this.#onTimeout();
    else this.#set(now);
  };
}
