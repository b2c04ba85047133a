/**
 * The stand-in's bill, in integers of its own: counts times whole nano-dollars, the markup on top, half a nano-dollar rounded
 * up once for each request.
 *
 *   nano_usd = round((input x p + cache_read x p + … + output x p) x (1 + markup))
 *
 * Example: 1,000 input and 20 output tokens at 150 and 600 are 162,000 nano-dollars; with 5.5 % on top 170,910.
 * It imports nothing of the price book, so that a prediction from the one can be held against the other.
 */
import type { NanoPrices, StandInModel } from './models.ts';
import type { StandInRouteName } from './spec.ts';

/** Exclusive counts, in the words of the meters. */
export interface BilledCounts {
  readonly input_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_5m_tokens: number;
  readonly cache_write_1h_tokens: number;
  readonly output_tokens: number;
  readonly images: number;
}

/** whole: all of the answer left; cut: the stand-in broke it off or stopped; cancelled: the client left. */
export type BillState = 'whole' | 'cut' | 'cancelled';

export interface BillEntry {
  readonly id: string;
  /** Of the request that it is for; undefined: it had none. */
  readonly idempotency_key: string | undefined;
  readonly route: StandInRouteName;
  /** When the request came. */
  readonly at_ms: number;
  readonly model: string;
  readonly counts: BilledCounts;
  readonly nano_usd: number;
  readonly state: BillState;
  readonly user: string | undefined;
}

const PRICE_OF: Readonly<Record<keyof BilledCounts, keyof NanoPrices>> = {
  input_tokens: 'input',
  cache_read_tokens: 'cache_read',
  cache_write_5m_tokens: 'cache_write_5m',
  cache_write_1h_tokens: 'cache_write_1h',
  output_tokens: 'output',
  images: 'image',
};
const METERS = Object.keys(PRICE_OF) as (keyof BilledCounts)[];

/** `markup_percent` has two decimals at most. */
export function nanoUsd({ nano_usd }: StandInModel, counts: BilledCounts, markup_percent: number): number {
  const plain = METERS.reduce((sum, meter) => sum + counts[meter] * nano_usd[PRICE_OF[meter]], 0);
  const points = 10_000n + BigInt(Math.round(markup_percent * 100));
  return Number((BigInt(plain) * points + 5000n) / 10_000n);
}

/** What is charged, in order; entries can be looked up by their id. */
export class Bill {
  readonly #entries: BillEntry[] = [];
  readonly #byId = new Map<string, BillEntry>();

  charge(entry: BillEntry): void {
    if (this.#byId.has(entry.id)) throw new Error(`${entry.id} is charged twice`);
    this.#entries.push(entry);
    this.#byId.set(entry.id, entry);
  }

  entry(id: string): BillEntry | undefined {
    return this.#byId.get(id);
  }

  get entries(): readonly BillEntry[] {
    return this.#entries;
  }

  get nano_usd(): number {
    return this.#entries.reduce((sum, one) => sum + one.nano_usd, 0);
  }
}
