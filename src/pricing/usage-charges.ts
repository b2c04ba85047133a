/**
 * What a usage table costs at list prices: a trace as it was, without any strategy.
 *
 *   amount = sum of tokens of a price cell x USD per million tokens / 1,000,000, one multiplication for each cell
 *
 * Example: 18,059,974 input and 245,896 output tokens at 3/15 are 54.179922 + 3.68844 = 57.868362 USD.
 * Rows are dated by their own hour, or all by one date; price windows follow the hour of the row. What has no price is
 * named, and then there is no sum.
 */
import { TOKEN_METERS } from '../meters.ts';
import { MS_PER_HOUR, sum, TOKENS_PER_MTOK } from '../units.ts';
import { UNASSIGNED } from '../usage/rollup.ts';
import type { UsageRow, UsageTable } from '../usage/table.ts';
import { periodAt } from './as-of.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import { holdsAt, windowInWords } from './price-window.ts';
import type { PricePeriod } from './rate-card.ts';
import { resolveModel, unknownInWords } from './resolve.ts';
import { type PriceCell, unitPrice } from './unit-price.ts';

export interface UnpricedModel {
  readonly model: string;
  readonly requests: number;
  readonly reason: string;
}

/** How rows find their prices. */
export interface Dating {
  /** The one date of all prices; undefined: each row's own day. */
  readonly on: string | undefined;
  /** Whether hours are hours of the week, so that price windows can be told. */
  readonly has_hours: boolean;
}

/** Sums by price, so that each is multiplied once, however many tables there are. */
export class UsageCharges {
  private readonly priced = new Map<string, { quantity: number; readonly usd: number; readonly per: number }>();
  private readonly without = new Map<string, UnpricedModel>();
  private readonly findings = new Map<string, string>();
  private readonly book: PriceBook;

  constructor(book: PriceBook) {
    this.book = book;
  }

  add(table: UsageTable, dating: Dating): void {
    for (const row of table.rows) this.addRow(row, table.edges[row.model] ?? [], dating);
  }

  /** Null as soon as anything is unpriced. */
  get cost_usd(): number | null {
    if (this.without.size > 0) return null;
    return sum([...this.priced.values()].map(({ quantity, usd, per }) => (quantity * usd) / per));
  }

  get unpriced(): readonly UnpricedModel[] {
    return [...this.without.values()];
  }

  get warnings(): readonly string[] {
    return [...this.findings.values()];
  }

  private addRow(row: UsageRow, edges: readonly number[], { on: date, has_hours }: Dating): void {
    if (row.model === UNASSIGNED) {
      this.miss(row, 'the trace names no model; --as seller/model assigns one');
      return;
    }
    const from_ms = row.hour * MS_PER_HOUR;
    const on = date ?? new Date(from_ms).toISOString().slice(0, 10);
    const found = resolveModel(this.book, row.model, on);
    if ('unknown' in found) {
      this.miss(row, unknownInWords(found));
      return;
    }
    const name = `${found.seller}/${found.model}`;
    const card = rateCardOf(this.book, found.seller, found.model)!;
    const { period } = periodAt(card, on, {}, name);
    const window = has_hours ? this.windowOf(row, period, from_ms, name) : this.unseenWindows(period, name);
    const band_from_tokens = row.band === 0 ? 0 : edges[row.band - 1]!;
    const cell: PriceCell = { ...found, tier: row.tier, band_from_tokens, window };
    for (const meter of TOKEN_METERS) {
      if (row[meter] === 0) continue;
      const price = unitPrice(this.book, cell, meter, on);
      if ('unpriced' in price) this.miss(row, price.unpriced);
      else {
        this.sumUp(`${price.cell} ${price.usd_per_mtok}`, row[meter], price.usd_per_mtok, TOKENS_PER_MTOK);
        for (const { path, message } of price.warnings) this.findings.set(`${path} ${message}`, `${path}: ${message}`);
      }
    }
    const fee = period?.usd_per_request;
    if (fee !== undefined) this.sumUp(`${name} request ${fee}`, row.requests, fee, 1);
  }

  private sumUp(key: string, quantity: number, usd: number, per: number): void {
    const cell = this.priced.get(key);
    if (cell === undefined) this.priced.set(key, { quantity, usd, per });
    else cell.quantity += quantity;
  }

  private miss({ model, requests }: UsageRow, reason: string): void {
    const key = `${model} ${reason}`;
    this.without.set(key, { model, reason, requests: requests + (this.without.get(key)?.requests ?? 0) });
  }

  /** The window that the whole hour lies in; an hour that a window cuts cannot be told apart and is named. */
  private windowOf(row: UsageRow, period: PricePeriod | undefined, from_ms: number, name: string): string | undefined {
    for (const window of period?.windows ?? []) {
      const minutes = Array.from({ length: 60 }, (_, minute) => holdsAt(window, from_ms + minute * 60_000));
      if (minutes.every(Boolean)) return window.label;
      if (minutes.some(Boolean)) this.miss(row, `${name}: ${windowInWords(window)} starts or ends within an hour`);
    }
    return undefined;
  }

  private unseenWindows(period: PricePeriod | undefined, name: string): undefined {
    for (const window of period?.windows ?? [])
      this.findings.set(
        `${name} ${window.label}`,
        `${name}: base prices are used; the trace does not tell which requests fall into ${windowInWords(window)}`,
      );
  }
}
