/**
 * Integer sums side by side in one block of memory: a row for each cell of a table, a place for requests and each meter. Adding
 * to a typed array by place costs a fraction of writing fields by name, and a row no object.
 *
 * Takes what a request counts, gives sums as records. Integers stay exact or it throws. It knows no keys.
 */
import { COUNT_METERS, type CountMeter, type Counts, NO_COUNTS } from '../meters.ts';
import { exact } from './exact.ts';

export type Sums = { -readonly [M in CountMeter | 'requests']: number };

const ZERO: Readonly<Sums> = { requests: 0, ...NO_COUNTS };
const NAMES = Object.keys(ZERO) as (keyof Sums)[];
const WIDTH = NAMES.length;
const AT = Object.fromEntries(NAMES.map((name, place) => [name, place])) as Readonly<Record<CountMeter, number>>;
const FIRST_ROWS = 32;

/** A copy of one object is made several times faster than a new one with so many fields. */
export const noSums = (): Sums => ({ ...ZERO });

export function addSums(sums: Sums, more: Counts & { readonly requests: number }): void {
  sums.requests = exact(sums.requests + more.requests, 'requests');
  for (const meter of COUNT_METERS) if (more[meter] !== 0) sums[meter] = exact(sums[meter] + more[meter], meter);
}

/** What is to be added, read once and added to several rows: only what is not zero. */
export class Addends {
  readonly places: number[] = [];
  readonly counts: number[] = [];
  size = 0;

  /** Written out, since reading a field by a name that is not known before takes ten times as long; a test asks for all. */
  read(counts: Counts, requests: number): this {
    this.clear(requests);
    if (counts.input_tokens !== 0) this.#put(AT.input_tokens, counts.input_tokens);
    if (counts.cache_read_tokens !== 0) this.#put(AT.cache_read_tokens, counts.cache_read_tokens);
    if (counts.cache_write_5m_tokens !== 0) this.#put(AT.cache_write_5m_tokens, counts.cache_write_5m_tokens);
    if (counts.cache_write_1h_tokens !== 0) this.#put(AT.cache_write_1h_tokens, counts.cache_write_1h_tokens);
    if (counts.output_tokens !== 0) this.#put(AT.output_tokens, counts.output_tokens);
    if (counts.reasoning_tokens !== 0) this.#put(AT.reasoning_tokens, counts.reasoning_tokens);
    if (counts.audio_input_tokens !== 0) this.#put(AT.audio_input_tokens, counts.audio_input_tokens);
    if (counts.audio_cache_read_tokens !== 0) this.#put(AT.audio_cache_read_tokens, counts.audio_cache_read_tokens);
    if (counts.audio_output_tokens !== 0) this.#put(AT.audio_output_tokens, counts.audio_output_tokens);
    if (counts.image_input_tokens !== 0) this.#put(AT.image_input_tokens, counts.image_input_tokens);
    if (counts.image_output_tokens !== 0) this.#put(AT.image_output_tokens, counts.image_output_tokens);
    if (counts.citation_tokens !== 0) this.#put(AT.citation_tokens, counts.citation_tokens);
    if (counts.images !== 0) this.#put(AT.images, counts.images);
    if (counts.web_searches !== 0) this.#put(AT.web_searches, counts.web_searches);
    if (counts.rerank_queries !== 0) this.#put(AT.rerank_queries, counts.rerank_queries);
    if (counts.ocr_pages !== 0) this.#put(AT.ocr_pages, counts.ocr_pages);
    if (counts.annotation_pages !== 0) this.#put(AT.annotation_pages, counts.annotation_pages);
    if (counts.cache_storage_token_hours !== 0)
      this.#put(AT.cache_storage_token_hours, counts.cache_storage_token_hours);
    return this;
  }

  clear(requests: number): this {
    this.places[0] = 0;
    this.counts[0] = requests;
    this.size = 1;
    return this;
  }

  put(meter: CountMeter, count: number): void {
    this.#put(AT[meter], count);
  }

  #put(place: number, count: number): void {
    this.places[this.size] = place;
    this.counts[this.size++] = count;
  }
}

export class SumRows {
  #sums = new Float64Array(FIRST_ROWS * WIDTH);
  #rows = 0;
  readonly #free: number[] = [];

  /** The number of a row of zeros. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if ((this.#rows + 1) * WIDTH > this.#sums.length) {
      const larger = new Float64Array(2 * this.#sums.length);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    return this.#rows++;
  }

  /** The row is nobody's any more. */
  release(row: number): void {
    this.#sums.fill(0, row * WIDTH, (row + 1) * WIDTH);
    this.#free.push(row);
  }

  add(row: number, { places, counts, size }: Addends): void {
    const sums = this.#sums;
    const first = row * WIDTH;
    for (let i = 0; i < size; i++) {
      const at = first + places[i]!;
      const sum = sums[at]! + counts[i]!;
      if (sum > Number.MAX_SAFE_INTEGER) exact(sum, NAMES[places[i]!]!);
      sums[at] = sum;
    }
  }

  addRow(row: number, other: number): void {
    const [to, from] = [row * WIDTH, other * WIDTH];
    for (let place = 0; place < WIDTH; place++)
      this.#sums[to + place] = exact(this.#sums[to + place]! + this.#sums[from + place]!, NAMES[place]!);
  }

  read(row: number): Sums {
    const sums = noSums();
    const first = row * WIDTH;
    for (let place = 0; place < WIDTH; place++) sums[NAMES[place]!] = this.#sums[first + place]!;
    return sums;
  }
}
