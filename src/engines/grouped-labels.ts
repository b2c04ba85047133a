/**
 * Sums by one label dimension as an engine hands them over, in bounded memory: what a label used of each kind of request.
 * Takes kinds and sums in any order, gives GroupedLabels. Kinds of a single file keep the numbers that they have there.
 */
import type { TraceRequest } from '../trace/request.ts';
import type { GroupedLabels } from '../usage/grouped.ts';
import { LabelSums } from '../usage/label-sums.ts';
import type { Sums } from '../usage/sum-rows.ts';

/** Of one file or table, whose kinds have numbers of its own. */
export interface FileLabels {
  readonly sums: LabelSums<number>;
  readonly kinds: ReadonlyMap<number, TraceRequest>;
}

export class GroupedLabelSums {
  readonly #sums = new LabelSums<number>();
  readonly #kinds = new Map<number, TraceRequest>();
  readonly #numbers = new Map<string, number>();
  /** Not copied as long as it is alone. */
  #only: FileLabels | undefined;
  #files = 0;

  /** The number of a kind: seller, model, feature, tier and prompt size of a group; its counts are of no matter. */
  kind(group: TraceRequest): number {
    const { seller, model, tier, feature, context_from_tokens } = group;
    const key = JSON.stringify([seller, model, tier, feature, context_from_tokens]);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(key, number);
      this.#kinds.set(number, group);
    }
    return number;
  }

  add(label: string, kind: number, sums: Readonly<Sums>): void {
    this.#sums.add(label, kind, sums);
  }

  addFile(file: FileLabels): void {
    if (this.#files++ === 0) {
      this.#only = file;
      return;
    }
    if (this.#only !== undefined) this.#add(this.#only);
    this.#only = undefined;
    this.#add(file);
  }

  grouped(): GroupedLabels {
    const { kinds, sums } = this.#only ?? { kinds: this.#kinds, sums: this.#sums };
    return { kinds, ...sums.result() };
  }

  #add({ sums, kinds }: FileLabels): void {
    const ours = new Map([...kinds].map(([number, group]) => [number, this.kind(group)]));
    const { beyond, named, rest } = sums.result();
    this.#sums.addRest(
      beyond,
      [...rest].map(([kind, counts]) => [ours.get(kind)!, counts] as const),
    );
    for (const [label, kind, counts] of named) this.#sums.add(label, ours.get(kind)!, counts);
  }
}
