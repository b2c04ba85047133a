/**
 * Sums of one dimension while they grow: cells by label and key, in memory that is bounded whatever the labels are.
 *
 * The labels that are kept are the longest run of the order of hashes that fits. That run only gets shorter as cells are
 * added, so a label that is kept at the end was never left out before, and its sums are exact; sums added together keep
 * the same ones as a single pass. Takes keys of any kind; knows no model and no price.
 */
import type { Counts } from '../meters.ts';
import { byHash, labelText, MOST_CELLS, MOST_LABELS } from './labels.ts';
import { Addends, SumRows, type Sums } from './sum-rows.ts';

export interface Bounds {
  readonly labels: number;
  readonly cells: number;
}

const BOUNDS: Bounds = { labels: MOST_LABELS, cells: MOST_CELLS };

export class LabelSums<K> {
  readonly #most: Bounds;
  readonly #rows = new SumRows();
  readonly #labels = new Map<string, Map<K, number>>();
  readonly #rest = new Map<K, number>();
  readonly #addends = new Addends();
  #cells = 0;
  #beyond: string | undefined;

  constructor(most: Bounds = BOUNDS) {
    this.#most = most;
  }

  /** Adds what a label used under a key. */
  count(label: string, key: K, addends: Addends): void {
    this.#rows.add(this.#rowOf(labelText(label), key), addends);
  }

  add(label: string, key: K, more: Counts & { readonly requests: number }): void {
    this.count(label, key, this.#addends.read(more, more.requests));
  }

  #rowOf(text: string, key: K): number {
    let cells = this.#labels.get(text);
    const known = cells?.get(key);
    if (known !== undefined) return known;
    if (cells === undefined) {
      if (this.#beyond !== undefined && byHash(text, this.#beyond) >= 0) return this.#ofRest(key);
      // Thinned only now and then, so that it costs little.
      if (this.#labels.size >= 2 * this.#most.labels && this.#thin()) return this.#rowOf(text, key);
    }
    if (this.#cells >= 2 * this.#most.cells && this.#thin()) return this.#rowOf(text, key);
    if (cells === undefined) {
      cells = new Map();
      this.#labels.set(text, cells);
    }
    const row = this.#rows.take();
    cells.set(key, row);
    this.#cells++;
    return row;
  }

  /** What is summed elsewhere without telling labels apart, and from which label on. */
  addRest(beyond: string | undefined, rest: Iterable<readonly [K, Counts & { readonly requests: number }]>): void {
    if (beyond !== undefined && (this.#beyond === undefined || byHash(beyond, this.#beyond) < 0)) this.#cut(beyond);
    for (const [key, more] of rest) this.#rows.add(this.#ofRest(key), this.#addends.read(more, more.requests));
  }

  result(): {
    readonly beyond: string | undefined;
    readonly named: Iterable<readonly [string, K, Readonly<Sums>]>;
    readonly rest: ReadonlyMap<K, Readonly<Sums>>;
  } {
    this.#thin();
    const [labels, rows] = [this.#labels, this.#rows];
    return {
      beyond: this.#beyond,
      named: {
        *[Symbol.iterator]() {
          for (const [label, cells] of labels)
            for (const [key, row] of cells) yield [label, key, rows.read(row)] as const;
        },
      },
      rest: new Map([...this.#rest].map(([key, row]) => [key, rows.read(row)])),
    };
  }

  #ofRest(key: K): number {
    let row = this.#rest.get(key);
    if (row === undefined) {
      row = this.#rows.take();
      this.#rest.set(key, row);
    }
    return row;
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
      for (const [key, row] of cells) {
        this.#rows.addRow(this.#ofRest(key), row);
        this.#rows.release(row);
      }
    }
  }
}
