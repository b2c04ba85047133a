/**
 * Names of models in a trace as the price book writes them, each on the day of its row; without dates, on the day of all prices.
 * A name that the book does not know stays as it is. What was taken for what is told once for each name and rule.
 */
import type { PriceBook } from '../pricing/price-book.ts';
import { resolveModel, ruleInWords } from '../pricing/resolve.ts';
import type { TraceRequest } from '../trace/request.ts';
import { MS_PER_DAY } from '../units.ts';
import { ownModel } from '../usage/rollup.ts';

/** 2000-01-01 in days since 1970: relative clocks count from 1970, and no log is that old. */
const FIRST_DAY = 10_957;

export class ResolvedNames {
  readonly #book: PriceBook;
  readonly #prices_on: string;
  readonly #known = new Map<string, string>();
  readonly #told = new Map<string, string>();

  constructor(book: PriceBook, prices_on: string) {
    this.#book = book;
    this.#prices_on = prices_on;
  }

  get told(): readonly string[] {
    return [...this.#told.values()];
  }

  of(request: TraceRequest): string | undefined {
    const name = ownModel(request);
    if (name === undefined) return undefined;
    const day = Math.floor(request.time_ms / MS_PER_DAY);
    const key = `${day} ${name}`;
    let resolved = this.#known.get(key);
    if (resolved === undefined) {
      resolved = this.#resolve(name, day);
      this.#known.set(key, resolved);
    }
    return resolved;
  }

  #resolve(name: string, day: number): string {
    const on = day < FIRST_DAY ? this.#prices_on : new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
    const found = resolveModel(this.#book, name, on);
    if ('unknown' in found) return name;
    const rule = ruleInWords(found);
    if (rule !== undefined) this.#told.set(`${name} ${rule}`, `${name}: priced as ${rule}`);
    return `${found.seller}/${found.model}`;
  }
}
