/**
 * The cap on what a run may spend. A call goes only if the most that it can cost is still free, so that no number of calls
 * at a time passes the cap; when it has ended, what it did cost takes the place of that. A cost that is not known counts
 * as all that was reserved. What does not fit beside open reservations waits for their ends. Whole nano-dollars.
 *
 * Example: of a cap of 0.50, a call of up to 0.30 that is refused costs nothing; a second one of 0.30 goes after it.
 */
const NANO = 1e9;

export class CapReached extends Error {
  override readonly name = 'CapReached';
}

export type Settle = (cost_usd: number | undefined) => void;

export class Spending {
  readonly cap_usd: number;
  #free: number;
  #known = 0;
  #unknown = 0;
  #reserved = 0;
  #waiting: (() => void)[] = [];

  constructor(cap_usd: number) {
    this.cap_usd = cap_usd;
    this.#free = Math.floor(cap_usd * NANO);
  }

  /** Throws a CapReached where it would not fit if all that is open cost nothing. Gives what ends the reservation, once. */
  async reserve(most_usd: number): Promise<Settle> {
    const most = Math.ceil(most_usd * NANO);
    while (most > this.#free) {
      if (most > this.#free + this.#reserved)
        throw new CapReached(
          `a call of up to ${most_usd.toFixed(6)} USD does not fit under what is left of ${this.cap_usd} USD`,
        );
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    this.#free -= most;
    this.#reserved += most;
    let isOpen = true;
    return (cost_usd) => {
      if (!isOpen) throw new Error('a reservation ends once');
      isOpen = false;
      this.#reserved -= most;
      if (cost_usd === undefined) this.#unknown += most;
      else {
        const cost = Math.ceil(cost_usd * NANO);
        this.#known += cost;
        this.#free += most - cost;
      }
      for (const wake of this.#waiting.splice(0)) wake();
    };
  }

  get spent(): { readonly usd: number; readonly at_most_usd: number } {
    return { usd: this.#known / NANO, at_most_usd: (this.#known + this.#unknown) / NANO };
  }
}
