/**
 * What the price book says that logged attempts cost, each at its own instant: usage times price, as a report and a replay of
 * the same log price it. An attempt without usage is predicted at 0, one whose model has no price at null.
 */
import type { Counts } from '../meters.ts';
import { charge } from '../pricing/charge.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { type Resolved, resolveModel } from '../pricing/resolve.ts';
import type { LoggedAttempt, Predicted } from './reconcile-contract.ts';

export type PricedAs = Pick<LoggedAttempt, 'seller' | 'model' | 'tier' | 'time_ms'>;

export class Prediction {
  readonly #book: PriceBook;
  readonly #names = new Map<string, Resolved | undefined>();

  constructor(book: PriceBook) {
    this.#book = book;
  }

  of(attempt: LoggedAttempt): Predicted {
    return { attempt, usd: attempt.billing === 'billed' ? this.priceOf(attempt, attempt.counts) : 0 };
  }

  /** USD of counts at the price of an attempt; null: unpriced. */
  priceOf({ seller, model, tier, time_ms }: PricedAs, counts: Counts): number | null {
    const at = new Date(time_ms).toISOString();
    const card = model === undefined ? undefined : this.#card(seller === undefined ? model : `${seller}/${model}`, at);
    return card === undefined ? null : charge(this.#book, { ...card, tier }, counts, at).charge_usd;
  }

  /** As the price book has it, else as it was logged. */
  nameOf(seller: string | undefined, model: string, time_ms: number): string {
    const name = seller === undefined ? model : `${seller}/${model}`;
    const card = this.#card(name, new Date(time_ms).toISOString());
    return card === undefined ? name : `${card.seller}/${card.model}`;
  }

  #card(name: string, at: string): Resolved | undefined {
    const on = at.slice(0, 10);
    const key = `${on} ${name}`;
    if (this.#names.has(key)) return this.#names.get(key);
    const found = resolveModel(this.#book, name, on);
    const card = 'unknown' in found ? undefined : { seller: found.seller, model: found.model };
    this.#names.set(key, card);
    return card;
  }
}
