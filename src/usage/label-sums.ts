/**
 * Sums of one dimension while they grow: cells by label and key, in memory that is bounded whatever the labels are.
 *
 * The labels that are kept are the longest run of the order of hashes that fits. That run only gets shorter as cells are
 * added, so a label that is kept at the end was never left out before, and its sums are exact; sums added together keep
 * the same ones as a single pass. Takes keys of any kind; knows no model and no price.
 */
import { COUNT_METERS, type CountMeter, type Counts, NO_COUNTS } from '../meters.ts';
import { exact } from './exact.ts';
import { byHash, labelText, MOST_CELLS, MOST_LABELS } from './labels.ts';

export type Sums = { -readonly [M in CountMeter | 'requests']: number };

const ZERO: Readonly<Sums> = { requests: 0, ...NO_COUNTS };
/** A copy of one object is made several times faster than a new one with so many fields. */
export const noSums = (): Sums => ({ ...ZERO });

export function addSums(sums: Sums, more: Counts & { readonly requests: number }): void {
  sums.requests = exact(sums.requests + more.requests, 'requests');
  for (const meter of COUNT_METERS) if (more[meter] !== 0) sums[meter] = exact(sums[meter] + more[meter], meter);
}

/** What one request counts, read once to be added to several sums. */
export class RequestCounts {
  readonly #meters: CountMeter[] = [];
  readonly #counts: number[] = [];
  #requests = 0;
  #size = 0;

  /** By the request's own fields: reading them in their order is twice as fast as asking for each meter by name. */
  read(counts: Counts, requests: number): void {
    this.#requests = requests;
    let size = 0;
    for (const field in counts) {
      const count = counts[field as CountMeter];
      if (count === 0 || typeof count !== 'number' || !IS_COUNT.has(field)) continue;
      this.#meters[size] = field as CountMeter;
      this.#counts[size++] = count;
    }
    this.#size = size;
  }

  addTo(sums: Sums): void {
    sums.requests = exact(sums.requests + this.#requests, 'requests');
    for (let i = 0; i < this.#size; i++) {
      const meter = this.#meters[i]!;
      sums[meter] = exact(sums[meter] + this.#counts[i]!, meter);
    }
  }
}

const IS_COUNT: ReadonlySet<string> = new Set(COUNT_METERS);

export interface Bounds {
  readonly labels: number;
  readonly cells: number;
}

const BOUNDS: Bounds = { labels: MOST_LABELS, cells: MOST_CELLS };

export class LabelSums<K> {
  readonly #most: Bounds;
  readonly #labels = new Map<string, Map<K, Sums>>();
  readonly #rest = new Map<K, Sums>();
  #cells = 0;
  #beyond: string | undefined;

  constructor(most: Bounds = BOUNDS) {
    this.#most = most;
  }

  /** The sums to which a label's use under a key is to be added. */
  at(label: string, key: K): Sums {
    const text = labelText(label);
    let cells = this.#labels.get(text);
    const known = cells?.get(key);
    if (known !== undefined) return known;
    if (cells === undefined) {
      if (this.#beyond !== undefined && byHash(text, this.#beyond) >= 0) return this.#ofRest(key);
      // Thinned only now and then, so that it costs little.
      if (this.#labels.size >= 2 * this.#most.labels && this.#thin()) return this.at(text, key);
    }
    if (this.#cells >= 2 * this.#most.cells && this.#thin()) return this.at(text, key);
    if (cells === undefined) {
      cells = new Map();
      this.#labels.set(text, cells);
    }
    const sums = noSums();
    cells.set(key, sums);
    this.#cells++;
    return sums;
  }

  add(label: string, key: K, more: Counts & { readonly requests: number }): void {
    addSums(this.at(label, key), more);
  }

  /** What is summed elsewhere without telling labels apart, and from which label on. */
  addRest(beyond: string | undefined, rest: Iterable<readonly [K, Counts & { readonly requests: number }]>): void {
    if (beyond !== undefined && (this.#beyond === undefined || byHash(beyond, this.#beyond) < 0)) this.#cut(beyond);
    for (const [key, sums] of rest) addSums(this.#ofRest(key), sums);
  }

  result(): {
    readonly beyond: string | undefined;
    readonly named: Iterable<readonly [string, K, Readonly<Sums>]>;
    readonly rest: ReadonlyMap<K, Readonly<Sums>>;
  } {
    this.#thin();
    const labels = this.#labels;
    return {
      beyond: this.#beyond,
      named: {
        *[Symbol.iterator]() {
          for (const [label, cells] of labels) for (const [key, sums] of cells) yield [label, key, sums] as const;
        },
      },
      rest: this.#rest,
    };
  }

  #ofRest(key: K): Sums {
    let sums = this.#rest.get(key);
    if (sums === undefined) {
      sums = noSums();
      this.#rest.set(key, sums);
    }
    return sums;
  }

  /** Whether anything had to go. */
  #thin(): boolean {
    const { labels, cells } = this.#most;
    if (this.#labels.size <= labels && this.#cells <= cells) return false;
    let kept = 0;
    let held = 0;
    for (const label of [...this.#labels.keys()].sort(byHash)) {
      held += this.#labels.get(label)!.size;
      if (kept >= labels || held > cells) {
        this.#cut(label);
        return true;
      }
      kept++;
    }
    return false;
  }

  #cut(beyond: string): void {
    this.#beyond = beyond;
    for (const [label, cells] of this.#labels) {
      if (byHash(label, beyond) < 0) continue;
      this.#labels.delete(label);
      this.#cells -= cells.size;
      for (const [key, sums] of cells) addSums(this.#ofRest(key), sums);
    }
  }
}
