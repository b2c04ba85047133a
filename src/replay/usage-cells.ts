/**
 * Integer sums of what attempts used, by model, feature, band and tier, for the hour that runs; folded by hour and given as
 * rows of a usage table in the end.
 *
 * A cell is found by arithmetic and holds requests, then one sum for each count meter. What is counted for another hour (a
 * retry across the full hour) goes to that hour's sums at once. Sums past 2^53 throw. Nothing is allocated per request.
 */
import { COUNT_METERS, SERVICE_TIERS } from '../meters.ts';
import { MS_PER_HOUR } from '../units.ts';
import { byKey, exact, MAX_BANDS } from '../usage/rollup.ts';
import type { UsageRow } from '../usage/table.ts';

/** Requests, then a place for each count meter. */
const WIDTH = 1 + COUNT_METERS.length;
const TIERS = SERVICE_TIERS.length;

export class UsageCells {
  /** Where the cell that was found stands: sums[base] are requests, sums[base + 1 + m] of meter m. */
  sums: Float64Array = new Float64Array(64 * WIDTH);
  base = 0;

  /** Sums of the hour that runs; `sums` is this or another hour's. */
  #running: Float64Array = this.sums;
  #hour_ms = Number.NaN;
  #hour_until_ms = Number.NEGATIVE_INFINITY;
  /** Place -> cell + 1. */
  #cells = new Int32Array(0);
  #features = 0;
  #models = 0;
  #places: number[] = [];
  /** Cells of the hour that runs. */
  #touched: number[] = [];
  readonly #folded = new Map<number, Map<number, Float64Array>>();

  /** From now on this hour runs; hours do not go back. */
  begin(time_ms: number): void {
    if (time_ms < this.#hour_until_ms) return;
    this.#fold();
    this.#hour_ms = Math.floor(time_ms / MS_PER_HOUR) * MS_PER_HOUR;
    this.#hour_until_ms = this.#hour_ms + MS_PER_HOUR;
  }

  /** Finds the cell and counts one request there; the caller adds the meters. */
  count(model: number, feature: number, band: number, tier: number, time_ms: number): void {
    if (time_ms >= this.#hour_ms && time_ms < this.#hour_until_ms) {
      this.countNow(model, feature, band, tier);
      return;
    }
    this.sums = this.#sumsOf(Math.floor(time_ms / MS_PER_HOUR), this.#cell(model, feature, band, tier));
    this.base = 0;
    this.sums[0] = this.sums[0]! + 1;
  }

  /** The same in the hour that runs; gives `base`. */
  countNow(model: number, feature: number, band: number, tier: number): number {
    const cell = this.#cell(model, feature, band, tier);
    const sums = this.#running;
    const base = cell * WIDTH;
    const requests = sums[base]!;
    if (requests === 0) this.#touched.push(cell);
    sums[base] = requests + 1;
    this.sums = sums;
    this.base = base;
    return base;
  }

  #cell(model: number, feature: number, band: number, tier: number): number {
    if (model >= this.#models || feature >= this.#features) this.#grow(model, feature);
    const place = ((model * this.#features + feature) * MAX_BANDS + band) * TIERS + tier;
    const cell = this.#cells[place]! - 1;
    return cell < 0 ? this.#add(place) : cell;
  }

  /** Sorted as a usage table's. */
  rows(models: readonly string[], features: readonly string[]): UsageRow[] {
    this.#fold();
    const rows: UsageRow[] = [];
    for (const [hour, cells] of this.#folded)
      for (const [cell, sums] of cells) {
        const place = this.#places[cell]!;
        const band = Math.floor(place / TIERS) % MAX_BANDS;
        const pair = Math.floor(place / (TIERS * MAX_BANDS));
        const counts = Object.fromEntries(COUNT_METERS.map((meter, m) => [meter, exact(sums[1 + m]!, meter)]));
        rows.push({
          hour,
          model: models[Math.floor(pair / this.#features)]!,
          feature: features[pair % this.#features]!,
          band,
          tier: SERVICE_TIERS[place % TIERS]!,
          requests: sums[0]!,
          ...counts,
        } as UsageRow);
      }
    return rows.sort(byKey);
  }

  #sumsOf(hour: number, cell: number): Float64Array {
    let cells = this.#folded.get(hour);
    if (cells === undefined) {
      cells = new Map();
      this.#folded.set(hour, cells);
    }
    let sums = cells.get(cell);
    if (sums === undefined) {
      sums = new Float64Array(WIDTH);
      cells.set(cell, sums);
    }
    return sums;
  }

  #fold(): void {
    for (const cell of this.#touched) {
      const into = this.#sumsOf(this.#hour_ms / MS_PER_HOUR, cell);
      for (let m = 0; m < WIDTH; m++) into[m] = into[m]! + this.#running[cell * WIDTH + m]!;
      this.#running.fill(0, cell * WIDTH, (cell + 1) * WIDTH);
    }
    this.#touched = [];
  }

  #add(place: number): number {
    const cell = this.#places.push(place) - 1;
    this.#cells[place] = cell + 1;
    if ((cell + 1) * WIDTH > this.#running.length) {
      const larger = new Float64Array(2 * this.#running.length);
      larger.set(this.#running);
      this.#running = larger;
    }
    return cell;
  }

  #grow(model: number, feature: number): void {
    const old = this.#features;
    this.#models = Math.max(this.#models, model + 4);
    if (feature >= this.#features) this.#features = 2 * (feature + 4);
    this.#cells = new Int32Array(this.#models * this.#features * MAX_BANDS * TIERS);
    this.#places = this.#places.map((place, cell) => {
      const rest = place % (MAX_BANDS * TIERS);
      const pair = Math.floor(place / (MAX_BANDS * TIERS));
      const moved = (Math.floor(pair / old) * this.#features + (pair % old)) * MAX_BANDS * TIERS + rest;
      this.#cells[moved] = cell + 1;
      return moved;
    });
  }
}
