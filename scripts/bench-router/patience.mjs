/**
 * Waits until nobody else uses the machine, as long as there is patience left for the whole run: other work takes the proxy's
 * core and its caches, and then every figure is one of the other work.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { canMeasure, machine_ms } from './process-usage.mjs';

const LOOK_MS = 150;

/** Cores that other processes may take without spoiling a measurement. */
export const QUIET_CORES = 0.2;

export class Patience {
  #left_ms;
  waited_ms = 0;

  constructor(most_ms) {
    this.#left_ms = most_ms;
  }

  get isLeft() {
    return this.#left_ms > 0;
  }

  /** Time that went into measuring again. */
  spend(ms) {
    this.#left_ms -= ms;
    this.waited_ms += ms;
  }

  async untilQuiet() {
    while (canMeasure && this.isLeft) {
      const [from, spent] = [performance.now(), machine_ms()];
      await pause(LOOK_MS);
      const took = performance.now() - from;
      if ((machine_ms() - spent) / took <= QUIET_CORES) return;
      this.spend(took);
    }
  }
}
