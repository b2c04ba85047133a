/**
 * The cap on what a run may spend. A call goes only if the most that it can cost is still free, so that no number of calls
 * at a time passes the cap; when it has ended, what it did cost takes the place of that. A cost that is not known counts
 * as all that was reserved. Whole nano-dollars.
 */
const NANO = 1e9;

export class CapReached extends Error {
  override readonly name = 'CapReached';
}

export class Spending {
  readonly cap_usd: number;
  #free: number;
  #known = 0;
  #unknown = 0;

  constructor(cap_usd: number) {
    this.cap_usd = cap_usd;
    this.#free = Math.floor(cap_usd * NANO);
  }

  /** Throws a CapReached where less is free. Gives what ends the reservation, once. */
  reserve(most_usd: number): (cost_usd: number | undefined) => void {
    const most = Math.ceil(most_usd * NANO);
    if (most > this.#free)
      throw new CapReached(
        `a call of up to ${most_usd.toFixed(6)} USD does not fit under what is left of ${this.cap_usd} USD`,
      );
    this.#free -= most;
    let isOpen = true;
    return (cost_usd) => {
      if (!isOpen) throw new Error('a reservation ends once');
      isOpen = false;
      if (cost_usd === undefined) {
        this.#unknown += most;
        return;
      }
      const cost = Math.ceil(cost_usd * NANO);
      this.#known += cost;
      this.#free += most - cost;
    };
  }

  get spent(): { readonly usd: number; readonly at_most_usd: number } {
    return { usd: this.#known / NANO, at_most_usd: (this.#known + this.#unknown) / NANO };
  }
}
