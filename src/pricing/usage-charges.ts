/**
 * What a usage table costs at list prices: a trace as it was, without any strategy.
 *
 *   amount = sum of tokens of a price cell x USD per million tokens / 1,000,000, one multiplication for each cell
 *
 * Example: 18,059,974 input and 245,896 output tokens at 3/15 are 54.179922 + 3.68844 = 57.868362 USD.
 * Prices are looked up once for each cell; a row then only adds its integers to the sums of its prices, so that a million
 * rows take a fraction of a second (scripts/bench.mjs measures it).
 * Rows are dated by their own hour, or all by one date; price windows follow the hour of the row. What has no price is
 * named, and then there is no sum.
 */
import { COUNT_METERS, type MeterId, SERVICE_TIERS } from '../meters.ts';
import { MS_PER_HOUR, sum } from '../units.ts';
import { MAX_BANDS, UNASSIGNED } from '../usage/rollup.ts';
import type { UsageRow, UsageTable } from '../usage/table.ts';
import { periodAt } from './as-of.ts';
import { allowancesIn } from './charge.ts';
import { type PriceBook, rateCardOf } from './price-book.ts';
import { isBilledByTokens, type PriceTable, priceTable, uncounted } from './price-table.ts';
import { holdsAt, windowInWords } from './price-window.ts';
import type { PricePeriod } from './rate-card.ts';
import { type Resolved, resolveModel, unknownInWords } from './resolve.ts';

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

/** Columns of a row that are billed, by name, with their place in a cell. */
const PLACES: ReadonlyMap<string, number> = new Map(
  [...COUNT_METERS, 'requests'].map((meter, place) => [meter, place]),
);
const METER_AT = [...PLACES.keys()] as readonly MeterId[];
const REQUESTS = PLACES.get('requests')!;
/** Places that are no sum: not looked up yet, unpriced, and a request without a fee. */
const [UNSEEN, UNPRICED, NO_FEE] = [-1, -2, -3];

/** A model on a day: what its rows have in common. */
interface Day {
  readonly found: Resolved;
  readonly on: string;
  readonly name: string;
  readonly period: PricePeriod | undefined;
  /** By hour where prices have windows, and by tier and band. */
  readonly cells: Map<number, Cell>;
}

/** Rows of one price: each place leads to a sum. */
interface Cell {
  readonly prices: PriceTable;
  readonly sums: Int32Array;
  readonly reasons: (string | undefined)[];
  /** Why no row of it has a price, beside its meters. */
  readonly missing: readonly string[];
  /** Why a row that counts nothing has none. */
  readonly uncounted: string | undefined;
}

/** Sums by price, so that each is multiplied once, however many tables there are. */
export class UsageCharges {
  private readonly places = new Map<string, number>();
  private readonly quantities: number[] = [];
  private readonly usd: number[] = [];
  private readonly per: number[] = [];
  private readonly without = new Map<string, UnpricedModel>();
  private readonly findings = new Map<string, string>();
  private readonly book: PriceBook;

  constructor(book: PriceBook) {
    this.book = book;
  }

  add(table: UsageTable, dating: Dating): void {
    const models = new Map<string, Map<number, Day | string>>();
    for (const row of table.rows) {
      const day = this.dayOf(models, row, dating);
      if (typeof day === 'string') this.miss(row, day);
      else this.addRow(row, this.cellOf(day, row, table.edges[row.model] ?? [], dating));
    }
  }

  /** Null as soon as anything is unpriced. */
  get cost_usd(): number | null {
    if (this.without.size > 0) return null;
    return sum(this.quantities.map((quantity, place) => (quantity * this.usd[place]!) / this.per[place]!));
  }

  get unpriced(): readonly UnpricedModel[] {
    return [...this.without.values()];
  }

  get warnings(): readonly string[] {
    return [...this.findings.values()];
  }

  /** Adds the integers of a row, by the row's own fields, which is faster than asking for each meter by name. */
  private addRow(row: UsageRow, cell: Cell): void {
    let isCounted = false;
    let reasons: Set<string> | undefined;
    for (const field in row) {
      const count = row[field as keyof UsageRow];
      if (typeof count !== 'number' || count === 0) continue;
      const place = PLACES.get(field);
      if (place === undefined) continue;
      if (place !== REQUESTS) isCounted = true;
      let to = cell.sums[place]!;
      if (to === UNSEEN) to = this.lookUp(cell, place);
      if (to >= 0) this.quantities[to]! += count;
      else if (to === UNPRICED && !isBilledByTokens(METER_AT[place]!, row, (of) => cell.prices.price(of))) {
        reasons ??= new Set();
        reasons.add(cell.reasons[place]!);
      }
    }
    if (!isCounted && cell.uncounted !== undefined) this.miss(row, cell.uncounted);
    for (const reason of cell.missing) this.miss(row, reason);
    for (const reason of reasons ?? []) this.miss(row, reason);
  }

  private lookUp(cell: Cell, place: number): number {
    const price = cell.prices.price(METER_AT[place]!);
    let to: number;
    if (price === undefined) to = NO_FEE;
    else if ('unpriced' in price) {
      to = UNPRICED;
      cell.reasons[place] = price.unpriced;
    } else {
      to = this.placeOf(`${price.cell} ${price.usd}`, price.usd, price.per);
      for (const { path, message } of price.warnings) this.findings.set(`${path} ${message}`, `${path}: ${message}`);
    }
    cell.sums[place] = to;
    return to;
  }

  private placeOf(key: string, usd: number, per: number): number {
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.quantities.length);
    this.usd.push(usd);
    this.per.push(per);
    return this.quantities.push(0) - 1;
  }

  /** The model of a row on its day, or why it has no card. */
  private dayOf(models: Map<string, Map<number, Day | string>>, row: UsageRow, { on }: Dating): Day | string {
    let days = models.get(row.model);
    if (days === undefined) {
      days = new Map();
      models.set(row.model, days);
    }
    const number = on === undefined ? Math.floor(row.hour / 24) : 0;
    let day = days.get(number);
    if (day === undefined) {
      day = this.newDay(row, on ?? new Date(row.hour * MS_PER_HOUR).toISOString().slice(0, 10));
      days.set(number, day);
    }
    return day;
  }

  private newDay({ model }: UsageRow, on: string): Day | string {
    if (model === UNASSIGNED) return 'the trace names no model; --as seller/model assigns one';
    const found = resolveModel(this.book, model, on);
    if ('unknown' in found) return unknownInWords(found);
    const name = `${found.seller}/${found.model}`;
    const { period } = periodAt(rateCardOf(this.book, found.seller, found.model)!, on, {}, name);
    for (const { path, message } of allowancesIn(period, name))
      this.findings.set(path + message, `${path}: ${message}`);
    return { found, on, name, period, cells: new Map() };
  }

  private cellOf(day: Day, row: UsageRow, edges: readonly number[], { has_hours }: Dating): Cell {
    const { period, cells, name } = day;
    const hour = has_hours && period !== undefined && period.windows.length > 0 ? row.hour : 0;
    const key = (hour * SERVICE_TIERS.length + SERVICE_TIERS.indexOf(row.tier)) * MAX_BANDS + row.band;
    let cell = cells.get(key);
    if (cell === undefined) {
      const { window, missing } = has_hours
        ? windowOf(period, row.hour * MS_PER_HOUR, name)
        : this.unseenWindows(period, name);
      const band_from_tokens = row.band === 0 ? 0 : edges[row.band - 1]!;
      const { seller, model } = day.found;
      const prices = priceTable(this.book, { seller, model, tier: row.tier, band_from_tokens, window }, day.on);
      const sums = new Int32Array(METER_AT.length).fill(UNSEEN);
      cell = { prices, sums, reasons: [], missing, uncounted: uncounted(period, name) };
      cells.set(key, cell);
    }
    return cell;
  }

  private miss({ model, requests }: UsageRow, reason: string): void {
    const key = `${model} ${reason}`;
    this.without.set(key, { model, reason, requests: requests + (this.without.get(key)?.requests ?? 0) });
  }

  private unseenWindows(period: PricePeriod | undefined, name: string): InWindow {
    for (const window of period?.windows ?? [])
      this.findings.set(
        `${name} ${window.label}`,
        `${name}: base prices are used; the trace does not tell which requests fall into ${windowInWords(window)}`,
      );
    return { window: undefined, missing: [] };
  }
}

interface InWindow {
  readonly window: string | undefined;
  readonly missing: readonly string[];
}

/** The window that the whole hour lies in; an hour that a window cuts cannot be told apart and is named. */
function windowOf(period: PricePeriod | undefined, from_ms: number, name: string): InWindow {
  const missing: string[] = [];
  for (const window of period?.windows ?? []) {
    const minutes = Array.from({ length: 60 }, (_, minute) => holdsAt(window, from_ms + minute * 60_000));
    if (minutes.every(Boolean)) return { window: window.label, missing };
    if (minutes.some(Boolean)) missing.push(`${name}: ${windowInWords(window)} starts or ends within an hour`);
  }
  return { window: undefined, missing };
}
