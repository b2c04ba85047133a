/**
 * A clock that stands still until a test moves it: timers fire when it is moved past them, in order, and all that the router
 * measures is measured by it. Sockets are real and run beside it, so no test waits and none depends on how fast a machine is.
 */
import { vi } from 'vitest';

class Timer {
  at_ms: number;
  readonly #time: VirtualTime;
  readonly #ms: number;
  readonly repeats: boolean;
  readonly fire: () => void;

  constructor(time: VirtualTime, ms: number, repeats: boolean, fire: () => void) {
    this.#time = time;
    this.#ms = Math.max(repeats ? 1 : 0, ms);
    this.at_ms = time.now_ms + this.#ms;
    this.repeats = repeats;
    this.fire = fire;
  }

  refresh(): this {
    this.at_ms = this.#time.now_ms + this.#ms;
    this.#time.timers.add(this);
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }
}

type Callback = (...args: unknown[]) => void;

export class VirtualTime {
  now_ms: number;
  readonly timers = new Set<Timer>();
  readonly #from_ms: number;

  constructor(from_ms: number) {
    this.now_ms = from_ms;
    this.#from_ms = from_ms;
  }

  /** Takes the place of timers and of `performance.now` until `vi.unstubAllGlobals` and `vi.restoreAllMocks`. */
  install(): this {
    const start =
      (repeats: boolean) =>
      (fire: Callback, ms?: number, ...args: unknown[]) => {
        const timer = new Timer(this, Number(ms ?? 0), repeats, () => fire(...args));
        this.timers.add(timer);
        return timer;
      };
    const stop = (timer: Timer): void => void this.timers.delete(timer);
    vi.stubGlobal('setTimeout', start(false));
    vi.stubGlobal('setInterval', start(true));
    vi.stubGlobal('clearTimeout', stop);
    vi.stubGlobal('clearInterval', stop);
    vi.spyOn(performance, 'now').mockImplementation(() => this.now_ms - this.#from_ms);
    return this;
  }

  /** Moves on, and fires what falls due on the way. */
  advance(ms: number): void {
    this.advanceTo(this.now_ms + ms);
  }

  advanceTo(until_ms: number): void {
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.timers)
        if (timer.at_ms <= until_ms && (next === undefined || timer.at_ms < next.at_ms)) next = timer;
      if (next === undefined) break;
      this.timers.delete(next);
      this.now_ms = Math.max(this.now_ms, next.at_ms);
      if (next.repeats) next.refresh();
      next.fire();
    }
    this.now_ms = Math.max(this.now_ms, until_ms);
  }
}
